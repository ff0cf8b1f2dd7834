//! What differs between the kinds of workloads, one file a kind. Watching, reading, changing and following are one piece
//! of code over it.
//!
//! Lacks on purpose: a request of its own. Nothing here asks a cluster.

mod deployment;

use std::fmt;

use chrono::TimeDelta;
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::template::PodTemplate;
use domain::workload::{RevisionKind, WorkloadIdentity, WorkloadKind};

use crate::change::{LiveWorkload, Progress};
use crate::query::encoded;
use crate::records::{RawStatus, Rollout, SpecFields, Strategy};

/// A kind of workload with a pod template of its own.
pub(crate) trait TemplateKind: fmt::Debug + Sync {
    /// As it stands in the paths of the API: "deployments".
    fn plural(&self) -> &'static str;

    /// How far its rollout is, and how its pods are replaced, from what the API server says.
    fn fold(&self, spec: &SpecFields, status: &RawStatus) -> (Rollout, Strategy);

    /// What the counts say once the controller has seen the newest generation: what is waited for, or done. The source
    /// of the rule stands above each implementation.
    fn progress(&self, rollout: &Rollout) -> Progress;

    /// For how long its rollout may make no progress.
    fn deadline(&self, live: &LiveWorkload) -> TimeDelta;

    /// How many pods a rollout has at most beside those that are wanted.
    fn surge(&self, live: &LiveWorkload) -> u64;

    /// What the object itself says against going to that template, in the order of the sheet.
    fn findings(&self, live: &LiveWorkload, target: &PodTemplate) -> Vec<Finding>;
}

/// What is particular to a kind.
pub(crate) fn of(kind: WorkloadKind) -> &'static dyn TemplateKind {
    match kind {
        WorkloadKind::Deployment => &deployment::Deployment,
    }
}

/// As it stands in the paths of the API: "deployments".
pub fn plural(kind: WorkloadKind) -> &'static str {
    of(kind).plural()
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

/// Findings that every kind has.
fn common_findings(live: &LiveWorkload, target: &PodTemplate) -> Vec<Finding> {
    let mut findings = Vec::new();
    if live.deleting {
        let deleting = Finding::new(FindingCode::Deleting, FindingResult::Block);
        findings.push(deleting.with("name", &live.workload.name));
    }
    if live.template == *target {
        findings.push(Finding::new(FindingCode::SameTemplate, FindingResult::Block));
    }
    if live.rollout.wanted == 0 {
        findings.push(Finding::new(FindingCode::ZeroReplicas, FindingResult::Warn));
    }
    findings
}
