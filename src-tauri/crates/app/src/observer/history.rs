//! From what a watch sees to deployments in the ledger.
//!
//! What revisions still tell is inferred; what happens while we look is observed (history.md).

mod templates;
mod write;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::records::{RevisionRecord, WorkloadRecord};
use cluster::watch::ClusterView;
use domain::deployment::{Deployment, DeploymentKind, Evidence, EvidenceKind, RollbackLink, Status};
use domain::history::events::{RecentEvents, told_by_events};
use domain::history::{InferredDeployment, InferredHistory, infer};
use domain::ids::{DeploymentId, Namespace, ServiceName, TemplateHash, Uid};
use domain::template::IdentifiedVersion;
use domain::workload::WorkloadIdentity;
use ledger::Run;
use tokio::sync::Semaphore;

use super::digests::Digests;
use super::gone::Gone;
use super::look::{Look, Seen, look};
use super::why::Why;
use super::{gaps, pruned, recent, serving};
use crate::backend::{Backend, blocking};
use crate::configuration;
use crate::connection::{ClusterLink, Place};
use crate::error;
use crate::releases::Releases;
use crate::session::Session;
use templates::Slim;
use write::write;

/// What is known of the templates and workloads of one watch.
#[derive(Default)]
pub(super) struct History {
    /// Images and the hash without the mark of a restart, by template.
    templates: HashMap<TemplateHash, Slim>,
    /// The template of each revision that was read.
    kept: HashMap<Uid, TemplateHash>,
    /// Revisions that could not be read: not asked for again.
    unread: HashSet<Uid>,
    identified: HashMap<(ServiceName, TemplateHash), Arc<IdentifiedVersion>>,
    /// The digests of each service's releases, as far as they were known when they were asked for.
    releases: HashMap<ServiceName, Releases>,
    seen: HashMap<Uid, Seen>,
    told: HashMap<Uid, InferredHistory>,
    /// What the Events of each namespace told at the start.
    events: HashMap<Namespace, RecentEvents>,
    /// Workloads of which Events tell something that was not written down yet.
    untold: HashSet<Uid>,
    /// Deployments whose configuration was read.
    configured: HashSet<DeploymentId>,
    why: Why,
    digests: Digests,
    turns: Turns,
}

/// Lets only a few configurations be read at once: the first look at a cluster asks for a thousand of them.
struct Turns(Arc<Semaphore>);

const READ_AT_ONCE: usize = 4;

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(READ_AT_ONCE)))
    }
}

/// A workload with where it belongs and its revisions.
type Workload = (Place, Arc<WorkloadRecord>, Vec<Arc<RevisionRecord>>);

impl History {
    /// The images of the template that a workload wants.
    pub fn images(&self, record: &WorkloadRecord) -> Vec<String> {
        self.templates
            .get(&record.template)
            .map(|slim| slim.images.clone())
            .unwrap_or_default()
    }

    /// Takes in the Events of a namespace. Answers of which of its workloads they tell something.
    pub fn take_events(
        &mut self,
        namespace: Namespace,
        events: RecentEvents,
        workloads: impl Iterator<Item = Uid>,
    ) -> HashSet<Uid> {
        let tells = |uid: &Uid| {
            let history = self.told.get(uid);
            history.is_some_and(|history| !told_by_events(uid, history, &events).is_empty())
        };
        let touched: HashSet<Uid> = workloads.filter(tells).collect();
        self.events.insert(namespace, events);
        self.untold.extend(touched.iter().cloned());
        touched
    }

    /// Takes in what a burst touched. Answers whether the ledger has something newer.
    pub async fn observe(
        &mut self,
        backend: &Arc<Backend>,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        view: &ClusterView,
        records: Vec<(Place, Arc<WorkloadRecord>)>,
    ) -> bool {
        let records: Vec<_> = records
            .into_iter()
            .map(|(place, record)| {
                let revisions = view.revisions_of(&record.uid);
                (place, record, revisions)
            })
            .collect();
        self.read_templates(backend, session, link, &records).await;
        let now = link.now(backend);
        let mut changed = false;
        for workload in &records {
            changed |= self.observe_one(backend, session, link, workload, now).await;
        }
        changed
    }

