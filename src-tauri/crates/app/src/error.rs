//! Turns the adapters' errors into codes for the window, by exhaustive match. The chain goes along as details,
//! with secrets taken out.

use std::path::Path;

use git::{GitError, network::NetworkError};
use ledger::LedgerError;
use wire::{ErrorCode, WireError};

use crate::redaction::redact;

/// What a command answers.
pub type Answer<T> = Result<T, WireError>;

/// The error with its whole chain, redacted.
pub fn details(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        source = inner.source();
    }
    redact(&text)
}

/// A defect of ours.
pub fn internal(what: impl std::fmt::Display) -> WireError {
    tracing::error!(%what, "a defect");
    WireError::new(ErrorCode::Internal, redact(&what.to_string()))
}

/// Names what went wrong with the ledger.
pub fn ledger(error: LedgerError) -> WireError {
    tracing::warn!(%error, "the ledger refused");
    let new = |code| WireError::new(code, details(&error));
    match &error {
        LedgerError::NewerSchema { path, .. } => new(ErrorCode::LedgerNewer).with("path", path.display()),
        LedgerError::ReadOnly { path, .. } => new(ErrorCode::LedgerReadOnly).with("path", path.display()),
        LedgerError::DiskFull { path } => new(ErrorCode::LedgerFull)
            .with("path", path.display())
            .retryable(),
        LedgerError::Busy { path, .. } | LedgerError::InUse { path } => new(ErrorCode::LedgerBusy)
            .with("path", path.display())
            .retryable(),
        LedgerError::Damaged { path, .. } => new(ErrorCode::LedgerDamaged).with("path", path.display()),
        LedgerError::Migration { path, .. } => new(ErrorCode::LedgerNotMigrated).with("path", path.display()),
        LedgerError::NotFound { what, name } => match *what {
            "operation" => new(ErrorCode::NoSuchOperation).with("operation", name),
            _ => new(ErrorCode::NoSuchDeployment).with("deployment", name),
        },
        LedgerError::Io { path, .. } => new(ErrorCode::FileFailed).with("path", path.display()),
        LedgerError::OperationExists { .. } | LedgerError::Row { .. } | LedgerError::Sqlite { .. } => {
            new(ErrorCode::Internal)
        }
    }
}

/// Names what went wrong with a repository.
pub fn git(error: GitError) -> WireError {
    let new = |code| WireError::new(code, details(&error));
    match &error {
        GitError::NotARepository { path } => new(ErrorCode::RepositoryNotFound).with("path", path.display()),
        GitError::Gone { path } => new(ErrorCode::RepositoryVanished).with("path", path.display()),
        GitError::ForeignOwner { path } => {
            new(ErrorCode::RepositoryForeignOwner).with("path", path.display())
        }
        GitError::Unsupported { path, format } => new(ErrorCode::RepositoryUnsupported)
            .with("path", path.display())
            .with("feature", format),
        GitError::NotHere { path, what } => new(ErrorCode::NotAvailableHere)
            .with("path", path.display())
            .with("object", what),
        GitError::Damaged { path, .. }
        | GitError::NotACommit { path, .. }
        | GitError::Unreadable { path, .. }
        | GitError::NotWatched { path, .. } => {
            new(ErrorCode::RepositoryUnreadable).with("path", path.display())
        }
        GitError::FileTooLarge { file, .. } => new(ErrorCode::RepositoryUnreadable).with("path", file),
    }
}

