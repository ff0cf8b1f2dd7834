//! Whether a ledger's file is whole.
//!
//! SQLite's `integrity_check` looks at pages and indexes and misses most flipped bytes of text, so the audit chain and
//! the full-text index of the notes, both of which hold the same content twice, are looked at as well, and all text must
//! be UTF-8.

use std::fmt;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::chain::{self, ChainState, Link};
use crate::error::{Fault, LedgerError};
use crate::note;

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// SQLite cannot read it, or its `integrity_check` says what is wrong.
    Unreadable(String),
    /// It is empty or gone, though there was a ledger here.
    Gone,
    /// The audit chain is broken.
    Chain(ChainState),
    /// The notes and their full-text index differ.
    Search(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(detail) => write!(f, "SQLite says: {detail}"),
            Self::Gone => f.write_str("it is empty or gone"),
            Self::Chain(state) => write!(f, "the record of operations is broken: {state:?}"),
            Self::Search(detail) => write!(f, "the notes differ from their index: {detail}"),
        }
    }
}

/// Checks everything in the file; `None` is nothing wrong. A lost tail of the chain is no damage: what is there is
/// consistent, and the gap is told when the ledger is opened.
///
/// `conn` must be able to write: FTS5 takes its check as an insert. Fails only where the fault is not the file's:
/// busy, no memory, disk full.
pub(crate) fn check(conn: &Connection, head: Option<Link>) -> Result<Option<Damage>, Fault> {
    match check_parts(conn, head) {
        Err(Fault::Sqlite(error)) if !is_elsewhere(&error) => Ok(Some(Damage::Unreadable(error.to_string()))),
        Err(Fault::Named(error @ LedgerError::Row { .. })) => Ok(Some(Damage::Unreadable(error.to_string()))),
        other => other,
    }
}

fn check_parts(conn: &Connection, head: Option<Link>) -> Result<Option<Damage>, Fault> {
    if let Some(detail) = integrity(conn)? {
        return Ok(Some(Damage::Unreadable(detail)));
    }
    let state = chain::verify(conn, head)?;
    match state {
        ChainState::Whole { .. } | ChainState::TailLost { .. } => {}
        ChainState::Edited { .. } | ChainState::Removed { .. } => return Ok(Some(Damage::Chain(state))),
    }
    if let Some(detail) = unreadable_text(conn)? {
        return Ok(Some(Damage::Unreadable(detail)));
    }
    Ok(note::check_search(conn)?.map(Damage::Search))
}

/// Tables whose text SQLite hands out unseen: one byte that is no UTF-8 would make a whole list fail.
const TEXTS: &[&str] = &[
    "lane",
    "workload",
    "deployment",
    "evidence",
    "gap",
    "tag",
    "note_revision",
    "setting",
];

/// The first text that is no UTF-8.
fn unreadable_text(conn: &Connection) -> Result<Option<String>, Fault> {
    for table in TEXTS {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            for column in 0..columns {
                if let ValueRef::Text(bytes) = row.get_ref(column)?
                    && std::str::from_utf8(bytes).is_err()
                {
                    return Ok(Some(format!("a text in {table} is no UTF-8")));
                }
            }
        }
    }
    Ok(None)
}

/// The first complaint of SQLite's own check.
pub(crate) fn integrity(conn: &Connection) -> rusqlite::Result<Option<String>> {
    let said: String = conn.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    Ok((said != "ok").then_some(said))
}

/// Whether an error says nothing about the file's content.
fn is_elsewhere(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as Code;
    crate::error::is_disk_full(error)
        || matches!(
            error.sqlite_error_code(),
            Some(
                Code::DatabaseBusy
                    | Code::DatabaseLocked
                    | Code::OutOfMemory
                    | Code::PermissionDenied
                    | Code::ReadOnly
                    | Code::CannotOpen
                    | Code::OperationInterrupted
            )
        )
}
