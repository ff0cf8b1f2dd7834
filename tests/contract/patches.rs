//! What a guarded patch answers: the forms by which a rollback learns that somebody was faster.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::Deployment;
use kube::ResourceExt;
use kube::api::{Patch, PatchParams, PostParams};
use kube::core::Status;
use serde_json::{Value, json};

use super::Ground;
use super::ground::{APP, deployment, image, refusal, template_image};

pub async fn a_passing_test_lets_the_patch_through(ground: Ground) -> Result<()> {
    let before = ground.rolled_out("1.0.0", 1).await?;
    let mut operations = vec![
        test("/metadata/uid", json!(before.uid())),
        test("/metadata/generation", json!(1)),
    ];
    operations.extend([
        set_image("1.1.0"),
        json!({"op": "add", "path": "/metadata/annotations/note", "value": "x"}),
    ]);
    let after = ground.json_patch(Value::Array(operations)).await?;
    ensure!(
        after.metadata.generation == Some(2),
        "the answer has the new generation"
    );
    ensure!(
        template_image(&after) == Some(image("1.1.0").as_str()),
        "{:?}",
        after.spec
    );
    ensure!(
        after.annotations().get("note").map(String::as_str) == Some("x"),
        "one annotation was added"
    );
    ensure!(
        after.annotations().len() == before.annotations().len() + 1,
        "the others stayed"
    );
    Ok(())
}

pub async fn a_stale_generation_is_422_without_details(ground: Ground) -> Result<()> {
    let generation = |_: &Deployment| test("/metadata/generation", json!(7));
    refused_and_unchanged(ground, generation)
        .await
        .and_then(ensure_empty_details)
}

pub async fn a_wrong_uid_is_422_without_details(ground: Ground) -> Result<()> {
    let uid = |_: &Deployment| test("/metadata/uid", json!("00000000-0000-0000-0000-000000000000"));
    refused_and_unchanged(ground, uid)
        .await
        .and_then(ensure_empty_details)
}

pub async fn a_missing_path_is_422_without_details(ground: Ground) -> Result<()> {
    let missing = |_: &Deployment| test("/metadata/labels/nobody", json!("x"));
    refused_and_unchanged(ground, missing)
        .await
        .and_then(ensure_empty_details)
}

pub async fn adding_under_missing_annotations_is_422(ground: Ground) -> Result<()> {
    let mut paused = deployment("1.0.0", 1);
    // The controller annotates what it rolls out; a new paused object stays without annotations.
    paused["spec"]["paused"] = json!(true);
    let created: Deployment = ground.create(paused).await?;
    ensure!(
        created.metadata.annotations.is_none(),
        "{:?}",
        created.metadata.annotations
    );
    let single = json!([{"op": "add", "path": "/metadata/annotations/note", "value": "x"}]);
    refusal(ground.json_patch(single).await, 422, "Invalid")?;
    let map = json!([{"op": "add", "path": "/metadata/annotations", "value": {"note": "x"}}]);
    let annotated = ground.json_patch(map).await?;
    ensure!(
        annotated.annotations().get("note").map(String::as_str) == Some("x"),
        "a whole map can be added"
    );
    Ok(())
}

pub async fn an_invalid_object_is_422_with_causes(ground: Ground) -> Result<()> {
    ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let path = "/spec/template/spec/containers/0/image";
    let operations = json!([{"op": "replace", "path": path, "value": ""}]);
    let status = refusal(ground.json_patch(operations).await, 422, "Invalid")?;
    let details = status.details.context("a validation says where it failed")?;
    ensure!(details.name == APP && details.kind == "Deployment", "{details:?}");
    let cause = details.causes.first().context("a validation has causes")?;
    ensure!(
        cause.field == "spec.template.spec.containers[0].image",
        "{cause:?}"
    );
    ensure!(
        cause.reason == "FieldValueRequired" && !cause.message.is_empty(),
        "{cause:?}"
    );
    Ok(())
}

pub async fn the_selector_is_immutable(ground: Ground) -> Result<()> {
    ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let labels = json!({"app": APP, "track": "stable"});
    let operations = json!([
        {"op": "replace", "path": "/spec/selector/matchLabels", "value": labels},
        {"op": "replace", "path": "/spec/template/metadata/labels", "value": labels},
    ]);
    let status = refusal(ground.json_patch(operations).await, 422, "Invalid")?;
    let causes = status.details.map(|details| details.causes).unwrap_or_default();
    ensure!(
        causes.iter().any(|cause| cause.field == "spec.selector"),
        "{causes:?}"
    );
    Ok(())
}

