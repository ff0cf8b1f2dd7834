//! What `kubectl rollout undo` makes of an object is what a rollback of ours must make of one that is equal.

use serde_json::{Value, json};
use tests::cluster::Person;
use wire::rollback::{TargetRequest, VerdictWord};
use wire::workspace::TierWord;

use crate::harness::{Care, Stage};

const VERSIONS: [&str; 3] = ["1.0.0", "1.1.0", "1.2.0"];

/// What a rollback decides: the template, its revision, and how the rollout came out.
fn outcome(object: &Value) -> Value {
    let status = &object["status"];
    let conditions = status["conditions"].as_array().unwrap();
    let mut conditions: Vec<Value> = conditions
        .iter()
        .map(|one| json!([one["type"], one["status"], one["reason"]]))
        .collect();
    conditions.sort_by_key(Value::to_string);
    let counts = [
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
    ];
    let counts = counts.map(|name| (name, status[name].clone()));
    json!({
        "template": object["spec"]["template"],
        "replicas": object["spec"]["replicas"],
        "revision": object["metadata"]["annotations"]["deployment.kubernetes.io/revision"],
        "observed": status["observedGeneration"] == object["metadata"]["generation"],
        "counts": Value::from_iter(counts),
        "conditions": conditions,
    })
}

/// The ReplicaSets: which template at which revision, with how many pods.
async fn sets(stage: &Stage) -> Vec<Value> {
    let text = stage.kubectl(&["get", "replicasets", "-o", "json"]).await;
    let list: Value = serde_json::from_str(&text).unwrap();
    let mut sets: Vec<Value> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|set| {
            let revision = &set["metadata"]["annotations"]["deployment.kubernetes.io/revision"];
            json!([set["spec"]["template"]["spec"], revision, set["spec"]["replicas"]])
        })
        .collect();
    sets.sort_by_key(Value::to_string);
    sets
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rollback_is_what_kubectl_rollout_undo_does() {
    let (theirs, ours) = tokio::join!(
        Stage::running("undo-kubectl", &VERSIONS),
        Stage::running("undo-tidemark", &VERSIONS)
    );
    assert_eq!(
        outcome(&theirs.object().await),
        outcome(&ours.object().await),
        "they begin alike"
    );
    theirs.kubectl(&["rollout", "undo", "deployment/checkout"]).await;
    let wait = ["rollout", "status", "deployment/checkout", "--timeout=60s"];
    theirs.kubectl(&wait).await;

    let app = ours.open(Person::Releaser, Care::of(TierWord::Staging)).await;
    app.runs("1.2.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");

    let expected = outcome(&theirs.object().await);
    let image = &expected["template"]["spec"]["containers"][0]["image"];
    assert!(
        image.as_str().unwrap().ends_with(":1.1.0"),
        "kubectl undid it: {image}"
    );
    assert_eq!(expected["revision"], "4");
    assert_eq!(outcome(&ours.object().await), expected);
    assert_eq!(sets(&ours).await, sets(&theirs).await);
}
