//! The inspector: everything that is known of one deployment, and what its button offers.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cluster::change::follow::hanging;
use cluster::change::owner::{Owner, owner};
use cluster::change::{LiveWorkload, Observation, observe};
use cluster::records::WorkloadRecord;
use domain::deployment::{Deployment, DeploymentKind, RunningVersion, Status};
use domain::difference::{counts, differences};
use domain::ids::TemplateHash;
use domain::known_good::{last_known_good, live_since, previous};
use domain::workload::RevisionKind;
use domain::workspace::{Environment, Service};
use ledger::DeploymentFilter;
use wire::epoch_ms;
use wire::timeline::{
    ChangeCounts, DeploymentDetails, DeploymentRequest, Elsewhere, EvidenceItem, LiveState, OwnerInfo,
    ReleaseInfo, RevisionObject, RollbackCandidate, RollbackOffer, RunningNow, WorkloadInfo, WorkloadNow,
};

use crate::backend::{Backend, blocking};
use crate::comparison::{between, sides};
use crate::connection::ClusterLink;
use crate::error::{self, Answer};
use crate::rollback::targets;
use crate::session::Session;
use crate::words;

/// How long the inspector waits for live facts before it shows what the watch knows.
const PATIENCE: Duration = Duration::from_secs(4);

/// What is read from the ledger and the repository.
struct Known {
    deployment: Deployment,
    lane: Vec<Deployment>,
    details: DeploymentDetails,
}

/// Everything that is known of a deployment.
pub async fn deployment_details(
    backend: &Arc<Backend>,
    request: DeploymentRequest,
) -> Answer<DeploymentDetails> {
    let session = backend.session()?;
    let now = backend.now();
    let known = {
        let session = Arc::clone(&session);
        blocking(move || known(&session, request.id, now)).await?
    };
    let mut details = known.details;
    let environment = session.environment(known.deployment.environment.as_str())?;
    let link = session.link(environment)?;
    if let Some(kept) = in_cluster(link, &known.deployment).await {
        mark_pruned(&mut details.rollback.targets, &known.lane, &kept);
    }
    if details.current {
        let seen = live(link, &session, &known.deployment, now).await;
        details.live = seen.state;
        if let (Some(owner), Some(workload)) = (seen.owner, &mut details.workload) {
            workload.owner = Some(OwnerInfo {
                name: owner.in_words(),
                evidence: owner.evidence.kind.as_str().to_owned(),
                key: owner.evidence.key,
                value: owner.evidence.value,
            });
        }
        if details.live.as_ref().is_some_and(|live| live.hanging > 0) && seen.others_serve {
            details.previous_serves = previous(&known.lane).map(|deployment| deployment.version.label());
            // What still answers has no end, whatever was seen of it in between.
            details.previous_served_until = None;
        }
    }
    Ok(details)
}

/// The templates of which the cluster still keeps a ReplicaSet; `None` where it does not say.
async fn in_cluster(link: &ClusterLink, deployment: &Deployment) -> Option<HashSet<TemplateHash>> {
    let workload = deployment.workload.as_ref()?;
    let (read, _) = link
        .rests()
        .ok()
        .filter(|_| link.sight(workload.kind, &workload.namespace).live)?;
    let asking = async {
        let live = LiveWorkload::find(&read, workload).await.ok()??;
        targets::kept(&read, &live).await.ok()
    };
    let kept = tokio::time::timeout(PATIENCE, asking).await.ok()??;
    Some(kept.into_keys().collect())
}

/// Marks the targets that only the ledger has.
fn mark_pruned(targets: &mut [RollbackCandidate], lane: &[Deployment], kept: &HashSet<TemplateHash>) {
    for target in targets {
        let run = lane
            .iter()
            .find(|run| run.id.is_some_and(|id| id.0 as f64 == target.deployment));
        let template = run.and_then(|run| run.template.as_ref());
        target.from_ledger = template.is_some_and(|template| !kept.contains(template));
    }
}

