//! What is personal: bindings, consents, view settings, workspaces that were opened.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use crate::Ledger;
use crate::column::{from_column, to_column, unreadable};
use crate::connection::Durability;
use crate::error::{Fault, Result};

/// A workspace that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentWorkspace {
    /// Its file.
    pub path: PathBuf,
    /// Its name when it was last opened.
    pub name: String,
    /// When that was.
    pub opened_at: DateTime<Utc>,
}

/// How many opened workspaces are kept.
const KEPT_RECENT: u32 = 20;

impl Ledger {
    /// Keeps a value under a scope ("app", "workspace:ID", "binding:repository") and a key.
    pub fn set_setting(&self, scope: &str, key: &str, value: &Value, now: DateTime<Utc>) -> Result<()> {
        self.write(Durability::Normal, "kept a setting", |conn| {
            conn.prepare_cached(
                "INSERT INTO setting (scope, key, value, updated_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (scope, key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
            )?
            .execute(params![scope, key, value.to_string(), to_column(now)])?;
            Ok(())
        })
    }

    /// The value under a scope and a key.
    pub fn setting(&self, scope: &str, key: &str) -> Result<Option<Value>> {
        self.read("read a setting", |conn| {
            let found: Option<String> = conn
                .query_row(
                    "SELECT value FROM setting WHERE scope = ?1 AND key = ?2",
                    [scope, key],
                    |row| row.get(0),
                )
                .optional()?;
            found.map(|text| parse(scope, key, &text)).transpose()
        })
    }

    /// Every key and value of a scope, by key.
    pub fn settings(&self, scope: &str) -> Result<Vec<(String, Value)>> {
        self.read("read settings", |conn| {
            let mut statement =
                conn.prepare_cached("SELECT key, value FROM setting WHERE scope = ?1 ORDER BY key")?;
            let mut rows = statement.query([scope])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let key: String = row.get(0)?;
                let text: String = row.get(1)?;
                let value = parse(scope, &key, &text)?;
                found.push((key, value));
            }
            Ok(found)
        })
    }

    /// Forgets the value under a scope and a key; nothing happens if there is none.
    pub fn remove_setting(&self, scope: &str, key: &str) -> Result<()> {
        self.write(Durability::Normal, "forgot a setting", |conn| {
            conn.execute("DELETE FROM setting WHERE scope = ?1 AND key = ?2", [scope, key])?;
            Ok(())
        })
    }

    /// Keeps that a workspace was opened; the last 20 are kept.
    pub fn note_opened_workspace(&self, path: &Path, name: &str, now: DateTime<Utc>) -> Result<()> {
        self.write(Durability::Normal, "kept an opened workspace", |conn| {
            conn.execute(
                "INSERT INTO recent_workspace (path, name, opened_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (path) DO UPDATE SET name = excluded.name, opened_at = excluded.opened_at",
                params![path.to_string_lossy(), name, to_column(now)],
            )?;
            conn.execute(
                "DELETE FROM recent_workspace WHERE path NOT IN
                   (SELECT path FROM recent_workspace ORDER BY opened_at DESC LIMIT ?1)",
                [KEPT_RECENT],
            )?;
            Ok(())
        })
    }

    /// The workspaces that were opened, newest first.
    pub fn recent_workspaces(&self) -> Result<Vec<RecentWorkspace>> {
        self.read("listed opened workspaces", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT path, name, opened_at FROM recent_workspace ORDER BY opened_at DESC",
            )?;
            let found = statement.query_map([], |row| {
                Ok(RecentWorkspace {
                    path: PathBuf::from(row.get::<_, String>(0)?),
                    name: row.get(1)?,
                    opened_at: from_column(row.get(2)?),
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Takes a workspace off the list of opened ones; its file and its history stay.
    pub fn forget_opened_workspace(&self, path: &Path) -> Result<()> {
        self.write(Durability::Normal, "forgot an opened workspace", |conn| {
            conn.execute(
                "DELETE FROM recent_workspace WHERE path = ?1",
                [path.to_string_lossy()],
            )?;
            Ok(())
        })
    }
}

fn parse(scope: &str, key: &str, text: &str) -> Result<Value, Fault> {
    serde_json::from_str(text).map_err(|_| unreadable("setting", format!("{scope} {key}"), "JSON", text))
}
