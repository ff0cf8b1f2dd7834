//! The two resources that are watched, and what differs between them.

use std::sync::Arc;

use domain::ids::{Namespace, Uid};
use domain::template::PodTemplate;

use super::{ClusterChange, Scope, Watched};
use crate::records::{DeploymentRecord, Interner, RawDeployment, RawReplicaSet, ReplicaSetRecord};

/// A resource of `apps/v1` that is folded into records.
pub(super) trait Resource: Send + Sync + 'static {
    type Record: Send + Sync + 'static;

    const WATCHED: Watched;
    /// As it stands in paths.
    const PLURAL: &'static str;
    /// As it stands in messages.
    const NAME: &'static str;
    /// `Accept` of a list, and of a watch.
    const ACCEPT: (&'static str, &'static str);

    /// Folds an object. `Ok(None)`: none of ours. `Err`: it is not of the right shape.
    fn fold(json: &str, interner: &mut Interner) -> Result<Option<Folded<Self::Record>>, String>;

    fn changed(scope: Scope, record: Arc<Self::Record>) -> ClusterChange;
    fn gone(scope: Scope, uid: Uid) -> ClusterChange;
    fn replaced(scope: Scope, records: Vec<Arc<Self::Record>>) -> ClusterChange;
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

pub(super) struct Deployments;

impl Resource for Deployments {
    type Record = DeploymentRecord;

    const WATCHED: Watched = Watched::Deployments;
    const PLURAL: &'static str = "deployments";
    const NAME: &'static str = "Deployments";
    const ACCEPT: (&'static str, &'static str) = (JSON, JSON);

    fn fold(json: &str, interner: &mut Interner) -> Result<Option<Folded<DeploymentRecord>>, String> {
        let raw: RawDeployment<'_> =
            serde_json::from_str(json).map_err(|error| crate::client::shape_error(&error))?;
        let (record, template) = raw.fold(interner)?;
        Ok(Some(Folded {
            uid: record.uid.clone(),
            namespace: record.namespace.clone(),
            record,
            template: Some(template),
        }))
    }

    fn changed(scope: Scope, record: Arc<DeploymentRecord>) -> ClusterChange {
        ClusterChange::Deployment { scope, record }
    }

    fn gone(scope: Scope, uid: Uid) -> ClusterChange {
        ClusterChange::DeploymentGone { scope, uid }
    }

    fn replaced(scope: Scope, records: Vec<Arc<DeploymentRecord>>) -> ClusterChange {
        ClusterChange::DeploymentsReplaced { scope, records }
    }
}

pub(super) struct ReplicaSets;

impl Resource for ReplicaSets {
    type Record = ReplicaSetRecord;

    const WATCHED: Watched = Watched::ReplicaSets;
    const PLURAL: &'static str = "replicasets";
    const NAME: &'static str = "ReplicaSets";
    const ACCEPT: (&'static str, &'static str) = (METADATA_LIST, METADATA);

    fn fold(json: &str, interner: &mut Interner) -> Result<Option<Folded<ReplicaSetRecord>>, String> {
        let raw: RawReplicaSet<'_> =
            serde_json::from_str(json).map_err(|error| crate::client::shape_error(&error))?;
        Ok(raw.fold(interner).map(|record| Folded {
            uid: record.uid.clone(),
            namespace: record.namespace.clone(),
            record,
            template: None,
        }))
    }

    fn changed(scope: Scope, record: Arc<ReplicaSetRecord>) -> ClusterChange {
        ClusterChange::ReplicaSet { scope, record }
    }

    fn gone(scope: Scope, uid: Uid) -> ClusterChange {
        ClusterChange::ReplicaSetGone { scope, uid }
    }

    fn replaced(scope: Scope, records: Vec<Arc<ReplicaSetRecord>>) -> ClusterChange {
        ClusterChange::ReplicaSetsReplaced { scope, records }
    }
}

/// The path of a resource in a scope.
pub(super) fn path<R: Resource>(scope: &Scope) -> String {
    match scope {
        Scope::Everywhere => format!("/apis/apps/v1/{}", R::PLURAL),
        Scope::Namespace(name) => format!("/apis/apps/v1/namespaces/{name}/{}", R::PLURAL),
    }
}
