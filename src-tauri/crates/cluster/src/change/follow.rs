//! Follows a rollout after the patch: what `kubectl rollout status` says, and what it does not.
//!
//! Rules from kubernetes.md, "Deployment objects": with G the generation that the patch returned, wait for
//! `observedGeneration ≥ G`, then for the counts; an old `ProgressDeadlineExceeded` does not count; new pods that
//! hang fail early; another template is *superseded*; a higher generation with our template is followed.

mod endpoints;
mod pods;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::template::PodTemplate;
use domain::workload::{RevisionKind, WorkloadIdentity};
use serde_json::Value;

use super::live::{Condition, LiveWorkload};
use super::rest::{Rest, encode};
use super::revisions::{KeptRevision, controller_uid, revisions};
use crate::error::Error;
use crate::workload;

pub use endpoints::{Endpoints, endpoints};
pub use pods::{PodFacts, PodPhase};

/// Everything that one look at a rollout sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The object.
    pub live: LiveWorkload,
    /// Its pods: the target's first.
    pub pods: Vec<PodFacts>,
}

impl Observation {
    /// The pods of the template that is looked for; those of any other are not counted among them.
    pub fn own_pods(&self) -> impl Iterator<Item = &PodFacts> {
        self.pods.iter().filter(|pod| pod.of_target)
    }

    /// How many of them answer.
    pub fn ready(&self) -> usize {
        self.own_pods().filter(|pod| pod.phase == PodPhase::Ready).count()
    }

    /// Whether pods of another template answer.
    pub fn others_serve(&self) -> bool {
        let mut others = self.pods.iter().filter(|pod| !pod.of_target);
        others.any(|pod| pod.phase == PodPhase::Ready)
    }
}

/// What a look means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// The controller has not seen the patch yet.
    NotObserved,
    /// New pods are being made.
    Updating,
    /// Old pods are ending.
    EndingOld,
    /// New pods are not available yet.
    BecomingAvailable,
    /// Every wanted replica is updated and available.
    Done,
    /// `replicas: 0`: done, and nothing was verified.
    DoneWithoutPods,
    /// It will not get there.
    Failed(RolloutFailure),
    /// The template is no longer ours.
    Superseded {
        /// Who wrote it.
        by: Option<String>,
    },
    /// The object is gone, or another one of that name.
    Gone,
}

/// Why a rollout will not get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloutFailure {
    /// `ImagePullBackOff`, `CrashLoopBackOff`, `Unschedulable`, `ProgressDeadlineExceeded`, …
    pub reason: String,
    /// The kubelet's, scheduler's or controller's own words.
    pub message: String,
    /// How many pods hang for it.
    pub pods: usize,
}

/// What a rollout is held against, and since when something hangs.
#[derive(Debug, Clone)]
pub struct RolloutWatch {
    workload: WorkloadIdentity,
    target: PodTemplate,
    generation: i64,
    sent_at: DateTime<Utc>,
    progressing_before: Option<Condition>,
    hanging_since: Option<DateTime<Utc>>,
}

/// Reasons that do not go away by waiting a little.
const BROKEN: [&str; 7] = [
    "ImagePullBackOff",
    "ErrImagePull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "CrashLoopBackOff",
    "RunContainerError",
];
/// How much later than its deadline an old condition is held against a rollout: clocks differ.
const GRACE: TimeDelta = TimeDelta::seconds(5);
/// How long new pods may hang for such a reason before the rollout counts as failed.
const PATIENCE: Duration = Duration::from_secs(8);
/// The same for what may resolve itself when old pods have ended: no room, a quota.
const LONG_PATIENCE: Duration = Duration::from_secs(45);

impl RolloutWatch {
    /// Watches for that template. `before` is the object before the patch, `accepted` the answer to it.
    pub fn new(
        before: Option<&LiveWorkload>,
        accepted: &LiveWorkload,
        target: PodTemplate,
        sent_at: DateTime<Utc>,
    ) -> Self {
        Self {
            workload: accepted.workload.clone(),
            target,
            generation: accepted.generation,
            sent_at,
            progressing_before: before.and_then(|live| live.condition("Progressing").cloned()),
            hanging_since: None,
        }
    }

    /// The workload that is watched.
    pub fn workload(&self) -> &WorkloadIdentity {
        &self.workload
    }

    /// What a look means. `None` as observation: the object is not there.
    pub fn judge(&mut self, seen: Option<&Observation>, now: DateTime<Utc>) -> Progress {
        let Some(seen) =
            seen.filter(|seen| seen.live.workload.uid == self.workload.uid && !seen.live.deleting)
        else {
            return Progress::Gone;
        };
        let live = &seen.live;
        if live.template != self.target {
            return Progress::Superseded {
                by: live.template_writer().map(|manager| manager.name.clone()),
            };
        }
        if live.rollout.observed_generation < self.generation {
            return Progress::NotObserved;
        }
        let progress = workload::of(self.workload.kind).progress(&live.rollout);
        if matches!(progress, Progress::Done | Progress::DoneWithoutPods) {
            self.hanging_since = None;
            return progress;
        }
        self.failure(seen, now).map_or(progress, Progress::Failed)
    }

