//! Follows a rollout to its end and watches it for the chosen window; only reads.

use std::sync::Arc;
use std::time::Duration;

use cluster::change::follow::{Endpoints, endpoints, hanging};
use cluster::change::{Observation, PodFacts, PodPhase, Progress, Rest, RolloutWatch, observe};

use domain::ids::OperationId;
use domain::operation::Verdict;
use domain::template::PodTemplate;
use wire::cluster::{Pod, PodState};
use wire::epoch_ms;
use wire::rollback::{Operation, OperationStateWord};

use super::steady::{Standing, Steady};
use crate::backend::Backend;

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(700);
/// Without an answer for so long, nobody can say how it went.
const BLIND: Duration = Duration::from_secs(90);
/// How often endpoints are looked at before the verdict: the slices follow the pods by a moment.
const TRIES: usize = 5;
/// The code of the verdict on a rollout that will not get there.
const ROLLOUT_FAILED: &str = "rollout-failed";

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

    /// Whether it gives a rollout up that the cluster itself still goes on with.
    pub fn gives_up(&self) -> bool {
        self.code == ROLLOUT_FAILED
    }

    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push((name, value.to_string()));
        self
    }

    /// What is left of it by the Services in front: what nobody could see is no part of a good one.
    fn in_front(self, found: Result<Endpoints, cluster::Error>) -> Self {
        match found {
            Ok(found) if found.without_answer().is_empty() => {
                let ready: usize = found.services.iter().map(|(_, ready)| ready).sum();
                self.with("services", found.services.len())
                    .with("endpoints", ready)
            }
            Ok(found) => {
                Self::new(Verdict::Bad, "no-endpoints").with("services", found.without_answer().join(", "))
            }
            Err(error) => Self::new(Verdict::Inconclusive, "endpoints-unknown").with("reason", error),
        }
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
                            let judgement = Judgement::new(Verdict::Bad, ROLLOUT_FAILED)
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
        let mut steady = Steady::new(until);
        let mut heard = begin;
        loop {
            let now = self.backend.now();
            match observe(self.read, watch.workload(), self.target).await {
                Ok(Some(seen)) => {
                    heard = now;
                    self.show(&seen);
                    let progress = match watch.judge(Some(&seen), now) {
                        Progress::Superseded { by } => return Followed::Superseded { by },
                        Progress::Gone => return Followed::Gone,
                        progress => progress,
                    };
                    match steady.look(&seen, &progress, now) {
                        Standing::LookOn => {}
                        Standing::Held => return Followed::Judged(self.last_look(&seen, window).await),
                        Standing::Judged(judgement) => return Followed::Judged(judgement),
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
        let namespace = seen.live.workload.namespace.as_str();
        let held = Judgement::new(Verdict::Good, "steady")
            .with("ready", seen.ready())
            .with("wanted", seen.live.rollout.wanted)
            .with("seconds", window.as_secs());
        let mut tries = 1;
        loop {
            let judgement = held
                .clone()
                .in_front(endpoints(self.read, namespace, self.target).await);
            if judgement.verdict == Verdict::Good || tries == TRIES {
                return judgement;
            }
            tries += 1;
            tokio::time::sleep(LOOK).await;
        }
    }

    fn show(&self, seen: &Observation) {
        let pods: Vec<Pod> = seen
            .pods
            .iter()
            .map(|pod| shown_pod(pod, self.from_version, self.to_version))
            .collect();
        let ready = seen.ready() as u32;
        let desired = seen.live.rollout.wanted;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_verdict_needs_endpoints_that_were_seen() {
        let behind = |services: &[(&str, usize)]| {
            let services = services.iter().map(|(name, ready)| ((*name).to_owned(), *ready));
            Ok(Endpoints {
                services: services.collect(),
            })
        };
        let refused = || {
            Err(cluster::Error::Forbidden {
                cluster: "one".into(),
                what: "listing services".to_owned(),
                message: "no right".to_owned(),
            })
        };
        let table = [
            (behind(&[("web", 2)]), Verdict::Good, "steady"),
            (behind(&[]), Verdict::Good, "steady"),
            (behind(&[("web", 2), ("admin", 0)]), Verdict::Bad, "no-endpoints"),
            (refused(), Verdict::Inconclusive, "endpoints-unknown"),
        ];
        for (found, verdict, code) in table {
            let said = format!("{found:?}");
            let judgement = Judgement::new(Verdict::Good, "steady").in_front(found);
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                (verdict, code),
                "{said}"
            );
        }
    }
}
