//! The files of a data folder: where each stands and what it is called.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDateTime, Utc};

/// The form of a time in a file's name: sorts as text, in UTC, without a colon (Windows refuses it).
const STAMP: &str = "%Y%m%dT%H%M%S%3fZ";

/// The paths inside one data folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    folder: PathBuf,
}

impl Layout {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The ledger itself.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.folder.join("ledger.db")
    }

    /// SQLite's write-ahead log of the ledger.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("ledger.db-wal")
    }

    /// SQLite's shared memory of the ledger.
    pub(crate) fn shared_memory(&self) -> PathBuf {
        self.folder.join("ledger.db-shm")
    }

    /// The last link of the audit chain, kept apart from it.
    pub(crate) fn head(&self) -> PathBuf {
        self.folder.join("ledger.head")
    }

    /// The lock that tells whether another process has the ledger open.
    pub(crate) fn lock(&self) -> PathBuf {
        self.folder.join("ledger.lock")
    }

    /// The key of the hashes of Secrets.
    pub(crate) fn key(&self) -> PathBuf {
        self.folder.join("ledger.key")
    }

    /// Where backups stand.
    pub(crate) fn backups(&self) -> PathBuf {
        self.folder.join("backups")
    }

    /// A restored backup on its way to becoming the ledger.
    pub(crate) fn restoring(&self) -> PathBuf {
        self.folder.join("ledger.db.restoring")
    }

    /// A name for a damaged ledger that no file has yet.
    pub(crate) fn set_aside(&self, now: DateTime<Utc>) -> PathBuf {
        let stamp = stamp(now);
        let taken = |path: &PathBuf| path.exists() || side_file(path, "-wal").exists();
        let first = self.folder.join(format!("ledger-damaged-{stamp}.db"));
        (2..)
            .map(|n| self.folder.join(format!("ledger-damaged-{stamp}-{n}.db")))
            .find(|path| !taken(path))
            .filter(|_| taken(&first))
            .unwrap_or(first)
    }
}

/// The path with text added to its name, as SQLite names its side files.
pub(crate) fn side_file(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The time as it stands in file names.
pub(crate) fn stamp(time: DateTime<Utc>) -> String {
    time.format(STAMP).to_string()
}

/// The time that a stamp in a file's name says.
pub(crate) fn parse_stamp(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, STAMP)
        .ok()
        .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_reads_back_to_the_millisecond() {
        let time = DateTime::from_timestamp_millis(1_790_000_123_456).unwrap();
        assert_eq!(parse_stamp(&stamp(time)), Some(time));
    }

    #[test]
    fn setting_aside_twice_in_a_millisecond_takes_two_names() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let time = DateTime::from_timestamp_millis(0).unwrap();
        let first = layout.set_aside(time);
        std::fs::write(&first, "x").unwrap();
        assert_ne!(
            layout.set_aside(time),
            first,
            "a damaged file is never overwritten"
        );
    }
}
