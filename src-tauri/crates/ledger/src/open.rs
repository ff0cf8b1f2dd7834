//! Opening a ledger: what is looked at, in which order, and what is said of it.
//!
//! 1. Can the folder be written to? If not, the ledger opens read-only and says why.
//! 2. Is another process in it? Then nothing is replaced and nothing migrated.
//! 3. A newer schema is refused, the file untouched.
//! 4. Is the file whole? If not, it is set aside under a new name and the newest whole backup takes its place.
//! 5. A backup, then the migrations that are pending.
//! 6. Does the chain end where its head file says? If it ends earlier, the gap is noted and said.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::Inner;
use crate::Ledger;
use crate::Mode;
use crate::backup::{self, Backup};
use crate::chain::{self, Link};
use crate::connection::{self, Readers, Writer};
use crate::damage::{self, Damage};
use crate::error::{Fault, LedgerError, Result};
use crate::layout::{self, Layout};
use crate::lock::Presence;
use crate::{head, key, probe, schema};

/// How long a write waits for another writer before it is refused as busy.
pub const BUSY_WAIT: Duration = Duration::from_secs(5);

/// What opening needs from outside.
#[derive(Debug, Clone)]
pub struct OpenRequest {
    /// The folder of the ledger and all that stands beside it; made if it is not there.
    pub data_dir: PathBuf,
    /// For the names of backups and of what is set aside.
    pub now: DateTime<Utc>,
    /// Random bytes: the key of this ledger if it has none yet, else unused.
    pub fresh_key: [u8; 32],
    /// How long a write waits for another writer; [`BUSY_WAIT`] but in tests.
    pub busy_wait: Duration,
}

impl OpenRequest {
    /// A request with the usual wait.
    pub fn new(data_dir: impl Into<PathBuf>, now: DateTime<Utc>, fresh_key: [u8; 32]) -> Self {
        Self {
            data_dir: data_dir.into(),
            now,
            fresh_key,
            busy_wait: BUSY_WAIT,
        }
    }
}

/// An open ledger and everything that a person must be told about how it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The handle.
    pub ledger: Ledger,
    /// The file was damaged and has been set aside.
    pub recovered: Option<Recovery>,
    /// Nothing can be written, and why.
    pub read_only: Option<ReadOnlyReason>,
    /// The record of operations ends before the last row that was once written.
    pub chain_gap: Option<ChainGap>,
    /// Rows that were still in SQLite's log could not be read (read-only folder, no shared memory file).
    pub log_ignored: bool,
}

/// A damaged file was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// What was wrong.
    pub damage: Damage,
    /// The damaged file's new name; `None` if there was no file left.
    pub set_aside: Option<PathBuf>,
    /// The backup that took its place; `None`: there was no whole one, and the ledger begins anew.
    pub backup: Option<Backup>,
}

/// Operations or steps that were written once and are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainGap {
    /// The last link that the head file names.
    pub expected: Link,
    /// The last one that is there.
    pub found: Link,
}

/// Why nothing can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnlyReason {
    /// The folder refuses: rights, or a read-only disk.
    Folder,
    /// The disk is full.
    DiskFull,
}

impl fmt::Display for ReadOnlyReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Folder => "the folder cannot be written to",
            Self::DiskFull => "the disk is full",
        })
    }
}

impl Ledger {
    /// Opens the ledger of a data folder, as the head of this module tells.
    ///
    /// # Errors
    /// A newer schema, a failed migration, another process in the way, or a folder that cannot even be read.
    /// Damage, a read-only folder and a full disk are no errors: they are said in [`Opened`].
    pub fn open(request: &OpenRequest) -> Result<Opened> {
        open_with(request, schema::MIGRATIONS)
    }
}

/// [`Ledger::open`] with another list of migrations, for their tests.
pub(crate) fn open_with(request: &OpenRequest, migrations: &'static [&'static str]) -> Result<Opened> {
    let layout = Layout::new(&request.data_dir);
    let writable = make_folder(layout.folder())
        .map_err(|source| LedgerError::io(layout.folder(), "made", source))
        .and_then(|()| probe::write_file(layout.folder()));
    match writable {
        Ok(()) => open_writable(request, layout, migrations),
        Err(error) => match probe::read_only_reason(&error) {
            Some(reason) => open_read_only(request, layout, reason, migrations),
            None => Err(error),
        },
    }
}

