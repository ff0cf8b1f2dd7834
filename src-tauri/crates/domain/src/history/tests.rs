//! Histories as the Deployment controller leaves them, told by hand from its rules.

use chrono::TimeZone;

use super::*;
use crate::deployment::{AttributionSource, Moment};
use crate::version::Version;

fn at(hour: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 3, hour, 0, 0).unwrap()
}

fn template(name: &str, patch: u64) -> TemplateFacts {
    TemplateFacts {
        hash: TemplateHash::new(name),
        without_restart: TemplateHash::new(name.split('+').next().unwrap()),
        version: RunningVersion::Version(Version::new(1, 0, patch)),
    }
}

fn set(name: &str, revision: i64, history: &[i64], hour: u32, template: TemplateFacts) -> RevisionFacts {
    RevisionFacts {
        object: RevisionObject {
            kind: RevisionKind::ReplicaSet,
            uid: Uid::new(name),
            name: name.to_owned(),
        },
        revision: Some(revision),
        earlier: Earlier::Listed(history.to_vec()),
        created: at(hour),
        change_cause: None,
        operation: None,
        template: Some(template),
        ready: Some(0),
    }
}

fn deployment(revision: i64, template: TemplateFacts) -> WorkloadFacts {
    WorkloadFacts {
        revision: Some(revision),
        template,
        operation: None,
        change_cause: None,
        manager: None,
        progressing: Some(ProgressingCondition {
            reason: "NewReplicaSetAvailable".into(),
            updated: Some(at(20)),
            replica_set: None,
        }),
        observed: true,
        complete: true,
    }
}

fn between(earliest: u32, latest: u32) -> Option<Moment> {
    Some(Moment::Between {
        earliest: Some(at(earliest)),
        latest: at(latest),
    })
}

#[test]
fn a_plain_history_has_exact_starts() {
    let sets = [
        set("b", 2, &[], 9, template("b", 2)),
        set("a", 1, &[], 8, template("a", 1)),
        set("c", 3, &[], 10, template("c", 2)),
    ];
    let found = infer(&deployment(3, template("c", 2)), &sets, at(23));
    let starts: Vec<_> = found
        .deployments
        .iter()
        .map(|one| one.moments.started.unwrap())
        .collect();
    assert_eq!(starts, [Moment::At(at(8)), Moment::At(at(9)), Moment::At(at(10))]);
    let kinds: Vec<_> = found.deployments.iter().map(|one| one.kind.unwrap()).collect();
    assert_eq!(
        kinds,
        [
            DeploymentKind::Version,
            DeploymentKind::Version,
            DeploymentKind::Configuration
        ]
    );
    let newest = found.deployments.last().unwrap();
    assert!(newest.current);
    assert_eq!(newest.status, Status::Healthy);
    assert_eq!(
        newest.moments.settled,
        between(10, 20),
        "the condition's time is only an upper bound"
    );
    assert_eq!(
        found.deployments[0].moments.ended,
        between(9, 10),
        "b was settled when c came, at the latest"
    );
    assert_eq!(found.deployments[1].moments.ended, between(10, 20));
    assert_eq!(found.missing, []);
}

/// 1 a, 2 b, 3 a again (undo), 4 c: a's ReplicaSet has moved from 1 to 3.
#[test]
fn a_template_that_came_back_ran_twice() {
    let sets = [
        set("a", 3, &[1], 8, template("a", 1)),
        set("b", 2, &[], 9, template("b", 2)),
        set("c", 4, &[], 12, template("c", 3)),
    ];
    let found = infer(&deployment(4, template("c", 3)), &sets, at(23));
    let told: Vec<_> = found
        .deployments
        .iter()
        .map(|one| {
            (
                one.revision.unwrap(),
                one.kept_in.as_ref().unwrap().name.as_str(),
                one.returned_to.and_then(EarlierRun::revision),
            )
        })
        .collect();
    assert_eq!(
        told,
        [(1, "a", None), (2, "b", None), (3, "a", Some(1)), (4, "c", None)]
    );
    assert_eq!(
        found.deployments[0].moments.started,
        Some(Moment::At(at(8))),
        "its first run"
    );
    assert_eq!(
        found.deployments[2].moments.started,
        between(9, 12),
        "after b began, before c did"
    );
    assert_eq!(found.deployments[1].status, Status::RolledBack);
}

