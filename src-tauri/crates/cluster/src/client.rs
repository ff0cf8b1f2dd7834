//! Three clients a cluster: one to watch, one to read, one to change things.
//!
//! | client | time limit | tries |
//! | --- | --- | --- |
//! | watch | none while it streams: a quiet watch is healthy | one; the watch itself goes on |
//! | read | [`READ_TIMEOUT`] over all tries and the whole body | three, `Retry-After` honoured; refuses to write |
//! | mutate | [`MUTATE_TIMEOUT`] | one: the next try could do it twice |
//!
//! `kube`'s own retries are off everywhere: they replay a PATCH after a 504.

mod clock;
mod credentials;
mod limits;
mod proxy;
mod settings;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kube::Client;
use kube::config::{Config, ExecAuthCluster};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{Error, classify};
use crate::exec_plugin::{AllowedPlugin, ExecConsent, ExecPluginError, PluginLimits, consent};
use crate::kubeconfig::{Contexts, KubeconfigError};

use clock::Clock;
use credentials::{PluginCredentials, Renewing};
pub use proxy::Proxies;
use settings::settings;

/// How long a reading request may take, all tries and the body included.
pub const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// How long a changing request may take. API servers give up on theirs after 60 s, webhooks on theirs after 30.
pub const MUTATE_TIMEOUT: Duration = Duration::from_secs(35);

/// How long a connection may take to come up.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a client is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Long-running watches and the lists before them.
    Watch,
    /// Everything that is only looked at.
    Read,
    /// Everything that changes the cluster.
    Mutate,
}

/// The clients of one cluster, and what is known of it. Cheap to clone.
#[derive(Clone)]
pub struct Clients {
    /// For watches.
    pub watch: Client,
    /// For reading. Requests that would change anything are refused before they are sent.
    pub read: Client,
    /// For changing. Never retries.
    pub mutate: Client,
    about: Arc<About>,
}

struct About {
    cluster: String,
    host: String,
    user: Option<String>,
    clock: Arc<Clock>,
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients")
            .field("cluster", &self.about.cluster)
            .field("host", &self.about.host)
            .finish_non_exhaustive()
    }
}

/// How to connect to a context.
pub struct ConnectOptions<'a> {
    /// Folders in which exec plugins are looked for: this process's PATH, then the login shell's.
    pub search: &'a [PathBuf],
    /// Whether the person has allowed this plugin.
    pub allow: &'a dyn Fn(&ExecConsent) -> bool,
    /// Limits for the plugin.
    pub limits: PluginLimits,
    /// The proxies of the environment.
    pub proxies: Proxies,
}

impl fmt::Debug for ConnectOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectOptions")
            .field("search", &self.search)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Who the cluster takes us for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name.
    pub name: String,
    /// Its groups; empty where only the kubeconfig tells.
    pub groups: Vec<String>,
    /// Who says so.
    pub source: AccountSource,
}

/// Who names an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountSource {
    /// The cluster itself (`SelfSubjectReview`).
    Cluster,
    /// The name of the user entry in the kubeconfig: the cluster did not say.
    Kubeconfig,
}

impl Clients {
    /// Clients for a context. Sends nothing and runs nothing yet; an exec plugin runs with the first request, and
    /// only if `allow` agrees now.
    ///
    /// Must be called inside a Tokio runtime.
    pub fn connect(contexts: &Contexts, context: &str, options: &ConnectOptions<'_>) -> Result<Self, Error> {
        let entry = contexts
            .find(context)
            .ok_or_else(|| KubeconfigError::NoSuchContext {
                context: context.to_owned(),
                files: contexts.files.clone(),
            })?;
        refuse_auth_provider(contexts, context)?;
        let plugin = allowed_plugin(contexts, context, options)?;
        let config = settings(contexts, context, &options.proxies)?;
        let about = About {
            cluster: context.to_owned(),
            host: host(&config),
            user: entry.user.clone(),
            clock: Arc::default(),
        };
        let make = |_| -> Result<Client, Error> {
            match &plugin {
                Some(plugin) => Ok(Renewing::client(config.clone(), plugin.clone())),
                None => Client::try_from(config.clone()).map_err(|error| about.error("connecting", error)),
            }
        };
        let (watch, read, mutate) = (
            make(Purpose::Watch)?,
            make(Purpose::Read)?,
            make(Purpose::Mutate)?,
        );
        Ok(Self::assemble(about, watch, read, mutate))
    }

