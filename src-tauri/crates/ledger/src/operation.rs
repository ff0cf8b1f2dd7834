//! `operation` and `operation_step`: what was done to a cluster, append-only, each row chained to the one before.
//!
//! The intent is on the disk before its function returns, so that nothing is ever sent to a cluster that is not
//! written down. Lacks on purpose: any update or removal; triggers forbid them as well.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde_json::{Map, Value};

use domain::ids::{EnvironmentName, OperationId, ServiceName, Uid, WorkspaceId};
use domain::operation::{Operation, OperationState, OperationStep, StepKind};

use crate::chain::{self, Field, Link, Table};
use crate::column::{from_column, to_column, unreadable};
use crate::connection::{Durability, Writer};
use crate::error::{Fault, LedgerError, Result};
use crate::open::ChainGap;
use crate::{Ledger, head};

/// What is written down before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Made by the caller; written to the cluster as well.
    pub id: OperationId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which service.
    pub service: ServiceName,
    /// Where.
    pub environment: EnvironmentName,
    /// Which object.
    pub workload: Uid,
    /// What was planned and confirmed; written once.
    pub content: Value,
    /// When it was confirmed.
    pub at: DateTime<Utc>,
}

/// An operation with the columns that it is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationRecord {
    /// With its intent and all its steps.
    pub operation: Operation,
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which service.
    pub service: ServiceName,
    /// Where.
    pub environment: EnvironmentName,
    /// Which object.
    pub workload: Uid,
}

/// Which operations to list; the newest come first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OperationFilter {
    /// Only of this service.
    pub service: Option<ServiceName>,
    /// Only in this environment.
    pub environment: Option<EnvironmentName>,
    /// Only with a number below this one: the next page.
    pub before: Option<i64>,
    /// At most this many; `None`: 1,000.
    pub limit: Option<u32>,
}

/// How many operations a list has at most, where no limit is given.
const LIMIT: u32 = 1000;

const COLUMNS: &str = "number, id, workspace, service, environment, workload, intent";

impl Ledger {
    /// Writes an operation with its first step. When this returns, both are on the disk.
    ///
    /// Returns the operation's number, which counts up from 1.
    ///
    /// # Errors
    /// `OperationExists` for an id that is there already; `DiskFull`, `Busy`, `ReadOnly`: then nothing was written,
    /// and nothing may be sent.
    pub fn write_intent(&self, intent: &Intent) -> Result<i64> {
        let first = OperationStep {
            kind: StepKind::Intent,
            at: intent.at,
            facts: Map::new(),
        };
        self.begin(intent, &first)
    }

    /// Writes an operation that ended before its intent: cancelled, or refused because the plan had moved. Nothing was
    /// sent and nothing will be; its one step is its end. When this returns, both are on the disk.
    ///
    /// # Errors
    /// As [`Self::write_intent`].
    ///
    /// # Panics
    /// When the step does not end an operation: a start would look at it as unfinished.
    pub fn write_ended(&self, intent: &Intent, end: &OperationStep) -> Result<i64> {
        assert!(ends(end.kind), "because what has no intent has an end");
        self.begin(intent, end)
    }

    fn begin(&self, intent: &Intent, first: &OperationStep) -> Result<i64> {
        let (number, link) = self.write(Durability::Full, "wrote down an operation", |conn| {
            insert(conn, intent, first)
        })?;
        self.move_head(link);
        Ok(number)
    }

    /// Appends a step to an operation. When this returns, it is on the disk.
    pub fn append_step(&self, id: &OperationId, step: &OperationStep) -> Result<()> {
        let link = self.write(Durability::Full, "wrote down a step", |conn| {
            let number = number_of(conn, id)?;
            let link = append(conn, chain::last(conn)?, number, step)?;
            Ok(link)
        })?;
        self.move_head(link);
        Ok(())
    }

    /// The row is on the disk; a head that stays behind is moved at the next start, so that this cannot fail a step.
    fn move_head(&self, link: Link) {
        if let Err(error) = head::write(&self.inner.layout.head(), link) {
            tracing::warn!(%error, "the head of the record of operations stays behind");
        }
    }

