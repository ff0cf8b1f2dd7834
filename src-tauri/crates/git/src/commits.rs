//! The commits between two, and how far two are apart; all of them, or those that touch one path.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use domain::release::{Commit, CommitRange, ObjectId};
use git2::{DiffOptions, ErrorCode, Oid, Sort};

use crate::error::GitError;
use crate::objects::parse_commit;
use crate::repository::{Repository, inside, object_id, oid};

/// The commits of a range, newest first and children before their parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitList {
    /// The commits.
    pub commits: Vec<Commit>,
    /// Whether these are all.
    pub end: HistoryEnd,
}

/// Whether a history is told to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryEnd {
    /// All of it is here.
    Complete,
    /// The clone is shallow: at these commits the history is cut off, and older ones may be missing.
    CutOff(Vec<ObjectId>),
}

/// How many commits each side has that the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AheadBehind {
    /// Commits that only the first side has.
    pub ahead: usize,
    /// Commits that only the second side has.
    pub behind: usize,
}

impl Repository {
    /// One commit.
    pub fn commit(&self, id: &ObjectId) -> Result<Commit, GitError> {
        self.read_twice(|repository| {
            let oid = repository.git_commit(id)?.id();
            let read = |odb: git2::Odb<'_>| Ok(commit(oid, odb.read(oid)?.data()));
            repository
                .git
                .odb()
                .and_then(read)
                .map_err(|error| repository.unreadable(&format!("commit {id}"), &error))
        })
    }

    /// The one commit whose id begins with these hexadecimal digits; `None` where there is none, or more than one.
    pub fn commit_beginning(&self, digits: &str) -> Result<Option<Commit>, GitError> {
        use git2::ErrorCode::{Ambiguous, InvalidSpec, NotFound};
        match self.git.find_commit_by_prefix(digits) {
            Ok(found) => self.commit(&object_id(found.id())).map(Some),
            Err(error) if matches!(error.code(), Ambiguous | InvalidSpec | NotFound) => Ok(None),
            Err(error) => Err(self.unreadable(&format!("a commit that begins with {digits}"), &error)),
        }
    }

    /// The commits of `range` (Git's `from..to`).
    ///
    /// With a `path` (a file or folder from the top of the repository) only those that change it, as
    /// `git log --full-history -- path` lists them; of merges only those that change a file there
    /// themselves, as `git log -c` shows them, rather than bring changes together.
    pub fn commits(&self, range: &CommitRange, path: Option<&str>) -> Result<CommitList, GitError> {
        self.read_twice(|repository| repository.commits_once(range, path))
    }

    fn commits_once(&self, range: &CommitRange, path: Option<&str>) -> Result<CommitList, GitError> {
        let shallow: HashSet<Oid> = self.shallow_commits().into_iter().collect();
        let mut touching = path.map(|path| Touching::new(self, path));
        let mut commits = Vec::new();
        let mut cut = Vec::new();
        let odb = self
            .git
            .odb()
            .map_err(|error| self.unreadable("the object database", &error))?;
        for oid in self.walk(range)? {
            if shallow.contains(&oid) {
                cut.push(object_id(oid));
            }
            if let Some(touching) = &mut touching
                && !touching.is_touched_by(oid)?
            {
                continue;
            }
            let object = odb
                .read(oid)
                .map_err(|error| self.unreadable(&format!("commit {oid}"), &error))?;
            commits.push(commit(oid, object.data()));
        }
        let end = if cut.is_empty() {
            HistoryEnd::Complete
        } else {
            HistoryEnd::CutOff(cut)
        };
        Ok(CommitList { commits, end })
    }

    /// How many commits `one` has that `other` has not, and the other way round; with a `path` only
    /// those that change it. In a shallow clone these are the commits that are here.
    pub fn ahead_behind(
        &self,
        one: &ObjectId,
        other: &ObjectId,
        path: Option<&str>,
    ) -> Result<AheadBehind, GitError> {
        let ahead = CommitRange {
            from: other.clone(),
            to: one.clone(),
        };
        Ok(AheadBehind {
            ahead: self.count(&ahead, path)?,
            behind: self.count(&ahead.reversed(), path)?,
        })
    }

    /// Whether the history of `commit` holds `ancestor`, or they are the same.
    pub fn contains(&self, commit: &ObjectId, ancestor: &ObjectId) -> Result<bool, GitError> {
        if commit == ancestor {
            return Ok(true);
        }
        self.git
            .graph_descendant_of(oid(commit), oid(ancestor))
            .map_err(|error| self.unreadable(&format!("the history of {commit}"), &error))
    }

