//! Who and why, as far as a Deployment object and its ReplicaSets say it.
//!
//! `kubernetes.io/change-cause` and our own mark stick: the controller copies them to every later ReplicaSet.
//! One that only repeats the revision's before is inherited, and says nothing.

use super::{DeploymentFacts, OperationMark, Run};
use crate::deployment::{Attribution, AttributionSource};
use crate::ids::OperationId;

/// Our operation, if the mark is for this run's template.
pub(super) fn operation(run: &Run<'_>) -> Option<OperationId> {
    own_mark(run).map(|mark| mark.id.clone())
}

/// The manager that owns the template.
pub(super) fn who(deployment: &DeploymentFacts) -> Option<Attribution> {
    deployment.manager.as_ref().map(|manager| Attribution {
        text: manager.name.clone(),
        source: AttributionSource::FieldManager,
    })
}

/// The change-cause, unless it is a stale copy.
pub(super) fn why(runs: &[Run<'_>], at: usize) -> Option<Attribution> {
    let run = &runs[at];
    let cause = cause_of(run)?;
    let before = runs[..at].iter().rev().find_map(cause_of);
    let stale_mark = mark(run).is_some() && own_mark(run).is_none();
    let inherited = match before {
        Some(before) => before == cause,
        None => stale_mark,
    };
    (own_mark(run).is_some() || !inherited).then(|| Attribution {
        text: cause.to_owned(),
        source: AttributionSource::ChangeCause,
    })
}

/// Annotations of a ReplicaSet speak of its newest run only. Those of the Deployment object are the same, and
/// newer for a moment.
fn cause_of<'a>(run: &Run<'a>) -> Option<&'a str> {
    let of_set = run
        .replica_set
        .filter(|_| run.last)
        .and_then(|set| set.change_cause.as_deref());
    let of_deployment = run
        .deployment
        .and_then(|deployment| deployment.change_cause.as_deref());
    of_deployment.or(of_set).filter(|text| !text.is_empty())
}

fn mark<'a>(run: &Run<'a>) -> Option<&'a OperationMark> {
    let of_set = run
        .replica_set
        .filter(|_| run.last)
        .and_then(|set| set.operation.as_ref());
    run.deployment
        .and_then(|deployment| deployment.operation.as_ref())
        .or(of_set)
}

fn own_mark<'a>(run: &Run<'a>) -> Option<&'a OperationMark> {
    let template = run.template()?;
    mark(run).filter(|mark| mark.template == template.hash)
}
