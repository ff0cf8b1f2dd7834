//! Where a repository keeps its files: ordinary, bare, or a worktree of another one.
//!
//! Read from the file system alone (gitrepository-layout(5)), so that a repository that libgit2 refuses
//! can still be told by name, and that looking for repositories opens none.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{GitError, UnsupportedFormat};

/// How a repository lies on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RepositoryKind {
    /// A working tree with its `.git` folder.
    Ordinary,
    /// No working tree.
    Bare,
    /// A working tree whose history lies in another repository (`git worktree`, or a submodule).
    Linked,
}

/// The folders of one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub kind: RepositoryKind,
    /// Its own `HEAD` and index.
    pub git_dir: PathBuf,
    /// References, objects and configuration; shared by all worktrees.
    pub common_dir: PathBuf,
}

impl Layout {
    /// Finds the repository *at* `path` (its working tree or its Git folder), not above it.
    pub fn at(path: &Path) -> Option<Layout> {
        let dot_git = path.join(".git");
        if dot_git.is_dir() {
            return Layout::of_git_dir(RepositoryKind::Ordinary, dot_git);
        }
        if dot_git.is_file() {
            return Layout::of_git_dir(RepositoryKind::Linked, linked_git_dir(path, &dot_git)?);
        }
        let kind = match path.file_name() {
            Some(name) if name == ".git" => RepositoryKind::Ordinary,
            Some(_) | None => RepositoryKind::Bare,
        };
        Layout::of_git_dir(kind, path.to_owned())
    }

    fn of_git_dir(kind: RepositoryKind, git_dir: PathBuf) -> Option<Layout> {
        let common_dir = match fs::read_to_string(git_dir.join("commondir")) {
            Ok(relative) => git_dir.join(relative.trim_end()),
            Err(_) => git_dir.clone(),
        };
        let complete = git_dir.join("HEAD").exists()
            && common_dir.join("objects").is_dir()
            && common_dir.join("refs").is_dir();
        complete.then_some(Layout {
            kind,
            git_dir,
            common_dir,
        })
    }

    /// Whether the repository is still where it was.
    pub fn exists(&self) -> bool {
        self.git_dir.join("HEAD").exists() && self.common_dir.join("objects").is_dir()
    }

    /// Refuses by name what libgit2 would read wrongly: with references kept elsewhere it would find
    /// no tags and say so without an error.
    pub fn refuse_unsupported(&self, path: &Path) -> Result<(), GitError> {
        let Ok(config) = git2::Config::open(&self.common_dir.join("config")) else {
            return Ok(());
        };
        let unsupported = |format| {
            Err(GitError::Unsupported {
                path: path.to_owned(),
                format,
            })
        };
        match config.get_string("extensions.refstorage") {
            Ok(storage) if storage != "files" => return unsupported(UnsupportedFormat::RefStorage(storage)),
            Ok(_) | Err(_) => {}
        }
        match config.get_string("extensions.objectformat") {
            Ok(format) if format != "sha1" => unsupported(UnsupportedFormat::ObjectFormat(format)),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// Follows the line `gitdir: PATH` of a `.git` file.
fn linked_git_dir(worktree: &Path, dot_git: &Path) -> Option<PathBuf> {
    let text = fs::read_to_string(dot_git).ok()?;
    let target = text.strip_prefix("gitdir:")?.trim();
    Some(worktree.join(target))
}
