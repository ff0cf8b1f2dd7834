//! Reading deployments: one, some, what ran at a moment, and the search.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Params, params};

use domain::deployment::{Deployment, Evidence};
use domain::history::by_revision;
use domain::ids::{DeploymentId, EnvironmentName, OperationId, ServiceName, TemplateHash, Uid, WorkspaceId};

use super::{COLUMNS, TABLES, evidence_from, read};
use crate::Ledger;
use crate::column::{from_column, moments, to_column, unreadable};
use crate::error::{Fault, Result};

/// The most rows that a list has, where no lower limit is given.
pub const MAXIMUM_ROWS: u32 = 10_000;

/// Which deployments to list; the newest start comes first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeploymentFilter {
    /// Only of this service.
    pub service: Option<ServiceName>,
    /// Only in this environment.
    pub environment: Option<EnvironmentName>,
    /// Only of exactly this version's text.
    pub version: Option<String>,
    /// Only what had not ended by then.
    pub from: Option<DateTime<Utc>>,
    /// Only what had started by then.
    pub to: Option<DateTime<Utc>>,
    /// At most this many; `None`: [`MAXIMUM_ROWS`].
    pub limit: Option<u32>,
}

/// One run of a template on a workload, as the cluster numbers it.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// Which service.
    pub service: &'a ServiceName,
    /// Where.
    pub environment: &'a EnvironmentName,
    /// The object.
    pub workload: &'a Uid,
    /// Its template.
    pub template: &'a TemplateHash,
    /// Its revision number; `None`: the controller has not numbered it.
    pub revision: Option<i64>,
}

impl Ledger {
    /// Whether a run is known to have failed, and not to have settled.
    pub fn is_given_up(&self, workspace: &WorkspaceId, run: &Run<'_>) -> Result<bool> {
        self.read("looked up whether a deployment failed", |conn| {
            let sql = "SELECT EXISTS (SELECT 1 FROM lane
                 JOIN deployment ON deployment.lane_id = lane.id
                 JOIN workload ON workload.id = deployment.workload_id
                 WHERE workspace = ?1 AND service = ?2 AND environment = ?3 AND uid = ?4 AND template = ?5
                   AND revision IS ?6 AND failed IS NOT NULL AND settled IS NULL)";
            let values = params![
                workspace.as_str(),
                run.service.as_str(),
                run.environment.as_str(),
                run.workload.as_str(),
                run.template.as_str(),
                run.revision,
            ];
            Ok(conn.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
        })
    }