/// Makes the folder for its owner only: ConfigMaps are in the ledger.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn open_writable(
    request: &OpenRequest,
    layout: Layout,
    migrations: &'static [&'static str],
) -> Result<Opened> {
    let mut presence = Presence::take(layout.lock(), request.busy_wait)?;
    let path = layout.ledger();
    if path.exists() {
        schema::refuse_newer(&path, request.busy_wait, migrations)?;
    }
    let recovered = if presence.is_alone() {
        let recovered = set_aside_if_damaged(request, &layout, migrations)?;
        migrate(request, &layout, migrations)?;
        recovered
    } else {
        expect_current_schema(request, &path, migrations)?;
        None
    };
    let conn = open_writer(&path, request.busy_wait)?;
    let writer = Writer::new(conn);
    let chain_gap = settle_head(&layout, &writer, request, presence.is_alone())?;
    let key = key::read_or_make(&layout.key(), request.fresh_key)?;
    presence.share()?;
    let busy = request.busy_wait;
    let readers = Readers::new(move || Ok(connection::open_reader(&path, busy)?));
    let ledger = Ledger::from_inner(Inner {
        mode: Mode::Writable(writer),
        readers,
        layout,
        busy,
        key: Some(key),
        presence: Some(presence),
    });
    Ok(Opened {
        ledger,
        recovered,
        read_only: None,
        chain_gap,
        log_ignored: false,
    })
}

fn open_writer(path: &Path, busy: Duration) -> Result<Connection> {
    connection::open_writer(path, busy)
        .map_err(|source| LedgerError::sqlite(path, busy, "was opened", source))
}

/// Another process has the ledger: its schema must be ours, since it cannot be changed now.
fn expect_current_schema(request: &OpenRequest, path: &Path, migrations: &[&str]) -> Result<()> {
    let version = connection::open_reader(path, request.busy_wait)
        .and_then(|conn| schema::version_of(&conn))
        .map_err(|source| LedgerError::sqlite(path, request.busy_wait, "read its schema version", source))?;
    if version == schema::newest(migrations) {
        return Ok(());
    }
    Err(LedgerError::InUse {
        path: path.to_owned(),
    })
}

fn set_aside_if_damaged(
    request: &OpenRequest,
    layout: &Layout,
    migrations: &[&str],
) -> Result<Option<Recovery>> {
    let Some(damage) = find_damage(request, layout)? else {
        return Ok(None);
    };
    tracing::error!(path = %layout.ledger().display(), %damage, "the ledger is damaged and is set aside");
    let set_aside = set_aside(layout, request.now)?;
    let backup = backup::restore(layout, schema::newest(migrations))?;
    Ok(Some(Recovery {
        damage,
        set_aside,
        backup,
    }))
}

fn find_damage(request: &OpenRequest, layout: &Layout) -> Result<Option<Damage>> {
    let path = layout.ledger();
    let length = fs::metadata(&path).map_or(0, |found| found.len());
    if length == 0 {
        let was_there = layout.head().exists() || layout.log().exists() || !backup::list(layout)?.is_empty();
        return Ok(was_there.then_some(Damage::Gone));
    }
    let head = head::read(&layout.head())?;
    let checked = connection::open_writer(&path, request.busy_wait)
        .map_err(Fault::from)
        .and_then(|conn| {
            // What is set aside must be as it was found: no checkpoint when this connection closes.
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            if schema::version_of(&conn)? == 0 {
                return never_finished(&conn);
            }
            damage::check(&conn, head)
        });
    match checked.map_err(|fault| fault.named(&path, request.busy_wait, "was checked")) {
        Ok(damage) => Ok(damage),
        Err(LedgerError::Damaged { damage, .. }) => Ok(Some(damage)),
        Err(error) => Err(error),
    }
}

/// Schema 0: made and never migrated, if it has no tables; with tables it is not our file any more.
fn never_finished(conn: &Connection) -> Result<Option<Damage>, Fault> {
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok((tables > 0).then(|| Damage::Unreadable("it has tables but no schema version".to_owned())))
}

/// Gives the ledger and its log another name; the shared memory file is worthless without them.
fn set_aside(layout: &Layout, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    let to = layout.set_aside(now);
    let mut moved = false;
    for (from, to) in [
        (layout.ledger(), to.clone()),
        (layout.log(), layout::side_file(&to, "-wal")),
    ] {
        match fs::rename(&from, &to) {
            Ok(()) => moved = true,
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(LedgerError::io(&from, "set aside", source)),
        }
    }
    match fs::remove_file(layout.shared_memory()) {
        Ok(()) => {}
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => {}
        Err(source) => return Err(LedgerError::io(&layout.shared_memory(), "removed", source)),
    }
    backup::sync_folder(&to)?;
    Ok(moved.then_some(to))
}

