//! One file as it was at a commit.

use domain::release::ObjectId;
use git2::{ErrorCode, ObjectType};

use crate::error::GitError;
use crate::repository::{Repository, inside};

impl Repository {
    /// The content of `file` (a path from the top of the repository) at `commit`; `None` when that
    /// commit has no such file. No filter runs: the bytes are those that Git keeps.
    ///
    /// A file of more than `limit` bytes is refused before it is read.
    pub fn file_at(&self, commit: &ObjectId, file: &str, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        self.read_twice(|repository| repository.file_once(commit, file, limit))
    }

    fn file_once(&self, commit: &ObjectId, file: &str, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        let Some(path) = inside(file) else { return Ok(None) };
        let what = format!("{file} at {commit}");
        let fail = |error: git2::Error| self.unreadable(&what, &error);
        let tree = self.git_commit(commit)?.tree().map_err(fail)?;
        let entry = match tree.get_path(path) {
            Ok(entry) => entry,
            // A folder that is not in this clone is "not found" too, but names an object.
            Err(error) if error.code() == ErrorCode::NotFound && error.class() != git2::ErrorClass::Odb => {
                return Ok(None);
            }
            Err(error) => return Err(fail(error)),
        };
        if entry.kind() != Some(ObjectType::Blob) {
            return Ok(None);
        }
        let odb = self.git.odb().map_err(fail)?;
        let size = odb.read_header(entry.id()).map_err(fail)?.0 as u64;
        if size > limit {
            let (file, commit) = (file.to_owned(), commit.to_string());
            return Err(GitError::FileTooLarge {
                file,
                commit,
                size,
                limit,
            });
        }
        Ok(Some(odb.read(entry.id()).map_err(fail)?.data().to_vec()))
    }
}
