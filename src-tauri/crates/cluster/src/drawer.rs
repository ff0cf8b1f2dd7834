//! *Open in cluster*: one workload as it is right now, read-only: YAML, pods with their reasons, the last
//! lines of failing containers, and events.
//!
//! Each part stands for itself: what could not be read says why, and hides no other.

mod logs;
mod pods;

use std::collections::HashSet;
use std::sync::Arc;

use domain::difference::yaml;
use domain::ids::{Namespace, Uid};
use domain::workload::{RevisionKind, WorkloadKind};
use serde::Deserialize;
use serde_json::Value;

use crate::client::Clients;
use crate::error::Error;
use crate::events;
use crate::history::workload;
use crate::query::encoded;
use crate::records::{Interner, RawReplicaSet, WorkloadRecord};
use crate::workload::path_of;

pub use crate::events::ClusterEvent;
pub use logs::{ContainerLog, LOG_LINES};
pub use pods::{ContainerState, ContainerView, PodView};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What the drawer shows.
#[derive(Debug, Clone)]
pub struct Drawer {
    /// The object's record.
    pub record: WorkloadRecord,
    /// The live object as YAML, without `managedFields` and `last-applied-configuration`.
    pub yaml: String,
    /// Its pods, those that fail first.
    pub pods: Result<Vec<PodView>, Arc<Error>>,
    /// The last lines of failing containers, of the run before as well.
    pub logs: Vec<ContainerLog>,
    /// Events of the object, its revisions and its pods, the newest first.
    pub events: Result<Vec<ClusterEvent>, Arc<Error>>,
}

/// Reads everything for the drawer.
pub async fn drawer(
    clients: &Clients,
    kind: WorkloadKind,
    namespace: &Namespace,
    name: &str,
) -> Result<Drawer, Error> {
    let record = workload(clients, kind, namespace, name).await?.record;
    let (yaml, family) = tokio::join!(live_yaml(clients, &record), family(clients, &record));
    let yaml = yaml?;
    let pods = pods::pods(clients, &record, family.as_ref().ok())
        .await
        .map_err(Arc::new);
    let shown = pods.as_ref().map(Vec::as_slice).unwrap_or_default();
    let logs = logs::of_failing(clients, namespace, shown).await;
    let mut uids: HashSet<Uid> = family.unwrap_or_default();
    uids.insert(record.uid.clone());
    uids.extend(shown.iter().map(|pod| pod.uid.clone()));
    let events = events::about(clients, namespace, &uids).await.map_err(Arc::new);
    Ok(Drawer {
        record,
        yaml,
        pods,
        logs,
        events,
    })
}

async fn live_yaml(clients: &Clients, record: &WorkloadRecord) -> Result<String, Error> {
    let what = format!("reading {} {}/{}", record.kind, record.namespace, record.name);
    let path = path_of(record.kind, record.namespace.as_str(), &record.name);
    let mut object: Value = clients.get(&what, &path).await?;
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("managedFields");
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
    }
    Ok(yaml(&object))
}

#[derive(Deserialize)]
struct MetadataList<'a> {
    #[serde(borrow)]
    items: Vec<RawReplicaSet<'a>>,
}

/// The uids of what the object's pods belong to.
async fn family(clients: &Clients, record: &WorkloadRecord) -> Result<HashSet<Uid>, Error> {
    match record.kind.revisions() {
        RevisionKind::ReplicaSet => replica_sets(clients, record).await,
    }
}

async fn replica_sets(clients: &Clients, record: &WorkloadRecord) -> Result<HashSet<Uid>, Error> {
    let what = format!("listing ReplicaSets in namespace {}", record.namespace);
    let path = format!(
        "/apis/apps/v1/namespaces/{}/replicasets?labelSelector={}",
        record.namespace,
        encoded(&record.selector)
    );
    let request = http::Request::get(path)
        .header(
            http::header::ACCEPT,
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        )
        .body(Vec::new())
        .expect("because an encoded selector makes a valid path");
    let text = clients.fetch_text(&what, request).await?;
    let list: MetadataList<'_> = serde_json::from_str(&text).map_err(|error| Error::BadAnswer {
        cluster: clients.cluster().to_owned(),
        what,
        detail: crate::client::shape_error(&error),
    })?;
    let mut interner = Interner::default();
    Ok(list
        .items
        .iter()
        .filter_map(|set| set.fold(&mut interner))
        .filter(|set| set.workload == record.uid)
        .map(|set| set.uid)
        .collect())
}

#[cfg(test)]
mod tests;
