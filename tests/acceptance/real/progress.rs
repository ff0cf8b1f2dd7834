//! What can happen between the gesture and the verdict.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use tests::cluster::{Person, shared};
use tests::contract::ground::{APP, condition};
use wire::Event;
use wire::rollback::{OperationStateWord, TargetRequest, VerdictWord};
use wire::timeline::StatusWord;
use wire::workspace::TierWord;

use crate::harness::app::{ENVIRONMENT, Listener};
use crate::harness::gestures::steps;
use crate::harness::{Answers, Care, Stage};

fn staging() -> Care {
    Care::of(TierWord::Staging)
}

/// Runs `kubectl` once, when an operation has come to a step, and holds the operation meanwhile.
fn kubectl_at_step(step: &'static str, namespace: &str, arguments: &[&str]) -> Listener {
    let mut words = vec!["--namespace".to_owned(), namespace.to_owned()];
    words.extend(arguments.iter().map(|word| (*word).to_owned()));
    let done = AtomicBool::new(false);
    Arc::new(move |event: &Event| {
        let newest = event.payload["steps"].as_array().and_then(|steps| steps.last());
        let there = event.name == "operation" && newest.is_some_and(|newest| newest["kind"] == step);
        if !there || done.swap(true, Ordering::SeqCst) {
            return;
        }
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            runtime
                .block_on(shared().kubectl(Person::Admin, &words))
                .unwrap()
                .ok()
                .unwrap();
        };
        std::thread::scope(|scope| scope.spawn(run).join()).unwrap();
    })
}

/// Fault 26: an autoscaler moves the generation between our read and our patch; nothing of ours is lost or doubled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scale_just_before_the_patch_is_followed_not_refused() {
    let stage = Stage::running("scaled", &["1.0.0", "1.1.0"]).await;
    let listener = kubectl_at_step(
        "sent",
        &stage.namespace,
        &["scale", "deployment/checkout", "--replicas=3"],
    );
    let kubeconfig = shared().kubeconfig_for(Person::Releaser);
    let app = stage.open_heard(kubeconfig, staging(), listener).await;
    app.runs("1.1.0").await;
    let generation = stage.generation().await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let object = stage.object().await;
    assert_eq!(object["spec"]["replicas"], 3, "the scale stays");
    assert!(stage.image().await.ends_with(":1.0.0"));
    assert_eq!(
        object["metadata"]["generation"],
        generation + 2,
        "one scale and one patch"
    );
}

/// Fault 18: somebody else changed the template between our read and our patch.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_just_before_the_patch_stops_it_and_its_writer_is_named() {
    let stage = Stage::running("raced", &["1.0.0", "1.1.0"]).await;
    let image = [
        "set",
        "image",
        "deployment/checkout",
        "app=registry.example/checkout:1.2.0",
    ];
    let listener = kubectl_at_step("sent", &stage.namespace, &image);
    let kubeconfig = shared().kubeconfig_for(Person::Releaser);
    let app = stage.open_heard(kubeconfig, staging(), listener).await;
    app.runs("1.1.0").await;
    let generation = stage.generation().await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.state, OperationStateWord::Superseded, "{operation:?}");
    assert_eq!(
        operation.facts.get("by").map(String::as_str),
        Some("kubectl-set"),
        "{operation:?}"
    );
    assert!(stage.image().await.ends_with(":1.2.0"), "theirs stays");
    assert_eq!(
        stage.generation().await,
        generation + 1,
        "nothing of ours was written"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_during_the_rollout_supersedes_it() {
    let stage = Stage::running("superseded", &["1.0.0-slow", "1.1.0"]).await;
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    let begun = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    let rolling = |state| state == OperationStateWord::RollingOut;
    app.told_that(&begun.id, "it rolls out", |operation| rolling(operation.state))
        .await;
    stage
        .kubectl(&[
            "set",
            "image",
            "deployment/checkout",
            "app=registry.example/checkout:1.2.0",
        ])
        .await;
    let operation = app.ended(&begun.id).await;
    assert_eq!(operation.state, OperationStateWord::Superseded, "{operation:?}");
    assert_eq!(
        operation.facts.get("by").map(String::as_str),
        Some("kubectl-set"),
        "{operation:?}"
    );
    assert_eq!(operation.verdict, None);
}

/// The surge pods of a bad target hang; the old pods go on serving, and the verdict does not wait ten minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_cannot_be_pulled_is_bad_early_and_says_why() {
    let stage = Stage::new("pullfail").await;
    stage.ground.rolled_out("1.0.0", 2).await.unwrap();
    stage.ground.set_tag("1.1.0-pullfail").await.unwrap();
    stage.kubectl_roll("1.2.0").await;
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.2.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.to_version, "1.1.0-pullfail");
    assert_eq!(operation.verdict, Some(VerdictWord::Bad), "{operation:?}");
    assert_eq!(
        operation.facts.get("reason").map(String::as_str),
        Some("ImagePullBackOff"),
        "{operation:?}"
    );
    assert!(operation.undoable);
    let ready = stage
        .kubectl(&["get", "deployment", APP, "-o", "jsonpath={.status.readyReplicas}"])
        .await;
    assert_eq!(ready, "2", "the old pods serve on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_crashes_is_bad_early_and_says_why() {
    let stage = Stage::new("crashloop").await;
    stage.ground.rolled_out("1.0.0", 2).await.unwrap();
    stage.ground.set_tag("1.1.0-crashloop").await.unwrap();
    stage.kubectl_roll("1.2.0").await;
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.2.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Bad), "{operation:?}");
    assert_eq!(
        operation.facts.get("reason").map(String::as_str),
        Some("CrashLoopBackOff"),
        "{operation:?}"
    );
}

