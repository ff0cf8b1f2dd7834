//! How the containers behave, as stages for kwok: an image's tag decides.
//!
//! | the image ends in | what its container does |
//! | --- | --- |
//! | `-pullfail` | waits for ever: `ImagePullBackOff` |
//! | `-configerror` | waits for ever: `CreateContainerConfigError` |
//! | `-crashloop` | runs for 0.5 s, is restarted, waits 3 s in `CrashLoopBackOff`, and so on; never ready |
//! | `-slow` | runs at once and is ready 5 s later |
//! | anything else | runs and is ready at once; in a Job it completes |
//!
//! The status itself is `manifests/pod-status.tmpl`. Every container has the same log: kwok selects
//! logs by name, not by state.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

const POD_STATUS: &str = include_str!("manifests/pod-status.tmpl");
const NODE_STAGES: &str = include_str!("manifests/node-stages.yaml");

/// Lines in every container's log: `line 1 of the container` and so on.
pub const CONTAINER_LOG_LINES: usize = 250;
/// Lines in the log of every container's previous run: `line 1 of the previous container` and so on.
pub const PREVIOUS_LOG_LINES: usize = 120;

/// An expression for jq that finds containers whose image ends in one of the special tags.
const SPECIAL: &str = r#".spec.containers[].image | select(test("-(pullfail|configerror|crashloop|slow)$"))"#;

/// The file for kwok's `--config`.
pub(super) fn kwok_configuration(container_log: &Path, previous_log: &Path) -> String {
    let mut documents = vec![NODE_STAGES.to_owned()];
    documents.extend(pod_stages().iter().map(Value::to_string));
    documents.push(logs(container_log, previous_log).to_string());
    documents.join("\n---\n")
}

/// A log in the form that container runtimes write, its lines a second apart.
pub(super) fn container_log(lines: usize, of: &str) -> String {
    (1..=lines).fold(String::new(), |mut log, line| {
        let (minute, second) = (line / 60, line % 60);
        // Writing to a String cannot fail.
        let _ = writeln!(
            log,
            "2026-01-01T00:{minute:02}:{second:02}.000000000Z stdout F line {line} of the {of}"
        );
        log
    })
}

fn pod_stages() -> Vec<Value> {
    let new = || {
        vec![
            in_("Pending", ".status.phase"),
            absent(".status.containerStatuses[].name"),
        ]
    };
    let ends_in = |tag: &str| {
        exists(&format!(
            r#".spec.containers[].image | select(endswith("-{tag}"))"#
        ))
    };
    let state_of_crashing = |state: &str| {
        exists(&format!(
            r#".status.containerStatuses[] | select(.image | endswith("-crashloop")) | .state.{state}"#
        ))
    };
    vec![
        stage(
            "pod-ready",
            0,
            [new(), vec![absent(SPECIAL)]].concat(),
            status(None),
        ),
        stage(
            "pod-slow",
            0,
            [new(), vec![ends_in("slow")]].concat(),
            status(None),
        ),
        stage(
            "pod-slow-ready",
            5000,
            vec![in_("Running", ".status.phase"), ends_in("slow"), not_ready()],
            status(None),
        ),
        stage(
            "pod-pullfail",
            0,
            [new(), vec![ends_in("pullfail")]].concat(),
            status(Some(("Failed", "Error: ImagePullBackOff"))),
        ),
        stage(
            "pod-configerror",
            0,
            [new(), vec![ends_in("configerror")]].concat(),
            status(Some(("Failed", "Error: configmap \"missing\" not found"))),
        ),
        stage(
            "pod-crashloop",
            0,
            [new(), vec![ends_in("crashloop")]].concat(),
            status(None),
        ),
        stage(
            "pod-crash",
            500,
            vec![state_of_crashing("running.startedAt")],
            status(Some(("BackOff", "Back-off restarting failed container"))),
        ),
        stage(
            "pod-restart",
            3000,
            vec![state_of_crashing("waiting.reason")],
            status(None),
        ),
        stage(
            "pod-complete",
            500,
            vec![
                in_("Running", ".status.phase"),
                in_("Job", ".metadata.ownerReferences.[].kind"),
            ],
            completed(),
        ),
        delete_stage(),
    ]
}

fn stage(name: &str, delay_milliseconds: u64, mut when: Vec<Value>, next: Value) -> Value {
    when.push(absent(".metadata.deletionTimestamp"));
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": name},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": "Pod"},
            "selector": {"matchExpressions": when},
            "delay": {"durationMilliseconds": delay_milliseconds},
            "next": next,
        },
    })
}

fn delete_stage() -> Value {
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "Stage",
        "metadata": {"name": "pod-delete"},
        "spec": {
            "resourceRef": {"apiGroup": "v1", "kind": "Pod"},
            "selector": {"matchExpressions": [exists(".metadata.deletionTimestamp")]},
            "next": {"delete": true},
        },
    })
}

/// The next status, and the warning (reason, message) that a kubelet would send with it.
fn status(warning: Option<(&str, &str)>) -> Value {
    match warning {
        None => json!({"statusTemplate": POD_STATUS}),
        Some((reason, message)) => json!({
            "statusTemplate": POD_STATUS,
            "event": {"type": "Warning", "reason": reason, "message": message},
        }),
    }
}

fn completed() -> Value {
    json!({"statusTemplate": r#"
{{ $now := Now }}
phase: Succeeded
containerStatuses:
{{ range .status.containerStatuses }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .imageID | Quote }}
  ready: false
  started: false
  restartCount: {{ .restartCount }}
  state:
    terminated:
      exitCode: 0
      reason: Completed
      startedAt: {{ $now | Quote }}
      finishedAt: {{ $now | Quote }}
{{ end }}
"#})
}

fn logs(container_log: &Path, previous_log: &Path) -> Value {
    json!({
        "apiVersion": "kwok.x-k8s.io/v1alpha1",
        "kind": "ClusterLogs",
        "metadata": {"name": "every-container"},
        "spec": {"logs": [{"logsFile": container_log, "previousLogsFile": previous_log}]},
    })
}

fn not_ready() -> Value {
    json!({
        "key": r#".status.conditions.[] | select(.type == "Ready") | .status"#,
        "operator": "NotIn",
        "values": ["True"],
    })
}

fn in_(value: &str, key: &str) -> Value {
    json!({"key": key, "operator": "In", "values": [value]})
}

fn exists(key: &str) -> Value {
    json!({"key": key, "operator": "Exists"})
}

fn absent(key: &str) -> Value {
    json!({"key": key, "operator": "DoesNotExist"})
}