/// Names what went wrong with the `git` child.
pub fn network(error: NetworkError, address: &str) -> WireError {
    let code = match &error {
        NetworkError::GitMissing { .. } => ErrorCode::GitMissing,
        NetworkError::TimedOut { .. } => ErrorCode::GitTimeout,
        NetworkError::Cancelled { .. } => ErrorCode::Cancelled,
        NetworkError::Protocol { .. } => ErrorCode::AddressRefused,
        NetworkError::NotARepository { .. } => ErrorCode::RepositoryNotFound,
        NetworkError::ForeignOwner { .. } => ErrorCode::RepositoryForeignOwner,
        NetworkError::BadTarget { .. } | NetworkError::Unwritable { .. } | NetworkError::DiskFull { .. } => {
            ErrorCode::FileFailed
        }
        NetworkError::NotAuthenticated { .. } => ErrorCode::GitNotSignedIn,
        NetworkError::HostKey { .. } => ErrorCode::GitHostKey,
        NetworkError::NotStarted { .. }
        | NetworkError::BadRemote { .. }
        | NetworkError::Unreachable { .. }
        | NetworkError::NoSuchRepository { .. }
        | NetworkError::Failed { .. } => ErrorCode::GitFailed,
    };
    let error = WireError {
        retryable: error.is_retryable(),
        ..WireError::new(code, details(&error))
    };
    error.with("url", redact(address)).with("path", redact(address))
}

/// A file that could not be read or written.
pub fn file(path: &Path, error: &std::io::Error) -> WireError {
    WireError::new(
        ErrorCode::FileFailed,
        redact(&format!("{}: {error}", path.display())),
    )
    .with("path", path.display())
}

/// Names what went wrong with a cluster.
pub fn cluster(error: cluster::Error) -> WireError {
    cluster_ref(&error)
}

/// The same of an error that stays with its owner.
pub fn cluster_ref(error: &cluster::Error) -> WireError {
    use cluster::Error;
    let new = |code| WireError::new(code, details(error));
    match error {
        Error::Kubeconfig(inner) => kubeconfig(inner),
        Error::ExecPlugin(inner) => exec_plugin(inner),
        Error::NameNotFound { cluster, host, .. } | Error::Refused { cluster, host } => {
            new(ErrorCode::ClusterUnreachable)
                .with("cluster", cluster)
                .with("host", host)
                .retryable()
        }
        Error::ConnectionLost { cluster, .. } => new(ErrorCode::ClusterUnreachable)
            .with("cluster", cluster)
            .with("host", cluster)
            .retryable(),
        Error::TimedOut { cluster, after, .. } => new(ErrorCode::ClusterTimeout)
            .with("cluster", cluster)
            .with("seconds", after.as_secs())
            .retryable(),
        Error::TlsNameMismatch { cluster, host, .. } | Error::TlsUntrusted { cluster, host, .. } => {
            new(ErrorCode::CertificateRefused)
                .with("cluster", cluster)
                .with("host", host)
        }
        Error::Unauthorized { cluster, .. } => new(ErrorCode::Unauthorized).with("cluster", cluster),
        Error::Forbidden { cluster, what, .. } => {
            let refused = new(ErrorCode::Forbidden)
                .with("cluster", cluster)
                .with("what", what);
            match error.missing_right() {
                Some((verb, resource)) => refused.with("verb", verb).with("resource", resource),
                None => refused,
            }
        }
        Error::NotFound { cluster, what, .. } | Error::Gone { cluster, what, .. } => {
            new(ErrorCode::ObjectNotFound)
                .with("cluster", cluster)
                .with("object", what)
        }
        Error::Conflict { cluster, what, .. } => new(ErrorCode::Conflict)
            .with("cluster", cluster)
            .with("object", what),
        Error::Invalid { cluster, what, .. } => new(ErrorCode::Rejected)
            .with("cluster", cluster)
            .with("object", what),
        Error::TooManyRequests { cluster, .. } => new(ErrorCode::TooManyRequests)
            .with("cluster", cluster)
            .retryable(),
        Error::ServerFailed { cluster, code, .. } => new(ErrorCode::ClusterFailed)
            .with("cluster", cluster)
            .with("status", code)
            .retryable(),
        Error::BadAnswer { cluster, .. } | Error::TooLarge { cluster, .. } => {
            new(ErrorCode::ClusterAnswerUnreadable)
                .with("cluster", cluster)
                .retryable()
        }
        Error::WouldWrite { .. } => internal(error),
        Error::Settings { cluster, .. } => new(ErrorCode::ContextUnusable)
            .with("problem", error.code())
            .with("context", cluster)
            .with("cluster", cluster),
    }
}

