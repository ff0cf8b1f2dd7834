//! Damaged, missing, foreign and busy files (faults 8 to 10, 12): set aside or refused, and always said.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::world::{intent, observed, open, open_quietly, request, step, time, workspace};
use domain::operation::StepKind;
use ledger::{Damage, Ledger, LedgerError, NoteKey, NoteState, OperationFilter, Recovery};
use rusqlite::Connection;

const NOTE: &str = "修复 a timeout of the bank gateway";

/// A ledger with history, a note and an operation, backed up, with one deployment more than the backup has.
fn filled(folder: &Path) -> PathBuf {
    let ledger = open_quietly(folder);
    let history: Vec<_> = (0..200)
        .map(|n| observed("checkout", "prod-eu", &format!("1.0.{n}"), n, n * 600))
        .collect();
    ledger.ingest(&workspace(), &history).unwrap();
    let key = NoteKey {
        workspace: workspace(),
        service: "checkout".into(),
        version: "1.0.7".to_owned(),
    };
    ledger
        .save_note(&key, NOTE, NoteState::Final, "mara", time(0))
        .unwrap();
    ledger.write_intent(&intent("first")).unwrap();
    ledger
        .append_step(&"first".into(), &step(StepKind::Cancelled))
        .unwrap();
    ledger.back_up_daily(time(10)).unwrap().unwrap();
    ledger
        .ingest(&workspace(), &[observed("payments", "prod-eu", "9.9.9", 1, 0)])
        .unwrap();
    ledger.path()
}

fn rows(ledger: &Ledger) -> usize {
    ledger.timeline(&workspace()).unwrap().len()
}

/// Opens a damaged ledger and checks that it was set aside as it was, and that the backup took its place.
fn expect_recovery(folder: &Path, damaged: &[u8]) -> Recovery {
    let opened = open(folder);
    let recovery = opened.recovered.expect("because the damage is found");
    let set_aside = recovery.set_aside.clone().unwrap();
    assert!(
        fs::read(&set_aside).unwrap() == damaged,
        "set aside as it was found"
    );
    assert!(recovery.backup.is_some());
    assert_eq!(rows(&opened.ledger), 200, "what the backup has");
    assert_eq!(opened.ledger.health().unwrap().damage, None);
    opened
        .ledger
        .ingest(&workspace(), &[observed("payments", "prod-eu", "9.9.9", 1, 0)])
        .unwrap();
    drop(opened.ledger);
    assert_eq!(
        rows(&open_quietly(folder)),
        201,
        "and the next start has nothing to say"
    );
    recovery
}

/// Positions of a text in a file.
fn positions(bytes: &[u8], text: &str) -> Vec<usize> {
    let found = bytes.windows(text.len()).enumerate();
    found
        .filter(|(_, window)| *window == text.as_bytes())
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn a_zeroed_header_a_cut_file_and_an_empty_one_are_set_aside() {
    type Harm = fn(&mut Vec<u8>);
    let harms: [(&str, Harm); 5] = [
        ("zeroed header", |bytes| bytes[..100].fill(0)),
        ("zeroed first page", |bytes| bytes[..4096].fill(0)),
        ("cut in the middle of a page", |bytes| {
            bytes.truncate(bytes.len() / 2 + 77)
        }),
        ("cut to its header", |bytes| bytes.truncate(100)),
        ("random bytes", |bytes| {
            bytes
                .iter_mut()
                .enumerate()
                .for_each(|(at, byte)| *byte = (at * 31 % 251) as u8);
        }),
    ];
    for (name, harm) in harms {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path());
        let mut bytes = fs::read(&path).unwrap();
        harm(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        println!("{name}");
        expect_recovery(folder.path(), &bytes);
    }
}

#[test]
fn an_empty_or_missing_file_is_told_from_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    fs::write(&path, b"").unwrap();
    assert_eq!(expect_recovery(folder.path(), b"").damage, Damage::Gone);
    fs::remove_file(&path).unwrap();
    let opened = open(folder.path());
    let recovery = opened.recovered.unwrap();
    assert_eq!((recovery.damage, recovery.set_aside), (Damage::Gone, None));
    assert_eq!(rows(&opened.ledger), 200);
}

