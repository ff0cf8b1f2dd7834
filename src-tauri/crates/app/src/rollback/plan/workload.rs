//! Which workload a plan is of: the one that ran its target, where several run a service.

use std::sync::Arc;

use cluster::records::WorkloadRecord;
use domain::ids::{DeploymentId, EnvironmentName, ServiceName};
use domain::workload::WorkloadIdentity;
use domain::workspace::{Environment, Service};
use wire::rollback::TargetRequest;
use wire::{ErrorCode, WireError};

use crate::backend::blocking;
use crate::comparison::sides;
use crate::error::{self, Answer};
use crate::rollback::intent::IntentContent;
use crate::session::Session;

/// The workload that runs a service in an environment: the one that is wanted, or the only one.
pub(crate) fn workload(
    session: &Session,
    service: &Service,
    environment: &Environment,
    wanted: Option<&WorkloadIdentity>,
) -> Answer<Arc<WorkloadRecord>> {
    let place = (service.name.clone(), environment.name.clone());
    let mut records = session.link(environment)?.workloads(&place);
    if records.len() == 1 && wanted.is_none() {
        return Ok(records.remove(0));
    }
    let names: Vec<&str> = records.iter().map(|record| record.name.as_ref()).collect();
    let names = names.join(", ");
    let refuse = |code, why: String| {
        Err(WireError::new(code, why)
            .with("service", &service.name)
            .with("environment", &environment.name)
            .with("workloads", &names))
    };
    let Some(wanted) = wanted.filter(|_| !records.is_empty()) else {
        return if records.is_empty() {
            let why = "no Deployment object of this service was found there";
            refuse(ErrorCode::NoTarget, why.to_owned())
        } else {
            refuse(ErrorCode::SeveralWorkloads, format!("several workloads: {names}"))
        };
    };
    match find(wanted, &records) {
        Some(at) => Ok(records.swap_remove(at)),
        None => refuse(
            ErrorCode::NoTarget,
            format!("the workload is not there any more; there are {names}"),
        ),
    }
}

/// The workload that a target is of: what is asked for says which of several is meant.
pub(super) async fn wanted(
    session: &Arc<Session>,
    service: &Service,
    environment: &Environment,
    target: &TargetRequest,
) -> Answer<Option<WorkloadIdentity>> {
    match target {
        TargetRequest::Previous | TargetRequest::LastKnownGood => Ok(None),
        TargetRequest::Deployment { id } => ran_by(session, service, environment, *id).await,
        TargetRequest::UndoOf { operation } => {
            let (session, operation) = (Arc::clone(session), operation.as_str().into());
            let (service, environment) = (service.name.clone(), environment.name.clone());
            blocking(move || {
                let found = session.ledger.operation(&operation).map_err(error::ledger)?;
                let Some(record) = found else { return Ok(None) };
                let place = (&record.workspace, &record.service, &record.environment);
                if place != (&session.id, &service, &environment) {
                    return Err(elsewhere(&service, &environment));
                }
                let content = IntentContent::read(&record.operation.intent);
                Ok(content.and_then(|content| content.workload()))
            })
            .await
        }
    }
}

/// The workload that ran a deployment of that service in that environment; `None` where it is not known.
///
/// # Errors
/// The deployment is of another service or environment: what ran there is no target here.
pub(crate) async fn ran_by(
    session: &Arc<Session>,
    service: &Service,
    environment: &Environment,
    deployment: f64,
) -> Answer<Option<WorkloadIdentity>> {
    let session = Arc::clone(session);
    let (service, environment) = (service.name.clone(), environment.name.clone());
    blocking(move || {
        let lane = sides::lane(&session, &service, environment.as_str())?;
        let id = Some(DeploymentId(deployment as i64));
        let found = lane.into_iter().find(|one| one.id == id);
        found
            .map(|one| one.workload)
            .ok_or_else(|| elsewhere(&service, &environment))
    })
    .await
}

fn elsewhere(service: &ServiceName, environment: &EnvironmentName) -> WireError {
    WireError::new(ErrorCode::NoTarget, "that did not run here")
        .with("service", service)
        .with("environment", environment)
}

/// This very object, or the one that was made anew under its name.
fn find(wanted: &WorkloadIdentity, records: &[Arc<WorkloadRecord>]) -> Option<usize> {
    let by_uid = records.iter().position(|record| record.uid == wanted.uid);
    by_uid.or_else(|| {
        records.iter().position(|record| {
            (record.kind, &record.namespace, &*record.name)
                == (wanted.kind, &wanted.namespace, wanted.name.as_str())
        })
    })
}
