//! The replicaset controller: as many pods as wanted, and a status that counts them.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::super::events;
use super::super::json::{is_terminating, list, name, namespace, number, set, text, uid, unset};
use super::super::kinds::Kind;
use super::super::pod_status::is_ready;
use super::super::status::{Refusal, RefusalBody};
use super::super::store::{State, stamp};
use super::super::write::{Hand, Part};
use super::{Agenda, CONTROLLERS, condition, without_condition};

/// One round for one ReplicaSet.
pub(super) fn sync(state: &mut State, agenda: &mut Agenda, one: &Value, now: DateTime<Utc>) {
    let Some(live) = state.get(Kind::named("replicasets"), namespace(one), name(one)) else {
        return;
    };
    let settled = number(&live, "/spec/replicas") == 0
        && number(&live, "/status/replicas") == 0
        && number(&live, "/status/observedGeneration") == number(&live, "/metadata/generation");
    if settled {
        return;
    }
    let mine = pods_of(state, &live);
    let failure = if is_terminating(&live) {
        Ok(())
    } else {
        manage(state, &live, &mine, now)
    };
    let mine = pods_of(state, &live);
    write_status(state, agenda, &live, &mine, failure, now);
}

/// The pods that it controls and that are not on their way out.
fn pods_of(state: &State, one: &Value) -> Vec<Arc<Value>> {
    state
        .all(Kind::named("pods"))
        .range((namespace(one).to_owned(), String::new())..)
        .take_while(|((space, _), _)| space == namespace(one))
        .map(|(_, pod)| pod)
        .filter(|pod| super::super::json::controller_uid(pod) == Some(uid(one)))
        .filter(|pod| !is_terminating(pod) && !matches!(text(pod, "/status/phase"), "Failed" | "Succeeded"))
        .cloned()
        .collect()
}

fn manage(state: &mut State, one: &Value, mine: &[Arc<Value>], now: DateTime<Utc>) -> Result<(), String> {
    let wanted = usize::try_from(number(one, "/spec/replicas")).unwrap_or(0);
    for _ in mine.len()..wanted {
        create_pod(state, one, now)?;
    }
    let mut order: Vec<&Arc<Value>> = mine.iter().collect();
    order.sort_by_key(|pod| deletion_rank(pod));
    for pod in order.into_iter().take(mine.len().saturating_sub(wanted)) {
        let hand = Hand {
            manager: CONTROLLERS,
            now,
            dry_run: false,
        };
        let key = (namespace(pod).to_owned(), name(pod).to_owned());
        if state.delete(Kind::named("pods"), &key, &json!({}), &hand).is_ok() {
            let message = format!("Deleted pod: {}", name(pod));
            events::normal(
                state,
                one,
                "SuccessfulDelete",
                &message,
                "replicaset-controller",
                now,
            );
        }
    }
    Ok(())
}

/// Pods without a node go first, then those that are not ready, then the youngest.
fn deletion_rank(pod: &Value) -> (bool, bool, std::cmp::Reverse<String>) {
    let born = text(pod, "/metadata/creationTimestamp").to_owned();
    (
        !text(pod, "/spec/nodeName").is_empty(),
        is_ready(pod),
        std::cmp::Reverse(born),
    )
}

fn create_pod(state: &mut State, one: &Value, now: DateTime<Utc>) -> Result<(), String> {
    let template = one.pointer("/spec/template").cloned().unwrap_or(json!({}));
    let mut metadata = template.get("metadata").cloned().unwrap_or(json!({}));
    set(&mut metadata, &["generateName"], format!("{}-", name(one)));
    set(
        &mut metadata,
        &["ownerReferences"],
        json!([{
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name(one), "uid": uid(one),
            "controller": true, "blockOwnerDeletion": true,
        }]),
    );
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template.get("spec")});
    let hand = Hand {
        manager: CONTROLLERS,
        now,
        dry_run: false,
    };
    match state.create(Kind::named("pods"), namespace(one), pod, &hand) {
        Ok(pod) => {
            let message = format!("Created pod: {}", name(&pod));
            events::normal(
                state,
                one,
                "SuccessfulCreate",
                &message,
                "replicaset-controller",
                now,
            );
            Ok(())
        }
        Err(refusal) => {
            let why = words(&refusal);
            events::warn(
                state,
                one,
                "FailedCreate",
                &format!("Error creating: {why}"),
                "replicaset-controller",
                now,
            );
            Err(why)
        }
    }
}

fn words(refusal: &Refusal) -> String {
    match &refusal.body {
        RefusalBody::Status(status) => text(status, "/message").to_owned(),
        RefusalBody::Text(text) => text.clone(),
    }
}

fn write_status(
    state: &mut State,
    agenda: &mut Agenda,
    one: &Value,
    mine: &[Arc<Value>],
    failure: Result<(), String>,
    now: DateTime<Utc>,
) {
    let rest = Duration::seconds(number(one, "/spec/minReadySeconds"));
    let ready: Vec<&Arc<Value>> = mine.iter().filter(|pod| is_ready(pod)).collect();
    let mut available = 0;
    for pod in &ready {
        match ready_since(pod).map(|since| since + rest) {
            Some(time) if !rest.is_zero() && time > now => agenda.look_again_at(time),
            _ => available += 1,
        }
    }
    let generation = number(one, "/metadata/generation");
    let total = mine.len();
    let ready = ready.len();
    state.change(
        Kind::named("replicasets"),
        one,
        Part::Status,
        CONTROLLERS,
        now,
        |object| {
            set(object, &["status", "replicas"], total);
            for (field, value) in [
                ("fullyLabeledReplicas", total),
                ("readyReplicas", ready),
                ("availableReplicas", available),
            ] {
                if value == 0 {
                    unset(object, "/status", field);
                } else {
                    set(object, &["status", field], value);
                }
            }
            set(object, &["status", "observedGeneration"], generation);
            note_failure(object, &failure, now);
        },
    );
}

fn note_failure(object: &mut Value, failure: &Result<(), String>, now: DateTime<Utc>) {
    match failure {
        Err(why) if condition(object, "ReplicaFailure").is_none() => {
            let mut conditions = list(object, "/status/conditions").to_vec();
            conditions.push(json!({
                "type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": why,
                "lastTransitionTime": stamp(now),
            }));
            set(object, &["status", "conditions"], conditions);
        }
        Err(_) => {}
        Ok(()) => {
            let rest = without_condition(list(object, "/status/conditions"), "ReplicaFailure");
            if rest.is_empty() {
                unset(object, "/status", "conditions");
            } else {
                set(object, &["status", "conditions"], rest);
            }
        }
    }
}

fn ready_since(pod: &Value) -> Option<DateTime<Utc>> {
    text(condition(pod, "Ready")?, "/lastTransitionTime").parse().ok()
}
