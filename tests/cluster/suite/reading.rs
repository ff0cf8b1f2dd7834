//! What the crate `cluster` reads on a real API server, with `kubectl` as the oracle.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::Utc;
use cluster::drawer::drawer;
use cluster::exec_plugin::PluginLimits;
use cluster::history::{revisions, workload};
use cluster::kubeconfig::KubeconfigFiles;
use cluster::rbac::Access;
use cluster::summary::summary;
use cluster::{
    AccountSource, Clients, ClusterChange, ClusterView, ClusterWatch, Condition, ConnectOptions, Proxies,
    WatchOptions, Watched, template_facts, watch,
};
use domain::deployment::{Moment, RunningVersion};
use domain::history::{EarlierRun, infer};
use domain::ids::{Namespace, Uid};
use domain::template::{PodTemplate, VersionHints};
use domain::workload::{RevisionKind, WorkloadKind};
use domain::workspace::NamespacePattern;
use serde_json::Value;
use tests::cluster::{CONTAINER_LOG_LINES, ControlPlane, PREVIOUS_LOG_LINES, Person, shared, until};

const DEPLOYMENTS: Watched = Watched::Workloads(WorkloadKind::Deployment);
const REPLICA_SETS: Watched = Watched::Revisions(RevisionKind::ReplicaSet);

/// The clients of a person, by way of a kubeconfig, as the app makes them.
fn clients(control_plane: &ControlPlane, person: Person) -> Clients {
    let contexts = KubeconfigFiles::these([control_plane.kubeconfig_for(person)]).load();
    let context = contexts.contexts[0].name.clone();
    let options = ConnectOptions {
        search: &[],
        allow: &|_| false,
        limits: PluginLimits::default(),
        proxies: Proxies::default(),
    };
    Clients::connect(&contexts, &context, &options).unwrap()
}

async fn kubectl(control_plane: &ControlPlane, namespace: &str, arguments: &[&str]) -> String {
    let arguments = [&["--namespace", namespace], arguments].concat();
    control_plane
        .kubectl(Person::Admin, &arguments)
        .await
        .unwrap()
        .ok()
        .unwrap()
}

/// A Deployment object that has rolled out.
async fn create(control_plane: &ControlPlane, namespace: &str, name: &str, image: &str) {
    kubectl(
        control_plane,
        namespace,
        &["create", "deployment", name, "--image", image, "--replicas", "2"],
    )
    .await;
    settle(control_plane, namespace, name).await;
}

async fn settle(control_plane: &ControlPlane, namespace: &str, name: &str) {
    kubectl(
        control_plane,
        namespace,
        &["rollout", "status", "deployment", name, "--timeout", "60s"],
    )
    .await;
}

async fn set_image(control_plane: &ControlPlane, namespace: &str, name: &str, image: &str) {
    let container = image.split('/').next_back().unwrap().split(':').next().unwrap();
    kubectl(
        control_plane,
        namespace,
        &[
            "set",
            "image",
            &format!("deployment/{name}"),
            &format!("{container}={image}"),
        ],
    )
    .await;
}

fn start(clients: &Clients, namespace: &str) -> ClusterWatch {
    let namespaces = vec![NamespacePattern::new(namespace)];
    watch(
        clients,
        WatchOptions {
            namespaces,
            ..WatchOptions::default()
        },
    )
}

async fn follow(
    watch: &mut ClusterWatch,
    view: &mut ClusterView,
    what: &str,
    wanted: impl Fn(&ClusterView) -> bool,
) {
    let waiting = async {
        while !wanted(view) {
            view.apply(&watch.next().await.unwrap());
        }
    };
    let done = tokio::time::timeout(Duration::from_secs(60), waiting).await;
    assert!(done.is_ok(), "{what}: {:?}", view.conditions());
}

fn is_live(view: &ClusterView) -> bool {
    [DEPLOYMENTS, REPLICA_SETS]
        .into_iter()
        .all(|watched| matches!(view.worst(watched), Some(Condition::Live)))
}

