//! What the cluster holds: objects by kind, namespace and name, and the log of changes that watches,
//! old lists and `resourceVersion` live on. In memory, under one lock; no etcd, no disk.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::json;
use super::kinds::{KINDS, Kind};
use super::kubelet::PodPlan;

/// Changes that are kept; a watch or a list from before the oldest one answers 410.
const KEPT_CHANGES: usize = 20_000;

/// Namespace (empty for cluster-wide kinds) and name.
pub(crate) type Key = (String, String);

/// What a change was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Added,
    Modified,
    Deleted,
}

/// One write.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub revision: u64,
    pub kind: &'static Kind,
    pub what: ChangeKind,
    pub key: Key,
    /// After the write; for a deletion the last state, with the revision of the deletion.
    pub object: Arc<Value>,
    /// Before the write.
    pub before: Option<Arc<Value>>,
}

/// All objects of one kind.
pub(crate) type Objects = BTreeMap<Key, Arc<Value>>;

/// The whole state of one cluster.
#[derive(Debug)]
pub(crate) struct State {
    objects: Vec<Objects>,
    log: VecDeque<Change>,
    revision: u64,
    /// Nothing at or below this revision can be replayed or listed.
    floor: u64,
    /// What the kubelets have in mind for each pod, by uid.
    pub plans: HashMap<String, PodPlan>,
    /// An owner may be gone: the garbage collector has to look.
    pub orphans: bool,
    /// A counter behind names and uids, so that a seed gives the same world again.
    serial: u64,
    seed: u64,
}

impl State {
    /// An empty cluster whose names and uids follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self {
            objects: KINDS.iter().map(|_| Objects::new()).collect(),
            log: VecDeque::new(),
            revision: 1000,
            floor: 1000,
            plans: HashMap::new(),
            orphans: false,
            serial: 0,
            seed,
        }
    }

    /// The revision of the newest write.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The oldest revision that can still be asked for.
    pub fn floor(&self) -> u64 {
        self.floor
    }

    /// Forgets all changes so far, as a compaction of the real store does.
    pub fn compact(&mut self) {
        self.log.clear();
        self.floor = self.revision;
    }

    /// The objects of a kind, in order of namespace and name.
    pub fn all(&self, kind: &'static Kind) -> &Objects {
        &self.objects[index(kind)]
    }

    /// The objects of a kind, shared, so that the state can be changed while they are gone through.
    pub fn snapshot(&self, kind: &'static Kind) -> Vec<Arc<Value>> {
        self.all(kind).values().cloned().collect()
    }

    /// One object.
    pub fn get(&self, kind: &'static Kind, namespace: &str, name: &str) -> Option<Arc<Value>> {
        self.all(kind)
            .get(&(namespace.to_owned(), name.to_owned()))
            .cloned()
    }

    /// The objects of a kind as they were at a revision that is not before the floor.
    pub fn at(&self, kind: &'static Kind, revision: u64) -> Objects {
        let mut objects = self.all(kind).clone();
        for change in self
            .log
            .iter()
            .rev()
            .take_while(|change| change.revision > revision)
        {
            if !std::ptr::eq(change.kind, kind) {
                continue;
            }
            match &change.before {
                Some(before) => objects.insert(change.key.clone(), Arc::clone(before)),
                None => objects.remove(&change.key),
            };
        }
        objects
    }

    /// The changes after a revision, oldest first, or `None` when that is too old.
    pub fn changes_after(&self, revision: u64) -> Option<impl Iterator<Item = &Change>> {
        if revision < self.floor {
            return None;
        }
        let start = self.log.partition_point(|change| change.revision <= revision);
        Some(self.log.range(start..))
    }

    /// Stores an object as it is, under the next revision.
    pub fn put(&mut self, kind: &'static Kind, mut object: Value) -> Arc<Value> {
        self.revision += 1;
        json::set(
            &mut object,
            &["metadata", "resourceVersion"],
            self.revision.to_string(),
        );
        let key = (
            json::namespace(&object).to_owned(),
            json::name(&object).to_owned(),
        );
        let object = Arc::new(object);
        let before = self.objects[index(kind)].insert(key.clone(), Arc::clone(&object));
        let what = if before.is_some() {
            ChangeKind::Modified
        } else {
            ChangeKind::Added
        };
        self.note(Change {
            revision: self.revision,
            kind,
            what,
            key,
            object: Arc::clone(&object),
            before,
        });
        object
    }

    /// Takes an object out, if it is there.
    pub fn remove(&mut self, kind: &'static Kind, namespace: &str, name: &str) -> Option<Arc<Value>> {
        let key = (namespace.to_owned(), name.to_owned());
        let before = self.objects[index(kind)].remove(&key)?;
        self.revision += 1;
        self.orphans = true;
        self.plans.remove(json::uid(&before));
        let mut last = Value::clone(&before);
        json::set(
            &mut last,
            &["metadata", "resourceVersion"],
            self.revision.to_string(),
        );
        let object = Arc::new(last);
        self.note(Change {
            revision: self.revision,
            kind,
            what: ChangeKind::Deleted,
            key,
            object: Arc::clone(&object),
            before: Some(before),
        });
        Some(object)
    }

    fn note(&mut self, change: Change) {
        self.log.push_back(change);
        while self.log.len() > KEPT_CHANGES {
            if let Some(oldest) = self.log.pop_front() {
                self.floor = oldest.revision;
            }
        }
    }

    /// A new uid in the form of a UUID.
    pub fn next_uid(&mut self) -> String {
        let high = self.next_number();
        let low = self.next_number();
        uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes())
            .into_uuid()
            .to_string()
    }

    /// A suffix as `generateName` and the controllers add it.
    pub fn next_suffix(&mut self) -> String {
        let number = self.next_number();
        super::template::safe_letters((0..5).map(|at| (number >> (at * 8)) as u8))
    }

    /// The next number of a SplitMix64 sequence over the seed.
    pub fn next_number(&mut self) -> u64 {
        self.serial += 1;
        let mut mixed = self
            .seed
            .wrapping_add(self.serial.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

fn index(kind: &'static Kind) -> usize {
    KINDS
        .iter()
        .position(|row| std::ptr::eq(row, kind))
        .expect("because a `&'static Kind` only ever comes from the table")
}

/// A time as `metadata` writes it: whole seconds, `Z`.
pub(crate) fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
