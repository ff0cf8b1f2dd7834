//! Whether a ResourceQuota has room for the pods that a rollout adds: the dry run asks for one pod alone.

use domain::difference::quantity;
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::template::PodTemplate;
use serde_json::Value;

use crate::change::live::LiveWorkload;
use crate::change::rest::Rest;
use crate::error::Error;
use crate::workload;

pub(super) async fn check(rest: &Rest, live: &LiveWorkload, target: &PodTemplate) -> Vec<Finding> {
    let path = format!("/api/v1/namespaces/{}/resourcequotas", live.workload.namespace);
    let surge = workload::of(live.workload.kind).surge(live);
    match rest.list(&path).await {
        Ok(quotas) => judge(&quotas, target, surge),
        Err(Error::NotFound { .. }) => judge(&[], target, surge),
        Err(error) => vec![Finding::new(FindingCode::Quota, FindingResult::Unknown).with("reason", error)],
    }
}

/// A finding for each quota without room; a pass when none is short.
fn judge(quotas: &[Value], target: &PodTemplate, surge: u64) -> Vec<Finding> {
    let short: Vec<Finding> = quotas
        .iter()
        .filter(|quota| covers(quota, target))
        .filter_map(|quota| short(quota, target, surge))
        .collect();
    if short.is_empty() {
        return vec![Finding::new(FindingCode::Quota, FindingResult::Pass).with("surge", surge)];
    }
    short
}

/// Whether it counts these pods: of scoped ones only those whose scope every pod of a workload has.
fn covers(quota: &Value, target: &PodTemplate) -> bool {
    let scopes = quota.pointer("/spec/scopes").and_then(Value::as_array);
    let scoped = |scope: &Value| match scope.as_str() {
        Some("NotTerminating") => true,
        Some("NotBestEffort") => needs(target, "requests.cpu") + needs(target, "requests.memory") > 0.0,
        Some(_) | None => false,
    };
    quota.pointer("/spec/scopeSelector").is_none() && scopes.into_iter().flatten().all(scoped)
}

/// The first resource of which there is too little; a quota that is not counted yet says nothing.
fn short(quota: &Value, target: &PodTemplate, surge: u64) -> Option<Finding> {
    let hard = quota.pointer("/status/hard")?.as_object()?;
    let (resource, hard, used) = hard.iter().find_map(|(resource, hard)| {
        let used = quota.pointer("/status/used")?.get(resource)?.as_str()?;
        let hard = hard.as_str()?;
        let needed = needs(target, resource) * surge as f64;
        let has_room = quantity(used)? + needed <= quantity(hard)? * (1.0 + f64::EPSILON);
        (needed > 0.0 && !has_room).then_some((resource, hard, used))
    })?;
    let name = quota.pointer("/metadata/name").and_then(Value::as_str);
    let finding = Finding::new(FindingCode::Quota, FindingResult::Warn).about(name.unwrap_or_default());
    Some(
        finding
            .with("resource", resource)
            .with("hard", hard)
            .with("used", used)
            .with("surge", surge),
    )
}

/// What one pod takes of a quota's resource: cores, bytes, or one of what is counted.
fn needs(target: &PodTemplate, resource: &str) -> f64 {
    match resource {
        "pods" | "count/pods" => 1.0,
        "cpu" | "memory" | "ephemeral-storage" => of_pod(target, "requests", resource),
        other => match other.split_once('.') {
            Some((kind @ ("requests" | "limits"), resource)) => of_pod(target, kind, resource),
            Some(_) | None => 0.0,
        },
    }
}

/// As the scheduler counts it: all containers together, or the largest that runs before them, and the overhead.
fn of_pod(target: &PodTemplate, kind: &str, resource: &str) -> f64 {
    let spec = target.as_value().get("spec");
    let amounts = |list: &str| {
        let containers = spec.and_then(|spec| spec.get(list)?.as_array());
        let containers = containers.into_iter().flatten();
        containers
            .map(|container| of_container(container, kind, resource))
            .collect::<Vec<f64>>()
    };
    let together: f64 = amounts("containers").iter().sum();
    let before = amounts("initContainers").into_iter().fold(0.0, f64::max);
    let overhead = spec.and_then(|spec| amount(spec.get("overhead")?, resource));
    together.max(before) + overhead.unwrap_or(0.0)
}

/// A request that is not written is the limit.
fn of_container(container: &Value, kind: &str, resource: &str) -> f64 {
    let of = |kind: &str| amount(container.get("resources")?.get(kind)?, resource);
    of(kind)
        .or_else(|| of("limits").filter(|_| kind == "requests"))
        .unwrap_or(0.0)
}

fn amount(of: &Value, resource: &str) -> Option<f64> {
    quantity(of.get(resource)?.as_str()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template() -> PodTemplate {
        PodTemplate::new(json!({"spec": {
            "initContainers": [{"name": "i", "image": "i:1", "resources": {"requests": {"memory": "1Gi"}}}],
            "containers": [
                {"name": "a", "image": "a:1", "resources": {"requests": {"cpu": "250m"}, "limits": {"memory": "256Mi"}}},
                {"name": "b", "image": "b:1", "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}}},
            ],
        }}))
        .unwrap()
    }

    #[test]
    fn a_pod_needs_what_its_containers_need_together_or_one_before_them() {
        let table = [
            ("pods", 1.0),
            ("requests.cpu", 0.5),
            ("cpu", 0.5),
            ("memory", 1_073_741_824.0),
            ("limits.memory", 268_435_456.0),
            ("services", 0.0),
            ("requests.nvidia.com/gpu", 0.0),
        ];
        for (resource, expected) in table {
            assert_eq!(needs(&template(), resource), expected, "{resource}");
        }
    }

    #[test]
    fn a_quota_is_short_when_the_surge_does_not_fit() {
        let quota = |scopes: Value, resource: &str, hard: &str, used: &str| {
            json!({
                "metadata": {"name": "team"}, "spec": {"scopes": scopes},
                "status": {"hard": {resource: hard}, "used": {resource: used}},
            })
        };
        let none = || json!([]);
        let table = [
            (quota(none(), "pods", "10", "8"), true, "two fit"),
            (
                quota(none(), "pods", "10", "9"),
                false,
                "room for one, and a surge of two",
            ),
            (quota(none(), "requests.cpu", "5", "4"), true, "one core"),
            (
                quota(none(), "requests.cpu", "5", "4100m"),
                false,
                "less than a core",
            ),
            (
                quota(none(), "memory", "12Gi", "11Gi"),
                false,
                "one GiB, and two are needed",
            ),
            (quota(none(), "services", "1", "1"), true, "a rollout adds none"),
            (
                quota(json!(["BestEffort"]), "pods", "1", "1"),
                true,
                "not these pods",
            ),
            (
                quota(json!(["NotTerminating"]), "pods", "1", "1"),
                false,
                "these pods",
            ),
        ];
        for (quota, fits, why) in table {
            let found = judge(&[quota], &template(), 2);
            let passes = found[0].result == FindingResult::Pass;
            assert_eq!((found.len(), passes), (1, fits), "{why}: {found:?}");
        }
        assert_eq!(
            judge(&[], &template(), 2)[0].result,
            FindingResult::Pass,
            "no quota"
        );
    }
}
