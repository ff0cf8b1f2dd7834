//! The controllers: what follows from an object without anybody writing it. Each looks at the whole
//! state and makes it a step truer; together they are run after every change and when a time comes.

mod autoscaler;
mod budget;
mod deployment;
mod deployment_status;
mod endpoints;
mod garbage;
mod replicaset;
mod rollout;
mod scale;

use std::time::Instant;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::json::list;
use super::kinds::Kind;
use super::kubelet::Kubelet;
use super::pace::{Images, Pace};
use super::store::State;

/// The name under which the controllers write.
pub(crate) const CONTROLLERS: &str = "kube-controller-manager";

/// The times that controllers remember between two rounds.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    /// When the autoscalers look again.
    pub autoscale: Option<Instant>,
    /// When something that depends on the clock alone may be due.
    pub look_again: Option<DateTime<Utc>>,
}

impl Agenda {
    /// Asks for another round at that time at the latest.
    fn look_again_at(&mut self, time: DateTime<Utc>) {
        self.look_again = Some(self.look_again.map_or(time, |there| there.min(time)));
    }
}

/// One round of all controllers and kubelets.
pub(crate) fn run(state: &mut State, agenda: &mut Agenda, pace: &Pace, images: &Images, now: DateTime<Utc>) {
    agenda.look_again = None;
    let clock = Instant::now();
    autoscaler::run(state, agenda, pace, now, clock);
    for deployment in state.snapshot(Kind::named("deployments")) {
        deployment::sync(state, agenda, &deployment, now);
    }
    for set in state.snapshot(Kind::named("replicasets")) {
        replicaset::sync(state, agenda, &set, now);
    }
    Kubelet {
        pace,
        images,
        now,
        clock,
    }
    .run(state);
    endpoints::run(state, now);
    budget::run(state, now);
    garbage::run(state, now);
}

/// The kinds whose objects can be owned by others.
pub(crate) fn owned_kinds() -> impl Iterator<Item = &'static Kind> {
    [
        "replicasets",
        "pods",
        "controllerrevisions",
        "endpointslices",
        "jobs",
    ]
    .into_iter()
    .map(Kind::named)
}

/// The most pods that a ResourceQuota allows, if it says so.
pub(crate) fn pod_limit(quota: &Value) -> Option<usize> {
    let hard = quota
        .pointer("/spec/hard/pods")
        .or_else(|| quota.pointer("/spec/hard/count~1pods"))?;
    hard.as_u64().map_or_else(
        || hard.as_str()?.parse().ok(),
        |number| usize::try_from(number).ok(),
    )
}

/// The pods of a namespace that a selector takes.
fn selected_pods(state: &State, space: &str, takes: impl Fn(&Value) -> bool) -> Vec<std::sync::Arc<Value>> {
    state
        .all(Kind::named("pods"))
        .range((space.to_owned(), String::new())..)
        .take_while(|((there, _), _)| there == space)
        .filter(|(_, pod)| takes(pod.pointer("/metadata/labels").unwrap_or(&Value::Null)))
        .map(|(_, pod)| std::sync::Arc::clone(pod))
        .collect()
}

/// A list of conditions without the one of that type.
fn without_condition(conditions: &[Value], kind: &str) -> Vec<Value> {
    conditions
        .iter()
        .filter(|condition| super::json::text(condition, "/type") != kind)
        .cloned()
        .collect()
}

/// The condition of that type.
fn condition<'v>(object: &'v Value, kind: &str) -> Option<&'v Value> {
    list(object, "/status/conditions")
        .iter()
        .find(|condition| super::json::text(condition, "/type") == kind)
}
