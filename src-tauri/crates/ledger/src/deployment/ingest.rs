//! Writing deployments, many in one transaction.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Statement, ToSql, params};

use domain::deployment::{Deployment, Evidence, Moments, Status};
use domain::ids::{DeploymentId, EnvironmentName, ServiceName, WorkspaceId};
use domain::workload::WorkloadIdentity;

use super::join::{LaneIndex, Telling};
use super::{
    evidence_column, kind_column, lane_id, merge, query, status_column, version_columns, version_evidence,
};
use crate::Ledger;
use crate::column::{moment, moment_columns, to_column};
use crate::connection::Durability;
use crate::error::{Fault, LedgerError, Result};

impl Ledger {
    /// Writes down deployments as one source tells them, all or none; returns the row of each, in their order.
    ///
    /// One that is known already (history.md, "Joining") is brought up to date: the best evidence wins, nothing is
    /// overwritten by weaker evidence, and all evidence is kept. `id` of what is told is not looked at.
    pub fn ingest(&self, workspace: &WorkspaceId, told: &[Deployment]) -> Result<Vec<DeploymentId>> {
        let put = || {
            self.write(Durability::Normal, "stored deployments", |conn| {
                let mut ingest = Ingest::new(conn, workspace)?;
                told.iter().map(|deployment| ingest.put(deployment)).collect()
            })
        };
        if told.len() < BATCH {
            return put();
        }
        self.writer()?.with_room(put)
    }

    /// Sets how a deployment is: for what a person or an operation knows better than any evidence.
    pub fn set_status(&self, id: DeploymentId, status: Status) -> Result<()> {
        self.write(Durability::Normal, "set the status of a deployment", |conn| {
            let changed = conn
                .prepare_cached("UPDATE deployment SET status = ?2 WHERE id = ?1")?
                .execute(params![id.0, status_column(status)])?;
            if changed == 0 {
                return Err(not_found(id).into());
            }
            Ok(())
        })
    }
}

fn not_found(id: DeploymentId) -> LedgerError {
    LedgerError::NotFound {
        what: "deployment",
        name: id.0.to_string(),
    }
}

/// From so many deployments on, the page cache is made large for the transaction.
const BATCH: usize = 1_000;

/// A lane that was met in this batch.
#[derive(Debug)]
struct LaneInBatch {
    service: ServiceName,
    environment: EnvironmentName,
    id: i64,
    index: LaneIndex,
}

/// One batch: its statements, and what it has met so far.
pub(super) struct Ingest<'c> {
    conn: &'c Connection,
    workspace: &'c WorkspaceId,
    insert: CachedStatement<'c>,
    evidence: CachedStatement<'c>,
    lanes: Vec<LaneInBatch>,
    positions: HashMap<(ServiceName, EnvironmentName), usize>,
    workloads: HashMap<WorkloadIdentity, i64>,
}

const INSERT: &str = "INSERT INTO deployment
  (lane_id, workload_id, template, revision, version_kind, version, version_evidence, image, digest, kind, status,
   evidence, started_earliest, started, settled_earliest, settled, failed_earliest, failed, ended_earliest, ended,
   previous_served_until, is_rollback, rollback_to, who, who_source, why, why_source, operation)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
          ?24, ?25, ?26, ?27, ?28)";

const UPDATE: &str = "UPDATE deployment SET
  lane_id = ?1, workload_id = ?2, template = ?3, revision = ?4, version_kind = ?5, version = ?6,
  version_evidence = ?7, image = ?8, digest = ?9, kind = ?10, status = ?11, evidence = ?12,
  started_earliest = ?13, started = ?14, settled_earliest = ?15, settled = ?16, failed_earliest = ?17, failed = ?18,
  ended_earliest = ?19, ended = ?20, previous_served_until = ?21, is_rollback = ?22, rollback_to = ?23,
  who = ?24, who_source = ?25, why = ?26, why_source = ?27, operation = ?28
  WHERE id = ?29";

const EVIDENCE: &str = "INSERT OR REPLACE INTO evidence
  (deployment_id, kind, source, seen_at, started_earliest, started, settled_earliest, settled,
   failed_earliest, failed, ended_earliest, ended)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

