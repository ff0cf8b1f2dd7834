//! Pod templates: the canonical form by which Tidemark knows one from another.
//!
//! A template is what a revision of a workload *is*. Its hash is taken over the canonical JSON without
//! `pod-template-hash` and `$patch`, so that a revision's copy and the workload's own are the same template.
//! Lacks on purpose: defaults of the API server. What is compared has always been through a server.

mod identify;
mod image;
mod references;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::ids::TemplateHash;

pub use identify::{
    Disagreement, IdentifiedVersion, VersionEvidence, VersionHints, VersionSource, container_that_counts,
    identify_version,
};
pub use image::{ImageReference, ImageReferenceError};
pub use references::{Reference, ReferenceKind, ReferenceUse, references};

/// The label that the Deployment controller adds to a ReplicaSet's copy of the template.
pub const POD_TEMPLATE_HASH: &str = "pod-template-hash";

/// What a ControllerRevision's copy of the template, a strategic merge patch, says of how it is merged.
const PATCH_MARK: &str = "$patch";

/// The annotation by which `kubectl rollout restart` starts new pods of the same template.
pub const RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";

/// A pod template in canonical form: keys sorted, `pod-template-hash` and `$patch` gone.
///
/// Also gone is `metadata.creationTimestamp: null`, which API servers before 1.34 wrote and later ones do not:
/// the same template must keep its hash when the cluster is upgraded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodTemplate(Value);

/// Why a value is no pod template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// No workload and no revision has such a template.
    #[error("the pod template is no JSON object with a `spec` that lists `containers`")]
    NotATemplate,
    /// Stored bytes that are no JSON.
    #[error("the stored pod template is no JSON: {0}")]
    NotJson(String),
}

impl PodTemplate {
    /// Takes a template as an API server gives it (`spec.template`).
    pub fn new(value: Value) -> Result<Self, TemplateError> {
        let mut value = sorted(value);
        if !value.pointer("/spec/containers").is_some_and(Value::is_array) {
            return Err(TemplateError::NotATemplate);
        }
        strip_what_controllers_add(&mut value);
        Ok(Self(value))
    }

    /// Reads the canonical form back, as it was stored.
    pub fn from_canonical_json(text: &str) -> Result<Self, TemplateError> {
        let value = serde_json::from_str(text).map_err(|error| TemplateError::NotJson(error.to_string()))?;
        Self::new(value)
    }

    /// The template as JSON, ready to stand in a patch as `spec.template`.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    /// The canonical JSON: keys sorted, no white space. This is what is hashed and stored.
    pub fn canonical_json(&self) -> String {
        self.0.to_string()
    }

    /// SHA-256 of the canonical JSON.
    pub fn hash(&self) -> TemplateHash {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(self.canonical_json().as_bytes()) {
            write!(hex, "{byte:02x}").expect("because writing to a String never fails");
        }
        TemplateHash::new(hex)
    }

    /// The containers that run side by side, in their order: name and image as written.
    pub fn containers(&self) -> Vec<(&str, &str)> {
        self.container_values("containers")
            .iter()
            .map(|container| (text(container, "name"), text(container, "image")))
            .collect()
    }

    /// Every image that a pod of it pulls: also those of the containers that run before the others.
    pub fn images(&self) -> BTreeSet<&str> {
        let lists = ["initContainers", "containers"].map(|list| self.container_values(list));
        lists
            .into_iter()
            .flatten()
            .map(|container| text(container, "image"))
            .collect()
    }

    /// An annotation of the template.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.0.get("metadata")?.get("annotations")?.get(key)?.as_str()
    }

    /// A label of the template.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.0.get("metadata")?.get("labels")?.get(key)?.as_str()
    }

    /// The template without the mark of a restart: two of the same hash differ by restarts at most.
    pub fn without_restart(&self) -> Self {
        let mut value = self.0.clone();
        remove_entry(&mut value, "annotations", RESTARTED_AT);
        Self(value)
    }

    pub(crate) fn container_values(&self, list: &str) -> &[Value] {
        self.0
            .get("spec")
            .and_then(|spec| spec.get(list))
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }
}

