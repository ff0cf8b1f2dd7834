//! The deployment controller: which ReplicaSet a Deployment object's template has, what its revision is
//! called, what its status says, and which old ones are pruned. Follows kubernetes/kubernetes
//! `pkg/controller/deployment` step by step; rollout.rs and scale.rs move the replicas.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::super::events;
use super::super::json::{annotation, is_terminating, name, namespace, number, set, text, uid, unset};
use super::super::kinds::Kind;
use super::super::store::State;
use super::super::template::{self, HASH_LABEL};
use super::super::write::{Hand, Part};
use super::deployment_status::{has_deadline, is_complete, set_condition, sync_status, write_status};
use super::{Agenda, CONTROLLERS, condition, rollout, scale};

/// Where a revision's number stands.
pub(super) const REVISION: &str = "deployment.kubernetes.io/revision";
/// The numbers that the same ReplicaSet had before.
pub(super) const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";
/// The replicas that the Deployment object wanted when its ReplicaSet was last scaled.
pub(super) const DESIRED: &str = "deployment.kubernetes.io/desired-replicas";
/// Desired and surge together.
pub(super) const MOST: &str = "deployment.kubernetes.io/max-replicas";

/// Annotations of a Deployment object that its ReplicaSets don't get.
const NOT_COPIED: [&str; 6] = [
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    REVISION_HISTORY,
    DESIRED,
    MOST,
    "deprecated.deployment.rollback.to",
];

/// A Deployment object with its ReplicaSets.
pub(super) struct Family {
    pub deployment: Arc<Value>,
    /// The ReplicaSet of the live template, if it is there.
    pub new: Option<Arc<Value>>,
    /// All others, oldest first.
    pub old: Vec<Arc<Value>>,
}

impl Family {
    /// The ReplicaSets of a Deployment object, as they are now.
    pub fn of(state: &State, deployment: &Value) -> Option<Self> {
        let live = state.get(
            Kind::named("deployments"),
            namespace(deployment),
            name(deployment),
        )?;
        let mut sets: Vec<Arc<Value>> = state
            .all(Kind::named("replicasets"))
            .range((namespace(&live).to_owned(), String::new())..)
            .take_while(|((space, _), _)| space == namespace(&live))
            .filter(|(_, set)| super::super::json::controller_uid(set) == Some(uid(&live)))
            .map(|(_, set)| Arc::clone(set))
            .collect();
        sets.sort_by_key(|set| {
            (
                text(set, "/metadata/creationTimestamp").to_owned(),
                name(set).to_owned(),
            )
        });
        let wanted = live.pointer("/spec/template").cloned().unwrap_or(Value::Null);
        let place = sets.iter().position(|set| {
            set.pointer("/spec/template")
                .is_some_and(|there| template::same(there, &wanted))
        });
        let new = place.map(|place| sets.remove(place));
        Some(Self {
            deployment: live,
            new,
            old: sets,
        })
    }

    /// All ReplicaSets, the new one last.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Value>> {
        self.old.iter().chain(self.new.iter())
    }

    /// `spec.replicas` of the Deployment object.
    pub fn wanted(&self) -> i64 {
        number(&self.deployment, "/spec/replicas")
    }

    /// How many pods more than wanted may be there.
    pub fn surge(&self) -> i64 {
        if self.is_recreate() {
            0
        } else {
            self.fenceposts().0
        }
    }

    /// How many of the wanted pods may be away.
    pub fn unavailable(&self) -> i64 {
        if self.is_recreate() || self.wanted() == 0 {
            0
        } else {
            self.fenceposts().1.min(self.wanted())
        }
    }

    /// Whether all old pods go before new ones come.
    pub fn is_recreate(&self) -> bool {
        text(&self.deployment, "/spec/strategy/type") == "Recreate"
    }

    fn fenceposts(&self) -> (i64, i64) {
        let of = |field: &str, up: bool| {
            let value = self
                .deployment
                .pointer(&format!("/spec/strategy/rollingUpdate/{field}"));
            portion(value.unwrap_or(&Value::Null), self.wanted(), up)
        };
        match (of("maxSurge", true), of("maxUnavailable", false)) {
            (0, 0) => (0, 1),
            both => both,
        }
    }
}

