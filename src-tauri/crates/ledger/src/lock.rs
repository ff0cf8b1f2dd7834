//! Who has the ledger open.
//!
//! Each process holds `ledger.lock` shared for as long as its ledger is open. What would pull the file away under
//! another process (setting it aside, migrating it) needs the lock alone. The single-instance rule of the app
//! stands elsewhere; this keeps a second opener safe all the same.

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
        let alone = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(source)) => return Err(LedgerError::io(&path, "locked", source)),
        };
        let presence = Self {
            file,
            path,
            patience,
            alone,
        };
        if !presence.alone {
            presence.take_shared()?;
        }
        Ok(presence)
    }

    /// Whether no other process has the ledger open.
    pub(crate) fn is_alone(&self) -> bool {
        self.alone
    }

    /// Lets others in, once what needed the lock alone is done.
    pub(crate) fn share(&mut self) -> Result<()> {
        self.alone = false;
        // Windows knows no change of a lock that is held: it would wait for itself.
        #[cfg(windows)]
        self.file
            .unlock()
            .map_err(|source| LedgerError::io(&self.path, "locked", source))?;
        self.take_shared()
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
