//! History under names that its workspace no longer has: what there is of it, and giving it the names of now.
//!
//! Operations are a chain that nothing changes: they keep the names of then.

use rusqlite::{Connection, params};

use domain::deployment::Deployment;
use domain::ids::{DeploymentId, WorkspaceId};
use domain::workload::WorkloadIdentity;

use super::ingest::Ingest;
use super::{lane_id, query, workload};
use crate::Ledger;
use crate::connection::Durability;
use crate::error::{Fault, Result};
use crate::note;
use crate::template;
use crate::timeline::Lane;

/// Where the history of an object stands, and where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The lane that it stands in.
    pub from: Lane,
    /// The lane under the names of now.
    pub to: Lane,
    /// The object; whatever ran there under its kind, namespace and name goes along, whichever uid it had.
    pub workload: WorkloadIdentity,
    /// The notes of the service go along: nothing has its old name any more.
    pub with_notes: bool,
}

impl Ledger {
    /// The objects that ran in the lanes of a workspace that are not named, by lane.
    pub fn unnamed(
        &self,
        workspace: &WorkspaceId,
        is_named: impl Fn(&Lane) -> bool,
    ) -> Result<Vec<(Lane, WorkloadIdentity)>> {
        self.read("looked for lanes under earlier names", |conn| {
            let mut found = Vec::new();
            for (id, lane) in lanes(conn, workspace)? {
                if !is_named(&lane) {
                    let workloads = workloads(conn, id)?.into_iter();
                    found.extend(workloads.map(|workload| (lane.clone(), workload)));
                }
            }
            Ok(found)
        })
    }

    /// Gives history the names of now, all of it or none: deployments with all that hangs on them, and gaps.
    ///
    /// What the new lane knows already is joined as [`Ledger::ingest`] would have joined it, had it been told under the
    /// old name; the row of the old lane stays. A note stays where the new name has one of that version.
    pub fn rename(&self, workspace: &WorkspaceId, renamed: &[Renamed]) -> Result<()> {
        self.write(Durability::Normal, "gave history its new names", |conn| {
            for one in renamed {
                rename(conn, workspace, one)?;
                if one.with_notes {
                    note::give(conn, workspace, &one.from.service, &one.to.service)?;
                }
            }
            Ok(())
        })
    }
}

fn lanes(conn: &Connection, workspace: &WorkspaceId) -> Result<Vec<(i64, Lane)>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT id, service, environment FROM lane WHERE workspace = ?1 ORDER BY service, environment",
    )?;
    let lanes = statement.query_map([workspace.as_str()], |row| {
        let lane = Lane {
            service: row.get::<_, String>(1)?.into(),
            environment: row.get::<_, String>(2)?.into(),
        };
        Ok((row.get(0)?, lane))
    })?;
    Ok(lanes.collect::<rusqlite::Result<_>>()?)
}

fn workloads(conn: &Connection, lane: i64) -> Result<Vec<WorkloadIdentity>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT id, kind, namespace, name, uid FROM workload
         WHERE id IN (SELECT workload_id FROM deployment WHERE lane_id = ?1) ORDER BY id",
    )?;
    let mut rows = statement.query([lane])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(workload("workload", row.get(0)?, row, 1)?);
    }
    Ok(found)
}

fn rename(conn: &Connection, workspace: &WorkspaceId, renamed: &Renamed) -> Result<(), Fault> {
    let from = lane_id(conn, workspace, &renamed.from.service, &renamed.from.environment)?;
    let to = lane_id(conn, workspace, &renamed.to.service, &renamed.to.environment)?;
    let WorkloadIdentity {
        kind,
        namespace,
        name,
        uid: _,
    } = &renamed.workload;
    let (namespace, its) = (
        namespace.as_str(),
        "FROM workload WHERE kind = ?1 AND namespace = ?2 AND name = ?3",
    );
    let told = format!(
        "SELECT id FROM deployment WHERE workload_id IN (SELECT id {its}) AND lane_id = ?4 ORDER BY id"
    );
    let told: Vec<i64> = conn
        .prepare_cached(&told)?
        .query_map(params![kind.as_str(), namespace, name, to], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    join(conn, workspace, &renamed.from, &told)?;
    let deployments =
        format!("UPDATE deployment SET lane_id = ?5 WHERE workload_id IN (SELECT id {its}) AND lane_id = ?4");
    // The new lane has such a gap only if both tell of the very same one.
    let gaps = format!(
        "UPDATE OR REPLACE gap SET lane_id = ?5 WHERE workload IN (SELECT uid {its}) AND lane_id = ?4"
    );
    for sql in [deployments, gaps] {
        conn.prepare_cached(&sql)?
            .execute(params![kind.as_str(), namespace, name, from, to])?;
    }
    Ok(())
}

/// Joins deployments of the new lane with those of the old one that are the same, into the rows of the old one: what
/// was written down of them there names these.
fn join(conn: &Connection, workspace: &WorkspaceId, old: &Lane, told: &[i64]) -> Result<(), Fault> {
    let mut ingest = Ingest::new(conn, workspace)?;
    for id in told {
        let Some(again) = query::find(conn, DeploymentId(*id))? else {
            continue;
        };
        let again = Deployment {
            service: old.service.clone(),
            environment: old.environment.clone(),
            ..again
        };
        if let Some(DeploymentId(kept)) = ingest.put_known(&again)? {
            template::give_configuration(conn, *id, kept)?;
            conn.prepare_cached("UPDATE deployment SET rollback_to = ?2 WHERE rollback_to = ?1")?
                .execute([*id, kept])?;
            conn.prepare_cached("DELETE FROM deployment WHERE id = ?1")?
                .execute([id])?;
        }
    }
    Ok(())
}
