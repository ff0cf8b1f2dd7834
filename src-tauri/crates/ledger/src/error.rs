//! What can go wrong with the ledger, each case by its own name.
//!
//! Every message says what happened, to which file, and what to do next. Codes for the window are made from
//! these variants by exhaustive match in `wire`; nothing here is matched by text.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ErrorCode;

use crate::damage::Damage;
use crate::open::ReadOnlyReason;

/// The result of everything that touches the ledger.
pub type Result<T, E = LedgerError> = std::result::Result<T, E>;

/// A refusal or a failure of the ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file was written by a newer Tidemark; it was not touched.
    #[error(
        "{} has schema {found}, this Tidemark knows {known}; the file was not touched. Open it with the newer \
         Tidemark, or start this one with another --data-dir",
        path.display()
    )]
    NewerSchema {
        /// The ledger's file.
        path: PathBuf,
        /// The schema version in the file.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// The ledger was opened read-only, so that nothing can be written.
    #[error("{} is open read-only ({reason}); make the folder writable and start Tidemark again", path.display())]
    ReadOnly {
        /// The ledger's file.
        path: PathBuf,
        /// Why.
        reason: ReadOnlyReason,
    },
    /// The disk has no room; what was to be written was not, and what was there is intact.
    #[error("no room left on the disk of {}; nothing was written. Free some space and try again", path.display())]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// Another writer held the file for longer than we wait.
    #[error(
        "{} was locked by another program for more than {} ms; nothing was written. Close it and try again",
        path.display(),
        waited.as_millis()
    )]
    Busy {
        /// The ledger's file.
        path: PathBuf,
        /// How long we waited.
        waited: Duration,
    },
    /// Another Tidemark has the ledger open while this one would have to change its schema or replace its file.
    #[error("{} is open in another Tidemark; close that one and start this one again", path.display())]
    InUse {
        /// The ledger's file.
        path: PathBuf,
    },
    /// The file is damaged and, because it is in use, could not be set aside.
    #[error("{} is damaged ({damage}); start Tidemark again, so that it opens the newest backup", path.display())]
    Damaged {
        /// The ledger's file.
        path: PathBuf,
        /// What was found.
        damage: Damage,
    },
    /// A migration failed; the old schema is intact.
    #[error("{} could not be brought from schema {from} to {to}; it is unchanged: {detail}", path.display())]
    Migration {
        /// The ledger's file.
        path: PathBuf,
        /// The schema version that it still has.
        from: i64,
        /// The one that was wanted.
        to: i64,
        /// What SQLite said.
        detail: String,
    },
    /// Nothing has that name.
    #[error("{what} {name} is not in the ledger; refresh the view")]
    NotFound {
        /// "operation", "deployment", "note".
        what: &'static str,
        /// Its identity.
        name: String,
    },
    /// A second operation with an identity that is already there.
    #[error("operation {id} is already in the ledger; make a new plan")]
    OperationExists {
        /// Its identity.
        id: String,
    },
    /// A row whose content this program cannot read.
    #[error("{table} {row} holds {found:?}, which is no {wanted}; check the ledger in Settings")]
    Row {
        /// The table.
        table: &'static str,
        /// Which row.
        row: String,
        /// What should have been there.
        wanted: &'static str,
        /// What was.
        found: String,
    },
    /// A file beside the ledger could not be read or written.
    #[error("{} could not be {action}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// "read", "written", "locked".
        action: &'static str,
        /// The system's words.
        source: io::Error,
    },
    /// Anything else that SQLite refuses.
    #[error("{} failed while it {action}: {source}", path.display())]
    Sqlite {
        /// The ledger's file.
        path: PathBuf,
        /// "stored deployments", "read the timeline".
        action: &'static str,
        /// SQLite's words.
        source: rusqlite::Error,
    },
}

impl LedgerError {
    /// Turns the system's error for a file into ours; "no space" and "quota" have their own name.
    pub(crate) fn io(path: &Path, action: &'static str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull {
                path: path.to_owned(),
            },
            _ => Self::Io {
                path: path.to_owned(),
                action,
                source,
            },
        }
    }

    /// Turns SQLite's error for a ledger into ours.
    pub(crate) fn sqlite(
        path: &Path,
        waited: Duration,
        action: &'static str,
        source: rusqlite::Error,
    ) -> Self {
        let path = path.to_owned();
        if is_disk_full(&source) {
            return Self::DiskFull { path };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path, waited },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                path,
                damage: Damage::Unreadable(source.to_string()),
            },
            _ => Self::Sqlite { path, action, source },
        }
    }
}

/// SQLite reports a full disk as `SQLITE_FULL`, except where it grows the shared memory file of the WAL.
pub(crate) fn is_disk_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || error
            .sqlite_error()
            .is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

/// What a query function may fail with, before it is known which file it was: see [`LedgerError::sqlite`].
#[derive(Debug)]
pub(crate) enum Fault {
    /// From SQLite; gets the path and the action when it leaves the crate.
    Sqlite(rusqlite::Error),
    /// Already named.
    Named(LedgerError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<LedgerError> for Fault {
    fn from(error: LedgerError) -> Self {
        Self::Named(error)
    }
}

impl Fault {
    /// Gives it the file and the action.
    pub(crate) fn named(self, path: &Path, waited: Duration, action: &'static str) -> LedgerError {
        match self {
            Self::Sqlite(source) => LedgerError::sqlite(path, waited, action, source),
            Self::Named(error) => error,
        }
    }
}
