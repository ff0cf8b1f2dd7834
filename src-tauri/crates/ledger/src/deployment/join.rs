//! Whether two tellings are of one deployment (history.md, "Joining").
//!
//! Joined by workload uid and template hash or release revision. A template runs again after a rollback, under a
//! higher revision: with both numbers known they decide; without, the times must agree. What has no uid (imported)
//! joins by version and time.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::iter;

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
    /// The newest position, by the hash of what two tellings of one deployment must share.
    newest: HashMap<u64, usize, BuildHasherDefault<AsIs>>,
    /// For each position and key the position before with the same key.
    before: Vec<[Option<usize>; KEYS]>,
}

impl LaneIndex {
    /// Adds a telling; of several of one row the last counts.
    pub(super) fn put(&mut self, telling: Telling) {
        let at = self.tellings.len();
        let before = keys(&telling).map(|key| key.and_then(|key| self.newest.insert(key, at)));
        self.before.push(before);
        self.tellings.push(telling);
    }

    /// The row of the same deployment; of several the one told last.
    pub(super) fn find(&self, telling: &Telling) -> Option<i64> {
        let chain = |(slot, key): (usize, Option<u64>)| {
            let newest = key.and_then(|key| self.newest.get(&key)).copied();
            iter::successors(newest, move |at| self.before[*at][slot])
        };
        keys(telling)
            .into_iter()
            .enumerate()
            .flat_map(chain)
            .map(|at| &self.tellings[at])
            .find(|known| known.is_same(telling))
            .map(|known| known.id)
    }
}

/// How many keys a telling has at most.
const KEYS: usize = 3;

/// Each of these shared with another telling makes it worth a look; each begins with a mark of its own, so that the
/// first of one telling never meets the second of another.
fn keys(telling: &Telling) -> [Option<u64>; KEYS] {
    let uid = telling.uid.as_deref();
    let template = telling.template.as_deref();
    [
        uid.zip(template)
            .map(|(uid, template)| hash(1, uid, template.as_bytes())),
        uid.zip(telling.revision)
            .map(|(uid, revision)| hash(2, uid, &revision.to_le_bytes())),
        Some(hash(3, &telling.version, &[])),
    ]
}

/// FNV-1a, eight bytes at a time: rows of the person's own ledger need no keyed hash, and 100,000 of them a fast one.
fn hash(mark: u64, text: &str, more: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ mark;
    for chunk in text.as_bytes().chunks(8).chain(more.chunks(8)) {
        let mut bytes = [0; 8];
        bytes[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(bytes))
            .wrapping_mul(0x0000_0100_0000_01b3)
            .rotate_left(23);
    }
    hash
}

/// Takes a key that is a hash already.
#[derive(Debug, Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
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
