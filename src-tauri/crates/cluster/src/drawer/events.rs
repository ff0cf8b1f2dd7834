//! Events of a Deployment object, its ReplicaSets and its pods. The cluster keeps them for about an hour.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::ids::{Namespace, Uid};
use serde::Deserialize;

use crate::client::Clients;
use crate::error::Error;
use crate::query::encoded;

/// So many pages of 500 are looked through at most: a namespace in trouble can have very many.
const PAGES: usize = 6;

/// An event of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterEvent {
    /// What it is about: kind and name.
    pub about: (String, String),
    /// Whether it is a warning.
    pub warning: bool,
    /// The reason: `FailedScheduling`, `Pulled` …
    pub reason: String,
    /// The words.
    pub message: String,
    /// How often it came.
    pub count: u32,
    /// When it came last.
    pub last: Option<DateTime<Utc>>,
    /// Who says so.
    pub source: String,
}

pub(super) async fn events(
    clients: &Clients,
    namespace: &Namespace,
    about: &HashSet<Uid>,
) -> Result<Vec<ClusterEvent>, Error> {
    let what = format!("listing events in namespace {namespace}");
    let mut found: Vec<ClusterEvent> = Vec::new();
    let mut more = String::new();
    for _ in 0..PAGES {
        let mut path = format!("/api/v1/namespaces/{namespace}/events?limit=500");
        if !more.is_empty() {
            path = format!("{path}&continue={}", encoded(&more));
        }
        let page: RawEvents = clients.get(&what, &path).await?;
        let ours = page
            .items
            .into_iter()
            .filter(|event| about.contains(&Uid::new(&event.involved_object.uid)));
        found.extend(ours.map(RawEvent::view));
        more = page.metadata.more;
        if more.is_empty() {
            break;
        }
    }
    found.sort_by_key(|event| std::cmp::Reverse(event.last));
    Ok(found)
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
