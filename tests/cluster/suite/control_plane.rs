//! The control plane does what the other tests rely on, with `kubectl` as the oracle.

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::core::v1::{Event, Pod, Secret};
use kube::Api;
use kube::api::{ListParams, LogParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use tests::cluster::{CONTAINER_LOG_LINES, ControlPlane, PREVIOUS_LOG_LINES, Person, shared, until};

/// Runs `kubectl` as the admin in a namespace; what it prints.
async fn kubectl(namespace: &str, arguments: &[&str]) -> String {
    let arguments = [&["--namespace", namespace], arguments].concat();
    shared()
        .kubectl(Person::Admin, &arguments)
        .await
        .unwrap()
        .ok()
        .unwrap()
}

/// The reasons for which the containers of a namespace wait.
async fn waiting(namespace: &str) -> String {
    kubectl(
        namespace,
        &[
            "get",
            "pods",
            "-o",
            "jsonpath={.items[*].status.containerStatuses[*].state.waiting.reason}",
        ],
    )
    .await
}

async fn wait_for_reason(namespace: &str, reason: &str) {
    until(reason, async || {
        Ok(waiting(namespace).await.contains(reason).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn every_process_lives() {
    shared().assert_alive().unwrap();
}

#[tokio::test]
async fn the_server_is_the_version_that_go_mod_pins() {
    let go_mod = include_str!("../go.mod");
    let version: Value = serde_json::from_str(&kubectl("default", &["version", "-o", "json"]).await).unwrap();
    let server = version["serverVersion"]["gitVersion"].as_str().unwrap();
    assert!(
        go_mod.contains(&format!("\tk8s.io/kubernetes {server}")),
        "the server says {server}"
    );
    assert_eq!(
        version["clientVersion"]["gitVersion"], server,
        "kubectl is the oracle of the same version"
    );
}

#[tokio::test]
async fn a_rollout_whose_image_cannot_be_pulled_hangs_until_it_is_undone() {
    let namespace = shared().namespace("pullfail").await.unwrap();
    kubectl(
        &namespace,
        &[
            "create",
            "deployment",
            "app",
            "--image=registry.example/app:1.0.0",
        ],
    )
    .await;
    kubectl(
        &namespace,
        &["rollout", "status", "deployment/app", "--timeout=30s"],
    )
    .await;
    kubectl(
        &namespace,
        &[
            "set",
            "image",
            "deployment/app",
            "app=registry.example/app:1.1.0-pullfail",
        ],
    )
    .await;
    wait_for_reason(&namespace, "ImagePullBackOff").await;
    let status = shared()
        .kubectl(
            Person::Admin,
            &[
                "-n",
                &namespace,
                "rollout",
                "status",
                "deployment/app",
                "--timeout=1s",
            ],
        )
        .await
        .unwrap();
    assert!(!status.success, "it hangs, but kubectl says: {}", status.stdout);
    kubectl(&namespace, &["rollout", "undo", "deployment/app"]).await;
    let done = kubectl(
        &namespace,
        &["rollout", "status", "deployment/app", "--timeout=30s"],
    )
    .await;
    assert!(done.contains("successfully rolled out"), "{done}");
    let history = kubectl(&namespace, &["rollout", "history", "deployment/app"]).await;
    assert!(
        history.contains("\n2 ") && history.contains("\n3 ") && !history.contains("\n1 "),
        "{history}"
    );
}

#[tokio::test]
async fn images_decide_how_their_containers_fail() {
    let namespace = shared().namespace("failing").await.unwrap();
    for (name, reason) in [
        ("configerror", "CreateContainerConfigError"),
        ("crashloop", "CrashLoopBackOff"),
    ] {
        kubectl(
            &namespace,
            &[
                "create",
                "deployment",
                name,
                &format!("--image=registry.example/app:1.0.0-{name}"),
            ],
        )
        .await;
        wait_for_reason(&namespace, reason).await;
    }
}

#[tokio::test]
async fn a_slow_container_runs_before_it_is_ready() {
    let namespace = shared().namespace("slow").await.unwrap();
    kubectl(
        &namespace,
        &[
            "create",
            "deployment",
            "app",
            "--image=registry.example/app:1.0.0-slow",
        ],
    )
    .await;
    let pod = "jsonpath={.items[*].status.phase} {.items[*].status.containerStatuses[*].ready}";
    until("it runs and is not ready", async || {
        Ok((kubectl(&namespace, &["get", "pods", "-o", pod]).await == "Running false").then_some(()))
    })
    .await
    .unwrap();
    kubectl(
        &namespace,
        &["rollout", "status", "deployment/app", "--timeout=30s"],
    )
    .await;
}

#[tokio::test]
async fn a_healthy_sidecar_runs_beside_a_container_that_cannot_start() {
    let namespace = shared().namespace("sidecar").await.unwrap();
    let pod: Pod = serde_json::from_value(json!({
        "metadata": {"name": "two"},
        "spec": {"containers": [
            {"name": "proxy", "image": "registry.example/proxy:1.0.0"},
            {"name": "app", "image": "registry.example/app@sha256:5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"},
            {"name": "broken", "image": "registry.example:5000/app:1.0.0-pullfail"},
        ]},
    }))
    .unwrap();
    let pods: Api<Pod> = Api::namespaced(shared().client_for(Person::Admin).await.unwrap(), &namespace);
    pods.create(&PostParams::default(), &pod).await.unwrap();
    let status = until("the pod has container statuses", async || {
        let status = pods.get("two").await?.status.unwrap_or_default();
        Ok(status.container_statuses.is_some().then_some(status))
    })
    .await
    .unwrap();
    let containers = status.container_statuses.unwrap();
    let ready: Vec<_> = containers
        .iter()
        .map(|container| (container.name.as_str(), container.ready))
        .collect();
    assert_eq!(ready, [("proxy", true), ("app", true), ("broken", false)]);
    assert_eq!(
        status.phase.as_deref(),
        Some("Pending"),
        "a container has not started yet"
    );
    assert_eq!(
        containers[1].image_id,
        "registry.example/app@sha256:5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9",
        "a digest that is asked for is the digest that runs"
    );
    assert!(
        containers[0]
            .image_id
            .starts_with("registry.example/proxy@sha256:"),
        "{}",
        containers[0].image_id
    );
}

#[tokio::test]
async fn a_job_completes() {
    let namespace = shared().namespace("job").await.unwrap();
    kubectl(
        &namespace,
        &["create", "job", "once", "--image=registry.example/job:1.0.0"],
    )
    .await;
    kubectl(
        &namespace,
        &["wait", "--for=condition=complete", "job/once", "--timeout=30s"],
    )
    .await;
}

#[tokio::test]
async fn logs_have_a_known_length() {
    let namespace = shared().namespace("logs").await.unwrap();
    kubectl(
        &namespace,
        &[
            "create",
            "deployment",
            "app",
            "--image=registry.example/app:1.0.0",
        ],
    )
    .await;
    kubectl(
        &namespace,
        &["rollout", "status", "deployment/app", "--timeout=30s"],
    )
    .await;
    let pods: Api<Pod> = Api::namespaced(shared().client_for(Person::Viewer).await.unwrap(), &namespace);
    let name = pods.list(&ListParams::default()).await.unwrap().items[0]
        .metadata
        .name
        .clone()
        .unwrap();
    let log = pods.logs(&name, &LogParams::default()).await.unwrap();
    assert_eq!(log.lines().count(), CONTAINER_LOG_LINES);
    assert_eq!(log.lines().next(), Some("line 1 of the container"));
    let previous = pods
        .logs(
            &name,
            &LogParams {
                previous: true,
                ..LogParams::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(previous.lines().count(), PREVIOUS_LOG_LINES);
}

#[tokio::test]
async fn everybody_is_who_their_token_says() {
    for person in Person::ALL {
        let api: Api<SelfSubjectReview> = Api::all(shared().client_for(person).await.unwrap());
        let answer = api
            .create(&PostParams::default(), &SelfSubjectReview::default())
            .await
            .unwrap();
        assert_eq!(
            answer.status.unwrap().user_info.unwrap().username.as_deref(),
            Some(person.name())
        );
    }
}

/// Sends as a person what a rollback needs, and collects what was refused.
async fn refused(person: Person, namespace: &str) -> Vec<&'static str> {
    let client = shared().client_for(person).await.unwrap();
    let deployments: Api<Deployment> = Api::namespaced(client.clone(), namespace);
    let patch = Patch::Merge(json!({"metadata": {"labels": {"by": person.name()}}}));
    let pod: Pod = serde_json::from_value(json!({
        "metadata": {"generateName": "check-"},
        "spec": {"containers": [{"name": "app", "image": "registry.example/app:1.0.0"}]},
    }))
    .unwrap();
    let event: Event = serde_json::from_value(json!({
        "metadata": {"generateName": "check."},
        "involvedObject": {"kind": "Deployment", "name": "app", "namespace": namespace},
    }))
    .unwrap();
    let dry_run = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    let answers = [
        (
            "list deployments",
            deployments.list(&ListParams::default()).await.map(drop),
        ),
        (
            "patch deployments",
            deployments
                .patch("app", &PatchParams::default(), &patch)
                .await
                .map(drop),
        ),
        (
            "list replicasets",
            Api::<ReplicaSet>::namespaced(client.clone(), namespace)
                .list(&ListParams::default())
                .await
                .map(drop),
        ),
        (
            "get secrets",
            Api::<Secret>::namespaced(client.clone(), namespace)
                .get("keys")
                .await
                .map(drop),
        ),
        (
            "create pods",
            Api::<Pod>::namespaced(client.clone(), namespace)
                .create(&dry_run, &pod)
                .await
                .map(drop),
        ),
        (
            "create events",
            Api::<Event>::namespaced(client, namespace)
                .create(&PostParams::default(), &event)
                .await
                .map(drop),
        ),
    ];
    let forbidden = |answer: kube::Result<()>| match answer {
        Ok(()) => false,
        Err(kube::Error::Api(status)) if status.code == 403 => true,
        Err(error) => panic!("neither allowed nor forbidden: {error}"),
    };
    answers
        .into_iter()
        .filter_map(|(what, answer)| forbidden(answer).then_some(what))
        .collect()
}

#[tokio::test]
async fn the_server_refuses_what_a_person_may_not_do() {
    let namespace = shared().namespace("rights").await.unwrap();
    kubectl(
        &namespace,
        &[
            "create",
            "deployment",
            "app",
            "--image=registry.example/app:1.0.0",
        ],
    )
    .await;
    kubectl(
        &namespace,
        &["create", "secret", "generic", "keys", "--from-literal=a=b"],
    )
    .await;
    let none: [&str; 0] = [];
    assert_eq!(refused(Person::Admin, &namespace).await, none);
    assert_eq!(refused(Person::Releaser, &namespace).await, none);
    let viewer = refused(Person::Viewer, &namespace).await;
    assert_eq!(
        viewer,
        ["patch deployments", "get secrets", "create pods", "create events"]
    );
    assert_eq!(
        refused(Person::NoReplicaSets, &namespace).await,
        ["list replicasets"]
    );
    assert_eq!(
        refused(Person::Bare, &namespace).await,
        ["get secrets", "create pods", "create events"]
    );
}

#[tokio::test]
async fn an_outage_ends_and_everything_goes_on() {
    let control_plane = ControlPlane::start().unwrap();
    let namespace = control_plane.namespace("outage").await.unwrap();
    let client = control_plane.client_for(Person::Admin).await.unwrap();
    control_plane.stop_api_server().unwrap();
    let deployments: Api<Deployment> = Api::namespaced(client, &namespace);
    let down = deployments.list(&ListParams::default()).await;
    assert!(
        !matches!(down, Ok(_) | Err(kube::Error::Api(_))),
        "nobody answers: {down:?}"
    );
    control_plane.start_api_server().await.unwrap();
    let create = [
        "-n",
        &namespace,
        "create",
        "deployment",
        "app",
        "--image=registry.example/app:1.0.0",
    ];
    control_plane
        .kubectl(Person::Admin, &create)
        .await
        .unwrap()
        .ok()
        .unwrap();
    until("the controllers work again", async || {
        let status = deployments.get("app").await?.status.unwrap_or_default();
        Ok((status.available_replicas == Some(1)).then_some(()))
    })
    .await
    .unwrap();
    control_plane.assert_alive().unwrap();
}
