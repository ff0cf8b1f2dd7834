//! The status of PodDisruptionBudgets and ResourceQuotas.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::json::{list, namespace, number, set, text, uid};
use super::super::kinds::Kind;
use super::super::pod_status::is_ready;
use super::super::select::matches_selector;
use super::super::store::State;
use super::super::write::Part;
use super::deployment::portion;
use super::{CONTROLLERS, pod_limit, selected_pods};

/// One round for all budgets and quotas.
pub(super) fn run(state: &mut State, now: DateTime<Utc>) {
    for budget in state.snapshot(Kind::named("poddisruptionbudgets")) {
        sync_budget(state, &budget, now);
    }
    for quota in state.snapshot(Kind::named("resourcequotas")) {
        sync_quota(state, &quota, now);
    }
}

fn sync_budget(state: &mut State, budget: &Value, now: DateTime<Utc>) {
    let selector = budget.pointer("/spec/selector").cloned().unwrap_or(Value::Null);
    let pods = selected_pods(state, namespace(budget), |labels| {
        matches_selector(&selector, labels)
    });
    let expected = expected_pods(state, &pods);
    let healthy = i64::try_from(pods.iter().filter(|pod| is_ready(pod)).count()).unwrap_or(i64::MAX);
    let desired = match (
        budget.pointer("/spec/maxUnavailable"),
        budget.pointer("/spec/minAvailable"),
    ) {
        (Some(most), _) => (expected - portion(most, expected, true)).max(0),
        (None, Some(least)) => portion(least, expected, true),
        (None, None) => 0,
    };
    let allowed = (healthy - desired).max(0);
    let generation = number(budget, "/metadata/generation");
    state.change(
        Kind::named("poddisruptionbudgets"),
        budget,
        Part::Status,
        CONTROLLERS,
        now,
        |object| {
            for (field, value) in [
                ("expectedPods", expected),
                ("currentHealthy", healthy),
                ("desiredHealthy", desired),
                ("disruptionsAllowed", allowed),
                ("observedGeneration", generation),
            ] {
                set(object, &["status", field], value);
            }
            let reason = if allowed > 0 {
                "SufficientPods"
            } else {
                "InsufficientPods"
            };
            super::super::pod_status::condition(object, "DisruptionAllowed", allowed > 0, reason, "", now);
        },
    );
}

/// The sum of what the pods' controllers want, each counted once.
fn expected_pods(state: &State, pods: &[std::sync::Arc<Value>]) -> i64 {
    let deployments: std::collections::BTreeSet<&str> = pods
        .iter()
        .filter_map(|pod| super::super::json::controller_uid(pod))
        .filter_map(|set_uid| {
            state
                .all(Kind::named("replicasets"))
                .values()
                .find(|set| uid(set) == set_uid)
        })
        .filter_map(|set| super::super::json::controller_uid(set))
        .collect();
    let wanted: i64 = state
        .all(Kind::named("deployments"))
        .values()
        .filter(|deployment| deployments.contains(uid(deployment)))
        .map(|deployment| number(deployment, "/spec/replicas"))
        .sum();
    let alone = pods
        .iter()
        .filter(|pod| list(pod, "/metadata/ownerReferences").is_empty())
        .count();
    wanted + i64::try_from(alone).unwrap_or(0)
}

fn sync_quota(state: &mut State, quota: &Value, now: DateTime<Utc>) {
    if pod_limit(quota).is_none() {
        return;
    }
    let used = state
        .all(Kind::named("pods"))
        .values()
        .filter(|pod| {
            namespace(pod) == namespace(quota)
                && !matches!(text(pod, "/status/phase"), "Failed" | "Succeeded")
        })
        .count();
    state.change(
        Kind::named("resourcequotas"),
        quota,
        Part::Status,
        CONTROLLERS,
        now,
        |object| {
            let hard = object.pointer("/spec/hard").cloned().unwrap_or(json!({}));
            let key = if hard.get("pods").is_some() {
                "pods"
            } else {
                "count/pods"
            };
            set(object, &["status", "hard"], hard);
            set(object, &["status", "used", key], used.to_string());
        },
    );
}
