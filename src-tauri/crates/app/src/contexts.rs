//! Kube contexts: which there are, what each answers, and consent to the programs that they ask to run.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use cluster::exec_plugin::{ExecConsent as Consent, PluginLimits, consent_for, login_shell_path};
use cluster::kubeconfig::Contexts as Found;
use cluster::{Clients, ConnectOptions, Proxies};
use ledger::Ledger;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use wire::cluster::{Context, ContextRequest, ContextTest, Contexts, ExecConsent, ExecPlugin};
use wire::{ErrorCode, WireError};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};

const CONSENT: &str = "exec-consent";

/// Folders in which exec plugins are looked for: this process's PATH, then the login shell's, asked once.
async fn search() -> Vec<PathBuf> {
    static LOGIN: OnceCell<Vec<PathBuf>> = OnceCell::const_new();
    let own = std::env::var_os("PATH").unwrap_or_default();
    let shell = std::env::var_os("SHELL").unwrap_or_else(|| OsString::from("/bin/sh"));
    let login = LOGIN
        .get_or_init(|| async move { login_shell_path(&shell).await })
        .await;
    let mut folders: Vec<PathBuf> = std::env::split_paths(&own).collect();
    folders.extend(login.iter().cloned());
    let mut seen = std::collections::HashSet::new();
    folders.retain(|folder| seen.insert(folder.clone()));
    folders
}

/// Whether a person allowed exactly this program, arguments and environment.
fn allowed(ledger: &Ledger, consent: &Consent) -> bool {
    ledger.setting(CONSENT, &consent.key).ok().flatten().is_some()
}

/// Clients for a context.
pub(crate) async fn connect(backend: &Backend, context: &str) -> Result<Clients, cluster::Error> {
    let (contexts, ledger) = (backend.setup.kubeconfig.load(), &backend.ledger);
    let search = search().await;
    let options = ConnectOptions {
        search: &search,
        allow: &|consent| allowed(ledger, consent),
        limits: PluginLimits::default(),
        proxies: Proxies::from_environment(|name| std::env::var(name).ok()),
    };
    Clients::connect(&contexts, context, &options)
}

async fn load(backend: &Arc<Backend>) -> Answer<Found> {
    let files = backend.setup.kubeconfig.clone();
    blocking(move || Ok(files.load())).await
}

/// All contexts as kubectl would find them.
pub async fn contexts_list(backend: &Arc<Backend>, _: ()) -> Answer<Contexts> {
    let found = load(backend).await?;
    let search = search().await;
    let ledger = backend.ledger.clone();
    blocking(move || {
        let contexts = found.contexts.iter().map(|entry| {
            let (exec, exec_problem) = match exec(&ledger, &found, &entry.name, &search) {
                Ok(exec) => (exec, None),
                Err(problem) => (None, Some(problem)),
            };
            Context {
                name: entry.name.clone(),
                cluster: entry.cluster.clone(),
                server: entry.server.as_deref().map(git::network::without_password),
                namespace: entry.namespace.clone(),
                user: entry.user.clone(),
                current: entry.current,
                file: entry
                    .file
                    .as_ref()
                    .map(|file| file.display().to_string())
                    .unwrap_or_default(),
                exec,
                exec_problem,
                insecure: entry.insecure,
            }
        });
        Ok(Contexts {
            contexts: contexts.collect(),
            errors: found.problems.iter().map(error::kubeconfig).collect(),
        })
    })
    .await
}

fn exec(ledger: &Ledger, contexts: &Found, context: &str, search: &[PathBuf]) -> Answer<Option<ExecPlugin>> {
    let consent = consent_for(contexts, context, search).map_err(|error| error::exec_plugin(&error))?;
    let Some(consent) = consent else {
        return Ok(None);
    };
    let kept = ledger.settings(CONSENT).map_err(error::ledger)?;
    let consented = kept.iter().any(|(key, _)| *key == consent.key);
    let before = kept.iter().any(|(_, value)| value["context"] == context);
    Ok(Some(ExecPlugin {
        context: context.to_owned(),
        command: consent.command_line(),
        path: consent.program.display().to_string(),
        consented,
        changed: before && !consented,
        arguments: consent.arguments,
        environment: consent.environment,
        key: consent.key,
    }))
}

