//! `gap` and `last_seen`: what happened while nobody looked, said and not guessed (history.md, "Gaps").

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use domain::deployment::Gap;
use domain::ids::{Uid, WorkspaceId};

use crate::Ledger;
use crate::column::{from_column, to_column};
use crate::connection::Durability;
use crate::deployment::lane_id;
use crate::error::Result;

impl Ledger {
    /// The newest revision of a workload that was seen, and when.
    pub fn last_seen_revision(
        &self,
        workspace: &WorkspaceId,
        workload: &Uid,
    ) -> Result<Option<(i64, DateTime<Utc>)>> {
        self.read("read the revision last seen", |conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT revision, seen_at FROM last_seen WHERE workspace = ?1 AND workload = ?2",
                )?
                .query_row([workspace.as_str(), workload.as_str()], |row| {
                    Ok((row.get(0)?, from_column(row.get(1)?)))
                })
                .optional()?)
        })
    }

    /// Keeps that these revisions of workloads were seen; a lower number than the one kept changes nothing.
    pub fn see_revisions(
        &self,
        workspace: &WorkspaceId,
        seen: &[(Uid, i64)],
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(Durability::Normal, "kept the revisions last seen", |conn| {
            let mut statement = conn.prepare_cached(
                "INSERT INTO last_seen (workspace, workload, revision, seen_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO UPDATE SET revision = excluded.revision, seen_at = excluded.seen_at
                 WHERE excluded.revision >= revision",
            )?;
            for (workload, revision) in seen {
                statement.execute(params![
                    workspace.as_str(),
                    workload.as_str(),
                    revision,
                    to_column(now)
                ])?;
            }
            Ok(())
        })
    }

    /// Keeps that these revisions of workloads are still the newest at a time. Only what was told counts: of a workload
    /// whose newest kept revision is another, nothing is kept.
    pub fn see_again(&self, workspace: &WorkspaceId, seen: &[(Uid, i64)], now: DateTime<Utc>) -> Result<()> {
        self.write(Durability::Normal, "kept when revisions were last seen", |conn| {
            let mut statement = conn.prepare_cached(
                "UPDATE last_seen SET seen_at = ?4
                 WHERE workspace = ?1 AND workload = ?2 AND revision = ?3 AND seen_at < ?4",
            )?;
            for (workload, revision) in seen {
                statement.execute(params![
                    workspace.as_str(),
                    workload.as_str(),
                    revision,
                    to_column(now)
                ])?;
            }
            Ok(())
        })
    }

    /// Keeps gaps; the same one (lane, workload, begin) told again is brought up to date.
    pub fn put_gaps(&self, workspace: &WorkspaceId, gaps: &[Gap]) -> Result<()> {
        self.write(Durability::Normal, "kept gaps", |conn| {
            for gap in gaps {
                let lane = lane_id(conn, workspace, &gap.service, &gap.environment)?;
                conn.prepare_cached(
                    "INSERT INTO gap (lane_id, workload, since, until, missed) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO UPDATE SET until = excluded.until, missed = excluded.missed",
                )?
                .execute(params![
                    lane,
                    gap.workload.as_str(),
                    to_column(gap.from),
                    to_column(gap.to),
                    gap.missed
                ])?;
            }
            Ok(())
        })
    }

    /// All gaps of a workspace, by service, environment and begin.
    pub fn gaps(&self, workspace: &WorkspaceId) -> Result<Vec<Gap>> {
        self.read("read the gaps", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT service, environment, workload, since, until, missed
                 FROM gap JOIN lane ON lane.id = gap.lane_id WHERE workspace = ?1
                 ORDER BY service, environment, since",
            )?;
            let gaps = statement.query_map([workspace.as_str()], |row| {
                Ok(Gap {
                    service: row.get::<_, String>(0)?.into(),
                    environment: row.get::<_, String>(1)?.into(),
                    workload: row.get::<_, String>(2)?.into(),
                    from: from_column(row.get(3)?),
                    to: from_column(row.get(4)?),
                    missed: row.get(5)?,
                })
            })?;
            Ok(gaps.collect::<rusqlite::Result<_>>()?)
        })
    }
}