fn known(session: &Session, id: f64, now: DateTime<Utc>) -> Answer<Known> {
    let deployment = sides::find(session, id)?;
    let service = session.service(deployment.service.as_str())?;
    let environment = session.environment(deployment.environment.as_str())?;
    let link = session.link(environment)?;
    let mut lane = sides::lane(session, &deployment.service, deployment.environment.as_str())?;
    let workloads = siblings(link, &lane);
    if !workloads.is_empty() {
        // One of several goes its own way: what the others ran is no history of it.
        lane.retain(|other| is_same_workload(other, &deployment));
    }
    let current = lane
        .iter()
        .rev()
        .find(|one| one.moments.ended.is_none())
        .and_then(|one| one.id);
    if let Some(at) = current.and_then(|id| lane.iter().position(|one| one.id == Some(id))) {
        let newest = lane.remove(at);
        lane.push(newest);
    }
    let is_current = deployment.id == current && current.is_some();
    let tags = session.repositories.tags(&deployment.service).ok();
    let label = deployment.version.label();
    let tag = tags.as_ref().and_then(|tags| tags.tag(&label));
    let details = DeploymentDetails {
        id,
        service: service.name.to_string(),
        environment: environment.name.to_string(),
        team: service.team.clone(),
        released: tag.is_some() && matches!(deployment.version, RunningVersion::Version(_)),
        kind: words::kind(deployment.kind),
        status: words::status(deployment.status),
        current: is_current,
        started: deployment.moments.started.map(words::moment),
        settled: deployment.moments.settled.map(words::moment),
        failed: deployment.moments.failed.map(words::moment),
        ended: deployment.moments.ended.map(words::moment),
        previous_serves: None,
        continued_as: continued_as(&lane, &deployment).map(words::kind),
        still_serves: still_serves(link, &lane, &deployment),
        who: deployment.who.as_ref().map(words::attribution),
        why: deployment.why.as_ref().map(words::attribution),
        release: tag.map(|tag| ReleaseInfo {
            tag: tag.name.to_string(),
            commit: tag.commit.to_string(),
            author: author(session, &deployment.service, tag),
            at: epoch_ms(tag.date),
            subject: tag.subject.clone(),
        }),
        changed: changed(session, &lane, &deployment)?,
        evidence: words::evidence(deployment.best_evidence()),
        evidence_items: deployment
            .evidence
            .iter()
            .map(|evidence| EvidenceItem {
                kind: words::evidence(evidence.kind),
                source: evidence.source.clone(),
                seen_at: epoch_ms(evidence.seen_at),
            })
            .collect(),
        events_gap: deployment
            .workload
            .as_ref()
            .and_then(|workload| link.events_gap(&workload.namespace)),
        version_evidence: deployment
            .version_evidence
            .iter()
            .map(words::version_evidence)
            .collect(),
        workload: deployment.workload.as_ref().map(|workload| WorkloadInfo {
            kind: workload.kind.as_str().to_owned(),
            namespace: workload.namespace.to_string(),
            name: workload.name.clone(),
            kept_in: deployment
                .evidence
                .iter()
                .find_map(|evidence| kept_in(&evidence.source)),
            revision: deployment.revision.map(|revision| revision as f64),
            owner: None,
        }),
        workloads,
        image: deployment.image.clone(),
        digest: deployment.digest.clone(),
        live: None,
        rollback: offer(
            session,
            environment,
            &off(session, link, &deployment),
            &lane,
            &deployment,
            now,
        )?,
        running: running(&lane).filter(|_| !is_current),
        previous_served_until: deployment.previous_served_until.map(epoch_ms),
        elsewhere: elsewhere(session, service, environment, &label)?,
        operation: deployment.operation.as_ref().map(ToString::to_string),
        note: note(session, service, &label)?,
        version: label,
    };
    Ok(Known {
        deployment,
        lane,
        details,
    })
}