#[test]
fn the_newest_undo_is_bounded_by_the_manager_and_the_condition() {
    let sets = [
        set("a", 3, &[1], 8, template("a", 1)),
        set("b", 2, &[], 9, template("b", 2)),
    ];
    let mut live = deployment(3, template("a", 1));
    live.manager = Some(TemplateManager {
        name: "kubectl-rollout".into(),
        applies: false,
        time: Some(at(14)),
    });
    let found = infer(&live, &sets, at(23));
    let newest = found.deployments.last().unwrap();
    assert_eq!(newest.moments.started, between(9, 14));
    assert_eq!(newest.who.as_ref().unwrap().text, "kubectl-rollout");
    // A time before b's start is of an earlier rollout, and bounds nothing.
    live.manager.as_mut().unwrap().time = Some(at(7));
    let found = infer(&live, &sets, at(23));
    assert_eq!(found.deployments.last().unwrap().moments.started, between(9, 20));
}

/// 1 a, 2 b, 3 a again, 4 b again: nothing but b's newest write bounds when a came back.
#[test]
fn a_version_that_comes_again_takes_nothing_back_and_bounds_what_was_before_it() {
    let sets = [
        set("a", 3, &[1], 8, template("a", 1)),
        set("b", 4, &[2], 9, template("b", 2)),
    ];
    let found = infer(&deployment(4, template("b", 2)), &sets, at(23));
    let status: Vec<_> = found.deployments.iter().map(|one| one.status).collect();
    assert_eq!(
        status,
        [
            Status::Unknown,
            Status::RolledBack,
            Status::Unknown,
            Status::Healthy
        ],
        "b was taken back once; a gave way to the higher version"
    );
    let newest = found.deployments[3].moments.started;
    assert_eq!(newest, between(9, 20));
    assert_eq!(
        found.deployments[2].moments.started, newest,
        "a came back before b came again"
    );
}

#[test]
fn pruned_numbers_are_gaps_with_bounds() {
    let sets = [
        set("k", 12, &[], 8, template("k", 1)),
        set("n", 15, &[], 12, template("n", 2)),
    ];
    let found = infer(&deployment(15, template("n", 2)), &sets, at(23));
    assert_eq!(
        found.missing,
        [
            MissingRevisions {
                first: 1,
                last: 11,
                earliest: None,
                latest: at(8)
            },
            MissingRevisions {
                first: 13,
                last: 14,
                earliest: Some(at(8)),
                latest: at(12)
            },
        ]
    );
    assert_eq!(found.untold_since(12), 2, "12 → 15 and 15 is told");
    assert_eq!(found.untold_since(13), 1);
    assert_eq!(found.untold_since(15), 0);
    assert_eq!(
        found.deployments[0].moments.ended,
        between(8, 20),
        "what replaced it is not known"
    );
}

#[test]
fn a_restart_and_a_configuration_change_are_told_apart() {
    let sets = [
        set("a", 1, &[], 8, template("a", 1)),
        set("r", 2, &[], 9, template("a+restarted", 1)),
        set("c", 3, &[], 10, template("c", 1)),
    ];
    let found = infer(&deployment(3, template("c", 1)), &sets, at(23));
    let kinds: Vec<_> = found.deployments.iter().map(|one| one.kind.unwrap()).collect();
    assert_eq!(
        kinds,
        [
            DeploymentKind::Version,
            DeploymentKind::Restart,
            DeploymentKind::Configuration
        ]
    );
}

#[test]
fn a_change_cause_counts_once_and_ours_only_for_its_template() {
    let mark = OperationMark {
        id: OperationId::new("op-1"),
        template: TemplateHash::new("a"),
        generation: 4,
    };
    let cause = |set: RevisionFacts, text: &str, mark: Option<&OperationMark>| RevisionFacts {
        change_cause: Some(text.to_owned()),
        operation: mark.cloned(),
        ..set
    };
    let sets = [
        cause(set("b", 2, &[], 9, template("b", 2)), "release 1.0.2", None),
        cause(
            set("a", 3, &[1], 8, template("a", 1)),
            "Tidemark: rollback to 1.0.1",
            Some(&mark),
        ),
        cause(
            set("c", 4, &[], 12, template("c", 3)),
            "Tidemark: rollback to 1.0.1",
            Some(&mark),
        ),
        cause(
            set("d", 5, &[], 13, template("d", 4)),
            "release 1.0.4",
            Some(&mark),
        ),
    ];
    let found = infer(&deployment(5, template("d", 4)), &sets, at(23));
    let why: Vec<_> = found
        .deployments
        .iter()
        .map(|one| {
            (
                one.revision.unwrap(),
                one.why.as_ref().map(|why| why.text.as_str()),
                one.operation.is_some(),
            )
        })
        .collect();
    assert_eq!(
        why,
        [
            (1, None, false),
            (2, Some("release 1.0.2"), false),
            (3, Some("Tidemark: rollback to 1.0.1"), true),
            (4, None, false),
            (5, Some("release 1.0.4"), false),
        ]
    );
    assert!(found.deployments[1].why.as_ref().unwrap().source == AttributionSource::ChangeCause);
}

