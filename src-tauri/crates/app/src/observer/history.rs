//! From what a watch sees to deployments in the ledger.
//!
//! What ReplicaSets still tell is inferred; what happens while we look is observed (history.md).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::history::{ReplicaSetPages, Revision};
use cluster::records::{DeploymentRecord, ReplicaSetRecord};
use cluster::watch::ClusterView;
use domain::deployment::{
    Deployment, DeploymentKind, Evidence, EvidenceKind, Moment, Moments, RollbackLink, Status,
    WorkloadIdentity,
};
use domain::history::events::{RecentEvents, told_by_events};
use domain::history::{InferredDeployment, InferredHistory, TemplateFacts, infer};
use domain::ids::{DeploymentId, Namespace, ServiceName, TemplateHash, Uid};
use domain::template::{IdentifiedVersion, PodTemplate};
use domain::workspace::Service;
use ledger::Run;
use tokio::sync::Semaphore;

use super::digests::Digests;
use super::gone::{self, Gone};
use super::look::{Look, Observed, Seen, is_complete, look};
use super::why::Why;
use super::{gaps, pruned, recent, serving};
use crate::backend::{Backend, blocking};
use crate::configuration;
use crate::connection::{ClusterLink, Place};
use crate::error::{self, Answer};
use crate::releases::{self, Releases};
use crate::session::Session;

/// From so many unread templates in a namespace on, all its ReplicaSets are listed at once.
const MANY: usize = 12;

/// What is known of the templates and workloads of one watch.
#[derive(Default)]
pub(super) struct History {
    /// Images and the hash without the mark of a restart, by template.
    templates: HashMap<TemplateHash, Slim>,
    /// The template of each ReplicaSet that was read.
    sets: HashMap<Uid, TemplateHash>,
    /// ReplicaSets that could not be read: not asked for again.
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

/// A Deployment object with where it belongs and its ReplicaSets.
type Workload = (Place, Arc<DeploymentRecord>, Vec<Arc<ReplicaSetRecord>>);

struct Slim {
    without_restart: TemplateHash,
    images: Vec<String>,
}

impl History {
    /// The images of the template that a Deployment object wants.
    pub fn images(&self, record: &DeploymentRecord) -> Vec<String> {
        self.templates
            .get(&record.template)
            .map(|slim| slim.images.clone())
            .unwrap_or_default()
    }

    /// Keeps a template in the ledger, and what is needed of it at hand.
    pub async fn keep_template(
        &mut self,
        session: &Arc<Session>,
        hash: &TemplateHash,
        template: &PodTemplate,
        now: DateTime<Utc>,
    ) {
        self.keep_templates(session, vec![(hash.clone(), template.clone())], now)
            .await;
    }

