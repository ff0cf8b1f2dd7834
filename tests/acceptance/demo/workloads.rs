//! A service with several workloads in one environment: each has a lane of its own and goes its own way.

use app::commands;
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};
use tests::cluster::until;
use tests::contract::ground::{APP, image, is_complete, template_image};
use wire::ErrorCode;
use wire::cluster::WorkloadRequest;
use wire::rollback::{TargetRequest, VerdictWord};
use wire::timeline::{SearchKind, SearchRequest};

use crate::harness::app::ENVIRONMENT;
use crate::harness::{App, DemoStage};

const WORKER: &str = "checkout-worker";

/// The service's second Deployment object: found by its label.
fn worker(tag: &str) -> Value {
    json!({
        "metadata": {"name": WORKER, "labels": {"app": APP}},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": WORKER}},
            "template": {
                "metadata": {"labels": {"app": WORKER}},
                "spec": {"containers": [{"name": "app", "image": image(tag)}]},
            },
        },
    })
}

async fn worker_runs(stage: &DemoStage, tag: &str) -> Deployment {
    until("the worker's rollout", async || {
        let found = stage.ground.api::<Deployment>().get(WORKER).await?;
        let fits = is_complete(&found) && template_image(&found) == Some(&image(tag));
        Ok(fits.then_some(found))
    })
    .await
    .unwrap()
}

/// Until the matrix knows of both versions; the deployment that stands for them.
async fn mixed(app: &App) -> f64 {
    until("the mixed cell", async || {
        let cell = app.cell(ENVIRONMENT).await.unwrap();
        let version = cell.version.unwrap_or_default();
        let both = version.contains("1.1.0") && version.contains("1.2.0");
        Ok(cell.deployment.filter(|_| both))
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn each_of_several_workloads_is_listed_and_rolled_back_by_itself() {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    stage.ground.create::<Deployment>(worker("1.0.0")).await.unwrap();
    worker_runs(&stage, "1.0.0").await;
    let containers = json!([{"name": "app", "image": image("1.2.0")}]);
    let patch = json!({"spec": {"template": {"spec": {"containers": containers}}}});
    stage
        .ground
        .api::<Deployment>()
        .patch(WORKER, &PatchParams::default(), &Patch::Strategic(patch))
        .await
        .unwrap();
    worker_runs(&stage, "1.2.0").await;
    let app = stage.open_staging().await;
    let shown = mixed(&app).await;
    let columns = app.columns().await;
    let names: Vec<_> = columns.workloads.iter().map(Option::as_deref).collect();
    assert_eq!(names, [Some(APP), Some(WORKER)], "a lane each");
    let ran = |lane: u32| {
        let spans = columns.spans.iter().filter(move |span| span.lane == lane);
        spans.map(|span| span.version.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(ran(0), ["1.0.0", "1.1.0"]);
    assert_eq!(ran(1), ["1.0.0", "1.2.0"]);
    let ended: Vec<_> = columns.spans.iter().map(|span| span.ended.is_nan()).collect();
    assert_eq!(
        ended,
        [false, true, false, true],
        "each goes on until its own next one"
    );
    let details = app.details(shown).await;
    let told: Vec<_> = details
        .workloads
        .iter()
        .map(|one| (one.name.as_str(), one.version.as_str()))
        .collect();
    assert_eq!(told, [(APP, "1.1.0"), (WORKER, "1.2.0")]);

    let request = SearchRequest {
        text: APP.to_owned(),
        limit: 20,
    };
    let hits = commands::search(&app.backend, request).await.unwrap().hits;
    let found = hits.iter().find(|hit| hit.kind == SearchKind::Service).unwrap();
    let lane = &found.lanes[0];
    assert!(
        lane.version.contains("1.1.0") && lane.version.contains("1.2.0"),
        "{lane:?}"
    );
    assert_eq!(lane.back_to, None, "which of them was not said");

    let unsaid = app.try_plan(TargetRequest::Previous).await.unwrap_err();
    assert_eq!(unsaid.code, ErrorCode::SeveralWorkloads, "{unsaid:?}");
    assert_eq!(unsaid.parameters["workloads"], format!("{APP}, {WORKER}"));

    let of_worker = app.details(details.workloads[1].deployment).await;
    assert!(of_worker.current, "it is what this workload runs");
    assert_eq!(
        of_worker.rollback.version.as_deref(),
        Some("1.0.0"),
        "its own history"
    );
    assert_eq!(of_worker.rollback.off, None);
    let request = WorkloadRequest {
        service: APP.to_owned(),
        environment: ENVIRONMENT.to_owned(),
        deployment: Some(of_worker.id),
    };
    let drawer = commands::cluster_object(&app.backend, request).await.unwrap();
    assert_eq!(drawer.name, WORKER);

    let id = of_worker.rollback.deployment.unwrap();
    let target = TargetRequest::Deployment { id };
    let plan = app.plan(target).await;
    assert!(
        plan.level.is_some_and(|level| level < 3),
        "one of several is its own: {:?}",
        plan.level
    );
    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    worker_runs(&stage, "1.0.0").await;
    let other = stage.ground.app().await.unwrap();
    assert_eq!(template_image(&other), Some(image("1.1.0").as_str()), "untouched");

    let undo = TargetRequest::UndoOf {
        operation: operation.id,
    };
    let plan = app.plan(undo).await;
    assert_eq!(plan.to.version, "1.2.0", "its undo knows the workload as well");
}
