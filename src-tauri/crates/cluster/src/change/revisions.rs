//! The revisions of a workload that the cluster still keeps, whole: what it can go back to, and whose its pods are.

use domain::history::RevisionObject;
use domain::template::PodTemplate;
use domain::workload::RevisionKind;
use serde_json::Value;

use super::live::LiveWorkload;
use super::rest::{Rest, encode};
use crate::error::Error;
use crate::workload::revisions_plural;

/// A revision that the cluster still keeps.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptRevision {
    /// The object that keeps it.
    pub object: RevisionObject,
    /// Its number.
    pub revision: Option<i64>,
    /// Its template.
    pub template: PodTemplate,
}

/// The revisions of a workload, found by its selector: only those whose controller is this very object.
///
/// # Errors
/// The cluster did not answer.
pub async fn revisions(rest: &Rest, live: &LiveWorkload) -> Result<Vec<KeptRevision>, Error> {
    let kind = live.workload.kind.revisions();
    let path = format!(
        "/apis/apps/v1/namespaces/{}/{}?labelSelector={}",
        live.workload.namespace,
        revisions_plural(kind),
        encode(&live.selector)
    );
    let found = rest.list(&path).await?;
    Ok(found
        .into_iter()
        .filter(|object| controller_uid(object) == Some(live.workload.uid.as_str()))
        .filter_map(|object| match kind {
            RevisionKind::ReplicaSet => replica_set(object),
        })
        .collect())
}

/// `None`: it lacks what every ReplicaSet has.
fn replica_set(mut object: Value) -> Option<KeptRevision> {
    let template = PodTemplate::new(object.pointer_mut("/spec/template")?.take()).ok()?;
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str);
    Some(KeptRevision {
        object: RevisionObject {
            kind: RevisionKind::ReplicaSet,
            uid: text("/metadata/uid")?.into(),
            name: text("/metadata/name")?.to_owned(),
        },
        revision: text("/metadata/annotations/deployment.kubernetes.io~1revision")
            .and_then(|revision| revision.parse().ok()),
        template,
    })
}

/// The uid of the object that controls this one.
pub(super) fn controller_uid(object: &Value) -> Option<&str> {
    let references = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let controller = references
        .iter()
        .find(|reference| reference.get("controller") == Some(&Value::Bool(true)))?;
    controller.get("uid")?.as_str()
}
