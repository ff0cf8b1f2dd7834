//! What differs between the kinds of workloads, where it can be said without reading one.

use domain::workload::{RevisionKind, WorkloadIdentity, WorkloadKind};

use crate::query::encoded;

/// As it stands in the paths of the API: "deployments".
pub fn plural(kind: WorkloadKind) -> &'static str {
    match kind {
        WorkloadKind::Deployment => "deployments",
    }
}

/// The same of what keeps revisions: "replicasets".
pub fn revisions_plural(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::ReplicaSet => "replicasets",
    }
}

/// The API path of a workload.
pub fn path(workload: &WorkloadIdentity) -> String {
    path_of(workload.kind, workload.namespace.as_str(), &workload.name)
}

/// The API path of the workload of that name.
pub(crate) fn path_of(kind: WorkloadKind, namespace: &str, name: &str) -> String {
    format!(
        "/apis/apps/v1/namespaces/{namespace}/{}/{}",
        plural(kind),
        encoded(name)
    )
}
