//! Deployment objects: `apps/v1` Deployment, whose revisions are ReplicaSets.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::history::ProgressingCondition;
use domain::template::PodTemplate;
use serde_json::Value;

use super::{TemplateKind, common_findings};
use crate::change::{LiveWorkload, Progress};
use crate::records::{RawStatus, Rollout, SpecFields, Strategy, count};

/// `spec.progressDeadlineSeconds`, as the API server defaults it.
const DEADLINE_SECONDS: i64 = 600;

#[derive(Debug)]
pub(super) struct Deployment;

impl TemplateKind for Deployment {
    fn plural(&self) -> &'static str {
        "deployments"
    }

    fn fold(&self, spec: &SpecFields, status: &RawStatus) -> (Rollout, Strategy) {
        let find = |kind: &str| status.conditions.iter().find(|condition| condition.kind == kind);
        let rollout = Rollout {
            observed_generation: status.observed_generation,
            wanted: spec.replicas.map_or(1, count),
            pods: count(status.replicas),
            updated: count(status.updated_replicas),
            ready: count(status.ready_replicas),
            available: count(status.available_replicas),
            progressing: find("Progressing").map(|condition| ProgressingCondition {
                reason: condition.reason.clone(),
                updated: condition.last_update_time,
                replica_set: ProgressingCondition::replica_set_in(&condition.message),
            }),
            replica_failure: find("ReplicaFailure")
                .filter(|condition| condition.status == "True")
                .map(|condition| Arc::from(condition.message.as_str())),
        };
        let strategy = match spec.strategy.kind.as_str() {
            "Recreate" => Strategy::Recreate,
            _ => Strategy::Rolling,
        };
        (rollout, strategy)
    }

    /// What `kubectl rollout status` waits for, in its order.
    fn progress(&self, rollout: &Rollout) -> Progress {
        if rollout.updated < rollout.wanted {
            Progress::Updating
        } else if rollout.pods > rollout.updated {
            Progress::EndingOld
        } else if rollout.available < rollout.updated {
            Progress::BecomingAvailable
        } else if rollout.wanted == 0 {
            Progress::DoneWithoutPods
        } else {
            Progress::Done
        }
    }

    /// The cluster's own, after which the condition `Progressing` says so.
    fn deadline(&self, live: &LiveWorkload) -> TimeDelta {
        let set = live.object.pointer("/spec/progressDeadlineSeconds");
        TimeDelta::seconds(set.and_then(Value::as_i64).unwrap_or(DEADLINE_SECONDS))
    }

    /// `maxSurge`, 25 % rounded up where none is set.
    fn surge(&self, live: &LiveWorkload) -> u64 {
        let wanted = u64::from(live.rollout.wanted);
        match live.strategy {
            Strategy::Rolling => {}
            Strategy::Recreate => return 0,
        }
        let set = live.object.pointer("/spec/strategy/rollingUpdate/maxSurge");
        let surge = match set {
            Some(Value::Number(number)) => number.as_u64().unwrap_or(0),
            Some(Value::String(text)) => share(text, wanted),
            Some(_) | None => share("25%", wanted),
        };
        surge.min(wanted)
    }

    fn findings(&self, live: &LiveWorkload, target: &PodTemplate) -> Vec<Finding> {
        let paused = if live.paused {
            FindingResult::Block
        } else {
            FindingResult::Pass
        };
        let mut findings = vec![Finding::new(FindingCode::Paused, paused).with("name", &live.workload.name)];
        findings.extend(common_findings(live, target));
        match live.strategy {
            Strategy::Rolling => {}
            Strategy::Recreate => findings.push(
                Finding::new(FindingCode::Recreate, FindingResult::Warn)
                    .with("replicas", live.rollout.wanted),
            ),
        }
        findings
    }
}

fn share(text: &str, wanted: u64) -> u64 {
    let percent = text
        .strip_suffix('%')
        .and_then(|number| number.parse::<u64>().ok());
    percent.map_or_else(
        || text.parse().unwrap_or(0),
        |percent| (wanted * percent).div_ceil(100),
    )
}

#[cfg(test)]
mod tests {
    use domain::workload::WorkloadKind;
    use serde_json::json;

    use super::*;

    fn live(spec: Value) -> LiveWorkload {
        let mut object = json!({
            "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 1, "resourceVersion": "1"},
            "spec": {"selector": {"matchLabels": {"app": "a"}},
                "template": {"spec": {"containers": [{"name": "a", "image": "a:1"}]}}},
        });
        for (key, value) in spec.as_object().unwrap() {
            object["spec"][key] = value.clone();
        }
        LiveWorkload::read(WorkloadKind::Deployment, object).unwrap()
    }

    #[test]
    fn the_surge_is_that_of_the_strategy() {
        let rolling = |surge: Value| json!({"rollingUpdate": {"maxSurge": surge}});
        let table = [
            (8, json!({}), 2, "25 % is the default"),
            (9, rolling(json!("25%")), 3, "rounded up"),
            (8, rolling(json!(4)), 4, "a number"),
            (
                2,
                rolling(json!("300%")),
                2,
                "never more new ones than are wanted",
            ),
            (8, rolling(json!(0)), 0, "old ones end first"),
            (8, json!({"type": "Recreate"}), 0, "all end first"),
            (0, json!({}), 0, "none is wanted"),
        ];
        for (replicas, strategy, expected, why) in table {
            let live = live(json!({"replicas": replicas, "strategy": strategy}));
            assert_eq!(Deployment.surge(&live), expected, "{why}");
        }
    }

    #[test]
    fn the_object_speaks_in_the_order_of_the_sheet() {
        let keys = |spec: Value| -> Vec<String> {
            let live = live(spec);
            let found = Deployment.findings(&live, &live.template);
            let of = |finding: &Finding| format!("{} {}", finding.result.as_str(), finding.key());
            found.iter().map(of).collect()
        };
        let all = keys(json!({"paused": true, "replicas": 0, "strategy": {"type": "Recreate"}}));
        assert_eq!(
            all,
            [
                "block paused",
                "block same-template",
                "warn zero-replicas",
                "warn recreate"
            ]
        );
        assert_eq!(keys(json!({})), ["pass paused", "block same-template"]);
    }

    #[test]
    fn the_deadline_is_the_objects_and_else_that_of_the_api_server() {
        let seconds = |spec: Value| Deployment.deadline(&live(spec)).num_seconds();
        assert_eq!(seconds(json!({"progressDeadlineSeconds": 60})), 60);
        assert_eq!(seconds(json!({})), 600);
    }
}
