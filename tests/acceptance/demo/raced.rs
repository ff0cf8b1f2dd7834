//! Somebody else changes the object between our read and our patch, and the API server answers 409 (fault 18).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use demo::cluster::{Account, Aim, Fault, Options, Pace};
use serde_json::{Value, json};
use wire::Event;
use wire::rollback::{OperationStateWord, TargetRequest, VerdictWord};
use wire::workspace::TierWord;

use crate::harness::app::Listener;
use crate::harness::gestures::steps;
use crate::harness::{Care, DemoStage};

/// The 409 that the API server gives when the object moved under a write: nothing was written.
const CONFLICT: Fault = Fault::Refuse {
    status: 409,
    retry_after: None,
};

/// Does something in the cluster once, when the operation has come to a step.
fn at_step(step: &'static str, stage: &DemoStage, patch: Value) -> Listener {
    let (ground, done) = (stage.ground.clone(), AtomicBool::new(false));
    Arc::new(move |event: &Event| {
        let steps = event.payload["steps"].as_array();
        let newest = steps.and_then(|steps| steps.last());
        let there = event.name == "operation" && newest.is_some_and(|newest| newest["kind"] == step);
        if !there || done.swap(true, Ordering::SeqCst) {
            return;
        }
        let (ground, patch) = (ground.clone(), patch.clone());
        let change = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(ground.merge(patch)).unwrap();
        };
        std::thread::scope(|scope| scope.spawn(change).join()).unwrap();
    })
}

/// How many patches of the template reached the cluster.
fn patches(stage: &DemoStage) -> usize {
    let seen = stage.cluster.faults().seen();
    let ours = |query: &str| query.contains("fieldManager=tidemark") && !query.contains("dryRun");
    let patches = seen.iter().filter(|one| one.method == "PATCH");
    patches.filter(|one| ours(&one.query)).count()
}

async fn raced(patch: Value) -> (DemoStage, crate::harness::App, wire::rollback::Operation) {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    let lena = Account::named("lena", &["release-managers"]);
    let listener = at_step("sent", &stage, patch);
    let app = stage
        .open_heard(lena, Care::of(TierWord::Staging), listener)
        .await;
    app.runs("1.1.0").await;
    stage.cluster.faults().record();
    let ours = Aim {
        query: "fieldManager=tidemark".into(),
        ..Aim::at("PATCH", "/deployments/checkout")
    };
    stage.cluster.faults().once(ours, CONFLICT);
    let operation = app.roll_back(TargetRequest::Previous).await;
    (stage, app, operation)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_18_another_template_is_left_as_it_is_and_nothing_is_sent_again() {
    let theirs = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "app", "image": "registry.example/checkout:1.2.0"}]}}}});
    let (stage, app, operation) = raced(theirs).await;
    assert_eq!(operation.state, OperationStateWord::Superseded, "{operation:?}");
    assert_eq!((operation.verdict, operation.undoable), (None, false));
    assert_eq!(patches(&stage), 1, "the one that was refused");
    let template = stage.ground.app().await.unwrap().spec.unwrap().template;
    let image = template.spec.unwrap().containers[0].image.clone().unwrap();
    assert!(image.ends_with(":1.2.0"), "theirs stays: {image}");
    let kept = app.operation(&operation.id).await.unwrap();
    assert_eq!(steps(&kept).last(), Some(&"superseded"), "{kept:?}");
}

/// 409 proves that nothing was written, and the template is the one that was confirmed: once more, and not twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_409_over_the_same_template_is_sent_once_more() {
    let (stage, _app, operation) = raced(json!({"spec": {"replicas": 3}})).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert_eq!(patches(&stage), 2);
    assert_eq!(
        stage.ground.app().await.unwrap().spec.unwrap().replicas,
        Some(3),
        "the scale stays"
    );
}

/// Fault 26: an autoscaler scales between our read and the dry run. Only the generation moved: it is followed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scale_just_before_the_dry_run_is_followed_not_refused() {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    let listener = at_step("replanned", &stage, json!({"spec": {"replicas": 3}}));
    let lena = Account::named("lena", &["release-managers"]);
    let app = stage
        .open_heard(lena, Care::of(TierWord::Staging), listener)
        .await;
    app.runs("1.1.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert_eq!(stage.ground.app().await.unwrap().spec.unwrap().replicas, Some(3));
}

/// Another template in that moment: nothing was sent, and that is what is said.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_template_just_before_the_dry_run_stops_it() {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    let theirs = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "app", "image": "registry.example/checkout:1.2.0"}]}}}});
    let listener = at_step("replanned", &stage, theirs);
    let lena = Account::named("lena", &["release-managers"]);
    let app = stage
        .open_heard(lena, Care::of(TierWord::Staging), listener)
        .await;
    app.runs("1.1.0").await;
    stage.cluster.faults().record();
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(
        (operation.state, operation.code.as_deref()),
        (OperationStateWord::Failed, Some("plan-moved"))
    );
    assert_eq!((operation.sent_at, patches(&stage)), (None, 0));
}

/// Until the controller has numbered a new template, the history has nothing of it: what a plan leaves is what the
/// object says, not what was heard of last.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_in_the_history_yet_is_what_a_plan_leaves() {
    let slow = Options {
        pace: Pace {
            sync: Duration::from_millis(800),
            ..Pace::quick()
        },
        ..Options::quick()
    };
    let stage = DemoStage::running_with(slow, &["1.0.0", "1.1.0"]).await;
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    stage.ground.set_tag("1.2.0").await.unwrap();
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        (plan.from.version.as_str(), plan.from.deployment),
        ("1.2.0", None),
        "the ledger has not heard of it"
    );
    assert_eq!(plan.to.version, "1.1.0", "the one before it");
}
