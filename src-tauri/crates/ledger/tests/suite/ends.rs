//! How deployments end, which of two came first, and until when a workload was seen.

use domain::deployment::{Deployment, EvidenceKind, Moment, Moments, Status};

use super::world::{observed, open_quietly, time, told, workload, workspace};

const MISSING: &str = "the object is gone";

fn ended(at: Moment) -> Moments {
    Moments {
        ended: Some(at),
        ..Moments::default()
    }
}

fn between(from: i64, to: i64) -> Moment {
    Moment::Between {
        earliest: Some(time(from)),
        latest: time(to),
    }
}

#[test]
fn what_has_ended_is_not_in_progress() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let failed = Moments {
        failed: Some(Moment::At(time(60))),
        ..ended(Moment::At(time(60)))
    };
    let table = [
        (
            "1.0.0",
            Status::InProgress,
            ended(between(50, 60)),
            Status::Unknown,
            "nothing says how it came out",
        ),
        (
            "1.1.0",
            Status::InProgress,
            failed,
            Status::Failed,
            "it is known that it failed",
        ),
        (
            "1.2.0",
            Status::InProgress,
            Moments::default(),
            Status::InProgress,
            "it goes on",
        ),
        (
            "1.3.0",
            Status::Healthy,
            ended(between(50, 60)),
            Status::Healthy,
            "it was healthy when it ended",
        ),
    ];
    for (revision, (version, status, moments, expected, why)) in table.into_iter().enumerate() {
        let begun = Deployment {
            status,
            ..observed("checkout", "prod-eu", version, revision as i64, 10)
        };
        let id = ledger.ingest(&workspace(), std::slice::from_ref(&begun)).unwrap()[0];
        let kind = EvidenceKind::Inferred;
        let later = Deployment {
            status: Status::Unknown,
            ..told(
                "checkout",
                "prod-eu",
                version,
                revision as i64,
                kind,
                "ReplicaSet",
                moments,
            )
        };
        ledger.ingest(&workspace(), &[later]).unwrap();
        assert_eq!(ledger.deployment(id).unwrap().unwrap().status, expected, "{why}");
    }
}

#[test]
fn an_end_is_taken_back_only_if_nothing_else_tells_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let running = observed("checkout", "prod-eu", "1.0.0", 1, 10);
    let id = ledger.ingest(&workspace(), &[running]).unwrap()[0];
    let end = |kind, source: &str, at| {
        let told = told("checkout", "prod-eu", "1.0.0", 1, kind, source, ended(at));
        ledger.ingest(&workspace(), &[told]).unwrap();
    };
    let kept = || ledger.deployment(id).unwrap().unwrap();
    end(EvidenceKind::Inferred, MISSING, between(50, 60));
    assert_eq!(kept().moments.ended, Some(between(50, 60)));
    ledger.take_back_end(id, MISSING).unwrap();
    assert_eq!(kept().moments.ended, None, "it was seen running later");
    assert_eq!(kept().evidence.len(), 1, "what was wrong is told no more");
    end(EvidenceKind::Inferred, MISSING, between(50, 60));
    end(EvidenceKind::Observed, "watch", Moment::At(time(55)));
    ledger.take_back_end(id, MISSING).unwrap();
    assert_eq!(
        kept().moments.ended,
        Some(Moment::At(time(55))),
        "seen by our own watch"
    );
}

#[test]
fn only_a_revision_that_was_told_is_seen_again() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let uid = workload("checkout").uid;
    let seen = || ledger.last_seen_revision(&workspace(), &uid).unwrap();
    ledger
        .see_again(&workspace(), &[(uid.clone(), 3)], time(5))
        .unwrap();
    assert_eq!(seen(), None, "nothing was told of it yet");
    ledger
        .see_revisions(&workspace(), &[(uid.clone(), 3)], time(10))
        .unwrap();
    ledger
        .see_again(&workspace(), &[(uid.clone(), 3)], time(70))
        .unwrap();
    assert_eq!(seen(), Some((3, time(70))));
    ledger
        .see_again(&workspace(), &[(uid.clone(), 4)], time(90))
        .unwrap();
    assert_eq!(seen(), Some((3, time(70))), "the fourth was not told yet");
    ledger
        .see_again(&workspace(), &[(uid.clone(), 3)], time(20))
        .unwrap();
    assert_eq!(
        seen(),
        Some((3, time(70))),
        "a clock that went back takes nothing back"
    );
}

/// history.md, "Clock": two API servers, whose clocks differ by some seconds.
#[test]
fn of_two_runs_of_a_workload_the_higher_revision_ran_last_whatever_the_clock_says() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let older = observed("checkout", "prod-eu", "1.0.0", 1, 20);
    let newer = observed("checkout", "prod-eu", "1.1.0", 2, 12);
    ledger.ingest(&workspace(), &[newer, older]).unwrap();
    let ran = ledger.ran_at(&workspace(), time(100)).unwrap();
    let versions: Vec<String> = ran.iter().map(|one| one.version.label()).collect();
    assert_eq!(versions, ["1.1.0"]);
    let columns = ledger.timeline(&workspace()).unwrap();
    assert_eq!(columns.revision, [2, 1], "told beside the clock's order");
}
