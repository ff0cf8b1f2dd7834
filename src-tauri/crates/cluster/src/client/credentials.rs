//! Credentials of an exec plugin, fetched when they are needed and again before they expire or when they are refused.
//!
//! Tokens can be swapped in a header, client certificates can't: so the whole inner client is built again with new
//! credentials. That happens about once an hour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use kube::Client;
use kube::client::Body;
use kube::config::Config;
use tokio::sync::Mutex;
use tower::BoxError;

use crate::error::LayerError;
use crate::exec_plugin::{AllowedPlugin, Credentials, ExecPluginError, run};

/// Credentials that expire so soon are renewed first.
const SLACK: TimeDelta = TimeDelta::seconds(60);

/// Refused credentials younger than this are not renewed: a plugin must not run with every request.
const SETTLE: Duration = Duration::from_secs(30);

/// The newest credentials of a plugin, shared by all clients of its cluster.
pub(super) struct PluginCredentials {
    plugin: AllowedPlugin,
    held: Mutex<Option<Held>>,
}

#[derive(Clone)]
struct Held {
    credentials: Credentials,
    /// Counts renewals.
    serial: u64,
    fetched: Instant,
}

impl PluginCredentials {
    pub(super) fn new(plugin: AllowedPlugin) -> Self {
        Self {
            plugin,
            held: Mutex::new(None),
        }
    }

    /// Credentials that last; `refused` is the serial of those that the cluster did not accept.
    async fn get(&self, now: DateTime<Utc>, refused: Option<u64>) -> Result<Held, ExecPluginError> {
        // Held while the plugin runs: everybody who needs credentials waits for the same run.
        let mut held = self.held.lock().await;
        if let Some(current) = held.as_ref() {
            let expired = current
                .credentials
                .expires
                .is_some_and(|expires| expires <= now + SLACK);
            // A plugin that hands out what is about to expire is not run for every request either.
            let worn_out = expired && current.fetched.elapsed() >= Duration::from_secs(1);
            let unwanted = refused == Some(current.serial) && current.fetched.elapsed() >= SETTLE;
            if !worn_out && !unwanted {
                return Ok(current.clone());
            }
        }
        let serial = held.as_ref().map_or(0, |current| current.serial) + 1;
        let fresh = Held {
            credentials: run(&self.plugin).await?,
            serial,
            fetched: Instant::now(),
        };
        *held = Some(fresh.clone());
        Ok(fresh)
    }
}

/// A client that is built again whenever the credentials changed.
pub(super) struct Renewing {
    config: Config,
    credentials: Arc<PluginCredentials>,
    built: Mutex<Option<(u64, Client)>>,
}

impl Renewing {
    /// A client of its own over `config`, with credentials of the plugin.
    pub(super) fn client(config: Config, credentials: Arc<PluginCredentials>) -> Client {
        let namespace = config.default_namespace.clone();
        let own = Arc::new(Self {
            config,
            credentials,
            built: Mutex::new(None),
        });
        let service = tower::service_fn(move |request: Request<Body>| {
            let own = own.clone();
            async move { own.send(request).await }
        });
        Client::new(service, namespace)
    }

    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let (parts, body) = request.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let again = |bytes: &Bytes| Request::from_parts(parts.clone(), Body::from(bytes.clone()));
        let (serial, client) = self.current(None).await?;
        let response = client.send(again(&bytes)).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        // 401 means that nothing was done, so once more with new credentials is safe for every verb.
        match self.current(Some(serial)).await? {
            (renewed, client) if renewed != serial => Ok(client.send(again(&bytes)).await?),
            _ => Ok(response),
        }
    }

    async fn current(&self, refused: Option<u64>) -> Result<(u64, Client), BoxError> {
        let held = self
            .credentials
            .get(Utc::now(), refused)
            .await
            .map_err(LayerError::Plugin)?;
        let mut built = self.built.lock().await;
        if let Some((serial, client)) = built.as_ref()
            && *serial == held.serial
        {
            return Ok((*serial, client.clone()));
        }
        let client = self.build(&held.credentials)?;
        *built = Some((held.serial, client.clone()));
        Ok((held.serial, client))
    }

    fn build(&self, credentials: &Credentials) -> Result<Client, kube::Error> {
        use base64::Engine as _;
        let mut config = self.config.clone();
        let encode = |pem: &str| base64::engine::general_purpose::STANDARD.encode(pem);
        if let Some((certificate, key)) = &credentials.certificate {
            use secrecy::ExposeSecret as _;
            config.auth_info.client_certificate_data = Some(encode(certificate));
            config.auth_info.client_key_data = Some(encode(key.expose_secret()).into());
        }
        config.auth_info.token = credentials.token.clone().or(config.auth_info.token);
        Client::try_from(config)
    }
}
