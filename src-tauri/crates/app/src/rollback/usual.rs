//! How long a rollout usually takes in a lane: the median of those whose beginning and end are known to the second.

use chrono::TimeDelta;
use domain::deployment::{Deployment, EvidenceKind, Moment};
use domain::ids::ServiceName;

use crate::comparison::sides;
use crate::session::Session;

/// Fewer say nothing of what is usual.
const FEWEST: usize = 3;
/// The newest ones; a service is not what it was a year ago.
const MOST: usize = 20;

/// In milliseconds; `None` where too few are known, or the ledger can't be read: it is a hint, and no step waits for it.
pub(super) fn usual(session: &Session, service: &ServiceName, environment: &str) -> Option<f64> {
    let lane = sides::lane(session, service, environment).ok()?;
    let newest = lane.iter().rev().filter_map(took).take(MOST);
    median(newest.collect()).map(|took| took.num_milliseconds() as f64)
}

/// How long one rollout took, where it was seen or recorded, and became ready.
fn took(deployment: &Deployment) -> Option<TimeDelta> {
    let moments = &deployment.moments;
    let (Some(Moment::At(from)), Some(Moment::At(to))) = (moments.started, moments.settled) else {
        return None;
    };
    let is_known = deployment.best_evidence() >= EvidenceKind::Recorded && moments.failed.is_none();
    (is_known && to > from).then(|| to - from)
}

/// The one in the middle; of an even number the shorter of the two, which was really seen.
fn median(mut took: Vec<TimeDelta>) -> Option<TimeDelta> {
    took.sort();
    (took.len() >= FEWEST).then(|| took[(took.len() - 1) / 2])
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::median;

    #[test]
    fn the_median_of_three_or_more_is_what_is_usual() {
        let seconds = |all: &[i64]| median(all.iter().copied().map(TimeDelta::seconds).collect());
        assert_eq!(seconds(&[80, 9]), None, "two are a coincidence");
        assert_eq!(seconds(&[90, 80, 2000]), Some(TimeDelta::seconds(90)));
        assert_eq!(seconds(&[70, 90, 80, 60]), Some(TimeDelta::seconds(70)));
    }
}
