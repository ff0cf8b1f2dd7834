//! Would the API server accept it? The patch as a dry run, and a pod of the target template as a dry run, since
//! the first does not exercise pod admission: quota, pod security, webhooks.

use domain::finding::{Finding, FindingCode, FindingResult};
use domain::template::PodTemplate;
use serde_json::{Value, json};

use crate::change::FIELD_MANAGER;
use crate::change::live::LiveWorkload;
use crate::change::patch::{DryRun, Patch};
use crate::change::rest::Rest;

pub(super) async fn check(rest: &Rest, live: &LiveWorkload, patch: &Patch) -> Vec<Finding> {
    let (patch_run, pod_run) = tokio::join!(
        patch.dry_run(rest, live),
        dry_run_pod(rest, live, &patch.template)
    );
    vec![
        finding(FindingCode::DryRun, patch_run),
        finding(FindingCode::PodAdmission, pod_run),
    ]
}

fn finding(code: FindingCode, run: DryRun) -> Finding {
    match run {
        DryRun::Accepted => Finding::new(code, FindingResult::Pass),
        DryRun::Refused { message, causes } => {
            let causes: Vec<String> = causes
                .into_iter()
                .map(|(field, message)| format!("{field}: {message}"))
                .collect();
            let reason = if causes.is_empty() {
                message
            } else {
                causes.join("; ")
            };
            Finding::new(code, FindingResult::Block).with("reason", reason)
        }
        DryRun::PreconditionFailed => {
            Finding::new(code, FindingResult::Unknown).with("problem", "changed-meanwhile")
        }
        DryRun::QuotaExceeded(message) => {
            Finding::new(FindingCode::Quota, FindingResult::Warn).with("reason", message)
        }
        DryRun::Forbidden(message) if code == FindingCode::DryRun => {
            Finding::new(code, FindingResult::Block).with("reason", message)
        }
        DryRun::Forbidden(message) | DryRun::Unknown(message) => {
            Finding::new(code, FindingResult::Unknown).with("reason", message)
        }
    }
}

async fn dry_run_pod(rest: &Rest, live: &LiveWorkload, template: &PodTemplate) -> DryRun {
    let path = format!(
        "/api/v1/namespaces/{}/pods?dryRun=All&fieldManager={FIELD_MANAGER}",
        live.workload.namespace
    );
    match rest.create(&path, &pod(live, template)).await {
        Ok(_) => DryRun::Accepted,
        Err(error) => DryRun::of(error),
    }
}

/// A pod as the ReplicaSet controller would make it, but for the owner.
fn pod(live: &LiveWorkload, template: &PodTemplate) -> Value {
    let template = template.as_value();
    let empty = json!({});
    json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "generateName": format!("{}-tidemark-", live.workload.name),
            "labels": template.pointer("/metadata/labels").unwrap_or(&empty),
            "annotations": template.pointer("/metadata/annotations").unwrap_or(&empty),
        },
        "spec": template.get("spec").unwrap_or(&empty),
    })
}