/// A number, or a percentage of `total`.
pub(super) fn portion(value: &Value, total: i64, up: bool) -> i64 {
    let Some(word) = value.as_str() else {
        return value.as_i64().unwrap_or(0);
    };
    let percent: i64 = word.trim_end_matches('%').parse().unwrap_or(0);
    if up {
        (total * percent + 99) / 100
    } else {
        total * percent / 100
    }
}

/// One round for one Deployment object.
pub(super) fn sync(state: &mut State, agenda: &mut Agenda, deployment: &Value, now: DateTime<Utc>) {
    let Some(family) = Family::of(state, deployment) else {
        return;
    };
    if is_terminating(&family.deployment) {
        return sync_status(state, agenda, &family, now);
    }
    note_pause(state, &family.deployment, now);
    let paused = family.deployment.pointer("/spec/paused").and_then(Value::as_bool) == Some(true);
    if paused || scale::is_asked_for(&family) {
        let Some(family) = named_family(state, deployment, false, now) else {
            return;
        };
        scale::run(state, &family, now);
        if paused {
            prune(state, &family);
        }
    } else {
        let recreate = family.is_recreate();
        let Some(family) = named_family(state, deployment, !recreate, now) else {
            return;
        };
        if recreate {
            rollout::recreate(state, family, now);
        } else {
            rollout::rolling(state, &family, now);
        }
        if let Some(family) = Family::of(state, deployment).filter(is_complete) {
            prune(state, &family);
        }
    }
    if let Some(family) = Family::of(state, deployment) {
        sync_status(state, agenda, &family, now);
    }
}

fn note_pause(state: &mut State, deployment: &Value, now: DateTime<Utc>) {
    let paused = deployment.pointer("/spec/paused").and_then(Value::as_bool) == Some(true);
    let reason = condition(deployment, "Progressing").map_or("", |progress| text(progress, "/reason"));
    if deployment.pointer("/spec/progressDeadlineSeconds").is_none() || reason == "ProgressDeadlineExceeded" {
        return;
    }
    let (reason, message) = match (paused, reason) {
        (true, "DeploymentPaused") => return,
        (true, _) => ("DeploymentPaused", "Deployment is paused"),
        (false, "DeploymentPaused") => ("DeploymentResumed", "Deployment is resumed"),
        (false, _) => return,
    };
    write_status(state, deployment, now, |object| {
        set_condition(object, "Progressing", "Unknown", reason, message, now)
    });
}

/// The family after revisions are numbered, annotations copied and, if asked for, the new ReplicaSet made.
pub(super) fn named_family(
    state: &mut State,
    deployment: &Value,
    create: bool,
    now: DateTime<Utc>,
) -> Option<Family> {
    let family = Family::of(state, deployment)?;
    let highest = family.old.iter().map(|set| revision(set)).max().unwrap_or(0);
    let next = highest + 1;
    match &family.new {
        Some(existing) => adopt(state, &family, existing, next, now),
        None if create => create_set(state, &family, next, now),
        None => {}
    }
    Family::of(state, deployment)
}

fn adopt(state: &mut State, family: &Family, existing: &Value, next: i64, now: DateTime<Utc>) {
    let deployment = Arc::clone(&family.deployment);
    let adopted = state.change(
        Kind::named("replicasets"),
        existing,
        Part::Main,
        CONTROLLERS,
        now,
        |object| {
            annotate(object, &deployment, next, true);
            match deployment.pointer("/spec/minReadySeconds") {
                Some(seconds) => set(object, &["spec", "minReadySeconds"], seconds.clone()),
                None => unset(object, "/spec", "minReadySeconds"),
            }
        },
    );
    let Some(adopted) = adopted else { return };
    let number = annotation(&adopted, REVISION).unwrap_or("").to_owned();
    let message = format!("Found new replica set {:?}", name(&adopted));
    write_status(state, &deployment, now, |object| {
        set(object, &["metadata", "annotations", REVISION], number);
        if has_deadline(object) && condition(object, "Progressing").is_none() {
            set_condition(object, "Progressing", "True", "FoundNewReplicaSet", &message, now);
        }
    });
}

