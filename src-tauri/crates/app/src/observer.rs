//! Watches what a session shows: clusters, repositories and kubeconfig files; what they tell goes to the ledger,
//! and the window hears that there is something newer.

mod digests;
mod files;
mod gaps;
mod gone;
mod history;
mod look;
mod matching;
mod once;
mod pruned;
mod recent;
mod renames;
mod serving;
mod why;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use cluster::records::WorkloadRecord;
use cluster::watch::{
    ClusterChange, ClusterView, ClusterWatch, Condition, Scope, WatchOptions, Watched, watch,
};
use domain::history::events::RecentEvents;
use domain::ids::{Namespace, Uid};
use domain::workload::WorkloadKind;
use wire::Event;
use wire::cluster::Connections;

use crate::backend::{Backend, blocking};
use crate::connection::{ClusterLink, Place};
use crate::error;
use crate::session::Session;

use matching::place_of;

pub(crate) use matching::namespaces;

/// Changes that come together are told together.
const TOGETHER: Duration = Duration::from_millis(120);
/// How often the window hears how each cluster is.
const BEAT: Duration = Duration::from_secs(10);
/// How often it is kept that what runs is still seen.
const SIGHT: Duration = Duration::from_secs(60);
/// The waits between tries to connect, or to watch what is not there.
const WAITS: [u64; 6] = [2, 5, 10, 20, 30, 60];

/// Starts watching everything that the session shows, until it is closed.
pub(crate) fn start(backend: &Arc<Backend>, session: &Arc<Session>) {
    for link in session.links.values().filter(|link| link.is_bound()) {
        let (backend, session, link) = (Arc::clone(backend), Arc::clone(session), Arc::clone(link));
        tokio::spawn(async move {
            let follow = follow(Arc::clone(&backend), Arc::clone(&session), Arc::clone(&link));
            session.stopped().run_until_cancelled(follow).await;
            keep_in_sight(&backend, &session, &link).await;
        });
    }
    let follow = files::follow_repositories(Arc::clone(backend), Arc::clone(session));
    tokio::spawn(session.stopped().run_until_cancelled_owned(follow));
    let follow = files::follow_kubeconfig(backend.setup.kubeconfig.clone(), Arc::clone(session));
    tokio::spawn(session.stopped().run_until_cancelled_owned(follow));
}

/// How long to wait after so many failures.
fn wait(failures: usize) -> Duration {
    Duration::from_secs(WAITS[failures.min(WAITS.len() - 1)])
}

/// Connects, watches, and begins anew when the person asks for it.
async fn follow(backend: Arc<Backend>, session: Arc<Session>, link: Arc<ClusterLink>) {
    let mut failures = 0;
    loop {
        match link.connect(&backend).await {
            Ok(clients) => {
                failures = 0;
                let options = WatchOptions {
                    namespaces: link.namespaces.clone(),
                    known_templates: HashSet::new(),
                };
                let mut observer = Observer::new(&backend, &session, &link);
                let mut watch = watch(&clients, options);
                tokio::select! {
                    () = observer.run(&mut watch) => {}
                    () = link.retried() => {}
                }
            }
            Err(problem) => {
                let wait = wait(failures);
                failures += 1;
                tracing::warn!(cluster = %link.name, error = %problem, "no connection");
                let now = backend.now();
                link.failed(problem, now, now + TimeDelta::from_std(wait).unwrap_or_default());
                tell_connections(&backend, &session);
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = link.retried() => {}
                }
            }
        }
    }
}

/// Keeps that what runs is still seen: from the last time on, nobody looked.
async fn keep_in_sight(backend: &Backend, session: &Arc<Session>, link: &ClusterLink) {
    let (session, seen, now) = (Arc::clone(session), link.revisions_in_sight(), link.now(backend));
    let kept = blocking(move || {
        let kept = session.ledger.see_again(&session.id, &seen, now);
        kept.map_err(error::ledger)
    });
    if let Err(error) = kept.await {
        tracing::warn!(%error, "when the workloads were last seen was not kept");
    }
}

pub(crate) fn tell_connections(backend: &Backend, session: &Session) {
    let connections = session.connections();
    backend.emit(Event::connections(&Connections { connections }));
}

/// What one run of a watch knows.
struct Observer<'a> {
    backend: &'a Arc<Backend>,
    session: &'a Arc<Session>,
    link: &'a Arc<ClusterLink>,
    view: ClusterView,
    history: history::History,
    renames: renames::Renames,
    recent: recent::Recent,
}

impl<'a> Observer<'a> {
    fn new(backend: &'a Arc<Backend>, session: &'a Arc<Session>, link: &'a Arc<ClusterLink>) -> Self {
        Self {
            backend,
            session,
            link,
            view: ClusterView::default(),
            history: history::History::default(),
            renames: renames::Renames::default(),
            recent: recent::Recent::default(),
        }
    }

    async fn run(&mut self, watch: &mut ClusterWatch) {
        let mut beat = tokio::time::interval(BEAT);
        let mut sight = tokio::time::interval(SIGHT);
        loop {
            let first = tokio::select! {
                change = watch.next() => change,
                Some((namespace, events)) = self.recent.next() => {
                    self.take_events(namespace, events).await;
                    continue;
                }
                () = self.link.doubted() => {
                    self.look_again().await;
                    continue;
                }
                _ = sight.tick() => {
                    keep_in_sight(self.backend, self.session, self.link).await;
                    continue;
                }
                // A quiet watch is healthy: the window hears that it still is.
                _ = beat.tick() => {
                    tell_connections(self.backend, self.session);
                    continue;
                }
            };
            let Some(first) = first else { return };
            let mut touched = Touched::default();
            self.take(first, &mut touched).await;
            tokio::time::sleep(TOGETHER).await;
            while let Some(change) = watch.try_next() {
                self.take(change, &mut touched).await;
            }
            self.tell(touched).await;
        }
    }

