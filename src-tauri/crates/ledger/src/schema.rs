//! The list of migrations, and the refusal of a schema that this program does not know.
//!
//! A migration is a file `migrations/NNNN_name.sql`. The list is only ever appended to; each shipped schema has a
//! fixture from which the tests migrate. All pending ones run in one transaction: a crash leaves the old schema.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::connection;
use crate::error::{LedgerError, Result};

/// The SQL of every migration, oldest first.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_consents_are_settings.sql"),
];

/// The schema version that a list of migrations leads to.
pub(crate) fn newest(migrations: &[&str]) -> i64 {
    i64::try_from(migrations.len()).expect("because the list of migrations is short")
}

/// The schema version that a connection finds.
pub(crate) fn version_of(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Refuses a file of a newer schema. Reads it without changing it; a file that cannot be read passes, since what
/// is wrong with it is told elsewhere.
pub(crate) fn refuse_newer(path: &Path, busy: Duration, migrations: &[&str]) -> Result<()> {
    let found = connection::open_reader(path, busy).and_then(|conn| version_of(&conn));
    let known = newest(migrations);
    match found {
        Ok(found) if found > known => Err(LedgerError::NewerSchema {
            path: path.to_owned(),
            found,
            known,
        }),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Brings the schema to the newest version, in one transaction.
pub(crate) fn migrate(conn: &mut Connection, path: &Path, migrations: &[&str]) -> Result<()> {
    let fail = |source| LedgerError::sqlite(path, Duration::ZERO, "read its schema version", source);
    let from = version_of(conn).map_err(fail)?;
    let list = Migrations::new(migrations.iter().map(|sql| M::up(sql)).collect());
    list.to_latest(conn).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } if crate::error::is_disk_full(&err) => {
            LedgerError::DiskFull {
                path: path.to_owned(),
            }
        }
        other => LedgerError::Migration {
            path: path.to_owned(),
            from,
            to: newest(migrations),
            detail: other.to_string(),
        },
    })
}

#[cfg(test)]
mod tests;
