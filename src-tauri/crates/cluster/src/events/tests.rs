//! The Events of a namespace as an API server lists them.

use domain::deployment::{Moment, Moments, Status};
use domain::history::events::told_by_events;
use domain::history::{InferredDeployment, InferredHistory, RevisionObject};
use domain::workload::RevisionKind;
use serde_json::json;

use super::*;
use crate::double::{Answer, Double};

fn history() -> InferredHistory {
    let started = "2026-03-02T00:00:00Z".parse().unwrap();
    let run = InferredDeployment {
        revision: Some(1),
        kept_in: Some(RevisionObject {
            kind: RevisionKind::ReplicaSet,
            uid: Uid::new("rs-1"),
            name: "web-7d9".to_owned(),
        }),
        template: None,
        version: None,
        kind: None,
        moments: Moments {
            started: Some(Moment::At(started)),
            ..Moments::default()
        },
        status: Status::Unknown,
        returned_to: None,
        operation: None,
        who: None,
        why: None,
        current: true,
    };
    InferredHistory {
        deployments: vec![run],
        missing: Vec::new(),
    }
}

#[tokio::test]
async fn the_events_of_the_last_hour_are_read_page_by_page_in_either_form() {
    let double = Double::new(|seen| {
        let page = if seen.target.contains("continue=next%2F") {
            // As events.k8s.io/v1 writes them: no timestamps but its own.
            json!({"metadata": {}, "items": [
                {"metadata": {"creationTimestamp": "2026-03-02T00:10:00Z"}, "type": "Warning",
                 "involvedObject": {"kind": "Pod", "name": "web-7d9-x2", "uid": "p2"},
                 "reason": "FailedScheduling", "message": "0/3 nodes are available",
                 "firstTimestamp": null, "lastTimestamp": null, "eventTime": "2026-03-02T00:10:00.000001Z",
                 "series": {"count": 3, "lastObservedTime": "2026-03-02T00:12:00.000000Z"},
                 "reportingComponent": "default-scheduler"},
                {"metadata": {}, "involvedObject": {"kind": "Pod", "name": "web-7d9-x3"}, "reason": "Failed",
                 "message": "it has no time"}]})
        } else {
            json!({"metadata": {"continue": "next/"}, "items": [
                {"metadata": {"creationTimestamp": "2026-03-02T00:05:00Z"}, "type": "Warning", "count": 4,
                 "involvedObject": {"kind": "Pod", "name": "web-7d9-x1", "uid": "p1"},
                 "reason": "BackOff", "message": "Back-off pulling image \"web:2\"",
                 "firstTimestamp": "2026-03-02T00:05:00Z", "lastTimestamp": "2026-03-02T00:09:00Z",
                 "source": {"component": "kubelet"}}]})
        };
        Answer::json(page)
    });
    let events = recent(&double.clients(), &Namespace::new("shop")).await.unwrap();
    let told: Vec<_> = told_by_events(&Uid::new("web"), &history(), &events)
        .into_iter()
        .map(|told| (told.evidence.source, told.evidence.seen_at.to_rfc3339()))
        .collect();
    assert_eq!(
        told,
        [
            (
                "Event BackOff of Pod web-7d9-x1: Back-off pulling image \"web:2\"".to_owned(),
                "2026-03-02T00:09:00+00:00".to_owned()
            ),
            (
                "Event FailedScheduling of Pod web-7d9-x2: 0/3 nodes are available".to_owned(),
                "2026-03-02T00:12:00+00:00".to_owned()
            ),
        ]
    );
    let asked: Vec<String> = double.requests().into_iter().map(|seen| seen.target).collect();
    assert_eq!(
        asked,
        [
            "/api/v1/namespaces/shop/events?limit=500",
            "/api/v1/namespaces/shop/events?limit=500&continue=next%2F"
        ]
    );
}

#[tokio::test]
async fn a_missing_right_is_told_as_one() {
    let double = Double::new(|_| Answer::status(403, "Forbidden", "User \"lena\" cannot list events"));
    let refused = recent(&double.clients(), &Namespace::new("shop"))
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Forbidden { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_namespace_with_endless_events_is_read_to_a_bound() {
    let double = Double::new(|_| Answer::json(json!({"metadata": {"continue": "more"}, "items": []})));
    recent(&double.clients(), &Namespace::new("shop")).await.unwrap();
    assert_eq!(double.requests().len(), RECENT_PAGES);
}