    async fn take(&mut self, change: ClusterChange, touched: &mut Touched) {
        match &change {
            ClusterChange::Template { hash, template } => {
                self.history
                    .keep_template(self.session, hash, template, self.backend.now())
                    .await;
            }
            ClusterChange::WorkloadsReplaced { kind, records, scope } => {
                self.lose_sight(*kind, scope);
                touched.listed = true;
                touched
                    .uids
                    .extend(records.iter().map(|record| record.uid.clone()));
                touched.workloads = true;
            }
            ClusterChange::RevisionsReplaced { records, .. } => {
                touched
                    .uids
                    .extend(records.iter().map(|record| record.workload.clone()));
            }
            ClusterChange::Workload { record, .. } => {
                touched.uids.insert(record.uid.clone());
                touched.workloads = true;
            }
            ClusterChange::WorkloadGone { uid, .. } => {
                touched.gone.insert(uid.clone());
                touched.workloads = true;
            }
            ClusterChange::Revision { record, .. } => {
                touched.uids.insert(record.workload.clone());
            }
            ClusterChange::RevisionGone { .. } => {}
            ClusterChange::Condition {
                watched,
                scope,
                condition,
            } => {
                touched.conditions = true;
                match (watched, condition) {
                    (Watched::Revisions(_), _) => {}
                    (Watched::Workloads(_), Condition::Live) => touched.listed = true,
                    (
                        Watched::Workloads(kind),
                        Condition::Connecting | Condition::Stale { .. } | Condition::Refused { .. },
                    ) => self.lose_sight(*kind, scope),
                }
            }
        }
        self.view.apply(&change);
    }

    /// What happens in a scope from now on until its next look is not observed.
    fn lose_sight(&mut self, kind: WorkloadKind, scope: &Scope) {
        let records = self.view.workloads_in(kind, scope);
        self.history.lose_sight(records.map(|record| record.uid.clone()));
    }

    async fn tell(&mut self, touched: Touched) {
        let now = self.backend.now();
        if touched.conditions {
            let news = self.link.conditions(self.view.conditions().clone(), now);
            // Not only news: each failed try says when the next one is.
            tell_connections(self.backend, self.session);
            if news {
                self.session.changed(self.backend);
            }
        }
        if touched.workloads {
            self.link.keep(self.places(), now);
        }
        let records = self.records(&touched.uids);
        let namespaces: HashSet<Namespace> = records
            .iter()
            .map(|(_, record)| record.namespace.clone())
            .collect();
        // First, so that what is told now finds what was told of it before.
        let followed = self
            .renames
            .follow(self.session, self.link, &self.view, &records)
            .await;
        let changed = self
            .history
            .observe(self.backend, self.session, self.link, &self.view, records)
            .await;
        let gone = gone::Gone::new(self.link, &self.view, touched.gone, touched.listed);
        let ended = self
            .history
            .end_gone(self.session, gone, self.link.now(self.backend))
            .await;
        if followed || changed || ended {
            self.session.changed(self.backend);
        }
        self.recent.ask(self.session, self.link, namespaces.into_iter());
    }

    /// Looks once more at workloads of which something became known beside the watch.
    async fn look_again(&mut self) {
        self.history.forget_releases();
        let records = self.records(&self.link.take_doubted());
        let changed = self
            .history
            .observe(self.backend, self.session, self.link, &self.view, records)
            .await;
        if changed {
            self.session.changed(self.backend);
        }
    }

    /// Writes down what the Events of a namespace tell of the hour before the start.
    async fn take_events(&mut self, namespace: Namespace, events: Option<RecentEvents>) {
        if let Some(events) = events {
            let inside = |record: &&Arc<WorkloadRecord>| record.namespace == namespace;
            let workloads: Vec<Uid> = self
                .view
                .workloads()
                .filter(inside)
                .map(|record| record.uid.clone())
                .collect();
            let touched = self
                .history
                .take_events(namespace.clone(), events, workloads.into_iter());
            let records = self.records(&touched);
            self.history
                .observe(self.backend, self.session, self.link, &self.view, records)
                .await;
        }
        // That they could not be read is news as well: the details say so.
        self.session.changed(self.backend);
    }

    fn records(&self, uids: &HashSet<Uid>) -> Vec<(Place, Arc<WorkloadRecord>)> {
        uids.iter()
            .filter_map(|uid| self.view.workload(uid))
            .filter_map(|record| Some((self.place(record)?, Arc::clone(record))))
            .collect()
    }

    /// Which service's, and where: `None` for what is none of the workspace's.
    fn place(&self, record: &WorkloadRecord) -> Option<Place> {
        let (service, environment) = place_of(
            &self.session.workspace,
            &self.link.environments,
            record,
            &self.history.images(record),
        )?;
        Some((service.name.clone(), environment.name.clone()))
    }

    fn places(&self) -> HashMap<Place, Vec<Arc<WorkloadRecord>>> {
        let mut places: HashMap<Place, Vec<Arc<WorkloadRecord>>> = HashMap::new();
        for record in self.view.workloads() {
            if let Some(place) = self.place(record) {
                places.entry(place).or_default().push(Arc::clone(record));
            }
        }
        places
            .values_mut()
            .for_each(|records| records.sort_by(|a, b| a.name.cmp(&b.name)));
        places
    }
}

/// What a burst of changes touched.
#[derive(Default)]
struct Touched {
    uids: HashSet<Uid>,
    gone: HashSet<Uid>,
    /// A list came anew, or a scope became live.
    listed: bool,
    workloads: bool,
    conditions: bool,
}
