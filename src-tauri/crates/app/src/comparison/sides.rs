//! One side of a comparison: which version, where, when, and the template that ran.

use chrono::{DateTime, Utc};
use domain::deployment::{Deployment, RunningVersion};
use domain::history::by_revision;
use domain::ids::{DeploymentId, ServiceName};
use domain::template::PodTemplate;
use ledger::DeploymentFilter;
use wire::compare::{SideInfo, SideRequest, StripSpan};
use wire::{ErrorCode, WireError, epoch_ms};

use crate::error::{self, Answer};
use crate::session::Session;
use crate::words::status;

/// A side with what comparing needs beyond what is shown.
pub(crate) struct Side {
    pub info: SideInfo,
    pub service: ServiceName,
    /// The version, or the text that is none.
    pub label: String,
    pub template: Option<PodTemplate>,
    pub deployment: Option<Deployment>,
}

/// How many neighbours the strip shows on each side.
const NEIGHBOURS: usize = 2;

pub(crate) fn side(session: &Session, request: &SideRequest) -> Answer<Side> {
    match request {
        SideRequest::Deployment { id } => of_deployment(session, find(session, *id)?),
        SideRequest::Environment {
            service,
            environment,
            at,
        } => {
            let name = session.service(service)?.name.clone();
            session.environment(environment)?;
            let lane = lane(session, &name, environment)?;
            let moment = at.and_then(|at| DateTime::from_timestamp_millis(at as i64));
            let found = live_at(&lane, moment).cloned().ok_or_else(|| {
                WireError::new(
                    ErrorCode::NoSuchDeployment,
                    format!("nothing of {service} ran in {environment}"),
                )
                .with("service", service)
                .with("environment", environment)
            })?;
            of_deployment(session, found)
        }
        SideRequest::Version { service, version } => of_version(session, service, version),
    }
}

/// The deployment of that row.
pub(crate) fn find(session: &Session, id: f64) -> Answer<Deployment> {
    let found = session
        .ledger
        .deployment(DeploymentId(id as i64))
        .map_err(error::ledger)?;
    found.ok_or_else(|| {
        WireError::new(ErrorCode::NoSuchDeployment, format!("no deployment {id}")).with("deployment", id)
    })
}

/// One lane, oldest first: each workload's runs in the order of their revisions.
pub(crate) fn lane(session: &Session, service: &ServiceName, environment: &str) -> Answer<Vec<Deployment>> {
    let filter = DeploymentFilter {
        service: Some(service.clone()),
        environment: Some(environment.into()),
        ..DeploymentFilter::default()
    };
    let mut lane = session
        .ledger
        .deployments(&session.id, &filter)
        .map_err(error::ledger)?;
    lane.reverse();
    by_revision(&mut lane, |one| {
        one.run().map(|(workload, revision)| (workload.clone(), revision))
    });
    Ok(lane)
}

fn live_at(lane: &[Deployment], moment: Option<DateTime<Utc>>) -> Option<&Deployment> {
    let Some(moment) = moment else {
        return lane
            .iter()
            .rev()
            .find(|deployment| deployment.moments.ended.is_none())
            .or_else(|| lane.last());
    };
    let began = |deployment: &Deployment| {
        let moments = &deployment.moments;
        moments
            .settled
            .or(moments.started)
            .is_some_and(|at| at.latest() <= moment)
    };
    lane.iter().rev().find(|deployment| began(deployment))
}

fn of_deployment(session: &Session, deployment: Deployment) -> Answer<Side> {
    let label = deployment.version.label();
    let template = match &deployment.template {
        Some(hash) => session.ledger.template(hash).map_err(error::ledger)?,
        None => None,
    };
    let tags = session.repositories.tags(&deployment.service).ok();
    let tag = tags.as_ref().and_then(|tags| tags.tag(&label));
    let info = SideInfo {
        service: deployment.service.to_string(),
        environment: Some(deployment.environment.to_string()),
        version: label.clone(),
        deployment: deployment.id.map(|id| id.0 as f64),
        status: Some(status(deployment.status)),
        from: deployment
            .moments
            .settled
            .or(deployment.moments.started)
            .map(|at| epoch_ms(at.latest())),
        to: deployment.moments.ended.map(|at| epoch_ms(at.latest())),
        strip: strip(session, &deployment)?,
        commit: tag.map(|tag| tag.commit.to_string()),
        tag: tag.map(|tag| tag.name.to_string()),
    };
    Ok(Side {
        info,
        service: deployment.service.clone(),
        label,
        template,
        deployment: Some(deployment),
    })
}

/// A version by its tag: with the newest deployment of it anywhere, whose template stands for it.
fn of_version(session: &Session, service: &str, version: &str) -> Answer<Side> {
    let name = session.service(service)?.name.clone();
    let filter = DeploymentFilter {
        service: Some(name.clone()),
        version: Some(version.to_owned()),
        limit: Some(1),
        ..DeploymentFilter::default()
    };
    let ran = session
        .ledger
        .deployments(&session.id, &filter)
        .map_err(error::ledger)?;
    if let Some(deployment) = ran.into_iter().next() {
        return of_deployment(session, deployment);
    }
    let tags = session.repositories.tags(&name)?;
    let tag = tags.tag(version).ok_or_else(|| {
        WireError::new(
            ErrorCode::NoSuchVersion,
            format!("{service} has no version {version}"),
        )
        .with("service", service)
        .with("version", version)
    })?;
    let info = SideInfo {
        service: service.to_owned(),
        environment: None,
        version: version.to_owned(),
        deployment: None,
        status: None,
        from: Some(epoch_ms(tag.date)),
        to: None,
        strip: Vec::new(),
        commit: Some(tag.commit.to_string()),
        tag: Some(tag.name.to_string()),
    };
    Ok(Side {
        info,
        service: name,
        label: version.to_owned(),
        template: None,
        deployment: None,
    })
}

fn strip(session: &Session, deployment: &Deployment) -> Answer<Vec<StripSpan>> {
    let lane = lane(session, &deployment.service, deployment.environment.as_str())?;
    let changes: Vec<&Deployment> = lane
        .iter()
        .filter(|one| one.id == deployment.id || one.kind == domain::deployment::DeploymentKind::Version)
        .collect();
    let at = changes
        .iter()
        .position(|one| one.id == deployment.id)
        .unwrap_or(0);
    let shown = changes
        .iter()
        .skip(at.saturating_sub(NEIGHBOURS))
        .take(2 * NEIGHBOURS + 1);
    let span = |one: &&Deployment| {
        let from = one.moments.settled.or(one.moments.started)?;
        Some(StripSpan {
            version: one.version.label(),
            from: epoch_ms(from.latest()),
            to: one.moments.ended.map(|at| epoch_ms(at.latest())),
            here: one.id == deployment.id,
            deployment: one.id?.0 as f64,
        })
    };
    Ok(shown.filter_map(span).collect())
}

/// The SemVer version of a label, if it is one.
pub(crate) fn version(running: &RunningVersion) -> Option<&domain::version::Version> {
    match running {
        RunningVersion::Version(version) => Some(version),
        RunningVersion::Unversioned(_) | RunningVersion::Mixed(_) => None,
    }
}
