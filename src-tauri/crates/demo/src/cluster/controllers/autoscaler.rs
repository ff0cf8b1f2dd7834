//! The horizontal pod autoscaler: keeps a Deployment object within its bounds, and, where the pace asks
//! for it, moves it by one replica now and then, as load would.

use std::time::Instant;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::super::events;
use super::super::json::{namespace, number, set, text};
use super::super::kinds::Kind;
use super::super::pace::Pace;
use super::super::store::{State, stamp};
use super::super::write::Part;
use super::{Agenda, CONTROLLERS};

/// One round for all autoscalers.
pub(super) fn run(state: &mut State, agenda: &mut Agenda, pace: &Pace, now: DateTime<Utc>, clock: Instant) {
    let sway = match (pace.autoscale, agenda.autoscale) {
        (None, _) => false,
        (Some(every), None) => {
            agenda.autoscale = Some(clock + every);
            false
        }
        (Some(every), Some(due)) if due <= clock => {
            agenda.autoscale = Some(clock + every);
            true
        }
        (Some(_), Some(_)) => false,
    };
    for scaler in state.snapshot(Kind::named("horizontalpodautoscalers")) {
        sync(state, &scaler, sway, now);
    }
}

fn sync(state: &mut State, scaler: &Value, sway: bool, now: DateTime<Utc>) {
    if text(scaler, "/spec/scaleTargetRef/kind") != "Deployment" {
        return;
    }
    let target = text(scaler, "/spec/scaleTargetRef/name");
    let Some(deployment) = state.get(Kind::named("deployments"), namespace(scaler), target) else {
        return;
    };
    let present = number(&deployment, "/spec/replicas");
    if present == 0 {
        return;
    }
    let least = number(scaler, "/spec/minReplicas").max(1);
    let most = number(scaler, "/spec/maxReplicas").max(least);
    let step = if !sway {
        0
    } else if state.next_number().is_multiple_of(2) {
        1
    } else {
        -1
    };
    let desired = (present + step).clamp(least, most);
    if desired != present {
        state.change(
            Kind::named("deployments"),
            &deployment,
            Part::Scale,
            CONTROLLERS,
            now,
            |object| {
                set(object, &["spec", "replicas"], desired);
            },
        );
        let reason = if desired > present {
            "cpu resource utilization (percentage of request) above target"
        } else {
            "All metrics below target"
        };
        let message = format!("New size: {desired}; reason: {reason}");
        events::normal(
            state,
            scaler,
            "SuccessfulRescale",
            &message,
            "horizontal-pod-autoscaler",
            now,
        );
    }
    let current = number(&deployment, "/status/replicas");
    state.change(
        Kind::named("horizontalpodautoscalers"),
        scaler,
        Part::Status,
        CONTROLLERS,
        now,
        |object| {
            set(object, &["status", "currentReplicas"], current);
            set(object, &["status", "desiredReplicas"], desired);
            if desired != present {
                set(object, &["status", "lastScaleTime"], stamp(now));
            }
        },
    );
}
