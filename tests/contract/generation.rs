//! `metadata.generation` counts changes of the spec and of nothing else: the precondition of a rollback.

use anyhow::{Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use kube::ResourceExt;
use kube::api::{Patch, PatchParams};
use serde_json::json;

use super::Ground;
use super::ground::{APP, deployment, image};

pub async fn a_new_object_has_generation_one(ground: Ground) -> Result<()> {
    let app: Deployment = ground.create(deployment("1.0.0", 1)).await?;
    ensure!(app.metadata.generation == Some(1), "{:?}", app.metadata);
    ensure!(
        app.metadata.uid.is_some() && app.metadata.resource_version.is_some(),
        "{:?}",
        app.metadata
    );
    Ok(())
}

pub async fn a_change_of_the_spec_moves_it_by_one(ground: Ground) -> Result<()> {
    ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let changed = ground.set_tag("1.1.0").await?;
    ensure!(
        changed.metadata.generation == Some(2),
        "the answer to the patch says {:?}",
        changed.metadata.generation
    );
    let read = ground.app().await?;
    ensure!(
        read.metadata.generation == Some(2),
        "a read says {:?}",
        read.metadata.generation
    );
    Ok(())
}

pub async fn labels_leave_it(ground: Ground) -> Result<()> {
    let before: Deployment = ground.create(deployment("1.0.0", 1)).await?;
    let after = ground
        .merge(json!({"metadata": {"labels": {"team": "pay"}}}))
        .await?;
    ensure!(
        after.metadata.generation == Some(1),
        "{:?}",
        after.metadata.generation
    );
    ensure!(
        after.metadata.resource_version != before.metadata.resource_version,
        "the object has changed"
    );
    Ok(())
}

/// So it is for Deployment objects: their annotations tell the controller things, and count as its input.
pub async fn annotations_move_it(ground: Ground) -> Result<()> {
    ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let after = ground
        .merge(json!({"metadata": {"annotations": {"note": "x"}}}))
        .await?;
    ensure!(
        after.metadata.generation == Some(2),
        "{:?}",
        after.metadata.generation
    );
    Ok(())
}

/// The controller writes it with the status, which is no input.
pub async fn the_revision_annotation_leaves_it(ground: Ground) -> Result<()> {
    let app = ground.rolled_out("1.0.0", 1).await?;
    ensure!(
        app.annotations()
            .contains_key("deployment.kubernetes.io/revision"),
        "{:?}",
        app.annotations()
    );
    ensure!(
        app.metadata.generation == Some(1),
        "{:?}",
        app.metadata.generation
    );
    Ok(())
}

pub async fn scaling_moves_it(ground: Ground) -> Result<()> {
    ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let scale = Patch::Merge(json!({"spec": {"replicas": 3}}));
    ground
        .api::<Deployment>()
        .patch_scale(APP, &PatchParams::default(), &scale)
        .await?;
    let read = ground.app().await?;
    let replicas = read.spec.and_then(|spec| spec.replicas);
    ensure!(
        (read.metadata.generation, replicas) == (Some(2), Some(3)),
        "an autoscaler scales in this way"
    );
    Ok(())
}

pub async fn status_churn_leaves_it_and_moves_the_resource_version(ground: Ground) -> Result<()> {
    let created: Deployment = ground.create(deployment("1.0.0", 2)).await?;
    let settled = ground.settled().await?;
    ensure!(
        settled.metadata.generation == Some(1),
        "{:?}",
        settled.metadata.generation
    );
    ensure!(
        settled.metadata.resource_version != created.metadata.resource_version,
        "the status was written"
    );
    Ok(())
}

pub async fn a_patch_that_changes_nothing_moves_nothing(ground: Ground) -> Result<()> {
    let settled = ground.rolled_out("1.0.0", 1).await?;
    let again = ground.set_tag("1.0.0").await?;
    ensure!(
        again.metadata.generation == Some(1),
        "{} is there already",
        image("1.0.0")
    );
    ensure!(
        again.metadata.resource_version == settled.metadata.resource_version,
        "nothing was written"
    );
    Ok(())
}
