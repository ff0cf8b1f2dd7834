//! ConfigMaps, Secrets, claims and the service account that the target names: is each still there?

use domain::finding::{Finding, FindingCode, FindingResult};
use domain::template::{PodTemplate, Reference, ReferenceKind, references};
use serde_json::Value;

use crate::change::live::LiveWorkload;
use crate::change::rest::Rest;
use crate::error::Error;

pub(super) async fn check(rest: &Rest, live: &LiveWorkload, target: &PodTemplate) -> Vec<Finding> {
    let named: Vec<Reference> = references(target)
        .into_iter()
        .filter(|reference| !reference.optional)
        .collect();
    let mut looking = Vec::with_capacity(named.len());
    for reference in &named {
        looking.push(look(rest, live, reference));
    }
    let found = futures::future::join_all(looking).await;
    let findings: Vec<Finding> = named
        .iter()
        .zip(found)
        .filter_map(|(reference, found)| judge(reference, found))
        .collect();
    if findings.is_empty() {
        return vec![Finding::new(FindingCode::References, FindingResult::Pass).with("count", named.len())];
    }
    findings
}

fn judge(reference: &Reference, found: Result<Option<Value>, Error>) -> Option<Finding> {
    let subject = format!("{} {}", reference.kind.as_str(), reference.name);
    let finding = |result| Finding::new(FindingCode::References, result).about(subject.clone());
    match found {
        Ok(None) => Some(finding(FindingResult::Block).with("problem", "gone")),
        Ok(Some(object)) => {
            let missing: Vec<&str> = reference
                .keys
                .iter()
                .map(String::as_str)
                .filter(|key| !has(&object, key))
                .collect();
            let keys = missing.join(", ");
            (!missing.is_empty()).then(|| {
                finding(FindingResult::Block)
                    .with("problem", "keys")
                    .with("keys", keys)
            })
        }
        Err(error) => Some(
            finding(FindingResult::Unknown)
                .with("problem", "unread")
                .with("reason", error),
        ),
    }
}

fn has(object: &Value, key: &str) -> bool {
    ["data", "binaryData"]
        .iter()
        .any(|map| object.get(map).is_some_and(|data| data.get(key).is_some()))
}

async fn look(rest: &Rest, live: &LiveWorkload, reference: &Reference) -> Result<Option<Value>, Error> {
    let kind = match reference.kind {
        ReferenceKind::ConfigMap => "configmaps",
        ReferenceKind::Secret => "secrets",
        ReferenceKind::PersistentVolumeClaim => "persistentvolumeclaims",
        ReferenceKind::ServiceAccount => "serviceaccounts",
    };
    rest.find(&format!(
        "/api/v1/namespaces/{}/{kind}/{}",
        live.workload.namespace, reference.name
    ))
    .await
}
