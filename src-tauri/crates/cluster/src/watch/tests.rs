//! The watch against a double that does what a real API server does only on bad days.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use domain::history::Earlier;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::*;
use crate::double::{Answer, Double, Seen};

const DEPLOYMENTS: Watched = Watched::Workloads(WorkloadKind::Deployment);
const REPLICA_SETS: Watched = Watched::Revisions(RevisionKind::ReplicaSet);

fn deployment(name: &str, version: i64, image: &str) -> Value {
    json!({
        "metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{name}"), "resourceVersion": version.to_string(),
            "generation": 1, "creationTimestamp": "2026-03-01T00:00:00Z",
            "annotations": {"deployment.kubernetes.io/revision": "1", "kubectl.kubernetes.io/last-applied-configuration": "{}"}},
        "spec": {"replicas": 3, "selector": {"matchLabels": {"app": name}},
            "template": {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "app", "image": image}]}}},
        "status": {"observedGeneration": 1, "replicas": 3, "updatedReplicas": 3, "availableReplicas": 3}
    })
}

fn replica_set(name: &str, owner: &str) -> Value {
    json!({"metadata": {"name": name, "namespace": "shop", "uid": format!("uid-{name}"), "resourceVersion": "5",
        "creationTimestamp": "2026-03-01T00:00:00Z",
        "annotations": {"deployment.kubernetes.io/revision": "3", "deployment.kubernetes.io/revision-history": "1,2"},
        "ownerReferences": [{"kind": "Deployment", "name": owner, "uid": format!("uid-{owner}"), "controller": true}]}})
}

fn page(items: Vec<Value>, more: &str) -> Answer {
    Answer::json(json!({"metadata": {"resourceVersion": "10", "continue": more}, "items": items}))
}

fn event(kind: &str, object: Value) -> String {
    format!("{}\n", json!({"type": kind, "object": object}))
}

/// Lines now, and then silence.
fn stays_open(lines: Vec<String>) -> Answer {
    let (sender, receiver) = mpsc::unbounded_channel();
    lines.into_iter().for_each(|line| sender.send(line).unwrap());
    std::mem::forget(sender);
    Answer::Lines(receiver)
}

/// Lines now, and then the end.
fn ends(lines: Vec<String>) -> Answer {
    let (sender, receiver) = mpsc::unbounded_channel();
    lines.into_iter().for_each(|line| sender.send(line).unwrap());
    Answer::Lines(receiver)
}

fn is_watch(seen: &Seen) -> bool {
    seen.target.contains("watch=true")
}

