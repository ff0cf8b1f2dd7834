//! Makes a plan: reads the live object, chooses the target, asks the preflight, and hashes what a person confirms.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::change::follow::endpoints;
use cluster::change::{LiveDeployment, Patch, Rest, deployment_path, observe, preflight};
use cluster::records::DeploymentRecord;
use domain::deployment::{Deployment, Moment, WorkloadIdentity};
use domain::difference::{counts, differences};
use domain::failure::failure;
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::ids::{DeploymentId, EnvironmentName, OperationId, ServiceName};
use domain::plan::{Account, PlanPlace, PlanSide, ReleaseDelta, RollbackPlan, TargetChoice, TargetOrigin};
use domain::workspace::{Environment, Service};
use wire::compare::CommitKind;
use wire::rollback::{
    Before, Finding as WireFinding, FindingWord, LostCommit, OriginWord, Plan, PlanRequest,
    PlanSide as WireSide, Sentence, Stays, TargetRequest,
};
use wire::{ErrorCode, WireError, epoch_ms};

use super::Shown;
use super::intent::IntentContent;
use super::targets::{self, Target};
use crate::backend::{Backend, blocking};
use crate::comparison::{self, between, sides};
use crate::error::{self, Answer};
use crate::session::Session;
use crate::{configuration, notes};