    /// One operation with all its steps.
    pub fn operation(&self, id: &OperationId) -> Result<Option<OperationRecord>> {
        self.read("read an operation", |conn| {
            let sql = format!("SELECT {COLUMNS} FROM operation WHERE id = ?1");
            let stored = conn.query_row(&sql, [id.as_str()], stored).optional()?;
            stored.map(|stored| complete(conn, stored)).transpose()
        })
    }

    /// The operations of a workspace, newest first, with all their steps.
    pub fn operations(
        &self,
        workspace: &WorkspaceId,
        filter: &OperationFilter,
    ) -> Result<Vec<OperationRecord>> {
        self.read("listed operations", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM operation
                 WHERE workspace = ?1 AND (?2 IS NULL OR service = ?2) AND (?3 IS NULL OR environment = ?3)
                   AND (?4 IS NULL OR number < ?4)
                 ORDER BY number DESC LIMIT ?5"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let found: Vec<Stored> = statement
                .query_map(
                    params![
                        workspace.as_str(),
                        filter.service.as_ref().map(ServiceName::as_str),
                        filter.environment.as_ref().map(EnvironmentName::as_str),
                        filter.before,
                        filter.limit.unwrap_or(LIMIT),
                    ],
                    stored,
                )?
                .collect::<rusqlite::Result<_>>()?;
            found.into_iter().map(|stored| complete(conn, stored)).collect()
        })
    }

    /// Every operation, of any workspace, whose steps do not end it. Oldest first.
    pub fn unfinished_operations(&self) -> Result<Vec<OperationRecord>> {
        self.read("looked for unfinished operations", unfinished)
    }

    /// The unfinished operations that no other process can be at any more: what a start has to look at. `None` while
    /// another process has the ledger open: they may be its own. A ledger that is only read has none.
    pub fn abandoned_operations(&self) -> Result<Option<Vec<OperationRecord>>> {
        let Some(presence) = &self.inner.presence else {
            return Ok(Some(Vec::new()));
        };
        self.write(Durability::Normal, "looked for abandoned operations", |conn| {
            let found = match presence.is_alone_now() {
                Ok(true) => Ok(Some(unfinished(conn)?)),
                Ok(false) => Ok(None),
                Err(error) => Err(error),
            };
            Ok(found)
        })?
    }
}

fn unfinished(conn: &Transaction<'_>) -> Result<Vec<OperationRecord>, Fault> {
    // An ending kind of step is necessary and sufficient for an end (domain: OperationState), so that SQL leaves only
    // few to be folded.
    let ending: Vec<String> = StepKind::ALL
        .iter()
        .filter(|kind| ends(**kind))
        .map(|kind| format!("'{}'", kind.as_str()))
        .collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM operation
         WHERE NOT EXISTS (SELECT 1 FROM operation_step
                           WHERE operation = operation.number AND kind IN ({}))
         ORDER BY number",
        ending.join(", ")
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let found: Vec<Stored> = statement
        .query_map([], stored)?
        .collect::<rusqlite::Result<_>>()?;
    found.into_iter().map(|stored| complete(conn, stored)).collect()
}

/// Whether a step of this kind ends its operation.
fn ends(kind: StepKind) -> bool {
    let step = OperationStep {
        kind,
        at: DateTime::UNIX_EPOCH,
        facts: Map::new(),
    };
    OperationState::of(&[step]).is_terminal()
}

fn insert(conn: &Connection, intent: &Intent, first: &OperationStep) -> Result<(i64, Link), Fault> {
    let taken = conn
        .query_row(
            "SELECT 1 FROM operation WHERE id = ?1",
            [intent.id.as_str()],
            |_| Ok(()),
        )
        .optional()?;
    if taken.is_some() {
        let id = intent.id.to_string();
        return Err(LedgerError::OperationExists { id }.into());
    }
    let number: i64 = conn.query_row("SELECT coalesce(max(number), 0) + 1 FROM operation", [], |row| {
        row.get(0)
    })?;
    let previous = chain::last(conn)?;
    let content = intent.content.to_string();
    let texts = [
        intent.id.as_str(),
        intent.workspace.as_str(),
        intent.service.as_str(),
        intent.environment.as_str(),
        intent.workload.as_str(),
        &content,
    ];
    let mut fields = vec![Field::Integer(number)];
    fields.extend(texts.map(Field::Text));
    let link = previous.then(Table::Operation, &fields);
    let [id, workspace, service, environment, workload, content] = texts;
    conn.execute(
        "INSERT INTO operation (sequence, number, id, workspace, service, environment, workload, intent, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            link.sequence,
            number,
            id,
            workspace,
            service,
            environment,
            workload,
            content,
            previous.hash,
            link.hash
        ],
    )?;
    Ok((number, append(conn, link, number, first)?))
}

