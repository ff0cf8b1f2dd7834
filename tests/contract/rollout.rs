//! Rollouts that succeed: surge, unavailability, pauses, and what the status says on the way.

use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt;
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{DeleteParams, Preconditions, WatchEvent, WatchParams};
use serde_json::json;

use super::Ground;
use super::ground::{APP, condition, deployment, is_complete, revision};
use crate::cluster::until;

pub async fn surge_and_unavailability_are_kept(ground: Ground) -> Result<()> {
    let mut app = deployment("1.0.0", 4);
    app["spec"]["strategy"] = json!({"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}});
    ground.create::<Deployment>(app).await?;
    let settled = ground.settled().await?;
    let from = settled.resource_version().context("an object has a version")?;
    let ours = WatchParams::default().fields(&format!("metadata.name={APP}"));
    let stream = ground.api::<Deployment>().watch(&ours, &from).await?;
    tokio::pin!(stream);
    ground.set_tag("1.1.0-slow").await?;
    let mut most = 0;
    loop {
        let event = tokio::time::timeout(std::time::Duration::from_secs(90), stream.next()).await;
        let app = match event
            .context("the rollout did not end")?
            .context("the watch ended")??
        {
            WatchEvent::Modified(app) => app,
            WatchEvent::Bookmark(_) => continue,
            other => bail!("{other:?}"),
        };
        let status = app.status.clone().unwrap_or_default();
        let (all, available) = (
            status.replicas.unwrap_or(0),
            status.available_replicas.unwrap_or(0),
        );
        most = most.max(all);
        ensure!(all <= 5, "at most one too many, but {all}");
        ensure!(
            available >= 3,
            "at most one too few, but {available} are available"
        );
        if app.metadata.generation == Some(2) && is_complete(&app) {
            break;
        }
    }
    ensure!(most == 5, "the surge was used: at most {most} were seen");
    Ok(())
}

pub async fn recreate_ends_the_old_pods_first(ground: Ground) -> Result<()> {
    let mut app = deployment("1.0.0", 2);
    app["spec"]["strategy"] = json!({"type": "Recreate"});
    ground.create::<Deployment>(app).await?;
    ground.settled().await?;
    ground.set_tag("1.1.0-slow").await?;
    ground
        .app_when("new pods are there and none is available", |app| {
            let status = app.status.clone().unwrap_or_default();
            status.updated_replicas == Some(2) && status.available_replicas.unwrap_or(0) == 0
        })
        .await?;
    let status = ground.settled().await?.status.unwrap_or_default();
    ensure!(
        (status.replicas, status.available_replicas) == (Some(2), Some(2)),
        "{status:?}"
    );
    Ok(())
}

pub async fn a_paused_one_waits_until_it_is_resumed(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    ground.merge(json!({"spec": {"paused": true}})).await?;
    ground.set_tag("1.1.0").await?;
    let paused = ground
        .app_when("the pause is observed", |app| {
            let status = app.status.clone().unwrap_or_default();
            let progressing = condition(&status, "Progressing");
            status.observed_generation == Some(3) && progressing == Some(("Unknown", "DeploymentPaused"))
        })
        .await?;
    ensure!(
        paused
            .status
            .and_then(|status| status.updated_replicas)
            .unwrap_or(0)
            == 0,
        "nothing has rolled"
    );
    ensure!(ground.replica_sets().await?.len() == 1, "no ReplicaSet was made");
    ground.merge(json!({"spec": {"paused": null}})).await?;
    let resumed = ground.settled().await?;
    ensure!(revision(&resumed) == Some(2), "{:?}", resumed.annotations());
    Ok(())
}

pub async fn scaled_to_zero_it_has_no_pods(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 2).await?;
    ground.merge(json!({"spec": {"replicas": 0}})).await?;
    // `kubectl rollout status` is content before the old pods have gone: it compares with what is updated.
    ground
        .app_when("the status counts none", |app| {
            let status = app.status.clone().unwrap_or_default();
            status.observed_generation == Some(2) && status.replicas.unwrap_or(0) == 0
        })
        .await?;
    until("no pod is left", async || {
        Ok(ground.pods().await?.is_empty().then_some(()))
    })
    .await
}

pub async fn a_deleted_pod_is_replaced(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    let pods = ground.pods().await?;
    let pod = pods.first().context("one pod runs")?;
    let wrong = preconditions("00000000-0000-0000-0000-000000000000".into());
    let refused = ground.api::<Pod>().delete(&pod.name_any(), &wrong).await;
    super::ground::refusal(refused, 409, "Conflict").context("a pod of another uid stays")?;
    let right = preconditions(pod.uid().context("a pod has a uid")?);
    ground.api::<Pod>().delete(&pod.name_any(), &right).await?;
    until("another pod takes its place", async || {
        let now = ground.pods().await?;
        Ok((now.len() == 1 && now[0].uid() != pod.uid()).then_some(()))
    })
    .await
}

pub async fn deletion_takes_everything_along(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 2).await?;
    ground
        .api::<Deployment>()
        .delete(APP, &DeleteParams::background())
        .await?;
    until("ReplicaSets and pods are gone", async || {
        let left = ground.replica_sets().await?.len() + ground.pods().await?.len();
        Ok((left == 0
            && ground
                .api::<ReplicaSet>()
                .list(&Default::default())
                .await?
                .items
                .is_empty())
        .then_some(()))
    })
    .await
}

pub async fn the_status_settles_as_kubectl_says(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 3).await?;
    let app = ground
        .app_when("the conditions say so too", |app| {
            let status = app.status.clone().unwrap_or_default();
            condition(&status, "Progressing") == Some(("True", "NewReplicaSetAvailable"))
        })
        .await?;
    let status = app.status.unwrap_or_default();
    ensure!(
        condition(&status, "Available") == Some(("True", "MinimumReplicasAvailable")),
        "{status:?}"
    );
    let counts = (
        status.replicas,
        status.updated_replicas,
        status.ready_replicas,
        status.available_replicas,
    );
    ensure!(counts == (Some(3), Some(3), Some(3), Some(3)), "{status:?}");
    ensure!(
        status.unavailable_replicas.is_none(),
        "a zero is left out: {status:?}"
    );
    for pod in ground.pods().await? {
        let status = pod.status.clone().unwrap_or_default();
        let containers = status.container_statuses.unwrap_or_default();
        let container = containers
            .first()
            .context("a running pod has the status of its container")?;
        ensure!(
            status.phase.as_deref() == Some("Running") && container.ready,
            "{container:?}"
        );
        ensure!(container.image_id.contains("@sha256:"), "{container:?}");
        ensure!(
            pod.spec.and_then(|spec| spec.node_name).is_some(),
            "it was scheduled"
        );
    }
    Ok(())
}

fn preconditions(uid: String) -> DeleteParams {
    DeleteParams::default().preconditions(Preconditions {
        uid: Some(uid),
        resource_version: None,
    })
}
