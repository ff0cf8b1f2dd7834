use chrono::TimeDelta;
use cluster::records::{OwnerMarks, Rollout, Strategy};
use domain::history::ProgressingCondition;
use domain::workload::WorkloadKind;

use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

/// A Deployment object that wants three pods; its counts are all, updated and available pods.
fn record(template: &str, counts: [u32; 3], deadline: Option<DateTime<Utc>>) -> WorkloadRecord {
    let [pods, updated, available] = counts;
    let condition = deadline.map(|at| ProgressingCondition {
        reason: "ProgressDeadlineExceeded".to_owned(),
        updated: Some(at),
        replica_set: None,
    });
    WorkloadRecord {
        kind: WorkloadKind::Deployment,
        uid: "u".into(),
        namespace: "shop".into(),
        name: "payments".into(),
        resource_version: "1".into(),
        generation: 1,
        created: at(0),
        deleting: false,
        labels: Default::default(),
        owner: OwnerMarks::default(),
        revision: Some(1),
        change_cause: None,
        operation: None,
        managers: Vec::new(),
        selector: "app=payments".into(),
        template: template.into(),
        paused: false,
        strategy: Strategy::Rolling,
        rollout: Rollout {
            observed_generation: 1,
            wanted: 3,
            pods,
            updated,
            ready: available,
            available,
            progressing: condition,
            replica_failure: None,
        },
    }
}

fn of(record: &WorkloadRecord, old_ready: u32, given_up: bool) -> Look<'_> {
    Look {
        record,
        own: None,
        old_ready,
        given_up,
    }
}

#[test]
fn what_a_verdict_gave_up_is_failing_before_its_deadline_and_until_it_settles() {
    let good = record("old", [3, 3, 3], None);
    let hangs = record("new", [4, 1, 3], None);
    let (before, _) = look(None, &of(&good, 0, false), at(0));
    let (rolling, began) = look(Some(&before), &of(&hangs, 3, false), at(1));
    assert_eq!((rolling.status, began.started), (Status::InProgress, true));
    let (failing, judged) = look(Some(&rolling), &of(&hangs, 3, true), at(9));
    assert_eq!(failing.status, Status::Failed);
    assert_eq!(judged.failed, None, "the verdict has said when");
    let late = record("new", [4, 1, 3], Some(at(600)));
    let (still, deadline) = look(Some(&failing), &of(&late, 3, true), at(600));
    assert_eq!(still.status, Status::Failed);
    assert_eq!(deadline.failed, None, "it had failed already");
    let (_, taken_back) = look(Some(&failing), &of(&good, 0, false), at(20));
    assert!(taken_back.taken_over, "the old pods served until the rollback");
    let comes_up = record("new", [3, 3, 3], None);
    let (settled, came) = look(Some(&failing), &of(&comes_up, 0, true), at(30));
    assert_eq!((settled.status, came.settled), (Status::Healthy, true));
}

#[test]
fn a_deadline_tells_when_it_failed() {
    let hangs = record("new", [4, 1, 3], None);
    let late = record("new", [4, 1, 3], Some(at(600)));
    let (rolling, _) = look(None, &of(&hangs, 3, false), at(1));
    let (failing, seen) = look(Some(&rolling), &of(&late, 3, false), at(601));
    assert_eq!(failing.status, Status::Failed);
    assert_eq!(seen.failed, Some(at(600)));
    let (_, gone) = look(Some(&failing), &of(&late, 0, true), at(700));
    assert!(gone.old_gone, "none of the ready pods is of the template before");
}

#[test]
fn what_settled_once_and_lacks_pods_is_degraded_whatever_is_told_of_it() {
    let good = record("new", [3, 3, 3], None);
    let short = record("new", [3, 3, 2], None);
    let (before, _) = look(None, &of(&good, 0, false), at(0));
    let (seen, _) = look(Some(&before), &of(&short, 0, true), at(5));
    assert_eq!(seen.status, Status::Degraded);
}

#[test]
fn a_deployment_that_gives_way_before_it_settled_is_named() {
    let running = record("one", [3, 3, 3], None);
    let rolling = record("two", [4, 1, 3], None);
    let late = record("two", [4, 1, 3], Some(at(5)));
    let next = record("three", [5, 1, 3], None);
    let table = [
        (vec![&running, &rolling, &next], Some("two"), "it was on its way"),
        (vec![&running, &next], None, "it had settled"),
        (
            vec![&running, &rolling, &late, &next],
            None,
            "its deadline had come already",
        ),
        (vec![&rolling, &rolling], None, "it goes on"),
    ];
    for (looks, expected, why) in table {
        let mut seen = None;
        let mut last = None;
        for (second, record) in looks.into_iter().enumerate() {
            let (now_seen, observed) = look(seen.as_ref(), &of(record, 0, false), at(second as i64));
            seen = Some(now_seen);
            last = observed.given_way;
        }
        assert_eq!(last.as_ref().map(TemplateHash::as_str), expected, "{why}");
    }
}