/// The object that keeps a revision, where it is the source of a piece of evidence.
fn kept_in(source: &str) -> Option<RevisionObject> {
    let (kind, name) = source.split_once(' ')?;
    RevisionKind::parse(kind).map(|kind| RevisionObject {
        kind: kind.as_str().to_owned(),
        name: name.to_owned(),
    })
}

/// Whether two deployments are of one workload, or of one that was made anew under its name.
fn is_same_workload(one: &Deployment, other: &Deployment) -> bool {
    let name = |of: &Deployment| {
        let workload = of.workload.as_ref()?;
        Some((workload.kind, workload.namespace.clone(), workload.name.clone()))
    };
    name(one) == name(other)
}

/// The workloads that run a service in an environment, each with what it runs, where they are several.
fn siblings(link: &ClusterLink, lane: &[Deployment]) -> Vec<WorkloadNow> {
    let Some(first) = lane.first() else {
        return Vec::new();
    };
    let records = link.workloads(&(first.service.clone(), first.environment.clone()));
    if records.len() < 2 {
        return Vec::new();
    }
    let now = |record: &Arc<WorkloadRecord>| {
        let runs = lane.iter().rev().find(|one| {
            one.moments.ended.is_none() && one.workload.as_ref().is_some_and(|its| its.uid == record.uid)
        })?;
        Some(WorkloadNow {
            kind: record.kind.as_str().to_owned(),
            namespace: record.namespace.to_string(),
            name: record.name.to_string(),
            version: runs.version.label(),
            status: words::status(runs.status),
            deployment: runs.id?.0 as f64,
        })
    };
    records.iter().filter_map(now).collect()
}

/// The author of the version: the commit's, never presented as the one who deployed.
fn author(session: &Session, service: &domain::ids::ServiceName, tag: &domain::release::Tag) -> String {
    let repository = session.repositories.open(service);
    let commit = repository
        .ok()
        .and_then(|repository| repository.commit(&tag.commit).ok());
    commit.map(|commit| commit.author.name).unwrap_or_default()
}

fn note(session: &Session, service: &Service, version: &str) -> Answer<Option<String>> {
    let key = ledger::NoteKey {
        workspace: session.id.clone(),
        service: service.name.clone(),
        version: version.to_owned(),
    };
    let note = session.ledger.note(&key).map_err(error::ledger)?;
    Ok(note
        .map(|note| note.draft.unwrap_or(note.body))
        .filter(|text| !text.trim().is_empty()))
}

/// How much differs from the deployment before it in its lane.
fn changed(session: &Session, lane: &[Deployment], deployment: &Deployment) -> Answer<Option<ChangeCounts>> {
    let at = lane.iter().position(|one| one.id == deployment.id);
    let Some(before) = at.and_then(|at| lane[..at].last()) else {
        return Ok(None);
    };
    let (from, to) = (before.version.label(), deployment.version.label());
    let commits = between(session, &deployment.service, &from, &deployment.service, &to).commits;
    let template = |hash: &Option<TemplateHash>| match hash {
        Some(hash) => session.ledger.template(hash).map_err(error::ledger),
        None => Ok(None),
    };
    let counted = match (template(&before.template)?, template(&deployment.template)?) {
        (Some(old), Some(new)) => counts(&differences(&old, &new)),
        (_, _) => domain::difference::DifferenceCounts::default(),
    };
    let commits = commits
        .unavailable
        .is_none()
        .then_some(commits.added.len() + commits.removed.len());
    Ok(Some(ChangeCounts {
        commits: commits.map(|count| count as u32),
        images: counted.images as u32,
        settings: counted.settings as u32,
        previous_version: from,
        previous_deployment: before.id.map(|id| id.0 as f64),
    }))
}

/// Why nothing there can be rolled back at all.
fn off(session: &Session, link: &ClusterLink, deployment: &Deployment) -> Option<&'static str> {
    let place = (deployment.service.clone(), deployment.environment.clone());
    let sight = match &deployment.workload {
        Some(workload) => link.sight(workload.kind, &workload.namespace),
        None => link.sight_of(&place),
    };
    if !link.is_bound() {
        Some("unbound")
    } else if !sight.live {
        Some("offline")
    } else if session.is_read_only() {
        Some("read-only")
    } else if sight.no_revisions {
        Some("no-replica-sets")
    } else if link.workloads(&place).is_empty() {
        Some("not-a-deployment")
    } else {
        None
    }
}

