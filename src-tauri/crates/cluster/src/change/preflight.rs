//! The checks before a rollback, each one finding (rollback.md, "Preflight").
//!
//! What can't be checked is *unknown*, never a pass. Checks that need the ledger, Git or the workspace (changed
//! configuration, migrations, read-only) are made by `app`; here are those that ask the cluster.

mod admission;
mod image;
mod permissions;
mod quota;
mod references;
mod surroundings;

use domain::finding::{Finding, FindingCode, FindingResult};

use super::live::LiveWorkload;
use super::owner::{self, Owner, OwnerKind};
use super::patch::Patch;
use super::rest::Rest;
use crate::error::Error;
use crate::workload;

pub use permissions::may;

/// What a preflight looked at and found.
#[derive(Debug, Clone, PartialEq)]
pub struct Preflight {
    /// In the order of the sheet.
    pub findings: Vec<Finding>,
    /// The owner, if there is one.
    pub owner: Option<Owner>,
}

/// Asks the cluster everything that a rollback of this object to that patch's template needs.
///
/// `read` reads; `write` is the mutating client: dry runs and access reviews are POST and PATCH requests.
pub async fn preflight(read: &Rest, write: &Rest, live: &LiveWorkload, patch: &Patch) -> Preflight {
    let owner = find_owner(read, live).await;
    let (references, surroundings, permissions, image, admission, quota) = tokio::join!(
        references::check(read, live, &patch.template),
        surroundings::check(read, live, &patch.template),
        permissions::check(write, live),
        image::check(read, live, &patch.template),
        admission::check(write, live, patch),
        quota::check(read, live, &patch.template),
    );
    let mut findings = workload::of(live.workload.kind).findings(live, &patch.template);
    findings.push(owner_finding(&owner));
    findings.extend(permissions);
    // What the cluster itself says of a quota is worth more than our sum.
    if !admission.iter().any(|finding| finding.code == FindingCode::Quota) {
        findings.extend(quota);
    }
    findings.extend(admission);
    findings.extend(references);
    findings.extend(surroundings);
    findings.push(image);
    findings.extend(apply_managers(live));
    Preflight {
        findings,
        owner: owner.ok().flatten(),
    }
}

/// The owner; `Err` where the cluster did not say whether an Application is there.
async fn find_owner(read: &Rest, live: &LiveWorkload) -> Result<Option<Owner>, Error> {
    let Some(candidate) = owner::argo_candidate(live).map(str::to_owned) else {
        return Ok(owner::owner(live, None));
    };
    if let Some(found) = owner::owner(live, None)
        && found.kind == OwnerKind::ArgoCd
    {
        return Ok(Some(found));
    }
    match argo_applications(read).await {
        Ok(names) => Ok(owner::owner(
            live,
            names.contains(&candidate).then_some(candidate.as_str()),
        )),
        Err(error) => owner::owner(live, None).map_or(Err(error), |owner| Ok(Some(owner))),
    }
}

