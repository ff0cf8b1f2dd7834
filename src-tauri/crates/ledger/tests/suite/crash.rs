//! `kill -9` at any moment: everything that was acknowledged is there, nothing is there by half (faults 1 to 3, 5).
//!
//! The test binary starts itself again as the program that is killed. That one runs a test marked as ignored, says on
//! its standard output what was acknowledged, and goes on until it dies.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::world::{intent, observed, open_quietly, request, step, time, workspace};
use domain::operation::{OperationState, StepKind};
use ledger::{BackupKind, ChainState, Ledger, NoteKey, OperationFilter};

const FOLDER: &str = "LEDGER_CRASH_FOLDER";
/// Deployments in one transaction of the program that is killed.
const BATCH: usize = 50;

/// Starts the ignored test `child` on a folder, kills it after so many acknowledgements, and returns the last one.
///
/// A number is read from the pipe only after it was acknowledged; whatever else was acknowledged by then is more.
fn kill_after(child: &str, folder: &Path, acknowledgements: usize) -> usize {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", child])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let last = lines
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("acknowledged ").and_then(|n| n.parse().ok()))
        .nth(acknowledgements - 1);
    process.kill().unwrap(); // SIGKILL
    process.wait().unwrap();
    last.expect("because the child writes until it is killed")
}

/// The folder that the parent names; `None` when somebody runs the ignored tests by hand.
fn child_ledger() -> Option<Ledger> {
    let folder = std::env::var_os(FOLDER)?;
    Some(Ledger::open(&request(Path::new(&folder))).unwrap().ledger)
}

fn acknowledge(number: usize) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nacknowledged {number}").unwrap();
    out.flush().unwrap();
}

#[test]
#[ignore = "is started by the tests below, to be killed"]
fn child_writes_history() {
    let Some(ledger) = child_ledger() else { return };
    let begin = ledger.timeline(&workspace()).unwrap().len() / BATCH;
    for number in begin.. {
        let batch: Vec<_> = (0..BATCH)
            .map(|at| {
                let revision = i64::try_from(number * BATCH + at).unwrap();
                observed(
                    "checkout",
                    "prod-eu",
                    &format!("1.{number}.{at}"),
                    revision,
                    revision * 600,
                )
            })
            .collect();
        ledger.ingest(&workspace(), &batch).unwrap();
        acknowledge(number + 1);
    }
}

#[test]
fn history_that_was_acknowledged_survives_and_no_batch_is_there_by_half() {
    let folder = tempfile::tempdir().unwrap();
    for acknowledgements in [1, 7, 2, 13] {
        let acknowledged = kill_after("crash::child_writes_history", folder.path(), acknowledgements);
        let ledger = open_quietly(folder.path());
        let rows = ledger.timeline(&workspace()).unwrap().len();
        assert!(
            rows >= acknowledged * BATCH,
            "{rows} rows, {acknowledged} batches were acknowledged"
        );
        assert_eq!(rows % BATCH, 0, "a batch is all or nothing");
        assert_eq!(ledger.health().unwrap().damage, None);
    }
}

#[test]
#[ignore = "is started by the tests below, to be killed"]
fn child_types() {
    let Some(ledger) = child_ledger() else { return };
    let mut text = String::new();
    for number in 1.. {
        text.push('字');
        ledger.autosave_note(&note_key(), &text, "mara", time(0)).unwrap();
        acknowledge(number);
    }
}

fn note_key() -> NoteKey {
    NoteKey {
        workspace: workspace(),
        service: "checkout".into(),
        version: "2.4.1".to_owned(),
    }
}

#[test]
fn what_was_typed_survives() {
    let folder = tempfile::tempdir().unwrap();
    let typed = kill_after("crash::child_types", folder.path(), 30);
    let ledger = open_quietly(folder.path());
    let draft = ledger.note(&note_key()).unwrap().unwrap().draft.unwrap();
    assert!(draft.chars().count() >= typed);
    assert_eq!(ledger.search_notes(&workspace(), "字字", 5).unwrap().len(), 1);
}

#[test]
#[ignore = "is started by the tests below, to be killed"]
fn child_operates() {
    let Some(ledger) = child_ledger() else { return };
    for number in 1.. {
        let id = format!("operation-{number}");
        ledger.write_intent(&intent(&id)).unwrap();
        if number % 2 == 0 {
            ledger
                .append_step(&id.as_str().into(), &step(StepKind::Sent))
                .unwrap();
        }
        acknowledge(number);
    }
}

#[test]
fn an_intent_that_was_acknowledged_is_shown_and_the_chain_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let acknowledged = kill_after("crash::child_operates", folder.path(), 15);
    let ledger = open_quietly(folder.path());
    assert!(matches!(ledger.verify_chain().unwrap(), ChainState::Whole { .. }));
    let unfinished = ledger.unfinished_operations().unwrap();
    assert!(unfinished.len() >= acknowledged);
    for record in &unfinished[..acknowledged] {
        let expected = match record.operation.number % 2 {
            0 => OperationState::Sent,
            _ => OperationState::Intended,
        };
        assert_eq!(
            record.operation.state(),
            expected,
            "operation {}",
            record.operation.number
        );
    }
    let all = ledger
        .operations(&workspace(), &OperationFilter::default())
        .unwrap();
    assert_eq!(all.len(), unfinished.len(), "and nothing else was made of them");
}

#[test]
#[ignore = "is started by the tests below, to be killed"]
fn child_backs_up() {
    let Some(ledger) = child_ledger() else { return };
    for number in 1.. {
        let second = i64::try_from(number).unwrap();
        ledger.back_up(time(second)).unwrap();
        acknowledge(number);
    }
}

#[test]
fn a_crash_in_a_backup_leaves_the_ones_before() {
    let folder = tempfile::tempdir().unwrap();
    kill_after("crash::child_writes_history", folder.path(), 10);
    for acknowledgements in [2, 3, 5] {
        kill_after("crash::child_backs_up", folder.path(), acknowledgements);
        std::thread::sleep(Duration::from_millis(5));
        let backups = {
            let ledger = open_quietly(folder.path());
            ledger.health().unwrap().backups
        };
        assert!(!backups.is_empty());
        for backup in backups {
            assert_eq!(backup.kind, BackupKind::Daily);
            let conn = rusqlite::Connection::open(&backup.path).unwrap();
            let check: String = conn
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            assert_eq!(check, "ok", "{}", backup.path.display());
            let rows: i64 = conn
                .query_row("SELECT count(*) FROM deployment", [], |row| row.get(0))
                .unwrap();
            assert!(rows >= 500, "{rows} rows");
        }
    }
}
