//! Deployments whose end nobody saw, and whose ReplicaSets are gone: what came after them bounds it.

use chrono::{DateTime, Utc};
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moment, Moments};
use domain::ids::{Uid, WorkspaceId};
use ledger::{DeploymentFilter, Ledger};

use crate::connection::Place;
use crate::error::{self, Answer};

/// Ends what the ledger still has as running on a workload, of a lower revision than any that is told of now.
///
/// It was running when the workload was looked at last, and the oldest one told of came after it. Must be asked
/// before the workload's newest revision is kept, whose time is the lower bound.
pub(super) fn end(
    ledger: &Ledger,
    workspace: &WorkspaceId,
    place: &Place,
    workload: &Uid,
    told: &[Deployment],
    now: DateTime<Utc>,
) -> Answer<()> {
    let Some(next) = told
        .iter()
        .filter(|deployment| deployment.revision.is_some())
        .min_by_key(|deployment| deployment.revision)
    else {
        return Ok(());
    };
    let filter = DeploymentFilter {
        service: Some(place.0.clone()),
        environment: Some(place.1.clone()),
        from: Some(now),
        ..DeploymentFilter::default()
    };
    let running = ledger.deployments(workspace, &filter).map_err(error::ledger)?;
    let is_pruned = |deployment: &Deployment| {
        deployment.moments.ended.is_none()
            && deployment
                .workload
                .as_ref()
                .is_some_and(|its| its.uid == *workload)
            && deployment.revision.is_some()
            && deployment.revision < next.revision
    };
    let pruned: Vec<Deployment> = running.into_iter().filter(is_pruned).collect();
    if pruned.is_empty() {
        return Ok(());
    }
    let seen = ledger
        .last_seen_revision(workspace, workload)
        .map_err(error::ledger)?;
    let latest = next.moments.started.map_or(now, Moment::latest);
    let earliest = seen.map(|(_, at)| at).filter(|at| *at <= latest);
    let ended = pruned
        .into_iter()
        .map(|deployment| ended(deployment, Moment::Between { earliest, latest }, now))
        .collect::<Vec<_>>();
    ledger.ingest(workspace, &ended).map(drop).map_err(error::ledger)
}

fn ended(deployment: Deployment, at: Moment, now: DateTime<Utc>) -> Deployment {
    let moments = Moments {
        ended: Some(at),
        ..Moments::default()
    };
    let evidence = Evidence {
        kind: EvidenceKind::Inferred,
        source: "a later revision".to_owned(),
        seen_at: now,
        moments,
    };
    deployment.told_by(evidence)
}
