//! The objects of each cluster: what runs now, with the ReplicaSets that the cluster still keeps of what
//! ran before.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};
use sha2::Digest;

use super::history::{Event, Lane, Outcome};
use super::profile::{Place, Profile};
use super::surroundings::{furniture, pull_events};
use super::templates::template;
use crate::cluster::{TemplateLetters, image_digest, stamp, template_hash};

/// How many old ReplicaSets a Deployment object keeps.
const KEPT: usize = 10;

/// A uid that follows from what it is for.
pub(crate) fn uid_of(words: &str) -> String {
    let digest = sha2::Sha256::digest(words.as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// The uid of the Deployment object of that lane.
pub(crate) fn deployment_uid(profile: &Profile, place: Place) -> String {
    uid_of(&format!("{}/Deployment/{}", place.cluster(), profile.name))
}

/// The name of the ReplicaSet of that template.
pub(crate) fn set_name(profile: &Profile, place: Place, version: &str, config: u32) -> String {
    format!(
        "{}-{}",
        profile.name,
        template_hash(&template(profile, place, version, config))
    )
}

/// A ReplicaSet that a lane left behind.
struct Set<'e> {
    event: &'e Event,
    born: DateTime<Utc>,
    revision: usize,
    before: Vec<usize>,
}

/// All objects of one service in one place.
pub(crate) fn of_lane(profile: &Profile, lane: &Lane, now: DateTime<Utc>) -> Vec<Value> {
    let mut objects = furniture(profile, lane, now);
    let Some(current) = lane.events.last() else {
        return objects;
    };
    let sets = kept_sets(lane);
    let shares = shares(profile, lane, &sets);
    objects.push(deployment(profile, lane, current, &sets, &shares));
    for (set, share) in sets.iter().zip(&shares) {
        objects.push(replica_set(profile, lane, set, share));
        for number in 0..share.pods {
            let pod = pod(profile, lane, set, share, number, now);
            let events = if share.broken {
                let image = format!("{}:{}", profile.image(), set.event.version);
                pull_events(&pod, &image, set.event.at, now)
            } else {
                Vec::new()
            };
            objects.push(pod);
            objects.extend(events);
        }
    }
    objects
}

/// The newest templates of a lane, each once, the present one last.
fn kept_sets(lane: &Lane) -> Vec<Set<'_>> {
    let mut sets: BTreeMap<(String, u32), Set<'_>> = BTreeMap::new();
    for (place, event) in lane.events.iter().enumerate() {
        let revision = place + 1;
        sets.entry((event.version.clone(), event.config))
            .and_modify(|set| {
                set.before.push(set.revision);
                set.revision = revision;
                set.event = event;
            })
            .or_insert(Set {
                event,
                born: event.at,
                revision,
                before: Vec::new(),
            });
    }
    let mut sets: Vec<Set<'_>> = sets.into_values().collect();
    sets.sort_by_key(|set| set.revision);
    let surplus = sets.len().saturating_sub(KEPT + 1);
    sets.drain(..surplus);
    sets
}

/// How many pods a ReplicaSet has, and how they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    pods: i64,
    ready: i64,
    broken: bool,
}