/// An old server without streaming lists, and without ReplicaSets, whose Deployments answer as told.
fn old_server(deployments: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Double {
    Double::new(move |seen| match seen.target.as_str() {
        "/version" => Answer::json(json!({"major": "1", "minor": "27"})),
        target if target.contains("/replicasets") && is_watch(seen) => stays_open(vec![]),
        target if target.contains("/replicasets") => page(vec![], ""),
        _ => deployments(seen),
    })
}

fn start(double: &Double, patterns: &[&str]) -> ClusterWatch {
    let namespaces = patterns.iter().map(|text| NamespacePattern::new(*text)).collect();
    watch(
        &double.clients(),
        WatchOptions {
            namespaces,
            ..WatchOptions::default()
        },
    )
}

/// Takes changes into a view until it is as wanted.
async fn until(
    watch: &mut ClusterWatch,
    view: &mut ClusterView,
    wanted: impl Fn(&ClusterView) -> bool,
) -> Vec<ClusterChange> {
    let mut changes = Vec::new();
    let waiting = async {
        while !wanted(view) {
            let change = watch.next().await.expect("the watch goes on");
            view.apply(&change);
            changes.push(change);
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(300), waiting).await;
    assert!(done.is_ok(), "it did not come to that: {changes:#?}");
    changes
}

fn names(view: &ClusterView) -> Vec<String> {
    let mut names: Vec<_> = view.workloads().map(|one| one.name.to_string()).collect();
    names.sort();
    names
}

fn is_live(view: &ClusterView) -> bool {
    matches!(view.worst(DEPLOYMENTS), Some(Condition::Live))
}

#[tokio::test(start_paused = true)]
async fn a_list_in_pages_comes_whole_and_each_template_once_before_its_record() {
    let double = old_server(|seen| {
        if is_watch(seen) {
            return stays_open(vec![event("MODIFIED", deployment("b", 11, "x/b:2.0.0"))]);
        }
        match seen.target.split_once("&continue=").map(|(_, token)| token) {
            None => page(vec![deployment("a", 1, "x/same:1.0.0")], "a+b/=&"),
            Some("a%2Bb%2F%3D%26") => page(vec![deployment("b", 2, "x/b:1.0.0")], ""),
            Some(other) => panic!("the token was not sent back as it was: {other}"),
        }
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["shop"]);
    let changes = until(&mut watch, &mut view, |view| {
        view.workload(&Uid::new("uid-b"))
            .is_some_and(|b| &*b.resource_version == "11")
    })
    .await;
    assert_eq!(names(&view), ["a", "b"]);
    let order: Vec<&str> = changes
        .iter()
        .filter_map(|change| match change {
            ClusterChange::Template { .. } => Some("template"),
            ClusterChange::WorkloadsReplaced { records, .. } if records.len() == 2 => Some("both at once"),
            ClusterChange::Workload { .. } => Some("change"),
            _ => None,
        })
        .collect();
    assert_eq!(
        order,
        ["template", "template", "both at once", "template", "change"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_server_streams_its_list_and_goes_over_into_the_watch() {
    let double = Double::new(|seen| match seen.target.as_str() {
        "/version" => Answer::json(json!({"major": "1", "minor": "36"})),
        target if target.contains("sendInitialEvents=true") => {
            let end = json!({"metadata": {"resourceVersion": "10", "annotations": {"k8s.io/initial-events-end": "true"}}});
            let object = if target.contains("replicasets") {
                replica_set("a-1", "a")
            } else {
                deployment("a", 1, "x/a:1.0.0")
            };
            stays_open(vec![event("ADDED", object), event("BOOKMARK", end)])
        }
        other => panic!("nothing else is asked for: {other}"),
    });
    let mut view = ClusterView::default();
    until(&mut start(&double, &["shop"]), &mut view, |view| {
        is_live(view) && view.revision_count() == 1
    })
    .await;
    assert_eq!(names(&view), ["a"]);
    let sets = view.revisions_of(&Uid::new("uid-a"));
    assert_eq!(
        (sets[0].revision, &sets[0].earlier),
        (Some(3), &Earlier::Listed(vec![1, 2]))
    );
    let metadata_only = double
        .requests()
        .iter()
        .any(|seen| seen.target.contains("replicasets") && seen.accept.contains("as=PartialObjectMetadata;"));
    assert!(metadata_only, "ReplicaSets are watched as metadata only");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_to_stream_is_read_in_pages() {
    for refuses in [
        || Answer::status(422, "Invalid", "sendInitialEvents is forbidden"),
        || stays_open(vec![]),
    ] {
        let double = Double::new(move |seen| match seen.target.as_str() {
            "/version" => Answer::json(json!({"major": "1", "minor": "33"})),
            target if target.contains("sendInitialEvents") => refuses(),
            target if target.contains("watch=true") => stays_open(vec![]),
            target if target.contains("replicasets") => page(vec![], ""),
            _ => page(vec![deployment("a", 1, "x/a:1.0.0")], ""),
        });
        let mut view = ClusterView::default();
        until(&mut start(&double, &["shop"]), &mut view, |view| {
            is_live(view) && names(view) == ["a"]
        })
        .await;
    }
}

/// Fault 19.
#[tokio::test(start_paused = true)]
async fn a_version_that_is_too_old_is_listed_again_without_a_word() {
    let lists = AtomicUsize::new(0);
    let double = old_server(move |seen| {
        let listed = lists.load(Ordering::SeqCst);
        if is_watch(seen) && listed == 1 {
            let gone = json!({"kind": "Status", "status": "Failure", "code": 410, "reason": "Expired", "message": "too old"});
            return ends(vec![event("ERROR", gone)]);
        }
        if is_watch(seen) {
            return stays_open(vec![]);
        }
        lists.fetch_add(1, Ordering::SeqCst);
        if listed == 0 {
            page(
                vec![
                    deployment("a", 1, "x/a:1.0.0"),
                    deployment("gone", 1, "x/g:1.0.0"),
                ],
                "",
            )
        } else {
            page(
                vec![deployment("a", 1, "x/a:1.0.0"), deployment("new", 2, "x/n:1.0.0")],
                "",
            )
        }
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["shop"]);
    let changes = until(&mut watch, &mut view, |view| names(view) == ["a", "new"]).await;
    let bad = changes.iter().any(|change| {
        matches!(
            change,
            ClusterChange::Condition {
                condition: Condition::Stale { .. } | Condition::Refused { .. },
                ..
            }
        )
    });
    assert!(!bad, "it is quiet");
}

/// Fault 20: bounded work, and the changes still come within two seconds.
#[tokio::test(start_paused = true)]
async fn a_watch_that_is_cut_at_once_is_no_hot_loop() {
    let version = AtomicUsize::new(10);
    let double = old_server(move |seen| {
        if !is_watch(seen) {
            return page(vec![deployment("a", 1, "x/a:1.0.0")], "");
        }
        let next = version.fetch_add(1, Ordering::SeqCst) as i64 + 1;
        ends(vec![event("MODIFIED", deployment("a", next, "x/a:1.0.0"))])
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["shop"]);
    until(&mut watch, &mut view, is_live).await;
    let begun = Instant::now();
    let before = double.requests().len();
    let mut last = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        let change = watch.next().await.unwrap();
        if let ClusterChange::Workload { .. } = change {
            assert!(
                last.elapsed() <= Duration::from_secs(2),
                "a change waited {:?}",
                last.elapsed()
            );
            last = Instant::now();
        }
        view.apply(&change);
    }
    let requests = double.requests().len() - before;
    assert!(requests < 140, "{requests} requests in a minute");
    assert!(
        double
            .requests()
            .iter()
            .filter(|seen| seen.target.contains("limit="))
            .count()
            <= 2,
        "it resumes, it does not list"
    );
}

/// Fault 21: named, and the old data stays until there is new.
#[tokio::test(start_paused = true)]
async fn a_broken_line_makes_the_data_stale_and_keeps_it() {
    let watches = AtomicUsize::new(0);
    let double = old_server(move |seen| {
        if !is_watch(seen) {
            return page(vec![deployment("a", 1, "x/a:1.0.0")], "");
        }
        match watches.fetch_add(1, Ordering::SeqCst) {
            0 => ends(vec![
                "{\"type\":\"MODIFIED\",\"object\":{\"metadata\"\n".to_owned(),
            ]),
            _ => stays_open(vec![]),
        }
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["shop"]);
    let stale = |view: &ClusterView| matches!(view.worst(DEPLOYMENTS), Some(Condition::Stale { .. }));
    until(&mut watch, &mut view, stale).await;
    let Some(Condition::Stale { problem, .. }) = view.worst(DEPLOYMENTS) else {
        panic!()
    };
    assert_eq!(problem.code(), "cluster-bad-answer");
    assert_eq!(names(&view), ["a"], "what was known stays");
    until(&mut watch, &mut view, is_live).await;
}

/// Fault 13: an API server that goes away in the middle of a list.
#[tokio::test(start_paused = true)]
async fn a_list_that_fails_half_way_shows_nothing_half() {
    let requests = AtomicUsize::new(0);
    let double = old_server(move |seen| {
        if is_watch(seen) {
            return stays_open(vec![]);
        }
        match requests.fetch_add(1, Ordering::SeqCst) {
            0 => page(vec![deployment("a", 1, "x/a:1.0.0")], "more"),
            1..=6 => Answer::Error(std::io::ErrorKind::ConnectionRefused),
            _ if seen.target.contains("continue=") => page(vec![deployment("b", 1, "x/b:1.0.0")], ""),
            _ => page(vec![deployment("a", 1, "x/a:1.0.0")], "more"),
        }
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["shop"]);
    let refused = |view: &ClusterView| matches!(view.worst(DEPLOYMENTS), Some(Condition::Refused { .. }));
    until(&mut watch, &mut view, refused).await;
    assert_eq!(names(&view), Vec::<String>::new());
    until(&mut watch, &mut view, |view| {
        is_live(view) && names(view) == ["a", "b"]
    })
    .await;
}

/// Fault 23.
#[tokio::test(start_paused = true)]
async fn replica_sets_that_are_not_allowed_are_told_and_deployments_go_on() {
    let double = Double::new(|seen| match seen.target.as_str() {
        "/version" => Answer::json(json!({"major": "1", "minor": "27"})),
        target if target.contains("/replicasets") => {
            Answer::status(403, "Forbidden", "ana cannot list replicasets")
        }
        _ if is_watch(seen) => stays_open(vec![]),
        _ => page(vec![deployment("a", 1, "x/a:1.0.0")], ""),
    });
    let mut view = ClusterView::default();
    let refused = |view: &ClusterView| matches!(view.worst(REPLICA_SETS), Some(Condition::Refused { .. }));
    until(&mut start(&double, &["shop"]), &mut view, |view| {
        is_live(view) && refused(view)
    })
    .await;
    let Some(Condition::Refused { problem, .. }) = view.worst(REPLICA_SETS) else {
        panic!()
    };
    assert_eq!(problem.code(), "cluster-forbidden");
    assert!(problem.to_string().contains("ana cannot list replicasets"));
    assert_eq!(names(&view), ["a"]);
}

#[tokio::test(start_paused = true)]
async fn without_the_right_to_look_everywhere_the_visible_namespaces_are_watched() {
    let double = old_server(|seen| {
        let target = seen.target.as_str();
        if target.starts_with("/api/v1/namespaces") {
            let named = |name: &str| json!({"metadata": {"name": name}});
            return Answer::json(json!({"items": [named("shop"), named("shop-eu"), named("other")]}));
        }
        if target.starts_with("/apis/apps/v1/deployments") {
            return Answer::status(403, "Forbidden", "not everywhere");
        }
        if is_watch(seen) {
            return stays_open(vec![]);
        }
        assert!(!target.contains("/other/"), "no pattern matches it");
        if target.contains("/shop/") {
            page(vec![deployment("a", 1, "x/a:1.0.0")], "")
        } else {
            page(vec![], "")
        }
    });
    let mut view = ClusterView::default();
    let listed = |view: &ClusterView| names(view) == ["a"];
    let lives = |view: &ClusterView| view.conditions().is_live(DEPLOYMENTS, &"shop".into());
    until(&mut start(&double, &["shop*"]), &mut view, |view| {
        assert!(
            listed(view) || !lives(view),
            "not live before its first list is there"
        );
        listed(view) && lives(view)
    })
    .await;
    let told_in = |scope: Scope| view.workloads_in(WorkloadKind::Deployment, &scope).count();
    assert_eq!(told_in(Scope::Namespace("shop".into())), 1);
    assert_eq!(
        told_in(Scope::Everywhere),
        0,
        "what becomes of that scope says nothing of it"
    );
}

#[tokio::test(start_paused = true)]
async fn a_pattern_leaves_out_what_it_does_not_match() {
    let double = old_server(|seen| {
        if is_watch(seen) {
            return stays_open(vec![]);
        }
        let mut other = deployment("other", 1, "x/o:1.0.0");
        other["metadata"]["namespace"] = json!("elsewhere");
        page(vec![deployment("a", 1, "x/a:1.0.0"), other], "")
    });
    let mut view = ClusterView::default();
    until(&mut start(&double, &["sh*"]), &mut view, is_live).await;
    assert_eq!(names(&view), ["a"]);
}

/// Faults 22 and 29: each cluster has a watch of its own, so one that refuses us says nothing of another.
#[tokio::test(start_paused = true)]
async fn an_expired_token_is_named_and_the_next_one_works() {
    let requests = AtomicUsize::new(0);
    let double = old_server(move |seen| {
        if requests.fetch_add(1, Ordering::SeqCst) < 3 {
            return Answer::status(401, "Unauthorized", "Unauthorized");
        }
        if is_watch(seen) {
            stays_open(vec![])
        } else {
            page(vec![deployment("a", 1, "x/a:1.0.0")], "")
        }
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["shop"]);
    let refused = |view: &ClusterView| matches!(view.worst(DEPLOYMENTS), Some(Condition::Refused { .. }));
    until(&mut watch, &mut view, refused).await;
    let Some(Condition::Refused { problem, .. }) = view.worst(DEPLOYMENTS) else {
        panic!()
    };
    assert_eq!(problem.code(), "cluster-unauthorized");
    until(&mut watch, &mut view, is_live).await;
    assert_eq!(names(&view), ["a"]);
}

/// Seen on a real API server: for some seconds after its start it refuses everybody.
#[tokio::test(start_paused = true)]
async fn a_server_that_has_just_started_is_given_time_to_read_its_rules() {
    let requests = AtomicUsize::new(0);
    let double = old_server(move |seen| {
        assert!(
            !seen.target.starts_with("/api/v1/namespaces"),
            "it does not fall back"
        );
        match (is_watch(seen), requests.fetch_add(1, Ordering::SeqCst)) {
            (_, 2..=4) => Answer::status(403, "Forbidden", "not yet"),
            (true, 1) => ends(vec![]),
            (true, _) => stays_open(vec![]),
            (false, _) => page(vec![deployment("a", 1, "x/a:1.0.0")], ""),
        }
    });
    let mut view = ClusterView::default();
    let mut watch = start(&double, &["*"]);
    until(&mut watch, &mut view, is_live).await;
    let begun = Instant::now();
    until(&mut watch, &mut view, |view| !is_live(view)).await;
    until(&mut watch, &mut view, is_live).await;
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert_eq!(names(&view), ["a"]);
}
