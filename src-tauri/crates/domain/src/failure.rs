//! What is known of how a deployment failed: that its rollout never got there, or that its pods crashed while it ran.
//!
//! Why stands in the evidence: what was seen of the pods themselves, else what the cluster's Events tell. A probe that
//! fails once, or an Event of a pod that came up later, is no failure of the deployment: it only explains one.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::deployment::{Deployment, Moment};
use crate::history::events;
use crate::known_good::{live_time, never_went_live};

const PODS: &str = "pods ";

/// Why pods hang or crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodFailure {
    /// `ImagePullBackOff`, `CrashLoopBackOff`, …
    pub reason: String,
    /// The kubelet's, scheduler's or controller's own words.
    pub message: String,
}

impl PodFailure {
    /// The source of a piece of evidence: "pods ImagePullBackOff: Back-off pulling image …".
    pub fn to_source(&self) -> String {
        format!("{PODS}{}: {}", self.reason, self.message)
    }

    /// Reads a source back; another is none of pods.
    pub fn parse(source: &str) -> Option<Self> {
        let (reason, message) = source.strip_prefix(PODS)?.split_once(": ")?;
        Some(Self {
            reason: reason.to_owned(),
            message: message.to_owned(),
        })
    }
}

/// How a deployment failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// When, as far as it is known: of a range the latest bound.
    pub at: Option<DateTime<Utc>>,
    /// Why, where something told.
    pub why: Option<PodFailure>,
    /// For how long it was live; `None`: it never settled.
    pub ran: Option<Duration>,
}

/// What is known of how a deployment failed; `None`: nothing says that it did.
pub fn failure(deployment: &Deployment, now: DateTime<Utc>) -> Option<Failure> {
    let seen = deployment
        .evidence
        .iter()
        .filter_map(|evidence| Some((PodFailure::parse(&evidence.source)?, evidence.seen_at)))
        .max_by_key(|(_, at)| *at);
    if never_went_live(deployment) {
        let told = || {
            deployment
                .evidence
                .iter()
                .find_map(|one| events::failure_in(&one.source))
        };
        return Some(Failure {
            at: deployment.moments.failed.map(Moment::latest),
            why: seen.map(|(why, _)| why).or_else(told),
            ran: None,
        });
    }
    seen.map(|(why, at)| Failure {
        at: Some(at),
        why: Some(why),
        ran: live_time(deployment, now),
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::deployment::{DeploymentKind, Evidence, EvidenceKind, Moments, RunningVersion, Status};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn deployment(status: Status, settled: Option<i64>, failed: Option<i64>, sources: &[&str]) -> Deployment {
        let moment = |minute: Option<i64>| minute.map(|minute| Moment::At(at(minute)));
        let evidence = |source: &&str| Evidence {
            kind: EvidenceKind::Inferred,
            source: (*source).to_owned(),
            seen_at: at(9),
            moments: Moments::default(),
        };
        Deployment {
            id: None,
            service: "payments".into(),
            environment: "prod-eu".into(),
            workload: None,
            template: None,
            revision: None,
            version: RunningVersion::Version("1.42.0".parse().unwrap()),
            version_evidence: Vec::new(),
            image: None,
            digest: None,
            kind: DeploymentKind::Version,
            status,
            moments: Moments {
                started: moment(Some(0)),
                settled: moment(settled),
                failed: moment(failed),
                ended: moment(Some(60)),
            },
            previous_served_until: None,
            rollback: None,
            who: None,
            why: None,
            operation: None,
            evidence: sources.iter().map(evidence).collect(),
        }
    }

    fn why(reason: &str, message: &str) -> Option<PodFailure> {
        Some(PodFailure {
            reason: reason.to_owned(),
            message: message.to_owned(),
        })
    }

    #[test]
    fn a_rollout_that_never_got_there_failed_for_what_its_pods_said() {
        let pulls = "pods ImagePullBackOff: Back-off pulling image \"p/payments:1.42.0\": not found";
        let event = "Event Failed of Pod payments-7d9f-x2x: Failed to pull image: not found";
        let failed = |sources: &[&str]| {
            let taken_back = deployment(Status::RolledBack, None, Some(7), sources);
            failure(&taken_back, at(90)).expect("because it never settled")
        };
        let seen = failed(&["watch", event, pulls]);
        assert_eq!(
            seen.why,
            why(
                "ImagePullBackOff",
                "Back-off pulling image \"p/payments:1.42.0\": not found"
            ),
            "the pods themselves before an Event"
        );
        assert_eq!((seen.at, seen.ran), (Some(at(7)), None));
        assert_eq!(
            failed(&["watch", event]).why,
            why("Failed", "Failed to pull image: not found")
        );
        assert_eq!(
            failed(&["watch"]).why,
            None,
            "that it failed is known all the same"
        );
    }

    #[test]
    fn what_crashed_while_it_ran_failed_and_what_only_had_events_did_not() {
        let crashed = deployment(
            Status::RolledBack,
            Some(2),
            None,
            &["pods CrashLoopBackOff: back-off 10s restarting failed container"],
        );
        let known = failure(&crashed, at(90)).expect("because its pods crashed");
        assert_eq!(known.ran, Some(Duration::from_secs(58 * 60)));
        assert_eq!(known.at, Some(at(9)));
        let slow = deployment(
            Status::Healthy,
            Some(2),
            None,
            &["Event Unhealthy of Pod payments-7d9f-x2x: Readiness probe failed"],
        );
        assert_eq!(failure(&slow, at(90)), None, "a probe fails once on every start");
    }
}
