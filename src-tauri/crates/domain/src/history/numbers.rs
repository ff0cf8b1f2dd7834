//! Under which numbers a revision ran before its present one: as it lists them, or as the gaps between the others prove.
//!
//! A number is given once. The one with which a revision was made is higher than those of all that were made before it,
//! and lower than those of all that were made after it. So one that came back left its first number open, between the
//! numbers of its neighbours by age that never moved.

use super::{Earlier, RevisionFacts};

/// The runs of a revision before its present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EarlierNumbers {
    /// Their numbers, lowest first, as far as anything tells them.
    pub numbers: Vec<i64>,
    /// Whether the first of these, or the present one where there is none, is its first run.
    pub with_first: bool,
}

/// Of each of these revisions, all that a workload has.
pub(super) fn earlier(revisions: &[RevisionFacts]) -> Vec<EarlierNumbers> {
    let moved: Vec<&RevisionFacts> = revisions.iter().filter(|one| has_moved(one, revisions)).collect();
    let of = |one: &RevisionFacts| match &one.earlier {
        Earlier::Listed(listed) => EarlierNumbers {
            numbers: ascending(listed, one.revision),
            with_first: true,
        },
        Earlier::Unlisted { .. } => {
            let open = open_numbers(one, revisions, &moved);
            let first = first_number(one, &open, revisions, &moved);
            EarlierNumbers {
                // Without an open number it can't have had another: its manager wrote something else of it.
                with_first: first.is_some() || open.is_empty() || !has_moved(one, revisions),
                numbers: first.into_iter().collect(),
            }
        }
    };
    revisions.iter().map(of).collect()
}

fn ascending(listed: &[i64], present: Option<i64>) -> Vec<i64> {
    let mut numbers: Vec<i64> = listed
        .iter()
        .copied()
        .filter(|number| Some(*number) != present)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Whether something says that it has another number than the one that it was made with, and it lists none: that was
/// written later, or one of a lower number was made after it.
fn has_moved(one: &RevisionFacts, revisions: &[RevisionFacts]) -> bool {
    match one.earlier {
        Earlier::Listed(_) => false,
        Earlier::Unlisted { renumbered: Some(_) } => true,
        Earlier::Unlisted { renumbered: None } => revisions.iter().any(|other| {
            other.revision.is_some() && other.revision < one.revision && other.created > one.created
        }),
    }
}

/// The number that a revision was made with; `None`: several are open. As many that moved as there are numbers open to
/// them have these in the order in which they were made.
fn first_number(
    one: &RevisionFacts,
    open: &[i64],
    revisions: &[RevisionFacts],
    moved: &[&RevisionFacts],
) -> Option<i64> {
    let peers: Vec<&&RevisionFacts> = moved
        .iter()
        .filter(|other| open_numbers(other, revisions, moved) == open)
        .collect();
    let older = peers.iter().filter(|other| other.created < one.created).count();
    let is_own = |other: &&&RevisionFacts| other.object.uid == one.object.uid;
    let same = peers.iter().filter(|other| other.created == one.created).count();
    let is_told = peers.iter().any(is_own) && peers.len() == open.len() && same == 1;
    is_told.then(|| open[older])
}

/// The numbers that nothing has any more and with which it can have been made; of more than there are that moved, no more
/// are listed than show it.
fn open_numbers(one: &RevisionFacts, revisions: &[RevisionFacts], moved: &[&RevisionFacts]) -> Vec<i64> {
    let Some(present) = one.revision else {
        return Vec::new();
    };
    let is_still = |other: &&RevisionFacts| moved.iter().all(|moved| moved.object.uid != other.object.uid);
    let still = || revisions.iter().filter(is_still);
    let before = still().filter(|other| other.created < one.created);
    let after = still().filter(|other| other.created > one.created);
    let from = before.filter_map(|other| other.revision).max().unwrap_or(0);
    let to = after.filter_map(|other| other.revision).min().unwrap_or(present);
    (from + 1..to.min(present))
        .filter(|number| revisions.iter().all(|other| other.revision != Some(*number)))
        .take(moved.len() + 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeZone, Utc};

    use super::*;
    use crate::history::RevisionObject;
    use crate::ids::Uid;
    use crate::workload::RevisionKind;

    fn at(hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 3, 3, hour, 0, 0).unwrap()
    }

    /// Present number, hour of creation, hour at which the number was written if that was later.
    fn revision((number, created, renumbered): (i64, u32, Option<u32>)) -> RevisionFacts {
        RevisionFacts {
            object: RevisionObject {
                kind: RevisionKind::ReplicaSet,
                uid: Uid::new(number.to_string()),
                name: number.to_string(),
            },
            revision: Some(number),
            earlier: Earlier::Unlisted {
                renumbered: renumbered.map(at),
            },
            created: at(created),
            change_cause: None,
            operation: None,
            template: None,
            ready: None,
        }
    }

    #[test]
    fn the_first_number_of_one_that_came_back_is_told_where_only_one_is_open() {
        /// Revisions; of each the first number that it left, or 0 where that is not known; why.
        type Row<'r> = (&'r [(i64, u32, Option<u32>)], &'r [Option<i64>], &'r str);
        let table: [Row; 9] = [
            (&[(1, 8, None), (2, 9, None)], &[None, None], "none came back"),
            (
                &[(2, 9, None), (3, 8, Some(10)), (4, 11, None)],
                &[None, Some(1), None],
                "1 a, 2 b, 3 a, 4 c",
            ),
            (
                &[(3, 8, Some(10)), (4, 9, Some(11))],
                &[Some(1), Some(2)],
                "1 a, 2 b, 3 a, 4 b: as many open as came back, in the order of their making",
            ),
            (
                &[(2, 9, None), (4, 11, None), (5, 8, Some(12))],
                &[None, None, Some(1)],
                "1 a, 2 b, 3 a, 4 c, 5 a: what a was at 3 is not known, what it was made with is",
            ),
            (
                &[(12, 8, None), (15, 12, None), (16, 10, Some(13))],
                &[None, None, Some(0)],
                "13 and 14 are open, and either may have been its first",
            ),
            (
                &[(7, 9, None), (8, 8, Some(10))],
                &[None, Some(0)],
                "1 to 6 are open",
            ),
            (
                &[(2, 9, None), (3, 8, None)],
                &[None, Some(1)],
                "nothing says when it was numbered, but one of a lower number is younger",
            ),
            (
                &[(1, 8, Some(20)), (2, 9, Some(20))],
                &[None, None],
                "no number is open: they were written for another reason, as when they get a new owner",
            ),
            (
                &[(3, 8, Some(10)), (4, 8, Some(11))],
                &[Some(0), Some(0)],
                "made within one second: which of the two was first is not known",
            ),
        ];
        for (revisions, expected, why) in table {
            let revisions: Vec<RevisionFacts> = revisions.iter().copied().map(revision).collect();
            let found: Vec<Option<i64>> = earlier(&revisions)
                .into_iter()
                .map(|one| match (one.numbers.first(), one.with_first) {
                    (None, true) => None,
                    (None, false) => Some(0),
                    (Some(first), _) => Some(*first),
                })
                .collect();
            assert_eq!(found, expected, "{why}");
        }
    }

    #[test]
    fn what_is_listed_is_taken_as_it_is() {
        let mut one = revision((7, 8, None));
        one.earlier = Earlier::Listed(vec![5, 2, 7, 5]);
        let told = EarlierNumbers {
            numbers: vec![2, 5],
            with_first: true,
        };
        assert_eq!(earlier(&[one]), [told]);
    }
}
