//! An open repository.

use std::fs;
use std::path::{Component, Path, PathBuf};

use domain::release::ObjectId;
use git2::{ErrorCode, ObjectType, Oid, RepositoryOpenFlags};

use crate::error::GitError;
use crate::layout::{Layout, RepositoryKind};
use crate::tags::{TagList, TagScanner};

/// A local repository, opened for reading. It may be sent to another thread, not shared.
pub struct Repository {
    pub(crate) path: PathBuf,
    pub(crate) layout: Layout,
    pub(crate) git: git2::Repository,
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Repository")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Repository {
    /// Opens the repository at `path`: a working tree, a worktree, a bare repository or a `.git` folder.
    /// Folders above it are not searched.
    pub fn open(path: impl AsRef<Path>) -> Result<Repository, GitError> {
        crate::libgit2::prepare();
        let path = path.as_ref();
        let layout = Layout::at(path).ok_or_else(|| GitError::NotARepository {
            path: path.to_owned(),
        })?;
        layout.refuse_unsupported(path)?;
        let nowhere: [&Path; 0] = [];
        let git = git2::Repository::open_ext(path, RepositoryOpenFlags::NO_SEARCH, nowhere)
            .map_err(|error| GitError::from_open(path, &error))?;
        Ok(Repository {
            path: path.to_owned(),
            layout,
            git,
        })
    }

    /// The repository that `folder` lies in, for a person who chose a folder inside it.
    pub fn enclosing(folder: &Path) -> Option<PathBuf> {
        folder
            .ancestors()
            .find(|above| Layout::at(above).is_some())
            .map(Path::to_owned)
    }

    /// Where it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it lies on the disk.
    pub fn kind(&self) -> RepositoryKind {
        if self.git.is_bare() {
            RepositoryKind::Bare
        } else {
            self.layout.kind
        }
    }

    /// All tags that lead to a commit, by name, and what is wrong with the others.
    ///
    /// Keep a [`TagScanner`] instead to read the same repository again.
    pub fn tags(&self) -> Result<std::sync::Arc<TagList>, GitError> {
        TagScanner::of(self).scan()
    }

    /// The address of a remote such as `origin`, without a password; `None` where there is none.
    pub fn remote_url(&self, remote: &str) -> Option<String> {
        let remote = self.git.find_remote(remote).ok()?;
        Some(crate::network::without_password(remote.url().ok()?))
    }

    /// The remotes' names, in their order.
    pub fn remotes(&self) -> Vec<String> {
        let Ok(names) = self.git.remotes() else {
            return Vec::new();
        };
        names
            .iter()
            .filter_map(|name| name.ok().flatten().map(str::to_owned))
            .collect()
    }

    /// The commit that is checked out, or that a bare repository names as its `HEAD`; `None` in a
    /// repository without commits.
    pub fn head(&self) -> Option<ObjectId> {
        let oid = self.git.head().ok()?.target()?;
        Some(object_id(oid))
    }

    /// The commits at which a shallow clone ends; empty for a whole one.
    pub(crate) fn shallow_commits(&self) -> Vec<Oid> {
        let text = fs::read_to_string(self.layout.common_dir.join("shallow")).unwrap_or_default();
        text.lines()
            .filter_map(|line| Oid::from_str(line.trim()).ok())
            .collect()
    }

    /// Whether objects may be missing without anything being broken.
    pub(crate) fn may_lack_objects(&self) -> bool {
        self.layout.common_dir.join("shallow").exists() || self.is_partial()
    }

    fn is_partial(&self) -> bool {
        let Ok(config) = self.git.config() else {
            return false;
        };
        if config.get_string("extensions.partialclone").is_ok() {
            return true;
        }
        let Ok(mut entries) = config.entries(Some("^remote\\..*\\.promisor$")) else {
            return false;
        };
        entries.next().is_some()
    }

    /// Names a failure to read `what`: not in this clone, gone as a whole, or damaged.
    pub(crate) fn unreadable(&self, what: &str, error: &git2::Error) -> GitError {
        let (path, what) = (self.path.clone(), what.to_owned());
        if !self.layout.exists() {
            GitError::Gone { path }
        } else if error.code() == ErrorCode::NotFound && self.may_lack_objects() {
            GitError::NotHere { path, what }
        } else {
            GitError::Damaged {
                path,
                what,
                reason: error.message().to_owned(),
            }
        }
    }

    /// Reads once more with a newly opened repository when an object was missing: a repack may have
    /// moved it while we looked.
    pub(crate) fn read_twice<T>(
        &self,
        read: impl Fn(&Repository) -> Result<T, GitError>,
    ) -> Result<T, GitError> {
        match read(self) {
            Err(GitError::Damaged { .. }) => read(&Repository::open(&self.path).map_err(GitError::or_gone)?),
            first => first,
        }
    }

    /// The commit with this id, or why not.
    pub(crate) fn git_commit(&self, id: &ObjectId) -> Result<git2::Commit<'_>, GitError> {
        let object = self
            .git
            .find_object(oid(id), None)
            .map_err(|error| self.unreadable(&format!("commit {id}"), &error))?;
        let kind = object.kind().unwrap_or(ObjectType::Any);
        object.into_commit().map_err(|_| GitError::NotACommit {
            path: self.path.clone(),
            id: id.to_string(),
            found: kind.str().to_owned(),
        })
    }
}

/// A path that can lie in a tree; `None` for an empty one, and for one that leads elsewhere.
pub(crate) fn inside(path: &str) -> Option<&Path> {
    let path_in_tree = Path::new(path.trim_end_matches('/'));
    let mut parts = path_in_tree.components().peekable();
    let fits = parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)));
    (fits && !path.contains('\0')).then_some(path_in_tree)
}

pub(crate) fn object_id(oid: Oid) -> ObjectId {
    let bytes = oid
        .as_bytes()
        .try_into()
        .expect("because a SHA-1 id has 20 bytes");
    ObjectId::from_bytes(&bytes)
}

pub(crate) fn oid(id: &ObjectId) -> Oid {
    Oid::from_str(id.as_str()).expect("because an ObjectId is 40 hexadecimal digits")
}
