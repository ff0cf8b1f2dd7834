//! What can go wrong between us and a cluster, each by its own name and with what to do next.
//!
//! Everything of `kube`, `hyper` and `rustls` is told apart here once; nobody else matches on their texts.

mod classify;

use std::time::Duration;

use crate::exec_plugin::ExecPluginError;
use crate::kubeconfig::KubeconfigError;

pub use classify::classify;
pub(crate) use classify::is_tls;

/// A request to a cluster that did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The kubeconfig can't be used.
    #[error(transparent)]
    Kubeconfig(#[from] KubeconfigError),
    /// The exec plugin gave no credentials.
    #[error(transparent)]
    ExecPlugin(#[from] ExecPluginError),
    /// The host's name is not known.
    #[error("{cluster}: the name of the API server, {host}, is not known to this machine: {detail}")]
    NameNotFound {
        /// The cluster, as the person knows it.
        cluster: String,
        /// The host that was looked up.
        host: String,
        /// What the resolver said.
        detail: String,
    },
    /// Nobody listens there.
    #[error("{cluster}: nothing answers at {host}: the connection was refused")]
    Refused {
        /// The cluster.
        cluster: String,
        /// Host and port.
        host: String,
    },
    /// The connection broke.
    #[error("{cluster}: the connection broke while {what}: {detail}")]
    ConnectionLost {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the connection said.
        detail: String,
    },
    /// No answer in time.
    #[error("{cluster}: no answer to {what} within {} s", .after.as_secs())]
    TimedOut {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// How long it was waited for.
        after: Duration,
    },
    /// The certificate is for another name.
    #[error(
        "{cluster}: the certificate of {host} is for another name, so this may be another server: {detail}"
    )]
    TlsNameMismatch {
        /// The cluster.
        cluster: String,
        /// The host that was asked for.
        host: String,
        /// The names that the certificate has.
        detail: String,
    },
    /// The certificate is not trusted, expired, or TLS failed in another way.
    #[error("{cluster}: no trusted connection to {host}: {detail}")]
    TlsUntrusted {
        /// The cluster.
        cluster: String,
        /// The host.
        host: String,
        /// What is wrong with the certificate or the handshake.
        detail: String,
    },
    /// 401.
    #[error(
        "{cluster}: the credentials were not accepted while {what} (401): they are missing, expired or revoked"
    )]
    Unauthorized {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
    },
    /// 403.
    #[error("{cluster}: not allowed: {message}")]
    Forbidden {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the API server says: it names the account, the verb and the resource.
        message: String,
    },
    /// 404.
    #[error("{cluster}: {what}: not found: {message}")]
    NotFound {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the API server says.
        message: String,
    },
    /// 409.
    #[error("{cluster}: {what}: it was changed by somebody else in the meantime: {message}")]
    Conflict {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the API server says.
        message: String,
    },
    /// 410: the continue token or the resource version is too old.
    #[error("{cluster}: {what}: the list is too old to go on with: {message}")]
    Gone {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the API server says.
        message: String,
    },
    /// 422.
    #[error("{cluster}: {what}: the API server refused it as invalid: {message}")]
    Invalid {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the API server says.
        message: String,
        /// `details.causes`: field and message. Empty: a JSON Patch `test` failed (kubernetes.md).
        causes: Vec<(String, String)>,
    },
    /// 429, after all tries.
    #[error("{cluster}: the API server is too busy for {what} (429): {message}")]
    TooManyRequests {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What the API server says.
        message: String,
    },
    /// 5xx, or another status that is no success.
    #[error("{cluster}: {what}: the API server failed ({code}): {message}")]
    ServerFailed {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// The HTTP status.
        code: u16,
        /// What it says.
        message: String,
    },
    /// What came is no JSON of the wanted shape: cut short, or from something that is no API server.
    #[error("{cluster}: the answer to {what} is not what an API server sends: {detail}")]
    BadAnswer {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The answer is larger than what we take.
    #[error("{cluster}: the answer to {what} is larger than {limit_mib} MiB and was not read")]
    TooLarge {
        /// The cluster.
        cluster: String,
        /// What was being done.
        what: String,
        /// How much is taken at most.
        limit_mib: usize,
    },
    /// A client for reading was asked to write: a fault of ours, stopped before the request.
    #[error("{cluster}: {method} {path} was stopped: this client only reads")]
    WouldWrite {
        /// The cluster.
        cluster: String,
        /// The HTTP method.
        method: String,
        /// The path.
        path: String,
    },
    /// The client could not be built.
    #[error("{cluster}: the settings of this context can't be used: {detail}")]
    Settings {
        /// The cluster.
        cluster: String,
        /// What is wrong.
        detail: String,
    },
}

