use domain::workload::WorkloadKind;
use serde_json::json;

use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
}

fn template(image: &str) -> Value {
    json!({"metadata": {"labels": {"app": "a"}}, "spec": {"containers": [{"name": "a", "image": image}]}})
}

fn live(
    image: &str,
    generation: i64,
    observed: i64,
    counts: [i64; 4],
    condition: Option<(&str, i64)>,
) -> LiveWorkload {
    let [wanted, all, updated, available] = counts;
    let conditions: Vec<Value> = condition
        .into_iter()
        .map(|(reason, second)| json!({"type": "Progressing", "status": "False", "reason": reason, "lastUpdateTime": at(second).to_rfc3339()}))
        .collect();
    LiveWorkload::read(WorkloadKind::Deployment, json!({
        "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": generation, "resourceVersion": "1"},
        "spec": {"replicas": wanted, "selector": {"matchLabels": {"app": "a"}}, "template": template(image), "progressDeadlineSeconds": 60},
        "status": {"observedGeneration": observed, "replicas": all, "updatedReplicas": updated, "availableReplicas": available, "conditions": conditions},
    }))
    .unwrap()
}

fn pod(reason: Option<&str>) -> PodFacts {
    let state = reason.map_or(
        json!({"running": {}}),
        |reason| json!({"waiting": {"reason": reason, "message": "m"}}),
    );
    let pod = json!({"metadata": {"name": "p"}, "status": {"phase": "Pending", "containerStatuses": [{"name": "a", "state": state}]}});
    PodFacts::read(&pod, true)
}

fn watch(before: &LiveWorkload) -> RolloutWatch {
    let accepted = live("a:1", 7, 6, [3, 3, 0, 3], None);
    RolloutWatch::new(
        Some(before),
        &accepted,
        PodTemplate::new(template("a:1")).unwrap(),
        at(0),
    )
}

fn seen(live: LiveWorkload, pods: Vec<PodFacts>) -> Option<Observation> {
    Some(Observation { live, pods })
}

#[test]
fn the_counts_are_judged_in_the_order_of_kubectl() {
    let before = live("a:2", 6, 6, [3, 3, 3, 3], None);
    let cases = [
        (live("a:1", 7, 6, [3, 3, 3, 3], None), Progress::NotObserved),
        (live("a:1", 7, 7, [3, 4, 1, 3], None), Progress::Updating),
        (live("a:1", 7, 7, [3, 4, 3, 3], None), Progress::EndingOld),
        (live("a:1", 7, 7, [3, 3, 3, 2], None), Progress::BecomingAvailable),
        (live("a:1", 7, 7, [3, 3, 3, 3], None), Progress::Done),
        (live("a:1", 7, 7, [0, 0, 0, 0], None), Progress::DoneWithoutPods),
        // A higher generation with our template (an autoscaler) is followed.
        (live("a:1", 9, 9, [5, 5, 5, 5], None), Progress::Done),
        (
            live("a:3", 8, 8, [3, 3, 3, 3], None),
            Progress::Superseded { by: None },
        ),
    ];
    for (live, expected) in cases {
        let found = watch(&before).judge(seen(live, vec![]).as_ref(), at(1));
        assert_eq!(found, expected);
    }
    assert_eq!(watch(&before).judge(None, at(1)), Progress::Gone);
}

#[test]
fn an_old_deadline_does_not_count_until_it_changes_or_outlives_a_new_one() {
    let before = live(
        "a:2",
        6,
        6,
        [3, 3, 1, 2],
        Some(("ProgressDeadlineExceeded", -100)),
    );
    let still = || {
        seen(
            live(
                "a:1",
                7,
                7,
                [3, 3, 1, 2],
                Some(("ProgressDeadlineExceeded", -100)),
            ),
            vec![],
        )
    };
    let mut watching = watch(&before);
    assert_eq!(
        watching.judge(still().as_ref(), at(1)),
        Progress::Updating,
        "the old condition is no news"
    );
    assert!(
        matches!(watching.judge(still().as_ref(), at(66)), Progress::Failed(_)),
        "it outlived a new deadline"
    );
    let changed = seen(
        live("a:1", 7, 7, [3, 3, 1, 2], Some(("ProgressDeadlineExceeded", 40))),
        vec![],
    );
    assert!(
        matches!(
            watch(&before).judge(changed.as_ref(), at(41)),
            Progress::Failed(_)
        ),
        "a new one counts at once"
    );
}

