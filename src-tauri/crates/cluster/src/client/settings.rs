//! The settings of a context for `kube`.
//!
//! `kube` 5.0.0 would put them together with the proxies of the environment, and give up where NO_PROXY has an entry
//! that it cannot read, be it an empty one; `kubectl` passes over it.

use std::fmt::Display;

use http::Uri;
use kube::config::{Config, ExecAuthCluster};

use super::{CONNECT_TIMEOUT, Proxies};
use crate::error::Error;
use crate::kubeconfig::{Contexts, KubeconfigError};

/// The settings of a context, without the exec plugin, which `kube` would run by itself.
///
/// # Errors
/// A cluster that is not there or has no address, a certificate that is none, a proxy that cannot be used.
pub(super) fn settings(contexts: &Contexts, context: &str, proxies: &Proxies) -> Result<Config, Error> {
    let incomplete = |detail: &dyn Display| KubeconfigError::IncompleteContext {
        context: context.to_owned(),
        detail: detail.to_string(),
    };
    let cluster = contexts
        .cluster_of(context)
        .ok_or_else(|| incomplete(&"its cluster is not in the file"))?;
    let server: Uri = cluster
        .server
        .as_deref()
        .ok_or_else(|| incomplete(&"its cluster has no server"))?
        .parse()
        .map_err(|error| incomplete(&format!("its server has no address: {error}")))?;
    let proxy_url = proxies
        .to(&server, cluster.proxy_url.as_deref())
        .map_err(|detail| Error::Settings {
            cluster: context.to_owned(),
            detail,
        })?;
    let of_plugins = ExecAuthCluster::try_from(cluster).map_err(|error| incomplete(&error))?;
    let authorities = of_plugins.certificate_authority_data;
    let root_cert = authorities.map(|text| certificates(&text)).transpose();
    let mut config = Config::new(server);
    config.root_cert = root_cert.map_err(|error| incomplete(&format!("its authority is none: {error}")))?;
    config.accept_invalid_certs = cluster.insecure_skip_tls_verify.unwrap_or(false);
    config.disable_compression = cluster.disable_compression.unwrap_or(false);
    config.tls_server_name.clone_from(&cluster.tls_server_name);
    config.auth_info = contexts.user_of(context).cloned().unwrap_or_default();
    config.auth_info.exec = None;
    config.proxy_url = proxy_url;
    config.default_retry = false;
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    config.read_timeout = None;
    Ok(config)
}

/// The certificates of a PEM text, in DER; what else stands in it is passed over.
fn certificates(text: &[u8]) -> Result<Vec<Vec<u8>>, pem::PemError> {
    let certificates = pem::parse_many(text)?.into_iter();
    let certificates = certificates.filter(|part| part.tag() == "CERTIFICATE");
    Ok(certificates.map(pem::Pem::into_contents).collect())
}