impl Error {
    /// A stable code, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Kubeconfig(error) => error.code(),
            Self::ExecPlugin(error) => error.code(),
            Self::NameNotFound { .. } => "cluster-name-not-found",
            Self::Refused { .. } => "cluster-refused",
            Self::ConnectionLost { .. } => "cluster-connection-lost",
            Self::TimedOut { .. } => "cluster-timed-out",
            Self::TlsNameMismatch { .. } => "cluster-tls-name",
            Self::TlsUntrusted { .. } => "cluster-tls-untrusted",
            Self::Unauthorized { .. } => "cluster-unauthorized",
            Self::Forbidden { .. } => "cluster-forbidden",
            Self::NotFound { .. } => "cluster-not-found",
            Self::Conflict { .. } => "cluster-conflict",
            Self::Gone { .. } => "cluster-list-too-old",
            Self::Invalid { .. } => "cluster-invalid",
            Self::TooManyRequests { .. } => "cluster-too-busy",
            Self::ServerFailed { .. } => "cluster-server-failed",
            Self::BadAnswer { .. } => "cluster-bad-answer",
            Self::TooLarge { .. } => "cluster-answer-too-large",
            Self::WouldWrite { .. } => "cluster-would-write",
            Self::Settings { .. } => "cluster-settings",
        }
    }

    /// What to do next, in English; the window has its own words for the code.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Kubeconfig(error) => error.hint(),
            Self::ExecPlugin(error) => error.hint(),
            Self::NameNotFound { .. } => {
                "Check the network or VPN, and the server's address in the kubeconfig."
            }
            Self::Refused { .. } => {
                "Check that the cluster runs, and the address and port in the kubeconfig."
            }
            Self::ConnectionLost { .. } => {
                "It is tried again by itself; if it stays so, check the network or VPN."
            }
            Self::TimedOut { .. } => "Check the network or VPN; the API server may be overloaded.",
            Self::TlsNameMismatch { .. } => {
                "Do not go on before you know why. Correct the server's address, or set tls-server-name in the kubeconfig."
            }
            Self::TlsUntrusted { .. } => {
                "Check the certificate authority in the kubeconfig, and this machine's clock."
            }
            Self::Unauthorized { .. } => "Sign in to this cluster again, then test the connection.",
            Self::Forbidden { .. } => "Ask whoever runs the cluster for this right.",
            Self::NotFound { .. } => "It may have been deleted: look at what is there now.",
            Self::Conflict { .. } => "Look at what is there now and plan again.",
            Self::Gone { .. } => "It is read from the start again by itself.",
            Self::Invalid { .. } => "Look at what is there now and plan again.",
            Self::TooManyRequests { .. } => "Wait a moment, then try again.",
            Self::ServerFailed { .. } => "Try again; if it stays so, tell whoever runs the cluster.",
            Self::BadAnswer { .. } => {
                "Check that the address is an API server's and that no proxy answers in its place."
            }
            Self::TooLarge { .. } => "Choose fewer namespaces for this environment.",
            Self::WouldWrite { .. } => "This is a fault of Tidemark: please report it.",
            Self::Settings { .. } => "Correct this context in the kubeconfig.",
        }
    }

    /// Whether somebody said no: the API server, or this machine to a certificate, a plugin or a setting. All else is
    /// a cluster that gives no usable answer.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Kubeconfig(_)
            | Self::ExecPlugin(_)
            | Self::TlsNameMismatch { .. }
            | Self::TlsUntrusted { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Conflict { .. }
            | Self::Invalid { .. }
            | Self::TooManyRequests { .. }
            | Self::TooLarge { .. }
            | Self::WouldWrite { .. }
            | Self::Settings { .. } => true,
            Self::NameNotFound { .. }
            | Self::Refused { .. }
            | Self::ConnectionLost { .. }
            | Self::TimedOut { .. }
            | Self::Gone { .. }
            | Self::ServerFailed { .. }
            | Self::BadAnswer { .. } => false,
        }
    }

    /// The verb and the resource of a 403, where the API server's authorizer names them.
    pub fn missing_right(&self) -> Option<(&str, &str)> {
        let Self::Forbidden { message, .. } = self else {
            return None;
        };
        let (verb, rest) = message.split_once(" cannot ")?.1.split_once(" resource \"")?;
        Some((verb, rest.split_once('"')?.0))
    }

    /// Whether the same request may work later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::NameNotFound { .. }
            | Self::Refused { .. }
            | Self::ConnectionLost { .. }
            | Self::TimedOut { .. }
            | Self::Gone { .. }
            | Self::TooManyRequests { .. }
            | Self::ServerFailed { .. }
            | Self::BadAnswer { .. } => true,
            Self::Kubeconfig(_)
            | Self::ExecPlugin(_)
            | Self::TlsNameMismatch { .. }
            | Self::TlsUntrusted { .. }
            | Self::Unauthorized { .. }
            | Self::Forbidden { .. }
            | Self::NotFound { .. }
            | Self::Conflict { .. }
            | Self::Invalid { .. }
            | Self::TooLarge { .. }
            | Self::WouldWrite { .. }
            | Self::Settings { .. } => false,
        }
    }
}

/// What our own layers say through `kube`, to be found again by [`classify`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum LayerError {
    #[error("no answer within {0:?}")]
    TimedOut(Duration),
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("{method} {path} would write")]
    WouldWrite { method: String, path: String },
    #[error("the answer broke off: {0}")]
    BrokenOff(String),
    #[error(transparent)]
    Plugin(#[from] ExecPluginError),
}
