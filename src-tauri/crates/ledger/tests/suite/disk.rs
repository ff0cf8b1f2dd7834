//! Full disks and read-only folders, met by real file systems (faults 6 and 7).
//!
//! Each test starts this binary again in a mount namespace of its own, where a small tmpfs is the data folder. That
//! needs `unshare` and the right to make a user namespace (or to be root); where the system grants neither, the test
//! fails and says so: it proved nothing. The full disk at a commit is also proved without them, in `src/health/tests.rs`.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::world::{intent, observed, open, open_quietly, request, step, time, workspace};
use domain::operation::StepKind;
use ledger::{Ledger, LedgerError, ReadOnlyReason};

const FOLDER: &str = "LEDGER_DISK_FOLDER";

/// Runs an ignored test of this binary in a namespace that the shell lines prepare; `$D` is its data folder.
fn in_namespace(prepare: &str, child: &str) {
    let outer = tempfile::tempdir().unwrap();
    let flags = ["--user", "--map-root-user", "--mount"];
    let granted = Command::new("unshare").args(flags).arg("true").status();
    assert!(
        granted.is_ok_and(|status| status.success()),
        "this system grants no mount namespace: run the tests as root, or set kernel.unprivileged_userns_clone=1"
    );
    let script = format!("set -e; D='{}'; {prepare}; exec \"$@\"", outer.path().display());
    let output = Command::new("unshare")
        .args(flags)
        .args(["sh", "-c", &script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", child])
        .env(FOLDER, outer.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("1 passed"), "the child ran: {said}");
}

fn folder() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

fn rows(ledger: &Ledger) -> usize {
    ledger.timeline(&workspace()).unwrap().len()
}

/// Takes all room that is left, but for some bytes.
fn fill_disk(folder: &Path, but: u64) -> PathBuf {
    let ballast = folder.join("ballast");
    let mut file = File::create(&ballast).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(but)).unwrap();
    ballast
}

const SMALL_DISK: &str = "mount -t tmpfs -o size=6m tmpfs \"$D\"";

#[test]
#[ignore = "is started by the test below"]
fn child_fills_the_disk() {
    let Some(folder) = folder() else { return };
    let ledger = open_quietly(&folder);
    ledger.write_intent(&intent("first")).unwrap();
    let ballast = fill_disk(&folder, 512 << 10);
    let mut stored = 0;
    let error = loop {
        let batch: Vec<_> = (0..50)
            .map(|n| {
                observed(
                    "checkout",
                    "prod-eu",
                    &format!("1.{stored}.{n}"),
                    stored * 50 + n,
                    n * 600,
                )
            })
            .collect();
        match ledger.ingest(&workspace(), &batch) {
            Ok(_) => stored += 1,
            Err(error) => break error,
        }
        assert!(stored < 10_000, "the disk gets full");
    };
    assert!(matches!(error, LedgerError::DiskFull { .. }), "{error:?}");
    assert!(stored > 0);
    assert_eq!(
        rows(&ledger),
        usize::try_from(stored).unwrap() * 50,
        "all that was acknowledged, and no more"
    );

    // What a rollback asks before its patch.
    let probe = ledger.probe_write();
    assert!(matches!(probe, Err(LedgerError::DiskFull { .. })), "{probe:?}");
    assert!(ledger.health().unwrap().free_bytes.unwrap() < 1 << 20);
    fs::remove_file(ballast).unwrap();
    ledger.probe_write().unwrap();
    ledger
        .append_step(&"first".into(), &step(StepKind::Cancelled))
        .unwrap();
    let health = ledger.health().unwrap();
    assert_eq!(health.damage, None, "the file is intact");
    drop(ledger);
    assert_eq!(
        rows(&open_quietly(&folder)),
        usize::try_from(stored).unwrap() * 50
    );
}

#[test]
fn a_disk_that_gets_full_is_named_and_the_ledger_stays_intact() {
    in_namespace(SMALL_DISK, "disk::child_fills_the_disk");
}

#[test]
#[ignore = "is started by the test below"]
fn child_starts_on_a_full_disk() {
    let Some(folder) = folder() else { return };
    {
        let ledger = open_quietly(&folder);
        ledger
            .ingest(&workspace(), &[observed("checkout", "prod-eu", "1.0.0", 1, 0)])
            .unwrap();
    }
    let ballast = fill_disk(&folder, 0);
    let opened = open(&folder);
    assert_eq!(opened.read_only, Some(ReadOnlyReason::DiskFull));
    assert_eq!(rows(&opened.ledger), 1, "what is there can be read");
    expect_refusal(&opened.ledger, ReadOnlyReason::DiskFull);
    drop(opened);
    fs::remove_file(ballast).unwrap();
    open_quietly(&folder).write_intent(&intent("first")).unwrap();
}

#[test]
fn a_full_disk_at_the_start_is_read_only_and_said() {
    in_namespace(SMALL_DISK, "disk::child_starts_on_a_full_disk");
}

fn expect_refusal(ledger: &Ledger, expected: ReadOnlyReason) {
    assert_eq!(ledger.read_only(), Some(expected));
    for refused in [
        ledger.write_intent(&intent("first")).map(|_| ()),
        ledger.ingest(&workspace(), &[]).map(|_| ()),
        ledger.probe_write(),
        ledger.back_up_daily(time(0)).map(|_| ()),
    ] {
        assert!(
            matches!(&refused, Err(LedgerError::ReadOnly { reason, .. }) if *reason == expected),
            "{refused:?}"
        );
    }
    let health = ledger.health().unwrap();
    assert_eq!((health.read_only, health.damage), (Some(expected), None));
}

#[test]
#[ignore = "is started by the tests below"]
fn child_reads_only() {
    let Some(folder) = folder() else { return };
    let opened = open(&folder);
    assert_eq!(opened.read_only, Some(ReadOnlyReason::Folder));
    assert_eq!(rows(&opened.ledger), 1);
    assert!(!opened.log_ignored);
    expect_refusal(&opened.ledger, ReadOnlyReason::Folder);
}

#[test]
#[ignore = "is started by the tests below"]
fn child_reads_only_without_the_log() {
    let Some(folder) = folder() else { return };
    let opened = open(&folder);
    assert_eq!(opened.read_only, Some(ReadOnlyReason::Folder));
    assert!(
        opened.log_ignored,
        "rows of the log could not be read, and that is said"
    );
    assert_eq!(rows(&opened.ledger), 1);
}

#[test]
#[ignore = "is started by the tests below"]
fn child_reads_nothing() {
    let Some(folder) = folder() else { return };
    let opened = open(&folder);
    assert_eq!(opened.read_only, Some(ReadOnlyReason::Folder));
    assert_eq!(rows(&opened.ledger), 0);
    expect_refusal(&opened.ledger, ReadOnlyReason::Folder);
}

/// A folder with a ledger of one deployment; with `log`, a second one is only in the log.
fn read_only_folder(log: Option<&str>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    ledger
        .ingest(&workspace(), &[observed("checkout", "prod-eu", "1.0.0", 1, 0)])
        .unwrap();
    drop(ledger);
    let Some(suffix) = log else { return folder };
    let other = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, other.path().join(path.file_name().unwrap())).unwrap();
    }
    let ledger = Ledger::open(&request(folder.path())).unwrap().ledger;
    ledger
        .ingest(&workspace(), &[observed("checkout", "prod-eu", "1.1.0", 2, 900)])
        .unwrap();
    fs::copy(folder.path().join(suffix), other.path().join(suffix)).unwrap();
    other
}

/// Mounts a folder's copy read-only over the data folder.
fn read_only(folder: &Path) -> String {
    format!(
        "mount --bind '{}' \"$D\"; mount -o remount,bind,ro \"$D\"",
        folder.display()
    )
}

#[test]
fn a_read_only_folder_at_the_start_is_said_and_read() {
    let folder = read_only_folder(None);
    in_namespace(&read_only(folder.path()), "disk::child_reads_only");
}

#[test]
fn a_log_that_cannot_be_read_in_a_read_only_folder_is_said() {
    let folder = read_only_folder(Some("ledger.db-wal"));
    in_namespace(
        &read_only(folder.path()),
        "disk::child_reads_only_without_the_log",
    );
}

#[test]
fn a_read_only_folder_without_a_ledger_opens_empty() {
    let folder = tempfile::tempdir().unwrap();
    in_namespace(&read_only(folder.path()), "disk::child_reads_nothing");
}
