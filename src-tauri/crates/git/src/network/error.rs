//! What can go wrong over the network, told apart by what `git` says in its own English (`LC_ALL=C`).

use std::path::PathBuf;
use std::time::Duration;

/// A clone or fetch did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// There is no `git`.
    #[error(
        "{program} was not found, so nothing can be cloned or fetched; install Git. Reading local repositories goes on"
    )]
    GitMissing {
        /// What was looked for.
        program: String,
    },
    /// `git` could not be started.
    #[error("{program} could not be started: {source}")]
    NotStarted {
        /// What was started.
        program: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The clone's place is not usable.
    #[error("cannot clone into {path}: {reason}. Choose another folder")]
    BadTarget {
        /// The place.
        path: PathBuf,
        /// Why not.
        reason: &'static str,
    },
    /// The clone's place cannot be written.
    #[error("cannot write {path}: {source}")]
    Unwritable {
        /// The place.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// There is no repository to fetch into.
    #[error("{path} is not a Git repository; bind the service to one")]
    NotARepository {
        /// The folder.
        path: PathBuf,
    },
    /// What was given is not the name of a remote.
    #[error("\"{remote}\" is not the name of a remote; see `git remote`")]
    BadRemote {
        /// What was given.
        remote: String,
    },
    /// Nothing was heard, or it took too long altogether; `git` and all it started were ended.
    #[error(
        "{what} was stopped: {}. A question that nobody can answer (a password, a host key) \
         looks like this; try `git fetch` in a terminal once", silence_or_total(*after, *silent)
    )]
    TimedOut {
        /// What was asked for.
        what: String,
        /// After how long.
        after: Duration,
        /// Whether it was silent for so long, rather than busy.
        silent: bool,
    },
    /// It was cancelled; `git` and all it started were ended.
    #[error("{what} was cancelled")]
    Cancelled {
        /// What was asked for.
        what: String,
    },
    /// The server wants a password, token or key that `git` does not have by itself.
    #[error(
        "{what}: the server did not accept you ({detail}). Sign in once with `git fetch` in a terminal, or set up a credential helper"
    )]
    NotAuthenticated {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// ssh does not know the host, or knows another key for it.
    #[error(
        "{what}: the host's key is not known or has changed ({detail}). Check it with `ssh` in a terminal first"
    )]
    HostKey {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// The host did not answer.
    #[error("{what}: the host could not be reached ({detail}). Check the network, the VPN or the proxy")]
    Unreachable {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// There is no such repository there, or this person may not see it.
    #[error("{what}: there is no such repository, or you may not see it ({detail}). Check the address")]
    NoSuchRepository {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// A protocol that is not on the list.
    #[error("{what}: {detail}. Only https, http, ssh, git and file are used")]
    Protocol {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// The repository belongs to somebody else (`safe.directory`).
    #[error("{what}: the folder belongs to another user, so Git does not trust it ({detail})")]
    ForeignOwner {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// The disk is full.
    #[error("{what}: the disk is full ({detail}). Make room and try again")]
    DiskFull {
        /// What was asked for.
        what: String,
        /// Git's words.
        detail: String,
    },
    /// Anything else.
    #[error("{what}: git failed with {status} ({detail})")]
    Failed {
        /// What was asked for.
        what: String,
        /// The exit code, or the signal.
        status: String,
        /// Git's words.
        detail: String,
    },
}

fn silence_or_total(after: Duration, silent: bool) -> String {
    let seconds = after.as_secs_f64();
    if silent {
        format!("nothing was heard for {seconds:.0} s")
    } else {
        format!("it took more than {seconds:.0} s")
    }
}

impl NetworkError {
    /// A stable code, for the log and for the window.
    pub fn code(&self) -> &'static str {
        match self {
            NetworkError::GitMissing { .. } => "git.missing",
            NetworkError::NotStarted { .. } => "git.not-started",
            NetworkError::BadTarget { .. } => "git.bad-target",
            NetworkError::Unwritable { .. } => "git.unwritable",
            NetworkError::NotARepository { .. } => "git.not-a-repository",
            NetworkError::BadRemote { .. } => "git.bad-remote",
            NetworkError::TimedOut { .. } => "git.timed-out",
            NetworkError::Cancelled { .. } => "git.cancelled",
            NetworkError::NotAuthenticated { .. } => "git.not-authenticated",
            NetworkError::HostKey { .. } => "git.host-key",
            NetworkError::Unreachable { .. } => "git.unreachable",
            NetworkError::NoSuchRepository { .. } => "git.no-such-repository",
            NetworkError::Protocol { .. } => "git.protocol",
            NetworkError::ForeignOwner { .. } => "git.foreign-owner",
            NetworkError::DiskFull { .. } => "git.disk-full",
            NetworkError::Failed { .. } => "git.failed",
        }
    }

    /// Whether trying again later may help without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            NetworkError::Unreachable { .. } | NetworkError::TimedOut { .. }
        )
    }

    /// Names a failure of `git` by what it said. `said` holds no password.
    pub(super) fn from_words(what: String, status: String, said: &str) -> NetworkError {
        let detail = detail(said);
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&["dubious ownership"]) {
            NetworkError::ForeignOwner { what, detail }
        } else if says(&[
            "Host key verification failed",
            "REMOTE HOST IDENTIFICATION HAS CHANGED",
        ]) {
            NetworkError::HostKey { what, detail }
        } else if says(&["No space left on device"]) {
            NetworkError::DiskFull { what, detail }
        } else if said.contains("transport '") && said.contains("' not allowed") {
            NetworkError::Protocol { what, detail }
        } else if says(&[
            "Authentication failed",
            "could not read Username",
            "could not read Password",
            "terminal prompts disabled",
            "Permission denied (",
            "returned error: 401",
            "returned error: 403",
        ]) {
            NetworkError::NotAuthenticated { what, detail }
        } else if says(&[
            "Could not resolve",
            "Connection refused",
            "Connection timed out",
            "Connection reset",
            "Network is unreachable",
            "No route to host",
            "Failed to connect",
            "Operation timed out",
            "unable to connect",
        ]) {
            NetworkError::Unreachable { what, detail }
        } else if says(&[
            "not found",
            "does not appear to be a git repository",
            "does not exist",
            "No such remote",
        ]) {
            NetworkError::NoSuchRepository { what, detail }
        } else {
            NetworkError::Failed { what, status, detail }
        }
    }
}

/// The line that says most: the last `fatal:` or `error:`, else the last one.
fn detail(said: &str) -> String {
    let lines: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let telling = |line: &&&str| {
        line.starts_with("fatal:") || line.starts_with("error:") || line.contains("Permission denied")
    };
    let line = lines
        .iter()
        .rfind(telling)
        .or(lines.last())
        .copied()
        .unwrap_or("git said nothing");
    line.chars().take(300).collect()
}
