//! All tags of a repository, and quickly again when little or nothing changed.
//!
//! What an object says never changes, so a [`TagScanner`] keeps it by object id; what a reference says
//! is known to be unchanged by a look at its file. A tag that cannot be read becomes a problem beside
//! the others and never hides them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::release::{Tag, TagName};
use git2::Oid;

use crate::error::GitError;
use crate::layout::Layout;
use crate::refs::{RefValue, RefsStamp, TagRefs};
use crate::repository::{Repository, object_id};

mod load;

use load::{Facts, Loaded, Peeled, Wanted, load};

/// The tags of a repository at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagList {
    /// The tags that lead to a commit, by the bytes of their names.
    pub tags: Vec<Tag>,
    /// The others, and what else was odd; show their count and a few examples.
    pub problems: Vec<TagProblem>,
}

/// Something below `refs/tags/` that is no tag of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagProblem {
    /// The tag; `None` for a line of `packed-refs` that names nothing.
    pub name: Option<TagName>,
    /// What is wrong.
    pub reason: TagProblemReason,
}

/// Why a tag is not listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TagProblemReason {
    /// Its object is missing from a clone that should have it.
    #[error("it points to {0}, which does not exist")]
    Dangling(String),
    /// Its object is missing from a shallow or partial clone.
    #[error("it points to {0}, which is not in this shallow or partial clone")]
    NotHere(String),
    /// It leads to a file or a folder.
    #[error("it names a {0}, not a commit")]
    NotACommit(String),
    /// Its reference is unreadable.
    #[error("its reference is not readable: {0}")]
    Garbage(String),
    /// Its object is unreadable.
    #[error("its object is damaged: {0}")]
    Damaged(String),
    /// A line of `packed-refs` that is no reference; counted from 1.
    #[error("line {0} of packed-refs is no reference")]
    JunkLine(usize),
}

/// Lists the tags of one repository, again and again.
#[derive(Debug)]
pub struct TagScanner {
    path: PathBuf,
    layout: Layout,
    known: HashMap<Oid, Peeled>,
    last: Option<(RefsStamp, Arc<TagList>, Certainty)>,
}

/// Whether an unchanged stamp proves an unchanged list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Certainty {
    Proven,
    /// Something was missing, or a tag follows another reference: read again each time.
    Open,
}

/// One attempt at a list.
struct Attempt {
    list: TagList,
    certainty: Certainty,
    /// An object that should be there could not be read: a repack may have moved it meanwhile.
    missed: bool,
}

impl TagScanner {
    /// Prepares to list the tags of the repository at `path`; it is opened once to see that it can be.
    pub fn new(path: impl AsRef<Path>) -> Result<TagScanner, GitError> {
        Repository::open(path).map(|repository| TagScanner::of(&repository))
    }

    /// For a repository that is open already.
    pub(crate) fn of(repository: &Repository) -> TagScanner {
        let (path, layout) = (repository.path.clone(), repository.layout.clone());
        TagScanner {
            path,
            layout,
            known: HashMap::new(),
            last: None,
        }
    }

    /// The repository's place.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The list as it is now. When nothing changed it is the very same `Arc` as before, and no object
    /// was read.
    pub fn scan(&mut self) -> Result<Arc<TagList>, GitError> {
        self.scan_observed(|| {})
    }

    /// [`TagScanner::scan`], which calls `between` after it has seen the references and before it reads
    /// objects: the moment in which another program may repack or delete the repository.
    fn scan_observed(&mut self, mut between: impl FnMut()) -> Result<Arc<TagList>, GitError> {
        let mut stamp = self.stamp()?;
        if let Some((last, list, Certainty::Proven)) = &self.last
            && *last == stamp
        {
            return Ok(list.clone());
        }
        let mut attempt = self.attempt(&stamp, &mut between)?;
        if attempt.missed {
            // Once more with new eyes: tags may have been deleted and objects moved since they were
            // seen. What is missing then is missing, and said tag by tag.
            stamp = self.stamp()?;
            attempt = self.attempt(&stamp, &mut between)?;
        }
        let list = Arc::new(attempt.list);
        self.last = Some((stamp, list.clone(), attempt.certainty));
        Ok(list)
    }

