//! Who has the ledger open.
//!
//! Each process holds `ledger.lock` shared for as long as its ledger is open. What would pull the file away under
//! another process (setting it aside, migrating it) needs the lock alone, and so does whoever takes an unfinished
//! operation for abandoned. The single-instance rule of the app stands elsewhere; this keeps a second opener safe all
//! the same.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::error::{LedgerError, Result};

/// The lock, held until dropped.
#[derive(Debug)]
pub(crate) struct Presence {
    file: File,
    path: PathBuf,
    patience: Duration,
    alone: bool,
}

impl Presence {
    /// Takes the lock alone if nobody has it, else shared within `patience`.
    pub(crate) fn take(path: PathBuf, patience: Duration) -> Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| LedgerError::io(&path, "opened", source))?;
        let mut presence = Self {
            file,
            path,
            patience,
            alone: false,
        };
        presence.alone = presence.try_alone()?;
        if !presence.alone {
            presence.take_shared()?;
        }
        Ok(presence)
    }

    /// Whether no other process had the ledger open when this one took the lock, which still keeps them out.
    pub(crate) fn is_alone(&self) -> bool {
        self.alone
    }

    /// Whether no other process has the ledger open now, the lock being shared. It is let go for a moment: who asks
    /// holds the ledger's write lock, so that no two ask at once and each takes the other for gone.
    pub(crate) fn is_alone_now(&self) -> Result<bool> {
        self.let_go()?;
        let alone = self.try_alone()?;
        if alone {
            self.let_go()?;
        }
        self.take_shared()?;
        Ok(alone)
    }

    /// Lets others in, once what needed the lock alone is done.
    pub(crate) fn share(&mut self) -> Result<()> {
        self.alone = false;
        self.let_go()?;
        self.take_shared()
    }

    /// Before a lock that is held changes: Windows knows no such change, and would wait for itself.
    fn let_go(&self) -> Result<()> {
        #[cfg(windows)]
        self.file
            .unlock()
            .map_err(|source| LedgerError::io(&self.path, "locked", source))?;
        Ok(())
    }

    fn try_alone(&self) -> Result<bool> {
        match self.file.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(source)) => Err(LedgerError::io(&self.path, "locked", source)),
        }
    }

    fn take_shared(&self) -> Result<()> {
        let since = Instant::now();
        loop {
            match self.file.try_lock_shared() {
                Ok(()) => return Ok(()),
                Err(TryLockError::WouldBlock) if since.elapsed() < self.patience => {
                    sleep(Duration::from_millis(20))
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(LedgerError::InUse {
                        path: self.path.clone(),
                    });
                }
                Err(TryLockError::Error(source)) => {
                    return Err(LedgerError::io(&self.path, "locked", source));
                }
            }
        }
    }
}
