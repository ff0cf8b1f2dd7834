//! Backups: one a day and one before each migration, each a whole ledger in one file.
//!
//! A backup is written under another name, checked, synced and only then given its own, so that a crash in the midst
//! leaves the one before. Restoring copies; a backup is never moved or opened for use.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use crate::connection;
use crate::damage;
use crate::error::{Fault, LedgerError, Result};
use crate::layout::{self, Layout};

/// How many daily backups are kept.
const KEPT_DAILY: usize = 7;
/// How many backups from before migrations are kept.
const KEPT_MIGRATION: usize = 5;

/// In one step, so that the copy is of one snapshot; in WAL mode nobody waits for it.
const ALL_PAGES: i32 = i32::MAX;

/// Why a backup was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupKind {
    /// The day's.
    Daily,
    /// Before the schema changed.
    Migration,
}

impl BackupKind {
    fn suffix(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Migration => "migration",
        }
    }

    fn kept(self) -> usize {
        match self {
            Self::Daily => KEPT_DAILY,
            Self::Migration => KEPT_MIGRATION,
        }
    }
}

/// A backup that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Its file.
    pub path: PathBuf,
    /// When it was made, as its name says.
    pub made_at: DateTime<Utc>,
    /// Why it was made.
    pub kind: BackupKind,
    /// In bytes.
    pub bytes: u64,
}

/// All backups of a data folder, newest first; files with other names are left alone.
pub(crate) fn list(layout: &Layout) -> Result<Vec<Backup>> {
    let folder = layout.backups();
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(LedgerError::io(&folder, "read", source)),
    };
    let mut backups: Vec<Backup> = entries
        .flatten()
        .filter_map(|entry| parse(&entry.path()))
        .collect();
    backups.sort_by(|a, b| b.made_at.cmp(&a.made_at).then_with(|| b.path.cmp(&a.path)));
    Ok(backups)
}

fn parse(path: &Path) -> Option<Backup> {
    let name = path.file_name()?.to_str()?;
    let inner = name.strip_prefix("ledger-")?.strip_suffix(".db")?;
    let (stamp, suffix) = inner.split_once('-')?;
    let kind = [BackupKind::Daily, BackupKind::Migration]
        .into_iter()
        .find(|kind| kind.suffix() == suffix)?;
    Some(Backup {
        path: path.to_owned(),
        made_at: layout::parse_stamp(stamp)?,
        kind,
        bytes: fs::metadata(path).ok()?.len(),
    })
}

/// Makes a backup of the ledger that `source` reads, then drops what is too old.
///
/// A ledger that does not pass its check is not taken: a good backup never makes place for a damaged one.
pub(crate) fn make(
    layout: &Layout,
    source: &Connection,
    kind: BackupKind,
    now: DateTime<Utc>,
) -> Result<Backup> {
    let folder = layout.backups();
    fs::create_dir_all(&folder).map_err(|source| LedgerError::io(&folder, "made", source))?;
    remove_unfinished(&folder);
    let path = folder.join(format!("ledger-{}-{}.db", layout::stamp(now), kind.suffix()));
    let unfinished = layout::side_file(&path, ".unfinished");
    let made = copy_checked(source, &unfinished).and_then(|()| publish(&unfinished, &path));
    if let Err(error) = made {
        let _ = fs::remove_file(&unfinished); // The error that is told is the first one.
        return Err(error);
    }
    rotate(layout)?;
    parse(&path).ok_or_else(|| LedgerError::Io {
        action: "read",
        source: std::io::ErrorKind::NotFound.into(),
        path,
    })
}

/// What a crash in a backup left behind.
fn remove_unfinished(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        if path
            .extension()
            .is_some_and(|extension| extension == "unfinished")
        {
            let _ = fs::remove_file(&path); // One that stays is no backup by its name.
        }
    }
}

fn copy_checked(source: &Connection, to: &Path) -> Result<()> {
    let named = |fault: Fault| fault.named(to, Duration::ZERO, "copied the ledger");
    let mut copy = Connection::open(to).map_err(|error| named(error.into()))?;
    {
        let backup = rusqlite::backup::Backup::new(source, &mut copy).map_err(|error| named(error.into()))?;
        backup
            .run_to_completion(ALL_PAGES, Duration::ZERO, None)
            .map_err(|error| named(error.into()))?;
    }
    // A backup is one file: no log beside it.
    copy.pragma_update(None, "journal_mode", "DELETE")
        .map_err(|error| named(error.into()))?;
    match damage::check(&copy, None).map_err(named)? {
        None => Ok(()),
        Some(damage) => Err(LedgerError::Damaged {
            path: to.to_owned(),
            damage,
        }),
    }
}

fn publish(unfinished: &Path, path: &Path) -> Result<()> {
    let fail = |source| LedgerError::io(path, "written", source);
    File::open(unfinished)
        .and_then(|file| file.sync_all())
        .map_err(fail)?;
    fs::rename(unfinished, path).map_err(fail)?;
    sync_folder(path)
}

/// Makes a rename in a file's folder last, where the system lets a folder be synced.
pub(crate) fn sync_folder(path: &Path) -> Result<()> {
    let Some(folder) = path.parent().filter(|_| cfg!(unix)) else {
        return Ok(());
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| LedgerError::io(folder, "synced", source))
}

fn rotate(layout: &Layout) -> Result<()> {
    let backups = list(layout)?;
    for kind in [BackupKind::Daily, BackupKind::Migration] {
        let old = backups
            .iter()
            .filter(|backup| backup.kind == kind)
            .skip(kind.kept());
        for backup in old {
            fs::remove_file(&backup.path)
                .map_err(|source| LedgerError::io(&backup.path, "removed", source))?;
        }
    }
    Ok(())
}

/// Whether the day of `now` (UTC) has no daily backup yet.
pub(crate) fn is_due(layout: &Layout, now: DateTime<Utc>) -> Result<bool> {
    let backups = list(layout)?;
    Ok(!backups
        .iter()
        .any(|backup| backup.kind == BackupKind::Daily && backup.made_at.date_naive() == now.date_naive()))
}

/// Copies the newest backup that is whole to where the ledger stands; `None` if there is none.
pub(crate) fn restore(layout: &Layout, newest_schema: i64) -> Result<Option<Backup>> {
    let restoring = layout.restoring();
    for backup in list(layout)? {
        fs::copy(&backup.path, &restoring)
            .map_err(|source| LedgerError::io(&restoring, "written", source))?;
        if is_usable(&restoring, newest_schema) {
            publish(&restoring, &layout.ledger())?;
            return Ok(Some(backup));
        }
        fs::remove_file(&restoring).map_err(|source| LedgerError::io(&restoring, "removed", source))?;
    }
    Ok(None)
}

fn is_usable(path: &Path, newest_schema: i64) -> bool {
    let checked = Connection::open(path).map_err(Fault::from).and_then(|conn| {
        let version = crate::schema::version_of(&conn)?;
        Ok((version, damage::check(&conn, None)?))
    });
    matches!(checked, Ok((version, None)) if (1..=newest_schema).contains(&version))
}

/// Opens the ledger only to back it up before a migration.
pub(crate) fn make_before_migration(layout: &Layout, busy: Duration, now: DateTime<Utc>) -> Result<Backup> {
    let path = layout.ledger();
    let conn = connection::open_reader(&path, busy)
        .map_err(|source| LedgerError::sqlite(&path, busy, "opened for a backup", source))?;
    make(layout, &conn, BackupKind::Migration, now)
}
