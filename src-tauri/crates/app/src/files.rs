//! Files that a person asks for: the shown deployments as CSV, and a redacted support file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Local, SecondsFormat, Utc};
use domain::deployment::{Deployment, Moment};
use domain::ids::DeploymentId;
use serde_json::json;
use wire::settings::{PathRequest, SupportFile};
use wire::timeline::CsvRequest;

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::redaction::redact;
use crate::session::Session;

/// How much of each log goes into the support file.
const LOG_BYTES: usize = 256 * 1024;

const HEAD: [&str; 14] = [
    "service",
    "environment",
    "version",
    "kind",
    "status",
    "started",
    "settled",
    "failed",
    "ended",
    "evidence",
    "who",
    "why",
    "image",
    "revision",
];

/// Writes the deployments that are shown as CSV (RFC 4180, UTF-8).
pub async fn csv_save(backend: &Arc<Backend>, request: CsvRequest) -> Answer<()> {
    let session = backend.session()?;
    blocking(move || {
        let mut text = row(HEAD.map(str::to_owned));
        for id in &request.deployments {
            let found = session
                .ledger
                .deployment(DeploymentId(*id as i64))
                .map_err(error::ledger)?;
            if let Some(deployment) = found {
                text.push_str(&row(fields(&deployment, request.utc)));
            }
        }
        write(Path::new(&request.path), &text)
    })
    .await
}

fn fields(deployment: &Deployment, utc: bool) -> [String; 14] {
    let moment = |moment: Option<Moment>| {
        moment
            .map(|moment| time(moment.latest(), utc))
            .unwrap_or_default()
    };
    let text = |of: &Option<domain::deployment::Attribution>| {
        of.as_ref().map(|one| one.text.clone()).unwrap_or_default()
    };
    [
        deployment.service.to_string(),
        deployment.environment.to_string(),
        deployment.version.label(),
        deployment.kind.as_str().to_owned(),
        deployment.status.as_str().to_owned(),
        moment(deployment.moments.started),
        moment(deployment.moments.settled),
        moment(deployment.moments.failed),
        moment(deployment.moments.ended),
        deployment.best_evidence().as_str().to_owned(),
        text(&deployment.who),
        text(&deployment.why),
        deployment.image.clone().unwrap_or_default(),
        deployment
            .revision
            .map(|revision| revision.to_string())
            .unwrap_or_default(),
    ]
}

fn time(time: DateTime<Utc>, utc: bool) -> String {
    if utc {
        time.to_rfc3339_opts(SecondsFormat::Secs, true)
    } else {
        time.with_timezone(&Local)
            .to_rfc3339_opts(SecondsFormat::Secs, false)
    }
}

fn row<const N: usize>(fields: [String; N]) -> String {
    let mut text = fields.map(|field| quoted(&field)).join(",");
    text.push_str("\r\n");
    text
}

/// A field in quotes where it needs them. A text that a spreadsheet would take for a formula is kept from that
/// by an apostrophe: versions and reasons come from outside.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
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
            "workspace": session.as_ref().map(|session| workspace(session, now)),
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

fn workspace(session: &Session, now: DateTime<Utc>) -> serde_json::Value {
    json!({
        "services": session.workspace.services.len(),
        "environments": session.workspace.environments.len(),
        "demo": session.demo,
        "connections": session.connections(now),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_fields_are_quoted_and_never_formulas() {
        let cases = [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("-1", "'-1"),
        ];
        for (field, expected) in cases {
            assert_eq!(quoted(field), expected);
        }
    }
}
