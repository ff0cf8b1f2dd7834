//! What happens while a rolled-out version is watched, and what the verdict makes of it (rollback.md, "Verify").

use std::time::Duration;

use demo::cluster::{Account, Aim, Denial, Fault, ImageBehaviour, Options, Pace, Times};
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};
use wire::rollback::{FindingWord, Operation, OperationStateWord, TargetRequest, VerdictWord};
use wire::workspace::TierWord;

use crate::harness::demo_stage::NAMESPACE;
use crate::harness::gestures::keys;
use crate::harness::{Answers, App, Care, DemoStage};

const VERSIONS: [&str; 2] = ["1.0.0", "1.1.0"];

/// Long enough to do something within it.
fn watched(window: &'static str) -> Care {
    Care {
        window,
        ..Care::of(TierWord::Staging)
    }
}

/// The app, with a rollback whose rollout is done and whose window runs.
async fn verifying(stage: &DemoStage, care: Care) -> (App, String) {
    let app = stage.open(care).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    let begun = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    app.told_that(&begun.id, "its window runs", |operation| {
        operation.state == OperationStateWord::Verifying
    })
    .await;
    // The first look at the window.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    (app, begun.id)
}

fn is(operation: &Operation, verdict: VerdictWord, code: &str) {
    assert_eq!(
        (operation.verdict, operation.code.as_deref()),
        (Some(verdict), Some(code)),
        "{operation:?}"
    );
}

async fn scale(stage: &DemoStage, replicas: u32) {
    let patch = json!({"spec": {"replicas": replicas}});
    stage.ground.merge(patch).await.unwrap();
}

#[tokio::test]
async fn a_pod_that_restarts_within_the_window_is_bad() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, id) = verifying(&stage, watched("15s")).await;
    let pods: Api<Pod> = stage.ground.api();
    let pod = stage.ground.pods().await.unwrap().remove(0);
    let name = pod.metadata.name.clone().unwrap();
    let mut status: Value = serde_json::to_value(pod.status).unwrap();
    status["containerStatuses"][0]["restartCount"] = json!(1);
    let patch = Patch::Merge(json!({"status": status}));
    pods.patch_status(&name, &PatchParams::default(), &patch)
        .await
        .unwrap();
    let operation = app.ended(&id).await;
    is(&operation, VerdictWord::Bad, "restarted");
    assert_eq!(
        (&operation.facts["pod"], operation.facts["restarts"].as_str()),
        (&name, "1")
    );
}

#[tokio::test]
async fn a_service_that_loses_its_endpoints_is_bad() {
    let stage = DemoStage::running(&VERSIONS).await;
    let labels = json!({"spec": {"template": {"metadata": {"labels": {"side": "front"}}}}});
    stage.ground.merge(labels).await.unwrap();
    stage.ground.settled().await.unwrap();
    stage.ground.roll("1.2.0").await.unwrap();
    let service = json!({
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": NAMESPACE},
        "spec": {"selector": {"app": "checkout", "side": "front"}, "ports": [{"port": 80}]},
    });
    stage.cluster.load(vec![service]).unwrap();
    let app = stage.open(watched("5s")).await;
    app.runs("1.2.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    let begun = app.confirm(&plan, Answers::all(&plan)).await.unwrap();
    app.told_that(&begun.id, "its window runs", |operation| {
        operation.state == OperationStateWord::Verifying
    })
    .await;
    // Its pods stay ready; the Service no longer finds them.
    let pods: Api<Pod> = stage.ground.api();
    for pod in stage.ground.pods().await.unwrap() {
        let patch = Patch::Merge(json!({"metadata": {"labels": {"side": null}}}));
        pods.patch(&pod.metadata.name.unwrap(), &PatchParams::default(), &patch)
            .await
            .unwrap();
    }
    let operation = app.ended(&begun.id).await;
    is(&operation, VerdictWord::Bad, "no-endpoints");
    assert_eq!(operation.facts["services"], "web");
}

#[tokio::test]
async fn a_cluster_that_is_silent_at_the_end_leaves_it_open() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, id) = verifying(&stage, watched("4s")).await;
    let refuse = Fault::Refuse {
        status: 503,
        retry_after: None,
    };
    stage
        .cluster
        .faults()
        .push(Aim::at("GET", ""), refuse, Times::Always);
    is(&app.ended(&id).await, VerdictWord::Inconclusive, "watch-broken");
}

#[tokio::test]
async fn what_is_scaled_to_nothing_within_the_window_was_not_verified() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, id) = verifying(&stage, watched("15s")).await;
    scale(&stage, 0).await;
    is(&app.ended(&id).await, VerdictWord::Inconclusive, "no-pods");
}

/// An autoscaler adds pods that take longer to answer than a failing one is waited for.
#[tokio::test]
async fn pods_that_are_added_within_the_window_are_waited_for() {
    const READY: Duration = Duration::from_millis(1_200);
    let options = Options {
        pace: Pace {
            ready: READY,
            ..Pace::quick()
        },
        ..Options::quick()
    };
    let stage = DemoStage::running_with(options, &VERSIONS).await;
    let (app, id) = verifying(&stage, watched("20s")).await;
    stage
        .cluster
        .set_image("registry.example/checkout:1.0.0", ImageBehaviour::Slow);
    scale(&stage, 4).await;
    let operation = app.ended(&id).await;
    is(&operation, VerdictWord::Good, "steady");
    assert_eq!(operation.facts["ready"], "4", "{operation:?}");
}

/// Nobody can call it good who does not see whether anything answers; the plan says so before.
#[tokio::test]
async fn endpoints_that_may_not_be_seen_leave_it_open_and_are_warned_of() {
    let account = || Account::named("lena", &["release-managers"]);
    let cases = ["services", "endpointslices"].map(async |resource| {
        let stage = DemoStage::running(&VERSIONS).await;
        let account = account().without(Denial::of("list", resource));
        let service = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": NAMESPACE},
            "spec": {"selector": {"app": "checkout"}, "ports": [{"port": 80}]},
        });
        stage.cluster.load(vec![service]).unwrap();
        let app = stage.open_as(account, Care::of(TierWord::Staging)).await;
        app.runs("1.1.0").await;
        let plan = app.plan(TargetRequest::Previous).await;
        let key = format!("permission/list {resource}");
        assert_eq!(
            (keys(&plan, FindingWord::Warn), plan.level),
            (vec![key.as_str()], Some(2)),
            "{:?}",
            plan.findings
        );
        let operation = app.carry_out(&plan).await;
        is(&operation, VerdictWord::Inconclusive, "endpoints-unknown");
        assert!(operation.facts["reason"].contains(resource), "{operation:?}");
    });
    futures::future::join_all(cases).await;
}
