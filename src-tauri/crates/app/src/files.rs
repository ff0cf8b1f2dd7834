//! Files that a person asks for: the shown deployments as CSV, and a redacted support file.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::deployment::Deployment;
use domain::ids::ServiceName;
use ledger::DeploymentFilter;
use serde_json::json;
use wire::settings::{PathRequest, SupportFile};
use wire::timeline::{CsvRequest, DeploymentSource, SourcesRequest};
use wire::{ErrorCode, WireError};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::redaction::redact;
use crate::repositories::ServiceTags;
use crate::session::Session;
use crate::words;

/// How much of each log goes into the support file.
const LOG_BYTES: usize = 256 * 1024;

/// Where deployments come from: of each that the ledger knows, in no order.
pub async fn deployment_sources(
    backend: &Arc<Backend>,
    request: SourcesRequest,
) -> Answer<Vec<DeploymentSource>> {
    let session = backend.session()?;
    blocking(move || {
        let asked: HashSet<i64> = request.ids.iter().map(|id| *id as i64).collect();
        let all = DeploymentFilter {
            limit: Some(u32::MAX),
            ..DeploymentFilter::default()
        };
        let known = session
            .ledger
            .deployments(&session.id, &all)
            .map_err(error::ledger)?;
        let mut tags: HashMap<ServiceName, Option<Arc<ServiceTags>>> = HashMap::new();
        let mut source = |deployment: Deployment| {
            let id = deployment.id.filter(|id| asked.contains(&id.0))?;
            let tags = tags
                .entry(deployment.service.clone())
                .or_insert_with(|| session.repositories.tags(&deployment.service).ok());
            let tag = tags
                .as_ref()
                .and_then(|tags| tags.tag(&deployment.version.label()));
            Some(DeploymentSource {
                id: id.0 as f64,
                commit: tag.map(|tag| tag.commit.to_string()),
                digest: deployment.digest.clone(),
                evidence: words::evidence(deployment.best_evidence()),
            })
        };
        Ok(known.into_iter().filter_map(&mut source).collect())
    })
    .await
}

/// Writes the table that is shown as CSV, where the person said.
pub async fn csv_save(_backend: &Arc<Backend>, request: CsvRequest) -> Answer<()> {
    blocking(move || {
        let path = PathBuf::from(&request.path);
        // The window names the file: it may make a table of it, and nothing else.
        if path
            .extension()
            .is_none_or(|extension| !extension.eq_ignore_ascii_case("csv"))
        {
            return Err(
                WireError::new(ErrorCode::FileFailed, "the file's name must end in .csv")
                    .with("path", request.path),
            );
        }
        write(&path, &request.text)
    })
    .await
}

fn write(path: &Path, text: &str) -> Answer<()> {
    std::fs::write(path, text).map_err(|problem| error::file(path, &problem))
}

/// Writes a support file: what the app is, how it stands, and the newest logs, without secrets.
pub async fn support_file(backend: &Arc<Backend>, request: PathRequest) -> Answer<SupportFile> {
    let (session, ledger) = (backend.session_if_any(), backend.ledger.clone());
    let (logs, version, now) = (
        backend.setup.logs.clone(),
        backend.setup.version.clone(),
        backend.now(),
    );
    blocking(move || {
        let path = PathBuf::from(&request.path);
        let health = session
            .as_ref()
            .map_or(&ledger, |session| &session.ledger)
            .health()
            .map_err(error::ledger)?;
        let facts = json!({
            "app": {"version": version, "os": std::env::consts::OS, "arch": std::env::consts::ARCH},
            "writtenAt": now.to_rfc3339(),
            "ledger": format!("{health:?}"),
            "workspace": session.as_ref().map(|session| workspace(session)),
        });
        let facts = serde_json::to_string_pretty(&facts).map_err(error::internal)?;
        let mut text = format!("Tidemark support file\n\n{facts}\n");
        for log in newest(&logs, 3) {
            text.push_str(&format!("\n--- {}\n", log.display()));
            text.push_str(&tail(&log));
        }
        let text = redact(&text);
        write(&path, &text)?;
        Ok(SupportFile {
            path: request.path,
            size: text.len() as f64,
        })
    })
    .await
}

fn workspace(session: &Session) -> serde_json::Value {
    json!({
        "services": session.workspace.services.len(),
        "environments": session.workspace.environments.len(),
        "demo": session.demo,
        "connections": session.connections(),
    })
}

fn newest(folder: &Path, count: usize) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files.into_iter().rev().take(count).collect()
}

fn tail(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap_or_default();
    let from = bytes.len().saturating_sub(LOG_BYTES);
    String::from_utf8_lossy(&bytes[from..]).into_owned()
}
