//! Follows a rollout to its end and watches it for the chosen window; only reads.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cluster::change::follow::{endpoints, hanging};
use cluster::change::{Observation, PodFacts, PodPhase, Progress, Rest, RolloutWatch, observe};

use domain::ids::OperationId;
use domain::operation::Verdict;
use domain::template::PodTemplate;
use wire::cluster::{Pod, PodState};
use wire::epoch_ms;
use wire::rollback::{Operation, OperationStateWord};

use crate::backend::Backend;

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(700);
/// Without an answer for so long, nobody can say how it went.
const BLIND: Duration = Duration::from_secs(90);
/// A pod that is not ready for so long within the window is no passing state.
const UNREADY: Duration = Duration::from_secs(10);

/// How following ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Followed {
    /// Every wanted replica is updated and available.
    RolledOut,
    /// With a verdict at once: it failed, has no pods, or nobody could see.
    Judged(Judgement),
    /// Another template is there now.
    Superseded { by: Option<String> },
    /// The object is gone.
    Gone,
}

/// A verdict and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub verdict: Verdict,
    /// `rolled-out`, `image-pull`… : the window's words hang on it.
    pub code: String,
    pub facts: Vec<(&'static str, String)>,
}

impl Judgement {
    pub fn new(verdict: Verdict, code: impl Into<String>) -> Self {
        Self {
            verdict,
            code: code.into(),
            facts: Vec::new(),
        }
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }
}

/// What is followed, and how the window is told.
pub(crate) struct Following<'a> {
    pub backend: &'a Arc<Backend>,
    pub id: &'a OperationId,
    pub read: &'a Rest,
    pub target: &'a PodTemplate,
    pub from_version: &'a str,
    pub to_version: &'a str,
}

