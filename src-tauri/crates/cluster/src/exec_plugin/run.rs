//! Running an allowed plugin within its limits, and reading the credentials that it prints.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use chrono::{DateTime, Utc};
use kube::config::{ExecConfig, ExecInteractiveMode};
use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::{Child, Command};

use super::{AllowedPlugin, ExecPluginError, PluginLimits, variables};

/// How much of what a failing plugin says is kept.
const MESSAGE: usize = 4 << 10;

/// What a plugin printed.
#[derive(Debug, Clone)]
pub(crate) struct Credentials {
    pub(crate) token: Option<SecretString>,
    /// Client certificate and key, PEM.
    pub(crate) certificate: Option<(String, SecretString)>,
    pub(crate) expires: Option<DateTime<Utc>>,
}

/// Runs the plugin once.
pub(crate) async fn run(plugin: &AllowedPlugin) -> Result<Credentials, ExecPluginError> {
    let program = plugin.consent.program.as_path();
    if plugin.config.interactive_mode == Some(ExecInteractiveMode::Always) {
        return Err(ExecPluginError::NoCredentials {
            program: program.to_owned(),
            detail: "it wants a terminal (interactiveMode: Always), and a desktop app has none".to_owned(),
        });
    }
    let printed = run_bounded(program, command(plugin), plugin.limits).await?;
    read(program, &plugin.config, &printed)
}

fn command(plugin: &AllowedPlugin) -> Command {
    let mut command = Command::new(&plugin.consent.program);
    command
        .args(&plugin.consent.arguments)
        .envs(variables(&plugin.config))
        .env("KUBERNETES_EXEC_INFO", exec_info(&plugin.config).to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A group of its own, so that its children end with it.
        .process_group(0)
        .kill_on_drop(true);
    if !variables(&plugin.config).iter().any(|(name, _)| *name == "PATH")
        && let Ok(path) = std::env::join_paths(&plugin.search)
    {
        command.env("PATH", path);
    }
    command
}

/// `ExecCredential` as the plugin gets it (client.authentication.k8s.io).
fn exec_info(config: &ExecConfig) -> Value {
    let mut spec = json!({"interactive": false});
    if let Some(cluster) = config.cluster.as_ref().filter(|_| config.provide_cluster_info) {
        spec["cluster"] = json!({
            "server": cluster.server,
            "insecure-skip-tls-verify": cluster.insecure_skip_tls_verify.unwrap_or(false),
            "tls-server-name": cluster.tls_server_name,
            "certificate-authority-data": cluster.certificate_authority_data.as_ref().map(|pem| {
                use base64::Engine as _;
                base64::engine::general_purpose::STANDARD.encode(pem)
            }),
            "proxy-url": cluster.proxy_url,
            "config": cluster.config,
        });
        if let Some(cluster) = spec["cluster"].as_object_mut() {
            cluster.retain(|_, value| !value.is_null());
        }
    }
    json!({"kind": "ExecCredential", "apiVersion": config.api_version, "spec": spec})
}

async fn run_bounded(
    program: &Path,
    mut command: Command,
    limits: PluginLimits,
) -> Result<Vec<u8>, ExecPluginError> {
    let mut child = command.spawn().map_err(|error| ExecPluginError::NotStarted {
        program: program.to_owned(),
        detail: error.to_string(),
    })?;
    let group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
    let outcome = tokio::time::timeout(limits.time, collect(program, &mut child, limits)).await;
    drop(group);
    let (status, printed, message) = outcome.map_err(|_| ExecPluginError::TimedOut {
        program: program.to_owned(),
        after: limits.time,
    })??;
    if status.success() {
        return Ok(printed);
    }
    Err(ExecPluginError::Failed {
        program: program.to_owned(),
        status: status.to_string(),
        message: String::from_utf8_lossy(&message).trim().to_owned(),
    })
}

async fn collect(
    program: &Path,
    child: &mut Child,
    limits: PluginLimits,
) -> Result<(ExitStatus, Vec<u8>, Vec<u8>), ExecPluginError> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let (printed, message) = tokio::join!(read_at_most(out, limits.output), read_tail(err));
    let printed = printed.ok_or_else(|| ExecPluginError::TooMuchOutput {
        program: program.to_owned(),
        limit: limits.output,
    })?;
    let status = child.wait().await.map_err(|error| ExecPluginError::NotStarted {
        program: program.to_owned(),
        detail: error.to_string(),
    })?;
    Ok((status, printed, message))
}

/// All of a stream, or `None` as soon as it is longer than the limit.
async fn read_at_most(stream: Option<impl AsyncRead + Unpin>, limit: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        stream.take(limit as u64 + 1).read_to_end(&mut bytes).await.ok()?;
    }
    (bytes.len() <= limit).then_some(bytes)
}

/// The end of a stream, however long it is.
async fn read_tail(stream: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let (mut tail, mut buffer) = (Vec::new(), [0; 4096]);
    let Some(mut stream) = stream else { return tail };
    while let Ok(count @ 1..) = stream.read(&mut buffer).await {
        tail.extend_from_slice(&buffer[..count]);
        let surplus = tail.len().saturating_sub(MESSAGE);
        tail.drain(..surplus);
    }
    tail
}

/// Ends the plugin's process group, however its run ended: what it left behind has no business to go on.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // An error means that nobody is left in it.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

#[derive(Deserialize)]
struct Printed {
    status: Option<PrintedStatus>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PrintedStatus {
    token: Option<String>,
    client_certificate_data: Option<String>,
    client_key_data: Option<String>,
    expiration_timestamp: Option<DateTime<Utc>>,
}

fn read(program: &Path, config: &ExecConfig, printed: &[u8]) -> Result<Credentials, ExecPluginError> {
    let wrong = |detail: String| ExecPluginError::NoCredentials {
        program: PathBuf::from(program),
        detail,
    };
    // serde_json's message holds a place and a type, never the text itself.
    let parsed: Printed = serde_json::from_slice(printed).map_err(|error| {
        wrong(format!(
            "no ExecCredential at line {}, column {}",
            error.line(),
            error.column()
        ))
    })?;
    let status = parsed
        .status
        .ok_or_else(|| wrong("they have no status".to_owned()))?;
    let credentials = Credentials {
        token: status
            .token
            .filter(|token| !token.is_empty())
            .map(SecretString::from),
        certificate: status
            .client_certificate_data
            .zip(status.client_key_data.map(SecretString::from)),
        expires: status.expiration_timestamp,
    };
    if credentials.token.is_none() && credentials.certificate.is_none() {
        let version = config
            .api_version
            .as_deref()
            .unwrap_or("client.authentication.k8s.io/v1");
        return Err(wrong(format!(
            "neither a token nor a certificate is in the {version} status"
        )));
    }
    Ok(credentials)
}
