//! The status of a Deployment object: its counts, and the conditions `Progressing`, `Available` and
//! `ReplicaFailure`. Follows `syncRolloutStatus` and its helpers in kubernetes/kubernetes
//! `pkg/controller/deployment`.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::super::json::{list, name, namespace, number, set, text, unset};
use super::super::kinds::Kind;
use super::super::store::{State, stamp};
use super::super::write::Part;
use super::deployment::Family;
use super::{Agenda, CONTROLLERS, condition, without_condition};

/// Whether all wanted pods are of the new template and available.
pub(super) fn is_complete(family: &Family) -> bool {
    complete(&family.deployment, &counts(family))
}

/// The numbers of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Counts {
    replicas: i64,
    updated: i64,
    ready: i64,
    available: i64,
    unavailable: i64,
}

fn counts(family: &Family) -> Counts {
    let sum = |field: &str| family.all().map(|set| number(set, field)).sum::<i64>();
    let available = sum("/status/availableReplicas");
    Counts {
        replicas: sum("/status/replicas"),
        updated: family
            .new
            .as_ref()
            .map_or(0, |set| number(set, "/status/replicas")),
        ready: sum("/status/readyReplicas"),
        available,
        unavailable: (sum("/spec/replicas") - available).max(0),
    }
}

fn complete(deployment: &Value, counts: &Counts) -> bool {
    let wanted = number(deployment, "/spec/replicas");
    counts.updated == wanted && counts.replicas == wanted && counts.available == wanted
}

/// Whether progress is timed at all.
pub(super) fn has_deadline(deployment: &Value) -> bool {
    deployment
        .pointer("/spec/progressDeadlineSeconds")
        .and_then(Value::as_i64)
        .is_some_and(|seconds| seconds != i64::from(i32::MAX))
}

/// Writes the status that follows from the ReplicaSets.
pub(super) fn sync_status(state: &mut State, agenda: &mut Agenda, family: &Family, now: DateTime<Utc>) {
    let counts = counts(family);
    let short_by = counts.available < family.wanted() - family.unavailable();
    let generation = number(&family.deployment, "/metadata/generation");
    write_status(state, &family.deployment, now, |object| {
        progress(object, family, &counts, now);
        replica_failure(object, family, now);
        if short_by {
            set_condition(
                object,
                "Available",
                "False",
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.",
                now,
            );
        } else {
            set_condition(
                object,
                "Available",
                "True",
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.",
                now,
            );
        }
        for (field, value) in [
            ("replicas", counts.replicas),
            ("updatedReplicas", counts.updated),
            ("readyReplicas", counts.ready),
            ("availableReplicas", counts.available),
            ("unavailableReplicas", counts.unavailable),
        ] {
            if value == 0 {
                unset(object, "/status", field);
            } else {
                set(object, &["status", field], value);
            }
        }
        set(object, &["status", "observedGeneration"], generation);
    });
    remember_deadline(state, agenda, family);
}

/// Sets `Progressing` as the controller's `syncRolloutStatus` does.
fn progress(object: &mut Value, family: &Family, counts: &Counts, now: DateTime<Utc>) {
    if !has_deadline(object) {
        let rest = without_condition(list(object, "/status/conditions"), "Progressing");
        set(object, &["status", "conditions"], rest);
        return;
    }
    let reason = condition(object, "Progressing")
        .map_or("", |progress| text(progress, "/reason"))
        .to_owned();
    let paused = object.pointer("/spec/paused").and_then(Value::as_bool) == Some(true);
    if paused || (counts.replicas == counts.updated && reason == "NewReplicaSetAvailable") {
        return;
    }
    let subject = family.new.as_ref().map_or_else(
        || format!("Deployment {:?}", name(&family.deployment)),
        |set| format!("ReplicaSet {:?}", name(set)),
    );
    if complete(object, counts) {
        let message = format!("{subject} has successfully progressed.");
        set_condition(
            object,
            "Progressing",
            "True",
            "NewReplicaSetAvailable",
            &message,
            now,
        );
    } else if moved(object, counts) {
        let message = format!("{subject} is progressing.");
        renew_progress(object, &message, now);
    } else if timed_out(object, &reason, now) {
        let message = format!("{subject} has timed out progressing.");
        set_condition(
            object,
            "Progressing",
            "False",
            "ProgressDeadlineExceeded",
            &message,
            now,
        );
    }
}

