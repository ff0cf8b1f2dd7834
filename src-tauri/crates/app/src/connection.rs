//! A link to one cluster of the workspace: how it is reached, how it is, and what was seen of it last.

mod sight;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use cluster::Clients;
use cluster::change::Rest;
use cluster::records::WorkloadRecord;
use cluster::watch::{Condition, Conditions, Scope};
use domain::ids::{ClusterName, EnvironmentName, Namespace, ServiceName, Uid};
use domain::plan::Account;
use domain::workload::WorkloadKind;
use domain::workspace::{Environment, NamespacePattern};
use tokio::sync::Notify;
use wire::cluster::{Connection, ConnectionState};
use wire::timeline::EventsGapWord;
use wire::{ErrorCode, WireError, epoch_ms};

use crate::backend::Backend;
use crate::error::{self, Answer};
use crate::session::Reach;

pub(crate) use sight::Sight;
use sight::Sights;

/// Where a service runs in an environment: the workloads that were matched to it.
pub(crate) type Place = (ServiceName, EnvironmentName);

/// A clock that differs by more is shown.
const CLOCK_LIMIT: i64 = 5_000;

/// A link to one cluster.
pub(crate) struct ClusterLink {
    pub name: ClusterName,
    pub environments: Vec<Environment>,
    /// Names and patterns of the namespaces that are watched.
    pub namespaces: Vec<NamespacePattern>,
    reach: Reach,
    state: Mutex<LinkState>,
    again: Notify,
    doubt: Notify,
}

#[derive(Default)]
struct LinkState {
    clients: Option<Clients>,
    account: Option<Account>,
    sights: Sights,
    problem: Option<Arc<cluster::Error>>,
    last_answer: Option<DateTime<Utc>>,
    /// When it was first tried.
    begun: Option<DateTime<Utc>>,
    next_try: Option<DateTime<Utc>>,
    workloads: HashMap<Place, Vec<Arc<WorkloadRecord>>>,
    /// Ready pods of templates before the one that a workload wants; without an entry there are none.
    old_pods: HashMap<Uid, u32>,
    /// Workloads to be looked at once more.
    doubted: HashSet<Uid>,
    /// Namespaces whose Events could not be read at the start.
    events_gaps: HashMap<Namespace, EventsGapWord>,
}

