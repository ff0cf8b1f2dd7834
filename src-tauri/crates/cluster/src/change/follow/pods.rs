//! A pod as a rollout sees it, with the reason why it hangs.

use chrono::{DateTime, Utc};
use domain::ids::Uid;
use serde_json::Value;

/// How a pod is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PodPhase {
    /// Answers.
    Ready,
    /// Scheduled, pulls, starts, or is not ready yet.
    Starting,
    /// Hangs for a reason.
    Waiting,
    /// Ended with an error.
    Failed,
    /// Is being deleted.
    Ending,
    /// Ended well.
    Succeeded,
}

/// A pod of a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodFacts {
    /// Its uid: another pod can be given its name.
    pub uid: Uid,
    /// Its object name.
    pub name: String,
    /// It runs the target's template.
    pub of_target: bool,
    /// How it is.
    pub phase: PodPhase,
    /// Restarts of all its containers together.
    pub restarts: u32,
    /// `ImagePullBackOff`, `Unschedulable`, …
    pub reason: Option<String>,
    /// The kubelet's or scheduler's own words.
    pub message: Option<String>,
    /// Where it runs.
    pub node: Option<String>,
    /// When the kubelet took it.
    pub started_at: Option<DateTime<Utc>>,
    /// The images of its containers, by container.
    pub images: Vec<(String, String)>,
    /// `imageID` of its containers, where the kubelet told.
    pub image_ids: Vec<(String, String)>,
    /// Containers that fail, for their logs; with whether one ended before.
    pub failing: Vec<(String, bool)>,
}

impl PodFacts {
    /// Reads a Pod object.
    pub fn read(pod: &Value, of_target: bool) -> Self {
        let text = |pointer: &str| pod.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let statuses: Vec<&Value> = ["initContainerStatuses", "containerStatuses"]
            .iter()
            .filter_map(|list| pod.get("status")?.get(list)?.as_array())
            .flatten()
            .collect();
        let (reason, message) = why(pod, &statuses);
        let restarts = statuses
            .iter()
            .filter_map(|status| status.get("restartCount")?.as_u64())
            .sum::<u64>();
        Self {
            uid: text("/metadata/uid").unwrap_or_default().into(),
            name: text("/metadata/name").unwrap_or_default(),
            of_target,
            phase: phase(pod, reason.as_deref()),
            restarts: restarts as u32,
            reason,
            message,
            node: text("/spec/nodeName"),
            started_at: text("/status/startTime").and_then(|time| time.parse().ok()),
            images: pairs(pod.pointer("/spec/containers"), "image"),
            image_ids: pairs(pod.pointer("/status/containerStatuses"), "imageID"),
            failing: statuses.iter().filter_map(|status| failing(status)).collect(),
        }
    }
}

fn pairs(list: Option<&Value>, key: &str) -> Vec<(String, String)> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| {
            Some((
                item.get("name")?.as_str()?.to_owned(),
                item.get(key)?.as_str()?.to_owned(),
            ))
        })
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn phase(pod: &Value, reason: Option<&str>) -> PodPhase {
    if pod.pointer("/metadata/deletionTimestamp").is_some() {
        return PodPhase::Ending;
    }
    match pod.pointer("/status/phase").and_then(Value::as_str) {
        Some("Failed") => PodPhase::Failed,
        Some("Succeeded") => PodPhase::Succeeded,
        Some(_) | None if condition(pod, "Ready").is_some_and(|ready| status_of(ready) == "True") => {
            PodPhase::Ready
        }
        Some(_) | None if reason.is_some() => PodPhase::Waiting,
        Some(_) | None => PodPhase::Starting,
    }
}

fn condition<'p>(pod: &'p Value, kind: &str) -> Option<&'p Value> {
    let conditions = pod.pointer("/status/conditions")?.as_array()?;
    conditions
        .iter()
        .find(|condition| condition.get("type").and_then(Value::as_str) == Some(kind))
}

fn status_of(condition: &Value) -> &str {
    condition
        .get("status")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Waiting reasons that every pod passes through.
const ORDINARY: [&str; 2] = ["ContainerCreating", "PodInitializing"];

fn why(pod: &Value, statuses: &[&Value]) -> (Option<String>, Option<String>) {
    let told = |value: &Value| {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        (text("reason"), text("message"))
    };
    if let Some(scheduled) =
        condition(pod, "PodScheduled").filter(|condition| status_of(condition) == "False")
    {
        return told(scheduled);
    }
    let waiting = statuses
        .iter()
        .filter_map(|status| status.pointer("/state/waiting"));
    for state in waiting {
        let (reason, message) = told(state);
        if reason
            .as_deref()
            .is_some_and(|reason| !ORDINARY.contains(&reason))
        {
            return (reason, message);
        }
    }
    let ended = statuses
        .iter()
        .filter_map(|status| status.pointer("/state/terminated"));
    ended
        .map(told)
        .find(|(reason, _)| reason.as_deref() == Some("Error"))
        .unwrap_or_default()
}

fn failing(status: &Value) -> Option<(String, bool)> {
    let waiting = status.pointer("/state/waiting/reason").and_then(Value::as_str);
    let hangs = waiting.is_some_and(|reason| !ORDINARY.contains(&reason));
    let ended_badly = status
        .pointer("/state/terminated/exitCode")
        .and_then(Value::as_i64)
        .is_some_and(|code| code != 0);
    let restarts = status.get("restartCount").and_then(Value::as_u64).unwrap_or(0);
    let unready = status.get("ready") == Some(&Value::Bool(false)) && restarts > 0;
    let name = status.get("name")?.as_str()?.to_owned();
    let previous = restarts > 0 || status.pointer("/lastState/terminated").is_some();
    (hangs || ended_badly || unready).then_some((name, previous))
}