    fn count(&self, range: &CommitRange, path: Option<&str>) -> Result<usize, GitError> {
        let commits = self.walk(range)?;
        let Some(path) = path else {
            return Ok(commits.len());
        };
        let mut touching = Touching::new(self, path);
        let mut count = 0;
        for oid in commits {
            count += usize::from(touching.is_touched_by(oid)?);
        }
        Ok(count)
    }

    fn walk(&self, range: &CommitRange) -> Result<Vec<Oid>, GitError> {
        let (from, to) = (
            self.git_commit(&range.from)?.id(),
            self.git_commit(&range.to)?.id(),
        );
        let walk = || {
            let mut walk = self.git.revwalk()?;
            walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME)?;
            walk.push(to)?;
            walk.hide(from)?;
            walk.collect::<Result<Vec<Oid>, git2::Error>>()
        };
        walk().map_err(|error| self.unreadable(&format!("the history from {from} to {to}"), &error))
    }
}

fn commit(oid: Oid, data: &[u8]) -> Commit {
    let facts = parse_commit(data);
    Commit {
        id: object_id(oid),
        parents: facts.parents.into_iter().map(object_id).collect(),
        author: facts.author,
        date: facts.author_date,
        subject: facts.subject,
        body: facts.body,
    }
}

/// Tells which commits change a path. Trees are content-addressed: equal ids are equal content.
struct Touching<'a> {
    repository: &'a Repository,
    /// `None` where no tree can hold it: then nothing touches it.
    path: Option<&'a Path>,
    seen: HashMap<Oid, Option<(Oid, i32)>>,
}

impl<'a> Touching<'a> {
    fn new(repository: &'a Repository, path: &'a str) -> Self {
        Touching {
            repository,
            path: inside(path),
            seen: HashMap::new(),
        }
    }

    fn is_touched_by(&mut self, oid: Oid) -> Result<bool, GitError> {
        let repository = self.repository;
        let fail = |error: git2::Error| repository.unreadable(&format!("commit {oid}"), &error);
        let commit = repository.git.find_commit(oid).map_err(fail)?;
        let own = self.entry(&commit)?;
        // The parents of a shallow clone's last commits are not here: those commits count as roots.
        let parents: Vec<_> = commit.parents().collect();
        if parents.is_empty() {
            return Ok(own.is_some());
        }
        for parent in &parents {
            if self.entry(parent)? == own {
                return Ok(false);
            }
        }
        if parents.len() == 1 {
            Ok(true)
        } else {
            self.is_changed_by_merge(&commit, &parents).map_err(fail)
        }
    }

    /// Whether a file below the path differs from that of every parent.
    fn is_changed_by_merge(
        &self,
        merge: &git2::Commit<'_>,
        parents: &[git2::Commit<'_>],
    ) -> Result<bool, git2::Error> {
        let own = merge.tree()?;
        let mut options = DiffOptions::new();
        options.disable_pathspec_match(true);
        if let Some(path) = self.path {
            options.pathspec(path);
        }
        let mut changed: Option<HashSet<Vec<u8>>> = None;
        for parent in parents {
            let diff = self.repository.git.diff_tree_to_tree(
                Some(&parent.tree()?),
                Some(&own),
                Some(&mut options),
            )?;
            let paths = diff
                .deltas()
                .filter_map(|delta| delta.new_file().path_bytes().map(<[u8]>::to_vec));
            changed = Some(match changed {
                None => paths.collect(),
                Some(before) => paths.filter(|path| before.contains(path)).collect(),
            });
        }
        Ok(changed.is_some_and(|changed| !changed.is_empty()))
    }

    /// The object at the path, and its mode.
    fn entry(&mut self, commit: &git2::Commit<'_>) -> Result<Option<(Oid, i32)>, GitError> {
        let Some(path) = self.path else { return Ok(None) };
        let tree_id = commit.tree_id();
        if let Some(seen) = self.seen.get(&tree_id) {
            return Ok(*seen);
        }
        let fail = |error: &git2::Error| {
            self.repository
                .unreadable(&format!("the folders of {}", commit.id()), error)
        };
        let tree = commit.tree().map_err(|error| fail(&error))?;
        let found = match tree.get_path(path) {
            Ok(entry) => Some((entry.id(), entry.filemode())),
            Err(error) if error.code() == ErrorCode::NotFound => None,
            Err(error) => return Err(fail(&error)),
        };
        self.seen.insert(tree_id, found);
        Ok(found)
    }
}
