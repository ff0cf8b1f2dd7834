//! The drawer over answers as a cluster in trouble gives them.

use serde_json::json;

use super::*;
use crate::double::{Answer, Double};

fn cluster() -> Double {
    Double::new(|seen| {
        let (path, query) = seen.target.split_once('?').unwrap_or((&seen.target, ""));
        match path {
            "/apis/apps/v1/namespaces/shop/deployments/cart" => Answer::json(json!({
                "metadata": {"name": "cart", "namespace": "shop", "uid": "d", "generation": 2,
                    "managedFields": [{"manager": "kubectl"}],
                    "annotations": {LAST_APPLIED: "{\"secret\":1}", "team": "money"}},
                "spec": {"selector": {"matchLabels": {"app": "cart"}},
                    "template": {"spec": {"containers": [{"name": "app", "image": "x:1"}]}}}})),
            "/apis/apps/v1/namespaces/shop/replicasets" => Answer::json(json!({"items": [
                {"metadata": {"uid": "rs", "name": "cart-1", "ownerReferences": [{"kind": "Deployment", "name": "cart", "uid": "d", "controller": true}]}},
                {"metadata": {"uid": "foreign", "name": "x", "ownerReferences": [{"kind": "Deployment", "name": "x", "uid": "x", "controller": true}]}}]})),
            "/api/v1/namespaces/shop/pods" => {
                assert!(query.contains("labelSelector=app%3Dcart"), "{query}");
                let owner = |uid: &str| json!([{"kind": "ReplicaSet", "uid": uid, "controller": true}]);
                Answer::json(json!({"items": [
                    {"metadata": {"uid": "p0", "name": "cart-ok", "ownerReferences": owner("rs"), "creationTimestamp": "2026-03-01T00:00:00Z"},
                     "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
                        "containerStatuses": [{"name": "app", "image": "x:1", "imageID": "docker.io/x@sha256:aa", "ready": true, "restartCount": 0, "state": {"running": {}}}]}},
                    {"metadata": {"uid": "p1", "name": "cart-bad", "ownerReferences": owner("rs"), "creationTimestamp": "2026-03-02T00:00:00Z"},
                     "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}],
                        "containerStatuses": [{"name": "app", "image": "x:1", "ready": false, "restartCount": 4,
                            "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s"}},
                            "lastState": {"terminated": {"exitCode": 2, "reason": "Error"}}}]}},
                    {"metadata": {"uid": "p2", "name": "not-ours", "ownerReferences": owner("foreign")}, "status": {}}]}))
            }
            "/api/v1/namespaces/shop/pods/cart-bad/log" => {
                assert!(
                    query.contains("tailLines=100") && query.contains("container=app"),
                    "{query}"
                );
                let which = if query.contains("previous=true") {
                    "before"
                } else {
                    "now"
                };
                Answer::Whole(200, vec![], format!("panic {which}\n"))
            }
            "/api/v1/namespaces/shop/events" => Answer::json(json!({"items": [
                {"metadata": {"creationTimestamp": "2026-03-02T00:00:01Z"}, "involvedObject": {"kind": "Pod", "name": "cart-bad", "uid": "p1"},
                 "type": "Warning", "reason": "BackOff", "message": "restarting", "count": 7, "lastTimestamp": "2026-03-02T00:09:00Z", "source": {"component": "kubelet"}},
                {"metadata": {}, "involvedObject": {"kind": "Deployment", "name": "cart", "uid": "d"}, "type": "Normal", "reason": "Scaled",
                 "eventTime": "2026-03-02T00:10:00.000001Z", "reportingComponent": "deployment-controller"},
                {"metadata": {}, "involvedObject": {"kind": "Pod", "name": "other", "uid": "zz"}, "reason": "X"}]})),
            other => panic!("{other}"),
        }
    })
}

#[tokio::test]
async fn the_drawer_shows_pods_reasons_logs_and_events() {
    let found = drawer(
        &cluster().clients(),
        WorkloadKind::Deployment,
        &"shop".into(),
        "cart",
    )
    .await
    .unwrap();
    assert!(
        !found.yaml.contains("managedFields") && !found.yaml.contains("secret"),
        "{}",
        found.yaml
    );
    assert!(found.yaml.contains("team: money"));
    let pods = found.pods.unwrap();
    let told: Vec<_> = pods
        .iter()
        .map(|pod| (pod.name.as_str(), pod.ready, pod.restarts, pod.reason.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("cart-bad", false, 4, Some("CrashLoopBackOff")),
            ("cart-ok", true, 0, None)
        ],
        "failing first, foreign not"
    );
    assert_eq!(pods[1].containers[0].digest.as_deref(), Some("sha256:aa"));
    let logs: Vec<_> = found
        .logs
        .iter()
        .map(|log| (log.previous, log.text.clone().unwrap()))
        .collect();
    assert_eq!(
        logs,
        [
            (false, "panic now\n".to_owned()),
            (true, "panic before\n".to_owned())
        ]
    );
    let events: Vec<_> = found
        .events
        .unwrap()
        .into_iter()
        .map(|event| (event.reason, event.count, event.source))
        .collect();
    let expected = [("Scaled", 1, "deployment-controller"), ("BackOff", 7, "kubelet")];
    assert_eq!(
        events,
        expected.map(|(reason, count, source)| (reason.to_owned(), count, source.to_owned()))
    );
}
