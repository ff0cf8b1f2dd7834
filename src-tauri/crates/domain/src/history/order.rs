//! The order of deployments in a lane: by revision within a workload, never by the clock alone (history.md, "Clock").

use std::collections::HashMap;
use std::hash::Hash;

/// Puts what a lane holds in the order of its clock into that of revisions, workload by workload: each workload keeps
/// the places that its numbered runs have together, and takes them in the order of their numbers. `run` tells the
/// workload and the revision; what has none keeps its place.
///
/// Clocks of several API servers differ, and the cluster's times have whole seconds.
pub fn by_revision<T, W: Eq + Hash>(lane: &mut Vec<T>, run: impl Fn(&T) -> Option<(W, i64)>) {
    let mut places: HashMap<W, Vec<(i64, usize)>> = HashMap::new();
    for (at, one) in lane.iter().enumerate() {
        if let Some((workload, revision)) = run(one) {
            places.entry(workload).or_default().push((revision, at));
        }
    }
    let mut order: Vec<usize> = (0..lane.len()).collect();
    for runs in places.into_values().filter(|runs| !runs.is_sorted()) {
        let mut numbered = runs.clone();
        numbered.sort();
        for ((_, place), (_, from)) in runs.into_iter().zip(numbered) {
            order[place] = from;
        }
    }
    let mut taken: Vec<Option<T>> = lane.drain(..).map(Some).collect();
    lane.extend(order.into_iter().filter_map(|from| taken[from].take()));
}

#[cfg(test)]
mod tests {
    use super::by_revision;

    #[test]
    fn revisions_order_each_workload_and_what_has_none_keeps_its_place() {
        let table = [
            (
                vec![("u", Some(3)), ("u", Some(2))],
                vec![("u", Some(2)), ("u", Some(3))],
                "two that began within one second of the cluster's clock",
            ),
            (
                vec![("", None), ("u", Some(12)), ("u", Some(9)), ("u", Some(10))],
                vec![("", None), ("u", Some(9)), ("u", Some(10)), ("u", Some(12))],
                "an imported one stays first",
            ),
            (
                vec![("u", Some(1)), ("u", None), ("u", Some(2))],
                vec![("u", Some(1)), ("u", None), ("u", Some(2))],
                "in order already",
            ),
            (
                vec![("u", Some(8)), ("w", Some(1)), ("u", Some(7)), ("w", Some(2))],
                vec![("u", Some(7)), ("w", Some(1)), ("u", Some(8)), ("w", Some(2))],
                "numbers of two workloads say nothing of each other",
            ),
        ];
        for (mut lane, expected, why) in table {
            by_revision(&mut lane, |(workload, revision)| Some((*workload, (*revision)?)));
            assert_eq!(lane, expected, "{why}");
        }
    }
}