impl<'c> Ingest<'c> {
    pub(super) fn new(conn: &'c Connection, workspace: &'c WorkspaceId) -> Result<Self, Fault> {
        Ok(Self {
            conn,
            workspace,
            insert: conn.prepare_cached(INSERT)?,
            evidence: conn.prepare_cached(EVIDENCE)?,
            lanes: Vec::new(),
            positions: HashMap::new(),
            workloads: HashMap::new(),
        })
    }

    fn put(&mut self, told: &Deployment) -> Result<DeploymentId, Fault> {
        let telling = Telling::of(0, told);
        let at = self.lane(told)?;
        if let Some(id) = self.lanes[at].index.find(&telling) {
            return self.join(at, id, told);
        }
        let id = self.add(self.lanes[at].id, told)?;
        self.lanes[at].index.put(Telling { id, ..telling });
        Ok(DeploymentId(id))
    }

    /// The same of what is known already; `None`: it is not, and nothing is written.
    pub(super) fn put_known(&mut self, told: &Deployment) -> Result<Option<DeploymentId>, Fault> {
        let at = self.lane(told)?;
        let known = self.lanes[at].index.find(&Telling::of(0, told));
        known.map(|id| self.join(at, id, told)).transpose()
    }

    fn join(&mut self, at: usize, id: i64, told: &Deployment) -> Result<DeploymentId, Fault> {
        let merged = self.update(self.lanes[at].id, DeploymentId(id), told)?;
        self.lanes[at].index.put(Telling::of(id, &merged));
        Ok(DeploymentId(id))
    }

    fn add(&mut self, lane: i64, told: &Deployment) -> Result<i64, Fault> {
        let workload = self.workload(told.workload.as_ref())?;
        bind(&mut self.insert, lane, workload, told)?;
        self.insert.raw_execute()?;
        let id = self.conn.last_insert_rowid();
        self.put_evidence(id, &told.evidence)?;
        Ok(id)
    }

    fn update(&mut self, lane: i64, id: DeploymentId, told: &Deployment) -> Result<Deployment, Fault> {
        let known = query::find(self.conn, id)?.ok_or_else(|| not_found(id))?;
        let merged = merge::merge(known.clone(), told);
        if merged == known {
            return Ok(merged);
        }
        let workload = self.workload(merged.workload.as_ref())?;
        let mut statement = self.conn.prepare_cached(UPDATE)?;
        bind(&mut statement, lane, workload, &merged)?;
        statement.raw_bind_parameter(29, id.0)?;
        statement.raw_execute()?;
        self.put_evidence(id.0, &merged.evidence)?;
        Ok(merged)
    }

    fn put_evidence(&mut self, id: i64, evidence: &[Evidence]) -> Result<(), Fault> {
        for evidence in evidence {
            self.evidence.raw_bind_parameter(1, id)?;
            self.evidence
                .raw_bind_parameter(2, evidence_column(evidence.kind))?;
            self.evidence.raw_bind_parameter(3, evidence.source.as_str())?;
            self.evidence.raw_bind_parameter(4, to_column(evidence.seen_at))?;
            bind_moments(&mut self.evidence, 5, &evidence.moments)?;
            self.evidence.raw_execute()?;
        }
        Ok(())
    }

    /// The position of a lane in this batch. Batches come lane by lane, so that the last one is mostly the next one.
    fn lane(&mut self, told: &Deployment) -> Result<usize, Fault> {
        if let Some(last) = self.lanes.last()
            && last.service == told.service
            && last.environment == told.environment
        {
            return Ok(self.lanes.len() - 1);
        }
        let key = (told.service.clone(), told.environment.clone());
        if let Some(at) = self.positions.get(&key) {
            return Ok(*at);
        }
        let id = lane_id(self.conn, self.workspace, &told.service, &told.environment)?;
        self.lanes.push(LaneInBatch {
            service: told.service.clone(),
            environment: told.environment.clone(),
            id,
            index: load(self.conn, id)?,
        });
        self.positions.insert(key, self.lanes.len() - 1);
        Ok(self.lanes.len() - 1)
    }

    fn workload(&mut self, workload: Option<&WorkloadIdentity>) -> Result<Option<i64>, Fault> {
        let Some(workload) = workload else {
            return Ok(None);
        };
        if let Some(id) = self.workloads.get(workload) {
            return Ok(Some(*id));
        }
        let id = workload_id(self.conn, workload)?;
        self.workloads.insert(workload.clone(), id);
        Ok(Some(id))
    }
}

