//! What changed between the tags once seen and the tags now.
//!
//! Git keeps no history of tags: a tag moved by force looks as if it had always been there. Whoever
//! remembers the commit that it named before can tell, and keeps that commit.

use std::collections::{BTreeMap, BTreeSet};

use domain::release::{ObjectId, TagName};

use crate::tags::TagList;

/// A tag that names another commit than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagMoved {
    /// The tag.
    pub tag: TagName,
    /// The commit that it named.
    pub old: ObjectId,
    /// The commit that it names now.
    pub new: ObjectId,
}

/// The differences, each by the tag's name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagChanges {
    /// Not seen before.
    pub added: Vec<TagName>,
    /// Moved by force.
    pub moved: Vec<TagMoved>,
    /// No longer there. A tag that is there and cannot be read just now is not among them.
    pub removed: Vec<TagName>,
}

impl TagChanges {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.moved.is_empty() && self.removed.is_empty()
    }
}

/// Compares the commits that tags were `known` to name with the tags `now`.
pub fn compare_tags(known: &BTreeMap<TagName, ObjectId>, now: &TagList) -> TagChanges {
    let mut changes = TagChanges::default();
    for tag in &now.tags {
        match known.get(&tag.name) {
            None => changes.added.push(tag.name.clone()),
            Some(old) if *old != tag.commit => {
                let (tag, new) = (tag.name.clone(), tag.commit.clone());
                changes.moved.push(TagMoved {
                    tag,
                    old: old.clone(),
                    new,
                });
            }
            Some(_) => {}
        }
    }
    let readable = now.tags.iter().map(|tag| &tag.name);
    let unreadable = now.problems.iter().filter_map(|problem| problem.name.as_ref());
    let there: BTreeSet<&TagName> = readable.chain(unreadable).collect();
    changes.removed = known
        .keys()
        .filter(|name| !there.contains(name))
        .cloned()
        .collect();
    changes
}