/// Whether the two differ, and only by `kubectl.kubernetes.io/restartedAt`: a restart, neither a version nor a
/// setting (history.md).
pub fn same_but_restart(a: &PodTemplate, b: &PodTemplate) -> bool {
    a != b && a.without_restart() == b.without_restart()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Sorts the keys of every object, whatever map serde_json was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, value)| (key, sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn strip_what_controllers_add(template: &mut Value) {
    remove_entry(template, "labels", POD_TEMPLATE_HASH);
    if let Some(template) = template.as_object_mut() {
        template.shift_or_remove(PATCH_MARK);
    }
    if let Some(metadata) = template.get_mut("metadata").and_then(Value::as_object_mut)
        && metadata.get("creationTimestamp").is_some_and(Value::is_null)
    {
        metadata.shift_or_remove("creationTimestamp");
    }
}

/// Removes one entry of a map in `metadata`, and the map with its last entry.
fn remove_entry(template: &mut Value, map: &str, key: &str) {
    let Some(metadata) = template.get_mut("metadata").and_then(Value::as_object_mut) else {
        return;
    };
    let Some(entries) = metadata.get_mut(map).and_then(Value::as_object_mut) else {
        return;
    };
    entries.shift_or_remove(key);
    if entries.is_empty() {
        metadata.shift_or_remove(map);
    }
}

/// Removal that keeps the order of the rest, whatever map serde_json was built with.
trait ShiftOrRemove {
    fn shift_or_remove(&mut self, key: &str);
}

impl ShiftOrRemove for Map<String, Value> {
    fn shift_or_remove(&mut self, key: &str) {
        self.retain(|name, _| name != key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn template(value: Value) -> PodTemplate {
        PodTemplate::new(value).unwrap()
    }

    fn simple(extra_labels: Value, annotations: Value) -> Value {
        let mut labels = json!({"app": "payments"});
        labels
            .as_object_mut()
            .unwrap()
            .extend(extra_labels.as_object().unwrap().clone());
        json!({
            "metadata": {"labels": labels, "annotations": annotations},
            "spec": {"containers": [{"name": "app", "image": "shop/payments:2.4.1"}]}
        })
    }

    #[test]
    fn a_replica_sets_copy_is_the_deployments_template() {
        let own = template(simple(json!({}), json!({"a": "b"})));
        let copy = template(simple(
            json!({"pod-template-hash": "7d9f6c5b8c"}),
            json!({"a": "b"}),
        ));
        assert_eq!(own, copy);
        assert_eq!(own.hash(), copy.hash());
    }

    #[test]
    fn the_hash_does_not_depend_on_the_order_of_keys() {
        let a: Value = serde_json::from_str(r#"{"spec":{"containers":[],"a":1},"metadata":{}}"#).unwrap();
        let b: Value = serde_json::from_str(r#"{"metadata":{},"spec":{"a":1,"containers":[]}}"#).unwrap();
        assert_eq!(template(a).hash(), template(b).hash());
    }

    #[test]
    fn the_hash_is_sha256_of_the_sorted_compact_json() {
        // printf '{"spec":{"containers":[]}}' | sha256sum
        assert_eq!(
            template(json!({"spec": {"containers": []}})).hash().as_str(),
            "f00de3f067f25bf79c1114811b13306fa4e55a7ecc641de558590b1cf61a4e7e"
        );
    }

    /// `data.spec.template` of a ControllerRevision, which is a strategic merge patch.
    #[test]
    fn a_controller_revisions_copy_is_the_workloads_template() {
        let own = template(simple(json!({}), json!({"a": "b"})));
        let mut copy = simple(json!({}), json!({"a": "b"}));
        copy["$patch"] = json!("replace");
        assert_eq!(template(copy).hash(), own.hash());
    }

    #[test]
    fn an_older_servers_null_timestamp_does_not_make_another_template() {
        let mut old = simple(json!({}), json!({}));
        old["metadata"]["creationTimestamp"] = Value::Null;
        assert_eq!(template(old), template(simple(json!({}), json!({}))));
    }

    #[test]
    fn a_restart_is_told_from_a_change() {
        let before = template(simple(json!({}), json!({})));
        let restarted = template(simple(json!({}), json!({RESTARTED_AT: "2026-03-03T10:00:00Z"})));
        let again = template(simple(json!({}), json!({RESTARTED_AT: "2026-03-04T10:00:00Z"})));
        let changed = template(simple(
            json!({"tier": "x"}),
            json!({RESTARTED_AT: "2026-03-04T10:00:00Z"}),
        ));
        // An empty annotations map and none at all are the same to an API server.
        let without = template(json!({
            "metadata": {"labels": {"app": "payments"}},
            "spec": {"containers": [{"name": "app", "image": "shop/payments:2.4.1"}]}
        }));
        assert!(same_but_restart(&without, &restarted));
        assert!(same_but_restart(&restarted, &again));
        assert!(!same_but_restart(&before, &before), "nothing differs");
        assert!(!same_but_restart(&before, &changed), "a label differs too");
    }

    #[test]
    fn what_is_no_template_is_refused() {
        for value in [
            json!(null),
            json!([]),
            json!({"spec": {}}),
            json!({"spec": {"containers": {}}}),
        ] {
            assert_eq!(PodTemplate::new(value), Err(TemplateError::NotATemplate));
        }
    }

    #[test]
    fn the_stored_form_reads_back_as_the_same_template() {
        let one = template(simple(json!({}), json!({"x": "y"})));
        assert_eq!(
            PodTemplate::from_canonical_json(&one.canonical_json()).unwrap(),
            one
        );
    }
}
