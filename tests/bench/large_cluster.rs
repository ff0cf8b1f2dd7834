//! A real control plane with 1,000 Deployment objects and 10,000 ReplicaSets, ten each, of usual size.
//!
//! They want no replicas, so that no pod comes, and are paused, so that the controllers add nothing to them.

use std::time::Duration;

use ::tests::cluster::{ControlPlane, Person, until_within};
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use kube::api::{ListParams, PostParams};
use kube::{Api, Client};
use serde_json::{Value, json};

pub const DEPLOYMENTS: usize = 1_000;
pub const REPLICA_SETS_EACH: usize = 10;
const NAMESPACES: usize = 20;
/// Requests under way at once.
const AT_ONCE: usize = 24;
const SETTLED_WITHIN: Duration = Duration::from_secs(300);

/// The service that a Deployment object runs, and its name.
pub fn service(number: usize) -> String {
    format!("service-{number:04}")
}

/// Starts a control plane and fills it. Takes about a minute on two cores.
pub async fn start() -> Result<ControlPlane> {
    let control_plane = ControlPlane::start()?;
    let mut namespaces = Vec::new();
    for _ in 0..NAMESPACES {
        namespaces.push(control_plane.namespace("harbor").await?);
    }
    let client = control_plane.client_for(Person::Admin).await?;
    let all = (0..DEPLOYMENTS).map(|number| make(client.clone(), &namespaces[number % NAMESPACES], number));
    stream::iter(all)
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    settle(&client).await?;
    Ok(control_plane)
}

/// Waits until the controllers have seen everything, so that they are quiet while we measure.
async fn settle(client: &Client) -> Result<()> {
    let api: Api<Deployment> = Api::all(client.clone());
    until_within(
        SETTLED_WITHIN,
        "the controllers have seen every object",
        async || {
            let list = api.list(&ListParams::default()).await?;
            let seen = list.items.iter().filter(|one| {
                let seen = one.status.as_ref().and_then(|status| status.observed_generation);
                seen.is_some() && seen == one.metadata.generation
            });
            Ok((seen.count() == DEPLOYMENTS).then_some(()))
        },
    )
    .await
}

async fn make(client: Client, namespace: &str, number: usize) -> Result<()> {
    let name = service(number);
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), namespace);
    let post = PostParams::default();
    let newest = REPLICA_SETS_EACH;
    let deployment = serde_json::from_value(deployment(&name, newest))?;
    let made = deployments
        .create(&post, &deployment)
        .await
        .context("a Deployment object was refused")?;
    let uid = made.metadata.uid.context("an object has a uid")?;
    let replica_sets: Api<ReplicaSet> = Api::namespaced(client, namespace);
    for revision in 1..=REPLICA_SETS_EACH {
        let object: ReplicaSet = serde_json::from_value(replica_set(&name, &uid, revision))?;
        let mut made = replica_sets
            .create(&post, &object)
            .await
            .context("a ReplicaSet was refused")?;
        // As the controller would set it, at twenty a second.
        made.status = serde_json::from_value(json!({"replicas": 0, "observedGeneration": 1}))?;
        let name = made.metadata.name.clone().unwrap_or_default();
        // The controller was sooner: then it is set.
        let _ = replica_sets.replace_status(&name, &post, &made).await;
    }
    Ok(())
}

fn deployment(name: &str, revision: usize) -> Value {
    json!({
        "metadata": {
            "name": name,
            "labels": labels(name),
            "annotations": {
                "deployment.kubernetes.io/revision": revision.to_string(),
                "kubernetes.io/change-cause": format!("release {revision} of {name}"),
            },
        },
        "spec": {
            "paused": true,
            "replicas": 0,
            "revisionHistoryLimit": 10,
            "selector": {"matchLabels": {"app.kubernetes.io/name": name}},
            "template": template(name, revision, &json!(labels(name))),
        },
    })
}

fn replica_set(name: &str, uid: &str, revision: usize) -> Value {
    let hash = format!(
        "{:010x}",
        0x9e37_79b9_usize.wrapping_mul(revision) % 0xff_ffff_ffff
    );
    let mut labels = labels(name);
    labels["pod-template-hash"] = json!(hash);
    json!({
        "metadata": {
            "name": format!("{name}-{hash}"),
            "labels": labels,
            "annotations": {
                "deployment.kubernetes.io/desired-replicas": "0",
                "deployment.kubernetes.io/max-replicas": "0",
                "deployment.kubernetes.io/revision": revision.to_string(),
                "kubernetes.io/change-cause": format!("release {revision} of {name}"),
            },
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": uid,
                "controller": true, "blockOwnerDeletion": true,
            }],
        },
        "spec": {
            "replicas": 0,
            "selector": {"matchLabels": {"app.kubernetes.io/name": name, "pod-template-hash": hash}},
            "template": template(name, revision, &labels),
        },
    })
}

fn labels(name: &str) -> Value {
    json!({
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/part-of": "harbor",
        "app.kubernetes.io/managed-by": "deployer",
        "team": "payments",
    })
}

/// A service's usual template: a container with its settings, limits and probes, and one for its logs.
fn template(name: &str, revision: usize, labels: &Value) -> Value {
    let settings: Vec<Value> = (0..12)
        .map(|number| json!({"name": format!("SETTING_{number}"), "value": format!("value {number} of {name}")}))
        .collect();
    let probe = |path: &str| json!({"httpGet": {"path": path, "port": 8080}, "periodSeconds": 10});
    let limits =
        |memory: &str| json!({"requests": {"cpu": "100m", "memory": memory}, "limits": {"memory": memory}});
    json!({
        "metadata": {
            "labels": labels,
            "annotations": {"checksum/config": format!("{revision:064x}"), "prometheus.io/scrape": "true"},
        },
        "spec": {
            "serviceAccountName": name,
            "securityContext": {"runAsNonRoot": true, "fsGroup": 2000},
            "containers": [
                {
                    "name": "app",
                    "image": format!("registry.example/harbor/{name}:1.{revision}.0"),
                    "ports": [{"name": "http", "containerPort": 8080}, {"name": "metrics", "containerPort": 9090}],
                    "env": settings,
                    "envFrom": [{"configMapRef": {"name": format!("{name}-settings")}}],
                    "resources": limits("512Mi"),
                    "livenessProbe": probe("/live"),
                    "readinessProbe": probe("/ready"),
                    "volumeMounts": [{"name": "settings", "mountPath": "/etc/settings", "readOnly": true}],
                },
                {
                    "name": "logs",
                    "image": "registry.example/logs:3.2.1",
                    "args": ["--config=/etc/settings/logs.yaml", "--level=info"],
                    "resources": limits("64Mi"),
                    "volumeMounts": [{"name": "settings", "mountPath": "/etc/settings", "readOnly": true}],
                },
            ],
            "volumes": [{"name": "settings", "configMap": {"name": format!("{name}-settings")}}],
        },
    })
}
