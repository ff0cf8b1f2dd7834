//! What an operation leaves in the cluster, and what it takes away again: an Event, and our own entry in
//! `metadata.managedFields`.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::live::LiveWorkload;
use super::{FIELD_MANAGER, Rest};
use crate::error::Error;
use crate::workload::path;

/// Whether our entry in `managedFields` is gone.
#[derive(Debug)]
pub enum ManagerDropped {
    /// It was dropped, or was not there.
    Dropped,
    /// It could not be: the next server-side apply by these managers reports a conflict.
    Refused {
        /// Managers that apply the template.
        appliers: Vec<String>,
        /// Why.
        error: Option<Error>,
    },
}

/// Drops our own entry under a resourceVersion test, so that a team's next server-side apply works as they
/// expect. Status moves the resourceVersion, so a failed test is tried a few times with the object read anew.
pub async fn drop_manager(rest: &Rest, live: &LiveWorkload) -> ManagerDropped {
    let mut live = live.clone();
    let mut last = None;
    for _ in 0..5 {
        let Some(index) = own_entry(&live) else {
            return ManagerDropped::Dropped;
        };
        let body = json!([
            {"op": "test", "path": "/metadata/uid", "value": live.workload.uid.as_str()},
            {"op": "test", "path": "/metadata/resourceVersion", "value": live.resource_version},
            {"op": "remove", "path": format!("/metadata/managedFields/{index}")},
        ]);
        // No fieldManager of ours: the write would put the entry back.
        let path = path(&live.workload);
        match rest.json_patch(&path, &body).await {
            Ok(_) => return ManagerDropped::Dropped,
            Err(error) => last = Some(error),
        }
        match LiveWorkload::find(rest, &live.workload).await {
            Ok(Some(now)) => live = now,
            Ok(None) => break,
            Err(error) => {
                last = Some(error);
                break;
            }
        }
    }
    ManagerDropped::Refused {
        appliers: appliers(&live),
        error: last,
    }
}

/// The managers whose next server-side apply meets our entry; `None` where it is not there.
pub fn left_behind(live: &LiveWorkload) -> Option<Vec<String>> {
    own_entry(live).map(|_| appliers(live))
}

fn appliers(live: &LiveWorkload) -> Vec<String> {
    let applies = |manager: &&super::live::Manager| manager.owns_template && manager.operation == "Apply";
    let applying = live.managers.iter().filter(applies);
    applying.map(|manager| manager.name.clone()).collect()
}

fn own_entry(live: &LiveWorkload) -> Option<usize> {
    live.managers
        .iter()
        .position(|manager| manager.name == FIELD_MANAGER && manager.operation == "Update")
}

/// Writes an Event about the workload, as `kubectl describe` shows it.
///
/// # Errors
/// Most often 403: the Event is no planned verb, so it is skipped and said.
pub async fn write_event(
    rest: &Rest,
    live: &LiveWorkload,
    reason: &str,
    message: &str,
    warning: bool,
    now: DateTime<Utc>,
) -> Result<Value, Error> {
    let namespace = &live.workload.namespace;
    let second = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let body = json!({
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": format!("{}.tidemark-", live.workload.name), "namespace": namespace.as_str()},
        "involvedObject": {
            "apiVersion": "apps/v1",
            "kind": live.workload.kind.as_str(),
            "name": live.workload.name,
            "namespace": namespace.as_str(),
            "uid": live.workload.uid.as_str(),
        },
        "type": if warning { "Warning" } else { "Normal" },
        "reason": reason,
        "message": message.chars().take(1_000).collect::<String>(),
        "source": {"component": FIELD_MANAGER},
        "reportingComponent": FIELD_MANAGER,
        "firstTimestamp": second,
        "lastTimestamp": second,
        "count": 1,
    });
    rest.create(&format!("/api/v1/namespaces/{namespace}/events"), &body)
        .await
}
