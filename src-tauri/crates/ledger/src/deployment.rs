//! `deployment`, `evidence`, `lane` and `workload`: what went live, where and when, and how we know.
//!
//! Nothing is ever overwritten by weaker evidence, and all of it is kept. This module holds the form of the rows;
//! `join` tells whether two tellings are of one deployment, `merge` makes one of them, `ingest` writes, `query` reads,
//! `rename` follows the names of a workspace.

mod end;
mod ingest;
mod join;
mod merge;
mod query;
mod releases;
mod rename;
mod version_evidence;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row};

use domain::deployment::{
    Attribution, AttributionSource, Deployment, DeploymentKind, EvidenceKind, RollbackLink, RunningVersion,
    Status,
};
use domain::ids::{DeploymentId, EnvironmentName, OperationId, ServiceName, TemplateHash, WorkspaceId};
use domain::workload::{WorkloadIdentity, WorkloadKind};

use crate::column::{from_column, moments, unreadable};
use crate::error::Fault;

pub use query::{DeploymentFilter, MAXIMUM_ROWS, Run};
pub use rename::Renamed;

pub(crate) fn kind_column(kind: DeploymentKind) -> i64 {
    match kind {
        DeploymentKind::Version => 0,
        DeploymentKind::Configuration => 1,
        DeploymentKind::Restart => 2,
    }
}

pub(crate) fn kind_from(column: i64) -> Option<DeploymentKind> {
    use DeploymentKind as Kind;
    [Kind::Version, Kind::Configuration, Kind::Restart]
        .into_iter()
        .find(|kind| kind_column(*kind) == column)
}

pub(crate) fn status_column(status: Status) -> i64 {
    match status {
        Status::InProgress => 0,
        Status::Healthy => 1,
        Status::Degraded => 2,
        Status::Failed => 3,
        Status::RolledBack => 4,
        Status::Unknown => 5,
    }
}

pub(crate) fn status_from(column: i64) -> Option<Status> {
    [
        Status::InProgress,
        Status::Healthy,
        Status::Degraded,
        Status::Failed,
        Status::RolledBack,
        Status::Unknown,
    ]
    .into_iter()
    .find(|status| status_column(*status) == column)
}

pub(crate) fn evidence_column(kind: EvidenceKind) -> i64 {
    match kind {
        EvidenceKind::Imported => 0,
        EvidenceKind::Inferred => 1,
        EvidenceKind::Recorded => 2,
        EvidenceKind::Observed => 3,
    }
}

pub(crate) fn evidence_from(column: i64) -> Option<EvidenceKind> {
    use EvidenceKind as Kind;
    [Kind::Imported, Kind::Inferred, Kind::Recorded, Kind::Observed]
        .into_iter()
        .find(|kind| evidence_column(*kind) == column)
}

/// A version as two columns: what it is, and its text. Labels of a mixed one stand a line each.
fn version_columns(version: &RunningVersion) -> (i64, String) {
    match version {
        RunningVersion::Version(version) => (0, version.to_string()),
        RunningVersion::Unversioned(text) => (1, text.clone()),
        RunningVersion::Mixed(labels) => (2, labels.join("\n")),
    }
}

fn version_from(kind: i64, text: String) -> Option<RunningVersion> {
    match kind {
        0 => text.parse().ok().map(RunningVersion::Version),
        1 => Some(RunningVersion::Unversioned(text)),
        2 => Some(RunningVersion::Mixed(text.lines().map(str::to_owned).collect())),
        _ => None,
    }
}

/// The columns of one deployment, in the order in which [`read`] takes them.
const COLUMNS: &str =
    "deployment.id, service, environment, workload.kind, workload.namespace, workload.name, workload.uid,
  template, revision, version_kind, version, version_evidence, image, digest, deployment.kind, status,
  started_earliest, started, settled_earliest, settled, failed_earliest, failed, ended_earliest, ended,
  previous_served_until, is_rollback, rollback_to, who, who_source, why, why_source, operation";

