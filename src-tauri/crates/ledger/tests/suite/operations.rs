//! Operations: written down before anything is sent, never changed, and every change from outside shows.

use crate::world::{intent, open, open_quietly, step, time, workspace};
use domain::ids::OperationId;
use domain::operation::{OperationState, StepKind};
use ledger::{ChainState, Ledger, LedgerError, OperationFilter};
use rusqlite::Connection;

fn two_operations(ledger: &Ledger) {
    assert_eq!(ledger.write_intent(&intent("first")).unwrap(), 1);
    for kind in [StepKind::DryRun, StepKind::Sent, StepKind::Accepted] {
        ledger.append_step(&"first".into(), &step(kind)).unwrap();
    }
    assert_eq!(ledger.write_intent(&intent("second")).unwrap(), 2);
    ledger
        .append_step(&"second".into(), &step(StepKind::Cancelled))
        .unwrap();
}

/// Opens the file as anybody could, without the ledger.
fn tamper(ledger: &Ledger, sql: &str) {
    let conn = Connection::open(ledger.path()).unwrap();
    conn.execute_batch(
        "DROP TRIGGER operation_no_update; DROP TRIGGER operation_no_delete;
         DROP TRIGGER operation_step_no_update; DROP TRIGGER operation_step_no_delete;
         PRAGMA foreign_keys = OFF;",
    )
    .unwrap();
    assert!(conn.execute(sql, []).unwrap() > 0, "{sql} changes something");
}

#[test]
fn an_operation_reads_back_with_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    two_operations(&ledger);
    let mut failed = step(StepKind::Failed);
    failed.facts.insert("code".to_owned(), "image-pull".into());
    failed.at = time(77);
    ledger.append_step(&"first".into(), &failed).unwrap();
    let record = ledger.operation(&"first".into()).unwrap().unwrap();
    assert_eq!(record.operation.number, 1);
    assert_eq!(record.operation.intent, intent("first").content);
    assert_eq!(record.service.as_str(), "checkout");
    let kinds: Vec<StepKind> = record.operation.steps.iter().map(|step| step.kind).collect();
    assert_eq!(
        kinds,
        [
            StepKind::Intent,
            StepKind::DryRun,
            StepKind::Sent,
            StepKind::Accepted,
            StepKind::Failed
        ]
    );
    assert_eq!(record.operation.steps.last(), Some(&failed));
    assert_eq!(ledger.operation(&"third".into()).unwrap(), None);
}

#[test]
fn what_another_process_may_still_be_at_is_not_abandoned() {
    let folder = tempfile::tempdir().unwrap();
    let abandoned = |ledger: &Ledger| {
        let found = ledger.abandoned_operations().unwrap()?;
        Some(
            found
                .into_iter()
                .map(|record| record.operation.number)
                .collect::<Vec<_>>(),
        )
    };
    let (first, second) = (open_quietly(folder.path()), open_quietly(folder.path()));
    two_operations(&first);
    for _ in 0..2 {
        assert_eq!(abandoned(&second), None, "the first may be at it");
        assert_eq!(abandoned(&first), None, "nor does the first know");
    }
    drop(first);
    assert_eq!(abandoned(&second), Some(vec![1]), "the one that has not ended");
    let third = open_quietly(folder.path());
    assert_eq!(abandoned(&third), None, "who asked is still there");
    assert_eq!(abandoned(&second), None);
}

#[test]
fn unfinished_operations_are_found_of_any_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    two_operations(&ledger);
    let mut other = intent("third");
    other.workspace = "other".into();
    ledger.write_intent(&other).unwrap();
    let found = ledger.unfinished_operations().unwrap();
    let states: Vec<(OperationId, OperationState)> = found
        .iter()
        .map(|record| (record.operation.id.clone(), record.operation.state()))
        .collect();
    assert_eq!(
        states,
        [
            ("first".into(), OperationState::RollingOut),
            ("third".into(), OperationState::Intended)
        ]
    );
}

