//! The shapes in which objects are read: only the fields that records need, everything else is skipped unread.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::history::{Earlier, OperationMark, TemplateManager};
use domain::ids::{Namespace, Uid};
use domain::template::PodTemplate;
use domain::workload::{RevisionKind, WorkloadKind};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{OwnerMarks, RevisionRecord, WorkloadRecord};
use crate::workload;

/// `metadata`, without what nobody here needs.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawMeta {
    pub(crate) uid: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) resource_version: String,
    generation: i64,
    creation_timestamp: Option<DateTime<Utc>>,
    deletion_timestamp: Option<IgnoredAny>,
    labels: Option<BTreeMap<String, String>>,
    pub(crate) annotations: Option<RawAnnotations>,
    owner_references: Option<Vec<RawOwner>>,
    managed_fields: Option<Vec<RawManager>>,
}

/// Only these annotations; `last-applied-configuration` alone can be larger than all else together.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RawAnnotations {
    #[serde(rename = "deployment.kubernetes.io/revision")]
    revision: Option<String>,
    #[serde(rename = "deployment.kubernetes.io/revision-history")]
    revision_history: Option<String>,
    #[serde(rename = "kubernetes.io/change-cause")]
    change_cause: Option<String>,
    #[serde(rename = "tidemark.dev/operation")]
    operation: Option<String>,
    #[serde(rename = "argocd.argoproj.io/tracking-id")]
    argo_tracking_id: Option<String>,
    #[serde(rename = "meta.helm.sh/release-name")]
    helm_release: Option<String>,
    /// The mark at the end of a streaming list.
    #[serde(rename = "k8s.io/initial-events-end")]
    pub(crate) initial_events_end: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct RawOwner {
    kind: String,
    name: String,
    uid: String,
    #[serde(default)]
    controller: bool,
}