#[test]
fn flipped_bytes_of_operations_and_notes_are_found() {
    for text in ["errors rose", "a timeout of the bank", "cancelled"] {
        let folder = tempfile::tempdir().unwrap();
        let path = filled(folder.path());
        let whole = fs::read(&path).unwrap();
        let found = positions(&whole, text);
        assert!(!found.is_empty(), "{text} stands in the file");
        let mut bytes = whole.clone();
        bytes[found[0] + 3] ^= 0x04;
        fs::write(&path, &bytes).unwrap();
        let quiet = {
            let conn = Connection::open(&path).unwrap();
            let check: String = conn
                .query_row("PRAGMA integrity_check", [], |row| row.get(0))
                .unwrap();
            check == "ok"
        };
        let recovery = expect_recovery(folder.path(), &bytes);
        println!(
            "{text}: integrity_check silent: {quiet}, found as {}",
            recovery.damage
        );
        assert!(matches!(recovery.damage, Damage::Chain(_) | Damage::Search(_)) || !quiet);
    }
}

#[test]
fn a_flipped_bit_anywhere_never_stops_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let whole = fs::read(&path).unwrap();
    let head = fs::read(folder.path().join("ledger.head")).unwrap();
    let mut found = 0;
    for at in (0..40).map(|n| n * whole.len() / 40 + n * 13 % 97) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&path, &bytes).unwrap();
        fs::write(folder.path().join("ledger.head"), &head).unwrap();
        match Ledger::open(&request(folder.path())) {
            Ok(opened) => {
                found += usize::from(opened.recovered.is_some());
                opened.ledger.timeline(&workspace()).unwrap();
            }
            // A flip in the version of the schema can only be taken at its word.
            Err(LedgerError::NewerSchema { .. }) => assert!((60..64).contains(&at)),
            Err(error) => panic!("byte {at}: {error}"),
        }
    }
    println!("{found} of 40 flips found");
}

#[test]
fn without_a_backup_the_ledger_begins_anew_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    fs::remove_dir_all(folder.path().join("backups")).unwrap();
    fs::write(&path, b"not a ledger at all, not even long").unwrap();
    let opened = open(folder.path());
    let recovery = opened.recovered.unwrap();
    assert!(recovery.set_aside.is_some() && recovery.backup.is_none());
    assert_eq!(rows(&opened.ledger), 0);
    let gap = opened.chain_gap.unwrap();
    assert_eq!(
        (gap.expected.sequence, gap.found.sequence),
        (3, 0),
        "operations that are gone are said"
    );
}

#[test]
fn a_damaged_backup_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    {
        let ledger = open_quietly(folder.path());
        let newer = ledger.back_up_daily(time(2 * 86_400)).unwrap().unwrap();
        let mut bytes = fs::read(&newer.path).unwrap();
        let end = bytes.len();
        bytes[end / 2..].fill(0xff);
        fs::write(&newer.path, bytes).unwrap();
    }
    let mut bytes = fs::read(&path).unwrap();
    bytes[..100].fill(0);
    fs::write(&path, &bytes).unwrap();
    let recovery = expect_recovery(folder.path(), &bytes);
    assert_eq!(recovery.backup.unwrap().made_at, time(10));
}

#[test]
fn a_damaged_ledger_never_becomes_a_backup() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let ledger = open_quietly(folder.path());
    let conn = Connection::open(ledger.path()).unwrap();
    conn.execute("UPDATE note SET body = 'something else'", [])
        .unwrap();
    let refused = ledger.back_up_daily(time(2 * 86_400));
    assert!(matches!(refused, Err(LedgerError::Damaged { .. })));
    assert_eq!(ledger.health().unwrap().backups.len(), 1, "the good one stays");
    assert!(matches!(ledger.health().unwrap().damage, Some(Damage::Search(_))));
}

#[test]
fn seven_daily_backups_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    for day in 0..10 {
        assert!(ledger.back_up_daily(time(day * 86_400)).unwrap().is_some());
        assert_eq!(
            ledger.back_up_daily(time(day * 86_400 + 60)).unwrap(),
            None,
            "once a day"
        );
    }
    let days: Vec<_> = ledger
        .health()
        .unwrap()
        .backups
        .iter()
        .map(|backup| backup.made_at)
        .collect();
    let expected: Vec<_> = (3..10).rev().map(|day| time(day * 86_400)).collect();
    assert_eq!(days, expected);
}

