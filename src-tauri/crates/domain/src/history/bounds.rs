//! When deployments started, settled, failed and ended, as far as ReplicaSets bound it.

use chrono::{DateTime, Utc};

use super::{DeploymentFacts, InferredDeployment, MissingRevisions, Run};
use crate::deployment::{Moment, RunningVersion, Status};

/// The start of each run: exact for a ReplicaSet's first one, else between its neighbours' times.
pub(super) fn starts(runs: &[Run<'_>], deployment: &DeploymentFacts, now: DateTime<Utc>) -> Vec<Moment> {
    let exact: Vec<Option<DateTime<Utc>>> = runs
        .iter()
        .map(|run| run.replica_set.filter(|_| run.first).map(|set| set.created))
        .collect();
    (0..runs.len())
        .map(|at| match exact[at] {
            Some(time) => Moment::At(time),
            None => {
                let earliest = exact[..at].iter().flatten().max().copied();
                let later = exact[at + 1..].iter().flatten().min().copied();
                // What is certainly after the newest start is after every start before it.
                let bound = runs[at..]
                    .iter()
                    .any(|run| run.current)
                    .then(|| newest_bound(deployment, earliest))
                    .flatten();
                range(
                    earliest,
                    [later, bound].into_iter().flatten().min().unwrap_or(now),
                )
            }
        })
        .collect()
}

/// The earliest time that is certainly after the newest start: the template manager's last write, the condition's
/// last update. A time before the start's own lower bound speaks of an earlier rollout.
fn newest_bound(deployment: &DeploymentFacts, earliest: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    // Who wrote when the deployment before began may have written that one, and nothing since.
    let manager = deployment
        .manager
        .as_ref()
        .and_then(|manager| manager.time)
        .filter(|time| earliest.is_none_or(|earliest| *time > earliest));
    let condition = deployment
        .progressing
        .as_ref()
        .filter(|_| deployment.observed)
        .and_then(|one| one.updated);
    [manager, condition]
        .into_iter()
        .flatten()
        .filter(|time| earliest.is_none_or(|earliest| *time >= earliest))
        .min()
}

/// Fills in how each run came out: the newest from the Deployment object, the others from what followed them.
pub(super) fn outcomes(
    runs: &[Run<'_>],
    deployment: &DeploymentFacts,
    now: DateTime<Utc>,
    deployments: &mut [InferredDeployment],
) {
    for (one, run) in deployments.iter_mut().zip(runs) {
        if run.current {
            newest_outcome(deployment, now, one);
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
                .replica_set
                .and_then(|set| set.ready)
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

fn newest_outcome(deployment: &DeploymentFacts, now: DateTime<Utc>, one: &mut InferredDeployment) {
    let started = one.moments.started.and_then(Moment::earliest);
    let condition = deployment
        .progressing
        .as_ref()
        .filter(|condition| deployment.observed && condition.updated >= started);
    let at = condition.and_then(|condition| condition.updated).unwrap_or(now);
    let complete = deployment.observed
        && deployment.updated >= deployment.wanted
        && deployment.available >= deployment.wanted;
    match condition.map(|condition| condition.reason.as_str()) {
        Some("ProgressDeadlineExceeded") => {
            one.moments.failed = Some(range(started, at));
            one.status = Status::Failed;
        }
        Some("NewReplicaSetAvailable") => {
            one.moments.settled = Some(range(started, at));
            one.status = if complete {
                Status::Healthy
            } else {
                Status::Degraded
            };
        }
        // Paused, without a deadline, or still on its way: only the numbers tell.
        Some(_) | None if complete => {
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

/// The numbers between what ReplicaSets tell. The first ones of a Deployment object are always 1, 2, 3 …
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
