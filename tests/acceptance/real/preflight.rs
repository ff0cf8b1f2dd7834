//! What only a real API server's admission says: quota, pod security, a policy's denial.

use serde_json::{Value, json};
use tests::cluster::{Person, shared, until};
use wire::rollback::{Finding, FindingWord, Plan, TargetRequest, VerdictWord};
use wire::workspace::TierWord;

use crate::harness::gestures::keys;
use crate::harness::{App, Care, Stage};

async fn opened(prefix: &str) -> (Stage, App) {
    let stage = Stage::running(prefix, &["1.0.0", "1.1.0"]).await;
    let app = stage.open(Person::Releaser, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    (stage, app)
}

async fn apply(stage: &Stage, object: Value) {
    let file = stage.folder.path().join("admission.json");
    std::fs::write(&file, object.to_string()).unwrap();
    stage.kubectl(&["apply", "-f", &file.display().to_string()]).await;
}

fn finding<'p>(plan: &'p Plan, code: &str) -> &'p Finding {
    plan.findings.iter().find(|one| one.code == code).unwrap()
}

/// `exceeded quota` is the same 403 as a missing right, and no missing right: the surge may wait.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_that_is_full_is_a_warning_and_no_missing_right() {
    let (stage, app) = opened("quota").await;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": stage.namespace},
        "spec": {"hard": {"pods": "2"}},
    });
    apply(&stage, quota).await;
    let plan = until("the quota is counted", async || {
        let plan = app.plan(TargetRequest::Previous).await;
        let warned = keys(&plan, FindingWord::Warn).contains(&"quota");
        Ok(warned.then_some(plan))
    });
    let plan = plan.await.unwrap();
    assert_eq!(plan.level, Some(2), "{:?}", plan.findings);
    let reason = &finding(&plan, "quota").facts["reason"];
    assert!(reason.contains("exceeded quota: few"), "{reason}");
}

/// The dry run asks for one pod, and one more fits: the surge of two does not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_with_room_for_a_part_of_the_surge_is_a_warning() {
    let stage = Stage::running("surge", &["1.0.0", "1.1.0"]).await;
    let strategy = json!({"spec": {"strategy": {"rollingUpdate": {"maxSurge": 2}}}});
    stage.ground.merge(strategy).await.unwrap();
    let app = stage.open(Person::Releaser, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    assert!(
        keys(&plan, FindingWord::Pass).contains(&"quota"),
        "without a quota: {:?}",
        plan.findings
    );
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": stage.namespace},
        "spec": {"hard": {"pods": "3"}},
    });
    apply(&stage, quota).await;
    let plan = until("the quota is counted", async || {
        let plan = app.plan(TargetRequest::Previous).await;
        let warned = keys(&plan, FindingWord::Warn).contains(&"quota/few");
        Ok(warned.then_some(plan))
    });
    let plan = plan.await.unwrap();
    let facts = &finding(&plan, "quota").facts;
    let told = ["resource", "used", "hard", "surge"].map(|name| facts[name].as_str());
    assert_eq!(told, ["pods", "2", "3", "2"]);
    assert!(keys(&plan, FindingWord::Pass).contains(&"pod-admission"));
}

/// A dry run of the patch does not exercise pod admission: only the pod's own does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pod_security_that_refuses_the_pods_blocks() {
    let (stage, app) = opened("security").await;
    let label = "pod-security.kubernetes.io/enforce=restricted";
    let words = ["label", "namespace", stage.namespace.as_str(), label];
    shared()
        .kubectl(Person::Admin, &words)
        .await
        .unwrap()
        .ok()
        .unwrap();
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        keys(&plan, FindingWord::Block),
        ["pod-admission"],
        "{:?}",
        plan.findings
    );
    let reason = &finding(&plan, "pod-admission").facts["reason"];
    assert!(reason.contains("violates PodSecurity"), "{reason}");
    assert!(keys(&plan, FindingWord::Pass).contains(&"dry-run"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_that_denies_the_change_blocks_with_its_own_words() {
    let (stage, app) = opened("policy").await;
    let name = format!("no-old-{}", stage.namespace);
    let policy = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": name},
        "spec": {
            "matchConstraints": {"resourceRules": [{
                "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["UPDATE"], "resources": ["deployments"],
            }]},
            "validations": [{
                "expression": "!object.spec.template.spec.containers.exists(c, c.image.endsWith(':1.0.0'))",
                "message": "1.0.0 is withdrawn",
            }],
        },
    });
    let binding = json!({
        "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": name},
        "spec": {"policyName": name, "validationActions": ["Deny"], "matchResources": {"namespaceSelector": {
            "matchLabels": {"kubernetes.io/metadata.name": stage.namespace}}}},
    });
    apply(
        &stage,
        json!({"apiVersion": "v1", "kind": "List", "items": [policy, binding]}),
    )
    .await;
    let plan = until("the policy is in force", async || {
        let plan = app.plan(TargetRequest::Previous).await;
        let blocked = keys(&plan, FindingWord::Block).contains(&"dry-run");
        Ok(blocked.then_some(plan))
    });
    let plan = plan.await.unwrap();
    assert_eq!(plan.level, None);
    let reason = &finding(&plan, "dry-run").facts["reason"];
    assert!(reason.contains("1.0.0 is withdrawn"), "{reason}");
}

/// kubernetes/kubernetes#94698: `kubectl rollout undo` leaves `last-applied-configuration` behind, too; the next
/// `kubectl apply` of the team brings its own version all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_apply_by_kubectl_brings_its_own_version() {
    let stage = Stage::new("client-side").await;
    let applied = async |version: &str| {
        let mut object = tests::contract::ground::deployment(version, 2);
        object["apiVersion"] = json!("apps/v1");
        object["kind"] = json!("Deployment");
        apply(&stage, object).await;
        stage.ground.settled().await.unwrap();
    };
    applied("1.0.0").await;
    applied("1.1.0").await;
    let app = stage.open(Person::Releaser, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let pointer = "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";
    let before = stage.object().await.pointer(pointer).cloned();
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert_eq!(
        stage.object().await.pointer(pointer).cloned(),
        before,
        "the team's, not ours"
    );
    assert!(stage.image().await.ends_with(":1.0.0"));
    applied("1.2.0").await;
    assert!(stage.image().await.ends_with(":1.2.0"));
}
