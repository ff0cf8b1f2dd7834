//! Events as the Deployment controller, the kubelet and Tidemark write them (seen on a real API server).

use chrono::TimeZone;

use super::*;
use crate::deployment::Status;
use crate::history::RevisionObject;

fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 3, 12, minute, 0).unwrap()
}

fn run(set: &str, revision: i64, started: Moment) -> InferredDeployment {
    InferredDeployment {
        revision: Some(revision),
        kept_in: Some(RevisionObject {
            kind: RevisionKind::ReplicaSet,
            uid: Uid::new(set),
            name: set.to_owned(),
        }),
        template: None,
        version: None,
        kind: None,
        moments: Moments {
            started: Some(started),
            ..Moments::default()
        },
        status: Status::Unknown,
        returned_to: None,
        operation: None,
        who: None,
        why: None,
        current: false,
    }
}

fn between(earliest: u32, latest: u32) -> Moment {
    Moment::Between {
        earliest: Some(at(earliest)),
        latest: at(latest),
    }
}

fn event(about: (&str, &str), reason: &str, message: &str, first: u32, last: u32) -> EventFacts {
    EventFacts {
        kind: about.0.to_owned(),
        name: about.1.to_owned(),
        uid: Uid::new("web"),
        reason: reason.to_owned(),
        message: message.to_owned(),
        component: "deployment-controller".to_owned(),
        first: at(first),
        last: at(last),
    }
}

fn scaled(message: &str, first: u32, last: u32) -> EventFacts {
    event(("Deployment", "web"), "ScalingReplicaSet", message, first, last)
}

/// 1 a at 10, 2 b at 20, then a again, some time before 50.
fn undone() -> InferredHistory {
    InferredHistory {
        deployments: vec![
            run("web-a", 1, Moment::At(at(10))),
            run("web-b", 2, Moment::At(at(20))),
            run("web-a", 3, between(20, 50)),
        ],
        missing: Vec::new(),
    }
}

fn starts_of(history: &InferredHistory, events: Vec<EventFacts>) -> Vec<(usize, Option<Moment>)> {
    told_by_events(&Uid::new("web"), history, &RecentEvents::of(events))
        .into_iter()
        .map(|told| (told.at, told.evidence.moments.started))
        .collect()
}

#[test]
fn scaling_up_from_zero_bounds_the_newest_start() {
    // The same words about the same object are one Event: its last time is the second run's.
    let again = scaled("Scaled up replica set web-a from 0 to 1", 10, 31);
    assert_eq!(starts_of(&undone(), vec![again]), [(2, Some(between(20, 31)))]);
}

#[test]
fn scaling_that_proves_nothing_bounds_nothing() {
    let cases = [
        (
            "the first run's",
            scaled("Scaled up replica set web-a from 0 to 1", 10, 10),
        ),
        (
            "an autoscaler's",
            scaled("Scaled up replica set web-a from 2 to 3", 31, 31),
        ),
        (
            "older servers don't say from what",
            scaled("Scaled up replica set web-a to 3", 31, 31),
        ),
        (
            "down",
            scaled("Scaled down replica set web-b from 1 to 0", 31, 31),
        ),
        (
            "another ReplicaSet",
            scaled("Scaled up replica set web-b from 0 to 1", 31, 31),
        ),
        (
            "later than is known",
            scaled("Scaled up replica set web-a from 0 to 1", 55, 55),
        ),
    ];
    for (name, event) in cases {
        assert_eq!(starts_of(&undone(), vec![event]), [], "{name}");
    }
}

#[test]
fn events_of_another_object_of_that_name_tell_nothing() {
    let other = EventFacts {
        uid: Uid::new("the web before"),
        ..scaled("Scaled up replica set web-a from 0 to 1", 31, 31)
    };
    assert_eq!(starts_of(&undone(), vec![other]), []);
}

#[test]
fn an_exact_start_stays_exact() {
    let first = scaled("Scaled up replica set web-b from 0 to 1", 20, 20);
    assert_eq!(starts_of(&undone(), vec![first]), []);
}

