//! Faults 2 and 3: the app is killed within an operation; the next start shows how it stands, and sends nothing.
//!
//! The backend runs in a process of its own, this binary with an ignored test, and is ended by SIGKILL. The next
//! start is a person's who may write nothing at all: a patch of it would be refused, and be seen.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tests::cluster::{CONTEXT, Person, shared, until};
use wire::Event;
use wire::cluster::ConnectionState;
use wire::rollback::{Operation, OperationRequest, OperationStateWord, TargetRequest, VerdictWord};
use wire::settings::PathRequest;
use wire::workspace::TierWord;

use crate::harness::app::Listener;
use crate::harness::gestures::steps;
use crate::harness::{Answers, App, Care, Stage};

const DATA: &str = "ACCEPTANCE_DATA";
const WORKSPACE: &str = "ACCEPTANCE_WORKSPACE";
const KUBECONFIG: &str = "ACCEPTANCE_KUBECONFIG";
const STEP: &str = "ACCEPTANCE_STEP";
/// What the child says before it waits at its step.
const THERE: &str = "at the step";

/// The process that is killed: opens the workspace, rolls back, and waits at a step for a line on its input.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "is started by the tests below"]
async fn child_rolls_back() {
    let Some(data) = std::env::var_os(DATA) else {
        return;
    };
    let of = |name: &str| PathBuf::from(std::env::var_os(name).unwrap());
    let step = std::env::var(STEP).unwrap();
    let no_demo = Arc::new(|_, _| {
        let refused: futures::future::BoxFuture<'static, _> = Box::pin(async { Err("no demo".to_owned()) });
        refused
    });
    let app = App::start_with(Path::new(&data), &[of(KUBECONFIG)], no_demo, wait_at(step)).unwrap();
    let path = of(WORKSPACE).display().to_string();
    app::commands::workspace_open(&app.backend, PathRequest { path })
        .await
        .unwrap();
    app.connected(ConnectionState::Live).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    let operation = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    app.ended(&operation.id).await;
}

fn wait_at(step: String) -> Listener {
    let waited = AtomicBool::new(false);
    Arc::new(move |event: &Event| {
        let newest = event.payload["steps"].as_array().and_then(|steps| steps.last());
        let there = event.name == "operation" && newest.is_some_and(|newest| newest["kind"] == step.as_str());
        if there && !waited.swap(true, Ordering::SeqCst) {
            let mut output = std::io::stdout();
            writeln!(output, "{THERE}").unwrap();
            std::io::stdin().read_line(&mut String::new()).unwrap();
        }
    })
}

/// A child that has come to its step.
struct Waiting {
    child: Child,
    input: ChildStdin,
    _output: BufReader<ChildStdout>,
}

impl Waiting {
    fn at(step: &str, stage: &Stage, kubeconfig: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "--nocapture",
                "real::crash::child_rolls_back",
            ])
            .env(DATA, stage.data())
            .env(WORKSPACE, stage.workspace_file())
            .env(KUBECONFIG, kubeconfig)
            .env(STEP, step)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains(THERE) {
            line.clear();
            assert_ne!(
                output.read_line(&mut line).unwrap(),
                0,
                "the child ended before {step}"
            );
        }
        let input = child.stdin.take().unwrap();
        Self {
            child,
            input,
            _output: output,
        }
    }

    fn go_on(&mut self) {
        self.input.write_all(b"\n").unwrap();
    }

    /// SIGKILL.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A service at 1.1.0 whose workspace was saved and closed.
