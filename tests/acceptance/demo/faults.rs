//! Lost answers, dead clusters, full disks and a busy ledger, on demand.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use app::commands;
use demo::cluster::{Account, Aim, Fault, Options, Pace, Times};
use wire::ErrorCode;
use wire::cluster::ConnectionState;
use wire::note::{NoteSave, NoteState};
use wire::rollback::{FindingWord, OperationStateWord, TargetRequest, VerdictWord};
use wire::workspace::TierWord;

use crate::harness::demo_stage::fill_disk;
use crate::harness::gestures::keys;
use crate::harness::{Answers, App, Care, DemoStage};

const VERSIONS: [&str; 2] = ["1.0.0", "1.1.0"];

fn patch() -> Aim {
    Aim::at("PATCH", "/deployments/checkout")
}

/// How many patches of the template were sent: the one that takes our managedFields entry away names no manager.
fn patches(stage: &DemoStage) -> usize {
    let seen = stage.cluster.faults().seen();
    let ours = |query: &str| query.contains("fieldManager=tidemark") && !query.contains("dryRun");
    seen.iter()
        .filter(|one| one.method == "PATCH" && ours(&one.query))
        .count()
}

/// Faults 14 and 16: the patch is carried out and its answer lost. Exactly one change, and a re-read says so.
#[tokio::test]
async fn fault_16_a_patch_whose_answer_is_lost_is_read_and_never_sent_again() {
    tokio::join!(
        lost_after(Fault::ApplyThenAnswer { status: 504 }),
        lost_after(Fault::ApplyThenReset),
        lost_after(Fault::ApplyThenHang),
    );
}

async fn lost_after(fault: Fault) {
    let stage = DemoStage::running(&VERSIONS).await;
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    let before = stage.ground.app().await.unwrap().metadata.generation.unwrap();
    stage.cluster.faults().record();
    stage.cluster.faults().once(patch(), fault.clone());
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(
        operation.verdict,
        Some(VerdictWord::Good),
        "{fault:?}: {operation:?}"
    );
    let after = stage.ground.app().await.unwrap().metadata.generation.unwrap();
    assert_eq!((patches(&stage), after), (1, before + 1), "{fault:?}");
}

#[tokio::test]
async fn fault_17_a_patch_that_was_refused_with_503_is_a_failure_and_not_sent_again() {
    let stage = DemoStage::running(&VERSIONS).await;
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    let before = stage.ground.app().await.unwrap().spec;
    stage.cluster.faults().record();
    let refuse = Fault::Refuse {
        status: 503,
        retry_after: Some(1),
    };
    stage.cluster.faults().once(patch(), refuse);
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.state, OperationStateWord::Failed);
    assert_eq!(operation.code.as_deref(), Some("refused"), "{operation:?}");
    assert_eq!(
        operation.facts.get("error").map(String::as_str),
        Some("cluster-failed"),
        "{operation:?}"
    );
    assert_eq!(patches(&stage), 1);
    assert_eq!(stage.ground.app().await.unwrap().spec, before);
    assert_eq!(
        app.roll_back(TargetRequest::Previous).await.verdict,
        Some(VerdictWord::Good),
        "later it works"
    );
}

/// `kube` has no read timeout by default.
#[tokio::test]
async fn fault_14_a_cluster_that_accepts_and_never_answers_is_named_within_15_seconds() {
    let stage = DemoStage::running(&VERSIONS).await;
    stage
        .cluster
        .faults()
        .push(Aim::everything(), Fault::Hang, Times::Always);
    let begin = Instant::now();
    let app = stage
        .begin(Account::named("lena", &[]), Care::of(TierWord::Staging))
        .await;
    let connection = app.connected(ConnectionState::Unreached).await;
    assert!(
        begin.elapsed() < Duration::from_secs(17),
        "named after {:?}",
        begin.elapsed()
    );
    assert_eq!(connection.error.unwrap().code, ErrorCode::ClusterTimeout);
    let (since, next) = (connection.since.unwrap(), connection.next_try.unwrap());
    assert!(
        since < next,
        "it says since when, {since}, and when again, {next}"
    );
    assert_eq!(connection.last_answer, None);
}

