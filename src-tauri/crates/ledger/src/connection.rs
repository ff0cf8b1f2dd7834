//! Connections to the ledger's file: how they are set up, the one writer, and the readers beside it.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::error::Fault;

/// How much a commit waits for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// On the disk before the call returns: operations, notes. Survives a power cut.
    Full,
    /// In order, synced at the next checkpoint: history that can be read again. Survives a crash of the process.
    Normal,
}

impl Durability {
    fn pragma(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }
}

/// A connection's page cache, in SQLite's form for KiB (negative). Taken as it is used, and then kept.
const CACHE_KIB: i64 = -2_048;

/// The writer's page cache during a batch: a transaction of 100,000 deployments fits in, and is written to the log once.
const BATCH_CACHE_KIB: i64 = -65_536;

/// Opens the file for reading and writing, in WAL mode; makes it if it is not there.
pub(crate) fn open_writer(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    set_up(&conn, busy)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", Durability::Normal.pragma())?;
    Ok(conn)
}

/// Opens the file for reading only; never changes it, not even by a checkpoint when it is closed.
pub(crate) fn open_reader(path: &Path, busy: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    set_up(&conn, busy)?;
    Ok(conn)
}

/// Opens a file that nobody can change, without its log: the only way in a folder where nothing can be made.
pub(crate) fn open_immutable(path: &Path) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(immutable_address(path), flags)?;
    set_up(&conn, Duration::ZERO)?;
    Ok(conn)
}

/// The `file:` address of a path, with what would end it escaped.
fn immutable_address(path: &Path) -> String {
    let mut address = String::from("file:");
    for character in path.to_string_lossy().chars() {
        match character {
            '%' => address.push_str("%25"),
            '?' => address.push_str("%3f"),
            '#' => address.push_str("%23"),
            '\\' => address.push('/'),
            other => address.push(other),
        }
    }
    address.push_str("?immutable=1");
    address
}

fn set_up(conn: &Connection, busy: Duration) -> rusqlite::Result<()> {
    conn.busy_timeout(busy)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.pragma_update(None, "cache_size", CACHE_KIB)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// The one connection that writes.
#[derive(Debug)]
pub(crate) struct Writer {
    conn: Mutex<Connection>,
}

impl Writer {
    pub(crate) fn new(conn: Connection) -> Self {
        Self {
            conn: Mutex::new(conn),
        }
    }

    /// Runs the work in one transaction that holds the write lock from its begin.
    pub(crate) fn transact<T>(
        &self,
        durability: Durability,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut conn = self.conn.lock().unwrap_or_else(PoisonError::into_inner);
        conn.pragma_update(None, "synchronous", durability.pragma())?;
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = work(&transaction)?;
        transaction.commit()?;
        Ok(answer)
    }

    /// Runs writes with room for a batch in the page cache, and gives the room back: it would be held for good.
    pub(crate) fn with_room<T>(&self, work: impl FnOnce() -> T) -> T {
        let room = |conn: &mut Connection, kib: i64| conn.pragma_update(None, "cache_size", kib);
        // Without room, or with room that stays, the work is done all the same.
        let _ = self.with(|conn| room(conn, BATCH_CACHE_KIB));
        let answer = work();
        let _ = self.with(|conn| room(conn, CACHE_KIB).and_then(|()| conn.release_memory()));
        answer
    }

    /// Lends the connection itself, for what cannot run in a transaction.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        work(&mut self.conn.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Connections that read, kept open between uses.
pub(crate) struct Readers {
    open: Box<dyn Fn() -> Result<Connection, Fault> + Send + Sync>,
    idle: Mutex<Vec<Connection>>,
}

/// More than this many are closed after use.
const IDLE_READERS: usize = 4;

impl Readers {
    pub(crate) fn new(open: impl Fn() -> Result<Connection, Fault> + Send + Sync + 'static) -> Self {
        Self {
            open: Box::new(open),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Runs the work on one snapshot of the ledger.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let kept = self.idle().pop();
        let mut conn = match kept {
            Some(conn) => conn,
            None => (self.open)()?,
        };
        let answer = {
            let transaction = conn.transaction()?;
            work(&transaction)
        };
        let mut idle = self.idle();
        if idle.len() < IDLE_READERS {
            idle.push(conn);
        }
        answer
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Readers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Readers")
            .field("idle", &self.idle().len())
            .finish()
    }
}