/// What the button offers, or why it is off: of what runs, the way back; of an earlier one, itself.
fn offer(
    session: &Session,
    environment: &Environment,
    off: &Option<&'static str>,
    lane: &[Deployment],
    deployment: &Deployment,
    now: DateTime<Utc>,
) -> Answer<RollbackOffer> {
    let current = lane.last().filter(|current| current.id != deployment.id);
    let good = last_known_good(lane, environment.known_good_after, now);
    let (chosen, known_good, why_not) = match current {
        None => {
            let chosen = good
                .as_ref()
                .map(|good| good.deployment)
                .or_else(|| previous(lane));
            (chosen, good.is_some(), chosen.is_none().then_some("no-target"))
        }
        Some(current) => {
            let pair = [deployment.clone(), current.clone()];
            let known_good = last_known_good(&pair, environment.known_good_after, now).is_some();
            (
                Some(deployment),
                known_good,
                not_again(session, deployment, current)?,
            )
        }
    };
    Ok(RollbackOffer {
        version: chosen.map(|deployment| deployment.version.label()),
        deployment: chosen.and_then(|deployment| deployment.id).map(|id| id.0 as f64),
        ran: chosen
            .and_then(|deployment| domain::known_good::live_time(deployment, now))
            .map(|ran| ran.as_millis() as f64),
        known_good,
        known_good_after: environment.known_good_after.as_millis() as f64,
        off: off.or(why_not).map(str::to_owned),
        targets: targets::candidates(session, environment, lane, now)?,
    })
}

/// Why an earlier deployment is not offered again.
fn not_again(
    session: &Session,
    deployment: &Deployment,
    current: &Deployment,
) -> Answer<Option<&'static str>> {
    let Some(hash) = &deployment.template else {
        return Ok(Some("no-template"));
    };
    if deployment.template == current.template {
        return Ok(Some("runs-now"));
    }
    if deployment.moments.settled.is_none() && deployment.moments.failed.is_some() {
        return Ok(Some("never-settled"));
    }
    let kept = session.ledger.template(hash).map_err(error::ledger)?;
    Ok(kept.is_none().then_some("no-template"))
}

/// As what the same version went on, where no other one came next.
fn continued_as(lane: &[Deployment], deployment: &Deployment) -> Option<DeploymentKind> {
    let at = lane.iter().position(|one| one.id == deployment.id)?;
    let next = lane.get(at + 1)?;
    (next.version == deployment.version).then_some(match next.kind {
        DeploymentKind::Restart => DeploymentKind::Restart,
        DeploymentKind::Version | DeploymentKind::Configuration => DeploymentKind::Configuration,
    })
}

/// Whether what was deployed last failed or is still rolling out, and old pods of this deployment, the one before it, are
/// still ready.
fn still_serves(link: &ClusterLink, lane: &[Deployment], deployment: &Deployment) -> bool {
    let unsettled = lane
        .last()
        .filter(|newest| matches!(newest.status, Status::Failed | Status::InProgress));
    if unsettled.is_none() || previous(lane).is_none_or(|before| before.id != deployment.id) {
        return false;
    }
    let uid = deployment.workload.as_ref().map(|workload| &workload.uid);
    uid.is_some_and(|uid| link.old_pods(uid) > 0)
}

/// What runs at the end of a lane.
fn running(lane: &[Deployment]) -> Option<RunningNow> {
    let now = lane.last().filter(|now| now.moments.ended.is_none())?;
    let since = live_since(lane);
    Some(RunningNow {
        deployment: now.id?.0 as f64,
        version: now.version.label(),
        since: since.map(|moment| epoch_ms(moment.latest())),
    })
}

