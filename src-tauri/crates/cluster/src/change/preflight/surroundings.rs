//! What stands around the workload and moves with it: autoscalers, quotas, disruption budgets.

use domain::finding::{Finding, FindingCode, FindingResult};
use domain::template::PodTemplate;
use serde_json::Value;

use crate::change::live::LiveWorkload;
use crate::change::rest::Rest;
use crate::error::Error;

pub(super) async fn check(rest: &Rest, live: &LiveWorkload, target: &PodTemplate) -> Vec<Finding> {
    let namespace = &live.workload.namespace;
    let autoscalers = format!("/apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers");
    let budgets = format!("/apis/policy/v1/namespaces/{namespace}/poddisruptionbudgets");
    let (autoscalers, budgets) = tokio::join!(rest.list(&autoscalers), rest.list(&budgets));
    let mut findings = judge(FindingCode::Autoscaler, autoscalers, |item| {
        autoscaler(item, live)
    });
    findings.extend(judge(FindingCode::DisruptionBudget, budgets, |item| {
        budget(item, target)
    }));
    findings
}

/// A finding for each item that says something; a pass when none does; unknown when they can't be read.
fn judge(
    code: FindingCode,
    items: Result<Vec<Value>, Error>,
    of: impl Fn(&Value) -> Option<Finding>,
) -> Vec<Finding> {
    let items = match items {
        Ok(items) => items,
        Err(Error::NotFound { .. }) => Vec::new(),
        Err(error) => return vec![Finding::new(code, FindingResult::Unknown).with("reason", error)],
    };
    let findings: Vec<Finding> = items.iter().filter_map(of).collect();
    if findings.is_empty() {
        vec![Finding::new(code, FindingResult::Pass)]
    } else {
        findings
    }
}

fn autoscaler(item: &Value, live: &LiveWorkload) -> Option<Finding> {
    let target = item.pointer("/spec/scaleTargetRef")?;
    let is = |key: &str, value: &str| target.get(key).and_then(Value::as_str) == Some(value);
    if !is("kind", live.workload.kind.as_str()) || !is("name", &live.workload.name) {
        return None;
    }
    let number = |pointer: &str| item.pointer(pointer).and_then(Value::as_i64).unwrap_or(1);
    Some(
        Finding::new(FindingCode::Autoscaler, FindingResult::Warn)
            .about(name(item))
            .with("min", number("/spec/minReplicas"))
            .with("max", number("/spec/maxReplicas"))
            .with("replicas", live.rollout.wanted),
    )
}

/// A budget over the target's pods that lets none go says that evictions wait; a rollout does not ask it.
fn budget(item: &Value, target: &PodTemplate) -> Option<Finding> {
    let covers = covers(item.pointer("/spec/selector")?, target);
    let allowed = item
        .pointer("/status/disruptionsAllowed")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    (covers && allowed == 0).then(|| {
        Finding::new(FindingCode::DisruptionBudget, FindingResult::Warn)
            .about(name(item))
            .with("allowed", allowed)
    })
}

/// Whether a label selector takes in the template's pods; an empty one takes in all (policy/v1).
fn covers(selector: &Value, target: &PodTemplate) -> bool {
    let labels = selector.get("matchLabels").and_then(Value::as_object);
    let expressions = selector.get("matchExpressions").and_then(Value::as_array);
    let has = |(key, value): (&String, &Value)| target.label(key) == value.as_str();
    labels.into_iter().flatten().all(has)
        && expressions
            .into_iter()
            .flatten()
            .all(|one| expression_holds(one, target))
}

fn expression_holds(expression: &Value, target: &PodTemplate) -> bool {
    let text = |key: &str| expression.get(key).and_then(Value::as_str).unwrap_or_default();
    let values = expression.get("values").and_then(Value::as_array);
    let label = target.label(text("key"));
    let listed = values
        .into_iter()
        .flatten()
        .any(|value| label.is_some() && value.as_str() == label);
    match text("operator") {
        "In" => listed,
        "NotIn" => !listed,
        "Exists" => label.is_some(),
        "DoesNotExist" => label.is_none(),
        _ => false,
    }
}

fn name(item: &Value) -> String {
    item.pointer("/metadata/name")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_budget_covers_pods_by_labels_and_by_expressions() {
        let template = json!({"metadata": {"labels": {"app": "checkout"}}, "spec": {"containers": [{"name": "a", "image": "a:1"}]}});
        let template = PodTemplate::new(template).unwrap();
        let expression = |operator: &str, values: &[&str]| json!({"matchExpressions": [{"key": "app", "operator": operator, "values": values}]});
        let cases = [
            (json!({}), true),
            (json!({"matchLabels": {"app": "checkout"}}), true),
            (json!({"matchLabels": {"app": "cart"}}), false),
            (expression("In", &["cart", "checkout"]), true),
            (expression("In", &["cart"]), false),
            (expression("NotIn", &["checkout"]), false),
            (expression("NotIn", &["cart"]), true),
            (expression("Exists", &[]), true),
            (expression("DoesNotExist", &[]), false),
        ];
        for (selector, expected) in cases {
            assert_eq!(covers(&selector, &template), expected, "{selector}");
            let item = json!({"metadata": {"name": "b"}, "spec": {"selector": selector}, "status": {"disruptionsAllowed": 0}});
            assert_eq!(budget(&item, &template).is_some(), expected);
        }
    }
}