#[test]
fn every_kind_of_step_that_ends_an_operation_takes_it_off_the_unfinished() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    for kind in StepKind::ALL {
        ledger.write_intent(&intent(kind.as_str())).unwrap();
        ledger.append_step(&kind.as_str().into(), &step(*kind)).unwrap();
    }
    let all = ledger
        .operations(&workspace(), &OperationFilter::default())
        .unwrap();
    let mut expected: Vec<i64> = all
        .iter()
        .filter(|record| !record.operation.state().is_terminal())
        .map(|record| record.operation.number)
        .collect();
    expected.sort_unstable();
    let found = ledger.unfinished_operations().unwrap();
    let found: Vec<i64> = found.iter().map(|record| record.operation.number).collect();
    assert_eq!(found, expected, "SQL and the domain's rule agree");
}

#[test]
fn operations_are_listed_newest_first_and_by_pages() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    two_operations(&ledger);
    let numbers = |filter: OperationFilter| -> Vec<i64> {
        let found = ledger.operations(&workspace(), &filter).unwrap();
        found.iter().map(|record| record.operation.number).collect()
    };
    assert_eq!(numbers(OperationFilter::default()), [2, 1]);
    let page = OperationFilter {
        before: Some(2),
        limit: Some(5),
        ..OperationFilter::default()
    };
    assert_eq!(numbers(page), [1]);
    let elsewhere = OperationFilter {
        environment: Some("staging".into()),
        ..OperationFilter::default()
    };
    assert_eq!(numbers(elsewhere), [] as [i64; 0]);
}

#[test]
fn an_identity_is_taken_once_and_steps_need_their_operation() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    ledger.write_intent(&intent("first")).unwrap();
    assert!(matches!(
        ledger.write_intent(&intent("first")),
        Err(LedgerError::OperationExists { .. })
    ));
    assert!(matches!(
        ledger.append_step(&"second".into(), &step(StepKind::Sent)),
        Err(LedgerError::NotFound {
            what: "operation",
            ..
        })
    ));
    assert!(matches!(ledger.verify_chain().unwrap(), ChainState::Whole { .. }));
}

#[test]
fn the_tables_refuse_changes() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    two_operations(&ledger);
    let conn = Connection::open(ledger.path()).unwrap();
    for sql in [
        "UPDATE operation SET intent = '{}'",
        "DELETE FROM operation",
        "UPDATE operation_step SET kind = 'cancelled'",
        "DELETE FROM operation_step",
    ] {
        let error = conn.execute(sql, []).unwrap_err();
        assert!(error.to_string().contains("append-only"), "{sql}: {error}");
    }
}

#[test]
fn every_change_from_outside_shows() {
    // Rows of the chain: 1 operation, 2 to 5 its steps, 6 operation, 7 and 8 its steps.
    let edited = |sequence| ChainState::Edited { sequence };
    let cases = [
        ("UPDATE operation SET intent = '{}' WHERE number = 1", edited(1)),
        (
            "UPDATE operation_step SET kind = 'progress' WHERE sequence = 4",
            edited(4),
        ),
        (
            "UPDATE operation_step SET at = at + 1 WHERE sequence = 3",
            edited(3),
        ),
        (
            "UPDATE operation_step SET hash = zeroblob(32) WHERE sequence = 3",
            edited(3),
        ),
        (
            "UPDATE operation_step SET operation = 1 WHERE sequence = 8",
            edited(8),
        ),
        (
            "DELETE FROM operation_step WHERE sequence = 3",
            ChainState::Removed { sequence: 3 },
        ),
        (
            "DELETE FROM operation WHERE sequence = 1",
            ChainState::Removed { sequence: 1 },
        ),
    ];
    for (sql, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        let ledger = open_quietly(folder.path());
        two_operations(&ledger);
        assert!(matches!(ledger.verify_chain().unwrap(), ChainState::Whole { head } if head.sequence == 8));
        tamper(&ledger, sql);
        assert_eq!(ledger.verify_chain().unwrap(), expected, "{sql}");
    }
}

