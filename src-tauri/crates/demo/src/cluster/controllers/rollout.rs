//! How a Deployment object's pods move from the old ReplicaSets to the new one: by rolling update
//! within surge and unavailability, or by recreation.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::json::{list, name, namespace, number, text};
use super::super::kinds::Kind;
use super::super::store::State;
use super::deployment::{Family, named_family};
use super::scale::scale_set;

/// How many replicas the new ReplicaSet may have now, when it has `present`.
pub(super) fn new_replicas(family: &Family, present: i64) -> i64 {
    if family.is_recreate() {
        return family.wanted();
    }
    let pods: i64 = family.all().map(|set| number(set, "/spec/replicas")).sum();
    let most = family.wanted() + family.surge();
    if pods >= most {
        return present;
    }
    present + (most - pods).min(family.wanted() - present)
}

/// One step of a rolling update.
pub(super) fn rolling(state: &mut State, family: &Family, now: DateTime<Utc>) {
    if let Some(new) = &family.new {
        let present = number(new, "/spec/replicas");
        let next = if present > family.wanted() {
            family.wanted()
        } else {
            new_replicas(family, present)
        };
        if next != present {
            scale_set(state, family, new, next, now);
            return;
        }
    }
    shrink_old(state, family, now);
}

fn shrink_old(state: &mut State, family: &Family, now: DateTime<Utc>) {
    let old: i64 = family.old.iter().map(|set| number(set, "/spec/replicas")).sum();
    if old == 0 {
        return;
    }
    let all: i64 = family.all().map(|set| number(set, "/spec/replicas")).sum();
    let least = family.wanted() - family.unavailable();
    let missing = family.new.as_ref().map_or(0, |new| {
        number(new, "/spec/replicas") - number(new, "/status/availableReplicas")
    });
    let most = all - least - missing;
    if most <= 0 {
        return;
    }
    let cleaned = remove_unhealthy(state, family, most, now);
    remove_healthy(state, family, least, cleaned, now);
}

/// Old pods that never served go first: they can only be in the way.
fn remove_unhealthy(state: &mut State, family: &Family, most: i64, now: DateTime<Utc>) -> Vec<(String, i64)> {
    let mut left = most;
    let mut now_at = Vec::new();
    for set in &family.old {
        let present = number(set, "/spec/replicas");
        let unhealthy = present - number(set, "/status/availableReplicas");
        let gone = left.min(unhealthy).max(0);
        if gone > 0 {
            scale_set(state, family, set, present - gone, now);
            left -= gone;
        }
        now_at.push((name(set).to_owned(), present - gone));
    }
    now_at
}

fn remove_healthy(
    state: &mut State,
    family: &Family,
    least: i64,
    at: Vec<(String, i64)>,
    now: DateTime<Utc>,
) {
    let available: i64 = family
        .all()
        .map(|set| number(set, "/status/availableReplicas"))
        .sum();
    let mut left = available - least;
    for (set, (_, present)) in family.old.iter().zip(at) {
        if left <= 0 {
            return;
        }
        let gone = left.min(present);
        if gone > 0 {
            scale_set(state, family, set, present - gone, now);
            left -= gone;
        }
    }
}

/// One step of a recreation: all old pods gone, then the new ReplicaSet.
pub(super) fn recreate(state: &mut State, family: Family, now: DateTime<Utc>) {
    let mut shrunk = false;
    for set in &family.old {
        if number(set, "/spec/replicas") > 0 {
            scale_set(state, &family, set, 0, now);
            shrunk = true;
        }
    }
    if shrunk || old_pods_run(state, &family) {
        return;
    }
    let Some(family) = named_family(state, &family.deployment, true, now) else {
        return;
    };
    if let Some(new) = &family.new
        && number(new, "/spec/replicas") != family.wanted()
    {
        scale_set(state, &family, new, family.wanted(), now);
    }
}

fn old_pods_run(state: &State, family: &Family) -> bool {
    let owners: Vec<&str> = family
        .old
        .iter()
        .map(|set| super::super::json::uid(set))
        .collect();
    let owned = |pod: &Arc<Value>| {
        list(pod, "/metadata/ownerReferences")
            .iter()
            .any(|owner| owners.contains(&text(owner, "/uid")))
    };
    state
        .all(Kind::named("pods"))
        .values()
        .any(|pod| namespace(pod) == namespace(&family.deployment) && owned(pod))
}
