//! Deployments that happened while nobody looked, and left nothing to tell their times.

use chrono::{DateTime, Utc};
use domain::deployment::Gap;
use domain::history::InferredHistory;
use domain::ids::{Uid, WorkspaceId};
use ledger::Ledger;

use crate::connection::Place;
use crate::error::{self, Answer};

/// Holds the newest revision against the last one seen, says what nothing tells of, and keeps the new number.
pub(super) fn keep(
    ledger: &Ledger,
    workspace: &WorkspaceId,
    place: &Place,
    workload: &Uid,
    history: &InferredHistory,
    now: DateTime<Utc>,
) -> Answer<()> {
    let Some(newest) = history
        .deployments
        .iter()
        .filter_map(|deployment| deployment.revision)
        .max()
    else {
        return Ok(());
    };
    let last = ledger
        .last_seen_revision(workspace, workload)
        .map_err(error::ledger)?;
    if let Some((revision, seen_at)) = last {
        let missed = history.untold_since(revision);
        if missed > 0 {
            let gap = Gap {
                service: place.0.clone(),
                environment: place.1.clone(),
                workload: workload.clone(),
                from: seen_at,
                to: now,
                missed,
            };
            ledger.put_gaps(workspace, &[gap]).map_err(error::ledger)?;
        }
    }
    if last.is_none_or(|(revision, _)| revision <= newest) {
        ledger
            .see_revisions(workspace, &[(workload.clone(), newest)], now)
            .map_err(error::ledger)?;
    }
    Ok(())
}