    fn failure(&mut self, seen: &Observation, now: DateTime<Utc>) -> Option<RolloutFailure> {
        if let Some(deadline) = self.deadline_exceeded(&seen.live, now) {
            return Some(deadline);
        }
        let Some((failure, patience)) = hanging(seen) else {
            if !crashes(seen) {
                self.hanging_since = None;
            }
            return None;
        };
        let since = *self.hanging_since.get_or_insert(now);
        let waited = (now - since).to_std().unwrap_or_default();
        (waited >= patience).then_some(failure)
    }

    /// The condition counts only if it changed after the patch, or outlives a new deadline.
    fn deadline_exceeded(&self, live: &LiveWorkload, now: DateTime<Utc>) -> Option<RolloutFailure> {
        let condition = live.condition("Progressing")?;
        if condition.reason != "ProgressDeadlineExceeded" {
            return None;
        }
        let changed = self.progressing_before.as_ref().is_none_or(|before| {
            (&before.reason, &before.last_update) != (&condition.reason, &condition.last_update)
        });
        let deadline = workload::of(self.workload.kind).deadline(live);
        let outlived = now - self.sent_at > deadline + GRACE;
        (changed || outlived).then(|| RolloutFailure {
            reason: condition.reason.clone(),
            message: condition.message.clone(),
            pods: live.rollout.wanted.saturating_sub(live.rollout.available) as usize,
        })
    }
}

/// Whether a new pod that is not ready was restarted: a container that crashes runs for a moment between two waits,
/// and that moment is no recovery.
fn crashes(seen: &Observation) -> bool {
    let crashing =
        |pod: &PodFacts| pod.restarts > 0 && !matches!(pod.phase, PodPhase::Ready | PodPhase::Ending);
    seen.own_pods().any(crashing)
}

/// Why the target's pods hang, if they do, and how long that may last.
pub fn hanging(seen: &Observation) -> Option<(RolloutFailure, Duration)> {
    let new = || seen.own_pods().filter(|pod| pod.phase != PodPhase::Ending);
    // A pod that fails goes to and fro between reasons, and runs for a moment in between: all that are broken hang.
    let is_broken = |pod: &&PodFacts| {
        let reason = pod.reason.as_deref();
        reason.is_some_and(|reason| BROKEN.contains(&reason))
            || (pod.restarts > 0 && pod.phase != PodPhase::Ready)
    };
    let unplaced = |pod: &&PodFacts| pod.reason.as_deref() == Some("Unschedulable");
    let broken = new().find_map(|pod| {
        let reason = pod.reason.as_deref().filter(|reason| BROKEN.contains(reason))?;
        let message = pod.message.clone().unwrap_or_default();
        Some((
            RolloutFailure {
                reason: reason.to_owned(),
                message,
                pods: new().filter(is_broken).count(),
            },
            PATIENCE,
        ))
    });
    let unschedulable = || {
        let pod = new().find(unplaced)?;
        let message = pod.message.clone().unwrap_or_default();
        Some((
            RolloutFailure {
                reason: "Unschedulable".into(),
                message,
                pods: new().filter(unplaced).count(),
            },
            LONG_PATIENCE,
        ))
    };
    let replica_failure = || {
        let condition = seen
            .live
            .condition("ReplicaFailure")
            .filter(|condition| condition.status == "True")?;
        let (reason, message) = (condition.reason.clone(), condition.message.clone());
        Some((
            RolloutFailure {
                reason,
                message,
                pods: 0,
            },
            LONG_PATIENCE,
        ))
    };
    broken.or_else(unschedulable).or_else(replica_failure)
}

/// Looks once: the object, its revisions and its pods. `None`: the object is not there.
///
/// # Errors
/// The cluster did not answer.
pub async fn observe(
    rest: &Rest,
    workload: &WorkloadIdentity,
    target: &PodTemplate,
) -> Result<Option<Observation>, Error> {
    let Some(live) = LiveWorkload::find(rest, workload).await? else {
        return Ok(None);
    };
    let path = format!(
        "/api/v1/namespaces/{}/pods?labelSelector={}",
        workload.namespace,
        encode(&live.selector)
    );
    let (revisions, pods) = tokio::try_join!(revisions(rest, &live), rest.list(&path))?;
    let mut facts = match workload.kind.revisions() {
        RevisionKind::ReplicaSet => of_replica_sets(&revisions, &pods, target),
    };
    facts.sort_by(|a, b| b.of_target.cmp(&a.of_target).then_with(|| a.name.cmp(&b.name)));
    Ok(Some(Observation { live, pods: facts }))
}

/// The pods that ReplicaSets made.
fn of_replica_sets(sets: &[KeptRevision], pods: &[Value], target: &PodTemplate) -> Vec<PodFacts> {
    let mut facts = Vec::new();
    for set in sets {
        let of_target = set.template == *target;
        let its = pods
            .iter()
            .filter(|pod| controller_uid(pod) == Some(set.object.uid.as_str()));
        facts.extend(its.map(|pod| PodFacts::read(pod, of_target)));
    }
    facts
}

#[cfg(test)]
mod tests;