#[test]
fn a_lost_tail_shows_by_the_second_file() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    two_operations(&ledger);
    tamper(&ledger, "DELETE FROM operation_step WHERE sequence > 7");
    let state = ledger.verify_chain().unwrap();
    assert!(
        matches!(state, ChainState::TailLost { expected, found } if expected.sequence == 8 && found.sequence == 7),
        "{state:?}"
    );
    drop(ledger);
    let opened = open(folder.path());
    let gap = opened.chain_gap.unwrap();
    assert_eq!(
        (gap.expected.sequence, gap.found.sequence),
        (8, 7),
        "the next start says it"
    );
    assert_eq!(opened.recovered, None, "what is there is consistent");
    opened.ledger.write_intent(&intent("third")).unwrap();
    let health = opened.ledger.health().unwrap();
    assert!(matches!(health.chain, ChainState::Whole { .. }));
    assert_eq!(health.chain_gaps, 1, "and it stays told");
    drop(opened);
    open_quietly(folder.path());
}

#[test]
fn a_chain_rewritten_to_fit_still_differs_from_the_second_file() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    ledger.write_intent(&intent("first")).unwrap();
    let other_folder = tempfile::tempdir().unwrap();
    let other = open_quietly(other_folder.path());
    let mut forged = intent("first");
    forged.content = serde_json::json!({"from": "2.4.1", "to": "9.9.9"});
    other.write_intent(&forged).unwrap();
    drop((ledger, other));
    // The forged chain is whole in itself; only the head knows the real one.
    std::fs::copy(
        other_folder.path().join("ledger.db"),
        folder.path().join("ledger.db"),
    )
    .unwrap();
    assert!(open(folder.path()).recovered.is_some());
}

#[test]
fn a_head_left_behind_by_a_crash_is_moved_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    two_operations(&ledger);
    let head = std::fs::read(folder.path().join("ledger.head")).unwrap();
    ledger.write_intent(&intent("third")).unwrap();
    drop(ledger);
    std::fs::write(folder.path().join("ledger.head"), head).unwrap();
    let ledger = open_quietly(folder.path());
    assert_eq!(
        ledger
            .operations(&workspace(), &OperationFilter::default())
            .unwrap()
            .len(),
        3
    );
    assert!(matches!(ledger.verify_chain().unwrap(), ChainState::Whole { .. }));
}

#[test]
fn steps_written_by_many_threads_make_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    ledger.write_intent(&intent("first")).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    ledger
                        .append_step(&"first".into(), &step(StepKind::Progress))
                        .unwrap();
                    ledger
                        .operations(&workspace(), &OperationFilter::default())
                        .unwrap();
                }
            });
        }
    });
    assert!(matches!(ledger.verify_chain().unwrap(), ChainState::Whole { head } if head.sequence == 22));
}

/// Cancelled within its seconds, or refused because the plan had moved: it has no intent, and stands there all the same.
#[test]
fn an_operation_that_was_never_begun_is_kept_with_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let mut moved = step(StepKind::Failed);
    moved.facts.insert("code".to_owned(), "plan-moved".into());
    assert_eq!(
        ledger
            .write_ended(&intent("cancelled"), &step(StepKind::Cancelled))
            .unwrap(),
        1
    );
    assert_eq!(ledger.write_ended(&intent("moved"), &moved).unwrap(), 2);
    assert!(matches!(
        ledger.write_ended(&intent("moved"), &moved),
        Err(LedgerError::OperationExists { .. })
    ));
    drop(ledger);
    let ledger = open_quietly(folder.path());
    let kept = ledger.operation(&"cancelled".into()).unwrap().unwrap();
    assert_eq!(kept.operation.steps, [step(StepKind::Cancelled)]);
    assert!(kept.operation.state().is_terminal());
    assert_eq!(
        ledger.unfinished_operations().unwrap(),
        [],
        "a start has nothing to look at"
    );
    assert!(matches!(ledger.verify_chain().unwrap(), ChainState::Whole { .. }));
}
