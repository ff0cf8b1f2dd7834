//! Which deployment is the last known good one.
//!
//! Without metrics, "known good" is evidence of having run: settled, ran for at least the environment's
//! `known-good.after`, never failed, never taken back by a rollback.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::deployment::{Deployment, DeploymentKind, Status};

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
pub fn previous(history: &[Deployment]) -> Option<&Deployment> {
    let (current, earlier) = history.split_last()?;
    earlier
        .iter()
        .rev()
        .find(|deployment| deployment.version != current.version)
}
