//! What is kept of a cluster's objects: small records, folded from the objects as they arrive.
//!
//! A Deployment object costs 54 KiB as a typed object of `k8s-openapi`; these records are a few hundred bytes, and
//! the pod template is handed on and dropped. ReplicaSets are watched as metadata only.

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

pub(crate) use raw::{Interner, RawDeployment, RawMeta, RawReplicaSet};

/// A Deployment object, without its template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentRecord {
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
    /// `deployment.kubernetes.io/revision`.
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
    /// `spec.strategy.type` is `Recreate`.
    pub recreate: bool,
    /// `spec.replicas`.
    pub wanted: u32,
    /// `status`.
    pub status: RolloutStatus,
}

/// How far a rollout is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RolloutStatus {
    /// `observedGeneration`.
    pub observed_generation: i64,
    /// `replicas`: all pods, of old templates as well.
    pub replicas: u32,
    /// `updatedReplicas`.
    pub updated: u32,
    /// `readyReplicas`.
    pub ready: u32,
    /// `availableReplicas`.
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

/// A ReplicaSet's metadata, as far as it tells of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaSetRecord {
    /// `metadata.uid`.
    pub uid: Uid,
    /// `metadata.namespace`.
    pub namespace: Namespace,
    /// `metadata.name`.
    pub name: Arc<str>,
    /// The uid of the Deployment object that controls it.
    pub deployment: Uid,
    /// `metadata.creationTimestamp`.
    pub created: DateTime<Utc>,
    /// `deployment.kubernetes.io/revision`.
    pub revision: Option<i64>,
    /// `deployment.kubernetes.io/revision-history`.
    pub revision_history: Vec<i64>,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<Arc<str>>,
    /// `tidemark.dev/operation`.
    pub operation: Option<OperationMark>,
}

impl DeploymentRecord {
    /// Which object it is.
    pub fn identity(&self) -> WorkloadIdentity {
        WorkloadIdentity {
            kind: WorkloadKind::Deployment,
            namespace: self.namespace.clone(),
            name: self.name.to_string(),
            uid: self.uid.clone(),
        }
    }

    /// Whether the controller has seen the newest generation.
    pub fn observed(&self) -> bool {
        self.status.observed_generation >= self.generation
    }

    /// As the rules of history take it. `template` is what its template says.
    pub fn facts(&self, template: TemplateFacts) -> WorkloadFacts {
        WorkloadFacts {
            revision: self.revision,
            template,
            operation: self.operation.clone(),
            change_cause: self.change_cause.as_deref().map(str::to_owned),
            manager: self.managers.first().cloned(),
            progressing: self.status.progressing.clone(),
            observed: self.observed(),
            complete: self.observed()
                && self.status.updated >= self.wanted
                && self.status.available >= self.wanted,
        }
    }
}

impl ReplicaSetRecord {
    /// As the rules of history take it. Its template and ready pods come from elsewhere, if they were read.
    pub fn facts(&self, template: Option<TemplateFacts>, ready: Option<u32>) -> RevisionFacts {
        RevisionFacts {
            object: RevisionObject {
                kind: RevisionKind::ReplicaSet,
                uid: self.uid.clone(),
                name: self.name.as_ref().to_owned(),
            },
            revision: self.revision,
            earlier: Earlier::Listed(self.revision_history.clone()),
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
