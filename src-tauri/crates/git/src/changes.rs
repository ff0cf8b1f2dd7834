//! The files that differ between two commits, with `git diff --numstat --no-renames` as the measure.

use domain::release::{FileChange, FileChangeKind, LineCounts, ObjectId};
use git2::{Delta, Diff, DiffDelta, DiffFile, DiffOptions, ErrorCode, FileMode, Patch};

use crate::error::GitError;
use crate::repository::Repository;

impl Repository {
    /// The files that differ, as seen when going from `from` to `to`, by path.
    ///
    /// In a clone without blobs the paths are told and their lines are [`LineCounts::NotHere`].
    pub fn changed_files(&self, from: &ObjectId, to: &ObjectId) -> Result<Vec<FileChange>, GitError> {
        self.read_twice(|repository| repository.changed_files_once(from, to))
    }

    fn changed_files_once(&self, from: &ObjectId, to: &ObjectId) -> Result<Vec<FileChange>, GitError> {
        let tree = |id: &ObjectId| {
            self.git_commit(id)?
                .tree()
                .map_err(|error| self.unreadable(&format!("the folders of {id}"), &error))
        };
        let (old, new) = (tree(from)?, tree(to)?);
        let diff = self
            .git
            .diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options()))
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
        let counted = match diff.get_delta(index) {
            Some(delta) if delta.status() == Delta::Typechange => self.type_change(&delta),
            Some(_) | None => Patch::from_diff(diff, index).and_then(|patch| counts(patch.as_ref())),
        };
        match counted {
            Ok(lines) => Ok(lines),
            Err(error) if error.code() == ErrorCode::NotFound && self.may_lack_objects() => {
                Ok(LineCounts::NotHere)
            }
            Err(error) => Err(self.unreadable(path, &error)),
        }
    }

    /// libgit2 makes no lines of a file that became a link or a submodule; Git does, of their texts.
    fn type_change(&self, delta: &DiffDelta<'_>) -> Result<LineCounts, git2::Error> {
        let (old, new) = (self.text_of(&delta.old_file())?, self.text_of(&delta.new_file())?);
        counts(Some(&Patch::from_buffers(
            &old,
            None,
            &new,
            None,
            Some(&mut options()),
        )?))
    }

    fn text_of(&self, file: &DiffFile<'_>) -> Result<Vec<u8>, git2::Error> {
        match file.mode() {
            FileMode::Commit => Ok(format!("Subproject commit {}\n", file.id()).into_bytes()),
            FileMode::Unreadable
            | FileMode::Tree
            | FileMode::Blob
            | FileMode::BlobGroupWritable
            | FileMode::BlobExecutable
            | FileMode::Link => Ok(self.git.find_blob(file.id())?.content().to_vec()),
        }
    }
}

fn options() -> DiffOptions {
    let mut options = DiffOptions::new();
    options
        .context_lines(0)
        .interhunk_lines(0)
        .include_typechange(true)
        .indent_heuristic(true);
    options
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

/// No patch, or one of a binary file, has no lines.
fn counts(patch: Option<&Patch<'_>>) -> Result<LineCounts, git2::Error> {
    match patch {
        Some(patch) if !patch.delta().flags().is_binary() => {
            let (_, added, removed) = patch.line_stats()?;
            Ok(LineCounts::Counted {
                added: count(added),
                removed: count(removed),
            })
        }
        Some(_) | None => Ok(LineCounts::Binary),
    }
}

fn count(lines: usize) -> u32 {
    u32::try_from(lines).unwrap_or(u32::MAX)
}
