//! The SQLite file that keeps deployments, templates, notes and operations.
//!
//! One ledger a user, in a data folder that the caller names; rows are keyed by workspace. Each table stands beside
//! its queries. Everything here is synchronous and blocks: callers keep it off the async threads.
//!
//! Lacks on purpose: a clock and randomness (they arrive as arguments), any knowledge of Git and Kubernetes, and any
//! way to change or remove an operation's row.

mod backup;
mod chain;
mod column;
mod connection;
mod damage;
mod deployment;
mod error;
mod gap;
mod head;
mod health;
mod key;
mod layout;
mod lock;
mod note;
mod open;
mod operation;
mod probe;
mod schema;
mod search_text;
mod settings;
mod tag;
mod template;
mod timeline;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rusqlite::Transaction;

use connection::{Durability, Readers, Writer};
use error::Fault;
use layout::Layout;
use lock::Presence;

pub use backup::{Backup, BackupKind};
pub use chain::{ChainState, Link};
pub use damage::Damage;
pub use deployment::{DeploymentFilter, MAXIMUM_ROWS, Renamed, Run};
pub use error::{LedgerError, Result};
pub use health::Health;
pub use key::SecretKey;
pub use note::{Note, NoteHit, NoteKey, NoteRevision, NoteState, SavedNote};
pub use open::{BUSY_WAIT, ChainGap, OpenRequest, Opened, ReadOnlyReason, Recovery};
pub use operation::{Intent, OperationFilter, OperationRecord};
pub use search_text::ExcerptPart;
pub use settings::RecentWorkspace;
pub use tag::{MovedTag, TagChange, TagSeen, TagTarget};
pub use template::{ConfigurationEntry, ConfigurationKind, KnownConfiguration};
pub use timeline::{
    Lane, NO_ROW, NO_TIME, NO_WORKLOAD, NOBODY, TIMELINE_SQL, TimelineColumns, TimelineWorkload,
};

/// The handle of an open ledger: cheap to clone, to be shared between threads.
#[derive(Debug, Clone)]
pub struct Ledger {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Closed first: the connection closed last is the one that brings the log into the file, and must be a writer.
    readers: Readers,
    mode: Mode,
    layout: Layout,
    busy: Duration,
    key: Option<SecretKey>,
    /// Last, so that the lock goes after the connections.
    presence: Option<Presence>,
}

#[derive(Debug)]
enum Mode {
    Writable(Writer),
    ReadOnly(ReadOnlyReason),
}

impl Ledger {
    /// The ledger's file.
    pub fn path(&self) -> PathBuf {
        self.inner.layout.ledger()
    }

    /// The folder of the ledger and all that stands beside it.
    pub fn data_dir(&self) -> &Path {
        self.inner.layout.folder()
    }

    /// Why nothing can be written, if so.
    pub fn read_only(&self) -> Option<ReadOnlyReason> {
        match &self.inner.mode {
            Mode::Writable(_) => None,
            Mode::ReadOnly(reason) => Some(*reason),
        }
    }

    /// The key of the hashes of Secrets; `None` in a read-only folder that has none.
    pub fn secret_key(&self) -> Option<&SecretKey> {
        self.inner.key.as_ref()
    }

    fn writer(&self) -> Result<&Writer> {
        match &self.inner.mode {
            Mode::Writable(writer) => Ok(writer),
            Mode::ReadOnly(reason) => Err(LedgerError::ReadOnly {
                path: self.path(),
                reason: *reason,
            }),
        }
    }

    /// Runs a write in one transaction; `action` says in the past tense what it did, for the error.
    fn write<T>(
        &self,
        durability: Durability,
        action: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T> {
        self.writer()?
            .transact(durability, work)
            .map_err(|fault| self.named(fault, action))
    }

    /// Runs reads on one snapshot.
    fn read<T>(
        &self,
        action: &'static str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, Fault>,
    ) -> Result<T> {
        self.inner
            .readers
            .read(work)
            .map_err(|fault| self.named(fault, action))
    }

    fn named(&self, fault: Fault, action: &'static str) -> LedgerError {
        fault.named(&self.path(), self.inner.busy, action)
    }
}
