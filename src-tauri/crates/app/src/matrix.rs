//! The matrix of services and environments, measured against one of them.

use std::sync::Arc;

use domain::deployment::{Deployment, EvidenceKind, RunningVersion, Status};
use domain::ids::ServiceName;
use domain::version::Version;
use domain::workspace::Environment;
use wire::epoch_ms;
use wire::timeline::{Matrix, MatrixCell, MatrixRequest, MatrixRow, StatusWord};

use crate::backend::{Backend, blocking};
use crate::comparison::{between, sides};
use crate::error::Answer;
use crate::session::Session;
use crate::words;

/// What runs where.
pub async fn matrix(backend: &Arc<Backend>, request: MatrixRequest) -> Answer<Matrix> {
    let session = backend.session()?;
    blocking(move || {
        let reference = match &request.reference {
            Some(name) => Some(session.environment(name)?),
            None => session.workspace.environments.first(),
        };
        let rows = session.workspace.services.iter().map(|service| {
            Ok(MatrixRow {
                service: service.name.to_string(),
                team: service.team.clone(),
                cells: cells(&session, &service.name, reference)?,
            })
        });
        Ok(Matrix {
            reference: reference
                .map(|environment| environment.name.to_string())
                .unwrap_or_default(),
            rows: rows.collect::<Answer<Vec<MatrixRow>>>()?,
        })
    })
    .await
}

fn current(
    session: &Session,
    service: &ServiceName,
    environment: &Environment,
) -> Answer<Option<Deployment>> {
    let lane = sides::lane(session, service, environment.name.as_str())?;
    let mut live = lane
        .into_iter()
        .rev()
        .filter(|deployment| deployment.moments.ended.is_none());
    let Some(mut newest) = live.next() else {
        return Ok(None);
    };
    let place = (service.clone(), environment.name.clone());
    let several = session
        .link(environment)
        .is_ok_and(|link| link.workloads(&place).len() > 1);
    let mut labels = vec![newest.version.label()];
    for other in live.filter(|_| several) {
        if !labels.contains(&other.version.label()) {
            labels.push(other.version.label());
        }
    }
    if labels.len() > 1 {
        newest.version = RunningVersion::Mixed(labels);
    }
    Ok(Some(newest))
}

fn cells(
    session: &Session,
    service: &ServiceName,
    reference: Option<&Environment>,
) -> Answer<Vec<MatrixCell>> {
    let measured = match reference {
        Some(environment) => current(session, service, environment)?,
        None => None,
    };
    let cell = |environment: &Environment| {
        let here = current(session, service, environment)?;
        let place = (service.clone(), environment.name.clone());
        let stale = session
            .link(environment)
            .is_ok_and(|link| !link.sight_of(&place).live);
        Ok(MatrixCell {
            environment: environment.name.to_string(),
            deployment: here.as_ref().and_then(|one| one.id).map(|id| id.0 as f64),
            version: here.as_ref().map(|one| one.version.label()),
            status: here
                .as_ref()
                .map_or(StatusWord::Unknown, |one| words::status(one.status)),
            rolled_back: here.as_ref().is_some_and(|one| one.rollback.is_some()),
            inferred: here.as_ref().is_some_and(is_inferred),
            stale,
            drift: drift(measured.as_ref(), here.as_ref()).to_owned(),
            commits: commits(session, service, measured.as_ref(), here.as_ref()),
            since: here
                .as_ref()
                .and_then(|one| one.moments.settled.or(one.moments.started))
                .map(|at| epoch_ms(at.latest())),
        })
    };
    session.workspace.environments.iter().map(cell).collect()
}

fn is_inferred(deployment: &Deployment) -> bool {
    let exact = deployment
        .moments
        .started
        .is_some_and(domain::deployment::Moment::is_exact);
    deployment.best_evidence() <= EvidenceKind::Recorded && !exact && deployment.status != Status::InProgress
}

fn drift(reference: Option<&Deployment>, here: Option<&Deployment>) -> &'static str {
    let (Some(reference), Some(here)) = (reference, here) else {
        return if reference.is_none() && here.is_none() {
            "same"
        } else {
            "absent"
        };
    };
    if reference.version == here.version {
        return "same";
    }
    let version = |one: &RunningVersion| sides::version(one).cloned();
    match (version(&reference.version), version(&here.version)) {
        (Some(reference), Some(here)) if ahead(&here, &reference) => "ahead",
        (Some(_), Some(_)) => "behind",
        (_, _) => "different",
    }
}

fn ahead(one: &Version, other: &Version) -> bool {
    one > other
}

fn commits(
    session: &Session,
    service: &ServiceName,
    reference: Option<&Deployment>,
    here: Option<&Deployment>,
) -> Option<u32> {
    let (reference, here) = (reference?, here?);
    if reference.version == here.version {
        return Some(0);
    }
    let between = between(
        session,
        service,
        &reference.version.label(),
        service,
        &here.version.label(),
    )
    .commits;
    between
        .unavailable
        .is_none()
        .then_some((between.added.len() + between.removed.len()) as u32)
}
