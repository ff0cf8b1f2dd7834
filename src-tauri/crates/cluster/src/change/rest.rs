//! JSON over the Kubernetes API, with our errors and a bound on the time of each request.

use std::time::Duration;

use http::Request;
use serde_json::Value;

use crate::error::{Error, classify};

/// How long any single request may take.
pub const TIMEOUT: Duration = Duration::from_secs(15);

/// As many objects as client-go asks for at once.
const PAGE: u32 = 500;

/// A client with the names that its errors carry.
#[derive(Clone)]
pub struct Rest {
    client: kube::Client,
    cluster: String,
    host: String,
    timeout: Duration,
}

impl std::fmt::Debug for Rest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rest")
            .field("cluster", &self.cluster)
            .finish_non_exhaustive()
    }
}

impl Rest {
    /// Wraps a client; `cluster` and `host` are for the words of errors.
    pub fn new(client: kube::Client, cluster: impl Into<String>, host: impl Into<String>) -> Self {
        Self {
            client,
            cluster: cluster.into(),
            host: host.into(),
            timeout: TIMEOUT,
        }
    }

    /// The same with another bound on the time of a request.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The cluster, as the person knows it.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Result<Value, Error> {
        self.send("GET", path, None, None).await
    }

    /// GET; `None` for 404.
    pub async fn find(&self, path: &str) -> Result<Option<Value>, Error> {
        match self.get(path).await {
            Ok(value) => Ok(Some(value)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// GET of a list: its items, all pages.
    pub async fn list(&self, path: &str) -> Result<Vec<Value>, Error> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut items = Vec::new();
        let mut token = String::new();
        loop {
            let mut answer = self.get(&format!("{path}{joint}limit={PAGE}{token}")).await?;
            if let Some(Value::Array(page)) = answer.get_mut("items").map(Value::take) {
                items.extend(page);
            }
            match answer.pointer("/metadata/continue").and_then(Value::as_str) {
                Some(next) if !next.is_empty() => token = format!("&continue={}", encode(next)),
                Some(_) | None => return Ok(items),
            }
        }
    }

    /// POST.
    pub async fn create(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.send("POST", path, Some("application/json"), Some(body))
            .await
    }

    /// PATCH with a JSON Patch.
    pub async fn json_patch(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.send("PATCH", path, Some("application/json-patch+json"), Some(body))
            .await
    }

    async fn send(
        &self,
        method: &str,
        path: &str,
        content_type: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value, Error> {
        let what = format!("{method} {}", path.split('?').next().unwrap_or(path));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept", "application/json");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let bytes = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        let request = request.body(bytes).map_err(|error| Error::Settings {
            cluster: self.cluster.clone(),
            detail: format!("{what}: {error}"),
        })?;
        match tokio::time::timeout(self.timeout, self.client.request::<Value>(request)).await {
            Ok(result) => result.map_err(|error| classify(&self.cluster, &self.host, &what, error)),
            Err(_) => Err(Error::TimedOut {
                cluster: self.cluster.clone(),
                what,
                after: self.timeout,
            }),
        }
    }
}

/// Percent-encodes a value of a query.
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