    async fn keep_templates(
        &mut self,
        session: &Arc<Session>,
        templates: Vec<(TemplateHash, PodTemplate)>,
        now: DateTime<Utc>,
    ) {
        for (hash, template) in &templates {
            let containers = template.containers();
            let slim = Slim {
                without_restart: template.without_restart().hash(),
                images: containers.iter().map(|(_, image)| (*image).to_owned()).collect(),
            };
            self.templates.insert(hash.clone(), slim);
            for service in &session.workspace.services {
                if !might_be(service, &containers) {
                    continue;
                }
                if self
                    .identified
                    .contains_key(&(service.name.clone(), hash.clone()))
                {
                    continue;
                }
                let known = self.releases.entry(service.name.clone());
                let known = known.or_insert_with(|| known_releases(session, service));
                let identified = Arc::new(service.identify(template, known, None));
                self.identified
                    .insert((service.name.clone(), hash.clone()), identified);
            }
        }
        let session = Arc::clone(session);
        let kept = blocking(move || {
            let templates = templates.iter().map(|(_, template)| template);
            session
                .ledger
                .put_templates(templates, now)
                .map_err(error::ledger)
        });
        if let Err(error) = kept.await {
            tracing::warn!(%error, "templates were not kept");
        }
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
        records: Vec<(Place, Arc<DeploymentRecord>)>,
    ) -> bool {
        let records: Vec<_> = records
            .into_iter()
            .map(|(place, record)| {
                let sets = view.replica_sets_of(&record.uid);
                (place, record, sets)
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
        (place, record, sets): &Workload,
        now: DateTime<Utc>,
    ) -> bool {
        if self.is_between(record, sets) {
            return false;
        }
        let Some(own) = self.facts(session, &place.0, &record.template) else {
            return false;
        };
        let facts = record.facts(own);
        let old_ready = serving::old_pods(link, record).await;
        let own = sets
            .iter()
            .find(|set| self.sets.get(&set.uid) == Some(&record.template))
            .map(|set| Arc::clone(&set.name));
        let sets: Vec<_> = sets
            .iter()
            .map(|set| {
                set.facts(
                    self.set_facts(session, &place.0, set),
                    is_before_newest(sets, set).then_some(old_ready),
                )
            })
            .collect();
        let history = infer(&facts, &sets, now);
        let given_up = !is_complete(record) && given_up(session, place, record).await;
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
        let workload = WorkloadIdentity {
            kind: "Deployment".to_owned(),
            namespace: record.namespace.clone(),
            name: record.name.to_string(),
            uid: record.uid.clone(),
        };
        let deployments = self.deployments(place, &workload, &history, now);
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
        record: &Arc<DeploymentRecord>,
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

    /// Whether the controller has yet to take in a new template: until it has numbered the template's ReplicaSet,
    /// numbers and conditions still speak of the deployment before. The next change tells.
    fn is_between(&self, record: &DeploymentRecord, sets: &[Arc<ReplicaSetRecord>]) -> bool {
        let own = sets
            .iter()
            .find(|set| self.sets.get(&set.uid) == Some(&record.template));
        let behind = own.is_some_and(|set| set.revision.is_some() && set.revision != record.revision);
        let newest = sets.iter().filter_map(|set| set.revision).max();
        let older = own.is_some_and(|set| set.revision < newest);
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
        let source = match &inferred.replica_set {
            Some((_, name)) => format!("ReplicaSet {name}"),
            None => format!("Deployment {}", workload.name),
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

    fn facts(
        &mut self,
        session: &Session,
        service: &ServiceName,
        hash: &TemplateHash,
    ) -> Option<TemplateFacts> {
        let key = (service.clone(), hash.clone());
        if !self.identified.contains_key(&key) || !self.templates.contains_key(hash) {
            let template = session.ledger.template(hash).ok().flatten()?;
            let slim = Slim {
                without_restart: template.without_restart().hash(),
                images: template
                    .containers()
                    .into_iter()
                    .map(|(_, image)| image.to_owned())
                    .collect(),
            };
            self.templates.insert(hash.clone(), slim);
            let service = session.workspace.service(service)?;
            let known = self.releases.entry(service.name.clone());
            let known = known.or_insert_with(|| known_releases(session, service));
            self.identified
                .insert(key.clone(), Arc::new(service.identify(&template, known, None)));
        }
        let identified = self.identified.get(&key)?;
        Some(TemplateFacts {
            hash: hash.clone(),
            without_restart: self.templates.get(hash)?.without_restart.clone(),
            version: identified.version.clone(),
        })
    }

    fn set_facts(
        &mut self,
        session: &Session,
        service: &ServiceName,
        set: &ReplicaSetRecord,
    ) -> Option<TemplateFacts> {
        let hash = self.sets.get(&set.uid)?.clone();
        self.facts(session, service, &hash)
    }

    /// Reads the templates of ReplicaSets that were not read yet: each once.
    async fn read_templates(
        &mut self,
        backend: &Arc<Backend>,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        records: &[Workload],
    ) {
        let mut missing: HashMap<Namespace, (usize, Vec<Arc<str>>)> = HashMap::new();
        for (_, record, sets) in records {
            let count = sets.iter().filter(|set| self.is_missing(&set.uid)).count();
            if count > 0 {
                let entry = missing.entry(record.namespace.clone()).or_default();
                entry.0 += count;
                entry.1.push(Arc::clone(&record.selector));
            }
        }
        let Some(clients) = link.clients() else { return };
        let mut failed: HashSet<Namespace> = HashSet::new();
        for (namespace, (count, selectors)) in missing {
            let selectors: Vec<Option<Arc<str>>> = if count > MANY {
                vec![None]
            } else {
                selectors.into_iter().map(Some).collect()
            };
            for selector in selectors {
                let pages = ReplicaSetPages::of(&clients, &namespace, selector.as_deref());
                if let Err(error) = self.read_sets(backend, session, pages).await {
                    tracing::warn!(cluster = %link.name, %error, "ReplicaSets were not read");
                    if !error.is_refusal() {
                        failed.insert(namespace.clone());
                    }
                }
            }
        }
        // What is missing after a whole answer is gone; what was not answered is asked for at the next change.
        let unread = records
            .iter()
            .filter(|(_, record, _)| !failed.contains(&record.namespace))
            .flat_map(|(_, _, sets)| sets)
            .map(|set| set.uid.clone());
        let unread: Vec<Uid> = unread.filter(|uid| self.is_missing(uid)).collect();
        self.unread.extend(unread);
    }

    async fn read_sets(
        &mut self,
        backend: &Backend,
        session: &Arc<Session>,
        mut pages: ReplicaSetPages,
    ) -> Result<(), cluster::Error> {
        while let Some(page) = pages.next().await? {
            self.take_sets(session, page, backend.now()).await;
        }
        Ok(())
    }

    fn is_missing(&self, set: &Uid) -> bool {
        !self.sets.contains_key(set) && !self.unread.contains(set)
    }

    async fn take_sets(&mut self, session: &Arc<Session>, page: Vec<Revision>, now: DateTime<Utc>) {
        let mut templates = Vec::new();
        for Revision { record, template, .. } in page {
            if self.sets.contains_key(&record.uid) {
                continue;
            }
            let hash = template.hash();
            self.sets.insert(record.uid, hash.clone());
            if !self.templates.contains_key(&hash) {
                templates.push((hash, template));
            }
        }
        self.keep_templates(session, templates, now).await;
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

    /// Ends what ran on Deployment objects that are gone. Answers whether there was any.
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

fn known_releases(session: &Session, service: &Service) -> Releases {
    releases::known(session, service).unwrap_or_else(|error| {
        tracing::warn!(%error, "the digests of releases were not read");
        Releases::default()
    })
}

/// Whether a template can be the service's: cheap, so that not every service is asked about every template.
fn might_be(service: &Service, containers: &[(&str, &str)]) -> bool {
    let name = service.name.as_str();
    service.container.is_some()
        || containers
            .iter()
            .any(|(container, image)| *container == name || image.contains(name))
}

/// Whether the ledger has it that this very deployment failed, and never that it settled.
async fn given_up(session: &Arc<Session>, place: &Place, record: &DeploymentRecord) -> bool {
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

/// Whether it is the ReplicaSet before the newest: the only one whose pods may still answer.
fn is_before_newest(sets: &[Arc<ReplicaSetRecord>], set: &ReplicaSetRecord) -> bool {
    let newest = sets.iter().filter_map(|set| set.revision).max();
    let before = sets
        .iter()
        .filter_map(|set| set.revision)
        .filter(|revision| Some(*revision) < newest)
        .max();
    before.is_some() && set.revision == before
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

/// Writes down the history of one workload, and what was observed of its newest deployment; answers its row.
fn write(
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
    Deployment {
        moments,
        evidence: vec![evidence],
        status: Status::Unknown,
        ..deployment.clone()
    }
}
