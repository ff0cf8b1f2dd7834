//! The table of preflight (rollback.md), row by row, where the cluster, the ledger or Git must be so.

use demo::cluster::{Account, Denial};
use kube::Api;
use kube::api::{DeleteParams, Patch, PatchParams};
use serde_json::{Value, json};
use wire::rollback::{FindingWord, Plan, TargetRequest, VerdictWord};
use wire::workspace::TierWord;

use crate::harness::demo_stage::NAMESPACE;
use crate::harness::gestures::keys;
use crate::harness::{App, Care, DemoStage, Repository};

const VERSIONS: [&str; 2] = ["1.0.0", "1.1.0"];

fn lena() -> Account {
    Account::named("lena", &["release-managers"])
}

async fn planned(stage: &DemoStage, account: Account) -> (App, Plan) {
    let app = stage.open_as(account, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    (app, plan)
}

fn named(kind: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": NAMESPACE}})
}

/// Rolls [`VERSIONS`], with something more in the pod's specification of the first.
async fn running_first_with(stage: &DemoStage, more: Value) {
    let mut spec = json!({"containers": [{"name": "app", "image": "registry.example/checkout:1.0.0"}]});
    merge(&mut spec, more);
    let spec = json!({"spec": {"template": {"spec": spec}}});
    stage.ground.merge(spec).await.unwrap();
    stage.ground.settled().await.unwrap();
    let plain = json!({"spec": {"template": {"spec": {
        "serviceAccountName": null, "volumes": null,
        "containers": [{"name": "app", "image": "registry.example/checkout:1.1.0"}]}}}});
    stage.ground.merge(plain).await.unwrap();
    stage.ground.settled().await.unwrap();
}

fn merge(into: &mut Value, more: Value) {
    let (Value::Object(into), Value::Object(more)) = (into, more) else {
        panic!("two objects");
    };
    into.extend(more);
}

/// What the target names and what is gone of it blocks; what it names as optional does not.
#[tokio::test]
async fn what_the_target_names_must_be_there_unless_it_is_optional() {
    let from = |source: &str, optional: bool| {
        json!({"containers": [{"name": "app", "image": "registry.example/checkout:1.0.0",
            "envFrom": [{source: {"name": "gone", "optional": optional}}]}]})
    };
    let volume = json!({"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "gone"}}]});
    let cases = [
        ("references/ConfigMap gone", from("configMapRef", false), true),
        ("references", from("configMapRef", true), false),
        ("references", from("secretRef", true), false),
        ("references/PersistentVolumeClaim gone", volume, true),
        (
            "references/ServiceAccount gone",
            json!({"serviceAccountName": "gone"}),
            true,
        ),
    ];
    let checks = cases.map(async |(key, more, blocks)| {
        let stage = DemoStage::running(&["0.9.0"]).await;
        for kind in ["ConfigMap", "Secret", "PersistentVolumeClaim", "ServiceAccount"] {
            stage.cluster.load(vec![named(kind, "gone")]).unwrap();
        }
        running_first_with(&stage, more).await;
        remove_all(&stage).await;
        let (_app, plan) = planned(&stage, lena()).await;
        assert_eq!(plan.to.version, "1.0.0");
        let result = if blocks {
            FindingWord::Block
        } else {
            FindingWord::Pass
        };
        assert!(keys(&plan, result).contains(&key), "{key}: {:?}", plan.findings);
        assert_eq!(plan.level.is_none(), blocks, "{key}: {:?}", plan.findings);
    });
    futures::future::join_all(checks).await;
}

async fn remove_all(stage: &DemoStage) {
    use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim, Secret, ServiceAccount};
    let gone = DeleteParams::default();
    stage
        .ground
        .api::<ConfigMap>()
        .delete("gone", &gone)
        .await
        .unwrap();
    stage.ground.api::<Secret>().delete("gone", &gone).await.unwrap();
    stage
        .ground
        .api::<ServiceAccount>()
        .delete("gone", &gone)
        .await
        .unwrap();
    let claims: Api<PersistentVolumeClaim> = stage.ground.api();
    claims.delete("gone", &gone).await.unwrap();
}

/// argoproj/argo-rollouts#1297: what changed since the target ran is said, and is not rolled back.
#[tokio::test]
async fn a_config_map_that_changed_since_is_warned_of_and_stays() {
    let stage = DemoStage::running(&["0.9.0"]).await;
    let mut features = named("ConfigMap", "features");
    features["data"] = json!({"gift_wrap": "off", "express": "on"});
    stage.cluster.load(vec![features]).unwrap();
    let app = stage.open_as(lena(), Care::of(TierWord::Staging)).await;
    let environment = json!([{"configMapRef": {"name": "features"}}]);
    for (version, gift_wrap) in [("1.0.0", "off"), ("1.1.0", "on")] {
        let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = stage.ground.api();
        let data = Patch::Merge(json!({"data": {"gift_wrap": gift_wrap}}));
        maps.patch("features", &PatchParams::default(), &data)
            .await
            .unwrap();
        let image = format!("registry.example/checkout:{version}");
        let containers = json!([{"name": "app", "image": image, "envFrom": environment}]);
        let template = json!({"spec": {"template": {"spec": {"containers": containers}}}});
        stage.ground.merge(template).await.unwrap();
        app.runs(version).await;
        // What went with it is kept in the background.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        keys(&plan, FindingWord::Warn),
        ["configuration/ConfigMap features"]
    );
    let finding = plan
        .findings
        .iter()
        .find(|one| one.code == "configuration")
        .unwrap();
    assert_eq!(finding.facts["keys"], "gift_wrap");
    assert_eq!((plan.level, plan.sentence.configuration), (Some(2), 1));
    assert!(
        plan.stays.iter().any(|one| one.subject == "ConfigMap features"),
        "{:?}",
        plan.stays
    );
    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let map: k8s_openapi::api::core::v1::ConfigMap = stage.ground.api().get("features").await.unwrap();
    assert_eq!(map.data.unwrap()["gift_wrap"], "on", "it was left as it is");
}

/// What may not be read is no proof that it is as it was (rollback.md: "never green").
#[tokio::test]
async fn a_configuration_that_may_not_be_read_is_unknown() {
    let from = |source: &str, optional: bool| {
        json!({"containers": [{"name": "app", "image": "registry.example/checkout:1.0.0",
            "envFrom": [{source: {"name": "gone", "optional": optional}}]}]})
    };
    let cases = [
        ("secrets", "secretRef", false, "Secret gone"),
        ("secrets", "secretRef", true, "Secret gone"),
        ("configmaps", "configMapRef", false, "ConfigMap gone"),
        ("configmaps", "configMapRef", true, "ConfigMap gone"),
    ];
    let checks = cases.map(async |(resource, source, optional, subject)| {
        let stage = DemoStage::running(&["0.9.0"]).await;
        for kind in ["ConfigMap", "Secret"] {
            stage.cluster.load(vec![named(kind, "gone")]).unwrap();
        }
        running_first_with(&stage, from(source, optional)).await;
        let account = lena().without(Denial::of("get", resource));
        let (_app, plan) = planned(&stage, account).await;
        let configuration = format!("configuration/{subject}");
        let references = format!("references/{subject}");
        let mut expected = vec![configuration.as_str()];
        if !optional {
            expected.insert(0, &references);
        }
        assert_eq!(
            (keys(&plan, FindingWord::Unknown), plan.level),
            (expected, Some(2)),
            "{resource}, optional {optional}: {:?}",
            plan.findings
        );
        let finding = plan.findings.iter().find(|one| one.key == configuration).unwrap();
        assert_eq!(finding.facts["problem"], "unread");
        assert!(finding.facts["reason"].contains(resource), "{finding:?}");
    });
    futures::future::join_all(checks).await;
}

/// It starts without what is optional, and not as it ran then.
#[tokio::test]
async fn an_optional_configuration_that_is_gone_since_is_warned_of() {
    use k8s_openapi::api::core::v1::ConfigMap;
    let stage = DemoStage::running(&["0.9.0"]).await;
    stage.cluster.load(vec![named("ConfigMap", "gone")]).unwrap();
    let app = stage.open_as(lena(), Care::of(TierWord::Staging)).await;
    let more = json!({"containers": [{"name": "app", "image": "registry.example/checkout:1.0.0",
        "envFrom": [{"configMapRef": {"name": "gone", "optional": true}}]}]});
    let spec = json!({"spec": {"template": {"spec": more}}});
    stage.ground.merge(spec).await.unwrap();
    app.runs("1.0.0").await;
    // What went with it is kept in the background.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    stage.ground.roll("1.1.0").await.unwrap();
    app.runs("1.1.0").await;
    let maps: Api<ConfigMap> = stage.ground.api();
    maps.delete("gone", &DeleteParams::default()).await.unwrap();
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        (keys(&plan, FindingWord::Warn), plan.sentence.configuration),
        (vec!["configuration/ConfigMap gone"], 1),
        "{:?}",
        plan.findings
    );
    let finding = plan.findings.iter().find(|one| one.code == "configuration");
    assert_eq!(finding.unwrap().facts["problem"], "gone");
}

/// helm/helm#5825: the schema moved on. Where the repository does not say, nobody knows.
#[tokio::test]
async fn migrations_between_the_versions_are_a_warning_and_no_repository_is_unknown() {
    let mut stage = DemoStage::running(&["1.0.0", "2.0.0"]).await;
    stage
        .repository
        .commit("migrations/V2__orders.sql", "feat: keep orders");
    stage.repository.release("2.0.0", &["fix: take them"]);
    let app = stage.open_staging().await;
    app.runs("2.0.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        keys(&plan, FindingWord::Warn),
        ["migrations/migrations/V2__orders.sql"]
    );
    assert_eq!((plan.level, plan.sentence.migrations), (Some(2), Some(1)));
    assert!(
        plan.stays.iter().any(|one| one.kind == "database"),
        "{:?}",
        plan.stays
    );
    drop(app);
    stage.repository = Repository {
        path: stage.folder.path().join("nowhere"),
    };
    stage.data = stage.folder.path().join("other-data");
    let app = stage.open_staging().await;
    app.runs("2.0.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(keys(&plan, FindingWord::Unknown), ["migrations"]);
    assert_eq!(
        (plan.level, plan.sentence.migrations),
        (Some(2), None),
        "never green"
    );
}

/// What the object is like, and what stands around it, is to be acknowledged.
#[tokio::test]
async fn warnings_of_the_object_and_its_surroundings() {
    let empty = json!({"spec": {"replicas": 0}});
    let recreate = json!({"spec": {"strategy": {"type": "Recreate", "rollingUpdate": null}}});
    let cases = [
        ("zero-replicas", Some(empty)),
        ("recreate", Some(recreate)),
        ("disruption-budget/full", None),
    ];
    let checks = cases.map(async |(key, patch)| {
        let stage = DemoStage::running(&VERSIONS).await;
        match patch {
            Some(patch) => drop(stage.ground.merge(patch).await.unwrap()),
            None => {
                let budget = json!({
                    "apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
                    "metadata": {"name": "full", "namespace": NAMESPACE},
                    "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "checkout"}}},
                });
                stage.cluster.load(vec![budget]).unwrap();
            }
        }
        stage.ground.settled().await.unwrap();
        let (_app, plan) = planned(&stage, lena()).await;
        assert_eq!(
            (keys(&plan, FindingWord::Warn), plan.level),
            (vec![key], Some(2)),
            "{:?}",
            plan.findings
        );
    });
    futures::future::join_all(checks).await;
}

/// What can't be checked is *unknown* and lifts the operation to level 2; the Event is no planned verb.
#[tokio::test]
async fn what_the_account_may_not_see_is_unknown_and_a_missing_event_is_only_said() {
    let cases = [
        (Denial::of("create", "pods"), "pod-admission"),
        (Denial::of("list", "horizontalpodautoscalers"), "autoscaler"),
        (Denial::of("list", "poddisruptionbudgets"), "disruption-budget"),
        (
            Denial::of("list", "nodes"),
            "image/registry.example/checkout:1.0.0",
        ),
    ];
    let checks = cases.map(async |(denial, key)| {
        let stage = DemoStage::running(&VERSIONS).await;
        let (_app, plan) = planned(&stage, lena().without(denial)).await;
        assert_eq!(
            (keys(&plan, FindingWord::Unknown), plan.level),
            (vec![key], Some(2)),
            "{:?}",
            plan.findings
        );
    });
    futures::future::join_all(checks).await;
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, lena().without(Denial::of("create", "events"))).await;
    let event = plan
        .findings
        .iter()
        .find(|one| one.code == "event-trace")
        .unwrap();
    assert_eq!(
        (event.result, event.facts["allowed"].as_str()),
        (FindingWord::Pass, "no")
    );
    assert_eq!(plan.level, Some(0), "{:?}", plan.findings);
    let operation = app.carry_out(&plan).await;
    let traced = operation.steps.iter().find(|step| step.kind == "traced").unwrap();
    assert_eq!(traced.facts["written"], "no", "skipped, and said");
}
