//! Telling `kube`'s errors apart by their types, down the chain of sources.

use std::error::Error as StdError;
use std::io;

use kube::core::Status;
use rustls::CertificateError;

use super::{Error, LayerError};

/// Names what went wrong. `cluster` is the cluster as the person knows it, `host` its API server's host and port,
/// `what` what was being done ("listing Deployments in shop").
pub fn classify(cluster: &str, host: &str, what: &str, error: kube::Error) -> Error {
    let (cluster, what) = (cluster.to_owned(), what.to_owned());
    match error {
        kube::Error::Api(status) => of_status(cluster, what, *status),
        kube::Error::SerdeError(error) => Error::BadAnswer {
            cluster,
            what,
            detail: error.to_string(),
        },
        kube::Error::FromUtf8(error) => Error::BadAnswer {
            cluster,
            what,
            detail: error.to_string(),
        },
        kube::Error::InferKubeconfig(error) => Error::Settings {
            cluster,
            detail: chain(&error),
        },
        kube::Error::RustlsTls(error) => Error::Settings {
            cluster,
            detail: chain(&error),
        },
        kube::Error::Auth(error) => Error::Settings {
            cluster,
            detail: chain(&error),
        },
        kube::Error::ProxyProtocolUnsupported { .. } | kube::Error::ProxyProtocolDisabled { .. } => {
            Error::Settings {
                cluster,
                detail: "the proxy's protocol is not spoken".to_owned(),
            }
        }
        kube::Error::Service(error) => match error.downcast::<LayerError>() {
            Ok(layer) => of_layer(cluster, what, *layer),
            Err(error) => of_connection(cluster, host, what, &*error),
        },
        other => of_connection(cluster, host, what, &other),
    }
}

fn of_status(cluster: String, what: String, status: Status) -> Error {
    let message = status.message;
    match status.code {
        401 => Error::Unauthorized { cluster, what },
        403 => Error::Forbidden {
            cluster,
            what,
            message,
        },
        404 => Error::NotFound {
            cluster,
            what,
            message,
        },
        409 => Error::Conflict {
            cluster,
            what,
            message,
        },
        410 => Error::Gone {
            cluster,
            what,
            message,
        },
        422 => Error::Invalid {
            cluster,
            what,
            message,
            causes: status
                .details
                .map(|details| {
                    details
                        .causes
                        .into_iter()
                        .map(|cause| (cause.field, cause.message))
                        .collect()
                })
                .unwrap_or_default(),
        },
        429 => Error::TooManyRequests {
            cluster,
            what,
            message,
        },
        code => Error::ServerFailed {
            cluster,
            what,
            code,
            message,
        },
    }
}

fn of_layer(cluster: String, what: String, error: LayerError) -> Error {
    match error {
        LayerError::TimedOut(after) => Error::TimedOut { cluster, what, after },
        LayerError::TooLarge { limit } => Error::TooLarge {
            cluster,
            what,
            limit_mib: limit >> 20,
        },
        LayerError::WouldWrite { method, path } => Error::WouldWrite {
            cluster,
            method,
            path,
        },
        LayerError::BrokenOff(detail) => Error::BadAnswer {
            cluster,
            what,
            detail,
        },
        LayerError::Plugin(error) => Error::ExecPlugin(error),
    }
}

fn of_connection(cluster: String, host: &str, what: String, error: &(dyn StdError + 'static)) -> Error {
    let host = host.to_owned();
    if let Some(tls) = find::<rustls::Error>(error) {
        return of_tls(cluster, host, tls);
    }
    let detail = chain(error);
    // hyper-util marks a failed look-up by this text alone; the io::Error below it has no kind of its own.
    if detail.contains("dns error") {
        return Error::NameNotFound {
            cluster,
            host,
            detail,
        };
    }
    match find::<io::Error>(error).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => Error::Refused { cluster, host },
        Some(io::ErrorKind::TimedOut) => Error::TimedOut {
            cluster,
            what,
            after: crate::client::CONNECT_TIMEOUT,
        },
        _ => Error::ConnectionLost {
            cluster,
            what,
            detail,
        },
    }
}

fn of_tls(cluster: String, host: String, error: &rustls::Error) -> Error {
    let detail = error.to_string();
    match error {
        rustls::Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => Error::TlsNameMismatch {
            cluster,
            host,
            detail,
        },
        _ => Error::TlsUntrusted {
            cluster,
            host,
            detail,
        },
    }
}

/// Looks for an error of a type down the chain; an `io::Error` hides the one that it was made of from `source`.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(current) = next {
        if let Some(found) = current.downcast_ref::<T>() {
            let wraps_another = std::any::TypeId::of::<T>() == std::any::TypeId::of::<io::Error>()
                && current
                    .downcast_ref::<io::Error>()
                    .and_then(inner)
                    .is_some_and(|inner| find::<T>(inner).is_some());
            if !wraps_another {
                return Some(found);
            }
        }
        next = current
            .downcast_ref::<io::Error>()
            .and_then(inner)
            .or_else(|| current.source());
    }
    None
}

fn inner(error: &io::Error) -> Option<&(dyn StdError + 'static)> {
    error.get_ref().map(|inner| inner as &(dyn StdError + 'static))
}

/// The whole chain in one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = source.source();
    }
    text
}

/// Whether TLS is what failed.
pub(crate) fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    find::<rustls::Error>(error).is_some()
}