/// `kubectl rollout history`: number and change-cause.
async fn kubectl_history(namespace: &str, name: &str) -> BTreeMap<i64, Option<String>> {
    let printed = kubectl(
        shared(),
        namespace,
        &["rollout", "history", &format!("deployment/{name}")],
    )
    .await;
    printed
        .lines()
        .filter_map(|line| {
            let (number, cause) = line.split_once(char::is_whitespace)?;
            let cause = Some(cause.trim().to_owned()).filter(|cause| cause != "<none>");
            Some((number.parse().ok()?, cause))
        })
        .collect()
}

#[tokio::test]
async fn a_context_tells_version_account_and_rights() {
    let namespace = shared().namespace("summary").await.unwrap();
    create(shared(), &namespace, "cart", "shop/cart:1.0.0").await;
    let version: Value =
        serde_json::from_str(&kubectl(shared(), &namespace, &["version", "-o", "json"]).await).unwrap();
    let patterns = [NamespacePattern::new(&namespace)];
    for (person, may) in [
        (Person::Releaser, true),
        (Person::Viewer, false),
        (Person::NoReplicaSets, false),
    ] {
        let found = summary(&clients(shared(), person), &patterns).await.unwrap();
        assert_eq!(
            found.version,
            version["serverVersion"]["gitVersion"].as_str().unwrap()
        );
        let account = found.account.unwrap();
        assert_eq!(
            (account.name.as_str(), account.source),
            (person.name(), AccountSource::Cluster)
        );
        assert_eq!(*found.namespaces[0].deployments.as_ref().unwrap(), 1);
        let access = found.namespaces[0].may_roll_back.as_ref().unwrap();
        assert_eq!(*access == Access::Allowed, may, "{person:?}: {access:?}");
    }
    let offset = {
        let clients = clients(shared(), Person::Viewer);
        clients.account().await.unwrap();
        clients.clock_offset().unwrap()
    };
    assert!(
        offset.num_seconds().abs() <= 2,
        "the same machine's clock: {offset}"
    );
}

#[tokio::test]
async fn revisions_and_templates_are_those_of_kubectl() {
    let namespace = shared().namespace("history").await.unwrap();
    let name = "cart";
    create(shared(), &namespace, name, "shop/cart:1.0.0").await;
    for version in ["1.1.0", "1.2.0"] {
        set_image(shared(), &namespace, name, &format!("shop/cart:{version}")).await;
        let cause = format!("kubernetes.io/change-cause=release {version}");
        kubectl(
            shared(),
            &namespace,
            &["annotate", "deployment", name, "--overwrite", &cause],
        )
        .await;
        settle(shared(), &namespace, name).await;
    }
    kubectl(
        shared(),
        &namespace,
        &[
            "rollout",
            "undo",
            &format!("deployment/{name}"),
            "--to-revision",
            "1",
        ],
    )
    .await;
    settle(shared(), &namespace, name).await;
    set_image(shared(), &namespace, name, "shop/cart:1.3.0").await;
    settle(shared(), &namespace, name).await;

    let clients = clients(shared(), Person::Releaser);
    let live = workload(
        &clients,
        WorkloadKind::Deployment,
        &Namespace::new(&namespace),
        name,
    )
    .await
    .unwrap();
    let found = revisions(&clients, &live.record).await.unwrap();
    let oracle = kubectl_history(&namespace, name).await;
    let ours: BTreeMap<i64, Option<String>> = found
        .iter()
        .map(|one| {
            (
                one.record.revision.unwrap(),
                one.record.change_cause.as_deref().map(str::to_owned),
            )
        })
        .collect();
    assert_eq!(ours, oracle, "numbers and change-causes are kubectl's");
    for one in &found {
        let number = one.record.revision.unwrap().to_string();
        let arguments = [
            "rollout",
            "history",
            &format!("deployment/{name}"),
            "--revision",
            &number,
            "-o",
            "json",
        ];
        let set: Value = serde_json::from_str(&kubectl(shared(), &namespace, &arguments).await).unwrap();
        let template = PodTemplate::new(set["spec"]["template"].clone()).unwrap();
        assert_eq!(one.template, template, "revision {number}");
    }

    let hints = VersionHints {
        service: name,
        ..VersionHints::default()
    };
    let facts: Vec<_> = found
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
    let told: Vec<(i64, String, Option<i64>)> = history
        .deployments
        .iter()
        .map(|one| {
            (
                one.revision.unwrap(),
                one.version.as_ref().map(RunningVersion::label).unwrap(),
                one.returned_to.and_then(EarlierRun::revision),
            )
        })
        .collect();
    let expected = [
        (1, "1.0.0", None),
        (2, "1.1.0", None),
        (3, "1.2.0", None),
        (4, "1.0.0", Some(1)),
        (5, "1.3.0", None),
    ];
    assert_eq!(
        told,
        expected.map(|(number, version, to)| (number, version.to_owned(), to)),
        "what was done, in order"
    );
    assert_eq!(history.missing, []);
    assert!(
        matches!(
            history.deployments[3].moments.started,
            Some(Moment::Between { .. })
        ),
        "an undo has no time of its own"
    );
    assert_eq!(
        history.deployments[4].why, None,
        "the change-cause of 1.2.0 is only a copy here"
    );
    assert_eq!(history.deployments[2].why.as_ref().unwrap().text, "release 1.2.0");
    assert!(history.deployments[4].current);
}

