//! Clone and fetch, by the installed `git` as a child.
//!
//! The person's own `git` has their credentials, proxies and helpers already. What it must never do
//! here is ask a question that nobody sees, run what an address or a repository smuggles in, or hang:
//! it runs without prompts and hooks, with a short list of protocols, and in a process group that is
//! ended as a whole.

mod address;
mod child;
mod error;
mod progress;

use std::ffi::{OsStr, OsString};
use std::future::Future;
use std::path::Path;
use std::time::Duration;

pub use address::{InvalidAddress, RemoteAddress, is_local, without_password};
pub use error::NetworkError;
pub use progress::Progress;

use child::{Finished, Run};

use crate::layout::Layout;

/// The installed `git`, and how long it may take.
#[derive(Debug, Clone)]
pub struct GitProgram {
    program: OsString,
    environment: Vec<(OsString, OsString)>,
    limits: Limits,
}

/// How long a network operation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Without a word of progress.
    pub silence: Duration,
    /// Altogether.
    pub total: Duration,
}

impl Default for Limits {
    /// A minute of silence, two hours altogether.
    fn default() -> Self {
        Limits {
            silence: Duration::from_secs(60),
            total: Duration::from_secs(2 * 60 * 60),
        }
    }
}

/// What a fetch did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchOutcome {
    /// Nothing was new.
    UpToDate,
    /// References were added or moved forward.
    Updated {
        /// How many.
        references: usize,
    },
    /// These tags name other commits there than here. Git leaves ours as they were, and so do we;
    /// everything else was fetched.
    TagsMovedThere {
        /// The tags' names.
        tags: Vec<String>,
    },
}

impl GitProgram {
    /// Takes `git` from the PATH, or another program, with the inherited environment.
    pub fn new(program: impl Into<OsString>, limits: Limits) -> GitProgram {
        GitProgram {
            program: program.into(),
            environment: Vec::new(),
            limits,
        }
    }

    /// Adds a variable to the inherited environment. The variables that keep `git` from asking are set
    /// after it and win.
    pub fn with_variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> GitProgram {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Clones `address` without a working tree into `into`, which must not exist, or be empty.
    ///
    /// It is complete or not there at all: the clone is made beside `into` and moved when it is done.
    /// `progress` is called as it goes; when `cancel` resolves, or the future is dropped, the whole
    /// process group is ended.
    pub async fn clone(
        &self,
        address: &RemoteAddress,
        into: &Path,
        progress: impl FnMut(Progress) + Send,
        cancel: impl Future<Output = ()> + Send,
    ) -> Result<(), NetworkError> {
        let parent = refuse_bad_target(into)?;
        let unwritable = |source| NetworkError::Unwritable {
            path: into.to_owned(),
            source,
        };
        std::fs::create_dir_all(parent).map_err(unwritable)?;
        let unfinished = tempfile::Builder::new()
            .prefix(".tidemark-clone-")
            .tempdir_in(parent)
            .map_err(unwritable)?;
        let clone = unfinished.path().join("clone");
        let mut run = Run::new(self, parent);
        run.arguments(["clone", "--progress", "--no-recurse-submodules", "--bare"]);
        run.arguments(["--"])
            .argument(address.as_os_str())
            .argument(clone.as_os_str());
        run.finish(address.to_string(), progress, cancel)
            .await?
            .success()?;
        let configured = keep_branch_names(&clone);
        configured.map_err(|error| unwritable(std::io::Error::other(error.message().to_owned())))?;
        std::fs::rename(&clone, into).map_err(unwritable)
    }

    /// Fetches all branches and tags of `remote` (a name such as `origin`) into the repository at
    /// `repository`. Tags that exist are never moved; no submodule, maintenance or hook runs.
    pub async fn fetch(
        &self,
        repository: &Path,
        remote: &str,
        progress: impl FnMut(Progress) + Send,
        cancel: impl Future<Output = ()> + Send,
    ) -> Result<FetchOutcome, NetworkError> {
        if Layout::at(repository).is_none() {
            return Err(NetworkError::NotARepository {
                path: repository.to_owned(),
            });
        }
        refuse_bad_remote(remote)?;
        let mut run = Run::new(self, repository);
        run.arguments([
            "fetch",
            "--progress",
            "--tags",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
        ]);
        run.arguments(["--", remote]);
        let finished = run
            .finish(format!("{remote} of {}", repository.display()), progress, cancel)
            .await?;
        fetch_outcome(finished)
    }
}

/// A bare clone fetches no branches later unless it is told to; here they keep their names, as in the
/// first clone.
fn keep_branch_names(clone: &Path) -> Result<(), git2::Error> {
    git2::Config::open(&clone.join("config"))?.set_str("remote.origin.fetch", "+refs/heads/*:refs/heads/*")
}

fn fetch_outcome(finished: Finished) -> Result<FetchOutcome, NetworkError> {
    // " ! [rejected]        v1.0.0     -> v1.0.0  (would clobber existing tag)"
    let moved = |line: &str| -> Option<String> {
        let rest = line.trim_start().strip_prefix("! [rejected]")?;
        rest.contains("would clobber existing tag").then_some(())?;
        Some(rest.split_whitespace().next()?.to_owned())
    };
    let tags: Vec<String> = finished.lines().filter_map(moved).collect();
    if !tags.is_empty() && finished.says_only_rejections() {
        return Ok(FetchOutcome::TagsMovedThere { tags });
    }
    let references = finished.lines().filter(|line| line.contains(" -> ")).count();
    finished.success()?;
    Ok(if references == 0 {
        FetchOutcome::UpToDate
    } else {
        FetchOutcome::Updated { references }
    })
}

fn refuse_bad_target(into: &Path) -> Result<&Path, NetworkError> {
    let refuse = |reason| {
        Err(NetworkError::BadTarget {
            path: into.to_owned(),
            reason,
        })
    };
    if !into.is_absolute() {
        return refuse("it is not a full path");
    }
    if into.file_name().is_none_or(starts_with_dash) {
        return refuse("its last part must be a name that does not start with \"-\"");
    }
    match std::fs::read_dir(into) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return refuse("it exists and is not empty");
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(_) => return refuse("it exists and is not a folder that can be read"),
    }
    into.parent()
        .map_or_else(|| refuse("it has no folder above it"), Ok)
}

/// A remote is asked for by its name alone; an address given here would pass by the list of protocols.
fn refuse_bad_remote(remote: &str) -> Result<(), NetworkError> {
    let is_name = !remote.is_empty()
        && !remote.starts_with(['-', '.', '/'])
        && remote.chars().all(|c| c.is_alphanumeric() || "-_./+".contains(c));
    if is_name {
        Ok(())
    } else {
        Err(NetworkError::BadRemote {
            remote: remote.to_owned(),
        })
    }
}

fn starts_with_dash(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"-")
}
