//! What is kept of a cluster's objects: small records, folded from the objects as they arrive.
//!
//! A Deployment object costs 54 KiB as a typed object of `k8s-openapi`; these records are a few hundred bytes, and
//! the pod template is handed on and dropped. Of ReplicaSets only the metadata is read.

mod raw;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::history::{
    Earlier, OperationMark, ProgressingCondition, RevisionFacts, RevisionObject, TemplateFacts,
    TemplateManager, WorkloadFacts,
};
use domain::ids::{Namespace, TemplateHash, Uid};
use domain::template::{PodTemplate, VersionHints, identify_version};
use domain::workload::{RevisionKind, WorkloadIdentity, WorkloadKind};

use crate::change::Progress;
use crate::workload;

pub(crate) use raw::{Interner, RawMeta, RawReplicaSet, RawStatus, RawWorkload, SpecFields, count};

/// A workload, without its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadRecord {
    /// Its kind.
    pub kind: WorkloadKind,
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`.
    pub namespace: Namespace,
    /// `metadata.name`.
    pub name: Arc<str>,
    /// `metadata.resourceVersion`.
    pub resource_version: Arc<str>,
    /// `metadata.generation`: moves with the specification, not with status and labels.
    pub generation: i64,
    /// `metadata.creationTimestamp`.
    pub created: DateTime<Utc>,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// The labels.
    pub labels: BTreeMap<Arc<str>, Arc<str>>,
    /// Who owns it: see [`OwnerMarks`].
    pub owner: OwnerMarks,
    /// The number of its newest revision, as it says itself: `deployment.kubernetes.io/revision`.
    pub revision: Option<i64>,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<Arc<str>>,
    /// `tidemark.dev/operation`.
    pub operation: Option<OperationMark>,
    /// The managers that own the template, the one that wrote last first.
    pub managers: Vec<TemplateManager>,
    /// `spec.selector` as a label selector of the API's query language.
    pub selector: Arc<str>,
    /// The hash of `spec.template`.
    pub template: TemplateHash,
    /// `spec.paused`.
    pub paused: bool,
    /// How its pods are replaced.
    pub strategy: Strategy,
    /// How far its rollout is.
    pub rollout: Rollout,
}

/// How the pods of a template before are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// A few at a time.
    Rolling,
    /// All old ones end before a new one is made.
    Recreate,
}

/// How far a rollout is, in the same words for every kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rollout {
    /// `status.observedGeneration`.
    pub observed_generation: i64,
    /// Pods that are wanted.
    pub wanted: u32,
    /// Pods that there are, of old templates as well.
    pub pods: u32,
    /// Pods of the newest template.
    pub updated: u32,
    /// Pods that answer.
    pub ready: u32,
    /// Pods that have answered for as long as the workload asks.
    pub available: u32,
    /// The condition `Progressing`.
    pub progressing: Option<ProgressingCondition>,
    /// The message of the condition `ReplicaFailure`, if it is true.
    pub replica_failure: Option<Arc<str>>,
}

/// What tells who owns an object (kubernetes.md, "Who owns it"), as it stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnerMarks {
    /// `argocd.argoproj.io/tracking-id`.
    pub argo_tracking_id: Option<Arc<str>>,
    /// `app.kubernetes.io/instance`, which means Argo CD only if there is such an Application.
    pub instance: Option<Arc<str>>,
    /// `meta.helm.sh/release-name`.
    pub helm_release: Option<Arc<str>>,
    /// `kustomize.toolkit.fluxcd.io/name`.
    pub flux_kustomization: Option<Arc<str>>,
    /// `helm.toolkit.fluxcd.io/name`.
    pub flux_helm_release: Option<Arc<str>>,
    /// The controller in `ownerReferences`: kind and name.
    pub controller: Option<(Arc<str>, Arc<str>)>,
}

/// What the cluster keeps of a revision, as far as it tells of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRecord {
    /// The kind of the object that keeps it.
    pub kind: RevisionKind,
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`.
    pub namespace: Namespace,
    /// `metadata.name`.
    pub name: Arc<str>,
    /// The uid of the workload that controls it.
    pub workload: Uid,
    /// `metadata.creationTimestamp`.
    pub created: DateTime<Utc>,
    /// Its number; `None` until the controller has numbered it.
    pub revision: Option<i64>,
    /// The numbers that it had before.
    pub earlier: Earlier,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<Arc<str>>,
    /// `tidemark.dev/operation`.
    pub operation: Option<OperationMark>,
}

impl WorkloadRecord {
    /// Which object it is.
    pub fn identity(&self) -> WorkloadIdentity {
        WorkloadIdentity {
            kind: self.kind,
            namespace: self.namespace.clone(),
            name: self.name.to_string(),
            uid: self.uid.clone(),
        }
    }

    /// Whether the controller has seen the newest generation.
    pub fn observed(&self) -> bool {
        self.rollout.observed_generation >= self.generation
    }

    /// Whether its rollout is complete: every wanted pod is updated and available, and no old one is left.
    pub fn is_complete(&self) -> bool {
        let progress = workload::of(self.kind).progress(&self.rollout);
        self.observed() && matches!(progress, Progress::Done | Progress::DoneWithoutPods)
    }

    /// As the rules of history take it. `template` is what its template says.
    pub fn facts(&self, template: TemplateFacts) -> WorkloadFacts {
        WorkloadFacts {
            revision: self.revision,
            template,
            operation: self.operation.clone(),
            change_cause: self.change_cause.as_deref().map(str::to_owned),
            manager: self.managers.first().cloned(),
            progressing: self.rollout.progressing.clone(),
            observed: self.observed(),
            complete: self.observed()
                && self.rollout.updated >= self.rollout.wanted
                && self.rollout.available >= self.rollout.wanted,
        }
    }
}

impl RevisionRecord {
    /// As the rules of history take it. Its template and ready pods come from elsewhere, if they were read.
    pub fn facts(&self, template: Option<TemplateFacts>, ready: Option<u32>) -> RevisionFacts {
        RevisionFacts {
            object: RevisionObject {
                kind: self.kind,
                uid: self.uid.clone(),
                name: self.name.as_ref().to_owned(),
            },
            revision: self.revision,
            earlier: self.earlier.clone(),
            created: self.created,
            change_cause: self.change_cause.as_deref().map(str::to_owned),
            operation: self.operation.clone(),
            template,
            ready,
        }
    }
}

/// What a template says, for the rules of history.
pub fn template_facts(template: &PodTemplate, hints: &VersionHints<'_>) -> TemplateFacts {
    TemplateFacts {
        hash: template.hash(),
        without_restart: template.without_restart().hash(),
        version: identify_version(template, hints).version,
    }
}
