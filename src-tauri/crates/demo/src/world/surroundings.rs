//! What stands around the Deployment objects: configuration, accounts, Services, guards, the owner, the
//! nodes and namespaces, and the events of the last hour.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::history::{Event, Lane};
use super::objects::uid_of;
use super::profile::{Place, Profile};
use super::templates::{config_maps, secrets};
use crate::cluster::{image_digest, stamp};

/// What stands around a Deployment object: its configuration, its account, its Service.
pub(crate) fn furniture(profile: &Profile, lane: &Lane, now: DateTime<Utc>) -> Vec<Value> {
    let namespace = profile.namespace(lane.place);
    let current = lane.events.last();
    let config = lane.events.iter().map(|event| event.config).max().unwrap_or(0);
    let changed = lane
        .events
        .iter()
        .rfind(|event| event.is_config)
        .map_or(now - Duration::days(80), |event| event.at);
    let named = |kind: &str, name: &str| {
        json!({"apiVersion": "v1", "kind": kind, "metadata": {
            "name": name, "namespace": namespace, "labels": {"app": profile.name},
            "creationTimestamp": stamp(now - Duration::days(200)),
            "managedFields": [{"manager": "deploy-pipeline", "operation": "Update", "time": stamp(changed)}],
        }})
    };
    let mut objects = vec![named("ServiceAccount", profile.name)];
    for (name, data) in config_maps(profile, lane.place, config) {
        let mut map = named("ConfigMap", &name);
        map["data"] = Value::Object(data);
        objects.push(map);
    }
    for (name, data) in secrets(profile) {
        let mut secret = named("Secret", &name);
        secret["data"] = Value::Object(data);
        objects.push(secret);
    }
    let mut service = named("Service", profile.name);
    service["spec"] = json!({
        "selector": {"app": profile.name}, "ports": [{"name": "http", "port": 80, "targetPort": 8080}],
    });
    objects.push(service);
    match profile.name {
        "search" => {
            let mut claim = named("PersistentVolumeClaim", "search-index");
            claim["spec"] =
                json!({"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "20Gi"}}});
            objects.push(claim);
        }
        "checkout" if lane.place == Place::ProdEu => objects.extend(checkout_guards(profile, namespace)),
        "gateway" if lane.place == Place::ProdEu => objects.push(application(current, now)),
        _ => {}
    }
    objects
}

/// The autoscaler and the disruption budget of checkout in prod-eu.
fn checkout_guards(profile: &Profile, namespace: &str) -> [Value; 2] {
    [
        json!({
            "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": profile.name, "namespace": namespace},
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": profile.name},
                "minReplicas": 4, "maxReplicas": 12,
                "metrics": [{"type": "Resource", "resource": {
                    "name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70},
                }}],
            },
            "status": {"currentReplicas": profile.replicas, "desiredReplicas": profile.replicas},
        }),
        json!({
            "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
            "metadata": {"name": profile.name, "namespace": namespace},
            "spec": {"minAvailable": "50%", "selector": {"matchLabels": {"app": profile.name}}},
        }),
    ]
}

/// The Argo CD Application that owns the gateway in prod-eu.
fn application(current: Option<&Event>, now: DateTime<Utc>) -> Value {
    let deployed = current.map_or(now, |event| event.at);
    let commit = uid_of("deploy/shop").replace('-', "");
    let revision = format!("{commit}9c1e4f20");
    let source = json!({
        "repoURL": "https://git.example/harbor/deploy.git", "path": "shop/gateway", "targetRevision": "main",
    });
    json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": {"name": "shop-gateway", "namespace": "argocd", "uid": uid_of("shop-gateway")},
        "spec": {
            "project": "default", "source": source,
            "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
            "syncPolicy": {"automated": {"prune": true, "selfHeal": true}},
        },
        "status": {
            "sync": {"status": "Synced", "revision": revision},
            "health": {"status": "Healthy"},
            "history": [{
                "id": 41, "revision": revision, "source": source,
                "deployStartedAt": stamp(deployed - Duration::seconds(20)), "deployedAt": stamp(deployed),
                "initiatedBy": {"automated": true},
            }],
            "resources": [{
                "group": "apps", "version": "v1", "kind": "Deployment", "namespace": "shop", "name": "gateway",
                "status": "Synced", "health": {"status": "Healthy"},
            }],
        },
    })
}

/// What every cluster of the demo has beside its services: namespaces, and the images that its nodes keep.
pub(crate) fn ground(place: Place, images: &[String], now: DateTime<Utc>) -> Vec<Value> {
    let spaces: &[&str] = match place {
        Place::ProdEu => &["shop", "money-eu", "argocd"],
        Place::ProdUs => &["shop", "money-us"],
        Place::Staging => &["shop"],
    };
    let mut objects: Vec<Value> = spaces
        .iter()
        .map(|name| {
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {
                "name": name, "labels": {"kubernetes.io/metadata.name": name},
                "creationTimestamp": stamp(now - Duration::days(400)),
            }})
        })
        .collect();
    let kept: Vec<Value> = images
        .iter()
        .map(|image| json!({"names": [image_digest(image), image], "sizeBytes": 148_000_000}))
        .collect();
    for number in 1..=3 {
        let name = format!("node-{number}");
        objects.push(json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {
                "name": name, "labels": {"kubernetes.io/hostname": name, "topology.kubernetes.io/region": place.cluster()},
                "creationTimestamp": stamp(now - Duration::days(300)),
            },
            "spec": {},
            "status": {
                "capacity": {"cpu": "16", "memory": "64Gi", "pods": "110"},
                "allocatable": {"cpu": "16", "memory": "64Gi", "pods": "110"},
                "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
                "images": kept,
            },
        }));
    }
    objects
}

/// What the kubelet said about a pod whose image can't be had, as far as Events are kept: an hour.
pub(crate) fn pull_events(pod: &Value, image: &str, since: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Value> {
    let word = |pointer: &str| pod.pointer(pointer).cloned().unwrap_or(Value::Null);
    let name = pod["metadata"]["name"].as_str().unwrap_or("").to_owned();
    let pulls = ((now - since).num_minutes() / 5).max(1);
    let failed = format!(
        "Failed to pull image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
    );
    [
        ("Failed", failed, pulls),
        (
            "BackOff",
            format!("Back-off pulling image \"{image}\""),
            pulls * 9,
        ),
    ]
    .into_iter()
    .map(|(reason, message, count)| {
        json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {
                "name": format!("{name}.{}", reason.to_lowercase()), "namespace": word("/metadata/namespace"),
                "creationTimestamp": stamp(since + Duration::seconds(20)),
            },
            "involvedObject": {
                "apiVersion": "v1", "kind": "Pod", "name": name, "namespace": word("/metadata/namespace"),
                "uid": word("/metadata/uid"), "fieldPath": "spec.containers{payments}",
            },
            "type": "Warning", "reason": reason, "message": message, "count": count,
            "firstTimestamp": stamp(since + Duration::seconds(20)), "lastTimestamp": stamp(now),
            "eventTime": null, "source": {"component": "kubelet", "host": word("/spec/nodeName")},
            "reportingComponent": "kubelet", "reportingInstance": word("/spec/nodeName"),
        })
    })
    .collect()
}
