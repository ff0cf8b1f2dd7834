//! Whether pods of the template before still answer while a rollout is not complete.
//!
//! A Deployment object counts the pods of all its templates together, and ReplicaSets are watched as metadata only. Where
//! the numbers alone do not tell whose pods are ready, the ReplicaSets are read.

use cluster::history::{Revision, revisions};
use cluster::records::{Rollout, WorkloadRecord};
use domain::ids::TemplateHash;

use crate::connection::ClusterLink;

/// How many pods of other templates than the one that the object wants are ready, at least. The link keeps it; as long
/// as nobody says, what was said last holds.
pub(super) async fn old_pods(link: &ClusterLink, record: &WorkloadRecord) -> u32 {
    let told = match told_by_counts(&record.rollout) {
        Some(told) => Some(told),
        None => read(link, record).await,
    };
    if let Some(ready) = told {
        link.keep_old_pods(&record.uid, ready);
    }
    link.old_pods(&record.uid)
}

async fn read(link: &ClusterLink, record: &WorkloadRecord) -> Option<u32> {
    match revisions(&link.clients()?, record).await {
        Ok(found) => Some(ready_of_others(&found, &record.template)),
        Err(error) => {
            tracing::warn!(%error, workload = %record.name, "whose pods are ready was not read");
            None
        }
    }
}

/// What the object's own counts prove: without a pod that is not updated there is no old one, and at most every updated
/// pod is ready, so that ready ones beyond are old. `None`: the ready ones may be of either.
fn told_by_counts(rollout: &Rollout) -> Option<u32> {
    if rollout.pods <= rollout.updated || rollout.ready == 0 {
        return Some(0);
    }
    rollout.ready.checked_sub(rollout.updated).filter(|old| *old > 0)
}

fn ready_of_others(revisions: &[Revision], wanted: &TemplateHash) -> u32 {
    let others = revisions
        .iter()
        .filter(|revision| revision.template.hash() != *wanted);
    others.map(|revision| revision.ready).sum()
}

#[cfg(test)]
mod tests {
    use cluster::records::Rollout;

    use super::told_by_counts;

    #[test]
    fn the_counts_tell_whose_pods_are_ready_only_where_they_prove_it() {
        let table = [
            ([3, 3, 3], Some(0), "every pod is updated"),
            ([4, 2, 0], Some(0), "none is ready"),
            ([4, 1, 3], Some(2), "one of three may be new"),
            (
                [6, 3, 3],
                None,
                "three new ones, three old ones: either may be ready",
            ),
            (
                [5, 4, 3],
                None,
                "an old pod that hangs beside new ones that answer",
            ),
        ];
        for ([pods, updated, ready], old, why) in table {
            let rollout = Rollout {
                pods,
                updated,
                ready,
                ..Rollout::default()
            };
            assert_eq!(told_by_counts(&rollout), old, "{why}");
        }
    }
}