fn create_set(state: &mut State, family: &Family, next: i64, now: DateTime<Utc>) {
    let deployment = &family.deployment;
    let hash = template::hash(
        deployment.pointer("/spec/template").unwrap_or(&Value::Null),
        number(deployment, "/status/collisionCount"),
    );
    let mut pods = deployment.pointer("/spec/template").cloned().unwrap_or(json!({}));
    set(&mut pods, &["metadata", "labels", HASH_LABEL], hash.clone());
    let mut selector = deployment.pointer("/spec/selector").cloned().unwrap_or(json!({}));
    set(&mut selector, &["matchLabels", HASH_LABEL], hash.clone());
    let called = format!("{}-{hash}", name(deployment));
    let mut new = json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {
            "name": called, "namespace": namespace(deployment),
            "labels": pods.pointer("/metadata/labels"),
            "ownerReferences": [{
                "apiVersion": "apps/v1", "kind": "Deployment", "name": name(deployment), "uid": uid(deployment),
                "controller": true, "blockOwnerDeletion": true,
            }],
        },
        "spec": {"replicas": 0, "selector": selector, "template": pods},
    });
    if let Some(seconds) = deployment.pointer("/spec/minReadySeconds") {
        set(&mut new, &["spec", "minReadySeconds"], seconds.clone());
    }
    annotate(&mut new, deployment, next, false);
    let replicas = rollout::new_replicas(family, 0);
    set(&mut new, &["spec", "replicas"], replicas);
    set(
        &mut new,
        &["metadata", "annotations", DESIRED],
        family.wanted().to_string(),
    );
    set(
        &mut new,
        &["metadata", "annotations", MOST],
        (family.wanted() + family.surge()).to_string(),
    );
    let hand = Hand {
        manager: CONTROLLERS,
        now,
        dry_run: false,
    };
    if state
        .create(Kind::named("replicasets"), namespace(deployment), new, &hand)
        .is_err()
    {
        let collisions = number(deployment, "/status/collisionCount") + 1;
        write_status(state, deployment, now, |object| {
            set(object, &["status", "collisionCount"], collisions)
        });
        return;
    }
    if replicas > 0 {
        let message = format!("Scaled up replica set {called} from 0 to {replicas}");
        events::normal(
            state,
            deployment,
            "ScalingReplicaSet",
            &message,
            "deployment-controller",
            now,
        );
    }
    let message = format!("Created new replica set {called:?}");
    write_status(state, deployment, now, |object| {
        set(object, &["metadata", "annotations", REVISION], next.to_string());
        if has_deadline(object) {
            set_condition(
                object,
                "Progressing",
                "True",
                "NewReplicaSetCreated",
                &message,
                now,
            );
        }
    });
}

/// Copies the Deployment object's annotations to its ReplicaSet and moves the revision up, keeping the old one.
fn annotate(set_object: &mut Value, deployment: &Value, next: i64, existing: bool) {
    let there = deployment
        .pointer("/metadata/annotations")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_else(Map::new);
    for (key, value) in there
        .iter()
        .filter(|(key, _)| !NOT_COPIED.contains(&key.as_str()))
    {
        set(set_object, &["metadata", "annotations", key], value.clone());
    }
    let before = revision(set_object);
    if before >= next {
        return;
    }
    if existing && before > 0 {
        let mut numbers: Vec<String> = annotation(set_object, REVISION_HISTORY)
            .map(|numbers| {
                numbers
                    .split(',')
                    .filter(|one| !one.is_empty())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default();
        numbers.push(before.to_string());
        set(
            set_object,
            &["metadata", "annotations", REVISION_HISTORY],
            numbers.join(","),
        );
    }
    set(
        set_object,
        &["metadata", "annotations", REVISION],
        next.to_string(),
    );
}

/// The number of a ReplicaSet's revision.
pub(super) fn revision(set: &Value) -> i64 {
    annotation(set, REVISION)
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

fn prune(state: &mut State, family: &Family) {
    let Some(limit) = family
        .deployment
        .pointer("/spec/revisionHistoryLimit")
        .and_then(Value::as_i64)
    else {
        return;
    };
    let mut old: Vec<&Arc<Value>> = family.old.iter().filter(|set| !is_terminating(set)).collect();
    let surplus = old
        .len()
        .saturating_sub(usize::try_from(limit).unwrap_or(usize::MAX));
    old.sort_by_key(|set| revision(set));
    for set in old.into_iter().take(surplus) {
        let busy = number(set, "/status/replicas") != 0
            || number(set, "/spec/replicas") != 0
            || number(set, "/metadata/generation") > number(set, "/status/observedGeneration");
        if !busy {
            state.remove(Kind::named("replicasets"), namespace(set), name(set));
        }
    }
}
