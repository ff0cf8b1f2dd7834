//! A dry run is answered as the real thing, and leaves nothing.

use anyhow::{Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt;
use kube::api::{DeleteParams, PatchParams, PostParams};
use serde_json::json;

use super::Ground;
use super::ground::{APP, deployment, image, json_patch_of, refusal, template_image};

fn dry() -> PatchParams {
    PatchParams {
        dry_run: true,
        field_manager: Some("tidemark".into()),
        ..PatchParams::default()
    }
}

pub async fn a_patch_answers_with_the_next_generation_and_leaves_nothing(ground: Ground) -> Result<()> {
    let before = ground.rolled_out("1.0.0", 1).await?;
    let operations = json!([
        {"op": "test", "path": "/metadata/uid", "value": before.uid()},
        {"op": "test", "path": "/metadata/generation", "value": 1},
        {"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": image("1.1.0")},
    ]);
    let answer: Deployment = ground
        .api()
        .patch(APP, &dry(), &json_patch_of(operations))
        .await?;
    ensure!(
        answer.metadata.generation == Some(2),
        "the answer is what would be: {:?}",
        answer.metadata.generation
    );
    ensure!(
        template_image(&answer) == Some(image("1.1.0").as_str()),
        "{:?}",
        answer.spec
    );
    let after = ground.app().await?;
    ensure!(
        after.metadata == before.metadata && after.spec == before.spec,
        "something was left behind"
    );
    ensure!(ground.replica_sets().await?.len() == 1, "no rollout began");
    Ok(())
}

pub async fn a_patch_is_validated(ground: Ground) -> Result<()> {
    ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let path = "/spec/template/spec/containers/0/image";
    let patch = json_patch_of(json!([{"op": "replace", "path": path, "value": ""}]));
    let answer = ground.api::<Deployment>().patch(APP, &dry(), &patch).await;
    ensure!(
        refusal(answer, 422, "Invalid")?
            .details
            .is_some_and(|details| !details.causes.is_empty()),
        "no cause"
    );
    let stale = json_patch_of(json!([{"op": "test", "path": "/metadata/generation", "value": 7}]));
    refusal(
        ground.api::<Deployment>().patch(APP, &dry(), &stale).await,
        422,
        "Invalid",
    )
    .map(drop)
}

pub async fn a_created_pod_leaves_nothing(ground: Ground) -> Result<()> {
    let pod: Pod = serde_json::from_value(json!({
        "metadata": {"generateName": "check-"},
        "spec": {"containers": [{"name": "app", "image": image("1.0.0")}]},
    }))?;
    let parameters = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    let answer = ground.api::<Pod>().create(&parameters, &pod).await?;
    ensure!(
        answer.name_any().starts_with("check-"),
        "the answer has a name: {:?}",
        answer.metadata.name
    );
    let name = answer.name_any();
    ensure!(
        ground.api::<Pod>().get_opt(&name).await?.is_none(),
        "{name} was left behind"
    );
    Ok(())
}

pub async fn a_deletion_leaves_the_object(ground: Ground) -> Result<()> {
    let before = ground.rolled_out("1.0.0", 1).await?;
    ground
        .api::<Deployment>()
        .delete(APP, &DeleteParams::default().dry_run())
        .await?;
    let after = ground.app().await?;
    ensure!(
        after.metadata.deletion_timestamp.is_none() && after.uid() == before.uid(),
        "{:?}",
        after.metadata
    );
    Ok(())
}