impl RawOwner {
    /// Whether its kind keeps its revisions in this one.
    fn keeps(&self, revisions: RevisionKind) -> bool {
        WorkloadKind::parse(&self.kind).is_some_and(|kind| kind.revisions() == revisions)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawManager {
    #[serde(default)]
    manager: String,
    #[serde(default)]
    operation: String,
    #[serde(default)]
    subresource: String,
    time: Option<DateTime<Utc>>,
    fields_v1: Option<RawFields>,
}

#[derive(Debug, Deserialize)]
struct RawFields {
    #[serde(rename = "f:spec")]
    spec: Option<RawSpecFields>,
}

#[derive(Debug, Deserialize)]
struct RawSpecFields {
    #[serde(rename = "f:template")]
    template: Option<IgnoredAny>,
}

/// A workload. The template stays as text until it is hashed.
#[derive(Debug, Deserialize)]
pub(crate) struct RawWorkload<T> {
    pub(crate) metadata: RawMeta,
    spec: RawSpec<T>,
    #[serde(default)]
    status: RawStatus,
}

#[derive(Debug, Deserialize)]
struct RawSpec<T> {
    replicas: Option<i64>,
    #[serde(default)]
    paused: bool,
    #[serde(default)]
    selector: RawSelector,
    #[serde(default)]
    strategy: RawStrategy,
    template: T,
}

/// A template that was not looked into yet: text of a watch, or a part of an object at hand.
pub(crate) trait RawTemplate {
    /// `Err`: it is none; the API server never stores such.
    fn read(self) -> Result<PodTemplate, String>;
}

impl RawTemplate for &RawValue {
    fn read(self) -> Result<PodTemplate, String> {
        let value: Value = serde_json::from_str(self.get()).map_err(|error| error.to_string())?;
        value.read()
    }
}

impl RawTemplate for Value {
    fn read(self) -> Result<PodTemplate, String> {
        PodTemplate::new(self).map_err(|error| error.to_string())
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct RawStrategy {
    #[serde(rename = "type", default)]
    pub(crate) kind: String,
}

/// What of `spec` says how far a rollout is to go, and how.
#[derive(Debug)]
pub(crate) struct SpecFields {
    pub(crate) replicas: Option<i64>,
    pub(crate) strategy: RawStrategy,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawSelector {
    match_labels: BTreeMap<String, String>,
    match_expressions: Vec<RawExpression>,
}

#[derive(Debug, Deserialize)]
struct RawExpression {
    key: String,
    operator: String,
    #[serde(default)]
    values: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct RawStatus {
    pub(crate) observed_generation: i64,
    pub(crate) replicas: i64,
    pub(crate) updated_replicas: i64,
    pub(crate) ready_replicas: i64,
    pub(crate) available_replicas: i64,
    pub(crate) conditions: Vec<RawCondition>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawCondition {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) message: String,
    pub(crate) last_update_time: Option<DateTime<Utc>>,
}

/// A ReplicaSet: whole, or its metadata only.
#[derive(Debug, Deserialize)]
pub(crate) struct RawReplicaSet<'a> {
    pub(crate) metadata: RawMeta,
    #[serde(borrow, default)]
    spec: Option<RawReplicaSetSpec<'a>>,
    #[serde(default)]
    status: Option<RawStatus>,
}

#[derive(Debug, Deserialize)]
struct RawReplicaSetSpec<'a> {
    #[serde(borrow)]
    template: &'a RawValue,
}

/// Keeps one copy of texts that come again and again: namespaces, label keys, owners.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    texts: HashSet<Arc<str>>,
    namespaces: BTreeMap<String, Namespace>,
}

impl Interner {
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        // A bound, should a cluster's labels never repeat.
        if self.texts.len() >= 20_000 {
            self.texts.clear();
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.insert(new.clone());
        new
    }

    fn namespace(&mut self, name: &str) -> Namespace {
        self.namespaces
            .entry(name.to_owned())
            .or_insert_with(|| Namespace::new(name))
            .clone()
    }
}

impl<T: RawTemplate> RawWorkload<T> {
    /// Reads the template, then folds the rest. `Err`: the template is none; the API server never stores such.
    pub(crate) fn fold(
        self,
        kind: WorkloadKind,
        interner: &mut Interner,
    ) -> Result<(WorkloadRecord, PodTemplate), String> {
        let (meta, spec, status) = (self.metadata, self.spec, self.status);
        let annotations = meta.annotations.unwrap_or_default();
        let labels = meta.labels.unwrap_or_default();
        let fields = SpecFields {
            replicas: spec.replicas,
            strategy: spec.strategy,
        };
        let (rollout, strategy) = workload::of(kind).fold(&fields, &status);
        let template = spec.template.read()?;
        let record = WorkloadRecord {
            kind,
            uid: Uid::new(&meta.uid),
            namespace: interner.namespace(&meta.namespace),
            name: Arc::from(meta.name),
            resource_version: Arc::from(meta.resource_version),
            generation: meta.generation,
            created: meta.creation_timestamp.unwrap_or_default(),
            deleting: meta.deletion_timestamp.is_some(),
            owner: owner_marks(&annotations, &labels, meta.owner_references.as_deref(), interner),
            labels: labels
                .iter()
                .map(|(key, value)| (interner.text(key), interner.text(value)))
                .collect(),
            revision: annotations.revision.as_deref().and_then(|text| text.parse().ok()),
            change_cause: annotations.change_cause.map(Arc::from),
            operation: annotations.operation.as_deref().and_then(OperationMark::parse),
            managers: managers(meta.managed_fields.unwrap_or_default()),
            selector: interner.text(&spec.selector.query()),
            template: template.hash(),
            paused: spec.paused,
            strategy,
            rollout,
        };
        Ok((record, template))
    }
}

impl RawReplicaSet<'_> {
    /// `None`: no workload that keeps its revisions so controls it.
    pub(crate) fn fold(&self, interner: &mut Interner) -> Option<RevisionRecord> {
        let meta = &self.metadata;
        let kind = RevisionKind::ReplicaSet;
        let owner = meta
            .owner_references
            .iter()
            .flatten()
            .find(|owner| owner.controller && owner.keeps(kind))?;
        let annotations = meta.annotations.as_ref();
        let annotation =
            |pick: fn(&RawAnnotations) -> &Option<String>| annotations.and_then(|all| pick(all).as_deref());
        let numbers = |text: &str| {
            text.split(',')
                .filter_map(|number| number.trim().parse().ok())
                .collect()
        };
        Some(RevisionRecord {
            kind,
            uid: Uid::new(&meta.uid),
            namespace: interner.namespace(&meta.namespace),
            name: Arc::from(meta.name.as_str()),
            // The workload's own record has the same text; interning keeps one for all its revisions.
            workload: Uid::new(interner.text(&owner.uid)),
            created: meta.creation_timestamp.unwrap_or_default(),
            revision: annotation(|all| &all.revision).and_then(|text| text.parse().ok()),
            earlier: Earlier::Listed(
                annotation(|all| &all.revision_history)
                    .map(numbers)
                    .unwrap_or_default(),
            ),
            change_cause: annotation(|all| &all.change_cause).map(|text| interner.text(text)),
            operation: annotation(|all| &all.operation).and_then(OperationMark::parse),
        })
    }

    /// The template, if the whole object was read.
    pub(crate) fn template(&self) -> Option<Result<PodTemplate, String>> {
        self.spec.as_ref().map(|spec| spec.template.read())
    }

    /// `status.replicas` and `status.readyReplicas`.
    pub(crate) fn pods(&self) -> (u32, u32) {
        self.status.as_ref().map_or((0, 0), |status| {
            (count(status.replicas), count(status.ready_replicas))
        })
    }
}

impl RawSelector {
    /// The query language of label selectors: `a=b,c in (d,e),!f`.
    fn query(&self) -> String {
        let labels = self
            .match_labels
            .iter()
            .map(|(key, value)| Cow::from(format!("{key}={value}")));
        let expressions = self.match_expressions.iter().map(|one| {
            let values = one.values.join(",");
            Cow::from(match one.operator.as_str() {
                "In" => format!("{} in ({values})", one.key),
                "NotIn" => format!("{} notin ({values})", one.key),
                "DoesNotExist" => format!("!{}", one.key),
                _ => one.key.clone(),
            })
        });
        labels.chain(expressions).collect::<Vec<_>>().join(",")
    }
}

fn owner_marks(
    annotations: &RawAnnotations,
    labels: &BTreeMap<String, String>,
    owners: Option<&[RawOwner]>,
    interner: &mut Interner,
) -> OwnerMarks {
    let controller = owners.unwrap_or_default().iter().find(|owner| owner.controller);
    let mut label = |key: &str| labels.get(key).map(|value| interner.text(value));
    OwnerMarks {
        instance: label("app.kubernetes.io/instance"),
        flux_kustomization: label("kustomize.toolkit.fluxcd.io/name"),
        flux_helm_release: label("helm.toolkit.fluxcd.io/name"),
        argo_tracking_id: annotations.argo_tracking_id.as_deref().map(Arc::from),
        helm_release: annotations.helm_release.as_deref().map(Arc::from),
        controller: controller.map(|owner| (Arc::from(owner.kind.as_str()), Arc::from(owner.name.as_str()))),
    }
}

/// Those that own something of `spec.template`, the one that wrote last first.
fn managers(entries: Vec<RawManager>) -> Vec<TemplateManager> {
    let mut managers: Vec<TemplateManager> = entries
        .into_iter()
        .filter(|entry| entry.subresource.is_empty())
        .filter(|entry| {
            entry
                .fields_v1
                .as_ref()
                .and_then(|fields| fields.spec.as_ref())
                .is_some_and(|spec| spec.template.is_some())
        })
        .map(|entry| TemplateManager {
            name: entry.manager,
            applies: entry.operation == "Apply",
            time: entry.time,
        })
        .collect();
    // Times are whole seconds, and nothing tells who of two in one second was last. The server lists them by name; the
    // last is taken, so that a `kubectl create` does not stand over the `kubectl set` right after it.
    managers.reverse();
    managers.sort_by_key(|manager| std::cmp::Reverse(manager.time));
    managers
}

/// A number of pods, which is never below zero.
pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// The names of the annotations stand in serde's attributes above; this holds them to the domain's own.
#[cfg(test)]
mod tests {
    use domain::history::{CHANGE_CAUSE, OPERATION_ANNOTATION};

    use super::*;

    const REVISION: &str = "deployment.kubernetes.io/revision";
    const REVISION_HISTORY: &str = "deployment.kubernetes.io/revision-history";

    #[test]
    fn annotations_are_read_under_their_names() {
        let json = serde_json::json!({REVISION: "3", REVISION_HISTORY: "1,2", CHANGE_CAUSE: "why", OPERATION_ANNOTATION: "{}"});
        let read: RawAnnotations = serde_json::from_value(json).unwrap();
        assert!(read.revision.is_some() && read.revision_history.is_some());
        assert!(read.change_cause.is_some() && read.operation.is_some());
    }

    #[test]
    fn selectors_become_queries() {
        let selector: RawSelector = serde_json::from_value(serde_json::json!({
            "matchLabels": {"app": "a", "tier": "b"},
            "matchExpressions": [
                {"key": "x", "operator": "In", "values": ["1", "2"]},
                {"key": "y", "operator": "NotIn", "values": ["3"]},
                {"key": "z", "operator": "Exists"},
                {"key": "q", "operator": "DoesNotExist"}]
        }))
        .unwrap();
        assert_eq!(selector.query(), "app=a,tier=b,x in (1,2),y notin (3),z,!q");
    }

    #[test]
    fn only_managers_of_the_template_count_and_the_last_writer_leads() {
        let meta: RawMeta = serde_json::from_value(serde_json::json!({"managedFields": [
            {"manager": "helm", "operation": "Apply", "time": "2026-03-01T00:00:00Z", "fieldsV1": {"f:spec": {"f:template": {}}}},
            {"manager": "kubectl-set", "operation": "Update", "time": "2026-03-02T00:00:00Z", "fieldsV1": {"f:spec": {"f:template": {"f:spec": {}}}}},
            {"manager": "kubectl-scale", "operation": "Update", "time": "2026-03-03T00:00:00Z", "fieldsV1": {"f:spec": {"f:replicas": {}}}},
            {"manager": "kube-controller-manager", "operation": "Update", "subresource": "status", "time": "2026-03-04T00:00:00Z", "fieldsV1": {"f:status": {}}}
        ]}))
        .unwrap();
        let found: Vec<_> = managers(meta.managed_fields.unwrap())
            .into_iter()
            .map(|one| (one.name, one.applies))
            .collect();
        assert_eq!(
            found,
            [("kubectl-set".to_owned(), false), ("helm".to_owned(), true)]
        );
    }
}