    fn stamp(&self) -> Result<RefsStamp, GitError> {
        let stamp = RefsStamp::take(&self.layout.common_dir);
        // A folder without references looks like one without tags: ask before believing it.
        if !self.layout.exists() {
            return Err(GitError::Gone {
                path: self.path.clone(),
            });
        }
        stamp
    }

    fn attempt(&mut self, stamp: &RefsStamp, between: &mut impl FnMut()) -> Result<Attempt, GitError> {
        let refs = TagRefs::read(&self.layout.common_dir, stamp)?;
        between();
        let repository = Repository::open(&self.path).map_err(GitError::or_gone)?;
        let mut open = refs
            .values
            .values()
            .any(|value| matches!(value, RefValue::Symbolic(_)));
        let targets: Vec<Target<'_>> = refs
            .values
            .iter()
            .map(|(name, value)| (name.as_slice(), target(&repository, value)))
            .collect();

        let mut wanted: Vec<Wanted> = targets
            .iter()
            .filter_map(|(_, wanted)| wanted.as_ref().ok().copied())
            .collect();
        wanted.sort_unstable();
        wanted.dedup_by_key(|wanted| wanted.oid);
        self.known
            .retain(|oid, _| wanted.binary_search_by_key(oid, |wanted| wanted.oid).is_ok());
        wanted.retain(|wanted| !self.known.contains_key(&wanted.oid));

        let mut failed = HashMap::new();
        let mut missed = false;
        for (oid, loaded) in load(&repository, &wanted)? {
            match loaded {
                Loaded::Peeled(peeled) => {
                    self.known.insert(oid, peeled);
                }
                Loaded::Failed(reason) => {
                    open = true;
                    missed |= !matches!(reason, TagProblemReason::NotACommit(_));
                    failed.insert(oid, reason);
                }
            }
        }
        let list = self.list(&refs, targets, &failed);
        let certainty = if open { Certainty::Open } else { Certainty::Proven };
        Ok(Attempt {
            list,
            certainty,
            missed,
        })
    }

    fn list(
        &self,
        refs: &TagRefs,
        targets: Vec<Target<'_>>,
        failed: &HashMap<Oid, TagProblemReason>,
    ) -> TagList {
        let junk = |&line: &usize| TagProblem {
            name: None,
            reason: TagProblemReason::JunkLine(line),
        };
        let mut list = TagList {
            tags: Vec::with_capacity(targets.len()),
            problems: refs.junk_lines.iter().map(junk).collect(),
        };
        for (name, target) in targets {
            let name = TagName::from_bytes(name);
            let peeled = target.and_then(|Wanted { oid, .. }| match self.known.get(&oid) {
                Some(peeled) => Ok(peeled),
                None => Err(failed
                    .get(&oid)
                    .cloned()
                    .unwrap_or_else(|| TagProblemReason::Dangling(oid.to_string()))),
            });
            match peeled {
                Ok(peeled) => list.tags.push(tag(name, peeled)),
                Err(reason) => list.problems.push(TagProblem {
                    name: Some(name),
                    reason,
                }),
            }
        }
        list
    }
}

/// A tag's name, and what it points to.
type Target<'a> = (&'a [u8], Result<Wanted, TagProblemReason>);

fn target(repository: &Repository, value: &RefValue) -> Result<Wanted, TagProblemReason> {
    match value {
        RefValue::Object(oid, peeled) => Ok(Wanted {
            oid: *oid,
            peeled: *peeled,
        }),
        RefValue::Garbage(reason) => Err(TagProblemReason::Garbage(reason.clone())),
        RefValue::Symbolic(name) => {
            let name = String::from_utf8_lossy(name);
            repository
                .git
                .refname_to_id(&name)
                .map(|oid| Wanted { oid, peeled: None })
                .map_err(|_| TagProblemReason::Garbage(format!("it follows {name}, which leads nowhere")))
        }
    }
}

fn tag(name: TagName, peeled: &Peeled) -> Tag {
    let Facts {
        date,
        subject,
        body,
        tagger,
    } = peeled.facts.clone();
    Tag {
        name,
        kind: peeled.kind,
        commit: object_id(peeled.commit),
        date,
        subject,
        body,
        tagger,
    }
}

#[cfg(test)]
mod tests;
