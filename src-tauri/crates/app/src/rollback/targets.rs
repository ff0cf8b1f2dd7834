//! What a workload can go back to: deployments whose template the cluster or the ledger still has.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use cluster::change::{KeptRevision, LiveWorkload, Rest, revisions};
use domain::deployment::{Deployment, DeploymentKind, Moments, RunningVersion, Status};
use domain::failure::failure;
use domain::ids::TemplateHash;
use domain::known_good::{last_known_good, live_time, previous};
use domain::plan::{TargetChoice, TargetOrigin};
use domain::template::PodTemplate;
use domain::workspace::{Environment, Service};
use wire::rollback::TargetRequest;
use wire::timeline::RollbackCandidate;
use wire::{ErrorCode, WireError, epoch_ms};

use crate::comparison::sides;
use crate::error::{self, Answer};
use crate::releases;
use crate::session::Session;

use super::intent::IntentContent;

/// A chosen target.
pub(crate) struct Target {
    pub choice: TargetChoice,
    pub version: RunningVersion,
    pub template: PodTemplate,
    pub hash: TemplateHash,
    pub origin: TargetOrigin,
    pub revision: Option<i64>,
    pub deployment: Option<Deployment>,
    /// The number of the operation that it undoes.
    pub undo_of: Option<i64>,
}

/// The revisions that the cluster still keeps, by template hash.
pub(crate) type Kept = HashMap<TemplateHash, KeptRevision>;

/// Reads the revisions of a workload.
pub(crate) async fn kept(read: &Rest, live: &LiveWorkload) -> Result<Kept, cluster::Error> {
    let found = revisions(read, live).await?;
    Ok(found.into_iter().map(|one| (one.template.hash(), one)).collect())
}

/// The lane of a workload, oldest first, its last element being what the object wants now: as the object itself says
/// it where the ledger has not heard of it yet.
///
/// A deployment that is told twice under one template and revision was joined by the ledger.
pub(crate) fn history(
    session: &Session,
    service: &Service,
    environment: &Environment,
    live: &LiveWorkload,
) -> Answer<Vec<Deployment>> {
    let mut lane = sides::lane(session, &service.name, environment.name.as_str())?;
    lane.retain(|deployment| {
        deployment
            .workload
            .as_ref()
            .is_none_or(|workload| workload.uid == live.workload.uid)
    });
    let current = live.template.hash();
    let at = lane
        .iter()
        .rposition(|deployment| deployment.template.as_ref() == Some(&current));
    let newest = match at {
        Some(at) => lane.remove(at),
        None => unheard_of(session, service, environment, live)?,
    };
    lane.push(newest);
    Ok(lane)
}

/// What runs now, as far as the object alone tells: the watch lags behind it for a moment.
fn unheard_of(
    session: &Session,
    service: &Service,
    environment: &Environment,
    live: &LiveWorkload,
) -> Answer<Deployment> {
    let identified = releases::identify(session, service, &live.template)?;
    Ok(Deployment {
        id: None,
        service: service.name.clone(),
        environment: environment.name.clone(),
        workload: Some(live.workload.clone()),
        template: Some(live.template.hash()),
        revision: live.revision,
        version_evidence: Vec::new(),
        version: identified.version,
        image: identified.image,
        digest: identified.digest,
        kind: DeploymentKind::Version,
        status: Status::InProgress,
        moments: Moments::default(),
        previous_served_until: None,
        rollback: None,
        who: None,
        why: None,
        operation: None,
        evidence: Vec::new(),
    })
}

/// Chooses the target that was asked for.
pub(crate) fn choose(
    session: &Session,
    environment: &Environment,
    lane: &[Deployment],
    kept: &Kept,
    request: &TargetRequest,
    now: DateTime<Utc>,
) -> Answer<Target> {
    let no_target = || {
        WireError::new(
            ErrorCode::NoTarget,
            "there is no earlier deployment of another version to go back to",
        )
        .with("environment", &environment.name)
    };
    match request {
        TargetRequest::Previous => {
            let found = previous(lane).ok_or_else(no_target)?;
            of_deployment(session, TargetChoice::Previous, found, kept)
        }
        TargetRequest::LastKnownGood => match last_known_good(lane, environment.known_good_after, now) {
            Some(good) => of_deployment(session, TargetChoice::LastKnownGood, good.deployment, kept),
            None => of_deployment(
                session,
                TargetChoice::Previous,
                previous(lane).ok_or_else(no_target)?,
                kept,
            ),
        },
        TargetRequest::Deployment { id } => {
            let found = sides::find(session, *id)?;
            let choice = TargetChoice::Specified(domain::ids::DeploymentId(*id as i64));
            of_deployment(session, choice, &found, kept)
        }
        TargetRequest::UndoOf { operation } => undo(session, operation, kept),
    }
}