/// What a context answers: on the welcome screen each connection is tested on the spot.
pub async fn context_test(backend: &Arc<Backend>, request: ContextRequest) -> Answer<ContextTest> {
    let begin = Instant::now();
    let clients = connect(backend, &request.context).await.map_err(error::cluster)?;
    let summary = cluster::summary::summary(&clients, &[])
        .await
        .map_err(error::cluster)?;
    let account = summary.account.as_ref().ok().map(|account| account.name.clone());
    let everywhere = summary.namespaces.first();
    let counted = everywhere.map(|all| {
        all.deployments
            .as_ref()
            .map_err(|problem| error::cluster_ref(problem))
    });
    let workloads = match counted {
        Some(Ok(count)) => *count as u32,
        // Not allowed to look everywhere is no failure: the workspace names its namespaces.
        Some(Err(problem)) if problem.code == ErrorCode::Forbidden => 0,
        Some(Err(problem)) => return Err(problem),
        None => 0,
    };
    let may = everywhere
        .and_then(|all| all.may_roll_back.as_ref().ok())
        .map(|access| matches!(access, cluster::rbac::Access::Allowed));
    let namespaces = cluster::summary::namespaces(&clients).await.unwrap_or_default();
    Ok(ContextTest {
        context: request.context,
        version: Some(summary.version),
        account,
        workloads,
        may_roll_back: may,
        namespaces: namespaces.iter().map(ToString::to_string).collect(),
        milliseconds: begin.elapsed().as_secs_f64() * 1000.0,
    })
}

/// The exec plugins that a person allowed.
pub async fn exec_consents(backend: &Arc<Backend>, _: ()) -> Answer<Vec<ExecConsent>> {
    let ledger = backend.ledger.clone();
    let kept = blocking(move || ledger.settings(CONSENT).map_err(error::ledger)).await?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect();
    let read = kept.iter().map(|(key, value)| ExecConsent {
        context: text(&value["context"]),
        path: text(&value["path"]),
        arguments: texts(&value["arguments"]),
        environment: texts(&value["environment"]),
        key: key.clone(),
        allow: true,
    });
    Ok(read.collect())
}

/// Allows an exec plugin, exactly what was shown, or takes that back.
pub async fn exec_consent(backend: &Arc<Backend>, request: ExecConsent) -> Answer<()> {
    if request.allow {
        allow(backend, request).await?
    } else {
        revoke(backend, request).await?
    }
    if let Some(session) = backend.session_if_any() {
        session.reconnect(backend).await;
    }
    Ok(())
}

/// What would run is found anew: a kubeconfig that changed since it was shown asks again.
async fn allow(backend: &Arc<Backend>, request: ExecConsent) -> Answer<()> {
    let found = load(backend).await?;
    let consent =
        consent_for(&found, &request.context, &search().await).map_err(|error| error::exec_plugin(&error))?;
    let shown = consent.filter(|consent| consent.key == request.key);
    let Some(consent) = shown else {
        return Err(WireError::new(
            ErrorCode::ExecConsentNeeded,
            "another program would run than the one shown",
        )
        .with("context", &request.context)
        .with("command", &request.path));
    };
    let (ledger, now) = (backend.ledger.clone(), backend.now());
    let value = json!({
        "context": request.context, "path": consent.program.display().to_string(),
        "arguments": consent.arguments, "environment": consent.environment,
    });
    blocking(move || {
        ledger
            .set_setting(CONSENT, &consent.key, &value, now)
            .map_err(error::ledger)
    })
    .await
}

async fn revoke(backend: &Arc<Backend>, request: ExecConsent) -> Answer<()> {
    let ledger = backend.ledger.clone();
    blocking(move || {
        ledger
            .remove_setting(CONSENT, &request.key)
            .map_err(error::ledger)
    })
    .await
}
