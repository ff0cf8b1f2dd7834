//! How the ledger is, for Settings and for the preflight of a rollback.

use chrono::{DateTime, Utc};

use crate::backup::{self, Backup, BackupKind};
use crate::chain::{self, ChainState};
use crate::connection::Durability;
use crate::damage::{self, Damage};
use crate::error::Result;
use crate::{Ledger, ReadOnlyReason, head, probe};

/// What is known of the file, its chain, its backups and its disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Of the file and its log, in bytes.
    pub bytes: u64,
    /// Free for this user on the disk, in bytes, where the system tells.
    pub free_bytes: Option<u64>,
    /// Why nothing can be written, if so.
    pub read_only: Option<ReadOnlyReason>,
    /// What a check of the whole file found; `None`: nothing wrong.
    pub damage: Option<Damage>,
    /// The chain of operations, held against its head file.
    pub chain: ChainState,
    /// How often the chain was found shorter than its head file said.
    pub chain_gaps: u32,
    /// Newest first.
    pub backups: Vec<Backup>,
}

impl Ledger {
    /// Looks at everything. Reads the whole file: not for the thread that draws.
    pub fn health(&self) -> Result<Health> {
        let layout = &self.inner.layout;
        let chain = self.verify_chain()?;
        Ok(Health {
            bytes: self.bytes(),
            free_bytes: probe::free_bytes(layout.folder()),
            read_only: self.read_only(),
            damage: self.find_damage()?,
            chain,
            chain_gaps: self.read("counted the gaps of the record of operations", |conn| {
                Ok(conn.query_row("SELECT count(*) FROM chain_gap", [], |row| row.get(0))?)
            })?,
            backups: backup::list(layout)?,
        })
    }

    /// The size of the file and of its log, which holds the newest rows until they are folded in.
    pub fn bytes(&self) -> u64 {
        let size = |path| std::fs::metadata(path).map_or(0, |found| found.len());
        size(self.inner.layout.ledger()) + size(self.inner.layout.log())
    }

    /// The backups that there are, newest first.
    pub fn backups(&self) -> Result<Vec<Backup>> {
        backup::list(&self.inner.layout)
    }

    /// Walks the chain of operations and holds it against the head file.
    pub fn verify_chain(&self) -> Result<ChainState> {
        // The head is read first: a step appended in between makes the chain longer than the head, which is whole.
        let head = head::read(&self.inner.layout.head())?;
        self.read("verified the record of operations", |conn| {
            chain::verify(conn, head)
        })
    }

    fn find_damage(&self) -> Result<Option<Damage>> {
        let action = "was checked";
        match self.read_only() {
            // FTS5 takes its check as an insert, so that a read-only ledger is checked without it.
            Some(_) => self.read(
                action,
                |conn| Ok(damage::integrity(conn)?.map(Damage::Unreadable)),
            ),
            None => self
                .writer()?
                .with(|conn| damage::check(conn, None))
                .map_err(|fault| self.named(fault, action)),
        }
    }

    /// Proves that the ledger can take an operation: writes and syncs a mebibyte beside it, and commits a row.
    ///
    /// A rollback asks this before its patch: what cannot be written down must not be begun.
    ///
    /// # Errors
    /// `DiskFull`, `ReadOnly`, `Busy`, or what else the system says.
    pub fn probe_write(&self) -> Result<()> {
        self.writer()?;
        probe::write_file(self.inner.layout.folder())?;
        // Grown and shrunk in one commit: the log must take the pages, and the file keeps none of them.
        self.write(Durability::Full, "probed whether it can be written", |conn| {
            conn.execute(
                "INSERT OR REPLACE INTO write_probe (id, filler) VALUES (1, zeroblob(65536))",
                [],
            )?;
            conn.execute("DELETE FROM write_probe", [])?;
            Ok(())
        })
    }

    /// Makes today's backup if there is none yet; `None` if there was one.
    ///
    /// The day is that of `now` in UTC. Seven are kept. Readers and writers go on meanwhile.
    pub fn back_up_daily(&self, now: DateTime<Utc>) -> Result<Option<Backup>> {
        self.writer()?;
        if !backup::is_due(&self.inner.layout, now)? {
            return Ok(None);
        }
        self.back_up(now).map(Some)
    }

    /// Makes a backup now; it counts as the day's.
    pub fn back_up(&self, now: DateTime<Utc>) -> Result<Backup> {
        self.writer()?;
        self.read("made a backup", |conn| {
            Ok(backup::make(&self.inner.layout, conn, BackupKind::Daily, now)?)
        })
    }
}

#[cfg(test)]
mod tests;