fn shares(profile: &Profile, lane: &Lane, sets: &[Set<'_>]) -> Vec<Share> {
    let total = profile.replicas(lane.place);
    let last = sets.len().saturating_sub(1);
    let outcome = sets.last().map(|set| set.event.outcome);
    sets.iter()
        .enumerate()
        .map(|(place, _)| {
            let (pods, ready, broken) = match outcome {
                Some(Outcome::Failed(_)) if place == last => (total / 2, 0, true),
                Some(Outcome::Failed(_)) if place + 1 == last => {
                    (total - total / 2, total - total / 2, false)
                }
                Some(Outcome::Open) if place == last => (5, 2, false),
                Some(Outcome::Open) if place + 1 == last => (total - 2, total - 2, false),
                Some(Outcome::Settled(_) | Outcome::TakenBack(_)) if place == last => (total, total, false),
                _ => (0, 0, false),
            };
            Share { pods, ready, broken }
        })
        .collect()
}

fn deployment(profile: &Profile, lane: &Lane, current: &Event, sets: &[Set<'_>], shares: &[Share]) -> Value {
    let total = profile.replicas(lane.place);
    let pods: i64 = shares.iter().map(|share| share.pods).sum();
    let ready: i64 = shares.iter().map(|share| share.ready).sum();
    let updated = shares.last().map_or(0, |share| share.pods);
    let mut annotations = change_cause(current);
    annotations.insert(
        "deployment.kubernetes.io/revision".into(),
        lane.events.len().to_string().into(),
    );
    let owned_by_argo = profile.name == "gateway" && lane.place == Place::ProdEu;
    if owned_by_argo {
        let id = "shop-gateway:apps/Deployment:shop/gateway";
        annotations.insert("argocd.argoproj.io/tracking-id".into(), id.into());
    }
    let manager = match (profile.name, owned_by_argo) {
        (_, true) => json!({"manager": "argocd-controller", "operation": "Apply"}),
        ("recommendations", false) => json!({"manager": "release-bot", "operation": "Apply"}),
        (_, false) => json!({"manager": "deploy-pipeline", "operation": "Update"}),
    };
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": profile.name, "namespace": profile.namespace(lane.place),
            "uid": deployment_uid(profile, lane.place),
            "creationTimestamp": stamp(sets.first().map_or(current.at, |set| set.born) - Duration::days(140)),
            "generation": lane.events.len() + 2,
            "labels": {"app": profile.name, "app.kubernetes.io/name": profile.name, "team": profile.team},
            "annotations": annotations,
            "managedFields": [manager],
        },
        "spec": {
            "replicas": total,
            "selector": {"matchLabels": {"app": profile.name}},
            "template": template(profile, lane.place, &current.version, current.config),
            "revisionHistoryLimit": KEPT,
            "progressDeadlineSeconds": 420,
            "strategy": strategy(profile),
        },
        "status": {
            "observedGeneration": lane.events.len() + 2,
            "replicas": pods, "updatedReplicas": updated, "readyReplicas": ready, "availableReplicas": ready,
            "conditions": conditions(profile, lane, current),
        },
    });
    object["metadata"]["managedFields"][0]["time"] = stamp(current.at).into();
    if pods > ready {
        object["status"]["unavailableReplicas"] = (pods - ready).into();
    }
    if profile.name == "shipping" && lane.place == Place::ProdUs {
        object["spec"]["paused"] = true.into();
    }
    object
}

/// Half of the old pods of payments go before new ones come; all others move by a quarter.
fn strategy(profile: &Profile) -> Value {
    let (surge, away) = if profile.name == "payments" {
        (json!(0), json!("50%"))
    } else {
        (json!("25%"), json!("25%"))
    };
    json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": surge, "maxUnavailable": away}})
}

fn change_cause(event: &Event) -> serde_json::Map<String, Value> {
    let mut annotations = serde_json::Map::new();
    if !event.inferred {
        annotations.insert("kubernetes.io/change-cause".into(), event.why.clone().into());
    }
    annotations
}

fn conditions(profile: &Profile, lane: &Lane, current: &Event) -> Value {
    let set = set_name(profile, lane.place, &current.version, current.config);
    let (status, reason, message, at) = match current.outcome {
        Outcome::Settled(after) | Outcome::TakenBack(after) => (
            "True",
            "NewReplicaSetAvailable",
            format!("ReplicaSet \"{set}\" has successfully progressed."),
            current.at + after,
        ),
        Outcome::Failed(after) => (
            "False",
            "ProgressDeadlineExceeded",
            format!("ReplicaSet \"{set}\" has timed out progressing."),
            current.at + after,
        ),
        // As if the last pod had just come: a rollout that began half an hour ago, pod by pod.
        Outcome::Open => (
            "True",
            "ReplicaSetUpdated",
            format!("ReplicaSet \"{set}\" is progressing."),
            current.at + Duration::minutes(29),
        ),
    };
    let long_ago = stamp(current.at - Duration::days(90));
    json!([
        {
            "type": "Available", "status": "True", "reason": "MinimumReplicasAvailable",
            "message": "Deployment has minimum availability.", "lastUpdateTime": long_ago, "lastTransitionTime": long_ago,
        },
        {
            "type": "Progressing", "status": status, "reason": reason, "message": message,
            "lastUpdateTime": stamp(at), "lastTransitionTime": if status == "True" { long_ago.clone() } else { stamp(at) },
        },
    ])
}