/// The controllers look late: the object's old status is no proof of anything.
#[tokio::test]
async fn fault_27_a_lagging_controller_is_waited_for() {
    const LAG: Duration = Duration::from_millis(800);
    let slow = Options {
        pace: Pace {
            sync: LAG,
            ..Pace::quick()
        },
        ..Options::quick()
    };
    let stage = DemoStage::running_with(slow, &VERSIONS).await;
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let took = operation.rolled_out_at.unwrap() - operation.sent_at.unwrap();
    assert!(
        took >= LAG.as_millis() as f64,
        "it called the old status done after {took} ms"
    );
}

#[tokio::test]
async fn fault_12_a_ledger_that_another_process_holds_is_named_after_a_bounded_wait() {
    let stage = DemoStage::running(&VERSIONS).await;
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    let state = commands::app_state(&app.backend, ()).await.unwrap();
    let holder = rusqlite::Connection::open(&state.ledger.path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begin = Instant::now();
    let note = NoteSave {
        service: "checkout".to_owned(),
        version: "1.1.0".to_owned(),
        markdown: "words".to_owned(),
        state: NoteState::Draft,
    };
    let refused = commands::note_save(&app.backend, note.clone()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LedgerBusy, "{refused:?}");
    assert!(
        begin.elapsed() < Duration::from_secs(15),
        "after {:?}",
        begin.elapsed()
    );
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        keys(&plan, FindingWord::Block),
        ["ledger"],
        "no rollback without a ledger"
    );
    holder.execute_batch("ROLLBACK").unwrap();
    commands::note_save(&app.backend, note).await.unwrap();
}

const FOLDER: &str = "ACCEPTANCE_DISK";

#[tokio::test]
#[ignore = "is started by the test below"]
async fn child_on_a_small_disk() {
    let Some(disk) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    let mut stage = DemoStage::running(&VERSIONS).await;
    stage.data = disk.join("data");
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    stage.cluster.faults().record();
    let begun = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    let ballast = fill_disk(&disk, 0);
    let operation = app.ended(&begun.id).await;
    assert_eq!(operation.state, OperationStateWord::Failed, "{operation:?}");
    assert_eq!(patches(&stage), 0, "refused before its patch");
    let blocked = app.plan(TargetRequest::Previous).await;
    assert_eq!(keys(&blocked, FindingWord::Block), ["ledger"]);
    std::fs::remove_file(ballast).unwrap();
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let list = commands::operation_list(&app.backend, ()).await.unwrap();
    assert!(list.chain_intact, "the ledger is intact");
}

/// The disk is a small tmpfs in a mount namespace; where the system grants none, the test says so.
#[test]
fn fault_6_a_full_disk_refuses_the_rollback_before_its_patch() {
    let folder = tempfile::tempdir().unwrap();
    let flags = ["--user", "--map-root-user", "--mount"];
    let granted = Command::new("unshare").args(flags).arg("true").status();
    if !granted.is_ok_and(|status| status.success()) {
        eprintln!("not run: this system grants no mount namespace");
        return;
    }
    let script = format!(
        "set -e; mount -t tmpfs -o size=12m tmpfs '{}'; exec \"$@\"",
        folder.path().display()
    );
    let output = Command::new("unshare")
        .args(flags)
        .args(["sh", "-c", &script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "--nocapture",
            "demo::faults::child_on_a_small_disk",
        ])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}\n{complained}"
    );
}

#[tokio::test]
async fn it_is_told_when_the_desktop_has_no_program_for_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(folder.path(), &[]);
    let logs = commands::app_state(&app.backend, ()).await.unwrap().logs;
    assert_eq!(logs, folder.path().join("logs").display().to_string());
    commands::log_folder_open(&app.backend, ()).await.unwrap();
    assert_eq!(*app.opened.lock().unwrap(), [logs.as_str()]);
    app.opens_nothing.store(true, Ordering::SeqCst);
    let refused = commands::log_folder_open(&app.backend, ()).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotOpened, "{refused:?}");
    assert_eq!(refused.parameters["what"], logs);
    assert_eq!(refused.details, "exit status: 3", "in the system's words");
}
