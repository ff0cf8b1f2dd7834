//! What our patch does to a team that applies its manifests server-side, and how it is made good
//! (kubernetes.md, "Deployment objects"). Only a real API server can say this.

use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::ResourceExt;
use kube::api::{Patch, PatchParams};
use serde_json::{Value, json};
use tests::cluster::{Person, shared};
use tests::contract::ground::{json_patch_of, refusal};

fn manifest(tag: &str) -> Patch<Value> {
    Patch::Apply(json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "app"},
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"app": "app"}},
            "template": {
                "metadata": {"labels": {"app": "app"}},
                "spec": {"containers": [{"name": "app", "image": format!("registry.example/app:{tag}")}]},
            },
        },
    }))
}

#[tokio::test]
async fn a_teams_apply_conflicts_with_our_patch_until_our_entry_is_dropped() {
    let namespace = shared().namespace("apply").await.unwrap();
    let deployments: Api<Deployment> =
        Api::namespaced(shared().client_for(Person::Admin).await.unwrap(), &namespace);
    let team = PatchParams::apply("team");
    deployments.patch("app", &team, &manifest("1.0.0")).await.unwrap();
    let ours = PatchParams {
        field_manager: Some("tidemark".into()),
        ..PatchParams::default()
    };
    let path = "/spec/template/spec/containers/0/image";
    let rollback =
        json_patch_of(json!([{"op": "replace", "path": path, "value": "registry.example/app:0.9.0"}]));
    let patched = deployments.patch("app", &ours, &rollback).await.unwrap();

    let conflict = refusal(
        deployments.patch("app", &team, &manifest("1.1.0")).await,
        409,
        "Conflict",
    )
    .unwrap();
    let causes = conflict.details.unwrap().causes;
    assert!(
        causes[0].reason == "FieldManagerConflict" && causes[0].message.contains("tidemark"),
        "{causes:?}"
    );

    let others: Vec<_> = patched
        .managed_fields()
        .iter()
        .filter(|entry| entry.manager.as_deref() != Some("tidemark"))
        .collect();
    let drop_ours =
        json_patch_of(json!([{"op": "replace", "path": "/metadata/managedFields", "value": others}]));
    deployments.patch("app", &ours, &drop_ours).await.unwrap();
    let applied = deployments.patch("app", &team, &manifest("1.1.0")).await.unwrap();
    let image = applied.spec.unwrap().template.spec.unwrap().containers[0]
        .image
        .clone();
    assert_eq!(
        image.as_deref(),
        Some("registry.example/app:1.1.0"),
        "the team's apply works as it expects"
    );
}