    async fn observe_one(
        &mut self,
        backend: &Arc<Backend>,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        (place, record, revisions): &Workload,
        now: DateTime<Utc>,
    ) -> bool {
        if self.is_between(record, revisions) {
            return false;
        }
        let Some(own) = self.facts(session, &place.0, &record.template) else {
            return false;
        };
        let facts = record.facts(own);
        let old_ready = serving::old_pods(link, record).await;
        let own = revisions
            .iter()
            .find(|revision| self.kept.get(&revision.uid) == Some(&record.template))
            .map(|revision| Arc::clone(&revision.name));
        let told: Vec<_> = revisions
            .iter()
            .map(|revision| {
                revision.facts(
                    self.facts_of(session, &place.0, revision),
                    is_before_newest(revisions, revision).then_some(old_ready),
                )
            })
            .collect();
        let history = infer(&facts, &told, now);
        let given_up = !record.is_complete() && given_up(session, place, record).await;
        let now_is = Look {
            record,
            own: own.as_deref(),
            old_ready,
            given_up,
        };
        let (seen, observed) = look(self.seen.get(&record.uid), &now_is, now);
        let same = self.told.get(&record.uid) == Some(&history) && !self.untold.remove(&record.uid);
        if same && self.seen.get(&record.uid) == Some(&seen) {
            return false;
        }
        let deployments = self.deployments(place, &record.identity(), &history, now);
        let events = self.events.get(&record.namespace);
        let events = events.map(|events| told_by_events(&record.uid, &history, events));
        let recorded = recent::tellings(&deployments, events.unwrap_or_default(), now);
        let (status, uid) = (seen.status, record.uid.clone());
        self.seen.insert(uid.clone(), seen);
        self.told.insert(uid.clone(), history.clone());
        let (session, place) = (Arc::clone(session), place.clone());
        let kept = {
            let session = Arc::clone(&session);
            blocking(move || {
                let current = write(&session, &deployments, &history, status, observed, now)?;
                session
                    .ledger
                    .ingest(&session.id, &recorded)
                    .map_err(error::ledger)?;
                let told: Vec<Deployment> = deployments.into_iter().map(|(_, one)| one).collect();
                pruned::end(&session.ledger, &session.id, &place, &uid, &told, now)?;
                gaps::keep(&session.ledger, &session.id, &place, &uid, &history, now)?;
                Ok(current)
            })
            .await
        };
        match kept {
            Ok(current) => {
                self.keep_configuration(&session, link, record, current, now);
                if let Some(current) = current {
                    self.why.ask(backend, &session, link, current, status);
                    self.digests
                        .ask(backend, &session, link, &self.turns.0, current, status);
                }
                true
            }
            Err(error) => {
                tracing::warn!(%error, "a deployment was not kept");
                self.told.remove(&record.uid);
                false
            }
        }
    }

    /// Keeps in the background which ConfigMaps and Secrets go with what runs now: once a deployment.
    fn keep_configuration(
        &mut self,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        record: &Arc<WorkloadRecord>,
        current: Option<DeploymentId>,
        now: DateTime<Utc>,
    ) {
        let Some(id) = current.filter(|id| self.configured.insert(*id)) else {
            return;
        };
        let Some(clients) = link.clients() else { return };
        let (session, record, turns) = (Arc::clone(session), Arc::clone(record), Arc::clone(&self.turns.0));
        tokio::spawn(async move {
            let _turn = turns.acquire().await;
            let (ledger, hash) = (session.ledger.clone(), record.template.clone());
            let template = blocking(move || ledger.template(&hash).map_err(error::ledger)).await;
            let Ok(Some(template)) = template else { return };
            let kept = configuration::keep(&session, &clients, &record.namespace, &template, id, now).await;
            if let Err(error) = kept {
                tracing::warn!(%error, workload = %record.name, "its configuration was not kept");
            }
        });
    }

    /// Whether the controller has yet to take in a new template: until it has numbered the template's revision,
    /// numbers and conditions still speak of the deployment before. The next change tells.
    fn is_between(&self, record: &WorkloadRecord, revisions: &[Arc<RevisionRecord>]) -> bool {
        let own = revisions
            .iter()
            .find(|revision| self.kept.get(&revision.uid) == Some(&record.template));
        let behind = own.is_some_and(|own| own.revision.is_some() && own.revision != record.revision);
        let newest = revisions.iter().filter_map(|revision| revision.revision).max();
        let older = own.is_some_and(|own| own.revision < newest);
        let unmade = own.is_none() && self.seen.contains_key(&record.uid) && !record.observed();
        behind || older || unmade
    }

