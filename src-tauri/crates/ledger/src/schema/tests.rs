//! Migrations: from every shipped schema, refused, failed, and killed in the midst (fault 4).

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::*;
use crate::backup::BackupKind;
use crate::open::{OpenRequest, open_with};

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000, 0).unwrap()
}

fn request(folder: &Path) -> OpenRequest {
    OpenRequest {
        busy_wait: Duration::from_millis(300),
        ..OpenRequest::new(folder, now(), [7; 32])
    }
}

/// The file of each shipped schema, by version, as its own program wrote it.
const FIXTURES: &[(i64, &str)] = &[
    (1, include_str!("../../tests/fixtures/schema-0001.sql")),
    (2, include_str!("../../tests/fixtures/schema-0002.sql")),
];

fn write_fixture(folder: &Path, version: i64, sql: &str) {
    let conn = Connection::open(folder.join("ledger.db")).unwrap();
    conn.execute_batch(sql).unwrap();
    assert_eq!(version_of(&conn).unwrap(), version);
}

/// The columns of every table and the text of every index and trigger.
fn form(conn: &Connection) -> Vec<String> {
    let mut statement = conn
        .prepare(
            "SELECT schema.type || ' ' || schema.name || ' ' || coalesce(
               (SELECT group_concat(name || ' ' || type || ' ' || \"notnull\" || ' ' || pk, ', ')
                FROM pragma_table_info(schema.name)), schema.sql, '')
             FROM sqlite_schema AS schema ORDER BY 1",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<rusqlite::Result<_>>().unwrap()
}

#[test]
fn the_list_names_every_file_of_the_folder_in_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let texts: Vec<String> = files
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    assert_eq!(texts, MIGRATIONS, "a file outside the list would never run");
}

#[test]
fn every_shipped_schema_has_a_fixture_and_opens_with_its_rows() {
    let fresh = tempfile::tempdir().unwrap();
    drop(open_with(&request(fresh.path()), MIGRATIONS).unwrap());
    let newest_form = form(&Connection::open(fresh.path().join("ledger.db")).unwrap());
    let versions: Vec<i64> = FIXTURES.iter().map(|(version, _)| *version).collect();
    assert_eq!(versions, (1..=newest(MIGRATIONS)).collect::<Vec<_>>());
    for (version, sql) in FIXTURES {
        let folder = tempfile::tempdir().unwrap();
        write_fixture(folder.path(), *version, sql);
        let opened = open_with(&request(folder.path()), MIGRATIONS).unwrap();
        assert_eq!(opened.recovered, None, "schema {version} is whole");
        let workspace = "harbor".into();
        let columns = opened.ledger.timeline(&workspace).unwrap();
        assert_eq!(columns.versions, ["2.3.7", "2.4.1"]);
        let hits = opened.ledger.search_notes(&workspace, "支付", 5).unwrap();
        assert_eq!(hits.len(), 1);
        let operations = opened.ledger.unfinished_operations().unwrap();
        assert_eq!(operations[0].operation.number, 1);
        drop(opened);
        assert_eq!(
            form(&Connection::open(folder.path().join("ledger.db")).unwrap()),
            newest_form
        );
    }
}

const NEXT: &str =
    "ALTER TABLE deployment ADD COLUMN note TEXT; CREATE TABLE later (id INTEGER PRIMARY KEY);";
const FAILING: &str = "CREATE TABLE later (id INTEGER PRIMARY KEY); INSERT INTO nowhere VALUES (1);";
/// Writes for many seconds, far beyond SQLite's cache, so that half of it reaches the log.
const SLOW: &str = "CREATE TABLE later (id INTEGER PRIMARY KEY, filler BLOB);
  INSERT INTO later (filler) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
  SELECT randomblob(2000) FROM n;";

const WITH_NEXT: &[&str] = &[MIGRATIONS[0], MIGRATIONS[1], NEXT];
const WITH_FAILING: &[&str] = &[MIGRATIONS[0], MIGRATIONS[1], FAILING];
const WITH_SLOW: &[&str] = &[MIGRATIONS[0], MIGRATIONS[1], SLOW];

#[test]
fn a_migration_is_backed_up_before_and_then_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(open_with(&request(folder.path()), MIGRATIONS).unwrap());
    let opened = open_with(&request(folder.path()), WITH_NEXT).unwrap();
    let backups = opened.ledger.health().unwrap().backups;
    assert_eq!(backups.len(), 1);
    assert_eq!(backups[0].kind, BackupKind::Migration);
    let backup = Connection::open(&backups[0].path).unwrap();
    assert_eq!(version_of(&backup).unwrap(), 2, "the old schema");
    drop(opened);
    assert!(matches!(
        open_with(&request(folder.path()), MIGRATIONS),
        Err(LedgerError::NewerSchema {
            found: 3,
            known: 2,
            ..
        })
    ));
}

#[test]
fn a_migration_that_fails_leaves_the_old_schema_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    drop(open_with(&request(folder.path()), MIGRATIONS).unwrap());
    let refused = open_with(&request(folder.path()), WITH_FAILING);
    assert!(
        matches!(&refused, Err(LedgerError::Migration { from: 2, to: 3, .. })),
        "{refused:?}"
    );
    let opened = open_with(&request(folder.path()), MIGRATIONS).unwrap();
    assert_eq!(opened.recovered, None);
}

#[test]
fn a_schema_is_not_changed_under_another_process() {
    let folder = tempfile::tempdir().unwrap();
    let opened = open_with(&request(folder.path()), MIGRATIONS).unwrap();
    assert!(matches!(
        open_with(&request(folder.path()), WITH_NEXT),
        Err(LedgerError::InUse { .. })
    ));
    drop(opened);
    open_with(&request(folder.path()), WITH_NEXT).unwrap();
}

const FOLDER: &str = "LEDGER_MIGRATION_FOLDER";

#[test]
#[ignore = "is started by the test below, to be killed"]
fn child_migrates() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        open_with(&request(Path::new(&folder)), WITH_SLOW).unwrap();
    }
}

#[test]
fn a_crash_in_a_migration_leaves_the_old_schema() {
    let folder = tempfile::tempdir().unwrap();
    write_fixture(folder.path(), 1, FIXTURES[0].1);
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "schema::tests::child_migrates"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let log = folder.path().join("ledger.db-wal");
    let since = Instant::now();
    while std::fs::metadata(&log).map_or(0, |found| found.len()) < 16 << 20 {
        assert!(
            since.elapsed() < Duration::from_secs(60),
            "the migration reaches the log"
        );
        assert_eq!(process.try_wait().unwrap(), None, "and is in its midst");
        sleep(Duration::from_millis(2));
    }
    process.kill().unwrap();
    process.wait().unwrap();
    let opened = open_with(&request(folder.path()), MIGRATIONS).unwrap();
    assert_eq!(opened.recovered, None);
    assert_eq!(opened.ledger.timeline(&"harbor".into()).unwrap().len(), 2);
    let health = opened.ledger.health().unwrap();
    assert_eq!(health.damage, None);
    assert_eq!(health.backups[0].kind, BackupKind::Migration);
}