#[test]
fn a_failing_deployment_leaves_the_one_before_serving() {
    let mut old = set("a", 1, &[], 8, template("a", 1));
    old.ready = Some(2);
    let sets = [old, set("b", 2, &[], 9, template("b", 2))];
    let mut live = deployment(2, template("b", 2));
    live.progressing = Some(ProgressingCondition {
        reason: "ProgressDeadlineExceeded".into(),
        updated: Some(at(10)),
        replica_set: None,
    });
    live.complete = false;
    let found = infer(&live, &sets, at(23));
    assert_eq!(found.deployments[1].status, Status::Failed);
    assert_eq!(found.deployments[1].moments.failed, between(9, 10));
    assert_eq!(
        found.deployments[0].moments.ended, None,
        "1.0.1 still has ready pods"
    );
}

#[test]
fn a_stale_condition_says_nothing_of_a_new_template() {
    let sets = [
        set("a", 1, &[], 8, template("a", 1)),
        set("b", 2, &[], 21, template("b", 2)),
    ];
    let mut live = deployment(2, template("b", 2));
    live.progressing = Some(ProgressingCondition {
        reason: "ProgressDeadlineExceeded".into(),
        updated: Some(at(10)),
        replica_set: None,
    });
    live.complete = false;
    let newest = infer(&live, &sets, at(23)).deployments.pop().unwrap();
    assert_eq!(
        newest.status,
        Status::InProgress,
        "the condition is older than the template"
    );
}

/// Until the controller notes progress, the condition of the deployment that was taken back is left, and it is later
/// than the only lower bound of the rollback's start.
#[test]
fn a_condition_that_names_another_replica_set_says_nothing_of_a_rollback() {
    let sets = [
        set("b", 2, &[], 9, template("b", 2)),
        set("a", 3, &[1], 8, template("a", 1)),
    ];
    for reason in ["ProgressDeadlineExceeded", "NewReplicaSetAvailable"] {
        let mut live = deployment(3, template("a", 1));
        live.complete = false;
        let message = format!(
            "ReplicaSet \"{}\" has timed out progressing.",
            sets[0].object.name
        );
        live.progressing = Some(ProgressingCondition {
            reason: reason.into(),
            updated: Some(at(10)),
            replica_set: ProgressingCondition::replica_set_in(&message),
        });
        let newest = infer(&live, &sets, at(12)).deployments.pop().unwrap();
        assert_eq!(newest.returned_to, Some(EarlierRun::Numbered(1)));
        assert_eq!(
            (newest.moments.failed, newest.moments.settled),
            (None, None),
            "{reason}"
        );
        assert_eq!(newest.status, Status::InProgress, "{reason}");
        assert_eq!(
            newest.moments.started,
            between(9, 12),
            "the condition bounds nothing"
        );
    }
}

#[test]
fn a_template_without_a_replica_set_yet_is_on_its_way() {
    let sets = [set("a", 1, &[], 8, template("a", 1))];
    let mut live = deployment(1, template("b", 2));
    live.observed = false;
    live.complete = false;
    let found = infer(&live, &sets, at(23));
    let newest = found.deployments.last().unwrap();
    assert_eq!(
        (newest.revision, newest.kept_in.is_none(), newest.status),
        (None, true, Status::InProgress)
    );
    assert_eq!(newest.moments.started, between(8, 23));
}

#[test]
fn a_clock_that_runs_backwards_does_not_change_the_order() {
    let sets = [
        set("a", 1, &[], 15, template("a", 1)),
        set("b", 2, &[], 9, template("b", 2)),
    ];
    let found = infer(&deployment(2, template("b", 2)), &sets, at(23));
    let order: Vec<_> = found
        .deployments
        .iter()
        .map(|one| one.revision.unwrap())
        .collect();
    assert_eq!(order, [1, 2]);
    assert!(
        found
            .deployments
            .iter()
            .all(|one| one.moments.started.unwrap().is_exact()),
        "as the server told them"
    );
}

