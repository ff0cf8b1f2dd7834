//! The timeline as columns: every deployment of a workspace, ready to be drawn, without a struct for each.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use domain::ids::{EnvironmentName, ServiceName, Uid, WorkspaceId};
use domain::workload::WorkloadKind;

use crate::Ledger;
use crate::column::unreadable;
use crate::error::{Fault, Result};

/// Stands in a column of times for one that is not known.
pub const NO_TIME: i64 = i64::MIN;
/// Stands in a column of rows for none.
pub const NO_ROW: i64 = -1;
/// Stands in a column of people where nobody is known.
pub const NOBODY: u32 = u32::MAX;
/// Stands in a column of workloads where none is known.
pub const NO_WORKLOAD: u32 = u32::MAX;

/// The query that fills [`TimelineColumns`]; `?1` is the workspace. Public for the benchmark, which gives it to
/// `sqlite3` as it is.
pub const TIMELINE_SQL: &str =
    "SELECT lane.id, service, environment, deployment.id, started_earliest, started,
  settled_earliest, settled, failed_earliest, failed, ended_earliest, ended, previous_served_until,
  kind, status, evidence, is_rollback, rollback_to, version_kind, version, who, workload_id,
  revision
  FROM lane CROSS JOIN deployment ON deployment.lane_id = lane.id
  WHERE workspace = ?1 ORDER BY service, environment, started, deployment.id";

/// A service in an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Which service.
    pub service: ServiceName,
    /// Where.
    pub environment: EnvironmentName,
}

/// The object that ran a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineWorkload {
    /// Its kind.
    pub kind: WorkloadKind,
    /// The object itself; one that was made anew under its name has another.
    pub uid: Uid,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// All deployments of a workspace, sorted by lane and then by start, as the clock had it; every column has an entry for each.
///
/// Times are milliseconds since 1970-01-01 UTC, or [`NO_TIME`]. A range has both bounds; an exact time has them equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineColumns {
    /// By service and environment; [`Self::lane`] points here.
    pub lanes: Vec<Lane>,
    /// Each text once; [`Self::version`] points here.
    pub versions: Vec<String>,
    /// Each name once; [`Self::who`] points here.
    pub people: Vec<String>,
    /// Each object once; [`Self::workload`] points here.
    pub workloads: Vec<TimelineWorkload>,
    /// The row in the ledger.
    pub id: Vec<i64>,
    /// The position in [`Self::lanes`].
    pub lane: Vec<u32>,
    /// The earliest bound of the start.
    pub started_earliest: Vec<i64>,
    /// The start.
    pub started: Vec<i64>,
    /// The earliest bound of when it settled.
    pub settled_earliest: Vec<i64>,
    /// When it settled.
    pub settled: Vec<i64>,
    /// The earliest bound of when it failed.
    pub failed_earliest: Vec<i64>,
    /// When it failed.
    pub failed: Vec<i64>,
    /// The earliest bound of the end.
    pub ended_earliest: Vec<i64>,
    /// The end.
    pub ended: Vec<i64>,
    /// Until when the one before still had ready pods while this one was failing.
    pub previous_served_until: Vec<i64>,
    /// 0 version, 1 configuration change, 2 restart.
    pub kind: Vec<u8>,
    /// 0 in progress, 1 healthy, 2 degraded, 3 failed, 4 rolled back, 5 unknown.
    pub status: Vec<u8>,
    /// The best evidence: 0 imported, 1 inferred, 2 recorded, 3 observed.
    pub evidence: Vec<u8>,
    /// 1: it took the service back.
    pub is_rollback: Vec<u8>,
    /// The row whose template came back, or [`NO_ROW`].
    pub rollback_to: Vec<i64>,
    /// 0 a SemVer version, 1 unversioned, 2 mixed (labels a line each).
    pub version_kind: Vec<u8>,
    /// The position in [`Self::versions`].
    pub version: Vec<u32>,
    /// The position in [`Self::people`], or [`NOBODY`].
    pub who: Vec<u32>,
    /// The position in [`Self::workloads`], or [`NO_WORKLOAD`].
    pub workload: Vec<u32>,
    /// The revision number, or [`NO_ROW`].
    pub revision: Vec<i64>,
}

impl TimelineColumns {
    /// How many deployments there are.
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
}

impl Ledger {
    /// How many deployments a workspace has.
    pub fn deployment_count(&self, workspace: &WorkspaceId) -> Result<u64> {
        self.read("counted deployments", |conn| {
            let sql = "SELECT count(*) FROM lane JOIN deployment ON deployment.lane_id = lane.id WHERE workspace = ?1";
            Ok(conn.prepare_cached(sql)?.query_row([workspace.as_str()], |row| row.get::<_, i64>(0))?.unsigned_abs())
        })
    }