fn of_deployment(
    session: &Session,
    choice: TargetChoice,
    deployment: &Deployment,
    kept: &Kept,
) -> Answer<Target> {
    let hash = deployment.template.clone().ok_or_else(|| {
        WireError::new(
            ErrorCode::NoTarget,
            "the pod template of that deployment was never seen",
        )
        .with("environment", &deployment.environment)
    })?;
    let (template, origin, revision) = find(session, &hash, kept)?;
    Ok(Target {
        choice,
        version: deployment.version.clone(),
        template,
        hash,
        origin,
        revision,
        deployment: Some(deployment.clone()),
        undo_of: None,
    })
}

/// In the cluster first, else in the ledger.
fn find(
    session: &Session,
    hash: &TemplateHash,
    kept: &Kept,
) -> Answer<(PodTemplate, TargetOrigin, Option<i64>)> {
    if let Some(found) = kept.get(hash) {
        let origin = TargetOrigin::Revision {
            kind: found.object.kind,
            name: found.object.name.clone(),
        };
        return Ok((found.template.clone(), origin, found.revision));
    }
    let template = session
        .ledger
        .template(hash)
        .map_err(error::ledger)?
        .ok_or_else(|| {
            WireError::new(
                ErrorCode::NoTarget,
                "the cluster has pruned that template, and the ledger never saw it",
            )
        })?;
    Ok((template, TargetOrigin::Ledger, None))
}

fn undo(session: &Session, operation: &str, kept: &Kept) -> Answer<Target> {
    let record = session
        .ledger
        .operation(&operation.into())
        .map_err(error::ledger)?
        .ok_or_else(|| {
            WireError::new(ErrorCode::NoSuchOperation, "no such operation").with("operation", operation)
        })?;
    let content = IntentContent::read(&record.operation.intent)
        .ok_or_else(|| error::internal("the intent of the operation can't be read"))?;
    let hash = content.origin_hash();
    let (template, origin, revision) = find(session, &hash, kept)?;
    let deployment = match content.from_deployment {
        Some(id) => session
            .ledger
            .deployment(domain::ids::DeploymentId(id))
            .map_err(error::ledger)?,
        None => None,
    };
    let version = content.from_version.parse().map_or_else(
        |_| RunningVersion::Unversioned(content.from_version.clone()),
        RunningVersion::Version,
    );
    Ok(Target {
        choice: TargetChoice::Origin {
            template: hash.clone(),
        },
        version,
        template,
        hash,
        origin,
        revision,
        deployment,
        undo_of: Some(record.operation.number),
    })
}

/// Every version of which the ledger has the template, the newest run of each, newest first.
pub(crate) fn candidates(
    session: &Session,
    environment: &Environment,
    lane: &[Deployment],
    now: DateTime<Utc>,
) -> Answer<Vec<RollbackCandidate>> {
    let Some((current, earlier)) = lane.split_last() else {
        return Ok(Vec::new());
    };
    let mut found: Vec<RollbackCandidate> = Vec::new();
    for deployment in earlier.iter().rev() {
        let version = deployment.version.label();
        let (Some(hash), Some(id)) = (&deployment.template, deployment.id) else {
            continue;
        };
        let again = found.iter().any(|candidate| candidate.version == version);
        if again || deployment.version == current.version || deployment.kind == DeploymentKind::Restart {
            continue;
        }
        if session.ledger.template(hash).map_err(error::ledger)?.is_none() {
            continue;
        }
        let ran = live_time(deployment, now);
        let good = last_known_good(
            &[deployment.clone(), current.clone()],
            environment.known_good_after,
            now,
        )
        .is_some();
        let last_ran = deployment
            .moments
            .ended
            .or(deployment.moments.settled)
            .or(deployment.moments.started);
        found.push(RollbackCandidate {
            deployment: id.0 as f64,
            version,
            last_ran: last_ran.map_or(0.0, |moment| epoch_ms(moment.latest())),
            ran: ran.map(|ran| ran.as_millis() as f64),
            // Marked by whoever can ask the cluster.
            from_ledger: false,
            known_good: good,
            failed: failure(deployment, now).is_some(),
        });
    }
    Ok(found)
}
