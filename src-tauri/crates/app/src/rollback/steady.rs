//! What must hold for the whole window of a verdict (rollback.md, "Four steps"): every pod ready, none restarted. Pods
//! that an autoscaler adds meanwhile are waited for, not held against what came back.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use cluster::change::{Observation, PodFacts, PodPhase, Progress};
use domain::ids::Uid;
use domain::operation::Verdict;

use super::verify::Judgement;

/// A pod that does not answer for so long is no passing state.
const UNREADY: Duration = Duration::from_secs(10);

/// What a look within the window means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The window is not over, or something is yet to settle.
    LookOn,
    /// It held to the end.
    Held,
    /// It did not, or nobody can tell.
    Judged(Judgement),
}

/// The window, and what its looks have seen so far.
pub(super) struct Steady {
    until: DateTime<Utc>,
    restarts: HashMap<Uid, u32>,
    /// Pods that were ready at some look.
    answered: HashSet<Uid>,
    /// The most that were ready at once, as far as they are still wanted.
    held: usize,
    unready_since: Option<DateTime<Utc>>,
}

impl Steady {
    /// A window that ends then.
    pub fn new(until: DateTime<Utc>) -> Self {
        Self {
            until,
            restarts: HashMap::new(),
            answered: HashSet::new(),
            held: 0,
            unready_since: None,
        }
    }

    /// Takes a look in, with what the rollout's own counts say of it.
    pub fn look(&mut self, seen: &Observation, progress: &Progress, now: DateTime<Utc>) -> Standing {
        if matches!(progress, Progress::DoneWithoutPods) {
            return Standing::Judged(Judgement::new(Verdict::Inconclusive, "no-pods"));
        }
        if let Some(judgement) = self.restarted(seen) {
            return Standing::Judged(judgement);
        }
        let ready = seen.ready();
        let wanted = wanted(seen);
        let fell = self.fell(seen, ready, wanted);
        if fell {
            let since = *self.unready_since.get_or_insert(now);
            let waited = (now - since).to_std().unwrap_or_default();
            if waited >= UNREADY {
                let reason = alive(seen).find_map(|pod| pod.reason.clone());
                return Standing::Judged(not_ready(seen, reason.unwrap_or_default()));
            }
        } else {
            self.unready_since = None;
        }
        if let Progress::Failed(failure) = progress {
            let judgement = not_ready(seen, failure.reason.clone());
            return Standing::Judged(judgement.with("message", &failure.message));
        }
        if now < self.until || fell {
            return Standing::LookOn;
        }
        if ready >= wanted {
            return Standing::Held;
        }
        // What is added at the very end may take long to answer; what came back has held.
        if now - self.until < TimeDelta::from_std(UNREADY).unwrap_or_default() {
            return Standing::LookOn;
        }
        let judgement = Judgement::new(Verdict::Inconclusive, "still-scaling");
        Standing::Judged(judgement.with("ready", ready).with("wanted", wanted))
    }

    fn restarted(&mut self, seen: &Observation) -> Option<Judgement> {
        alive(seen).find_map(|pod| {
            let before = *self.restarts.entry(pod.uid.clone()).or_insert(pod.restarts);
            (pod.restarts > before).then(|| {
                Judgement::new(Verdict::Bad, "restarted")
                    .with("pod", &pod.name)
                    .with("restarts", pod.restarts - before)
            })
        })
    }

    /// Whether fewer answer than did before and are still wanted, or one that did does not.
    fn fell(&mut self, seen: &Observation, ready: usize, wanted: usize) -> bool {
        self.held = self.held.max(ready).min(wanted);
        let is_ready = |pod: &&PodFacts| pod.phase == PodPhase::Ready;
        let answering = alive(seen).filter(is_ready);
        self.answered.extend(answering.map(|pod| pod.uid.clone()));
        let silent = |pod: &PodFacts| pod.phase != PodPhase::Ready && self.answered.contains(&pod.uid);
        ready < self.held || alive(seen).any(silent)
    }
}

/// The own pods that are meant to answer: one that has ended was replaced, and is missed by its number.
fn alive(seen: &Observation) -> impl Iterator<Item = &PodFacts> {
    seen.own_pods().filter(|pod| {
        matches!(
            pod.phase,
            PodPhase::Ready | PodPhase::Starting | PodPhase::Waiting
        )
    })
}