/// The ledger's files as a killed process leaves them: the file and a log that is not in it yet.
fn copy_of_a_killed_ledger(to: &Path) {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let ledger = open_quietly(folder.path());
    ledger.write_intent(&intent("second")).unwrap();
    for name in ["ledger.db", "ledger.db-wal", "ledger.head", "ledger.key"] {
        fs::copy(folder.path().join(name), to.join(name)).unwrap();
    }
    assert!(fs::metadata(to.join("ledger.db-wal")).unwrap().len() > 0);
}

#[test]
fn a_log_that_was_left_behind_is_read() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_a_killed_ledger(folder.path());
    let ledger = open_quietly(folder.path());
    assert_eq!(ledger.unfinished_operations().unwrap().len(), 1);
}

#[test]
fn a_missing_log_leaves_a_consistent_ledger_and_the_gap_is_said() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_a_killed_ledger(folder.path());
    fs::remove_file(folder.path().join("ledger.db-wal")).unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.recovered, None);
    let gap = opened.chain_gap.unwrap();
    assert_eq!(
        (gap.expected.sequence, gap.found.sequence),
        (5, 3),
        "intent and step of the second are gone"
    );
    assert_eq!(rows(&opened.ledger), 201);
    assert_eq!(opened.ledger.health().unwrap().damage, None);
}

#[test]
fn a_log_without_its_file_is_set_aside_and_not_deleted() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_a_killed_ledger(folder.path());
    let log = fs::read(folder.path().join("ledger.db-wal")).unwrap();
    fs::remove_file(folder.path().join("ledger.db")).unwrap();
    let opened = open(folder.path());
    let recovery = opened.recovered.unwrap();
    assert_eq!(recovery.damage, Damage::Gone);
    let mut kept = recovery.set_aside.unwrap().into_os_string();
    kept.push("-wal");
    assert!(
        fs::read(kept).unwrap() == log,
        "SQLite alone would have removed it"
    );
}

#[test]
fn a_newer_schema_is_refused_and_nothing_is_touched() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    {
        let conn = Connection::open(&path).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
    }
    let content = |folder: &Path| {
        let mut files: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .filter(|(_, content)| !content.is_empty())
            .collect();
        files.sort();
        files
    };
    let before = content(folder.path());
    let refused = Ledger::open(&request(folder.path()));
    assert!(matches!(
        refused,
        Err(LedgerError::NewerSchema {
            found: 99,
            known: 2,
            ..
        })
    ));
    let after = content(folder.path());
    let names = |files: &[(PathBuf, Vec<u8>)]| files.iter().map(|file| file.0.clone()).collect::<Vec<_>>();
    let extra: Vec<_> = names(&after)
        .into_iter()
        .filter(|path| !names(&before).contains(path))
        .collect();
    assert!(
        extra.iter().all(|path| path.to_string_lossy().ends_with("-shm")),
        "nothing new but shared memory: {extra:?}"
    );
    assert!(
        before.iter().all(|file| after.contains(file)),
        "what was there is as it was"
    );
}

#[test]
fn a_writer_elsewhere_is_waited_for_and_then_named() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    ledger.write_intent(&intent("first")).unwrap();
    let other = Connection::open(ledger.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let since = Instant::now();
    let refused = ledger.append_step(&"first".into(), &step(StepKind::Sent));
    let waited = since.elapsed();
    assert!(matches!(refused, Err(LedgerError::Busy { .. })), "{refused:?}");
    assert!(
        waited >= Duration::from_millis(250),
        "the wait of the request is 300 ms"
    );
    assert!(waited < Duration::from_secs(5), "and bounded: {waited:?}");
    assert_eq!(
        ledger
            .operations(&workspace(), &OperationFilter::default())
            .unwrap()
            .len(),
        1,
        "readers go on meanwhile"
    );
    other.execute_batch("ROLLBACK").unwrap();
    ledger
        .append_step(&"first".into(), &step(StepKind::Sent))
        .unwrap();
}

#[test]
fn two_handles_on_one_folder_keep_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let first = open_quietly(folder.path());
    let second = open_quietly(folder.path());
    first.write_intent(&intent("first")).unwrap();
    second.write_intent(&intent("second")).unwrap();
    first
        .append_step(&"second".into(), &step(StepKind::Cancelled))
        .unwrap();
    assert_eq!(first.verify_chain().unwrap(), second.verify_chain().unwrap());
    assert_eq!(second.unfinished_operations().unwrap().len(), 1);
    drop((first, second));
    open_quietly(folder.path());
}
