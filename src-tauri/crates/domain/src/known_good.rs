//! Which deployment is the last known good one.
//!
//! Without metrics, "known good" is evidence of having run: settled, ran for at least the environment's
//! `known-good.after`, never failed, never taken back by a rollback.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::deployment::{Deployment, DeploymentKind, Moment, Status};
use crate::ids::TemplateHash;

/// Why a deployment counts as known good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownGood<'a> {
    /// The deployment.
    pub deployment: &'a Deployment,
    /// For how long it was live.
    pub ran: Duration,
}

/// For how long a deployment was live, as far as its moments tell; at least, where they are ranges.
pub fn live_time(deployment: &Deployment, now: DateTime<Utc>) -> Option<Duration> {
    let from = deployment.moments.settled?.latest();
    let to = match deployment.moments.ended {
        Some(ended) => ended.earliest().unwrap_or(from),
        None => now,
    };
    (to - from).to_std().ok()
}

/// Since when the version at the end of a lane (oldest first) has been live: a restart, or another pod template of the same
/// version, went on with it. Of one that has not settled, since when it was begun.
pub fn live_since(lane: &[Deployment]) -> Option<Moment> {
    let current = lane.last()?;
    let same = lane.iter().rev().take_while(|deployment| {
        deployment.version == current.version && deployment.status != Status::Failed
    });
    let first = same.last().unwrap_or(current);
    first.moments.settled.or(first.moments.started)
}

/// The newest deployment before the current one that is known good, and is another version than it.
///
/// `history` is one lane, oldest first; its last element is what runs now.
pub fn last_known_good(history: &[Deployment], after: Duration, now: DateTime<Utc>) -> Option<KnownGood<'_>> {
    let (current, earlier) = history.split_last()?;
    earlier
        .iter()
        .rev()
        .filter(|deployment| deployment.version != current.version)
        .filter(|deployment| deployment.kind != DeploymentKind::Restart)
        .filter(|deployment| {
            !matches!(
                deployment.status,
                Status::Failed | Status::RolledBack | Status::InProgress
            )
        })
        .filter(|deployment| deployment.moments.failed.is_none())
        .find_map(|deployment| {
            let ran = live_time(deployment, now)?;
            (ran >= after).then_some(KnownGood { deployment, ran })
        })
}

/// The newest earlier deployment of another version than what runs now (rollback.md: a restart is none).
///
/// A deployment is a version that went live: one that failed and never settled is nothing to go back to, nor is an earlier
/// run of the same template of which nobody saw how it went.
pub fn previous(history: &[Deployment]) -> Option<&Deployment> {
    let (current, earlier) = history.split_last()?;
    let mut failed: Vec<&TemplateHash> = Vec::new();
    earlier.iter().rev().find(|deployment| {
        let template = deployment.template.as_ref();
        if never_went_live(deployment) {
            failed.extend(template);
            return false;
        }
        let is_same = template.is_some_and(|template| failed.contains(&template));
        let is_doubtful = is_same && deployment.moments.settled.is_none();
        deployment.version != current.version && !is_doubtful
    })
}

