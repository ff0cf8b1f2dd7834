//! What the Events of a real cluster tell of the hour before the start (history.md), with `kubectl` as the oracle.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tests::cluster::{Person, shared, until};
use wire::cluster::ConnectionState;
use wire::rollback::{TargetRequest, VerdictWord};
use wire::timeline::{DeploymentDetails, EvidenceWord};
use wire::workspace::TierWord;

use crate::harness::{App, Care, Stage};

fn staging() -> Care {
    Care::of(TierWord::Staging)
}

async fn details_when(
    app: &App,
    deployment: f64,
    fits: impl Fn(&DeploymentDetails) -> bool,
) -> DeploymentDetails {
    let mut last = None;
    let waited = until("the evidence", async || {
        let details = app.details(deployment).await;
        last = Some(details.clone());
        Ok(fits(&details).then_some(details))
    });
    let waited = waited.await;
    waited.unwrap_or_else(|error| panic!("{error}: {last:?}"))
}

fn has(details: &DeploymentDetails, kind: EvidenceWord, beginning: &str) -> bool {
    let mut items = details.evidence_items.iter();
    items.any(|item| item.kind == kind && item.source.starts_with(beginning))
}

/// When the Deployment controller last scaled that version's ReplicaSet up from zero, as `kubectl get events` shows it.
async fn scaled_up(stage: &Stage, replica_set: &str) -> DateTime<Utc> {
    let text = stage
        .kubectl(&[
            "get",
            "events",
            "--field-selector",
            "reason=ScalingReplicaSet",
            "-o",
            "json",
        ])
        .await;
    let events: Value = serde_json::from_str(&text).unwrap();
    let beginning = format!("Scaled up replica set {replica_set} from 0 to ");
    let times = events["items"].as_array().unwrap().iter().filter(|event| {
        event["message"]
            .as_str()
            .is_some_and(|message| message.starts_with(&beginning))
    });
    let times = times.map(|event| event["lastTimestamp"].as_str().unwrap().parse().unwrap());
    times.max().unwrap()
}

/// A template that came back: its ReplicaSet is as old as its first run, the manager's time moves with any write, and
/// the condition's is the end of the rollout. The controller's Event is closer than all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_start_of_a_template_that_came_back_is_bounded_by_the_controllers_event() {
    let stage = Stage::running("scaledup", &["1.0.0", "1.1.0"]).await;
    let slow = json!({"spec": {"minReadySeconds": 3}});
    stage.ground.merge(slow).await.unwrap();
    stage.ground.settled().await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let back = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "app", "image": "registry.example/checkout:1.0.0"}]}}}});
    let patch = [
        "patch",
        "deployment/checkout",
        "--field-manager=team",
        "-p",
        &back.to_string(),
    ];
    stage.kubectl(&patch).await;
    stage.ground.settled().await.unwrap();
    let note = [
        "annotate",
        "deployment/checkout",
        "--field-manager=team",
        "note=later",
    ];
    stage.kubectl(&note).await;
    let app = stage.open(Person::Viewer, staging()).await;
    let deployment = app.runs("1.0.0").await;
    let details = details_when(&app, deployment, |details| {
        has(details, EvidenceWord::Inferred, "Event ScalingReplicaSet")
    })
    .await;
    let replica_set = details.workload.as_ref().unwrap().kept_in.clone().unwrap().name;
    let started = details.started.clone().unwrap();
    let told = scaled_up(&stage, &replica_set).await.timestamp_millis() as f64;
    assert_eq!(started.latest, told, "{details:?}");
    assert!(started.earliest.unwrap() < told, "still a range: {started:?}");
    assert_eq!(app.columns().await.versions().len(), 3, "joined, not told twice");
}

/// "by whichever colleague's Tidemark": another ledger knows of the operation only from the cluster.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleagues_rollback_says_who_and_why() {
    let stage = Stage::running("colleague", &["1.0.0", "1.1.0"]).await;
    let own = stage.open(Person::Releaser, staging()).await;
    own.runs("1.1.0").await;
    // Times of the cluster are whole seconds.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let operation = own.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");

    let data = stage.folder.path().join("another desktop");
    let colleague = App::start(&data, &[shared().kubeconfig_for(Person::Viewer)]);
    stage.save(&colleague, staging()).await;
    colleague.connected(ConnectionState::Live).await;
    let deployment = colleague.runs("1.0.0").await;
    let details = details_when(&colleague, deployment, |details| {
        has(details, EvidenceWord::Recorded, "Event RolledBack")
    })
    .await;
    let told = |attribution: Option<wire::timeline::Attribution>| {
        attribution.map(|attribution| (attribution.text, attribution.source))
    };
    let by_operation = |text: &str| Some((text.to_owned(), "operation".to_owned()));
    assert_eq!(told(details.who.clone()), by_operation("releaser"));
    assert_eq!(told(details.why.clone()), by_operation("orders fail"));
    assert_eq!(details.operation.as_deref(), Some(operation.id.as_str()));
    assert_eq!(details.evidence, EvidenceWord::Recorded);
    assert!(has(
        &details,
        EvidenceWord::Recorded,
        &format!("operation {}", operation.id)
    ));
    let started = details.started.clone().unwrap();
    assert!(
        started.earliest.is_none_or(|earliest| earliest < started.latest),
        "who is recorded, when is not: {started:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn why_pods_could_not_be_made_before_the_start() {
    let stage = Stage::running("quotafull", &["1.0.0"]).await;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": stage.namespace},
        "spec": {"hard": {"pods": "2"}},
    });
    let file = stage.folder.path().join("quota.json");
    std::fs::write(&file, quota.to_string()).unwrap();
    stage.kubectl(&["apply", "-f", &file.display().to_string()]).await;
    until("the quota is counted", async || {
        let used = [
            "get",
            "resourcequota",
            "few",
            "-o",
            "jsonpath={.status.used.pods}",
        ];
        Ok((stage.kubectl(&used).await == "2").then_some(()))
    })
    .await
    .unwrap();
    stage.ground.set_tag("1.1.0").await.unwrap();
    until("the ReplicaSet's pods are refused", async || {
        let reason = [
            "get",
            "events",
            "--field-selector",
            "reason=FailedCreate",
            "-o",
            "name",
        ];
        Ok((!stage.kubectl(&reason).await.trim().is_empty()).then_some(()))
    })
    .await
    .unwrap();
    let app = stage.open(Person::Viewer, staging()).await;
    let deployment = until("the matrix", async || {
        let cell = app.cell(crate::harness::app::ENVIRONMENT).await;
        let cell = cell.filter(|cell| cell.version.as_deref() == Some("1.1.0"));
        Ok(cell.and_then(|cell| cell.deployment))
    })
    .await
    .unwrap();
    let beginning = "Event FailedCreate of ReplicaSet checkout-";
    let details = details_when(&app, deployment, |details| {
        has(details, EvidenceWord::Inferred, beginning)
    })
    .await;
    let mut items = details.evidence_items.iter();
    assert!(
        items.any(|item| item.source.starts_with(beginning) && item.source.contains("exceeded quota: few")),
        "{:?}",
        details.evidence_items
    );
}
