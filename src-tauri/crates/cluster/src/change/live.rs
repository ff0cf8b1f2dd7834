//! A workload as it is now, cut down to what a change needs to know.

use chrono::{DateTime, Utc};
use domain::template::PodTemplate;
use domain::workload::{WorkloadIdentity, WorkloadKind};
use serde::Deserialize;
use serde_json::Value;

use super::Rest;
use crate::error::Error;
use crate::records::{Interner, RawWorkload, Rollout, Strategy};
use crate::workload::path;

/// A workload as the API server answered it.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveWorkload {
    /// Kind, namespace, name and uid.
    pub workload: WorkloadIdentity,
    /// `metadata.generation`: moves on every change of the spec.
    pub generation: i64,
    /// `metadata.resourceVersion`.
    pub resource_version: String,
    /// The pod template.
    pub template: PodTemplate,
    /// `spec.paused`.
    pub paused: bool,
    /// How its pods are replaced.
    pub strategy: Strategy,
    /// How far its rollout is.
    pub rollout: Rollout,
    /// `spec.selector` as a label selector's text.
    pub selector: String,
    /// `metadata.deletionTimestamp` is set.
    pub deleting: bool,
    /// The number of its newest revision.
    pub revision: Option<i64>,
    /// `status.conditions`.
    pub conditions: Vec<Condition>,
    /// `metadata.managedFields`, cut down.
    pub managers: Vec<Manager>,
    /// The whole object.
    pub object: Value,
}

/// A condition of `status`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the field names are those of apps/v1 DeploymentCondition"
)]
pub struct Condition {
    pub kind: String,
    pub status: String,
    pub reason: String,
    pub message: String,
    pub last_update: Option<DateTime<Utc>>,
}

/// An entry of `metadata.managedFields`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manager {
    /// "kubectl", "argocd-controller".
    pub name: String,
    /// `Apply` or `Update`.
    pub operation: String,
    /// When it last wrote any of its fields: an upper bound for each.
    pub time: Option<DateTime<Utc>>,
    /// It owns something below `spec.template`.
    pub owns_template: bool,
    /// It wrote through `status` or `scale`.
    pub subresource: Option<String>,
}

impl LiveWorkload {
    /// Reads the answer of the API server; `None` when it is no object of that kind. The answer may name no kind: items
    /// of a list don't.
    pub fn read(kind: WorkloadKind, object: Value) -> Option<Self> {
        let raw = RawWorkload::<Value>::deserialize(&object).ok()?;
        let (record, template) = raw.fold(kind, &mut Interner::default()).ok()?;
        let is_whole = |pointer: &str| object.pointer(pointer).is_some();
        if !["uid", "namespace", "name", "resourceVersion", "generation"]
            .iter()
            .all(|key| is_whole(&format!("/metadata/{key}")))
        {
            return None;
        }
        let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
        Some(Self {
            workload: record.identity(),
            generation: record.generation,
            resource_version: record.resource_version.to_string(),
            template,
            paused: record.paused,
            strategy: record.strategy,
            rollout: record.rollout,
            selector: record.selector.to_string(),
            deleting: record.deleting,
            revision: record.revision,
            conditions: conditions.into_iter().flatten().map(condition).collect(),
            managers: managers(&object),
            object,
        })
    }

    /// Reads it as it is now; `None`: it is not there.
    ///
    /// # Errors
    /// The cluster did not answer.
    pub async fn find(rest: &Rest, workload: &WorkloadIdentity) -> Result<Option<Self>, Error> {
        let found = rest.find(&path(workload)).await?;
        Ok(found.and_then(|object| Self::read(workload.kind, object)))
    }

    /// The annotation of that key.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.object
            .get("metadata")?
            .get("annotations")?
            .get(key)?
            .as_str()
    }

    /// The label of that key.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.object.get("metadata")?.get("labels")?.get(key)?.as_str()
    }

    /// Whether it has any annotation: an `add` below a missing map is refused.
    pub fn has_annotations(&self) -> bool {
        self.object
            .pointer("/metadata/annotations")
            .is_some_and(Value::is_object)
    }

    /// The condition of that type.
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.kind == kind)
    }

    /// The manager whose write to the template is the newest: who to name when somebody else changed it.
    pub fn template_writer(&self) -> Option<&Manager> {
        let writers = self.managers.iter().filter(|manager| manager.owns_template);
        writers.max_by_key(|manager| manager.time)
    }
}

fn condition(value: &Value) -> Condition {
    let text = |name: &str| {
        value
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Condition {
        kind: text("type"),
        status: text("status"),
        reason: text("reason"),
        message: text("message"),
        last_update: text("lastUpdateTime").parse().ok(),
    }
}

fn managers(object: &Value) -> Vec<Manager> {
    let entries = object
        .pointer("/metadata/managedFields")
        .and_then(Value::as_array);
    let manager = |entry: &Value| {
        let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
        Manager {
            name: text("manager").unwrap_or_default(),
            operation: text("operation").unwrap_or_default(),
            time: text("time").and_then(|time| time.parse().ok()),
            owns_template: entry.pointer("/fieldsV1/f:spec/f:template").is_some(),
            subresource: text("subresource").filter(|name| !name.is_empty()),
        }
    };
    entries.into_iter().flatten().map(manager).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_api_server_defaults_is_defaulted() {
        let object = json!({
            "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 3, "resourceVersion": "9"},
            "spec": {"selector": {"matchLabels": {"app": "a"}}, "template": {"spec": {"containers": []}}},
        });
        let live = LiveWorkload::read(WorkloadKind::Deployment, object.clone()).unwrap();
        assert_eq!(
            (live.rollout.wanted, live.strategy, live.paused),
            (1, Strategy::Rolling, false)
        );
        assert!(!live.has_annotations());
        let mut cut = object;
        cut["metadata"].as_object_mut().unwrap().remove("resourceVersion");
        assert_eq!(LiveWorkload::read(WorkloadKind::Deployment, cut), None);
    }
}