/// Whether it is known to have failed before any of its pods took over.
pub fn never_went_live(deployment: &Deployment) -> bool {
    let has_failed = deployment.moments.failed.is_some() || deployment.status == Status::Failed;
    has_failed && deployment.moments.settled.is_none()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::deployment::{Moments, RunningVersion};

    fn at(minute: i64) -> Moment {
        Moment::At(DateTime::UNIX_EPOCH + TimeDelta::minutes(minute))
    }

    /// A deployment of a lane: started, and settled or failed a minute later.
    fn ran(version: &str, start: i64, status: Status) -> Deployment {
        let outcome = Some(at(start + 1));
        Deployment {
            id: None,
            service: "payments".into(),
            environment: "prod-eu".into(),
            workload: None,
            template: None,
            revision: None,
            version: RunningVersion::Version(version.parse().unwrap()),
            version_evidence: Vec::new(),
            image: None,
            digest: None,
            kind: DeploymentKind::Version,
            status,
            moments: Moments {
                started: Some(at(start)),
                settled: outcome.filter(|_| status != Status::Failed),
                failed: outcome.filter(|_| status == Status::Failed),
                ended: Some(at(start + 60)),
            },
            previous_served_until: None,
            rollback: None,
            who: None,
            why: None,
            operation: None,
            evidence: Vec::new(),
        }
    }

    fn label(found: Option<&Deployment>) -> Option<String> {
        found.map(|deployment| deployment.version.label())
    }

    #[test]
    fn a_version_goes_on_over_restarts_and_other_templates() {
        let healthy = |version, start| ran(version, start, Status::Healthy);
        let failed = |version, start| ran(version, start, Status::Failed);
        let table = [
            (vec![], None),
            (vec![healthy("1.40.0", 0)], Some(1)),
            (
                vec![
                    healthy("1.40.0", 0),
                    healthy("1.41.0", 60),
                    healthy("1.41.0", 120),
                ],
                Some(61),
            ),
            (
                vec![
                    healthy("1.41.0", 0),
                    healthy("1.40.0", 60),
                    healthy("1.41.0", 120),
                ],
                Some(121),
            ),
            (vec![failed("1.41.0", 0), healthy("1.41.0", 60)], Some(61)),
            (vec![healthy("1.41.0", 0), failed("1.41.0", 60)], Some(60)),
        ];
        for (lane, since) in table {
            assert_eq!(live_since(&lane), since.map(at), "{lane:?}");
        }
    }

    #[test]
    fn the_previous_version_is_one_that_went_live() {
        let healthy = |version, start| ran(version, start, Status::Healthy);
        let failed = |version, start| ran(version, start, Status::Failed);
        let table = [
            (
                vec![healthy("1.40.0", 0), failed("1.41.0", 60), failed("1.42.0", 120)],
                Some("1.40.0"),
            ),
            (
                vec![healthy("1.40.0", 0), healthy("1.41.0", 60), failed("1.42.0", 120)],
                Some("1.41.0"),
            ),
            (vec![failed("1.41.0", 0), failed("1.42.0", 60)], None),
            // It ran and was taken back: known good it is not, the previous one it is.
            (
                vec![
                    healthy("1.40.0", 0),
                    ran("1.41.0", 60, Status::RolledBack),
                    healthy("1.40.0", 120),
                ],
                Some("1.41.0"),
            ),
            // The version that runs now, before its configuration changed, is no other.
            (
                vec![
                    healthy("1.40.0", 0),
                    healthy("1.41.0", 60),
                    healthy("1.41.0", 120),
                ],
                Some("1.40.0"),
            ),
        ];
        for (lane, expected) in table {
            let versions: Vec<String> = lane.iter().map(|one| one.version.label()).collect();
            assert_eq!(label(previous(&lane)).as_deref(), expected, "{versions:?}");
        }
    }

    #[test]
    fn what_settled_after_its_deadline_went_live() {
        let mut late = ran("1.41.0", 0, Status::Failed);
        late.moments.settled = Some(at(30));
        let lane = [late, ran("1.42.0", 60, Status::Failed)];
        assert_eq!(label(previous(&lane)).as_deref(), Some("1.41.0"));
    }

    #[test]
    fn a_template_that_failed_is_none_to_go_back_to_by_an_earlier_run_that_nobody_saw() {
        let run = |revision: i64, status| {
            let run = ran("1.41.0", revision * 60, status);
            Deployment {
                template: Some("hangs".into()),
                ..run
            }
        };
        let mut unseen = run(2, Status::Unknown);
        unseen.moments.settled = None;
        let current = ran("1.42.0", 300, Status::Healthy);
        let lane = |first: &Deployment| {
            let oldest = ran("1.40.0", 0, Status::Healthy);
            [oldest, first.clone(), run(4, Status::Failed), current.clone()]
        };
        assert_eq!(label(previous(&lane(&unseen))).as_deref(), Some("1.40.0"));
        let settled = run(2, Status::Healthy);
        assert_eq!(
            label(previous(&lane(&settled))).as_deref(),
            Some("1.41.0"),
            "it ran then"
        );
    }
}