/// kubernetes.md, "Progress": a rollout that had timed out still shows its condition right after our patch.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_deadline_is_not_held_against_the_rollback() {
    let stage = Stage::running("deadline", &["1.0.0"]).await;
    let deadline = json!({"spec": {"progressDeadlineSeconds": 2}});
    stage.ground.merge(deadline).await.unwrap();
    stage.ground.set_tag("1.1.0-pullfail").await.unwrap();
    let exceeded = |app: &k8s_openapi::api::apps::v1::Deployment| {
        let status = app.status.clone().unwrap_or_default();
        condition(&status, "Progressing") == Some(("False", "ProgressDeadlineExceeded"))
    };
    stage
        .ground
        .app_when("the deadline is exceeded", exceeded)
        .await
        .unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.shows(ENVIRONMENT, "1.1.0-pullfail", StatusWord::Failed).await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_replicas_nothing_was_verified() {
    let stage = Stage::running("empty", &["1.0.0", "1.1.0"]).await;
    stage
        .kubectl(&["scale", "deployment/checkout", "--replicas=0"])
        .await;
    stage.ground.settled().await.unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.1.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(
        operation.verdict,
        Some(VerdictWord::Inconclusive),
        "{operation:?}"
    );
    assert_eq!(operation.code.as_deref(), Some("no-pods"), "{operation:?}");
    let object = stage.object().await;
    assert_eq!(
        object["spec"]["replicas"], 0,
        "the replica count is no part of a revision"
    );
}

/// The next server-side apply of the team's own manager works as its team expects.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_rollback_a_server_side_apply_meets_no_conflict() {
    let stage = Stage::new("applied").await;
    for version in ["1.0.0", "1.1.0"] {
        apply(&stage, version).await;
        stage.ground.settled().await.unwrap();
    }
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    assert!(
        plan.findings.iter().any(|one| one.key == "apply-manager/team"),
        "{:?}",
        plan.findings
    );
    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert!(steps(&operation).contains(&"manager-dropped"));
    apply(&stage, "1.2.0").await;
    assert!(stage.image().await.ends_with(":1.2.0"));
}

async fn apply(stage: &Stage, version: &str) {
    let mut object = tests::contract::ground::deployment(version, 2);
    object["apiVersion"] = json!("apps/v1");
    object["kind"] = json!("Deployment");
    let file = stage.folder.path().join("manifest.json");
    std::fs::write(&file, object.to_string()).unwrap();
    let file = file.display().to_string();
    stage
        .kubectl(&["apply", "--server-side", "--field-manager=team", "-f", &file])
        .await;
}
