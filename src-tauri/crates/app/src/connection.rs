//! A link to one cluster of the workspace: how it is reached, how it is, and what was seen of it last.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use cluster::Clients;
use cluster::change::Rest;
use cluster::records::DeploymentRecord;
use cluster::watch::Condition;
use domain::ids::{ClusterName, EnvironmentName, Namespace, ServiceName, Uid};
use domain::plan::Account;
use domain::workspace::Environment;
use tokio::sync::Notify;
use wire::cluster::{Connection, ConnectionState};
use wire::timeline::EventsGapWord;
use wire::{ErrorCode, WireError, epoch_ms};

use crate::backend::Backend;
use crate::error::{self, Answer};
use crate::session::Reach;

/// Where a service runs in an environment: the Deployment objects that were matched to it.
pub(crate) type Place = (ServiceName, EnvironmentName);

/// A clock that differs by more is shown.
const CLOCK_LIMIT: i64 = 5_000;

/// A link to one cluster.
pub(crate) struct ClusterLink {
    pub name: ClusterName,
    pub environments: Vec<Environment>,
    reach: Reach,
    state: Mutex<LinkState>,
    again: Notify,
    doubt: Notify,
}

#[derive(Default)]
struct LinkState {
    clients: Option<Clients>,
    account: Option<Account>,
    condition: Option<Condition>,
    problem: Option<Arc<cluster::Error>>,
    last_answer: Option<DateTime<Utc>>,
    /// When it was first tried.
    begun: Option<DateTime<Utc>>,
    next_try: Option<DateTime<Utc>>,
    limits: Vec<String>,
    workloads: HashMap<Place, Vec<Arc<DeploymentRecord>>>,
    /// Ready pods of templates before the one that a Deployment object wants; without an entry there are none.
    old_pods: HashMap<Uid, u32>,
    /// Workloads to be looked at once more.
    doubted: HashSet<Uid>,
    /// Namespaces whose Events could not be read at the start.
    events_gaps: HashMap<Namespace, EventsGapWord>,
}