pub async fn a_stale_resource_version_is_409(ground: Ground) -> Result<()> {
    let created: Deployment = ground.create(deployment("1.0.0", 1)).await?;
    ground.settled().await?;
    let stale = created.resource_version();
    let json =
        json!([{"op": "replace", "path": "/metadata/resourceVersion", "value": stale}, set_image("1.1.0")]);
    refusal(ground.json_patch(json).await, 409, "Conflict").context("by a JSON Patch")?;
    let merge = Patch::Merge(json!({"metadata": {"resourceVersion": stale, "labels": {"a": "b"}}}));
    let answer = ground
        .api::<Deployment>()
        .patch(APP, &PatchParams::default(), &merge)
        .await;
    refusal(answer, 409, "Conflict").context("by a merge patch")?;
    let answer = ground
        .api::<Deployment>()
        .replace(APP, &PostParams::default(), &created)
        .await;
    refusal(answer, 409, "Conflict").context("by a replacement")?;
    ensure!(
        template_image(&ground.app().await?) == Some(image("1.0.0").as_str()),
        "nothing was written"
    );
    Ok(())
}

pub async fn creating_twice_is_409(ground: Ground) -> Result<()> {
    let app = ground.create::<Deployment>(deployment("1.0.0", 1)).await?;
    let again: Deployment = serde_json::from_value(deployment("1.0.0", 1))?;
    let answer = ground.api().create(&PostParams::default(), &again).await;
    let status = refusal(answer, 409, "AlreadyExists")?;
    ensure!(
        status
            .details
            .is_some_and(|details| details.name == app.name_any()),
        "it says what exists"
    );
    Ok(())
}

pub async fn what_is_not_there_is_404(ground: Ground) -> Result<()> {
    let status = refusal(ground.api::<Deployment>().get("nobody").await, 404, "NotFound")?;
    let details = status.details.context("it says what is missing")?;
    let named = (
        details.name.as_str(),
        details.kind.as_str(),
        details.group.as_str(),
    );
    ensure!(named == ("nobody", "deployments", "apps"), "{details:?}");
    refusal(
        ground.json_patch(json!([set_image("1.1.0")])).await,
        404,
        "NotFound",
    )
    .map(drop)
}

pub async fn the_field_manager_is_recorded(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    let patched = ground.json_patch(json!([set_image("1.1.0")])).await?;
    let ours: Vec<_> = patched
        .managed_fields()
        .iter()
        .filter(|entry| entry.manager.as_deref() == Some("tidemark"))
        .collect();
    ensure!(ours.len() == 1, "{:?}", patched.managed_fields());
    ensure!(ours[0].operation.as_deref() == Some("Update"), "{:?}", ours[0]);
    ensure!(
        ours[0].time.is_some() && ours[0].api_version.as_deref() == Some("apps/v1"),
        "{:?}",
        ours[0]
    );
    let fields = serde_json::to_string(&ours[0].fields_v1)?;
    ensure!(
        fields.contains("f:template") && fields.contains("f:image"),
        "the fields that we changed: {fields}"
    );
    Ok(())
}

pub async fn our_managed_fields_entry_can_be_dropped(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    ground.json_patch(json!([set_image("1.1.0")])).await?;
    let settled = ground.settled().await?;
    let others: Vec<_> = settled
        .managed_fields()
        .iter()
        .filter(|entry| entry.manager.as_deref() != Some("tidemark"))
        .collect();
    let operations = json!([
        test("/metadata/resourceVersion", json!(settled.resource_version())),
        {"op": "replace", "path": "/metadata/managedFields", "value": others},
    ]);
    let after = ground.json_patch(operations).await?;
    let managers: Vec<_> = after
        .managed_fields()
        .iter()
        .filter_map(|entry| entry.manager.as_deref())
        .collect();
    ensure!(!managers.contains(&"tidemark"), "{managers:?}");
    ensure!(managers.len() == others.len(), "the others stayed: {managers:?}");
    ensure!(
        after.metadata.generation == settled.metadata.generation,
        "the spec is untouched"
    );
    Ok(())
}

/// A patch behind a test that must fail: refused, and nothing of it is written.
async fn refused_and_unchanged(ground: Ground, guard: impl Fn(&Deployment) -> Value) -> Result<Box<Status>> {
    let before = ground.rolled_out("1.0.0", 1).await?;
    let status = refusal(
        ground
            .json_patch(json!([guard(&before), set_image("1.1.0")]))
            .await,
        422,
        "Invalid",
    )?;
    let after = ground.app().await?;
    ensure!(
        after.metadata.generation == before.metadata.generation,
        "a refused patch wrote something"
    );
    Ok(status)
}

/// A failed test says nothing of what failed.
fn ensure_empty_details(status: Box<Status>) -> Result<()> {
    if let Some(details) = &status.details {
        let named = !details.name.is_empty() || !details.kind.is_empty() || !details.causes.is_empty();
        ensure!(!named, "{status:?}");
    }
    Ok(())
}

fn test(path: &str, value: Value) -> Value {
    json!({"op": "test", "path": path, "value": value})
}

fn set_image(tag: &str) -> Value {
    json!({"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": image(tag)})
}