/// Names what is wrong with a kubeconfig.
pub fn kubeconfig(error: &cluster::kubeconfig::KubeconfigError) -> WireError {
    use cluster::kubeconfig::KubeconfigError;
    let new = |code| WireError::new(code, details(error)).with("problem", error.code());
    let of_file = |file: &Path| new(ErrorCode::KubeconfigUnreadable).with("path", file.display());
    let of_context = |context| new(ErrorCode::ContextUnusable).with("context", context);
    match error {
        KubeconfigError::NoSuchContext { context, .. } => {
            new(ErrorCode::ContextNotFound).with("context", context)
        }
        KubeconfigError::Unreadable { file, .. }
        | KubeconfigError::NotAFile { file }
        | KubeconfigError::NotMergeable { file, .. } => of_file(file),
        KubeconfigError::TooLarge { file, limit } => of_file(file).with("limit", limit >> 20),
        KubeconfigError::NotText { file, line, .. } => of_file(file).with("line", line),
        KubeconfigError::Malformed {
            file, line, column, ..
        } => of_file(file).with("line", line).with("column", column),
        KubeconfigError::IncompleteContext { context, .. } => of_context(context),
        KubeconfigError::AuthProvider { context, provider } => of_context(context).with("provider", provider),
    }
}

/// Names what is wrong with an exec plugin.
pub fn exec_plugin(error: &cluster::exec_plugin::ExecPluginError) -> WireError {
    use cluster::exec_plugin::ExecPluginError;
    let new = |code| WireError::new(code, details(error)).with("problem", error.code());
    let of_program = |program: &Path| new(ErrorCode::ExecFailed).with("command", program.display());
    match error {
        ExecPluginError::NotAllowed { context, consent, .. } => new(ErrorCode::ExecConsentNeeded)
            .with("context", context)
            .with("command", consent.command_line()),
        ExecPluginError::Missing {
            context,
            command,
            searched,
            ..
        } => {
            let searched: Vec<String> = searched
                .iter()
                .map(|folder| folder.display().to_string())
                .collect();
            new(ErrorCode::ExecMissing)
                .with("context", context)
                .with("command", command)
                .with("searched", searched.join(", "))
        }
        ExecPluginError::NotStarted { program, .. } | ExecPluginError::NoCredentials { program, .. } => {
            of_program(program)
        }
        ExecPluginError::TimedOut { program, after } => of_program(program).with("seconds", after.as_secs()),
        ExecPluginError::TooMuchOutput { program, limit } => of_program(program).with("limit", limit >> 10),
        ExecPluginError::Failed { program, status, .. } => of_program(program).with("status", status),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cluster::kubeconfig::KubeconfigError;

    use super::*;

    #[test]
    fn a_wrong_kubeconfig_is_named_by_its_file_and_what_is_wrong_is_said_once() {
        let wrong = KubeconfigError::Malformed {
            file: PathBuf::from("/home/lena/.kube/config"),
            line: 3,
            column: 5,
            detail: "a key twice".to_owned(),
        };
        let error = kubeconfig(&wrong);
        assert_eq!(error.code, ErrorCode::KubeconfigUnreadable);
        let facts = ["path", "problem", "line", "column"].map(|fact| error.parameters[fact].as_str());
        assert_eq!(
            facts,
            ["/home/lena/.kube/config", "kubeconfig-malformed", "3", "5"]
        );
        assert!(error.details.contains("line 3, column 5: a key twice"), "{error}");
    }

    #[test]
    fn a_context_that_cannot_be_used_blames_no_file() {
        let wrong = KubeconfigError::IncompleteContext {
            context: "stage".to_owned(),
            detail: "it names no cluster".to_owned(),
        };
        let error = kubeconfig(&wrong);
        assert_eq!(error.code, ErrorCode::ContextUnusable);
        assert_eq!(error.parameters["context"], "stage");
    }
}