#[tokio::test]
async fn a_change_arrives_within_two_seconds_and_the_view_is_kubectls() {
    let namespace = shared().namespace("watch").await.unwrap();
    create(shared(), &namespace, "cart", "shop/cart:1.0.0").await;
    let clients = clients(shared(), Person::Viewer);
    let (mut watch, mut view) = (start(&clients, &namespace), ClusterView::default());
    follow(&mut watch, &mut view, "the first list", |view| {
        is_live(view) && view.revision_count() == 1
    })
    .await;
    let before = view.workloads().next().unwrap().clone();
    for round in 1..=3 {
        let known = view.workloads().next().unwrap().generation;
        set_image(shared(), &namespace, "cart", &format!("shop/cart:1.{round}.0")).await;
        let begun = Instant::now();
        follow(&mut watch, &mut view, "the change", |view| {
            view.workloads().next().unwrap().generation > known
        })
        .await;
        assert!(
            begun.elapsed() < Duration::from_secs(2),
            "it took {:?}",
            begun.elapsed()
        );
        // The controller makes no ReplicaSet of a template that was replaced before it looked.
        follow(&mut watch, &mut view, "its ReplicaSet", |view| {
            view.revision_count() == 1 + round
        })
        .await;
    }
    settle(shared(), &namespace, "cart").await;
    let done = |view: &ClusterView| {
        let one = view.workloads().next().unwrap();
        one.observed() && one.rollout.available == 2 && one.rollout.updated == 2 && one.rollout.pods == 2
    };
    follow(&mut watch, &mut view, "the rollout", |view| {
        done(view) && view.revision_count() == 4
    })
    .await;
    let live: Value = serde_json::from_str(
        &kubectl(shared(), &namespace, &["get", "deployment", "cart", "-o", "json"]).await,
    )
    .unwrap();
    let one = view.workloads().next().unwrap();
    assert_eq!(live["metadata"]["generation"].as_i64(), Some(one.generation));
    assert_eq!(live["metadata"]["uid"].as_str(), Some(one.uid.as_str()));
    assert_eq!(
        PodTemplate::new(live["spec"]["template"].clone()).unwrap().hash(),
        one.template
    );
    assert_ne!(one.template, before.template);
    assert_eq!(
        one.managers.first().map(|manager| manager.name.as_str()),
        Some("kubectl-set")
    );
    let numbers: Vec<_> = view
        .revisions_of(&one.uid)
        .iter()
        .map(|set| set.revision.unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    kubectl(shared(), &namespace, &["delete", "deployment", "cart"]).await;
    let empty = |view: &ClusterView| view.workloads().next().is_none() && view.revision_count() == 0;
    follow(&mut watch, &mut view, "the deletion", empty).await;
}

/// Every template is handed out once, and before the record that names it.
#[tokio::test]
async fn templates_come_once_and_before_their_record() {
    let namespace = shared().namespace("templates").await.unwrap();
    create(shared(), &namespace, "cart", "shop/cart:1.0.0").await;
    let mut watch = start(&clients(shared(), Person::Viewer), &namespace);
    let (mut templates, mut view) = (BTreeMap::new(), ClusterView::default());
    set_image(shared(), &namespace, "cart", "shop/cart:2.0.0").await;
    let settled = async {
        while templates.len() < 2
            || !view
                .workloads()
                .any(|one| one.observed() && one.rollout.updated == 2)
        {
            let change = watch.next().await.unwrap();
            match &change {
                ClusterChange::Template { hash, template } => {
                    assert_eq!(template.hash(), *hash);
                    assert!(templates.insert(hash.clone(), template.clone()).is_none(), "once");
                }
                ClusterChange::Workload { record, .. } => assert!(templates.contains_key(&record.template)),
                ClusterChange::WorkloadsReplaced { records, .. } => {
                    assert!(
                        records
                            .iter()
                            .all(|record| templates.contains_key(&record.template))
                    );
                    if records.iter().any(|record| record.generation > 1) {
                        // The list came after the change: its first template was never live for us.
                        templates.insert("seen too late".into(), records.first().map(|_| dummy()).unwrap());
                    }
                }
                _ => {}
            }
            view.apply(&change);
        }
    };
    tokio::time::timeout(Duration::from_secs(60), settled)
        .await
        .expect("it settles");
}

fn dummy() -> PodTemplate {
    PodTemplate::new(serde_json::json!({"spec": {"containers": []}})).unwrap()
}

/// Fault 23.
#[tokio::test]
async fn without_the_right_to_replica_sets_the_reason_is_the_servers() {
    let namespace = shared().namespace("refused").await.unwrap();
    create(shared(), &namespace, "cart", "shop/cart:1.0.0").await;
    let clients = clients(shared(), Person::NoReplicaSets);
    let (mut watch, mut view) = (start(&clients, &namespace), ClusterView::default());
    follow(&mut watch, &mut view, "the refusal", |view| {
        matches!(view.worst(REPLICA_SETS), Some(Condition::Refused { .. }))
            && matches!(view.worst(DEPLOYMENTS), Some(Condition::Live))
    })
    .await;
    assert_eq!(view.workloads().count(), 1);
    let Some(Condition::Refused { problem, .. }) = view.worst(REPLICA_SETS) else {
        unreachable!()
    };
    assert_eq!(problem.code(), "cluster-forbidden");
    let said = problem.to_string();
    assert!(
        said.contains(Person::NoReplicaSets.name()) && said.contains("replicasets"),
        "{said}"
    );
    let live = workload(
        &clients,
        WorkloadKind::Deployment,
        &Namespace::new(&namespace),
        "cart",
    )
    .await
    .unwrap();
    assert_eq!(
        revisions(&clients, &live.record).await.unwrap_err().code(),
        "cluster-forbidden"
    );
}

#[tokio::test]
async fn the_drawer_shows_why_pods_fail() {
    let namespace = shared().namespace("drawer").await.unwrap();
    create(shared(), &namespace, "cart", "shop/cart:1.0.0").await;
    let clients = clients(shared(), Person::Viewer);
    let name = Namespace::new(&namespace);
    set_image(shared(), &namespace, "cart", "shop/cart:1.1.0-crashloop").await;
    let found = until("a container crashes twice", async || {
        let found = drawer(&clients, WorkloadKind::Deployment, &name, "cart").await?;
        let restarted = found
            .pods
            .as_ref()
            .is_ok_and(|pods| pods.iter().any(|pod| pod.restarts > 0 && !pod.ready));
        Ok((restarted && found.logs.iter().any(|log| log.previous)).then_some(found))
    })
    .await
    .unwrap();
    let pods = found.pods.unwrap();
    assert_eq!(
        pods.iter().filter(|pod| pod.ready).count(),
        2,
        "the old version serves"
    );
    let names = kubectl(shared(), &namespace, &["get", "pods", "-o", "name"]).await;
    assert!(pods.iter().all(|pod| names.contains(&pod.name)));
    for log in &found.logs {
        let text = log.text.as_ref().unwrap();
        let (all, last) = if log.previous {
            (PREVIOUS_LOG_LINES, format!("line {PREVIOUS_LOG_LINES} "))
        } else {
            (CONTAINER_LOG_LINES, format!("line {CONTAINER_LOG_LINES} "))
        };
        assert!(
            all > 100 && text.lines().count() == 100,
            "the last hundred of {all}"
        );
        assert!(
            text.lines().last().unwrap().starts_with(&last),
            "{:?}",
            text.lines().last()
        );
    }
    assert!(!found.yaml.contains("managedFields") && found.yaml.contains("shop/cart:1.1.0-crashloop"));
    let events = found.events.unwrap();
    assert!(
        events
            .iter()
            .any(|event| event.about.0 == "Deployment" && event.reason == "ScalingReplicaSet"),
        "{events:?}"
    );

    set_image(shared(), &namespace, "cart", "shop/cart:1.2.0-pullfail").await;
    until("a pull fails", async || {
        let pods = drawer(&clients, WorkloadKind::Deployment, &name, "cart")
            .await?
            .pods?;
        Ok(pods
            .iter()
            .any(|pod| pod.reason.as_deref() == Some("ImagePullBackOff"))
            .then_some(()))
    })
    .await
    .unwrap();
}

/// Fault 13: the API server goes away, what is known becomes stale and stays, and comes right again by itself.
#[tokio::test]
async fn an_outage_makes_the_data_stale_and_it_recovers() {
    let own = ControlPlane::start().unwrap();
    let namespace = own.namespace("outage").await.unwrap();
    create(&own, &namespace, "cart", "shop/cart:1.0.0").await;
    let clients = clients(&own, Person::Viewer);
    let (mut watch, mut view) = (start(&clients, &namespace), ClusterView::default());
    follow(&mut watch, &mut view, "the first list", |view| {
        is_live(view) && view.revision_count() == 1
    })
    .await;
    own.stop_api_server().unwrap();
    follow(&mut watch, &mut view, "the outage", |view| {
        matches!(view.worst(DEPLOYMENTS), Some(Condition::Stale { .. }))
    })
    .await;
    let Some(Condition::Stale { problem, .. }) = view.worst(DEPLOYMENTS) else {
        unreachable!()
    };
    assert!(problem.is_retryable(), "{problem}");
    assert_eq!(view.workloads().count(), 1, "what was known stays");
    let uid: Uid = view.workloads().next().unwrap().uid.clone();
    own.start_api_server().await.unwrap();
    set_image(&own, &namespace, "cart", "shop/cart:1.1.0").await;
    // The controllers of the control plane take longer to come back, so only the object itself is waited for.
    let begun = Instant::now();
    follow(&mut watch, &mut view, "the recovery", |view| {
        is_live(view) && view.workload(&uid).is_some_and(|one| one.generation == 2)
    })
    .await;
    assert!(
        begun.elapsed() < Duration::from_secs(31),
        "the longest pause is 30 s: {:?}",
        begun.elapsed()
    );
    assert_eq!(view.workloads().count(), 1, "no duplicates");
}
