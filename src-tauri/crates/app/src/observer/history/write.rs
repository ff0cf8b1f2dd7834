//! Writes the history of one workload down: what its ReplicaSets tell, and what our own watch saw.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moment, Moments, RollbackLink, Status};
use domain::history::{EarlierRun, InferredHistory};
use domain::ids::{DeploymentId, TemplateHash};

use crate::error::{self, Answer};
use crate::observer::gone;
use crate::observer::look::Observed;
use crate::session::Session;

/// Writes down the history of one workload, and what was observed of its newest deployment; answers its row.
pub(super) fn write(
    session: &Session,
    deployments: &[(usize, Deployment)],
    history: &InferredHistory,
    status: Status,
    observed: Observed,
    now: DateTime<Utc>,
) -> Answer<Option<DeploymentId>> {
    let told: Vec<Deployment> = deployments
        .iter()
        .map(|(_, deployment)| deployment.clone())
        .collect();
    let ids = session.ledger.ingest(&session.id, &told).map_err(error::ledger)?;
    let by_revision: HashMap<i64, DeploymentId> = told
        .iter()
        .zip(&ids)
        .filter_map(|(deployment, id)| Some((deployment.revision?, *id)))
        .collect();
    let mut again: Vec<Deployment> = Vec::new();
    for (at, deployment) in deployments {
        let inferred = &history.deployments[*at];
        let to = inferred
            .returned_to
            .and_then(EarlierRun::revision)
            .and_then(|revision| by_revision.get(&revision))
            .copied();
        if deployment.rollback.is_some() && to.is_some() {
            again.push(Deployment {
                rollback: Some(RollbackLink { to }),
                ..deployment.clone()
            });
        }
    }
    let Some(current) = deployments
        .iter()
        .position(|(at, _)| history.deployments[*at].current)
    else {
        return Ok(None);
    };
    let served = if observed.old_gone {
        served_until_now(session, &ids[..current])?
    } else {
        None
    };
    gone::is_there(&session.ledger, ids[current])?;
    again.extend(observations(&told, current, served, &observed, now));
    session
        .ledger
        .ingest(&session.id, &again)
        .map_err(error::ledger)?;
    for (deployment, id) in told.iter().zip(&ids) {
        if deployment.status == Status::RolledBack {
            session
                .ledger
                .set_status(*id, Status::RolledBack)
                .map_err(error::ledger)?;
        }
    }
    session
        .ledger
        .set_status(ids[current], status)
        .map_err(error::ledger)?;
    Ok(Some(ids[current]))
}

/// The place of the one whose pods served until now: the newest that did not fail, unless its end is known already.
fn served_until_now(session: &Session, before: &[DeploymentId]) -> Answer<Option<usize>> {
    for (at, id) in before.iter().enumerate().rev() {
        let kept = session.ledger.deployment(*id).map_err(error::ledger)?;
        let Some(moments) = kept.map(|kept| kept.moments) else {
            continue;
        };
        if moments.failed.is_none() || moments.settled.is_some() {
            return Ok(Some(at).filter(|_| !moments.ended.is_some_and(Moment::is_exact)));
        }
    }
    Ok(None)
}

/// The same deployments as our own watch tells them; `served`: the one whose last ready pod went.
fn observations(
    told: &[Deployment],
    current: usize,
    served: Option<usize>,
    observed: &Observed,
    now: DateTime<Utc>,
) -> Vec<Deployment> {
    let moments = Moments {
        started: observed.started.then_some(Moment::At(now)),
        settled: observed.settled.then_some(Moment::At(now)),
        failed: observed.failed.map(Moment::At),
        ended: None,
    };
    let mut seen = Vec::new();
    if moments != Moments::default() {
        seen.push(as_observed(&told[current], moments, now));
    }
    let ended = if observed.settled {
        current.checked_sub(1)
    } else {
        served
    };
    seen.extend(ended.map(|at| {
        let ended = Moments {
            ended: Some(Moment::At(now)),
            ..Moments::default()
        };
        as_observed(&told[at], ended, now)
    }));
    seen.extend(
        observed
            .given_way
            .as_ref()
            .and_then(|template| gave_way(&told[..=current], template, now)),
    );
    let failing = if observed.old_gone {
        Some(current)
    } else if observed.taken_over {
        current.checked_sub(1)
    } else {
        None
    };
    seen.extend(failing.map(|at| Deployment {
        previous_served_until: Some(now),
        ..as_observed(&told[at], Moments::default(), now)
    }));
    seen
}

/// The deployment of a template that gave way to the next one before it had settled: it failed when that one began.
fn gave_way(told: &[Deployment], template: &TemplateHash, now: DateTime<Utc>) -> Option<Deployment> {
    let (_, before) = told.split_last()?;
    let at = before
        .iter()
        .rposition(|one| one.template.as_ref() == Some(template))?;
    // That of the current one was seen to begin now.
    let next = told[at + 1]
        .moments
        .started
        .filter(|started| at + 1 < before.len() && started.is_exact());
    let moments = Moments {
        failed: next.or(Some(Moment::At(now))),
        ..Moments::default()
    };
    Some(Deployment {
        status: Status::Failed,
        ..as_observed(&before[at], moments, now)
    })
}

fn as_observed(deployment: &Deployment, moments: Moments, now: DateTime<Utc>) -> Deployment {
    let evidence = Evidence {
        kind: EvidenceKind::Observed,
        source: "watch".to_owned(),
        seen_at: now,
        moments,
    };
    deployment.clone().told_by(evidence)
}
