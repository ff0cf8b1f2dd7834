//! What can go wrong while reading a repository. Each message says what happened, to what, what to do.

use std::path::{Path, PathBuf};

use git2::ErrorCode;

/// A repository could not be read.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository at this path.
    #[error("{path} is not a Git repository; choose a folder that holds one")]
    NotARepository {
        /// The folder that was asked for.
        path: PathBuf,
    },
    /// The repository was there and is no longer.
    #[error("the Git repository {path} is gone; it was moved or deleted. Bind the service to its new place")]
    Gone {
        /// Where it was.
        path: PathBuf,
    },
    /// The repository belongs to somebody else, and Git refuses to trust it (`safe.directory`).
    #[error(
        "{path} belongs to another user, so Git does not trust it. If you do, run: \
         git config --global --add safe.directory {path}"
    )]
    ForeignOwner {
        /// The repository.
        path: PathBuf,
    },
    /// The repository is kept in a format that is not read here.
    #[error("{path} cannot be read: {format}. Clone it again with the default formats, and bind that clone")]
    Unsupported {
        /// The repository.
        path: PathBuf,
        /// The format.
        format: UnsupportedFormat,
    },
    /// The clone is shallow or partial and lacks what was asked for.
    #[error(
        "{what} is not in this clone of {path}, which is shallow or partial; fetch the rest, or bind a full clone"
    )]
    NotHere {
        /// The repository.
        path: PathBuf,
        /// The object or file.
        what: String,
    },
    /// A full clone lacks an object that it should have, or it is unreadable.
    #[error("{what} of {path} cannot be read: {reason}. Run `git fsck` there, or clone it again")]
    Damaged {
        /// The repository.
        path: PathBuf,
        /// The object or file.
        what: String,
        /// What libgit2 says.
        reason: String,
    },
    /// What was asked for is no commit.
    #[error("{id} in {path} is a {found}, not a commit; choose another tag")]
    NotACommit {
        /// The repository.
        path: PathBuf,
        /// The object.
        id: String,
        /// What it is.
        found: String,
    },
    /// The file is larger than the caller reads.
    #[error("{file} at {commit} has {size} bytes, more than the {limit} that are read; open it in an editor")]
    FileTooLarge {
        /// The path in the repository.
        file: String,
        /// The commit.
        commit: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The system refused to read a file or folder.
    #[error("{path} cannot be read: {source}. Check that you may read it")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The system refused to watch the repository.
    #[error("{path} cannot be watched for new tags: {reason}. Refresh by hand meanwhile")]
    NotWatched {
        /// The repository.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
}

/// A way to keep a repository that libgit2 does not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedFormat {
    /// References in reftable files.
    #[error("its references are kept as \"{0}\" and only plain files are supported")]
    RefStorage(String),
    /// Objects named by another hash than SHA-1.
    #[error("its objects are named by \"{0}\" and only sha1 is supported")]
    ObjectFormat(String),
    /// Another extension, or a newer version of the format.
    #[error("it uses a format that is not supported ({0})")]
    Other(String),
}

impl GitError {
    /// A stable code, for the log and for the window.
    pub fn code(&self) -> &'static str {
        match self {
            GitError::NotARepository { .. } => "git.not-a-repository",
            GitError::Gone { .. } => "git.gone",
            GitError::ForeignOwner { .. } => "git.foreign-owner",
            GitError::Unsupported { .. } => "git.unsupported",
            GitError::NotHere { .. } => "git.not-here",
            GitError::Damaged { .. } => "git.damaged",
            GitError::NotACommit { .. } => "git.not-a-commit",
            GitError::FileTooLarge { .. } => "git.file-too-large",
            GitError::Unreadable { .. } => "git.unreadable",
            GitError::NotWatched { .. } => "git.not-watched",
        }
    }

    /// For a repository that was open before: no longer there.
    pub(crate) fn or_gone(self) -> GitError {
        match self {
            GitError::NotARepository { path } => GitError::Gone { path },
            other => other,
        }
    }

    /// Names what opening `path` ended with.
    pub(crate) fn from_open(path: &Path, error: &git2::Error) -> GitError {
        let path = path.to_owned();
        match error.code() {
            ErrorCode::Owner => GitError::ForeignOwner { path },
            ErrorCode::NotFound => GitError::NotARepository { path },
            _ if error.class() == git2::ErrorClass::Repository => GitError::Unsupported {
                path,
                format: UnsupportedFormat::Other(error.message().to_owned()),
            },
            _ => GitError::Damaged {
                path,
                what: "the repository".into(),
                reason: error.message().to_owned(),
            },
        }
    }
}