#[test]
fn the_mark_reads_back_and_anything_else_is_not_ours() {
    let mark = OperationMark {
        id: OperationId::new("x"),
        template: TemplateHash::new("y"),
        generation: 7,
    };
    assert_eq!(OperationMark::parse(&mark.to_annotation()), Some(mark));
    for text in ["", "{}", "[]", r#"{"id":1,"templateHash":"y","generation":7}"#] {
        assert_eq!(OperationMark::parse(text), None, "{text}");
    }
}

/// After our own entry is dropped the manager that is left is the one that wrote the template before.
#[test]
fn the_manager_of_the_template_before_does_not_date_the_one_that_came_back() {
    let sets = [
        set("a", 3, &[1], 8, template("a", 1)),
        set("b", 2, &[], 9, template("b", 2)),
    ];
    let mut object = deployment(3, template("a", 1));
    object.manager = Some(TemplateManager {
        name: "kubectl".into(),
        applies: false,
        time: Some(at(9)),
    });
    let found = infer(&object, &sets, at(23));
    assert_eq!(found.deployments.last().unwrap().moments.started, between(9, 20));
}

/// One that lists no earlier numbers; `renumbered`: the hour at which its present one was written.
fn unlisted(
    name: &str,
    revision: i64,
    hour: u32,
    renumbered: Option<u32>,
    template: TemplateFacts,
) -> RevisionFacts {
    RevisionFacts {
        earlier: Earlier::Unlisted {
            renumbered: renumbered.map(at),
        },
        ..set(name, revision, &[], hour, template)
    }
}

/// 1 a, 2 b, then a again as 3: the same object, with a new number and nothing that lists the old one.
#[test]
fn one_that_lists_nothing_and_came_back_ran_twice_where_its_first_number_is_left_open() {
    let revisions = [
        unlisted("b", 2, 9, None, template("b", 2)),
        unlisted("a", 3, 8, Some(14), template("a", 1)),
    ];
    let mut live = deployment(3, template("a", 1));
    live.progressing = None;
    let found = infer(&live, &revisions, at(23));
    let told: Vec<_> = found
        .deployments
        .iter()
        .map(|one| (one.revision.unwrap(), one.moments.started, one.returned_to))
        .collect();
    assert_eq!(
        told,
        [
            (1, Some(Moment::At(at(8))), None),
            (2, Some(Moment::At(at(9))), None),
            (3, between(9, 14), Some(EarlierRun::Numbered(1))),
        ]
    );
    assert_eq!(found.deployments[1].status, Status::RolledBack);
    assert_eq!(found.missing, []);
}

/// 13 and 14 are pruned or were its own: where it ran first is not guessed, that it ran before is known.
#[test]
fn one_that_came_back_from_an_unknown_number_is_told_once_and_the_numbers_stay_missing() {
    let revisions = [
        unlisted("k", 12, 8, None, template("k", 1)),
        unlisted("n", 15, 12, None, template("n", 3)),
        unlisted("m", 16, 10, Some(13), template("m", 2)),
    ];
    let mut live = deployment(16, template("m", 2));
    live.progressing = None;
    let found = infer(&live, &revisions, at(23));
    let newest = found.deployments.last().unwrap();
    assert_eq!(newest.returned_to, Some(EarlierRun::Untold));
    assert_eq!(newest.moments.started, between(12, 13));
    assert_eq!(
        found.deployments[1].status,
        Status::RolledBack,
        "n was taken back"
    );
    let gaps: Vec<_> = found.missing.iter().map(|gap| (gap.first, gap.last)).collect();
    assert_eq!(gaps, [(1, 11), (13, 14)]);
}

#[test]
fn annotations_that_a_revision_was_made_with_speak_of_its_first_run() {
    let mark = OperationMark {
        id: OperationId::new("op-1"),
        template: TemplateHash::new("a"),
        generation: 1,
    };
    let first = RevisionFacts {
        change_cause: Some("release 1.0.1".into()),
        operation: Some(mark),
        ..unlisted("a", 3, 8, Some(14), template("a", 1))
    };
    let revisions = [first, unlisted("b", 2, 9, None, template("b", 2))];
    let mut live = deployment(3, template("a", 1));
    live.change_cause = Some("back to 1.0.1".into());
    let found = infer(&live, &revisions, at(23));
    let told: Vec<_> = found
        .deployments
        .iter()
        .map(|one| {
            let why = one.why.as_ref().map(|why| why.text.as_str());
            (one.revision.unwrap(), why, one.operation.is_some())
        })
        .collect();
    assert_eq!(
        told,
        [
            (1, Some("release 1.0.1"), true),
            (2, None, false),
            (3, Some("back to 1.0.1"), false),
        ],
        "the workload itself speaks of the newest"
    );
}