fn wanted(seen: &Observation) -> usize {
    seen.live.rollout.wanted as usize
}

fn not_ready(seen: &Observation, reason: String) -> Judgement {
    Judgement::new(Verdict::Bad, "not-ready")
        .with("ready", seen.ready())
        .with("wanted", wanted(seen))
        .with("reason", reason)
}

#[cfg(test)]
mod tests {
    use cluster::change::LiveWorkload;
    use cluster::change::follow::RolloutFailure;
    use domain::workload::WorkloadKind;
    use serde_json::json;

    use super::*;

    /// The window of the tests, in seconds.
    const WINDOW: i64 = 60;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    /// A look at so many wanted pods: `r` is ready, `s` starts, `w` waits for a reason, `e` ends, `f` was evicted, and
    /// `x` is not there.
    fn look(wanted: i32, pods: &str) -> Observation {
        let live = LiveWorkload::read(WorkloadKind::Deployment, json!({
            "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 1, "resourceVersion": "1"},
            "spec": {"replicas": wanted, "selector": {"matchLabels": {"app": "a"}},
                "template": {"spec": {"containers": [{"name": "a", "image": "a:1"}]}}},
        }))
        .unwrap();
        let pods = pods.chars().enumerate().filter(|(_, letter)| *letter != 'x');
        let pods = pods.map(|(at, letter)| pod(at, letter)).collect();
        Observation { live, pods }
    }

    fn pod(at: usize, letter: char) -> PodFacts {
        let phase = match letter {
            'r' => PodPhase::Ready,
            's' => PodPhase::Starting,
            'w' => PodPhase::Waiting,
            'e' => PodPhase::Ending,
            'f' => PodPhase::Failed,
            other => panic!("no pod is {other}"),
        };
        let mut pod = PodFacts::read(
            &json!({"metadata": {"name": format!("p{at}"), "uid": format!("u{at}")}}),
            true,
        );
        pod.phase = phase;
        pod.reason = (letter == 'w').then(|| "ContainersNotReady".to_owned());
        pod
    }

    /// The first judgement, or the end of the window: when, and as what.
    fn judged(looks: &[(i64, i32, &str)]) -> Option<(i64, String)> {
        let mut steady = Steady::new(at(WINDOW));
        looks.iter().find_map(|&(second, wanted, pods)| {
            let progress = match wanted {
                0 => Progress::DoneWithoutPods,
                _ => Progress::BecomingAvailable,
            };
            match steady.look(&look(wanted, pods), &progress, at(second)) {
                Standing::LookOn => None,
                Standing::Held => Some((second, "held".to_owned())),
                Standing::Judged(judgement) => Some((
                    second,
                    format!("{} {}", judgement.verdict.as_str(), judgement.code),
                )),
            }
        })
    }