impl ClusterLink {
    pub fn new(
        name: ClusterName,
        environments: Vec<Environment>,
        namespaces: Vec<NamespacePattern>,
        reach: Reach,
    ) -> Self {
        Self {
            name,
            environments,
            namespaces,
            reach,
            state: Mutex::default(),
            again: Notify::new(),
            doubt: Notify::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, LinkState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The kube context that is bound, or the demo's cluster by its own name.
    pub fn context(&self) -> Option<String> {
        match &self.reach {
            Reach::Context(name) => Some(name.clone()),
            Reach::Given(_) => Some(self.name.to_string()),
            Reach::Unbound => None,
        }
    }

    /// The cluster's time, as far as its answers tell how its clock differs from the desktop's.
    pub fn now(&self, backend: &Backend) -> DateTime<Utc> {
        let clients = self.clients();
        let offset = clients.and_then(|clients| clients.clock_offset());
        backend.now() + offset.unwrap_or_default()
    }

    /// Makes the clients, and asks who we are.
    pub async fn connect(&self, backend: &Backend) -> Result<Clients, cluster::Error> {
        self.lock().begun.get_or_insert(backend.now());
        let clients = match &self.reach {
            Reach::Context(context) => crate::contexts::connect(backend, context).await?,
            Reach::Given(clients) => (**clients).clone(),
            Reach::Unbound => return Err(unbound(&self.name)),
        };
        self.lock().clients = Some(clients.clone());
        let account = clients.account().await?;
        let confirmed = account.source == cluster::AccountSource::Cluster;
        let groups = account
            .groups
            .into_iter()
            .filter(|group| !group.starts_with("system:authenticated"))
            .collect();
        self.lock().account = Some(Account {
            name: account.name,
            groups,
            confirmed,
        });
        Ok(clients)
    }

    /// Whether somebody has bound a context.
    pub fn is_bound(&self) -> bool {
        !matches!(self.reach, Reach::Unbound)
    }

    /// Tries again at once.
    pub fn retry(&self) {
        self.again.notify_one();
    }

    /// Ends when somebody asks to try again.
    pub async fn retried(&self) {
        self.again.notified().await;
    }

    /// Asks the watch to look at a workload once more: something became known of it that no change of it tells.
    pub fn doubt(&self, workload: Uid) {
        self.lock().doubted.insert(workload);
        self.doubt.notify_one();
    }

    /// The same for every workload of a service.
    pub fn doubt_all_of(&self, service: &ServiceName) {
        let uids: Vec<Uid> = {
            let state = self.lock();
            let its = state.workloads.iter().filter(|((of, _), _)| of == service);
            its.flat_map(|(_, records)| records)
                .map(|record| record.uid.clone())
                .collect()
        };
        uids.into_iter().for_each(|uid| self.doubt(uid));
    }

    /// Ends when a workload is to be looked at once more.
    pub async fn doubted(&self) {
        self.doubt.notified().await;
    }

    /// The workloads to be looked at once more, each told once.
    pub fn take_doubted(&self) -> HashSet<Uid> {
        std::mem::take(&mut self.lock().doubted)
    }

    /// Says that connecting failed, and when it is tried again.
    pub fn failed(&self, problem: cluster::Error, now: DateTime<Utc>, next_try: DateTime<Utc>) {
        let mut state = self.lock();
        state.sights.end(now);
        state.problem = Some(Arc::new(problem));
        state.next_try = Some(next_try);
    }

    /// Says how each part of the watch is. Answers whether that is news.
    pub fn conditions(&self, conditions: Conditions, now: DateTime<Utc>) -> bool {
        let mut state = self.lock();
        let news = state.sights.put(conditions, now);
        if state.sights.any_live() {
            state.last_answer = Some(now);
        }
        let (problem, next_try) = match state.sights.worst() {
            Some(Condition::Live) => (None, None),
            Some(
                Condition::Stale {
                    problem, next_try, ..
                }
                | Condition::Refused { problem, next_try },
            ) => (Some(Arc::clone(problem)), Some(*next_try)),
            Some(Condition::Connecting) | None => return news,
        };
        state.problem = problem;
        state.next_try = next_try;
        news
    }

    /// Keeps what runs where, as the watch has it now.
    pub fn keep(&self, workloads: HashMap<Place, Vec<Arc<WorkloadRecord>>>, now: DateTime<Utc>) {
        let mut state = self.lock();
        state.workloads = workloads;
        state.last_answer = Some(now);
    }

    /// The workloads of a service in an environment.
    pub fn workloads(&self, place: &Place) -> Vec<Arc<WorkloadRecord>> {
        self.lock().workloads.get(place).cloned().unwrap_or_default()
    }

    /// The newest revision of each workload that is seen now.
    pub fn revisions_in_sight(&self) -> Vec<(Uid, i64)> {
        let state = self.lock();
        let records = state.workloads.values().flatten();
        records
            .filter(|record| state.sights.at(record.kind, &record.namespace).live)
            .filter_map(|record| Some((record.uid.clone(), record.revision?)))
            .collect()
    }

    /// Keeps how many pods of templates before are ready.
    pub fn keep_old_pods(&self, workload: &Uid, ready: u32) {
        let mut state = self.lock();
        if ready > 0 {
            state.old_pods.insert(workload.clone(), ready);
        } else {
            state.old_pods.remove(workload);
        }
    }

    /// How many pods of templates before the one that a workload wants were ready when that was seen last.
    pub fn old_pods(&self, workload: &Uid) -> u32 {
        self.lock().old_pods.get(workload).copied().unwrap_or_default()
    }

    /// The account, once the cluster has answered.
    pub fn account(&self) -> Option<Account> {
        self.lock().account.clone()
    }

    /// How workloads of a kind are seen in a namespace.
    pub fn sight(&self, kind: WorkloadKind, namespace: &Namespace) -> Sight {
        self.lock().sights.at(kind, namespace)
    }

    /// How a service is seen in an environment: where its workloads are, or everywhere that they may be.
    pub fn sight_of(&self, place: &Place) -> Sight {
        let state = self.lock();
        let records = state.workloads.get(place).into_iter().flatten();
        let known = state
            .sights
            .over(records.map(|record| (record.kind, &record.namespace)));
        let environment = || self.environments.iter().find(|one| one.name == place.1);
        known
            .or_else(|| environment().map(|environment| state.sights.of(environment)))
            .unwrap_or_default()
    }

    /// Since when what the timeline shows of a service is old, as epoch ms: minus infinity if it was never heard of;
    /// `None` while it is live, or the first answer is waited for.
    pub fn stale_from(&self, place: &Place) -> Option<f64> {
        let sight = self.sight_of(place);
        if sight.live {
            return None;
        }
        let is_tried = self.lock().problem.is_some();
        sight
            .heard
            .map(epoch_ms)
            .or_else(|| is_tried.then_some(f64::NEG_INFINITY))
    }

    /// Says whether the Events of a namespace were read at the start, or why not.
    pub fn events_read(&self, namespace: Namespace, gap: Option<EventsGapWord>) {
        let mut state = self.lock();
        match gap {
            Some(gap) => state.events_gaps.insert(namespace, gap),
            None => state.events_gaps.remove(&namespace),
        };
    }

    /// Why the Events of a namespace are not among the evidence.
    pub fn events_gap(&self, namespace: &Namespace) -> Option<EventsGapWord> {
        self.lock().events_gaps.get(namespace).copied()
    }

    /// The clients for reading and for writing, while the cluster answers.
    pub fn rests(&self) -> Answer<(Rest, Rest)> {
        let state = self.lock();
        let Some(clients) = &state.clients else {
            let error = state.problem.as_ref().map_or_else(
                || {
                    WireError::new(ErrorCode::ClusterUnreachable, "the cluster has not answered yet")
                        .with("cluster", &self.name)
                        .with("host", &self.name)
                },
                |problem| error::cluster_ref(problem),
            );
            return Err(error);
        };
        let rest = |client: &kube::Client| Rest::new(client.clone(), self.name.as_str(), clients.host());
        Ok((rest(&clients.read), rest(&clients.mutate)))
    }

    /// The clients, once there are any.
    pub fn clients(&self) -> Option<Clients> {
        self.lock().clients.clone()
    }

    /// The link as the window is told of it.
    pub fn connection(&self) -> Connection {
        let state = self.lock();
        let (shown, since) = self.shown(&state);
        let offset = state.clients.as_ref().and_then(Clients::clock_offset);
        let offset = offset
            .map(|offset| -offset.num_milliseconds())
            .filter(|offset| offset.abs() > CLOCK_LIMIT);
        let answered = state.clients.as_ref().and_then(Clients::last_answer);
        let live = matches!(shown, ConnectionState::Live | ConnectionState::Partial);
        Connection {
            cluster: self.name.to_string(),
            context: self.context(),
            environments: self
                .environments
                .iter()
                .map(|environment| environment.name.to_string())
                .collect(),
            state: shown,
            last_answer: answered.filter(|_| live).or(state.last_answer).map(epoch_ms),
            since: since.map(epoch_ms),
            next_try: state.next_try.map(epoch_ms),
            error: state.problem.as_ref().map(|problem| error::cluster_ref(problem)),
            clock_offset: offset.map(|offset| offset as f64),
            account: state.account.as_ref().map(|account| account.name.clone()),
            limits: state.sights.hidden().into_iter().map(str::to_owned).collect(),
            not_live: if shown == ConnectionState::Partial {
                self.not_live(&state)
            } else {
                Vec::new()
            },
        }
    }

    fn shown(&self, state: &LinkState) -> (ConnectionState, Option<DateTime<Utc>>) {
        if matches!(self.reach, Reach::Unbound) {
            return (ConnectionState::Unbound, None);
        }
        let heard = match state.sights.worst() {
            Some(Condition::Live) => return (ConnectionState::Live, None),
            Some(Condition::Stale { .. } | Condition::Refused { .. }) if state.sights.any_live() => {
                return (ConnectionState::Partial, None);
            }
            Some(Condition::Stale { since, .. }) => Some(*since),
            Some(Condition::Connecting | Condition::Refused { .. }) | None => state.last_answer,
        };
        match (&state.problem, heard) {
            (None, _) => (ConnectionState::Connecting, None),
            (Some(problem), since) if problem.is_refusal() => (ConnectionState::Refused, since),
            (Some(_), Some(since)) => (ConnectionState::Stale, Some(since)),
            (Some(_), None) => (ConnectionState::Unreached, state.begun),
        }
    }

    /// Namespaces that are not live; where all of them are watched at once, the patterns that ask for that.
    fn not_live(&self, state: &LinkState) -> Vec<String> {
        let patterns = || {
            let all = self.namespaces.iter();
            all.filter(|pattern| !pattern.is_literal())
                .map(NamespacePattern::as_str)
        };
        let mut names = BTreeSet::new();
        for scope in state.sights.not_live() {
            match scope {
                Scope::Namespace(name) => names.extend([name.to_string()]),
                Scope::Everywhere => names.extend(patterns().map(str::to_owned)),
            }
        }
        names.into_iter().collect()
    }
}

fn unbound(cluster: &ClusterName) -> cluster::Error {
    cluster::Error::Settings {
        cluster: cluster.to_string(),
        detail: "no kube context is bound to it".to_owned(),
    }
}
