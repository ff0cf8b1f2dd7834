//! Who and why, as far as a workload and its revisions say it.
//!
//! `kubernetes.io/change-cause` and our own mark stick: the controller copies them to every later revision.
//! One that only repeats the revision's before is inherited, and says nothing.

use super::{OperationMark, Run, WorkloadFacts};
use crate::deployment::{Attribution, AttributionSource};
use crate::ids::OperationId;

/// Our operation, if the mark is for this run's template.
pub(super) fn operation(run: &Run<'_>) -> Option<OperationId> {
    own_mark(run).map(|mark| mark.id.clone())
}

/// The manager that owns the template.
pub(super) fn who(workload: &WorkloadFacts) -> Option<Attribution> {
    workload.manager.as_ref().map(|manager| Attribution {
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

/// Annotations of a revision speak of one of its runs only. Those of the workload are of its newest, and newer for a
/// moment.
fn cause_of<'a>(run: &Run<'a>) -> Option<&'a str> {
    let of_revision = run
        .annotated()
        .and_then(|revision| revision.change_cause.as_deref());
    let of_workload = run.workload.and_then(|workload| workload.change_cause.as_deref());
    of_workload.or(of_revision).filter(|text| !text.is_empty())
}

fn mark<'a>(run: &Run<'a>) -> Option<&'a OperationMark> {
    let of_revision = run.annotated().and_then(|revision| revision.operation.as_ref());
    run.workload
        .and_then(|workload| workload.operation.as_ref())
        .or(of_revision)
}

fn own_mark<'a>(run: &Run<'a>) -> Option<&'a OperationMark> {
    let template = run.template()?;
    mark(run).filter(|mark| mark.template == template.hash)
}