#[test]
fn failures_belong_to_the_run_that_they_happened_in() {
    let events = vec![
        event(
            ("Pod", "web-a-x7k2p"),
            "BackOff",
            "Back-off pulling image",
            11,
            14,
        ),
        event(("Pod", "web-b-1"), "Unhealthy", "Readiness probe failed", 21, 22),
        event(("Pod", "web-b-2"), "Unhealthy", "Liveness probe failed", 21, 27),
        event(
            ("ReplicaSet", "web-a"),
            "FailedCreate",
            "exceeded quota: small",
            30,
            40,
        ),
        event(
            ("Pod", "web-a-y"),
            "Pulled",
            "Container image already present",
            30,
            40,
        ),
        event(
            ("Pod", "other-a-y"),
            "BackOff",
            "Back-off restarting failed container",
            30,
            40,
        ),
    ];
    let mut told: Vec<_> = told_by_events(&Uid::new("web"), &undone(), &RecentEvents::of(events))
        .into_iter()
        .map(|told| {
            (
                told.at,
                told.evidence.source,
                told.evidence.seen_at,
                told.evidence.kind,
            )
        })
        .collect();
    told.sort_by_key(|told| told.0);
    let inferred = EvidenceKind::Inferred;
    assert_eq!(
        told,
        [
            (
                0,
                "Event BackOff of Pod web-a-x7k2p: Back-off pulling image".into(),
                at(14),
                inferred
            ),
            (
                1,
                "Event Unhealthy of Pod web-b-2: Liveness probe failed".into(),
                at(27),
                inferred
            ),
            (
                2,
                "Event FailedCreate of ReplicaSet web-a: exceeded quota: small".into(),
                at(40),
                inferred
            ),
        ]
    );
}

fn written(reason: Option<&str>) -> OperationEvent {
    OperationEvent {
        workload: "web".into(),
        from: "2.0.0".into(),
        to: "1.0.0".into(),
        verdict: "good".into(),
        account: "system:serviceaccount:shop:lena".into(),
        reason: reason.map(str::to_owned),
        operation: OperationId::new("op-1"),
    }
}

#[test]
fn an_operations_words_are_read_back() {
    for reason in [None, Some("Payments. By night. Operation Storm, from 9 to 5")] {
        let event = written(reason);
        assert_eq!(
            OperationEvent::parse(&event.to_message()),
            Some(event),
            "{reason:?}"
        );
    }
    let cut: String = written(Some("long")).to_message().chars().take(60).collect();
    assert_eq!(OperationEvent::parse(&cut), None, "cut short");
    assert_eq!(
        OperationEvent::parse("Rolled back deployment \"web\" to revision 1"),
        None
    );
}

#[test]
fn a_colleagues_operation_says_who_and_why_of_the_deployment_that_it_marked() {
    let mut history = undone();
    let event = EventFacts {
        component: OPERATION_COMPONENT.to_owned(),
        ..event(
            ("Deployment", "web"),
            OPERATION_EVENT,
            &written(Some("refunds fail")).to_message(),
            33,
            33,
        )
    };
    let tell = |history: &InferredHistory, event: &EventFacts| {
        told_by_events(&Uid::new("web"), history, &RecentEvents::of([event.clone()]))
    };
    assert_eq!(
        tell(&history, &event),
        [],
        "no deployment carries the operation's mark"
    );
    history.deployments[2].operation = Some(OperationId::new("op-1"));
    let told = tell(&history, &event);
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].at, told[0].evidence.kind), (2, EvidenceKind::Recorded));
    let by_operation = |text: &str| {
        Some(Attribution {
            text: text.to_owned(),
            source: AttributionSource::Operation,
        })
    };
    assert_eq!(told[0].who, by_operation("system:serviceaccount:shop:lena"));
    assert_eq!(told[0].why, by_operation("refunds fail"));
    assert_eq!(
        told[0].evidence.moments,
        Moments::default(),
        "written after the verdict: it dates nothing"
    );
    let forged = EventFacts {
        component: "somebody".into(),
        ..event
    };
    assert_eq!(tell(&history, &forged), [], "another component's");
}