    fn deployments(
        &self,
        place: &Place,
        workload: &WorkloadIdentity,
        history: &InferredHistory,
        now: DateTime<Utc>,
    ) -> Vec<(usize, Deployment)> {
        let list = &history.deployments;
        let undone = |at: usize| is_rollback(list, at + 1);
        list.iter()
            .enumerate()
            .filter_map(|(at, inferred)| {
                let mut deployment = self.deployment(place, workload, inferred, now)?;
                deployment.rollback = is_rollback(list, at).then_some(RollbackLink { to: None });
                if undone(at) {
                    deployment.status = Status::RolledBack;
                }
                Some((at, deployment))
            })
            .collect()
    }

    fn deployment(
        &self,
        place: &Place,
        workload: &WorkloadIdentity,
        inferred: &InferredDeployment,
        now: DateTime<Utc>,
    ) -> Option<Deployment> {
        let hash = inferred.template.clone()?;
        let identified = self.identified.get(&(place.0.clone(), hash.clone()))?;
        let source = match &inferred.kept_in {
            Some(kept) => format!("{} {}", kept.kind, kept.name),
            None => format!("{} {}", workload.kind, workload.name),
        };
        Some(Deployment {
            id: None,
            service: place.0.clone(),
            environment: place.1.clone(),
            workload: Some(workload.clone()),
            template: Some(hash),
            revision: inferred.revision,
            version: inferred.version.clone()?,
            version_evidence: identified.to_keep(),
            image: identified.image.clone(),
            digest: identified.digest.clone(),
            kind: inferred.kind.unwrap_or(DeploymentKind::Version),
            status: inferred.status,
            moments: inferred.moments,
            previous_served_until: None,
            rollback: None,
            who: inferred.who.clone(),
            why: inferred.why.clone(),
            operation: inferred.operation.clone(),
            evidence: vec![Evidence {
                kind: EvidenceKind::Inferred,
                source,
                seen_at: now,
                moments: inferred.moments,
            }],
        })
    }

    /// A release became known by its digest: what is pinned by one is identified anew.
    pub fn forget_releases(&mut self) {
        self.releases.clear();
        self.identified
            .retain(|_, identified| identified.digest.is_none());
    }

    /// Workloads were not looked at for a while: what happened since is inferred, not observed.
    pub fn lose_sight(&mut self, workloads: impl Iterator<Item = Uid>) {
        for uid in workloads {
            self.seen.remove(&uid);
        }
    }

    /// Ends what ran on workloads that are gone. Answers whether there was any.
    pub async fn end_gone(&mut self, session: &Arc<Session>, gone: Gone, now: DateTime<Utc>) -> bool {
        self.lose_sight(gone.seen.iter().cloned());
        let session = Arc::clone(session);
        let ended = blocking(move || gone.end(&session.ledger, &session.id, now)).await;
        ended.unwrap_or_else(|error| {
            tracing::warn!(%error, "the end of what is gone was not kept");
            false
        })
    }
}

/// Whether the ledger has it that this very deployment failed, and never that it settled.
async fn given_up(session: &Arc<Session>, place: &Place, record: &WorkloadRecord) -> bool {
    let (session, place) = (Arc::clone(session), place.clone());
    let (workload, template, revision) = (record.uid.clone(), record.template.clone(), record.revision);
    let asked = blocking(move || {
        let run = Run {
            service: &place.0,
            environment: &place.1,
            workload: &workload,
            template: &template,
            revision,
        };
        let found = session.ledger.is_given_up(&session.id, &run);
        found.map_err(error::ledger)
    });
    asked.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "whether a deployment was given up is not known");
        false
    })
}

/// Whether it is the revision before the newest: the only one whose pods may still answer.
fn is_before_newest(revisions: &[Arc<RevisionRecord>], one: &RevisionRecord) -> bool {
    let numbers = || revisions.iter().filter_map(|revision| revision.revision);
    let newest = numbers().max();
    let before = numbers().filter(|number| Some(*number) < newest).max();
    before.is_some() && one.revision == before
}

/// Whether the deployment at that place took the workload back: to a template that ran before, and not forward
/// to a higher version, which comes again after it was itself taken back.
fn is_rollback(list: &[InferredDeployment], at: usize) -> bool {
    let Some(here) = list.get(at).filter(|here| here.returned_to.is_some()) else {
        return false;
    };
    let before = at.checked_sub(1).and_then(|before| list[before].version.as_ref());
    let forward = here
        .version
        .as_ref()
        .zip(before)
        .is_some_and(|(here, before)| here.goes_forward_from(before));
    here.kind != Some(DeploymentKind::Restart) && !forward
}