async fn prepared(prefix: &str) -> Stage {
    let stage = Stage::running(prefix, &["1.0.0", "1.1.0"]).await;
    let app = stage.start(Person::Releaser);
    stage.save(&app, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    app::commands::workspace_close(&app.backend, ()).await.unwrap();
    drop(app);
    stage
}

/// The next start, by somebody who may write nothing; the operation as it ends there.
async fn next_start(stage: &Stage) -> (App, Operation) {
    let app = stage.start(Person::Viewer);
    let path = stage.workspace_file().display().to_string();
    app::commands::workspace_open(&app.backend, PathRequest { path })
        .await
        .unwrap();
    app.connected(ConnectionState::Live).await;
    let list = app::commands::operation_list(&app.backend, ()).await.unwrap();
    assert!(list.chain_intact, "the hash chain holds over the kill");
    assert_eq!(list.operations.len(), 1, "it is shown: {:?}", list.operations);
    let operation = app.ended(&list.operations[0].id).await;
    (app, operation)
}

async fn killed_before_the_patch(prefix: &str, step: &str) {
    let stage = prepared(prefix).await;
    let generation = stage.generation().await;
    let kubeconfig = shared().kubeconfig_for(Person::Releaser);
    Waiting::at(step, &stage, &kubeconfig).kill();
    let (app, operation) = next_start(&stage).await;
    assert_eq!(operation.state, OperationStateWord::NeverArrived, "{operation:?}");
    assert_eq!(
        (operation.from_version.as_str(), operation.to_version.as_str()),
        ("1.1.0", "1.0.0")
    );
    assert_eq!(stage.generation().await, generation, "nothing was sent");
    let again = app.plan(TargetRequest::Previous).await;
    assert_eq!(again.to.version, "1.0.0", "it is offered again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_2_killed_after_the_intent_it_never_arrived() {
    killed_before_the_patch("crash-intent", "intent").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_2_killed_just_before_the_patch_it_never_arrived() {
    killed_before_the_patch("crash-before", "sent").await;
}

/// The patch arrives, its answer never does, and then the app is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_3_killed_after_the_patch_was_sent_it_is_found_and_followed() {
    let stage = prepared("crash-sent").await;
    let generation = stage.generation().await;
    let relay = Relay::start(&stage).await;
    let mut child = Waiting::at("sent", &stage, &relay.kubeconfig);
    relay.swallow.store(true, Ordering::SeqCst);
    child.go_on();
    until("the patch has arrived", async || {
        Ok((stage.generation().await > generation).then_some(()))
    })
    .await
    .unwrap();
    child.kill();
    settled_after(&stage, generation).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_3_killed_during_the_rollout_it_is_found_and_followed() {
    let stage = prepared("crash-rollout").await;
    let generation = stage.generation().await;
    Waiting::at("accepted", &stage, &shared().kubeconfig_for(Person::Releaser)).kill();
    settled_after(&stage, generation).await;
}

async fn settled_after(stage: &Stage, generation: i64) {
    stage.ground.settled().await.unwrap();
    let (_app, operation) = next_start(stage).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert!(steps(&operation).contains(&"recovered"), "{operation:?}");
    assert!(operation.undoable);
    let recovered = operation.steps.iter().find(|step| step.kind == "recovered");
    let looked = recovered.unwrap().at;
    assert!(
        operation.rolled_out_at.is_none_or(|at| at < looked),
        "it was done before anybody looked: {operation:?}"
    );
    for (kind, fact) in [("manager-dropped", "dropped"), ("traced", "written")] {
        let step = operation.steps.iter().find(|step| step.kind == kind).unwrap();
        assert_eq!(
            step.facts[fact], "no",
            "a start writes nothing, and says what is left: {step:?}"
        );
    }
    assert!(stage.image().await.ends_with(":1.0.0"));
    assert_eq!(stage.generation().await, generation + 1, "exactly one change");
}

/// The workspace as the next start finds it, with this kubeconfig; the one operation of its list.
async fn opened(stage: &Stage, kubeconfig: &Path) -> (App, Operation) {
    let app = App::start(&stage.data(), &[kubeconfig.to_owned()]);
    let path = stage.workspace_file().display().to_string();
    app::commands::workspace_open(&app.backend, PathRequest { path })
        .await
        .unwrap();
    let mut list = app::commands::operation_list(&app.backend, ()).await.unwrap();
    assert_eq!(list.operations.len(), 1, "{:?}", list.operations);
    (app, list.operations.remove(0))
}

/// Until its cluster answers nobody knows how it stands: nothing is told of what is still to be sent, and the app can
/// be closed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_is_looked_at_for_as_long_as_the_cluster_is_away() {
    let stage = prepared("crash-away").await;
    let kubeconfig = shared().kubeconfig_for(Person::Releaser);
    Waiting::at("sent", &stage, &kubeconfig).kill();
    let text = std::fs::read_to_string(&kubeconfig).unwrap();
    let server = &text[text.find("https://").unwrap()..];
    let server = server.split(['"', '\'', '\n']).next().unwrap().trim();
    let away = stage.folder.path().join("away.yaml");
    std::fs::write(&away, text.replace(server, "https://127.0.0.1:9")).unwrap();
    let (app, found) = opened(&stage, &away).await;
    assert_eq!(found.state, OperationStateWord::Looking, "{found:?}");
    assert_eq!((found.context.as_str(), found.ended_at), (CONTEXT, None));
    app.connected(ConnectionState::Unreached).await;
    let request = OperationRequest { id: found.id.clone() };
    let still = app::commands::operation_get(&app.backend, request).await.unwrap();
    assert_eq!(still.state, OperationStateWord::Looking, "{still:?}");
    assert!(!app.backend.operation_runs(), "nobody has to stay for it");
    app::commands::workspace_close(&app.backend, ()).await.unwrap();
    drop(app);
    let (_app, operation) = next_start(&stage).await;
    assert_eq!(operation.state, OperationStateWord::NeverArrived, "{operation:?}");
}

/// Another process is at it: a second one on the same data writes nothing of it, and takes it on once that one is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_process_is_at_is_left_to_it_until_that_one_is_gone() {
    let stage = prepared("crash-second").await;
    let kubeconfig = shared().kubeconfig_for(Person::Releaser);
    let first = Waiting::at("accepted", &stage, &kubeconfig);
    let (app, found) = opened(&stage, &kubeconfig).await;
    app.connected(ConnectionState::Live).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let request = OperationRequest { id: found.id.clone() };
    let still = app::commands::operation_get(&app.backend, request).await.unwrap();
    assert_eq!(steps(&still).last(), Some(&"accepted"), "{still:?}");
    first.kill();
    let operation = app.ended(&found.id).await;
    assert!(steps(&operation).contains(&"recovered"), "{operation:?}");
}

/// An environment that was renamed or taken out leads to no cluster any more: the operation ends, and says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_begun_in_an_environment_that_is_gone_ends() {
    let stage = prepared("crash-renamed").await;
    let kubeconfig = shared().kubeconfig_for(Person::Releaser);
    Waiting::at("sent", &stage, &kubeconfig).kill();
    let file = stage.workspace_file();
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains("name = \"prod\""), "{text}");
    std::fs::write(&file, text.replace("name = \"prod\"", "name = \"live\"")).unwrap();
    let (app, found) = opened(&stage, &kubeconfig).await;
    let operation = app.ended(&found.id).await;
    assert_eq!(
        (operation.state, operation.code.as_deref()),
        (OperationStateWord::Failed, Some("environment-gone")),
        "{operation:?}"
    );
    let kept = app.operation(&found.id).await.unwrap();
    assert_eq!(steps(&kept).last(), Some(&"failed"), "it is kept: {kept:?}");
}

