//! Scaling: of one ReplicaSet, and of all of a Deployment object's when its replicas change, which is
//! shared among them in proportion while a rollout runs or is paused.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::events;
use super::super::json::{annotation, name, number, set};
use super::super::kinds::Kind;
use super::super::store::State;
use super::super::write::Part;
use super::CONTROLLERS;
use super::deployment::{DESIRED, Family, MOST};

/// Whether the Deployment object's replicas were changed since its ReplicaSets were last scaled.
pub(super) fn is_asked_for(family: &Family) -> bool {
    family
        .all()
        .filter(|set| number(set, "/spec/replicas") > 0)
        .filter_map(|set| annotation(set, DESIRED).and_then(|desired| desired.parse::<i64>().ok()))
        .any(|desired| desired != family.wanted())
}

/// Scales one ReplicaSet of the family, and writes down for which size of the whole.
pub(super) fn scale_set(state: &mut State, family: &Family, one: &Value, to: i64, now: DateTime<Utc>) {
    let from = number(one, "/spec/replicas");
    let (desired, most) = (
        family.wanted().to_string(),
        (family.wanted() + family.surge()).to_string(),
    );
    state.change(
        Kind::named("replicasets"),
        one,
        Part::Main,
        CONTROLLERS,
        now,
        |object| {
            set(object, &["spec", "replicas"], to);
            set(object, &["metadata", "annotations", DESIRED], desired);
            set(object, &["metadata", "annotations", MOST], most);
        },
    );
    if from != to {
        let word = if to > from { "up" } else { "down" };
        let message = format!("Scaled {word} replica set {} from {from} to {to}", name(one));
        events::normal(
            state,
            &family.deployment,
            "ScalingReplicaSet",
            &message,
            "deployment-controller",
            now,
        );
    }
}

/// Brings the ReplicaSets to the Deployment object's replicas.
pub(super) fn run(state: &mut State, family: &Family, now: DateTime<Utc>) {
    let active: Vec<&Arc<Value>> = family
        .all()
        .filter(|set| number(set, "/spec/replicas") > 0)
        .collect();
    if active.len() <= 1 {
        let one = active
            .first()
            .copied()
            .or(family.new.as_ref())
            .or(family.old.last());
        if let Some(one) = one {
            scale_set(state, family, one, family.wanted(), now);
        }
        return;
    }
    if family
        .new
        .as_ref()
        .is_some_and(|new| is_saturated(new, family.wanted()))
    {
        for old in family.old.iter().filter(|old| number(old, "/spec/replicas") > 0) {
            scale_set(state, family, old, 0, now);
        }
        return;
    }
    if !family.is_recreate() {
        in_proportion(state, family, active, now);
    }
}

fn is_saturated(new: &Value, wanted: i64) -> bool {
    number(new, "/spec/replicas") == wanted
        && annotation(new, DESIRED).and_then(|desired| desired.parse::<i64>().ok()) == Some(wanted)
        && number(new, "/status/availableReplicas") == wanted
}

fn in_proportion(state: &mut State, family: &Family, mut active: Vec<&Arc<Value>>, now: DateTime<Utc>) {
    let total: i64 = active.iter().map(|set| number(set, "/spec/replicas")).sum();
    let allowed = if family.wanted() > 0 {
        family.wanted() + family.surge()
    } else {
        0
    };
    let to_add = allowed - total;
    active.sort_by_key(|set| std::cmp::Reverse(number(set, "/spec/replicas")));
    let mut added = 0;
    let mut sizes: Vec<i64> = Vec::new();
    for set in &active {
        let share = if to_add == 0 {
            0
        } else {
            proportion(family, set, to_add, added)
        };
        sizes.push(number(set, "/spec/replicas") + share);
        added += share;
    }
    if let Some(first) = sizes.first_mut() {
        *first = (*first + to_add - added).max(0);
    }
    for (set, size) in active.into_iter().zip(sizes) {
        scale_set(state, family, set, size, now);
    }
}

fn proportion(family: &Family, set: &Value, to_add: i64, added: i64) -> i64 {
    let size = number(set, "/spec/replicas");
    let before = annotation(set, MOST)
        .and_then(|most| most.parse::<i64>().ok())
        .filter(|most| *most > 0)
        .unwrap_or_else(|| number(&family.deployment, "/status/replicas").max(1));
    let most = family.wanted() + family.surge();
    let fraction = if family.wanted() == 0 {
        -size
    } else {
        rounded(size * most, before) - size
    };
    let left = to_add - added;
    if to_add > 0 {
        fraction.min(left)
    } else {
        fraction.max(left)
    }
}

fn rounded(dividend: i64, divisor: i64) -> i64 {
    (2 * dividend + divisor).div_euclid(2 * divisor)
}