fn moved(before: &Value, counts: &Counts) -> bool {
    let old = |field: &str| number(before, &format!("/status/{field}"));
    counts.updated > old("updatedReplicas")
        || counts.replicas - counts.updated < old("replicas") - old("updatedReplicas")
        || counts.ready > old("readyReplicas")
        || counts.available > old("availableReplicas")
}

/// Progress renews `lastUpdateTime` even when nothing else of the condition changes.
fn renew_progress(object: &mut Value, message: &str, now: DateTime<Utc>) {
    let since = condition(object, "Progressing")
        .filter(|progress| text(progress, "/status") == "True")
        .map_or_else(
            || stamp(now),
            |progress| text(progress, "/lastTransitionTime").to_owned(),
        );
    let mut rest = without_condition(list(object, "/status/conditions"), "Progressing");
    rest.push(json!({
        "type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated", "message": message,
        "lastUpdateTime": stamp(now), "lastTransitionTime": since,
    }));
    set(object, &["status", "conditions"], rest);
}

fn timed_out(object: &Value, reason: &str, now: DateTime<Utc>) -> bool {
    match reason {
        "" | "NewReplicaSetAvailable" => false,
        "ProgressDeadlineExceeded" => true,
        _ => deadline(object).is_some_and(|deadline| deadline < now),
    }
}

/// When the present progress would count as timed out.
fn deadline(object: &Value) -> Option<DateTime<Utc>> {
    let since = text(condition(object, "Progressing")?, "/lastUpdateTime")
        .parse::<DateTime<Utc>>()
        .ok()?;
    Some(since + Duration::seconds(number(object, "/spec/progressDeadlineSeconds")))
}

fn remember_deadline(state: &State, agenda: &mut Agenda, family: &Family) {
    let Some(live) = state.get(
        Kind::named("deployments"),
        namespace(&family.deployment),
        name(&family.deployment),
    ) else {
        return;
    };
    let reason = condition(&live, "Progressing").map_or("", |progress| text(progress, "/reason"));
    if matches!(
        reason,
        "" | "NewReplicaSetAvailable" | "ProgressDeadlineExceeded" | "DeploymentPaused"
    ) {
        return;
    }
    if let Some(time) = deadline(&live) {
        agenda.look_again_at(time + Duration::milliseconds(1_010));
    }
}

fn replica_failure(object: &mut Value, family: &Family, now: DateTime<Utc>) {
    let failure = family
        .new
        .iter()
        .chain(family.old.iter())
        .find_map(|set| condition(set, "ReplicaFailure"));
    match failure {
        Some(failure) => {
            let (reason, message) = (
                text(failure, "/reason").to_owned(),
                text(failure, "/message").to_owned(),
            );
            set_condition(object, "ReplicaFailure", "True", &reason, &message, now);
        }
        None => {
            let rest = without_condition(list(object, "/status/conditions"), "ReplicaFailure");
            set(object, &["status", "conditions"], rest);
        }
    }
}

/// As the controller's `SetDeploymentCondition`: same status and reason change nothing.
pub(super) fn set_condition(
    object: &mut Value,
    kind: &str,
    status: &str,
    reason: &str,
    message: &str,
    now: DateTime<Utc>,
) {
    let before = condition(object, kind).cloned();
    let same = |condition: &Value, pointer: &str, word: &str| text(condition, pointer) == word;
    if before
        .as_ref()
        .is_some_and(|there| same(there, "/status", status) && same(there, "/reason", reason))
    {
        return;
    }
    let since = before.filter(|there| same(there, "/status", status)).map_or_else(
        || stamp(now),
        |there| text(&there, "/lastTransitionTime").to_owned(),
    );
    let mut rest = without_condition(list(object, "/status/conditions"), kind);
    rest.push(json!({
        "type": kind, "status": status, "reason": reason, "message": message,
        "lastUpdateTime": stamp(now), "lastTransitionTime": since,
    }));
    set(object, &["status", "conditions"], rest);
}

/// A write to `/status` in the name of the controllers.
pub(super) fn write_status(
    state: &mut State,
    deployment: &Value,
    now: DateTime<Utc>,
    edit: impl FnOnce(&mut Value),
) {
    state.change(
        Kind::named("deployments"),
        deployment,
        Part::Status,
        CONTROLLERS,
        now,
        edit,
    );
}
