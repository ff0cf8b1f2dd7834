//! The cluster's Events live for an hour: those of each namespace are read once at the start, in the background, so
//! that the first view does not wait for them.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::Clients;
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moments};
use domain::history::events::{RecentEvents, ToldByEvent};
use domain::ids::Namespace;
use tokio::sync::mpsc;
use wire::timeline::EventsGapWord;

use crate::connection::ClusterLink;
use crate::redaction::redact;
use crate::session::Session;

/// As much of an Event's words as is kept in the ledger.
const LONGEST: usize = 400;

/// What was read of a namespace; `None`: its Events could not be read, which the link says.
type Read = (Namespace, Option<RecentEvents>);

/// Reads the Events of namespaces, each once.
pub(super) struct Recent {
    asked: HashSet<Namespace>,
    tell: mpsc::UnboundedSender<Read>,
    told: mpsc::UnboundedReceiver<Read>,
}

impl Default for Recent {
    fn default() -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        Self {
            asked: HashSet::new(),
            tell,
            told,
        }
    }
}

impl Recent {
    /// Begins to read those that were not asked for yet, one after the other.
    pub fn ask(
        &mut self,
        session: &Session,
        link: &Arc<ClusterLink>,
        namespaces: impl Iterator<Item = Namespace>,
    ) {
        let Some(clients) = link.clients() else { return };
        let new: Vec<Namespace> = namespaces
            .filter(|namespace| self.asked.insert(namespace.clone()))
            .collect();
        if new.is_empty() {
            return;
        }
        let reading = read(clients, Arc::clone(link), new, self.tell.clone());
        tokio::spawn(session.stopped().run_until_cancelled_owned(reading));
    }

    /// The next namespace that was read; waits for ever where there is none.
    pub async fn next(&mut self) -> Option<Read> {
        self.told.recv().await
    }
}

async fn read(
    clients: Clients,
    link: Arc<ClusterLink>,
    namespaces: Vec<Namespace>,
    tell: mpsc::UnboundedSender<Read>,
) {
    for namespace in namespaces {
        let (events, gap) = match cluster::events::recent(&clients, &namespace).await {
            Ok(events) => (Some(events), None),
            Err(error) => {
                tracing::info!(cluster = %link.name, %error, "the Events of the last hour were not read");
                let is_forbidden = matches!(error, cluster::Error::Forbidden { .. });
                let gap = if is_forbidden {
                    EventsGapWord::Forbidden
                } else {
                    EventsGapWord::Unread
                };
                (None, Some(gap))
            }
        };
        link.events_read(namespace.clone(), gap);
        if tell.send((namespace, events)).is_err() {
            return;
        }
    }
}

/// What Events and the marks of operations tell of deployments that ReplicaSets tell of.
pub(super) fn tellings(
    deployments: &[(usize, Deployment)],
    events: Vec<ToldByEvent>,
    now: DateTime<Utc>,
) -> Vec<Deployment> {
    let marked = deployments
        .iter()
        .filter_map(|(_, deployment)| marked(deployment, now));
    let by_events = events.into_iter().filter_map(|told| {
        let (_, deployment) = deployments.iter().find(|(place, _)| *place == told.at)?;
        let evidence = Evidence {
            source: shortened(&told.evidence.source),
            ..told.evidence
        };
        Some(Deployment {
            who: told.who.or_else(|| deployment.who.clone()),
            why: told.why.or_else(|| deployment.why.clone()),
            ..deployment.clone().told_by(evidence)
        })
    });
    marked.chain(by_events).collect()
}

/// The words of a cluster as the ledger keeps them: without secrets, and not for ever.
pub(super) fn shortened(words: &str) -> String {
    redact(words).chars().take(LONGEST).collect()
}

/// An operation of any colleague's Tidemark left its mark: recorded, without a time of its own.
fn marked(deployment: &Deployment, now: DateTime<Utc>) -> Option<Deployment> {
    let operation = deployment.operation.as_ref()?;
    let evidence = Evidence {
        kind: EvidenceKind::Recorded,
        source: format!("operation {operation}"),
        seen_at: now,
        moments: Moments::default(),
    };
    Some(deployment.clone().told_by(evidence))
}
