//! The Events of a namespace. The cluster keeps them for about an hour.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::history::events::{EventFacts, RecentEvents};
use domain::ids::{Namespace, Uid};
use serde::Deserialize;

use crate::client::Clients;
use crate::error::Error;
use crate::query::encoded;

/// So many Events are asked for at once.
const PAGE: usize = 500;

/// So many pages are looked through for the drawer: a namespace in trouble can have very many.
const DRAWER_PAGES: usize = 6;

/// So many pages are looked through at the start.
const RECENT_PAGES: usize = 40;

/// An event of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterEvent {
    /// What it is about: kind and name.
    pub about: (String, String),
    /// The uid of what it is about.
    pub uid: Uid,
    /// Whether it is a warning.
    pub warning: bool,
    /// The reason: `FailedScheduling`, `Pulled` …
    pub reason: String,
    /// The words.
    pub message: String,
    /// How often it came.
    pub count: u32,
    /// When it came first.
    pub first: Option<DateTime<Utc>>,
    /// When it came last.
    pub last: Option<DateTime<Utc>>,
    /// Who says so.
    pub source: String,
}

/// The Events about these objects, the newest first.
pub(crate) async fn about(
    clients: &Clients,
    namespace: &Namespace,
    uids: &HashSet<Uid>,
) -> Result<Vec<ClusterEvent>, Error> {
    let mut found: Vec<ClusterEvent> = Vec::new();
    let mut pages = Pages::of(clients, namespace, DRAWER_PAGES);
    while let Some(page) = pages.next().await? {
        found.extend(page.into_iter().filter(|event| uids.contains(&event.uid)));
    }
    found.sort_by_key(|event| std::cmp::Reverse(event.last));
    Ok(found)
}

/// What the Events of a namespace tell of the deployments of the last hour: read once, page by page, of which only
/// what tells something is kept.
///
/// # Errors
/// Most often 403: an account that reads Deployment objects need not be allowed to read Events.
pub async fn recent(clients: &Clients, namespace: &Namespace) -> Result<RecentEvents, Error> {
    let mut recent = RecentEvents::default();
    let mut pages = Pages::of(clients, namespace, RECENT_PAGES);
    while let Some(page) = pages.next().await? {
        recent.extend(page.into_iter().filter_map(facts));
    }
    Ok(recent)
}

/// `None`: it has no time.
fn facts(event: ClusterEvent) -> Option<EventFacts> {
    let last = event.last?;
    Some(EventFacts {
        kind: event.about.0,
        name: event.about.1,
        uid: event.uid,
        reason: event.reason,
        message: event.message,
        component: event.source,
        first: event.first.unwrap_or(last),
        last,
    })
}

/// The Events of a namespace, page by page.
struct Pages<'a> {
    clients: &'a Clients,
    what: String,
    path: String,
    more: Option<String>,
    left: usize,
}

impl<'a> Pages<'a> {
    fn of(clients: &'a Clients, namespace: &Namespace, pages: usize) -> Self {
        Self {
            clients,
            what: format!("listing events in namespace {namespace}"),
            path: format!("/api/v1/namespaces/{namespace}/events?limit={PAGE}"),
            more: Some(String::new()),
            left: pages,
        }
    }

    /// `None` at the end, or when so many pages were read as were to be.
    async fn next(&mut self) -> Result<Option<Vec<ClusterEvent>>, Error> {
        let Some(more) = self.more.take().filter(|_| self.left > 0) else {
            return Ok(None);
        };
        let path = if more.is_empty() {
            self.path.clone()
        } else {
            format!("{}&continue={}", self.path, encoded(&more))
        };
        let page: RawEvents = self.clients.get(&self.what, &path).await?;
        self.left -= 1;
        self.more = Some(page.metadata.more).filter(|more| !more.is_empty());
        Ok(Some(page.items.into_iter().map(RawEvent::view).collect()))
    }
}

#[derive(Deserialize)]
struct RawEvents {
    #[serde(default)]
    metadata: RawListMeta,
    items: Vec<RawEvent>,
}

#[derive(Default, Deserialize)]
struct RawListMeta {
    #[serde(rename = "continue", default)]
    more: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEvent {
    metadata: RawEventMeta,
    involved_object: RawInvolved,
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
    count: Option<u32>,
    first_timestamp: Option<DateTime<Utc>>,
    last_timestamp: Option<DateTime<Utc>>,
    event_time: Option<DateTime<Utc>>,
    series: Option<RawSeries>,
    #[serde(default)]
    source: RawSource,
    #[serde(default)]
    reporting_component: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEventMeta {
    creation_timestamp: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct RawInvolved {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    uid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawSeries {
    #[serde(default)]
    count: u32,
    last_observed_time: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
struct RawSource {
    #[serde(default)]
    component: String,
}

impl RawEvent {
    fn view(self) -> ClusterEvent {
        let series = self.series.as_ref();
        ClusterEvent {
            warning: self.kind == "Warning",
            count: series.map(|series| series.count).or(self.count).unwrap_or(1),
            // Newer events have only a series or an eventTime, older ones only a lastTimestamp.
            last: series
                .and_then(|series| series.last_observed_time)
                .or(self.last_timestamp)
                .or(self.event_time)
                .or(self.metadata.creation_timestamp),
            first: self
                .first_timestamp
                .or(self.event_time)
                .or(self.metadata.creation_timestamp),
            uid: Uid::new(self.involved_object.uid),
            about: (self.involved_object.kind, self.involved_object.name),
            reason: self.reason,
            message: self.message,
            source: if self.source.component.is_empty() {
                self.reporting_component
            } else {
                self.source.component
            },
        }
    }
}

#[cfg(test)]
mod tests;
