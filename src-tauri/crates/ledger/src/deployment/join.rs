//! Whether two tellings are of one deployment (history.md, "Joining").
//!
//! Joined by workload uid and template hash or release revision. A template runs again after a rollback, under a
//! higher revision: with both numbers known they decide; without, the times must agree. What has no uid (imported)
//! joins by version and time.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};

use domain::deployment::{Deployment, Moment};

/// How far two tellings of one start may be apart: clocks, and the time between the object's change and its
/// ReplicaSet's.
const SLACK: TimeDelta = TimeDelta::seconds(60);

/// What a deployment is recognised by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Telling {
    pub(super) id: i64,
    pub(super) uid: Option<String>,
    pub(super) template: Option<String>,
    pub(super) revision: Option<i64>,
    pub(super) version: String,
    pub(super) started: Option<Moment>,
}

impl Telling {
    pub(super) fn of(id: i64, deployment: &Deployment) -> Self {
        Self {
            id,
            uid: deployment
                .workload
                .as_ref()
                .map(|workload| workload.uid.to_string()),
            template: deployment.template.as_ref().map(ToString::to_string),
            revision: deployment.revision,
            version: super::version_columns(&deployment.version).1,
            started: deployment.moments.started,
        }
    }

    /// Whether both tell of the same deployment.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let (Some(uid), Some(other_uid)) = (&self.uid, &other.uid) else {
            return self.version == other.version && self.starts_with(other);
        };
        uid == other_uid && self.same_template(other)
    }

    fn same_template(&self, other: &Self) -> bool {
        let numbers = self.revision.zip(other.revision).map(|(a, b)| a == b);
        match (&self.template, &other.template) {
            (Some(a), Some(b)) => a == b && numbers.unwrap_or_else(|| self.starts_with(other)),
            (Some(_), None) | (None, Some(_)) | (None, None) => numbers.unwrap_or(false),
        }
    }

    /// Whether the two starts can be one; a start that is not known can be any.
    fn starts_with(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.started, other.started) else {
            return true;
        };
        begins_before_end(a, b) && begins_before_end(b, a)
    }
}

fn begins_before_end(a: Moment, b: Moment) -> bool {
    let earliest = a.earliest().unwrap_or(DateTime::<Utc>::MIN_UTC);
    earliest
        <= b.latest()
            .checked_add_signed(SLACK)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The tellings of one lane, found without looking at each.
#[derive(Debug, Default)]
pub(super) struct LaneIndex {
    tellings: Vec<Telling>,
    /// Positions, by the hash of what two tellings of one deployment must share.
    shared: HashMap<u64, Vec<usize>>,
}

impl LaneIndex {
    /// Adds a telling, or puts it in the place of an earlier one of the same row.
    pub(super) fn put(&mut self, telling: Telling) {
        let at = self.tellings.len();
        for key in keys(&telling) {
            self.shared.entry(key).or_default().push(at);
        }
        self.tellings.push(telling);
    }

    /// The row of the same deployment; of several the one told last.
    pub(super) fn find(&self, telling: &Telling) -> Option<i64> {
        keys(telling)
            .into_iter()
            .filter_map(|key| self.shared.get(&key))
            .flat_map(|positions| positions.iter().rev())
            .map(|at| &self.tellings[*at])
            .find(|known| known.is_same(telling))
            .map(|known| known.id)
    }
}

/// Each of these shared with another telling makes it worth a look.
fn keys(telling: &Telling) -> Vec<u64> {
    let mut keys = Vec::with_capacity(3);
    if let Some(uid) = &telling.uid {
        keys.extend(
            telling
                .template
                .as_ref()
                .map(|template| hash(("template", uid, template))),
        );
        keys.extend(telling.revision.map(|revision| hash(("revision", uid, revision))));
    }
    keys.push(hash(("version", &telling.version)));
    keys
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Option<Moment> {
        DateTime::from_timestamp(seconds, 0).map(Moment::At)
    }

    fn told(
        uid: Option<&str>,
        template: Option<&str>,
        revision: Option<i64>,
        started: Option<Moment>,
    ) -> Telling {
        Telling {
            id: 1,
            uid: uid.map(str::to_owned),
            template: template.map(str::to_owned),
            revision,
            version: "1.2.0".to_owned(),
            started,
        }
    }

    #[test]
    fn the_rule_of_joining() {
        let base = told(Some("u"), Some("t"), Some(3), at(1000));
        let cases = [
            ("the same", told(Some("u"), Some("t"), Some(3), at(1000)), true),
            (
                "its time told worse",
                told(Some("u"), Some("t"), Some(3), at(90_000)),
                true,
            ),
            (
                "a rollback to the template",
                told(Some("u"), Some("t"), Some(5), at(1000)),
                false,
            ),
            (
                "another template",
                told(Some("u"), Some("x"), Some(3), at(1000)),
                false,
            ),
            (
                "another object of that name",
                told(Some("w"), Some("t"), Some(3), at(1000)),
                false,
            ),
            (
                "no revision yet, same time",
                told(Some("u"), Some("t"), None, at(1030)),
                true,
            ),
            (
                "no revision yet, later",
                told(Some("u"), Some("t"), None, at(5000)),
                false,
            ),
            ("a release record", told(Some("u"), None, Some(3), at(1000)), true),
            (
                "another release record",
                told(Some("u"), None, Some(4), at(1000)),
                false,
            ),
            ("imported", told(None, None, None, at(1010)), true),
            ("imported, another time", told(None, None, None, at(9000)), false),
        ];
        for (name, other, expected) in cases {
            assert_eq!(base.is_same(&other), expected, "{name}");
            assert_eq!(other.is_same(&base), expected, "{name}, the other way round");
            let mut lane = LaneIndex::default();
            lane.put(base.clone());
            assert_eq!(lane.find(&other).is_some(), expected, "{name}, by the index");
        }
    }

    #[test]
    fn a_range_joins_what_lies_in_it() {
        let range = Moment::Between {
            earliest: None,
            latest: DateTime::from_timestamp(2000, 0).unwrap(),
        };
        let inferred = told(Some("u"), Some("t"), None, Some(range));
        assert!(inferred.is_same(&told(Some("u"), Some("t"), Some(1), at(10))));
        assert!(!inferred.is_same(&told(Some("u"), Some("t"), Some(1), at(3000))));
    }
}