    /// Clients over given ones, which must not retry by themselves: an in-process cluster, a test's.
    ///
    /// Must be called inside a Tokio runtime.
    pub fn over(cluster: &str, make: impl Fn(Purpose) -> Client) -> Self {
        let about = About {
            cluster: cluster.to_owned(),
            host: cluster.to_owned(),
            user: None,
            clock: Arc::default(),
        };
        Self::assemble(
            about,
            make(Purpose::Watch),
            make(Purpose::Read),
            make(Purpose::Mutate),
        )
    }

    fn assemble(about: About, watch: Client, read: Client, mutate: Client) -> Self {
        Self {
            watch: limits::watching(watch, about.clock.clone()),
            read: limits::reading(read, about.clock.clone()),
            mutate: limits::mutating(mutate, about.clock.clone()),
            about: Arc::new(about),
        }
    }

    /// The cluster as the person knows it: the context's name.
    pub fn cluster(&self) -> &str {
        &self.about.cluster
    }

    /// Host and port of the API server.
    pub fn host(&self) -> &str {
        &self.about.host
    }

    /// Names an error of one of these clients. `what` says what was being done: "patching Deployment shop/cart".
    pub fn error(&self, what: &str, error: kube::Error) -> Error {
        self.about.error(what, error)
    }

    /// When the cluster answered anything last, by this machine's clock; a watch is asked for anew each half minute.
    pub fn last_answer(&self) -> Option<DateTime<Utc>> {
        self.about.clock.answered()
    }

    /// How far the cluster's clock is ahead of this machine's (negative: behind), from the answers' `Date`
    /// header, which has whole seconds. `None` until there was an answer.
    pub fn clock_offset(&self) -> Option<TimeDelta> {
        self.about.clock.offset()
    }

    /// Who the cluster takes us for; clusters before 1.28 do not say, so then it is the kubeconfig's user.
    pub async fn account(&self) -> Result<Account, Error> {
        let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        match self.review("asking who we are", path, &review).await {
            Ok(answer) => Ok(account_of(&answer)),
            Err(Error::NotFound { .. } | Error::Forbidden { .. }) => Ok(Account {
                name: self.about.user.clone().unwrap_or_default(),
                groups: Vec::new(),
                source: AccountSource::Kubeconfig,
            }),
            Err(error) => Err(error),
        }
    }

    /// Reads an answer as JSON. Not `kube`'s own way, which logs the whole text of an answer that does not fit:
    /// it may be a Secret.
    pub(crate) async fn fetch<T: DeserializeOwned>(
        &self,
        what: &str,
        request: http::Request<Vec<u8>>,
    ) -> Result<T, Error> {
        let text = self.fetch_text(what, request).await?;
        serde_json::from_str(&text).map_err(|error| Error::BadAnswer {
            cluster: self.about.cluster.clone(),
            what: what.to_owned(),
            detail: shape_error(&error),
        })
    }

    pub(crate) async fn fetch_text(
        &self,
        what: &str,
        request: http::Request<Vec<u8>>,
    ) -> Result<String, Error> {
        self.read
            .request_text(request)
            .await
            .map_err(|error| self.error(what, error))
    }

    /// Reads a path.
    pub(crate) async fn get<T: DeserializeOwned>(&self, what: &str, path: &str) -> Result<T, Error> {
        self.fetch(what, self.get_request(path)?).await
    }