    /// Every deployment of a workspace, as columns.
    pub fn timeline(&self, workspace: &WorkspaceId) -> Result<TimelineColumns> {
        self.read("read the timeline", |conn| fill(conn, workspace))
    }
}

fn fill(conn: &Connection, workspace: &WorkspaceId) -> Result<TimelineColumns, Fault> {
    let mut statement = conn.prepare_cached(TIMELINE_SQL)?;
    let mut rows = statement.query([workspace.as_str()])?;
    let mut columns = TimelineColumns::default();
    let mut known = Known::default();
    let mut lane_row = None;
    while let Some(row) = rows.next()? {
        let lane: i64 = row.get(0)?;
        if lane_row != Some(lane) {
            lane_row = Some(lane);
            columns.lanes.push(Lane {
                service: row.get::<_, String>(1)?.into(),
                environment: row.get::<_, String>(2)?.into(),
            });
        }
        columns.push(row, &mut known)?;
    }
    columns.workloads = workloads(conn, &known.workload_rows)?;
    Ok(columns)
}

/// The objects of these rows, in their order.
fn workloads(conn: &Connection, rows: &[i64]) -> Result<Vec<TimelineWorkload>, Fault> {
    let mut statement =
        conn.prepare_cached("SELECT uid, namespace, name, kind FROM workload WHERE id = ?1")?;
    let mut found = Vec::with_capacity(rows.len());
    for id in rows {
        let (kind, uid, namespace, name) = statement.query_row([id], |row| {
            let columns: (String, String, String, String) =
                (row.get(3)?, row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(columns)
        })?;
        found.push(TimelineWorkload {
            kind: WorkloadKind::parse(&kind)
                .ok_or_else(|| unreadable("workload", id, "kind of workload", kind))?,
            uid: uid.into(),
            namespace,
            name,
        });
    }
    Ok(found)
}

impl TimelineColumns {
    fn push(&mut self, row: &Row<'_>, known: &mut Known) -> Result<(), Fault> {
        self.id.push(row.get(3)?);
        self.lane.push(position(self.lanes.len() - 1));
        self.started_earliest.push(number(row, 4, NO_TIME)?);
        self.started.push(number(row, 5, NO_TIME)?);
        self.settled_earliest.push(number(row, 6, NO_TIME)?);
        self.settled.push(number(row, 7, NO_TIME)?);
        self.failed_earliest.push(number(row, 8, NO_TIME)?);
        self.failed.push(number(row, 9, NO_TIME)?);
        self.ended_earliest.push(number(row, 10, NO_TIME)?);
        self.ended.push(number(row, 11, NO_TIME)?);
        self.previous_served_until.push(number(row, 12, NO_TIME)?);
        self.kind.push(row.get(13)?);
        self.status.push(row.get(14)?);
        self.evidence.push(row.get(15)?);
        self.is_rollback.push(row.get(16)?);
        self.rollback_to.push(number(row, 17, NO_ROW)?);
        self.version_kind.push(row.get(18)?);
        let version = row.get_ref(19)?.as_str().map_err(rusqlite::Error::from)?;
        self.version
            .push(intern(version, &mut self.versions, &mut known.versions));
        let who = row.get_ref(20)?.as_str_or_null().map_err(rusqlite::Error::from)?;
        self.who
            .push(who.map_or(NOBODY, |who| intern(who, &mut self.people, &mut known.people)));
        let workload = row.get::<_, Option<i64>>(21)?;
        self.workload
            .push(workload.map_or(NO_WORKLOAD, |id| known.workload(id)));
        self.revision.push(number(row, 22, NO_ROW)?);
        Ok(())
    }
}

/// Texts that stand in their column already.
#[derive(Default)]
struct Known {
    versions: HashMap<String, u32>,
    people: HashMap<String, u32>,
    workloads: HashMap<i64, u32>,
    workload_rows: Vec<i64>,
}

impl Known {
    fn workload(&mut self, id: i64) -> u32 {
        *self.workloads.entry(id).or_insert_with(|| {
            self.workload_rows.push(id);
            position(self.workload_rows.len() - 1)
        })
    }
}

fn intern(text: &str, texts: &mut Vec<String>, known: &mut HashMap<String, u32>) -> u32 {
    if let Some(at) = known.get(text) {
        return *at;
    }
    let at = position(texts.len());
    texts.push(text.to_owned());
    known.insert(text.to_owned(), at);
    at
}

fn number(row: &Row<'_>, column: usize, absent: i64) -> Result<i64, Fault> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(absent),
        other => Ok(other.as_i64().map_err(rusqlite::Error::from)?),
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("because a ledger holds fewer than four billion rows")
}