    #[test]
    fn what_a_window_is_judged_to_be() {
        /// Looks (second, wanted pods, pods), what they come to, and why.
        type Row<'r> = (&'r [(i64, i32, &'r str)], Option<(i64, &'r str)>, &'r str);
        let table: [Row; 14] = [
            (&[(0, 2, "rr"), (59, 2, "rr")], None, "the window is not over"),
            (
                &[(0, 2, "rr"), (60, 2, "rr")],
                Some((60, "held")),
                "all ready to the end",
            ),
            (
                &[(0, 2, "rr"), (5, 2, "rs"), (15, 2, "rs")],
                Some((15, "bad not-ready")),
                "ten seconds without one that was ready",
            ),
            (
                &[
                    (0, 2, "rr"),
                    (5, 2, "rs"),
                    (14, 2, "rr"),
                    (20, 2, "rs"),
                    (29, 2, "rs"),
                ],
                None,
                "the wait begins anew",
            ),
            (
                &[(0, 2, "rr"), (5, 2, "rx"), (15, 2, "rxs")],
                Some((15, "bad not-ready")),
                "one that is gone is missed, whatever is to replace it",
            ),
            (
                &[(0, 2, "rr"), (5, 2, "rfs"), (9, 2, "rfr"), (60, 2, "rfr")],
                Some((60, "held")),
                "what was evicted was replaced",
            ),
            (
                &[
                    (0, 2, "rr"),
                    (5, 5, "rrsss"),
                    (50, 5, "rrsss"),
                    (58, 5, "rrrrr"),
                    (60, 5, "rrrrr"),
                ],
                Some((60, "held")),
                "an autoscaler adds pods that start slowly",
            ),
            (
                &[(0, 2, "rr"), (5, 3, "rss"), (15, 3, "rsr")],
                Some((15, "bad not-ready")),
                "a new one that answers does not stand for the old one that no longer does",
            ),
            (
                &[(0, 3, "rrr"), (5, 2, "rre"), (60, 2, "rr")],
                Some((60, "held")),
                "fewer are wanted",
            ),
            (
                &[(0, 2, "rr"), (30, 0, "ee")],
                Some((30, "inconclusive no-pods")),
                "somebody scaled it to nothing",
            ),
            (
                &[(0, 2, "rr"), (58, 2, "rw"), (60, 2, "rw"), (67, 2, "rw")],
                None,
                "it is no good one while one that was ready is not",
            ),
            (
                &[(0, 2, "rr"), (58, 2, "rw"), (60, 2, "rw"), (68, 2, "rw")],
                Some((68, "bad not-ready")),
                "and bad when it stays so",
            ),
            (
                &[(0, 2, "rr"), (58, 2, "rw"), (66, 2, "rr")],
                Some((66, "held")),
                "and good when it recovers",
            ),
            (
                &[
                    (0, 2, "rr"),
                    (58, 3, "rrs"),
                    (60, 3, "rrs"),
                    (69, 3, "rrs"),
                    (70, 3, "rrs"),
                ],
                Some((70, "inconclusive still-scaling")),
                "what was added at the end is waited for, but not for ever",
            ),
        ];
        for (looks, expected, why) in table {
            let expected = expected.map(|(second, word)| (second, word.to_owned()));
            assert_eq!(judged(looks), expected, "{why}");
        }
    }

    #[test]
    fn a_restart_is_bad_at_once_and_one_from_before_is_not_counted() {
        let mut steady = Steady::new(at(WINDOW));
        let of = |restarts| {
            let mut seen = look(1, "r");
            seen.pods[0].restarts = restarts;
            seen
        };
        assert_eq!(steady.look(&of(3), &Progress::Done, at(0)), Standing::LookOn);
        let Standing::Judged(judgement) = steady.look(&of(5), &Progress::Done, at(1)) else {
            panic!("it was restarted twice");
        };
        assert_eq!(
            (judgement.verdict, judgement.code.as_str()),
            (Verdict::Bad, "restarted")
        );
        assert!(
            judgement.facts.contains(&("restarts", "2".to_owned())),
            "{judgement:?}"
        );
    }

    #[test]
    fn a_pod_that_was_given_the_name_of_another_is_another() {
        let mut steady = Steady::new(at(WINDOW));
        let of = |uid: &str, restarts| {
            let mut seen = look(1, "r");
            seen.pods[0].uid = uid.into();
            seen.pods[0].restarts = restarts;
            seen
        };
        assert_eq!(steady.look(&of("a", 3), &Progress::Done, at(0)), Standing::LookOn);
        assert_eq!(
            steady.look(&of("b", 0), &Progress::Done, at(1)),
            Standing::LookOn,
            "it was made anew, not restarted"
        );
        let Standing::Judged(judgement) = steady.look(&of("b", 1), &Progress::Done, at(2)) else {
            panic!("it was restarted, fewer times than the one before it");
        };
        assert_eq!(judgement.code, "restarted");
    }

    #[test]
    fn an_added_pod_that_will_not_come_up_is_bad() {
        let mut steady = Steady::new(at(WINDOW));
        steady.look(&look(2, "rr"), &Progress::Done, at(0));
        let failed = Progress::Failed(RolloutFailure {
            reason: "ImagePullBackOff".to_owned(),
            message: "not found".to_owned(),
            pods: 1,
        });
        let Standing::Judged(judgement) = steady.look(&look(3, "rrw"), &failed, at(9)) else {
            panic!("it hangs");
        };
        assert_eq!(
            (judgement.verdict, judgement.code.as_str()),
            (Verdict::Bad, "not-ready")
        );
        let reason = ("reason", "ImagePullBackOff".to_owned());
        assert!(judgement.facts.contains(&reason), "{judgement:?}");
    }
}
