//! Makes a plan: reads the live object, chooses the target, asks the preflight, and hashes what a person confirms.

mod checks;
mod sheet;
mod workload;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::change::follow::endpoints;
use cluster::change::{LiveWorkload, Patch, Rest, observe, preflight};
use cluster::records::WorkloadRecord;
use cluster::workload::path;
use domain::deployment::{Deployment, Moment};
use domain::difference::differences;
use domain::ids::OperationId;
use domain::known_good::live_since;
use domain::plan::{Account, PlanPlace, PlanSide, RollbackPlan};
use domain::workspace::{Environment, Service};
use wire::rollback::{Before, PlanRequest};
use wire::{ErrorCode, WireError};

use super::Shown;
use super::targets::{self, Target};
use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::session::Session;
use checks::own_findings;
use workload::wanted;

pub(crate) use sheet::{answer, finding};
pub(crate) use workload::{ran_by, workload};

/// What a plan is made of, read from the cluster and the ledger.
struct Read {
    live: LiveWorkload,
    /// What runs now, as the history tells it.
    current: Deployment,
    /// Since when its version has.
    since: Option<DateTime<Utc>>,
    target: Target,
}

/// Makes a plan for a request.
pub(crate) async fn make(
    backend: &Arc<Backend>,
    session: &Arc<Session>,
    request: &PlanRequest,
) -> Answer<Shown> {
    let environment = session.environment(&request.environment)?;
    let running = backend.rollbacks.running_in(&environment.name);
    make_beside(backend, session, request, running).await
}

/// The same while the operation itself is the one that runs there: the plan that is made again before the write.
pub(crate) async fn make_ignoring_running(
    backend: &Arc<Backend>,
    session: &Arc<Session>,
    request: &PlanRequest,
) -> Answer<Shown> {
    make_beside(backend, session, request, None).await
}

async fn make_beside(
    backend: &Arc<Backend>,
    session: &Arc<Session>,
    request: &PlanRequest,
    running: Option<String>,
) -> Answer<Shown> {
    let service = session.service(&request.service)?;
    let environment = session.environment(&request.environment)?;
    let link = session.link(environment)?;
    let (read, write) = link.rests()?;
    let wanted = wanted(session, service, environment, &request.target).await?;
    let record = workload(session, service, environment, wanted.as_ref())?;
    let found = gather(backend, session, service, environment, &read, &record, request).await?;
    let account = link.account().unwrap_or(Account {
        name: String::new(),
        groups: Vec::new(),
        confirmed: false,
    });
    let patch = Patch {
        template: found.target.template.clone(),
        template_hash: found.target.hash.clone(),
        change_cause: change_cause(&found.target.version.label(), None),
        operation: OperationId::new("plan"),
    };
    let (asked, before) = tokio::join!(
        preflight::preflight(&read, &write, &found.live, &patch),
        before(&read, &found.live)
    );
    let (own, delta) = own_findings(session, environment, &found, running, backend.now()).await?;
    let mut findings = own;
    findings.extend(asked.findings);
    findings.sort_by_key(|finding| finding.code);
    let from = PlanSide {
        version: found.current.version.clone(),
        template_hash: found.live.template.hash(),
        template: found.live.template.clone(),
        revision: found.live.revision,
        deployment: found.current.id,
        since: found.since,
        ran: None,
    };
    let ran = found
        .target
        .deployment
        .as_ref()
        .and_then(|one| domain::known_good::live_time(one, backend.now()));
    let to = PlanSide {
        version: found.target.version.clone(),
        template_hash: found.target.hash.clone(),
        template: found.target.template.clone(),
        revision: found.target.revision,
        deployment: found
            .target
            .deployment
            .as_ref()
            .and_then(|deployment| deployment.id),
        since: found.target.deployment.as_ref().and_then(since),
        ran,
    };
    let digest = RollbackPlan::digest_of(
        &found.live.workload,
        &from.template_hash,
        &to.template_hash,
        &findings,
    );
    let plan = RollbackPlan {
        place: PlanPlace {
            service: service.name.clone(),
            environment: environment.name.clone(),
            tier: environment.tier,
            guard: environment.guard,
            cluster: environment.cluster.clone(),
            context: link.context().unwrap_or_default(),
            account,
            workload: found.live.workload.clone(),
        },
        choice: found.target.choice.clone(),
        differences: differences(&from.template, &to.template),
        from,
        to,
        origin: found.target.origin.clone(),
        findings,
        delta,
        replicas: found.live.rollout.wanted,
        generation: found.live.generation,
        verify_window: environment.verify_window,
        made_at: backend.now(),
        digest,
    };
    Ok(Shown {
        plan,
        undo_of: found.target.undo_of,
        before,
    })
}

/// How what is left runs now, counted as the verdict counts what comes back: its own pods, none of any other version.
/// It is no part of the digest.
async fn before(read: &Rest, live: &LiveWorkload) -> Option<Before> {
    let (seen, found) = tokio::join!(
        observe(read, &live.workload, &live.template),
        endpoints(read, live.workload.namespace.as_str(), &live.template),
    );
    let seen = seen.ok().flatten()?;
    Some(Before {
        ready: seen.ready() as u32,
        restarts: seen.own_pods().map(|pod| pod.restarts).sum(),
        endpoints: found
            .ok()
            .filter(|found| !found.services.is_empty())
            .map(|found| found.services.iter().map(|(_, ready)| *ready as u32).sum()),
    })
}

/// "Tidemark: rollback to 1.41.2 — reason"
pub(crate) fn change_cause(version: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => format!("Tidemark: rollback to {version} — {reason}"),
        None => format!("Tidemark: rollback to {version}"),
    }
}

/// Since when that deployment ran.
fn since(deployment: &Deployment) -> Option<DateTime<Utc>> {
    let moments = &deployment.moments;
    moments.settled.or(moments.started).map(Moment::latest)
}

async fn gather(
    backend: &Arc<Backend>,
    session: &Arc<Session>,
    service: &Service,
    environment: &Environment,
    read: &Rest,
    record: &WorkloadRecord,
    request: &PlanRequest,
) -> Answer<Read> {
    let workload = record.identity();
    let object = read.get(&path(&workload)).await.map_err(error::cluster)?;
    let live = LiveWorkload::read(workload.kind, object).ok_or_else(|| {
        WireError::new(
            ErrorCode::ClusterAnswerUnreadable,
            format!("the answer is no {}", workload.kind),
        )
        .with("cluster", &environment.cluster)
    })?;
    let kept = targets::kept(read, &live).await.map_err(error::cluster)?;
    let (session, service, environment) = (Arc::clone(session), service.clone(), environment.clone());
    let (target, now) = (request.target.clone(), backend.now());
    blocking(move || {
        let mut lane = targets::history(&session, &service, &environment, &live)?;
        let target =
            targets::choose(&session, &environment, &lane, &kept, &target, now).map_err(|error| {
                if error.code == ErrorCode::NoTarget {
                    error.with("service", &service.name)
                } else {
                    error
                }
            })?;
        let since = live_since(&lane).map(Moment::latest);
        let current = lane
            .pop()
            .expect("because a lane ends with what the object wants now");
        Ok(Read {
            live,
            current,
            since,
            target,
        })
    })
    .await
}