/// What ended before its intent, and the sheet that was confirmed, are there after a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_confirmed_cancelled_and_refused_stands_there_after_a_restart() {
    let stage = prepared("kept").await;
    let app = stage.open(Person::Releaser, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    let cancelled = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    let request = OperationRequest {
        id: cancelled.id.clone(),
    };
    app::commands::operation_cancel(&app.backend, request)
        .await
        .unwrap();
    app.ended(&cancelled.id).await;
    let refused = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    stage
        .kubectl(&["set", "env", "deployment/checkout", "LOG_LEVEL=debug"])
        .await;
    app.ended(&refused.id).await;
    stage.ground.settled().await.unwrap();
    let shown = app.plan(TargetRequest::Previous).await;
    let done = app.carry_out(&shown).await;
    assert_eq!(done.verdict, Some(VerdictWord::Good), "{done:?}");
    app::commands::workspace_close(&app.backend, ()).await.unwrap();
    drop(app);

    let app = stage.start(Person::Viewer);
    let path = stage.workspace_file().display().to_string();
    app::commands::workspace_open(&app.backend, PathRequest { path })
        .await
        .unwrap();
    let list = app::commands::operation_list(&app.backend, ()).await.unwrap();
    assert!(list.chain_intact);
    let told: Vec<(f64, OperationStateWord, Option<&str>, bool)> = list
        .operations
        .iter()
        .map(|one| (one.number, one.state, one.code.as_deref(), one.sent_at.is_some()))
        .collect();
    let expected = [
        (3.0, OperationStateWord::Verified, Some("steady"), true),
        (2.0, OperationStateWord::Failed, Some("plan-moved"), false),
        (1.0, OperationStateWord::Cancelled, None, false),
    ];
    assert_eq!(told, expected);
    for (number, plan) in [(2, &shown), (0, &plan)] {
        let request = OperationRequest {
            id: list.operations[2 - number].id.clone(),
        };
        let kept = app::commands::operation_plan(&app.backend, request)
            .await
            .unwrap();
        assert_eq!(kept.as_ref(), Some(plan), "the sheet as it was shown");
    }
}

/// Passes bytes between an app and the API server, and can swallow the server's answers.
struct Relay {
    kubeconfig: PathBuf,
    swallow: Arc<AtomicBool>,
    _tasks: Arc<Mutex<tokio::task::JoinSet<()>>>,
}

impl Relay {
    async fn start(stage: &Stage) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = shared().server();
        let original = std::fs::read_to_string(shared().kubeconfig_for(Person::Releaser)).unwrap();
        let mut config: serde_json::Value = serde_json::from_str(&original).unwrap();
        assert_eq!(config["clusters"][0]["name"], CONTEXT);
        config["clusters"][0]["cluster"]["server"] = json!(format!("https://127.0.0.1:{port}"));
        let kubeconfig = stage.folder.path().join("relayed");
        std::fs::write(&kubeconfig, config.to_string()).unwrap();
        let swallow = Arc::new(AtomicBool::new(false));
        let tasks: Arc<Mutex<tokio::task::JoinSet<()>>> = Arc::default();
        let (kept, silent) = (Arc::clone(&tasks), Arc::clone(&swallow));
        let address = server.trim_start_matches("https://").to_owned();
        tasks.lock().unwrap().spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (address, silent) = (address.clone(), Arc::clone(&silent));
                kept.lock().unwrap().spawn(async move {
                    let Ok(far) = tokio::net::TcpStream::connect(address).await else {
                        return;
                    };
                    let (near_read, near_write) = near.into_split();
                    let (far_read, far_write) = far.into_split();
                    tokio::join!(
                        pass(near_read, far_write, None),
                        pass(far_read, near_write, Some(silent))
                    );
                });
            }
        });
        Self {
            kubeconfig,
            swallow,
            _tasks: tasks,
        }
    }
}

async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    swallow: Option<Arc<AtomicBool>>,
) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        if swallow
            .as_ref()
            .is_some_and(|swallow| swallow.load(Ordering::SeqCst))
        {
            continue;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