#[test]
fn hanging_pods_fail_early_but_not_at_once() {
    let before = live("a:2", 6, 6, [3, 3, 3, 3], None);
    let mut watching = watch(&before);
    let hangs = || {
        seen(
            live("a:1", 7, 7, [3, 4, 1, 3], None),
            vec![pod(Some("ImagePullBackOff"))],
        )
    };
    assert_eq!(watching.judge(hangs().as_ref(), at(10)), Progress::Updating);
    let Progress::Failed(failure) = watching.judge(hangs().as_ref(), at(19)) else {
        panic!("nine seconds of ImagePullBackOff are a failure");
    };
    assert_eq!((failure.reason.as_str(), failure.pods), ("ImagePullBackOff", 1));
    let fine = seen(
        live("a:1", 7, 7, [3, 4, 1, 3], None),
        vec![pod(Some("ContainerCreating"))],
    );
    assert_eq!(
        watching.judge(fine.as_ref(), at(20)),
        Progress::Updating,
        "an ordinary wait is none"
    );
    assert_eq!(
        watching.judge(hangs().as_ref(), at(21)),
        Progress::Updating,
        "the wait begins anew"
    );
}

#[test]
fn the_moment_that_a_crashing_container_runs_is_no_recovery() {
    let before = live("a:2", 6, 6, [3, 3, 3, 3], None);
    let mut watching = watch(&before);
    let of = |reason| {
        let crashed = PodFacts {
            restarts: 2,
            ..pod(reason)
        };
        seen(live("a:1", 7, 7, [3, 4, 1, 3], None), vec![crashed])
    };
    let waits = of(Some("CrashLoopBackOff"));
    assert_eq!(watching.judge(waits.as_ref(), at(10)), Progress::Updating);
    assert_eq!(watching.judge(of(None).as_ref(), at(14)), Progress::Updating);
    let judged = watching.judge(waits.as_ref(), at(19));
    assert!(
        matches!(judged, Progress::Failed(_)),
        "nine seconds of crashes: {judged:?}"
    );
}

/// A pod that cannot pull shows `ErrImagePull` and `ImagePullBackOff` by turns: each pod counts, whichever it shows now.
#[test]
fn every_pod_that_hangs_is_counted() {
    let before = live("a:2", 6, 6, [3, 3, 3, 3], None);
    let hangs = || {
        let pods = ["ErrImagePull", "ImagePullBackOff", "ImagePullBackOff"].map(|reason| pod(Some(reason)));
        seen(live("a:1", 7, 7, [3, 3, 3, 0], None), pods.to_vec())
    };
    let mut watching = watch(&before);
    watching.judge(hangs().as_ref(), at(1));
    let Progress::Failed(failure) = watching.judge(hangs().as_ref(), at(20)) else {
        panic!("it hangs for too long");
    };
    assert_eq!(failure.pods, 3, "{failure:?}");
}

#[test]
fn pods_of_another_template_are_not_counted_as_the_own_ones() {
    let ready = |of_target| PodFacts {
        of_target,
        phase: PodPhase::Ready,
        ..pod(None)
    };
    let look = |pods| seen(live("a:1", 7, 7, [3, 4, 2, 3], None), pods).unwrap();
    let failing = look(vec![pod(Some("ImagePullBackOff")), ready(false), ready(false)]);
    assert_eq!(failing.ready(), 0, "the old ones answer, the new one does not");
    assert!(failing.others_serve());
    let taken_over = look(vec![ready(true), pod(Some("ImagePullBackOff"))]);
    assert_eq!(taken_over.ready(), 1);
    assert!(!taken_over.others_serve(), "no pod of another template is left");
}
