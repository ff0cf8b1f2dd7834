//! When deployments started, settled, failed and ended, as far as revisions bound it.

use chrono::{DateTime, Utc};

use super::{Earlier, InferredDeployment, MissingRevisions, Run, WorkloadFacts};
use crate::deployment::{Moment, RunningVersion, Status};

/// The start of each run: exact for a revision's first one, else between its neighbours' times.
pub(super) fn starts(runs: &[Run<'_>], workload: &WorkloadFacts, now: DateTime<Utc>) -> Vec<Moment> {
    let exact: Vec<Option<DateTime<Utc>>> = runs
        .iter()
        .map(|run| {
            run.revision
                .filter(|_| run.first)
                .map(|revision| revision.created)
        })
        .collect();
    (0..runs.len())
        .map(|at| match exact[at] {
            Some(time) => Moment::At(time),
            None => {
                let own = runs[at].revision.map(|revision| revision.created);
                let earliest = exact[..at].iter().flatten().copied().chain(own).max();
                let later = exact[at + 1..].iter().flatten().min().copied();
                // What is certainly after a later start is after every start before it.
                let renumbered = runs[at..].iter().filter_map(renumbered).min();
                let bound = runs[at..]
                    .iter()
                    .any(|run| run.current)
                    .then(|| newest_bound(workload, earliest))
                    .flatten();
                range(
                    earliest,
                    [later, renumbered, bound]
                        .into_iter()
                        .flatten()
                        .min()
                        .unwrap_or(now),
                )
            }
        })
        .collect()
}

/// When the number of a revision that came back was written: at the start of its newest run, or after it.
fn renumbered(run: &Run<'_>) -> Option<DateTime<Utc>> {
    match run.revision?.earlier {
        Earlier::Unlisted { renumbered } if run.last => renumbered,
        Earlier::Unlisted { .. } | Earlier::Listed(_) => None,
    }
}

/// The earliest time that is certainly after the newest start: the template manager's last write, the condition's
/// last update. A time before the start's own lower bound speaks of an earlier rollout.
fn newest_bound(workload: &WorkloadFacts, earliest: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    // Who wrote when the deployment before began may have written that one, and nothing since.
    let manager = workload
        .manager
        .as_ref()
        .and_then(|manager| manager.time)
        .filter(|time| earliest.is_none_or(|earliest| *time > earliest));
    let condition = workload
        .progressing
        .as_ref()
        .filter(|_| workload.observed)
        .and_then(|one| one.updated);
    [manager, condition]
        .into_iter()
        .flatten()
        .filter(|time| earliest.is_none_or(|earliest| *time >= earliest))
        .min()
}

/// Fills in how each run came out: the newest from the workload, the others from what followed them.
pub(super) fn outcomes(
    runs: &[Run<'_>],
    workload: &WorkloadFacts,
    now: DateTime<Utc>,
    deployments: &mut [InferredDeployment],
) {
    for (one, run) in deployments.iter_mut().zip(runs) {
        if run.current {
            newest_outcome(workload, now, one);
        }
    }
    for at in 0..deployments.len().saturating_sub(1) {
        let after = deployments
            .get(at + 2)
            .and_then(|one| one.moments.started)
            .map_or(now, Moment::latest);
        let next = &deployments[at + 1];
        let (next_started, next_settled) = (next.moments.started, next.moments.settled);
        let taken_back = next.returned_to.is_some() && !goes_forward(&deployments[at], next);
        let still_serves = next.current
            && next_settled.is_none()
            && runs[at].last
            && runs[at]
                .revision
                .and_then(|revision| revision.ready)
                .is_some_and(|ready| ready > 0);
        let skipped = is_apart(deployments[at].revision, next.revision);
        let one = &mut deployments[at];
        if taken_back {
            one.status = Status::RolledBack;
        }
        if !still_serves {
            let own = one.moments.started.and_then(Moment::earliest);
            let earliest = if skipped {
                own
            } else {
                next_started.and_then(Moment::earliest).or(own)
            };
            one.moments.ended = Some(range(earliest, next_settled.map_or(after, Moment::latest)));
        }
    }
}

fn newest_outcome(workload: &WorkloadFacts, now: DateTime<Utc>, one: &mut InferredDeployment) {
    let started = one.moments.started.and_then(Moment::earliest);
    let condition = workload
        .progressing
        .as_ref()
        .filter(|condition| workload.observed && condition.updated >= started);
    let at = condition.and_then(|condition| condition.updated).unwrap_or(now);
    match condition.map(|condition| condition.reason.as_str()) {
        Some("ProgressDeadlineExceeded") => {
            one.moments.failed = Some(range(started, at));
            one.status = Status::Failed;
        }
        Some("NewReplicaSetAvailable") => {
            one.moments.settled = Some(range(started, at));
            one.status = if workload.complete {
                Status::Healthy
            } else {
                Status::Degraded
            };
        }
        // Paused, without a deadline, or still on its way: only the numbers tell.
        Some(_) | None if workload.complete => {
            one.moments.settled = Some(range(started, now));
            one.status = Status::Healthy;
        }
        Some(_) | None => one.status = Status::InProgress,
    }
}

/// To a higher version: one that was taken back comes again, which takes nothing back.
fn goes_forward(before: &InferredDeployment, next: &InferredDeployment) -> bool {
    match (&before.version, &next.version) {
        (Some(RunningVersion::Version(before)), Some(RunningVersion::Version(next))) => next > before,
        (_, _) => false,
    }
}

/// The numbers between what revisions tell. The first ones of a workload are always 1, 2, 3 …
pub(super) fn missing(deployments: &[InferredDeployment], now: DateTime<Utc>) -> Vec<MissingRevisions> {
    let mut gaps = Vec::new();
    let mut before: (i64, Option<DateTime<Utc>>) = (0, None);
    for one in deployments {
        let Some(revision) = one.revision else { continue };
        if revision > before.0 + 1 {
            gaps.push(MissingRevisions {
                first: before.0 + 1,
                last: revision - 1,
                earliest: before.1,
                latest: one.moments.started.map_or(now, Moment::latest),
            });
        }
        before = (revision, one.moments.started.and_then(Moment::earliest));
    }
    gaps
}

fn is_apart(from: Option<i64>, to: Option<i64>) -> bool {
    from.zip(to).is_some_and(|(from, to)| to > from + 1)
}

fn range(earliest: Option<DateTime<Utc>>, latest: DateTime<Utc>) -> Moment {
    Moment::Between {
        earliest,
        latest: earliest.map_or(latest, |earliest| earliest.max(latest)),
    }
}