/// The tables that [`COLUMNS`] stand in.
const TABLES: &str = "deployment JOIN lane ON lane.id = deployment.lane_id
  LEFT JOIN workload ON workload.id = deployment.workload_id";

/// Reads a deployment without its evidence.
fn read(row: &Row<'_>) -> Result<Deployment, Fault> {
    let id: i64 = row.get(0)?;
    let wrong = |wanted: &'static str, found: String| unreadable("deployment", id, wanted, found);
    let (version_kind, version): (i64, String) = (row.get(9)?, row.get(10)?);
    let evidence: String = row.get(11)?;
    let (kind, status): (i64, i64) = (row.get(14)?, row.get(15)?);
    Ok(Deployment {
        id: Some(DeploymentId(id)),
        service: row.get::<_, String>(1)?.into(),
        environment: row.get::<_, String>(2)?.into(),
        workload: match row.get_ref(3)? {
            ValueRef::Null => None,
            _ => Some(workload("deployment", id, row, 3)?),
        },
        template: row.get::<_, Option<String>>(7)?.map(TemplateHash::from),
        revision: row.get(8)?,
        version: version_from(version_kind, version.clone()).ok_or_else(|| wrong("version", version))?,
        version_evidence: version_evidence::from_column(&evidence)
            .ok_or_else(|| wrong("list of evidence", evidence))?,
        image: row.get(12)?,
        digest: row.get(13)?,
        kind: kind_from(kind).ok_or_else(|| wrong("kind of deployment", kind.to_string()))?,
        status: status_from(status).ok_or_else(|| wrong("status", status.to_string()))?,
        moments: moments(row, 16)?,
        previous_served_until: row.get::<_, Option<i64>>(24)?.map(from_column),
        rollback: rollback(row)?,
        who: attribution(id, row.get(27)?, row.get(28)?)?,
        why: attribution(id, row.get(29)?, row.get(30)?)?,
        operation: row.get::<_, Option<String>>(31)?.map(OperationId::from),
        evidence: Vec::new(),
    })
}

/// Kind, namespace, name and uid, in columns from `first` on; `table` and `id` say of what they are, should the kind be unknown.
fn workload(table: &'static str, id: i64, row: &Row<'_>, first: usize) -> Result<WorkloadIdentity, Fault> {
    let kind: String = row.get(first)?;
    Ok(WorkloadIdentity {
        kind: WorkloadKind::parse(&kind).ok_or_else(|| unreadable(table, id, "kind of workload", kind))?,
        namespace: row.get::<_, String>(first + 1)?.into(),
        name: row.get(first + 2)?,
        uid: row.get::<_, String>(first + 3)?.into(),
    })
}

fn rollback(row: &Row<'_>) -> rusqlite::Result<Option<RollbackLink>> {
    let is_rollback: bool = row.get(25)?;
    let to: Option<i64> = row.get(26)?;
    Ok(is_rollback.then_some(RollbackLink {
        to: to.map(DeploymentId),
    }))
}

fn attribution(id: i64, text: Option<String>, source: Option<String>) -> Result<Option<Attribution>, Fault> {
    let (Some(text), Some(source)) = (text, source) else {
        return Ok(None);
    };
    let source = AttributionSource::parse(&source)
        .ok_or_else(|| unreadable("deployment", id, "source of a who or a why", source))?;
    Ok(Some(Attribution { text, source }))
}

/// The row of a lane, made if it is new.
pub(crate) fn lane_id(
    conn: &Connection,
    workspace: &WorkspaceId,
    service: &ServiceName,
    environment: &EnvironmentName,
) -> Result<i64, Fault> {
    let names = [workspace.as_str(), service.as_str(), environment.as_str()];
    let found = conn
        .prepare_cached("SELECT id FROM lane WHERE workspace = ?1 AND service = ?2 AND environment = ?3")?
        .query_row(names, |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    conn.prepare_cached("INSERT INTO lane (workspace, service, environment) VALUES (?1, ?2, ?3)")?
        .execute(names)?;
    Ok(conn.last_insert_rowid())
}