/// The names of all Applications; none where Argo CD is not installed. Who may not see them is refused in the same way
/// where it is not: only discovery, which everybody may read, tells the two apart.
async fn argo_applications(read: &Rest) -> Result<Vec<String>, Error> {
    match read.list("/apis/argoproj.io/v1alpha1/applications").await {
        Ok(items) => {
            let name = |item: &serde_json::Value| Some(item.pointer("/metadata/name")?.as_str()?.to_owned());
            Ok(items.iter().filter_map(name).collect())
        }
        Err(Error::NotFound { .. }) => Ok(Vec::new()),
        Err(error @ Error::Forbidden { .. }) => match read.find("/apis/argoproj.io/v1alpha1").await {
            Ok(group) if !group.as_ref().is_some_and(serves_applications) => Ok(Vec::new()),
            Ok(_) | Err(_) => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// Whether discovery names the resource: Argo Rollouts alone serves the same group.
fn serves_applications(group: &serde_json::Value) -> bool {
    let resources = group.get("resources").and_then(serde_json::Value::as_array);
    let named = |resource: &serde_json::Value| resource.get("name") == Some(&"applications".into());
    resources.into_iter().flatten().any(named)
}

fn owner_finding(owner: &Result<Option<Owner>, Error>) -> Finding {
    match owner {
        Ok(None) => Finding::new(FindingCode::Owner, FindingResult::Pass),
        Ok(Some(owner)) => Finding::new(FindingCode::Owner, FindingResult::Block)
            .about(owner.in_words())
            .with("owner", owner.kind.as_str())
            .with("name", &owner.name)
            .with("evidence", owner.evidence.kind.as_str())
            .with("key", &owner.evidence.key)
            .with("value", &owner.evidence.value),
        Err(error) => Finding::new(FindingCode::Owner, FindingResult::Unknown).with("reason", error),
    }
}

/// An `Apply` manager of the template brings its own version back with its next apply.
fn apply_managers(live: &LiveWorkload) -> Vec<Finding> {
    let appliers = live
        .managers
        .iter()
        .filter(|manager| manager.owns_template && manager.operation == "Apply");
    appliers
        .map(|manager| {
            Finding::new(FindingCode::ApplyManager, FindingResult::Warn)
                .about(manager.name.clone())
                .with("manager", &manager.name)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::template::PodTemplate;
    use domain::workload::WorkloadKind;
    use serde_json::json;

    use super::*;
    use crate::double::{Answer, Double};

    /// An object whose `app.kubernetes.io/instance` may name an Application.
    fn live() -> LiveWorkload {
        LiveWorkload::read(WorkloadKind::Deployment, json!({
            "metadata": {"name": "checkout", "namespace": "shop", "uid": "u", "generation": 1, "resourceVersion": "1",
                "labels": {"app.kubernetes.io/instance": "shop-checkout"}},
            "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "checkout"}}, "template": {
                "metadata": {"labels": {"app": "checkout"}},
                "spec": {"containers": [{"name": "app", "image": "checkout:1"}]}}},
        }))
        .unwrap()
    }

    /// Without rights, a group that is not installed is refused as one that is.
    #[tokio::test]
    async fn applications_that_may_not_be_seen_are_unknown_and_absent_ones_a_pass() {
        let cases = [
            (Some("applications"), FindingResult::Unknown),
            (Some("rollouts"), FindingResult::Pass),
            (None, FindingResult::Pass),
        ];
        for (served, expected) in cases {
            let double = Double::new(move |seen| {
                if seen.target.contains("/applications") {
                    Answer::status(403, "Forbidden", "applications.argoproj.io is forbidden")
                } else if let Some(name) = served {
                    Answer::json(json!({"kind": "APIResourceList", "resources": [{"name": name}]}))
                } else {
                    Answer::status(
                        404,
                        "NotFound",
                        "the server could not find the requested resource",
                    )
                }
            });
            let read = Rest::new(double.clients().read.clone(), "double", "double");
            let finding = owner_finding(&find_owner(&read, &live()).await);
            assert_eq!(finding.result, expected, "{finding:?}");
        }
    }

    /// An object without an owner, and a patch to a target that names a Secret.
    fn to_target() -> (serde_json::Value, Patch) {
        let template = |version: u32| {
            json!({"metadata": {"labels": {"app": "checkout"}}, "spec": {"containers": [{
                "name": "app", "image": format!("checkout:{version}"),
                "envFrom": [{"secretRef": {"name": "keys"}}]}]}})
        };
        let object = json!({
            "metadata": {"name": "checkout", "namespace": "shop", "uid": "u", "generation": 1, "resourceVersion": "1"},
            "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "checkout"}}, "template": template(2)},
        });
        let target = PodTemplate::new(template(1)).unwrap();
        let patch = Patch {
            template_hash: target.hash(),
            template: target,
            change_cause: String::new(),
            operation: "plan".into(),
        };
        (object, patch)
    }

    /// What a preflight finds on a cluster where all is well, but for one answer.
    async fn found(
        object: serde_json::Value,
        patch: &Patch,
        but: &'static str,
        answer: Refusal,
    ) -> Vec<Finding> {
        let pods = json!({"items": [{
            "spec": {"containers": [{"name": "app", "image": "checkout:1"}]},
            "status": {"containerStatuses": [{"name": "app", "state": {"running": {}}}]}}]});
        let well = object.clone();
        let double = Double::new(move |seen| match seen.target.as_str() {
            target if !but.is_empty() && target.contains(but) => Answer::status(answer.0, answer.1, answer.2),
            target if target.contains("accessreviews") => Answer::json(json!({"status": {"allowed": true}})),
            target if target.contains("/deployments/") => Answer::json(well.clone()),
            target if target.contains("/secrets/") => Answer::json(json!({"data": {}})),
            target if target.contains("/pods?limit") => Answer::json(pods.clone()),
            _ => Answer::json(json!({"items": []})),
        });
        let clients = double.clients();
        let [read, write] =
            [&clients.read, &clients.mutate].map(|client| Rest::new(client.clone(), "double", "double"));
        let live = LiveWorkload::read(WorkloadKind::Deployment, object).unwrap();
        preflight(&read, &write, &live, patch).await.findings
    }

    /// A status, its reason and its message.
    type Refusal = (u16, &'static str, &'static str);

    fn keys(findings: &[Finding], result: FindingResult) -> Vec<String> {
        let of = findings.iter().filter(|finding| finding.result == result);
        of.map(Finding::key).collect()
    }

    /// rollback.md, "Preflight": what can't be checked is unknown, and never green.
    #[tokio::test]
    async fn each_check_that_cannot_be_made_is_unknown() {
        const REFUSED: Refusal = (403, "Forbidden", "no right");
        const NO_DRY_RUN: Refusal = (
            400,
            "BadRequest",
            "admission webhook \"a.b.c\" does not support dry run",
        );
        const BROKEN: Refusal = (500, "InternalError", "it broke");
        let (object, patch) = to_target();
        let well = found(object.clone(), &patch, "", REFUSED).await;
        assert_eq!(keys(&well, FindingResult::Unknown), [""; 0], "{well:?}");
        let mut labelled = object.clone();
        labelled["metadata"]["labels"] = json!({"app.kubernetes.io/instance": "web"});
        let table = [
            (labelled, "argoproj.io", REFUSED, "owner", "reason", "no right"),
            (
                object.clone(),
                "/secrets/",
                REFUSED,
                "references/Secret keys",
                "problem",
                "unread",
            ),
            (
                object.clone(),
                "/deployments/checkout?dryRun",
                NO_DRY_RUN,
                "dry-run",
                "reason",
                "webhook",
            ),
            (
                object.clone(),
                "/pods?dryRun",
                NO_DRY_RUN,
                "pod-admission",
                "reason",
                "webhook",
            ),
            (
                object.clone(),
                "/deployments/checkout?dryRun",
                (409, "Conflict", "moved"),
                "dry-run",
                "problem",
                "changed-meanwhile",
            ),
            (
                object.clone(),
                "/pods?limit",
                REFUSED,
                "image/checkout:1",
                "reason",
                "no right",
            ),
            (
                object.clone(),
                "/resourcequotas",
                REFUSED,
                "quota",
                "reason",
                "no right",
            ),
            (
                object.clone(),
                "/horizontalpodautoscalers",
                BROKEN,
                "autoscaler",
                "reason",
                "it broke",
            ),
            (
                object.clone(),
                "/poddisruptionbudgets",
                BROKEN,
                "disruption-budget",
                "reason",
                "it broke",
            ),
        ];
        for (object, but, answer, key, fact, says) in table {
            let findings = found(object, &patch, but, answer).await;
            assert_eq!(
                keys(&findings, FindingResult::Unknown),
                [key],
                "{but}: {findings:?}"
            );
            let finding = findings.iter().find(|finding| finding.key() == key).unwrap();
            assert!(finding.parameters[fact].contains(says), "{but}: {finding:?}");
        }
        let unasked = found(object, &patch, "accessreviews", BROKEN).await;
        let unknown = keys(&unasked, FindingResult::Unknown);
        assert!(
            unknown.contains(&"permission/patch deployments".to_owned()),
            "{unknown:?}"
        );
        assert!(
            unknown.iter().all(|key| key.starts_with("permission/")),
            "{unknown:?}"
        );
    }

    #[tokio::test]
    async fn an_object_that_is_being_deleted_blocks() {
        let (mut object, patch) = to_target();
        object["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
        let findings = found(object, &patch, "", (0, "", "")).await;
        assert_eq!(keys(&findings, FindingResult::Block), ["deleting"]);
    }
}