impl Following<'_> {
    /// Looks until the rollout is done or will not get there.
    pub async fn rollout(&self, watch: &mut RolloutWatch) -> Followed {
        let mut heard = self.backend.now();
        loop {
            let now = self.backend.now();
            match observe(self.read, watch.workload(), self.target).await {
                Ok(seen) => {
                    heard = now;
                    if let Some(seen) = &seen {
                        self.show(seen);
                    }
                    match watch.judge(seen.as_ref(), now) {
                        Progress::Done => return Followed::RolledOut,
                        Progress::DoneWithoutPods => {
                            return Followed::Judged(Judgement::new(Verdict::Inconclusive, "no-pods"));
                        }
                        Progress::Failed(failure) => {
                            let judgement = Judgement::new(Verdict::Bad, "rollout-failed")
                                .with("reason", failure.reason)
                                .with("message", failure.message)
                                .with("pods", failure.pods);
                            return Followed::Judged(judgement);
                        }
                        Progress::Superseded { by } => return Followed::Superseded { by },
                        Progress::Gone => return Followed::Gone,
                        Progress::NotObserved
                        | Progress::Updating
                        | Progress::EndingOld
                        | Progress::BecomingAvailable => {}
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the rollout could not be looked at");
                    if (now - heard).to_std().unwrap_or_default() > BLIND {
                        let judgement = Judgement::new(Verdict::Inconclusive, "watch-broken");
                        return Followed::Judged(judgement.with("reason", error));
                    }
                }
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Watches the finished rollout for the window: every pod ready, no restart, endpoints there.
    pub async fn window(&self, watch: &mut RolloutWatch, window: Duration) -> Followed {
        let begin = self.backend.now();
        let until = begin + chrono::TimeDelta::from_std(window).unwrap_or_default();
        self.backend.rollbacks.update(self.backend, self.id, |operation| {
            operation.state = OperationStateWord::Verifying;
            operation.verify_until = Some(epoch_ms(until));
        });
        let mut steady = Steady::default();
        let mut heard = begin;
        loop {
            let now = self.backend.now();
            match observe(self.read, watch.workload(), self.target).await {
                Ok(Some(seen)) => {
                    heard = now;
                    self.show(&seen);
                    match watch.judge(Some(&seen), now) {
                        Progress::Superseded { by } => return Followed::Superseded { by },
                        Progress::Gone => return Followed::Gone,
                        Progress::Done
                        | Progress::DoneWithoutPods
                        | Progress::NotObserved
                        | Progress::Updating
                        | Progress::EndingOld
                        | Progress::BecomingAvailable
                        | Progress::Failed(_) => {}
                    }
                    if let Some(judgement) = steady.look(&seen, now) {
                        return Followed::Judged(judgement);
                    }
                    if now >= until {
                        return Followed::Judged(self.last_look(&seen, window).await);
                    }
                }
                Ok(None) => return Followed::Gone,
                Err(error) if now >= until || (now - heard).to_std().unwrap_or_default() > BLIND => {
                    let judgement = Judgement::new(Verdict::Inconclusive, "watch-broken");
                    return Followed::Judged(judgement.with("reason", error));
                }
                Err(error) => tracing::warn!(%error, "the rollout could not be looked at"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn last_look(&self, seen: &Observation, window: Duration) -> Judgement {
        let ready = seen
            .pods
            .iter()
            .filter(|pod| pod.of_target && pod.phase == PodPhase::Ready)
            .count();
        let namespace = seen.live.workload.namespace.as_str();
        let good = Judgement::new(Verdict::Good, "steady")
            .with("ready", ready)
            .with("wanted", seen.live.replicas)
            .with("seconds", window.as_secs());
        match endpoints(self.read, namespace, self.target).await {
            Ok(found) if found.without_answer().is_empty() => {
                let ready: usize = found.services.iter().map(|(_, ready)| ready).sum();
                good.with("services", found.services.len())
                    .with("endpoints", ready)
            }
            Ok(found) => Judgement::new(Verdict::Bad, "no-endpoints")
                .with("services", found.without_answer().join(", ")),
            // Seen by nobody is no reason to call it bad; it is said.
            Err(error) => good.with("endpoints", "unknown").with("endpoints-reason", error),
        }
    }

    fn show(&self, seen: &Observation) {
        let pods: Vec<Pod> = seen
            .pods
            .iter()
            .map(|pod| shown_pod(pod, self.from_version, self.to_version))
            .collect();
        let ready = seen
            .pods
            .iter()
            .filter(|pod| pod.of_target && pod.phase == PodPhase::Ready)
            .count() as u32;
        let desired = seen.live.replicas.max(0) as u32;
        let revision = seen.live.revision.map(|revision| revision as f64);
        let unchanged = self.backend.rollbacks.live(self.id).is_some_and(|now| {
            now.pods == pods && now.ready == ready && now.desired == desired && now.revision == revision
        });
        if unchanged {
            return;
        }
        let hangs = hanging(seen).map(|(failure, _)| failure);
        self.backend
            .rollbacks
            .update(self.backend, self.id, |operation: &mut Operation| {
                operation.pods = pods;
                operation.ready = ready;
                operation.desired = desired;
                operation.revision = revision.or(operation.revision);
                match hangs {
                    Some(failure) => {
                        operation.facts.insert("reason".to_owned(), failure.reason);
                        operation.facts.insert("message".to_owned(), failure.message);
                    }
                    None => operation.facts.clear(),
                }
            });
    }
}

/// A pod of a rollout: the target's under the target's version, others under the origin's.
pub(crate) fn shown_pod(pod: &PodFacts, from_version: &str, to_version: &str) -> Pod {
    Pod {
        name: pod.name.clone(),
        version: if pod.of_target { to_version } else { from_version }.to_owned(),
        state: match pod.phase {
            PodPhase::Ready => PodState::Ready,
            PodPhase::Starting => PodState::Starting,
            PodPhase::Waiting => PodState::Waiting,
            PodPhase::Failed => PodState::Failed,
            PodPhase::Ending => PodState::Ending,
            PodPhase::Succeeded => PodState::Succeeded,
        },
        restarts: pod.restarts,
        reason: pod.reason.clone(),
        message: pod.message.clone(),
        node: pod.node.clone(),
        started_at: pod.started_at.map(epoch_ms),
    }
}

/// What must hold for the whole window.
#[derive(Default)]
struct Steady {
    restarts: HashMap<String, u32>,
    unready_since: Option<DateTime<Utc>>,
}

impl Steady {
    fn look(&mut self, seen: &Observation, now: DateTime<Utc>) -> Option<Judgement> {
        let own = || {
            seen.pods
                .iter()
                .filter(|pod| pod.of_target && pod.phase != PodPhase::Ending)
        };
        for pod in own() {
            let before = *self.restarts.entry(pod.name.clone()).or_insert(pod.restarts);
            if pod.restarts > before {
                let judgement = Judgement::new(Verdict::Bad, "restarted").with("pod", &pod.name);
                return Some(judgement.with("restarts", pod.restarts - before));
            }
        }
        let ready = own().filter(|pod| pod.phase == PodPhase::Ready).count();
        let wanted = seen.live.replicas.max(0) as usize;
        if ready >= wanted {
            self.unready_since = None;
            return None;
        }
        let since = *self.unready_since.get_or_insert(now);
        let waited = (now - since).to_std().unwrap_or_default();
        (waited >= UNREADY).then(|| {
            let reason = own().find_map(|pod| pod.reason.clone()).unwrap_or_default();
            Judgement::new(Verdict::Bad, "not-ready")
                .with("ready", ready)
                .with("wanted", wanted)
                .with("reason", reason)
        })
    }
}
