//! The resources that are watched, and what differs between them.

use std::sync::Arc;

use domain::ids::{Namespace, Uid};
use domain::template::PodTemplate;
use domain::workload::{RevisionKind, WorkloadKind};
use serde_json::value::RawValue;

use super::{ClusterChange, Scope, Watched};
use crate::records::{Interner, RawReplicaSet, RawWorkload, RevisionRecord, WorkloadRecord};

/// A resource of `apps/v1` that is folded into records.
pub(super) trait Resource: Copy + Send + Sync + 'static {
    type Record: Send + Sync + 'static;

    fn watched(self) -> Watched;

    /// `Accept` of a list, and of a watch.
    fn accept(self) -> (&'static str, &'static str);

    /// Folds an object. `Ok(None)`: none of ours. `Err`: it is not of the right shape.
    fn fold(self, json: &str, interner: &mut Interner) -> Result<Option<Folded<Self::Record>>, String>;

    fn changed(self, scope: Scope, record: Arc<Self::Record>) -> ClusterChange;
    fn gone(self, scope: Scope, uid: Uid) -> ClusterChange;
    fn replaced(self, scope: Scope, records: Vec<Arc<Self::Record>>) -> ClusterChange;

    /// The path of the resource in a scope.
    fn path(self, scope: &Scope) -> String {
        let plural = self.watched().plural();
        match scope {
            Scope::Everywhere => format!("/apis/apps/v1/{plural}"),
            Scope::Namespace(name) => format!("/apis/apps/v1/namespaces/{name}/{plural}"),
        }
    }
}

/// A record with what decides about it.
pub(super) struct Folded<R> {
    pub(super) uid: Uid,
    pub(super) namespace: Namespace,
    pub(super) record: R,
    pub(super) template: Option<PodTemplate>,
}

const JSON: &str = "application/json";
const METADATA_LIST: &str = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

/// Workloads of a kind, read whole: how far a rollout is stands in their status.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workloads(pub(super) WorkloadKind);

impl Resource for Workloads {
    type Record = WorkloadRecord;

    fn watched(self) -> Watched {
        Watched::Workloads(self.0)
    }

    fn accept(self) -> (&'static str, &'static str) {
        (JSON, JSON)
    }

    fn fold(self, json: &str, interner: &mut Interner) -> Result<Option<Folded<WorkloadRecord>>, String> {
        let raw: RawWorkload<&RawValue> =
            serde_json::from_str(json).map_err(|error| crate::client::shape_error(&error))?;
        let (record, template) = raw.fold(self.0, interner)?;
        Ok(Some(Folded {
            uid: record.uid.clone(),
            namespace: record.namespace.clone(),
            record,
            template: Some(template),
        }))
    }

    fn changed(self, scope: Scope, record: Arc<WorkloadRecord>) -> ClusterChange {
        ClusterChange::Workload { scope, record }
    }

    fn gone(self, scope: Scope, uid: Uid) -> ClusterChange {
        ClusterChange::WorkloadGone { scope, uid }
    }

    fn replaced(self, scope: Scope, records: Vec<Arc<WorkloadRecord>>) -> ClusterChange {
        let kind = self.0;
        ClusterChange::WorkloadsReplaced { kind, scope, records }
    }
}

/// What keeps the revisions of workloads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Revisions(pub(super) RevisionKind);

impl Resource for Revisions {
    type Record = RevisionRecord;

    fn watched(self) -> Watched {
        Watched::Revisions(self.0)
    }

    fn accept(self) -> (&'static str, &'static str) {
        match self.0 {
            RevisionKind::ReplicaSet => (METADATA_LIST, METADATA),
        }
    }

    fn fold(self, json: &str, interner: &mut Interner) -> Result<Option<Folded<RevisionRecord>>, String> {
        let record = match self.0 {
            RevisionKind::ReplicaSet => {
                let raw: RawReplicaSet<'_> =
                    serde_json::from_str(json).map_err(|error| crate::client::shape_error(&error))?;
                raw.fold(interner)
            }
        };
        Ok(record.map(|record| Folded {
            uid: record.uid.clone(),
            namespace: record.namespace.clone(),
            record,
            template: None,
        }))
    }

    fn changed(self, scope: Scope, record: Arc<RevisionRecord>) -> ClusterChange {
        ClusterChange::Revision { scope, record }
    }

    fn gone(self, scope: Scope, uid: Uid) -> ClusterChange {
        ClusterChange::RevisionGone { scope, uid }
    }

    fn replaced(self, scope: Scope, records: Vec<Arc<RevisionRecord>>) -> ClusterChange {
        let kind = self.0;
        ClusterChange::RevisionsReplaced { kind, scope, records }
    }
}
