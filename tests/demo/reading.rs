//! What the crate `cluster` reads on the demo cluster: the same as on a real one, and never knowing.

use std::time::Duration;

use chrono::Utc;
use cluster::history::{revisions, workload};
use cluster::{Clients, ClusterView, Condition, WatchOptions, Watched, template_facts, watch};
use demo::cluster::{DemoCluster, Options};
use domain::deployment::RunningVersion;
use domain::history::{EarlierRun, infer};
use domain::template::VersionHints;
use domain::workload::WorkloadKind;
use domain::workspace::NamespacePattern;
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;
use kube::api::{Patch, PatchParams, PostParams};
use serde_json::json;

const DEPLOYMENTS: Watched = Watched::Workloads(WorkloadKind::Deployment);

const SHOP: &str = "shop";

#[tokio::test]
async fn the_watch_and_the_history_of_the_demo_are_read_as_of_any_cluster() {
    let cluster = DemoCluster::start("demo", Options::quick());
    cluster
        .load(vec![
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SHOP}}),
        ])
        .expect("because every cluster has namespaces");
    let clients = Clients::over("demo", |_| cluster.client());
    let objects: Api<Deployment> = Api::namespaced(cluster.client(), SHOP);
    let namespaces = vec![NamespacePattern::new("sh*")];
    let mut changes = watch(
        &clients,
        WatchOptions {
            namespaces,
            ..WatchOptions::default()
        },
    );
    let mut view = ClusterView::default();

    let object = json!({"metadata": {"name": "cart"}, "spec": {"replicas": 2,
        "selector": {"matchLabels": {"app": "cart"}},
        "template": {"metadata": {"labels": {"app": "cart"}}, "spec": {"containers": [{"name": "cart", "image": "shop/cart:1.0.0"}]}}}});
    objects
        .create(&PostParams::default(), &serde_json::from_value(object).unwrap())
        .await
        .unwrap();
    for version in ["1.0.0", "1.1.0", "1.0.0"] {
        let containers = json!([{"name": "cart", "image": format!("shop/cart:{version}")}]);
        let patch = json!({"spec": {"template": {"spec": {"containers": containers}}}});
        let patched = objects
            .patch("cart", &PatchParams::default(), &Patch::Strategic(patch))
            .await
            .unwrap();
        // The watch may still show the rollout before this one, complete.
        let generation = patched.metadata.generation.unwrap();
        let rolled_out = async {
            loop {
                view.apply(&changes.next().await.unwrap());
                let done = view.workloads().any(|one| {
                    one.generation >= generation
                        && one.observed()
                        && one.rollout.updated == 2
                        && one.rollout.available == 2
                        && one.rollout.pods == 2
                });
                let live = matches!(view.worst(DEPLOYMENTS), Some(Condition::Live));
                if done
                    && live
                    && workload(&clients, WorkloadKind::Deployment, &SHOP.into(), "cart")
                        .await
                        .unwrap()
                        .template
                        .containers()[0]
                        .1
                        .ends_with(version)
                    && view.workloads().all(|one| one.observed())
                {
                    break;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), rolled_out)
            .await
            .expect("it rolls out");
    }

    let live = workload(&clients, WorkloadKind::Deployment, &SHOP.into(), "cart")
        .await
        .unwrap();
    let hints = VersionHints {
        service: "cart",
        ..VersionHints::default()
    };
    let facts: Vec<_> = revisions(&clients, &live.record)
        .await
        .unwrap()
        .iter()
        .map(|one| {
            one.record
                .facts(Some(template_facts(&one.template, &hints)), Some(one.ready))
        })
        .collect();
    let history = infer(
        &live.record.facts(template_facts(&live.template, &hints)),
        &facts,
        Utc::now(),
    );
    let told: Vec<_> = history
        .deployments
        .iter()
        .map(|one| {
            (
                one.revision,
                one.version.as_ref().map(RunningVersion::label).unwrap(),
                one.returned_to.and_then(EarlierRun::revision),
            )
        })
        .collect();
    let expected = [
        (Some(1), "1.0.0", None),
        (Some(2), "1.1.0", None),
        (Some(3), "1.0.0", Some(1)),
    ];
    assert_eq!(
        told,
        expected.map(|(number, version, to)| (number, version.to_owned(), to))
    );
}
