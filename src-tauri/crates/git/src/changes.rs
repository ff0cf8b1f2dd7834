//! The files that differ between two commits, with `git diff --numstat --no-renames` as the measure.

use domain::release::{FileChange, FileChangeKind, LineCounts, ObjectId};
use git2::{Delta, Diff, DiffOptions, ErrorCode, Patch};

use crate::error::GitError;
use crate::repository::Repository;

impl Repository {
    /// The files that differ, as seen when going from `from` to `to`, by path.
    ///
    /// In a clone without blobs the paths are told and their lines are [`LineCounts::NotHere`].
    pub fn changed_files(&self, from: &ObjectId, to: &ObjectId) -> Result<Vec<FileChange>, GitError> {
        let tree = |id: &ObjectId| {
            self.commit(id)?
                .tree()
                .map_err(|error| self.unreadable(&format!("the folders of {id}"), &error))
        };
        let (old, new) = (tree(from)?, tree(to)?);
        let mut options = DiffOptions::new();
        options
            .context_lines(0)
            .interhunk_lines(0)
            .include_typechange(true)
            .indent_heuristic(true);
        let diff = self
            .git
            .diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options))
            .map_err(|error| self.unreadable(&format!("the difference of {from} and {to}"), &error))?;
        (0..diff.deltas().len())
            .filter_map(|index| self.file_change(&diff, index).transpose())
            .collect()
    }

    fn file_change(&self, diff: &Diff<'_>, index: usize) -> Result<Option<FileChange>, GitError> {
        let Some(delta) = diff.get_delta(index) else {
            return Ok(None);
        };
        let Some(kind) = kind(delta.status()) else {
            return Ok(None);
        };
        let path = delta
            .new_file()
            .path_bytes()
            .or(delta.old_file().path_bytes())
            .unwrap_or_default();
        let path = String::from_utf8_lossy(path).into_owned();
        let lines = self.line_counts(diff, index, &path)?;
        Ok(Some(FileChange { path, lines, kind }))
    }

    fn line_counts(&self, diff: &Diff<'_>, index: usize, path: &str) -> Result<LineCounts, GitError> {
        let counted = Patch::from_diff(diff, index).and_then(|patch| match patch {
            None => Ok(LineCounts::Binary),
            Some(patch) if patch.delta().flags().is_binary() => Ok(LineCounts::Binary),
            Some(patch) => {
                let (_, added, removed) = patch.line_stats()?;
                Ok(LineCounts::Counted {
                    added: count(added),
                    removed: count(removed),
                })
            }
        });
        match counted {
            Ok(lines) => Ok(lines),
            Err(error) if error.code() == ErrorCode::NotFound && self.may_lack_objects() => {
                Ok(LineCounts::NotHere)
            }
            Err(error) => Err(self.unreadable(path, &error)),
        }
    }
}

fn kind(status: Delta) -> Option<FileChangeKind> {
    match status {
        Delta::Added | Delta::Copied => Some(FileChangeKind::Added),
        Delta::Deleted => Some(FileChangeKind::Removed),
        Delta::Modified | Delta::Renamed => Some(FileChangeKind::Modified),
        Delta::Typechange => Some(FileChangeKind::TypeChanged),
        // States of a working tree or an index; between two commits they do not occur.
        Delta::Unmodified | Delta::Ignored | Delta::Untracked | Delta::Unreadable | Delta::Conflicted => None,
    }
}

fn count(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}