    /// The deployment that an operation made, with all its evidence.
    pub fn deployment_by(
        &self,
        workspace: &WorkspaceId,
        operation: &OperationId,
    ) -> Result<Option<Deployment>> {
        self.read("looked up the deployment of an operation", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM {TABLES} WHERE workspace = ?1 AND operation = ?2 ORDER BY deployment.id DESC LIMIT 1"
            );
            let found = select(conn, &sql, [workspace.as_str(), operation.as_str()])?;
            Ok(with_evidence(conn, found)?.pop())
        })
    }

    /// One deployment with all its evidence, best first.
    pub fn deployment(&self, id: DeploymentId) -> Result<Option<Deployment>> {
        self.read("read a deployment", |conn| find(conn, id))
    }

    /// Deployments with all their evidence, newest start first; what has no known start comes last.
    pub fn deployments(&self, workspace: &WorkspaceId, filter: &DeploymentFilter) -> Result<Vec<Deployment>> {
        self.read("listed deployments", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM {TABLES}
                 WHERE workspace = ?1 AND (?2 IS NULL OR service = ?2) AND (?3 IS NULL OR environment = ?3)
                   AND (?4 IS NULL OR version = ?4) AND (?5 IS NULL OR ended IS NULL OR ended > ?5)
                   AND (?6 IS NULL OR started <= ?6)
                 ORDER BY started DESC NULLS LAST, deployment.id DESC LIMIT ?7"
            );
            let found = select(
                conn,
                &sql,
                params![
                    workspace.as_str(),
                    filter.service.as_ref().map(ServiceName::as_str),
                    filter.environment.as_ref().map(EnvironmentName::as_str),
                    filter.version,
                    filter.from.map(to_column),
                    filter.to.map(to_column),
                    filter.limit.unwrap_or(MAXIMUM_ROWS),
                ],
            )?;
            with_evidence(conn, found)
        })
    }

    /// What was live in each lane at a moment, by service and environment; a workload has one answer at most.
    ///
    /// Live is from settled to ended. Where nothing tells that a deployment settled (inferred, imported), it counts
    /// from its start, unless it failed or is still rolling out. Of a range the latest bound counts.
    pub fn ran_at(&self, workspace: &WorkspaceId, moment: DateTime<Utc>) -> Result<Vec<Deployment>> {
        self.read("looked up what ran at a moment", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM {TABLES}
                 WHERE workspace = ?1 AND (ended IS NULL OR ended > ?2)
                   AND (settled <= ?2 OR (settled IS NULL AND failed IS NULL AND status <> 0 AND started <= ?2))
                 ORDER BY service, environment, started, deployment.id"
            );
            let found = select(conn, &sql, params![workspace.as_str(), to_column(moment)])?;
            with_evidence(conn, newest_of_each_workload(found))
        })
    }

    /// Deployments whose version, image, digest or operation holds the text, newest first. A digest is found with or
    /// without its algorithm, a commit where it is what a deployment is labelled by.
    pub fn search_deployments(
        &self,
        workspace: &WorkspaceId,
        text: &str,
        limit: u32,
    ) -> Result<Vec<Deployment>> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        self.read("searched the deployments", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM {TABLES}
                 WHERE workspace = ?1 AND (version LIKE ?2 ESCAPE '\\' OR image LIKE ?2 ESCAPE '\\'
                   OR digest LIKE ?2 ESCAPE '\\' OR operation = ?3)
                 ORDER BY started DESC NULLS LAST, deployment.id DESC LIMIT ?4"
            );
            let found = select(conn, &sql, params![workspace.as_str(), like(text), text, limit])?;
            with_evidence(conn, found)
        })
    }
}

/// A pattern for "holds this text", with the pattern's own characters taken as they are.
fn like(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// Keeps the last of each lane and workload, by its revisions, in the order in which they came.
fn newest_of_each_workload(found: Vec<Deployment>) -> Vec<Deployment> {
    let key = |d: &Deployment| {
        let uid = d.workload.as_ref().map(|workload| workload.uid.clone());
        (d.service.clone(), d.environment.clone(), uid)
    };
    let mut in_order: Vec<&Deployment> = found.iter().collect();
    by_revision(&mut in_order, |one| one.run());
    let newest: HashMap<_, _> = in_order.into_iter().map(|d| (key(d), d.id)).collect();
    found
        .into_iter()
        .filter(|d| newest.get(&key(d)) == Some(&d.id))
        .collect()
}

/// One deployment with its evidence.
pub(super) fn find(conn: &Connection, id: DeploymentId) -> Result<Option<Deployment>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE deployment.id = ?1");
    let found = select(conn, &sql, [id.0])?;
    Ok(with_evidence(conn, found)?.pop())
}

fn select(conn: &Connection, sql: &str, values: impl Params) -> Result<Vec<Deployment>, Fault> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn with_evidence(conn: &Connection, mut found: Vec<Deployment>) -> Result<Vec<Deployment>, Fault> {
    for deployment in &mut found {
        let id = deployment.id.expect("because it was read from its row");
        deployment.evidence = evidence(conn, id)?;
    }
    Ok(found)
}

fn evidence(conn: &Connection, id: DeploymentId) -> Result<Vec<Evidence>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, source, seen_at, started_earliest, started, settled_earliest, settled,
                failed_earliest, failed, ended_earliest, ended
         FROM evidence WHERE deployment_id = ?1 ORDER BY kind DESC, seen_at, source",
    )?;
    let mut rows = statement.query([id.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: i64 = row.get(0)?;
        found.push(Evidence {
            kind: evidence_from(kind)
                .ok_or_else(|| unreadable("evidence", id.0, "kind of evidence", kind))?,
            source: row.get(1)?,
            seen_at: from_column(row.get(2)?),
            moments: moments(row, 3)?,
        });
    }
    Ok(found)
}