/// What a plan is made of, read from the cluster and the ledger.
struct Read {
    live: LiveDeployment,
    /// What runs now, as the history tells it.
    current: Deployment,
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
        since: since(&found.current),
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
        replicas: found.live.replicas,
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
async fn before(read: &Rest, live: &LiveDeployment) -> Option<Before> {
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

/// Since when it ran.
fn since(deployment: &Deployment) -> Option<DateTime<Utc>> {
    let moments = &deployment.moments;
    moments.settled.or(moments.started).map(Moment::latest)
}

/// The Deployment object that runs a service in an environment: the one that is wanted, or the only one.
pub(crate) fn workload(
    session: &Session,
    service: &Service,
    environment: &Environment,
    wanted: Option<&WorkloadIdentity>,
) -> Answer<Arc<DeploymentRecord>> {
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
async fn wanted(
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
                Ok(content.map(|content| content.workload()))
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
fn find(wanted: &WorkloadIdentity, records: &[Arc<DeploymentRecord>]) -> Option<usize> {
    let by_uid = records.iter().position(|record| record.uid == wanted.uid);
    by_uid.or_else(|| {
        records
            .iter()
            .position(|record| record.namespace == wanted.namespace && *record.name == *wanted.name)
    })
}

async fn gather(
    backend: &Arc<Backend>,
    session: &Arc<Session>,
    service: &Service,
    environment: &Environment,
    read: &Rest,
    record: &DeploymentRecord,
    request: &PlanRequest,
) -> Answer<Read> {
    let workload = WorkloadIdentity {
        kind: "Deployment".to_owned(),
        namespace: record.namespace.clone(),
        name: record.name.to_string(),
        uid: record.uid.clone(),
    };
    let object = read
        .get(&deployment_path(&workload))
        .await
        .map_err(error::cluster)?;
    let live = LiveDeployment::read(object).ok_or_else(|| {
        WireError::new(
            ErrorCode::ClusterAnswerUnreadable,
            "the answer is no Deployment object",
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
        let current = lane
            .pop()
            .expect("because a lane ends with what the object wants now");
        Ok(Read {
            live,
            current,
            target,
        })
    })
    .await
}

/// The checks that need the ledger, Git or the workspace.
async fn own_findings(
    session: &Arc<Session>,
    environment: &Environment,
    found: &Read,
    running: Option<String>,
    now: DateTime<Utc>,
) -> Answer<(Vec<Finding>, ReleaseDelta)> {
    let link = session.link(environment)?;
    let result = |blocked: bool| {
        if blocked {
            FindingResult::Block
        } else {
            FindingResult::Pass
        }
    };
    let mut findings = vec![
        Finding::new(FindingCode::ReadOnly, result(session.is_read_only())),
        Finding::new(
            FindingCode::Connection,
            result(!link.sight(&found.live.workload.namespace).live),
        )
        .about(environment.cluster.to_string()),
        target_finding(&found.target),
    ];
    let ledger = session.ledger.clone();
    let probe = blocking(move || ledger.probe_write().map_err(error::ledger)).await;
    findings.push(match probe {
        Ok(()) => Finding::new(FindingCode::Ledger, FindingResult::Pass),
        Err(problem) => {
            Finding::new(FindingCode::Ledger, FindingResult::Block).with("reason", problem.details)
        }
    });
    findings.push(match running {
        Some(number) => Finding::new(FindingCode::InFlight, FindingResult::Block).with("number", number),
        None => Finding::new(FindingCode::InFlight, FindingResult::Pass),
    });
    findings.extend(failed_finding(&found.target, now));
    findings.extend(configuration::findings(session, environment, &found.live, &found.target).await?);
    let (migrations, delta) = delta(session, found).await?;
    findings.push(migrations);
    Ok((findings, delta))
}

fn target_finding(target: &Target) -> Finding {
    let finding =
        Finding::new(FindingCode::Target, FindingResult::Pass).with("version", target.version.label());
    match &target.origin {
        TargetOrigin::ReplicaSet { name } => finding.with("origin", "cluster").with("name", name),
        TargetOrigin::Ledger => finding.with("origin", "ledger"),
    }
}

/// What the ledger knows of how the target failed when it ran: going back to that looks harmless to every other check.
fn failed_finding(target: &Target, now: DateTime<Utc>) -> Option<Finding> {
    let known = failure(target.deployment.as_ref()?, now)?;
    let facts = [
        ("at", known.at.map(|at| at.timestamp_millis().to_string())),
        ("ran", known.ran.map(|ran| ran.as_millis().to_string())),
        ("reason", known.why.as_ref().map(|why| why.reason.clone())),
        ("message", known.why.map(|why| why.message)),
    ];
    let finding = Finding::new(FindingCode::Failed, FindingResult::Warn);
    let told = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?)));
    Some(told.fold(finding, |finding, (name, fact)| finding.with(name, fact)))
}

/// What goes away with the rollback: commits of the versions that are left, and migrations between.
async fn delta(session: &Arc<Session>, found: &Read) -> Answer<(Finding, ReleaseDelta)> {
    let (service, from, to) = (
        found.current.service.clone(),
        found.current.version.label(),
        found.target.version.label(),
    );
    let session = Arc::clone(session);
    blocking(move || {
        let between = between(&session, &service, &to, &service, &from);
        let lost = |kind: CommitKind| -> Vec<(String, String)> {
            let commits = between.commits.added.iter().filter(|commit| commit.kind == kind);
            commits
                .map(|commit| (from.clone(), commit.subject.clone()))
                .collect()
        };
        let known = between.files.unavailable.is_none();
        let finding = match (known, between.migrations.is_empty()) {
            (false, _) => Finding::new(FindingCode::Migrations, FindingResult::Unknown)
                .with("reason", between.files.unavailable.clone().unwrap_or_default()),
            (true, true) => Finding::new(FindingCode::Migrations, FindingResult::Pass),
            (true, false) => Finding::new(FindingCode::Migrations, FindingResult::Warn)
                .about(between.migrations.join(", "))
                .with("count", between.migrations.len())
                .with("files", between.migrations.join(", ")),
        };
        let delta = ReleaseDelta {
            fixes_removed: lost(CommitKind::Fix),
            features_removed: lost(CommitKind::Feature),
            migrations: known.then(|| between.migrations.clone()),
        };
        Ok((finding, delta))
    })
    .await
}

/// The plan as the sheet shows it.
pub(crate) async fn answer(session: &Arc<Session>, shown: &Shown) -> Answer<Plan> {
    let (session, shown) = (Arc::clone(session), shown.clone());
    blocking(move || {
        let plan = &shown.plan;
        let counted = counts(&plan.differences);
        let changed = plan.findings.iter().filter(|finding| {
            finding.code == FindingCode::Configuration && finding.result == FindingResult::Warn
        });
        let lost = |list: &[(String, String)]| -> Vec<LostCommit> {
            list.iter()
                .map(|(version, subject)| LostCommit {
                    version: version.clone(),
                    subject: subject.clone(),
                })
                .collect()
        };
        let sentence = Sentence {
            images: counted.images as u32,
            settings: counted.settings as u32,
            replicas: plan.replicas.max(0) as u32,
            migrations: plan.delta.migrations.as_ref().map(|files| files.len() as u32),
            configuration: changed.count() as u32,
            fixes: plan.delta.fixes_removed.len() as u32,
            features: plan.delta.features_removed.len() as u32,
        };
        let place = &plan.place;
        Ok(Plan {
            digest: plan.digest.to_string(),
            service: place.service.to_string(),
            environment: place.environment.to_string(),
            tier: crate::workspace_draft::tier(place.tier),
            guard: place.guard,
            cluster: place.cluster.to_string(),
            context: place.context.clone(),
            namespace: place.workload.namespace.to_string(),
            account: place.account.name.clone(),
            groups: place.account.groups.clone(),
            account_confirmed: place.account.confirmed,
            workload: place.workload.name.clone(),
            from: side(&plan.from),
            to: side(&plan.to),
            origin: match plan.origin {
                TargetOrigin::ReplicaSet { .. } => OriginWord::Cluster,
                TargetOrigin::Ledger => OriginWord::Ledger,
            },
            choice: choice(&plan.choice).to_owned(),
            sentence,
            differences: plan.differences.iter().map(comparison::difference).collect(),
            lines: comparison::diff_lines(&plan.from.template, &plan.to.template),
            findings: plan.findings.iter().map(finding).collect(),
            level: plan.level().map(domain::plan::Level::number),
            stays: stays(plan),
            fixes: lost(&plan.delta.fixes_removed),
            features: lost(&plan.delta.features_removed),
            notes: notes_between(&session, plan)?,
            verify_window: plan.verify_window.as_millis() as f64,
            made_at: epoch_ms(plan.made_at),
            before: shown.before,
        })
    })
    .await
}

fn notes_between(session: &Session, plan: &RollbackPlan) -> Answer<Vec<wire::note::NoteInfo>> {
    use comparison::sides::version;
    match (version(&plan.from.version), version(&plan.to.version)) {
        (Some(a), Some(b)) => notes::of_range(session, &plan.place.service, a.min(b), a.max(b)),
        (_, _) => Ok(Vec::new()),
    }
}

fn side(side: &PlanSide) -> WireSide {
    WireSide {
        version: side.version.label(),
        deployment: side.deployment.map(|id| id.0 as f64),
        revision: side.revision.map(|revision| revision as f64),
        since: side.since.map(epoch_ms),
        ran: side.ran.map(|ran| ran.as_millis() as f64),
        template: side.template_hash.to_string(),
    }
}

fn choice(choice: &TargetChoice) -> &'static str {
    match choice {
        TargetChoice::Previous => "previous",
        TargetChoice::Specified(_) => "specified",
        TargetChoice::LastKnownGood => "last-known-good",
        TargetChoice::Origin { .. } => "undo",
    }
}

pub(super) fn finding(finding: &Finding) -> WireFinding {
    WireFinding {
        code: finding.code.as_str().to_owned(),
        result: match finding.result {
            FindingResult::Pass => FindingWord::Pass,
            FindingResult::Warn => FindingWord::Warn,
            FindingResult::Unknown => FindingWord::Unknown,
            FindingResult::Block => FindingWord::Block,
        },
        subject: finding.subject.clone(),
        facts: finding
            .parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        key: finding.key(),
    }
}

/// What does not come back.
fn stays(plan: &RollbackPlan) -> Vec<Stays> {
    let of = |kind: &str, subject: String, facts: BTreeMap<String, String>| Stays {
        kind: kind.to_owned(),
        subject,
        facts,
    };
    let mut stays = Vec::new();
    match &plan.delta.migrations {
        Some(files) if files.is_empty() => {}
        Some(files) => {
            let facts = BTreeMap::from([("files".to_owned(), files.join(", "))]);
            stays.push(of("database", files.len().to_string(), facts));
        }
        None => stays.push(of("unknown-database", String::new(), BTreeMap::new())),
    }
    for finding in plan
        .findings
        .iter()
        .filter(|finding| finding.code == FindingCode::Configuration)
    {
        if let (FindingResult::Warn, Some(subject)) = (finding.result, &finding.subject) {
            let facts = finding
                .parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            stays.push(of("configuration", subject.clone(), facts.collect()));
        }
    }
    stays.push(of("replicas", plan.replicas.to_string(), BTreeMap::new()));
    stays
}
