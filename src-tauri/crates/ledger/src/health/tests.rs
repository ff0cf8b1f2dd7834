//! The size of the ledger, and a disk that is full at a commit (fault 6), as SQLite reports it when the file may not grow.

use chrono::DateTime;

use domain::operation::{OperationStep, StepKind};

use crate::{Intent, Ledger, LedgerError, OpenRequest};

fn intent(id: &str) -> Intent {
    Intent {
        id: id.into(),
        workspace: "harbor".into(),
        service: "checkout".into(),
        environment: "prod-eu".into(),
        workload: "uid".into(),
        content: serde_json::json!({"diff": "x".repeat(3000)}),
        at: DateTime::UNIX_EPOCH,
    }
}

/// Lets the file grow by so many pages and no more; SQLite then says what it says of a full disk.
fn limit_growth(ledger: &Ledger, pages: i64) {
    ledger.writer().unwrap().with(|conn| {
        let used: i64 = conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        let limit: i64 = conn
            .query_row(&format!("PRAGMA max_page_count = {}", used + pages), [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(limit, used + pages);
    });
}

#[test]
fn the_size_counts_the_rows_that_are_in_the_log_alone() {
    let folder = tempfile::tempdir().unwrap();
    let request = OpenRequest::new(folder.path(), DateTime::UNIX_EPOCH, [7; 32]);
    let ledger = Ledger::open(&request).unwrap().ledger;
    let (before, file) = (ledger.bytes(), ledger.path().metadata().unwrap().len());
    for n in 0..10 {
        ledger.write_intent(&intent(&n.to_string())).unwrap();
    }
    assert_eq!(
        ledger.path().metadata().unwrap().len(),
        file,
        "the rows are in the log"
    );
    assert!(
        ledger.bytes() >= before + 30_000,
        "{} after {before}",
        ledger.bytes()
    );
}

#[test]
fn a_full_disk_is_named_and_found_before_an_operation_begins() {
    let folder = tempfile::tempdir().unwrap();
    let request = OpenRequest::new(folder.path(), DateTime::UNIX_EPOCH, [7; 32]);
    let ledger = Ledger::open(&request).unwrap().ledger;
    ledger.write_intent(&intent("first")).unwrap();

    limit_growth(&ledger, 10);
    let full = ledger.probe_write();
    assert!(matches!(full, Err(LedgerError::DiskFull { .. })), "{full:?}");
    let refused = (0..100).find_map(|n| ledger.write_intent(&intent(&n.to_string())).err());
    assert!(
        matches!(refused, Some(LedgerError::DiskFull { .. })),
        "{refused:?}"
    );

    limit_growth(&ledger, 10_000);
    ledger.probe_write().unwrap();
    let step = OperationStep {
        kind: StepKind::Cancelled,
        at: DateTime::UNIX_EPOCH,
        facts: serde_json::Map::new(),
    };
    ledger.append_step(&"first".into(), &step).unwrap();
    let health = ledger.health().unwrap();
    assert_eq!(health.damage, None, "the file is intact");
    assert!(
        matches!(health.chain, crate::ChainState::Whole { .. }),
        "and so is the chain"
    );
}
