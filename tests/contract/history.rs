//! Revisions: how the Deployment controller numbers, renumbers and prunes ReplicaSets.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use kube::ResourceExt;
use serde_json::json;

use super::Ground;
use super::ground::{APP, deployment, image, revision};
use crate::cluster::until;

const HASH: &str = "pod-template-hash";
const CAUSE: &str = "kubernetes.io/change-cause";
const EARLIER: &str = "deployment.kubernetes.io/revision-history";

pub async fn the_first_rollout_is_revision_one(ground: Ground) -> Result<()> {
    let app = ground.rolled_out("1.0.0", 2).await?;
    ensure!(revision(&app) == Some(1), "{:?}", app.annotations());
    let sets = ground.replica_sets().await?;
    let [set] = sets.as_slice() else {
        anyhow::bail!("{} ReplicaSets", sets.len())
    };
    ensure!(revision(set) == Some(1), "{:?}", set.annotations());
    let owner = set
        .owner_references()
        .first()
        .context("a ReplicaSet has an owner")?;
    ensure!(
        Some(&owner.uid) == app.metadata.uid.as_ref() && owner.controller == Some(true),
        "{owner:?}"
    );
    let hash = set
        .labels()
        .get(HASH)
        .context("a ReplicaSet is labelled by its template's hash")?;
    ensure!(set.name_any() == format!("{APP}-{hash}"), "{}", set.name_any());
    let spec = set.spec.clone().context("a ReplicaSet has a spec")?;
    ensure!(
        spec.selector
            .match_labels
            .is_some_and(|labels| labels.get(HASH) == Some(hash)),
        "in its selector"
    );
    let template = spec
        .template
        .and_then(|template| template.metadata)
        .and_then(|metadata| metadata.labels);
    ensure!(
        template.is_some_and(|labels| labels.get(HASH) == Some(hash)),
        "in its template"
    );
    for pod in ground.pods().await? {
        ensure!(
            pod.labels().get(HASH) == Some(hash),
            "in its pods: {:?}",
            pod.labels()
        );
        ensure!(
            pod.owner_references()
                .first()
                .is_some_and(|owner| Some(&owner.uid) == set.metadata.uid.as_ref())
        );
    }
    let annotations = set.annotations();
    ensure!(
        annotations
            .get("deployment.kubernetes.io/desired-replicas")
            .map(String::as_str)
            == Some("2")
    );
    Ok(())
}

pub async fn a_new_template_is_a_new_revision(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    let app = ground.roll("1.1.0").await?;
    ensure!(revision(&app) == Some(2), "{:?}", app.annotations());
    let sets = ground.replica_sets().await?;
    ensure!(numbers(&sets) == [1, 2], "{:?}", numbers(&sets));
    let wanted: Vec<_> = sets
        .iter()
        .map(|set| set.spec.as_ref().and_then(|spec| spec.replicas))
        .collect();
    ensure!(
        wanted == [Some(0), Some(1)],
        "the old one is kept at zero: {wanted:?}"
    );
    ensure!(
        images(&sets) == [image("1.0.0"), image("1.1.0")],
        "{:?}",
        images(&sets)
    );
    Ok(())
}

pub async fn an_undo_renumbers_the_old_replica_set(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    ground.roll("1.1.0").await?;
    let before = ground.replica_sets().await?;
    let app = ground.roll("1.0.0").await?;
    ensure!(revision(&app) == Some(3), "{:?}", app.annotations());
    let after = ground.replica_sets().await?;
    ensure!(numbers(&after) == [2, 3], "1 has become 3: {:?}", numbers(&after));
    ensure!(
        after[1].uid() == before[0].uid(),
        "the same ReplicaSet is used again"
    );
    ensure!(
        after[1].annotations().get(EARLIER).map(String::as_str) == Some("1"),
        "{:?}",
        after[1].annotations()
    );
    ground.roll("1.1.0").await?;
    ground.roll("1.0.0").await?;
    let again = ground.replica_sets().await?;
    ensure!(numbers(&again) == [4, 5], "{:?}", numbers(&again));
    let history = again[1].annotations().get(EARLIER).map(String::as_str);
    ensure!(history == Some("1,3"), "all numbers that it had: {history:?}");
    Ok(())
}

pub async fn the_change_cause_is_copied_and_sticks(ground: Ground) -> Result<()> {
    let mut first = deployment("1.0.0", 1);
    first["metadata"]["annotations"] = json!({CAUSE: "first"});
    ground.create::<Deployment>(first).await?;
    ground.settled().await?;
    ground.roll("1.1.0").await?;
    let causes = causes(&ground).await?;
    ensure!(
        causes == ["first", "first"],
        "nobody said a new cause, so the old one was copied: {causes:?}"
    );
    ground
        .merge(json!({"metadata": {"annotations": {CAUSE: "second"}}}))
        .await?;
    until(
        "the new cause is copied to the current ReplicaSet alone",
        async || Ok((self::causes(&ground).await? == ["first", "second"]).then_some(())),
    )
    .await
}

pub async fn old_replica_sets_are_pruned_at_the_limit(ground: Ground) -> Result<()> {
    let mut app = deployment("1.0.0", 1);
    app["spec"]["revisionHistoryLimit"] = json!(2);
    ground.create::<Deployment>(app).await?;
    ground.settled().await?;
    for tag in ["1.1.0", "1.2.0", "1.3.0"] {
        ground.roll(tag).await?;
    }
    until("two old ReplicaSets and the current one are left", async || {
        Ok((numbers(&ground.replica_sets().await?) == [2, 3, 4]).then_some(()))
    })
    .await
}

pub async fn scaling_makes_no_revision(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    ground.merge(json!({"spec": {"replicas": 3}})).await?;
    let app = ground.settled().await?;
    ensure!(
        revision(&app) == Some(1) && app.metadata.generation == Some(2),
        "{:?}",
        app.metadata
    );
    let sets = ground.replica_sets().await?;
    ensure!(sets.len() == 1, "the replica count is no part of a revision");
    Ok(())
}

fn numbers(sets: &[ReplicaSet]) -> Vec<u64> {
    sets.iter().filter_map(revision).collect()
}

fn images(sets: &[ReplicaSet]) -> Vec<String> {
    let pod_specs = sets
        .iter()
        .filter_map(|set| set.spec.as_ref()?.template.as_ref()?.spec.as_ref());
    pod_specs
        .filter_map(|spec| spec.containers.first()?.image.clone())
        .collect()
}

async fn causes(ground: &Ground) -> Result<Vec<String>> {
    let sets = ground.replica_sets().await?;
    Ok(sets
        .iter()
        .filter_map(|set| set.annotations().get(CAUSE).cloned())
        .collect())
}