fn replica_set(profile: &Profile, lane: &Lane, set: &Set<'_>, share: &Share) -> Value {
    let mut pods = template(profile, lane.place, &set.event.version, set.event.config);
    let hash = template_hash(&pods);
    pods["metadata"]["labels"]["pod-template-hash"] = hash.clone().into();
    let total = profile.replicas(lane.place);
    let mut annotations = change_cause(set.event);
    annotations.insert(
        "deployment.kubernetes.io/revision".into(),
        set.revision.to_string().into(),
    );
    annotations.insert(
        "deployment.kubernetes.io/desired-replicas".into(),
        total.to_string().into(),
    );
    let surge = if profile.name == "payments" {
        0
    } else {
        (total + 3) / 4
    };
    annotations.insert(
        "deployment.kubernetes.io/max-replicas".into(),
        (total + surge).to_string().into(),
    );
    if !set.before.is_empty() {
        let numbers: Vec<String> = set.before.iter().map(ToString::to_string).collect();
        annotations.insert(
            "deployment.kubernetes.io/revision-history".into(),
            numbers.join(",").into(),
        );
    }
    let mut status = json!({"replicas": share.pods, "observedGeneration": 1});
    if share.pods > 0 {
        status["fullyLabeledReplicas"] = share.pods.into();
    }
    if share.ready > 0 {
        status["readyReplicas"] = share.ready.into();
        status["availableReplicas"] = share.ready.into();
    }
    let name = format!("{}-{hash}", profile.name);
    json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": name, "namespace": profile.namespace(lane.place),
            "uid": uid_of(&format!("{}/ReplicaSet/{name}", lane.place.cluster())),
            "creationTimestamp": stamp(set.born), "generation": 1,
            "labels": pods["metadata"]["labels"], "annotations": annotations,
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "Deployment", "name": profile.name,
                "uid": deployment_uid(profile, lane.place), "controller": true, "blockOwnerDeletion": true,
            }],
        },
        "spec": {
            "replicas": share.pods,
            "selector": {"matchLabels": {"app": profile.name, "pod-template-hash": hash}},
            "template": pods,
        },
        "status": status,
    })
}

fn pod(
    profile: &Profile,
    lane: &Lane,
    set: &Set<'_>,
    share: &Share,
    number: i64,
    now: DateTime<Utc>,
) -> Value {
    let template = template(profile, lane.place, &set.event.version, set.event.config);
    let hash = template_hash(&template);
    let set_name = format!("{}-{hash}", profile.name);
    let letters = TemplateLetters::of(&format!("{}/{set_name}/{number}", lane.place.cluster()));
    let name = format!("{set_name}-{letters}");
    let uid = uid_of(&format!("{}/Pod/{name}", lane.place.cluster()));
    let ready = number < share.ready;
    let born = set.event.at + Duration::seconds(8 * number);
    let image = format!("{}:{}", profile.image(), set.event.version);
    let node = format!("node-{}", number % 3 + 1);
    let mut spec = template["spec"].clone();
    spec["nodeName"] = node.into();
    let state = if ready {
        json!({"running": {"startedAt": stamp(born + Duration::seconds(3))}})
    } else if share.broken {
        let message = format!(
            "Back-off pulling image \"{image}\": ErrImagePull: failed to resolve reference \"{image}\": {image}: not found"
        );
        json!({"waiting": {"reason": "ImagePullBackOff", "message": message}})
    } else {
        json!({"waiting": {"reason": "ContainerCreating"}})
    };
    let mut labels = template["metadata"]["labels"].clone();
    labels["pod-template-hash"] = hash.into();
    let condition = |kind: &str, holds: bool| {
        json!({
            "type": kind, "status": if holds { "True" } else { "False" }, "lastProbeTime": null,
            "lastTransitionTime": stamp((born + Duration::seconds(9)).min(now)),
        })
    };
    let sum: u32 = uid.bytes().map(u32::from).sum();
    let address = format!("10.42.{}.{}", sum % 250, 2 + number + i64::from(sum % 200));
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": name, "generateName": format!("{set_name}-"), "namespace": profile.namespace(lane.place), "uid": uid,
            "creationTimestamp": stamp(born), "labels": labels, "annotations": template["metadata"]["annotations"],
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": set_name,
                "uid": uid_of(&format!("{}/ReplicaSet/{set_name}", lane.place.cluster())),
                "controller": true, "blockOwnerDeletion": true,
            }],
        },
        "spec": spec,
        "status": {
            "phase": if ready { "Running" } else { "Pending" },
            "startTime": stamp(born),
            "podIP": if ready { address } else { String::new() },
            "conditions": [
                condition("PodScheduled", true), condition("Initialized", true),
                condition("ContainersReady", ready), condition("Ready", ready),
            ],
            "containerStatuses": [{
                "name": profile.name, "image": image, "ready": ready, "started": ready, "restartCount": 0,
                "imageID": if ready { image_digest(&image) } else { String::new() },
                "state": state, "lastState": {},
            }],
        },
    })
}