    /// Reads a path as text.
    pub(crate) async fn get_text(&self, what: &str, path: &str) -> Result<String, Error> {
        self.fetch_text(what, self.get_request(path)?).await
    }

    fn get_request(&self, path: &str) -> Result<http::Request<Vec<u8>>, Error> {
        http::Request::get(path)
            .body(Vec::new())
            .map_err(|error| Error::Settings {
                cluster: self.about.cluster.clone(),
                detail: error.to_string(),
            })
    }

    /// Asks for a review: a POST that stores nothing.
    pub(crate) async fn review(&self, what: &str, path: &str, body: &Value) -> Result<Value, Error> {
        let request = http::Request::post(path)
            .header(http::header::CONTENT_TYPE, "application/json")
            .body(body.to_string().into_bytes())
            .map_err(|error| Error::Settings {
                cluster: self.about.cluster.clone(),
                detail: error.to_string(),
            })?;
        self.fetch(what, request).await
    }
}

impl About {
    fn error(&self, what: &str, error: kube::Error) -> Error {
        classify(&self.cluster, &self.host, what, error)
    }
}

/// Place and kind of a JSON error; never the text that it stands in.
pub(crate) fn shape_error(error: &serde_json::Error) -> String {
    let kind = match error.classify() {
        serde_json::error::Category::Eof => "it is cut short",
        serde_json::error::Category::Io => "it could not be read",
        serde_json::error::Category::Syntax => "it is no JSON",
        serde_json::error::Category::Data => "it is of another shape",
    };
    format!("{kind} (line {}, column {})", error.line(), error.column())
}

/// `gcp` and `azure` would run a command without consent. `oidc` only carries a token.
fn refuse_auth_provider(contexts: &Contexts, context: &str) -> Result<(), Error> {
    match contexts
        .auth_provider_of(context)
        .filter(|provider| provider.name != "oidc")
    {
        Some(provider) => Err(KubeconfigError::AuthProvider {
            context: context.to_owned(),
            provider: provider.name.clone(),
        }
        .into()),
        None => Ok(()),
    }
}

fn allowed_plugin(
    contexts: &Contexts,
    context: &str,
    options: &ConnectOptions<'_>,
) -> Result<Option<Arc<PluginCredentials>>, Error> {
    let Some(exec) = contexts.exec_of(context) else {
        return Ok(None);
    };
    let consent = consent(context, exec, options.search)?;
    if !(options.allow)(&consent) {
        return Err(ExecPluginError::NotAllowed {
            context: context.to_owned(),
            consent: Box::new(consent),
        }
        .into());
    }
    let mut config = exec.clone();
    config.cluster = cluster_info(contexts, context);
    Ok(Some(Arc::new(PluginCredentials::new(AllowedPlugin {
        consent,
        config,
        search: options.search.to_vec(),
        limits: options.limits,
    }))))
}

fn cluster_info(contexts: &Contexts, context: &str) -> Option<ExecAuthCluster> {
    ExecAuthCluster::try_from(contexts.cluster_of(context)?).ok()
}

/// Host and port for the words of errors; a name and a password before them stay out.
fn host(config: &Config) -> String {
    let authority = config.cluster_url.authority().map(|authority| authority.as_str());
    let authority = authority.unwrap_or_default();
    authority.rsplit('@').next().unwrap_or(authority).to_owned()
}

fn account_of(answer: &Value) -> Account {
    let user = &answer["status"]["userInfo"];
    Account {
        name: user["username"].as_str().unwrap_or_default().to_owned(),
        groups: user["groups"]
            .as_array()
            .map(|groups| {
                groups
                    .iter()
                    .filter_map(|group| Some(group.as_str()?.to_owned()))
                    .collect()
            })
            .unwrap_or_default(),
        source: AccountSource::Cluster,
    }
}

#[cfg(test)]
mod tests;
