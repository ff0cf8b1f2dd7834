//! A Deployment object as it is now, cut down to what a change needs to know.

use chrono::{DateTime, Utc};
use domain::template::PodTemplate;
use domain::workload::{WorkloadIdentity, WorkloadKind};
use serde_json::Value;

/// A Deployment object as the API server answered it.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveDeployment {
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
    /// `spec.replicas`: 1 where absent, as the API server defaults it.
    pub replicas: i32,
    /// `spec.strategy.type` is `Recreate`.
    pub recreate: bool,
    /// `spec.selector` as a label selector's text.
    pub selector: String,
    /// `spec.progressDeadlineSeconds`: 600 where absent.
    pub progress_deadline: i64,
    /// `metadata.deletionTimestamp` is set.
    pub deleting: bool,
    /// The revision number.
    pub revision: Option<i64>,
    /// `status`.
    pub status: RolloutStatus,
    /// `metadata.managedFields`, cut down.
    pub managers: Vec<Manager>,
    /// The whole object.
    pub object: Value,
}

/// `status` of a Deployment object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "the field names are those of apps/v1 DeploymentStatus"
)]
pub struct RolloutStatus {
    pub observed_generation: i64,
    pub replicas: i32,
    pub updated: i32,
    pub ready: i32,
    pub available: i32,
    pub conditions: Vec<Condition>,
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

impl LiveDeployment {
    /// Reads the answer of the API server; `None` when it is no Deployment object.
    pub fn read(object: Value) -> Option<Self> {
        let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let number = |pointer: &str| object.pointer(pointer).and_then(Value::as_i64);
        let workload = WorkloadIdentity {
            kind: WorkloadKind::Deployment,
            namespace: text("/metadata/namespace")?.into(),
            name: text("/metadata/name")?,
            uid: text("/metadata/uid")?.into(),
        };
        Some(Self {
            workload,
            generation: number("/metadata/generation")?,
            resource_version: text("/metadata/resourceVersion")?,
            template: PodTemplate::new(object.pointer("/spec/template")?.clone()).ok()?,
            paused: object
                .pointer("/spec/paused")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            replicas: number("/spec/replicas").unwrap_or(1) as i32,
            recreate: text("/spec/strategy/type").as_deref() == Some("Recreate"),
            selector: selector(object.pointer("/spec/selector")?),
            progress_deadline: number("/spec/progressDeadlineSeconds").unwrap_or(600),
            deleting: object.pointer("/metadata/deletionTimestamp").is_some(),
            revision: text("/metadata/annotations/deployment.kubernetes.io~1revision")
                .and_then(|revision| revision.parse().ok()),
            status: RolloutStatus::read(&object),
            managers: managers(&object),
            object,
        })
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
        self.status
            .conditions
            .iter()
            .find(|condition| condition.kind == kind)
    }

    /// The manager whose write to the template is the newest: who to name when somebody else changed it.
    pub fn template_writer(&self) -> Option<&Manager> {
        let writers = self.managers.iter().filter(|manager| manager.owns_template);
        writers.max_by_key(|manager| manager.time)
    }
}

impl RolloutStatus {
    fn read(object: &Value) -> Self {
        let count = |name: &str| {
            let value = object.get("status").and_then(|status| status.get(name));
            value.and_then(Value::as_i64).unwrap_or(0)
        };
        let conditions = object.pointer("/status/conditions").and_then(Value::as_array);
        Self {
            observed_generation: count("observedGeneration"),
            replicas: count("replicas") as i32,
            updated: count("updatedReplicas") as i32,
            ready: count("readyReplicas") as i32,
            available: count("availableReplicas") as i32,
            conditions: conditions.into_iter().flatten().map(condition).collect(),
        }
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

/// A label selector as the text that a list request takes.
pub fn selector(selector: &Value) -> String {
    let mut terms: Vec<String> = Vec::new();
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(labels) = selector.get("matchLabels").and_then(Value::as_object) {
        terms.extend(
            labels
                .iter()
                .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())),
        );
    }
    for expression in selector
        .get("matchExpressions")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let key = text(expression.get("key"));
        let values = expression
            .get("values")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let values: Vec<&str> = values.filter_map(Value::as_str).collect();
        terms.push(match text(expression.get("operator")).as_str() {
            "In" => format!("{key} in ({})", values.join(",")),
            "NotIn" => format!("{key} notin ({})", values.join(",")),
            "DoesNotExist" => format!("!{key}"),
            _ => key,
        });
    }
    terms.join(",")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn selectors_become_the_text_of_a_list_request() {
        let value = json!({
            "matchLabels": {"app": "shop"},
            "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["a", "b"]},
                {"key": "canary", "operator": "DoesNotExist"},
                {"key": "zone", "operator": "Exists"},
            ],
        });
        assert_eq!(selector(&value), "app=shop,tier in (a,b),!canary,zone");
    }

    #[test]
    fn what_the_api_server_defaults_is_defaulted() {
        let live = LiveDeployment::read(json!({
            "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 3, "resourceVersion": "9"},
            "spec": {"selector": {"matchLabels": {"app": "a"}}, "template": {"spec": {"containers": []}}},
        }))
        .unwrap();
        assert_eq!(
            (live.replicas, live.progress_deadline, live.paused),
            (1, 600, false)
        );
        assert!(!live.has_annotations());
    }
}