fn append(conn: &Connection, previous: Link, operation: i64, step: &OperationStep) -> Result<Link, Fault> {
    let facts = Value::Object(step.facts.clone()).to_string();
    let at = to_column(step.at);
    let link = previous.then(
        Table::Step,
        &[
            Field::Integer(operation),
            Field::Text(step.kind.as_str()),
            Field::Integer(at),
            Field::Text(&facts),
        ],
    );
    conn.prepare_cached(
        "INSERT INTO operation_step (sequence, operation, kind, at, facts, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        link.sequence,
        operation,
        step.kind.as_str(),
        at,
        facts,
        previous.hash,
        link.hash
    ])?;
    Ok(link)
}

fn number_of(conn: &Connection, id: &OperationId) -> Result<i64, Fault> {
    let found = conn
        .query_row(
            "SELECT number FROM operation WHERE id = ?1",
            [id.as_str()],
            |row| row.get(0),
        )
        .optional()?;
    found.ok_or_else(|| {
        LedgerError::NotFound {
            what: "operation",
            name: id.to_string(),
        }
        .into()
    })
}

/// A row of `operation`, as it is.
struct Stored {
    number: i64,
    id: String,
    workspace: String,
    service: String,
    environment: String,
    workload: String,
    intent: String,
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        number: row.get(0)?,
        id: row.get(1)?,
        workspace: row.get(2)?,
        service: row.get(3)?,
        environment: row.get(4)?,
        workload: row.get(5)?,
        intent: row.get(6)?,
    })
}

fn complete(conn: &Connection, stored: Stored) -> Result<OperationRecord, Fault> {
    let Stored {
        number,
        id,
        workspace,
        service,
        environment,
        workload,
        intent,
    } = stored;
    let intent = serde_json::from_str(&intent)
        .map_err(|error| unreadable("operation", number, "JSON", error.to_string()))?;
    Ok(OperationRecord {
        operation: Operation {
            id: OperationId::new(id),
            number,
            intent,
            steps: steps(conn, number)?,
        },
        workspace: workspace.into(),
        service: service.into(),
        environment: environment.into(),
        workload: workload.into(),
    })
}

fn steps(conn: &Connection, operation: i64) -> Result<Vec<OperationStep>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT sequence, kind, at, facts FROM operation_step WHERE operation = ?1 ORDER BY sequence",
    )?;
    let mut rows = statement.query([operation])?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        let sequence: i64 = row.get(0)?;
        let kind: String = row.get(1)?;
        let facts: String = row.get(3)?;
        steps.push(OperationStep {
            kind: StepKind::parse(&kind)
                .ok_or_else(|| unreadable("operation_step", sequence, "kind of step", &kind))?,
            at: from_column(row.get(2)?),
            facts: serde_json::from_str(&facts)
                .map_err(|_| unreadable("operation_step", sequence, "JSON object", &facts))?,
        });
    }
    Ok(steps)
}

/// Notes that the chain ends before the link that its head file names.
pub(crate) fn note_gap(writer: &Writer, gap: ChainGap, now: DateTime<Utc>) -> Result<(), Fault> {
    writer.transact(Durability::Full, |conn| {
        conn.execute(
            "INSERT INTO chain_gap (noted_at, expected_sequence, expected_hash, found_sequence)
             VALUES (?1, ?2, ?3, ?4)",
            params![
                to_column(now),
                gap.expected.sequence,
                gap.expected.hash,
                gap.found.sequence
            ],
        )?;
        Ok(())
    })
}