impl ClusterLink {
    pub fn new(name: ClusterName, environments: Vec<Environment>, reach: Reach) -> Self {
        Self {
            name,
            environments,
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

    /// Ends when a workload is to be looked at once more.
    pub async fn doubted(&self) {
        self.doubt.notified().await;
    }

    /// The workloads to be looked at once more, each told once.
    pub fn take_doubted(&self) -> HashSet<Uid> {
        std::mem::take(&mut self.lock().doubted)
    }

    /// Says that connecting failed, and when it is tried again.
    pub fn failed(&self, problem: cluster::Error, next_try: DateTime<Utc>) {
        let mut state = self.lock();
        // The watch before this try has ended: what it said last holds no longer.
        state.condition = None;
        state.problem = Some(Arc::new(problem));
        state.next_try = Some(next_try);
    }

    /// Says how the watch of Deployment objects and of ReplicaSets is. Answers whether that is news.
    pub fn conditions(
        &self,
        deployments: Option<&Condition>,
        sets: Option<&Condition>,
        now: DateTime<Utc>,
    ) -> bool {
        let mut state = self.lock();
        let limits: Vec<String> = match sets {
            Some(Condition::Refused { problem, .. }) if problem.is_refusal() => {
                vec!["replicasets".to_owned()]
            }
            Some(
                Condition::Refused { .. } | Condition::Connecting | Condition::Live | Condition::Stale { .. },
            )
            | None => Vec::new(),
        };
        let before = state.condition.as_ref().map(rank);
        let news = before != deployments.map(rank) || limits != state.limits;
        state.limits = limits;
        state.condition = deployments.cloned();
        match deployments {
            Some(Condition::Live) => {
                state.problem = None;
                state.next_try = None;
                state.last_answer = Some(now);
            }
            Some(
                Condition::Stale {
                    problem, next_try, ..
                }
                | Condition::Refused { problem, next_try },
            ) => {
                state.problem = Some(Arc::clone(problem));
                state.next_try = Some(*next_try);
            }
            Some(Condition::Connecting) | None => {}
        }
        news
    }

    /// Keeps what runs where, as the watch has it now.
    pub fn keep(&self, workloads: HashMap<Place, Vec<Arc<DeploymentRecord>>>, now: DateTime<Utc>) {
        let mut state = self.lock();
        state.workloads = workloads;
        state.last_answer = Some(now);
    }

    /// The Deployment objects of a service in an environment.
    pub fn workloads(&self, place: &Place) -> Vec<Arc<DeploymentRecord>> {
        self.lock().workloads.get(place).cloned().unwrap_or_default()
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

    /// How many pods of templates before the one that a Deployment object wants were ready when that was seen last.
    pub fn old_pods(&self, workload: &Uid) -> u32 {
        self.lock().old_pods.get(workload).copied().unwrap_or_default()
    }

    /// The account, once the cluster has answered.
    pub fn account(&self) -> Option<Account> {
        self.lock().account.clone()
    }

    /// Since when what is shown is stale; `None` while it is live.
    pub fn stale_since(&self) -> Option<DateTime<Utc>> {
        let state = self.lock();
        match &state.condition {
            Some(Condition::Live) => None,
            Some(Condition::Stale { since, .. }) => Some(*since),
            Some(Condition::Connecting | Condition::Refused { .. }) | None => state.last_answer,
        }
    }

    /// The same for the timeline: epoch ms, and minus infinity for a cluster that was never reached.
    pub fn stale_from(&self) -> Option<f64> {
        let never = {
            let state = self.lock();
            matches!(
                self.shown(&state),
                (ConnectionState::Unreached | ConnectionState::Refused, _)
            ) && state.last_answer.is_none()
        };
        self.stale_since()
            .map(epoch_ms)
            .or_else(|| never.then_some(f64::NEG_INFINITY))
    }

    /// Whether what is shown is what the cluster says now.
    pub fn is_live(&self) -> bool {
        matches!(self.lock().condition, Some(Condition::Live))
    }

    /// Whether this account may not see ReplicaSets: then nothing can be rolled back.
    pub fn sees_no_replica_sets(&self) -> bool {
        !self.lock().limits.is_empty()
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
    pub fn connection(&self, now: DateTime<Utc>) -> Connection {
        let state = self.lock();
        let (shown, since) = self.shown(&state);
        let offset = state.clients.as_ref().and_then(Clients::clock_offset);
        let offset = offset
            .map(|offset| -offset.num_milliseconds())
            .filter(|offset| offset.abs() > CLOCK_LIMIT);
        let live = shown == ConnectionState::Live;
        Connection {
            cluster: self.name.to_string(),
            context: self.context(),
            environments: self
                .environments
                .iter()
                .map(|environment| environment.name.to_string())
                .collect(),
            state: shown,
            last_answer: if live { Some(now) } else { state.last_answer }.map(epoch_ms),
            since: since.map(epoch_ms),
            next_try: state.next_try.map(epoch_ms),
            error: state.problem.as_ref().map(|problem| error::cluster_ref(problem)),
            clock_offset: offset.map(|offset| offset as f64),
            account: state.account.as_ref().map(|account| account.name.clone()),
            limits: state.limits.clone(),
        }
    }

    fn shown(&self, state: &LinkState) -> (ConnectionState, Option<DateTime<Utc>>) {
        if matches!(self.reach, Reach::Unbound) {
            return (ConnectionState::Unbound, None);
        }
        let heard = match &state.condition {
            Some(Condition::Live) => return (ConnectionState::Live, None),
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
}

fn rank(condition: &Condition) -> u8 {
    match condition {
        Condition::Live => 0,
        Condition::Connecting => 1,
        Condition::Stale { .. } => 2,
        Condition::Refused { .. } => 3,
    }
}

fn unbound(cluster: &ClusterName) -> cluster::Error {
    cluster::Error::Settings {
        cluster: cluster.to_string(),
        detail: "no kube context is bound to it".to_owned(),
    }
}