fn migrate(request: &OpenRequest, layout: &Layout, migrations: &[&str]) -> Result<()> {
    let path = layout.ledger();
    let mut conn = open_writer(&path, request.busy_wait)?;
    let version = schema::version_of(&conn)
        .map_err(|source| LedgerError::sqlite(&path, request.busy_wait, "read its schema version", source))?;
    if version == schema::newest(migrations) {
        return Ok(());
    }
    if version > 0 {
        backup::make_before_migration(layout, request.busy_wait, request.now)?;
    }
    schema::migrate(&mut conn, &path, migrations)
}

/// Holds the chain's end against the head file: a chain that ends earlier is noted, one that ends later (a crash
/// between the commit and the head) moves the head.
fn settle_head(
    layout: &Layout,
    writer: &Writer,
    request: &OpenRequest,
    alone: bool,
) -> Result<Option<ChainGap>> {
    let path = layout.ledger();
    let expected = head::read(&layout.head())?.unwrap_or(Link::NONE);
    let named = |fault: Fault| {
        fault.named(
            &path,
            request.busy_wait,
            "read the end of its record of operations",
        )
    };
    let found = writer.with(|conn| chain::last(conn)).map_err(named)?;
    if found.sequence >= expected.sequence {
        if alone && found.sequence > expected.sequence {
            head::write(&layout.head(), found)?;
        }
        return Ok(None);
    }
    let gap = ChainGap { expected, found };
    crate::operation::note_gap(writer, gap, request.now).map_err(named)?;
    head::reset(&layout.head(), found)?;
    Ok(Some(gap))
}

fn open_read_only(
    request: &OpenRequest,
    layout: Layout,
    reason: ReadOnlyReason,
    migrations: &'static [&'static str],
) -> Result<Opened> {
    let path = layout.ledger();
    let source = ReadOnlySource::find(&path, request.busy_wait, migrations)?;
    let log_ignored =
        source != ReadOnlySource::File && fs::metadata(layout.log()).is_ok_and(|log| log.len() > 0);
    let busy = request.busy_wait;
    let readers = Readers::new(move || source.open(&path, busy, migrations));
    // A key that cannot be made is none: hashes of Secrets are then unknown, which is what read-only means here.
    let key = key::read(&layout.key()).unwrap_or(None);
    let ledger = Ledger::from_inner(Inner {
        mode: Mode::ReadOnly(reason),
        readers,
        layout,
        busy,
        key,
        presence: None,
    });
    Ok(Opened {
        ledger,
        recovered: None,
        read_only: Some(reason),
        chain_gap: None,
        log_ignored,
    })
}

/// How a ledger is read where nothing can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReadOnlySource {
    /// There is no ledger: an empty one in memory stands in.
    Empty,
    /// The file and its log.
    File,
    /// The file alone: there is no shared memory file, and it cannot be made.
    Immutable,
}

impl ReadOnlySource {
    fn find(path: &Path, busy: Duration, migrations: &[&str]) -> Result<Self> {
        if !fs::metadata(path).is_ok_and(|found| found.len() > 0) {
            return Ok(Self::Empty);
        }
        for (source, conn) in [
            (Self::File, connection::open_reader(path, busy)),
            (Self::Immutable, connection::open_immutable(path)),
        ] {
            let Ok(version) = conn.and_then(|conn| schema::version_of(&conn)) else {
                continue;
            };
            let known = schema::newest(migrations);
            return match version {
                0 => Ok(Self::Empty),
                found if found == known => Ok(source),
                found if found > known => Err(LedgerError::NewerSchema {
                    path: path.to_owned(),
                    found,
                    known,
                }),
                from => Err(LedgerError::Migration {
                    path: path.to_owned(),
                    from,
                    to: known,
                    detail: "the folder cannot be written to".to_owned(),
                }),
            };
        }
        Err(LedgerError::Damaged {
            path: path.to_owned(),
            damage: Damage::Unreadable("it cannot be opened, and nothing can be set aside here".to_owned()),
        })
    }

    fn open(self, path: &Path, busy: Duration, migrations: &[&str]) -> Result<Connection, Fault> {
        match self {
            Self::File => Ok(connection::open_reader(path, busy)?),
            Self::Immutable => Ok(connection::open_immutable(path)?),
            Self::Empty => {
                let mut conn = Connection::open_in_memory()?;
                schema::migrate(&mut conn, path, migrations)?;
                Ok(conn)
            }
        }
    }
}

impl Ledger {
    pub(crate) fn from_inner(inner: Inner) -> Self {
        Self {
            inner: Arc::new(inner),
        }
    }
}
