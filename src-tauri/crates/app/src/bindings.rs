//! What is personal beside a workspace file: which clone is bound to a repository, which kube context to a
//! cluster, and which identity a file's history is kept under.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::ids::{ClusterName, WorkspaceId};
use domain::workspace::Workspace;
use ledger::Ledger;
use serde_json::Value;

use crate::error::{self, Answer};

const REPOSITORY: &str = "binding:repository";
const CLUSTER: &str = "binding:cluster";
const IDENTITY: &str = "workspace";

/// The clones bound to the repositories of a workspace.
pub fn clones(ledger: &Ledger, workspace: &Workspace) -> Answer<HashMap<String, PathBuf>> {
    let bound = ledger.settings(REPOSITORY).map_err(error::ledger)?;
    let named = |repository: &str| {
        workspace
            .services
            .iter()
            .any(|service| service.repository.as_deref() == Some(repository))
    };
    Ok(bound
        .into_iter()
        .filter(|(repository, _)| named(repository))
        .filter_map(|(repository, clone)| Some((repository, PathBuf::from(clone.as_str()?))))
        .collect())
}

/// Binds a clone to a repository; an empty path takes the binding back.
pub fn bind_clone(ledger: &Ledger, repository: &str, clone: &str, now: DateTime<Utc>) -> Answer<()> {
    bind(ledger, REPOSITORY, repository, clone, now)
}

/// The context bound to a cluster of a workspace.
pub fn context(ledger: &Ledger, workspace: &WorkspaceId, cluster: &ClusterName) -> Answer<Option<String>> {
    let value = ledger
        .setting(CLUSTER, &format!("{workspace}/{cluster}"))
        .map_err(error::ledger)?;
    Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
}

/// Binds a context to a cluster of a workspace; an empty name takes the binding back.
pub fn bind_context(
    ledger: &Ledger,
    workspace: &WorkspaceId,
    cluster: &str,
    context: &str,
    now: DateTime<Utc>,
) -> Answer<()> {
    bind(ledger, CLUSTER, &format!("{workspace}/{cluster}"), context, now)
}

fn bind(ledger: &Ledger, scope: &str, key: &str, value: &str, now: DateTime<Utc>) -> Answer<()> {
    let kept = if value.is_empty() {
        ledger.remove_setting(scope, key)
    } else {
        ledger.set_setting(scope, key, &Value::String(value.to_owned()), now)
    };
    kept.map_err(error::ledger)
}

/// The identity under which the history of a workspace file is kept.
///
/// A file that was moved keeps its history: a known file of the same name that is gone hands its identity on.
pub fn identity(ledger: &Ledger, path: &Path, name: &str, now: DateTime<Utc>) -> Answer<WorkspaceId> {
    let key = path.display().to_string();
    let known = ledger.settings(IDENTITY).map_err(error::ledger)?;
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).map(str::to_owned);
    if let Some(id) = known
        .iter()
        .find(|(path, _)| *path == key)
        .and_then(|(_, value)| text(value, "id"))
    {
        return Ok(id.into());
    }
    let moved = known
        .iter()
        .find(|(path, value)| text(value, "name").as_deref() == Some(name) && !Path::new(path).exists());
    let id = moved
        .and_then(|(_, value)| text(value, "id"))
        .unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    let value = serde_json::json!({"id": id, "name": name});
    match ledger.set_setting(IDENTITY, &key, &value, now) {
        // A ledger that can't be written still shows what it has.
        Ok(()) | Err(ledger::LedgerError::ReadOnly { .. }) => Ok(id.into()),
        Err(error) => Err(error::ledger(error)),
    }
}

#[cfg(test)]
mod tests {
    use ledger::OpenRequest;

    use super::*;

    #[test]
    fn a_moved_file_keeps_its_identity_and_a_copy_gets_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let now = Utc::now();
        let ledger = Ledger::open(&OpenRequest::new(folder.path(), now, [7; 32]))
            .unwrap()
            .ledger;
        let (first, second) = (folder.path().join("a.toml"), folder.path().join("b.toml"));
        std::fs::write(&first, "").unwrap();
        let id = identity(&ledger, &first, "Harbor", now).unwrap();
        assert_eq!(
            identity(&ledger, &first, "Harbor", now).unwrap(),
            id,
            "the same file"
        );
        std::fs::copy(&first, &second).unwrap();
        assert_ne!(
            identity(&ledger, &second, "Harbor", now).unwrap(),
            id,
            "a copy beside it"
        );
        std::fs::remove_file(&first).unwrap();
        let third = folder.path().join("c.toml");
        std::fs::write(&third, "").unwrap();
        assert_eq!(
            identity(&ledger, &third, "Harbor", now).unwrap(),
            id,
            "a moved file"
        );
    }
}
