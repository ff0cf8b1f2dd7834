//! Rollouts that do not succeed, and how they show it.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ContainerStatus, Pod};
use kube::ResourceExt;
use kube::api::LogParams;
use serde_json::json;

use super::Ground;
use super::ground::{condition, deployment};
use crate::cluster::until;

pub async fn a_hanging_rollout_keeps_the_old_pods(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 3).await?;
    ground.set_tag("1.1.0-pullfail").await?;
    let app = ground
        .app_when("the surge pod is there", |app| {
            let status = app.status.clone().unwrap_or_default();
            status.observed_generation == Some(2)
                && status.updated_replicas == Some(1)
                && status.replicas == Some(4)
        })
        .await?;
    let status = app.status.unwrap_or_default();
    ensure!(
        status.available_replicas == Some(3),
        "25 % of 3 may not be missed: {status:?}"
    );
    ensure!(
        condition(&status, "Available") == Some(("True", "MinimumReplicasAvailable")),
        "{status:?}"
    );
    let pod = until("the new pod says what it waits for", async || {
        let pods = ground.pods().await?;
        Ok(pods
            .into_iter()
            .find(|pod| waiting(pod).as_deref() == Some("ImagePullBackOff")))
    })
    .await?;
    ensure!(
        pod.status.and_then(|status| status.phase).as_deref() == Some("Pending"),
        "it never ran"
    );
    let back = ground.roll("1.0.0").await?;
    let status = back.status.unwrap_or_default();
    ensure!(
        (status.replicas, status.available_replicas) == (Some(3), Some(3)),
        "{status:?}"
    );
    Ok(())
}

pub async fn the_deadline_condition_changes_and_changes_back(ground: Ground) -> Result<()> {
    let mut app = deployment("1.0.0", 1);
    app["spec"]["progressDeadlineSeconds"] = json!(2);
    ground.create::<Deployment>(app).await?;
    ground.settled().await?;
    ground.set_tag("1.1.0-pullfail").await?;
    let late = ground
        .app_when("the deadline passes", |app| {
            progressing(app) == Some(("False", "ProgressDeadlineExceeded"))
        })
        .await?;
    let since = changed(&late).context("a condition says since when")?;
    ensure!(
        late.status.and_then(|status| status.observed_generation) == Some(2),
        "of this generation"
    );
    ground.set_tag("1.2.0").await?;
    let well = ground
        .app_when("it progresses again", |app| {
            progressing(app) == Some(("True", "NewReplicaSetAvailable"))
        })
        .await?;
    ensure!(
        changed(&well).is_some_and(|now| now >= since),
        "the time of the change moves forward"
    );
    Ok(())
}

pub async fn a_crashing_container_is_restarted_counted_and_logged(ground: Ground) -> Result<()> {
    ground
        .create::<Deployment>(deployment("1.0.0-crashloop", 1))
        .await?;
    let (pod, container) = until("it has crashed twice and waits", async || {
        let crashed = |container: &ContainerStatus| {
            let waiting = container.state.as_ref().and_then(|state| state.waiting.as_ref());
            let reason = waiting.and_then(|waiting| waiting.reason.as_deref());
            reason == Some("CrashLoopBackOff") && container.restart_count >= 2
        };
        let pods = ground.pods().await?;
        Ok(pods
            .iter()
            .find_map(|pod| Some((pod.name_any(), first_container(pod).filter(crashed)?))))
    })
    .await?;
    let last = container
        .last_state
        .and_then(|state| state.terminated)
        .context("it says how the last run ended")?;
    ensure!(last.exit_code != 0 && last.finished_at.is_some(), "{last:?}");
    let status = ground.app().await?.status.unwrap_or_default();
    ensure!(status.unavailable_replicas == Some(1), "{status:?}");
    ensure!(
        condition(&status, "Available") == Some(("False", "MinimumReplicasUnavailable")),
        "{status:?}"
    );
    let previous = LogParams {
        container: Some("app".into()),
        previous: true,
        ..LogParams::default()
    };
    let log = ground.api::<Pod>().logs(&pod, &previous).await?;
    ensure!(!log.trim().is_empty(), "the run that crashed has left its log");
    Ok(())
}

fn first_container(pod: &Pod) -> Option<ContainerStatus> {
    pod.status.as_ref()?.container_statuses.as_ref()?.first().cloned()
}

fn waiting(pod: &Pod) -> Option<String> {
    first_container(pod)?.state?.waiting?.reason
}

fn progressing(app: &Deployment) -> Option<(&str, &str)> {
    condition(app.status.as_ref()?, "Progressing")
}

fn changed(app: &Deployment) -> Option<k8s_openapi::apimachinery::pkg::apis::meta::v1::Time> {
    let conditions = app.status.as_ref()?.conditions.as_ref()?;
    conditions
        .iter()
        .find(|condition| condition.type_ == "Progressing")?
        .last_transition_time
        .clone()
}