/// What the ledger knows of a lane, oldest row first.
fn load(conn: &Connection, lane: i64) -> Result<LaneIndex, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT deployment.id, uid, template, revision, version, started_earliest, started
         FROM deployment LEFT JOIN workload ON workload.id = deployment.workload_id
         WHERE lane_id = ?1 ORDER BY deployment.id",
    )?;
    let mut rows = statement.query([lane])?;
    let mut index = LaneIndex::default();
    while let Some(row) = rows.next()? {
        index.put(Telling {
            id: row.get(0)?,
            uid: row.get(1)?,
            template: row.get(2)?,
            revision: row.get(3)?,
            version: row.get(4)?,
            started: moment(row.get(5)?, row.get(6)?),
        });
    }
    Ok(index)
}

/// The row of a workload, made if it is new.
fn workload_id(conn: &Connection, workload: &WorkloadIdentity) -> Result<i64, Fault> {
    let WorkloadIdentity {
        kind,
        namespace,
        name,
        uid,
    } = workload;
    let columns = [uid.as_str(), kind.as_str(), namespace.as_str(), name];
    let found = conn
        .prepare_cached(
            "SELECT id FROM workload WHERE uid = ?1 AND kind = ?2 AND namespace = ?3 AND name = ?4",
        )?
        .query_row(columns, |row| row.get(0))
        .optional()?;
    if let Some(id) = found {
        return Ok(id);
    }
    conn.prepare_cached("INSERT INTO workload (uid, kind, namespace, name) VALUES (?1, ?2, ?3, ?4)")?
        .execute(columns)?;
    Ok(conn.last_insert_rowid())
}

/// Binds the 28 columns that [`INSERT`] and [`UPDATE`] share. Destructured, so that a new field of the domain's type
/// does not compile until it has its column.
fn bind(
    statement: &mut Statement<'_>,
    lane: i64,
    workload_row: Option<i64>,
    deployment: &Deployment,
) -> Result<(), Fault> {
    let Deployment {
        id: _,
        service: _,
        environment: _,
        workload: _,
        template,
        revision,
        version,
        version_evidence,
        image,
        digest,
        kind,
        status,
        moments,
        previous_served_until,
        rollback,
        who,
        why,
        operation,
        evidence: _,
    } = deployment;
    let (version_kind, version) = version_columns(version);
    let version_evidence = version_evidence::to_column(version_evidence);
    bind_all(
        statement,
        1,
        &[
            &lane,
            &workload_row,
            &template.as_ref().map(|hash| hash.as_str()),
            revision,
            &version_kind,
            &version,
            &version_evidence,
            image,
            digest,
            &kind_column(*kind),
            &status_column(*status),
            &evidence_column(deployment.best_evidence()),
        ],
    )?;
    bind_moments(statement, 13, moments)?;
    bind_all(
        statement,
        21,
        &[
            &previous_served_until.map(to_column),
            &rollback.is_some(),
            &rollback.and_then(|link| link.to).map(|id| id.0),
            &who.as_ref().map(|who| who.text.as_str()),
            &who.as_ref().map(|who| who.source.as_str()),
            &why.as_ref().map(|why| why.text.as_str()),
            &why.as_ref().map(|why| why.source.as_str()),
            &operation.as_ref().map(|operation| operation.as_str()),
        ],
    )
}

fn bind_all(statement: &mut Statement<'_>, first: usize, values: &[&dyn ToSql]) -> Result<(), Fault> {
    for (offset, value) in values.iter().enumerate() {
        statement.raw_bind_parameter(first + offset, value)?;
    }
    Ok(())
}

/// Binds eight columns: started, settled, failed, ended.
fn bind_moments(statement: &mut Statement<'_>, first: usize, moments: &Moments) -> Result<(), Fault> {
    let Moments {
        started,
        settled,
        failed,
        ended,
    } = moments;
    for (offset, moment) in [started, settled, failed, ended].into_iter().enumerate() {
        let (earliest, latest) = moment_columns(*moment);
        statement.raw_bind_parameter(first + 2 * offset, earliest)?;
        statement.raw_bind_parameter(first + 2 * offset + 1, latest)?;
    }
    Ok(())
}