/// Where else the version ran: the newest run in each other environment.
fn elsewhere(
    session: &Session,
    service: &Service,
    here: &Environment,
    version: &str,
) -> Answer<Vec<Elsewhere>> {
    let mut found = Vec::new();
    for environment in session
        .workspace
        .environments
        .iter()
        .filter(|other| other.name != here.name)
    {
        let filter = DeploymentFilter {
            service: Some(service.name.clone()),
            environment: Some(environment.name.clone()),
            version: Some(version.to_owned()),
            limit: Some(64),
            ..DeploymentFilter::default()
        };
        let runs = session
            .ledger
            .deployments(&session.id, &filter)
            .map_err(error::ledger)?;
        if let Some((first, last)) = newest_run(&runs) {
            found.push(Elsewhere {
                environment: environment.name.to_string(),
                status: words::status(last.status),
                from: first
                    .moments
                    .settled
                    .or(first.moments.started)
                    .map(|at| epoch_ms(at.latest())),
                to: last.moments.ended.map(|at| epoch_ms(at.latest())),
                deployment: last.id.map(|id| id.0 as f64),
            });
        }
    }
    Ok(found)
}

/// The first and the last deployment of the newest run of a version, of its deployments with the newest first: one of
/// configuration or a restart goes on with the run of the one before.
fn newest_run(runs: &[Deployment]) -> Option<(&Deployment, &Deployment)> {
    let begins = runs.iter().position(|run| run.kind == DeploymentKind::Version);
    let first = begins.map_or_else(|| runs.last(), |at| runs.get(at))?;
    Some((first, runs.first()?))
}

/// What the cluster says of the current deployment.
#[derive(Default)]
struct Live {
    state: Option<LiveState>,
    owner: Option<Owner>,
    /// Pods of another template answer.
    others_serve: bool,
}

/// What the cluster says of the current deployment, pods included, and who owns it.
async fn live(link: &ClusterLink, session: &Session, deployment: &Deployment, now: DateTime<Utc>) -> Live {
    let Some(workload) = &deployment.workload else {
        return Live::default();
    };
    let place = (deployment.service.clone(), deployment.environment.clone());
    let record = link
        .workloads(&place)
        .into_iter()
        .find(|record| record.uid == workload.uid);
    let sight = link.sight(workload.kind, &workload.namespace);
    let state = record.map(|record| LiveState {
        replicas: record.rollout.wanted,
        updated: record.rollout.updated,
        ready: record.rollout.ready,
        available: record.rollout.available,
        paused: record.paused,
        reason: None,
        hanging: 0,
        as_of: epoch_ms(sight.heard.filter(|_| !sight.live).unwrap_or(now)),
        stale: !sight.live,
    });
    let watched = Live {
        state,
        ..Live::default()
    };
    if !sight.live {
        return watched;
    }
    let template = deployment
        .template
        .as_ref()
        .and_then(|hash| session.ledger.template(hash).ok().flatten());
    let (Some(template), Ok((read, _))) = (template, link.rests()) else {
        return watched;
    };
    match tokio::time::timeout(PATIENCE, observe(&read, workload, &template)).await {
        Ok(Ok(Some(seen))) => Live {
            state: Some(live_state(&seen, now)),
            owner: owner(&seen.live, None),
            others_serve: seen.others_serve(),
        },
        Ok(Ok(None) | Err(_)) | Err(_) => watched,
    }
}

fn live_state(seen: &Observation, now: DateTime<Utc>) -> LiveState {
    let live = &seen.live;
    let failure = hanging(seen).map(|(failure, _)| failure);
    let unready = seen.own_pods().count() - seen.ready();
    LiveState {
        replicas: live.rollout.wanted,
        updated: live.rollout.updated,
        ready: live.rollout.ready,
        available: live.rollout.available,
        paused: live.paused,
        hanging: if failure.is_some() { unready as u32 } else { 0 },
        reason: failure.map(|failure| failure.reason),
        as_of: epoch_ms(now),
        stale: false,
    }
}
