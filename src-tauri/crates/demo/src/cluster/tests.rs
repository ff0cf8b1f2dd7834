//! The demo cluster through an ordinary kube client. What is expected here comes from the Kubernetes
//! documentation and from what a real API server was seen to answer; the contract suite says more.

use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::{ConfigMap, Pod};
use kube::api::{
    DeleteParams, ListParams, LogParams, Patch, PatchParams, PostParams, WatchEvent, WatchParams,
};
use kube::core::PartialObjectMeta;
use kube::{Api, Client, ResourceExt};
use serde_json::{Value, json};

use super::{Account, Aim, DemoCluster, Denial, Fault, Options};

async fn cluster() -> (DemoCluster, Client) {
    let cluster = DemoCluster::start("test", Options::quick());
    cluster
        .load(vec![
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
        ])
        .expect("a Namespace is known");
    let client = cluster.client();
    (cluster, client)
}

fn deployment(name: &str, image: &str, replicas: i32) -> Deployment {
    serde_json::from_value(json!({
        "metadata": {"name": name},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{"name": "app", "image": image}]},
            },
        },
    }))
    .expect("it is a Deployment")
}

/// Waits until the live object is as wanted, ten seconds at most.
async fn until(api: &Api<Deployment>, name: &str, wanted: impl Fn(&Deployment) -> bool) -> Deployment {
    for _ in 0..500 {
        let live = api.get(name).await.expect("it is there");
        if wanted(&live) {
            return live;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!(
        "{name} never got there: {:?}",
        api.get(name).await.map(|live| live.status)
    );
}

fn is_complete(live: &Deployment) -> bool {
    let status = live.status.clone().unwrap_or_default();
    let wanted = live.spec.as_ref().and_then(|spec| spec.replicas);
    status.observed_generation >= live.metadata.generation
        && status.updated_replicas == wanted
        && status.replicas == wanted
        && status.available_replicas == wanted
}

fn reason(live: &Deployment, kind: &str) -> String {
    let conditions = live
        .status
        .as_ref()
        .and_then(|status| status.conditions.clone())
        .unwrap_or_default();
    conditions
        .into_iter()
        .find(|condition| condition.type_ == kind)
        .and_then(|one| one.reason)
        .unwrap_or_default()
}

async fn set_image(api: &Api<Deployment>, name: &str, image: &str) -> Deployment {
    let patch = json!({"spec": {"template": {"spec": {"containers": [{"name": "app", "image": image}]}}}});
    api.patch(name, &PatchParams::default(), &Patch::Strategic(patch))
        .await
        .expect("the image can be set")
}

fn refused(error: kube::Error) -> kube::core::Status {
    match error {
        kube::Error::Api(status) => *status,
        other => panic!("no answer of the API server: {other}"),
    }
}

#[tokio::test]
async fn a_rollout_and_its_undo_number_revisions_as_the_deployment_controller_does() {
    let (_cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client.clone(), "shop");
    let sets: Api<ReplicaSet> = Api::namespaced(client, "shop");
    api.create(&PostParams::default(), &deployment("cart", "shop/cart:1.0.0", 3))
        .await
        .expect("created");
    let first = until(&api, "cart", is_complete).await;
    assert_eq!(first.annotations()["deployment.kubernetes.io/revision"], "1");
    set_image(&api, "cart", "shop/cart:1.1.0").await;
    let second = until(&api, "cart", is_complete).await;
    assert_eq!(second.annotations()["deployment.kubernetes.io/revision"], "2");
    assert_eq!(reason(&second, "Progressing"), "NewReplicaSetAvailable");

    let mut template = first.spec.clone().expect("it has a spec").template;
    template
        .metadata
        .as_mut()
        .expect("it has labels")
        .labels
        .as_mut()
        .expect("labels")
        .remove("pod-template-hash");
    let patch: json_patch::Patch = serde_json::from_value(json!([
        {"op": "test", "path": "/metadata/uid", "value": second.uid()},
        {"op": "test", "path": "/metadata/generation", "value": second.metadata.generation},
        {"op": "replace", "path": "/spec/template", "value": template},
        {"op": "add", "path": "/metadata/annotations/kubernetes.io~1change-cause", "value": "back to 1.0.0"},
    ]))
    .expect("it is a patch");
    let done = api
        .patch("cart", &PatchParams::apply("tidemark"), &Patch::<()>::Json(patch))
        .await
        .expect("accepted");
    assert!(
        done.metadata.generation > second.metadata.generation,
        "a new template moves the generation"
    );
    let third = until(&api, "cart", is_complete).await;
    assert_eq!(third.annotations()["deployment.kubernetes.io/revision"], "3");

    let all = sets
        .list(&ListParams::default().labels("app=cart"))
        .await
        .expect("listed")
        .items;
    assert_eq!(all.len(), 2, "an undo reuses the ReplicaSet of that template");
    let old = all
        .iter()
        .find(|set| set.annotations()["deployment.kubernetes.io/revision"] == "3")
        .expect("renumbered");
    assert_eq!(
        old.annotations()["deployment.kubernetes.io/revision-history"],
        "1"
    );
    assert_eq!(old.annotations()["kubernetes.io/change-cause"], "back to 1.0.0");
}

#[tokio::test]
async fn a_broken_image_hangs_with_the_old_pods_serving_and_times_out_until_the_undo_progresses() {
    let (_cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client.clone(), "shop");
    let pods: Api<Pod> = Api::namespaced(client, "shop");
    let mut wanted = deployment("pay", "shop/pay:1.0.0", 4);
    wanted.spec.as_mut().expect("spec").progress_deadline_seconds = Some(1);
    api.create(&PostParams::default(), &wanted)
        .await
        .expect("created");
    until(&api, "pay", is_complete).await;
    set_image(&api, "pay", "shop/pay:1.1.0-pullfail").await;
    let failed = until(&api, "pay", |live| {
        reason(live, "Progressing") == "ProgressDeadlineExceeded"
    })
    .await;
    let status = failed.status.expect("status");
    assert_eq!(
        status.available_replicas,
        Some(3),
        "a quarter of 4 may be away, no more"
    );
    assert_eq!(
        status.updated_replicas,
        Some(2),
        "25 % surge and the one that went"
    );
    let waiting: Vec<String> = pods
        .list(&ListParams::default())
        .await
        .expect("listed")
        .items
        .iter()
        .filter_map(|pod| {
            pod.status
                .clone()?
                .container_statuses?
                .first()?
                .state
                .clone()?
                .waiting?
                .reason
        })
        .collect();
    assert_eq!(waiting.len(), 2);
    assert!(
        waiting
            .iter()
            .all(|reason| reason == "ImagePullBackOff" || reason == "ErrImagePull"),
        "{waiting:?}"
    );
    set_image(&api, "pay", "shop/pay:1.0.0").await;
    until(&api, "pay", |live| {
        is_complete(live) && reason(live, "Progressing") == "NewReplicaSetAvailable"
    })
    .await;
}

#[tokio::test]
async fn preconditions_and_validation_are_refused_as_a_real_server_refuses_them() {
    let (_cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client, "shop");
    let made = api
        .create(&PostParams::default(), &deployment("cart", "shop/cart:1", 1))
        .await
        .expect("created");
    let json_patch = |patch: Value| Patch::<()>::Json(serde_json::from_value(patch).expect("a patch"));
    let parameters = PatchParams::default();

    let failed = json_patch(json!([{"op": "test", "path": "/metadata/generation", "value": 99}]));
    let status = refused(
        api.patch("cart", &parameters, &failed)
            .await
            .expect_err("the test fails"),
    );
    assert_eq!((status.code, status.reason.as_str()), (422, "Invalid"));
    assert!(
        status.details.is_none_or(|details| details.causes.is_empty()),
        "no causes: it is no validation"
    );

    let empty =
        json_patch(json!([{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": ""}]));
    let status = refused(
        api.patch("cart", &parameters, &empty)
            .await
            .expect_err("an image is required"),
    );
    let causes = status.details.expect("details").causes;
    assert_eq!(
        (status.code, causes[0].field.as_str()),
        (422, "spec.template.spec.containers[0].image")
    );

    let stale = json_patch(json!([{"op": "replace", "path": "/metadata/resourceVersion", "value": "1"}]));
    let status = refused(
        api.patch("cart", &parameters, &stale)
            .await
            .expect_err("the version is stale"),
    );
    assert_eq!((status.code, status.reason.as_str()), (409, "Conflict"));

    let label = Patch::Merge(json!({"metadata": {"labels": {"tier": "web"}}}));
    let labelled = api.patch("cart", &parameters, &label).await.expect("labelled");
    assert_eq!(
        labelled.metadata.generation, made.metadata.generation,
        "a label leaves the generation"
    );
}

#[tokio::test]
async fn a_dry_run_answers_the_next_generation_and_leaves_nothing() {
    let (_cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client, "shop");
    api.create(&PostParams::default(), &deployment("cart", "shop/cart:1", 1))
        .await
        .expect("created");
    let before = until(&api, "cart", is_complete).await;
    let patch = Patch::Merge(json!({"spec": {"replicas": 2}}));
    let parameters = PatchParams {
        dry_run: true,
        ..PatchParams::default()
    };
    let tried = api.patch("cart", &parameters, &patch).await.expect("tried");
    assert_eq!(
        tried.metadata.generation,
        before.metadata.generation.map(|generation| generation + 1)
    );
    let after = api.get("cart").await.expect("there");
    assert_eq!(after.metadata.resource_version, before.metadata.resource_version);
    let parameters = PostParams {
        dry_run: true,
        ..PostParams::default()
    };
    api.create(&parameters, &deployment("other", "shop/other:1", 1))
        .await
        .expect("tried");
    assert_eq!(refused(api.get("other").await.expect_err("not there")).code, 404);
}

#[tokio::test]
async fn lists_come_in_pages_of_one_revision_and_an_old_page_is_gone() {
    let (cluster, client) = cluster().await;
    let api: Api<ConfigMap> = Api::namespaced(client, "shop");
    for number in 0..5 {
        let map =
            serde_json::from_value(json!({"metadata": {"name": format!("c{number}")}})).expect("a ConfigMap");
        api.create(&PostParams::default(), &map).await.expect("created");
    }
    let first = api.list(&ListParams::default().limit(2)).await.expect("a page");
    assert_eq!(first.items.len(), 2);
    assert_eq!(first.metadata.remaining_item_count, Some(3));
    api.delete("c4", &DeleteParams::default()).await.expect("deleted");
    let token = first.metadata.continue_.expect("there is more");
    let rest = api
        .list(&ListParams::default().continue_token(&token))
        .await
        .expect("the rest");
    let names: Vec<String> = rest.items.iter().map(ResourceExt::name_any).collect();
    assert_eq!(
        names,
        ["c2", "c3", "c4"],
        "a page shows the revision of the first one"
    );
    cluster.compact();
    let gone = api
        .list(&ListParams::default().continue_token(&token))
        .await
        .expect_err("compacted");
    assert_eq!(refused(gone).code, 410);
}

#[tokio::test]
async fn a_watch_tells_changes_bookmarks_and_that_it_is_too_old() {
    let (cluster, client) = cluster().await;
    let api: Api<ConfigMap> = Api::namespaced(client.clone(), "shop");
    let start = api
        .list(&ListParams::default())
        .await
        .expect("listed")
        .metadata
        .resource_version
        .expect("a version");
    let mut events = api
        .watch(&WatchParams::default(), &start)
        .await
        .expect("open")
        .boxed();
    let map = serde_json::from_value(json!({"metadata": {"name": "c"}})).expect("a ConfigMap");
    api.create(&PostParams::default(), &map).await.expect("created");
    api.delete("c", &DeleteParams::default()).await.expect("deleted");
    assert!(matches!(events.try_next().await, Ok(Some(WatchEvent::Added(_)))));
    assert!(matches!(
        events.try_next().await,
        Ok(Some(WatchEvent::Deleted(_)))
    ));
    assert!(
        matches!(events.try_next().await, Ok(Some(WatchEvent::Bookmark(_)))),
        "a quiet watch is bookmarked"
    );
    cluster.compact();
    let mut old = api
        .watch(&WatchParams::default(), &start)
        .await
        .expect("open")
        .boxed();
    match old.try_next().await {
        Ok(Some(WatchEvent::Error(status))) => assert_eq!(status.code, 410),
        other => panic!("no 410: {other:?}"),
    }
}

#[tokio::test]
async fn metadata_alone_has_no_spec_and_an_account_may_only_what_it_may() {
    let (cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client.clone(), "shop");
    api.create(&PostParams::default(), &deployment("cart", "shop/cart:1", 1))
        .await
        .expect("created");
    let metadata: PartialObjectMeta<Deployment> = api.get_metadata("cart").await.expect("there");
    assert_eq!(metadata.name_any(), "cart");
    let account = Account::named("lena.m", &["release-managers"]).without(Denial::of("list", "replicasets"));
    let sets: Api<ReplicaSet> = Api::namespaced(cluster.client_as(account), "shop");
    let status = refused(sets.list(&ListParams::default()).await.expect_err("denied"));
    assert_eq!(status.code, 403);
    assert_eq!(
        status.message,
        "replicasets.apps is forbidden: User \"lena.m\" cannot list resource \"replicasets\" in API group \"apps\" in the namespace \"shop\""
    );
}

#[tokio::test]
async fn a_crashing_container_keeps_the_log_of_its_last_run() {
    let (_cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client.clone(), "shop");
    let pods: Api<Pod> = Api::namespaced(client, "shop");
    api.create(
        &PostParams::default(),
        &deployment("cart", "shop/cart:1-crash", 1),
    )
    .await
    .expect("created");
    for _ in 0..500 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let Some(pod) = pods
            .list(&ListParams::default())
            .await
            .expect("listed")
            .items
            .pop()
        else {
            continue;
        };
        let status = pod
            .status
            .clone()
            .and_then(|status| status.container_statuses?.pop());
        if status.is_some_and(|status| status.restart_count > 0) {
            let parameters = LogParams {
                previous: true,
                tail_lines: Some(3),
                ..LogParams::default()
            };
            let log = pods
                .logs(&pod.name_any(), &parameters)
                .await
                .expect("it ended once");
            assert_eq!(log.lines().count(), 3);
            assert!(log.contains("panic"), "{log}");
            return;
        }
    }
    panic!("it never restarted");
}

#[tokio::test]
async fn scripted_failures_meet_the_request_that_they_are_meant_for() {
    let (cluster, client) = cluster().await;
    let api: Api<ConfigMap> = Api::namespaced(client, "shop");
    let map: ConfigMap = serde_json::from_value(json!({"metadata": {"name": "c"}})).expect("a ConfigMap");
    cluster.faults().once(
        Aim::at("POST", "/configmaps"),
        Fault::ApplyThenAnswer { status: 504 },
    );
    assert_eq!(
        refused(
            api.create(&PostParams::default(), &map)
                .await
                .expect_err("answered 504")
        )
        .code,
        504
    );
    assert_eq!(
        refused(
            api.create(&PostParams::default(), &map)
                .await
                .expect_err("it is there")
        )
        .code,
        409
    );
    cluster.faults().once(Aim::lists("/configmaps"), Fault::Truncate);
    let broken = api.list(&ListParams::default()).await.expect_err("half a list");
    assert!(matches!(broken, kube::Error::SerdeError(_)), "{broken:?}");
    api.list(&ListParams::default()).await.expect("well again");
}

#[tokio::test]
async fn a_teams_apply_conflicts_with_a_patch_until_its_entry_is_dropped() {
    // As seen on a real API server: tests/cluster/suite/server_side_apply.rs.
    let (_cluster, client) = cluster().await;
    let api: Api<Deployment> = Api::namespaced(client, "shop");
    let manifest = |tag: &str| {
        let containers = json!([{"name": "app", "image": format!("shop/cart:{tag}")}]);
        Patch::Apply(json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart"},
            "spec": {
                "replicas": 0, "selector": {"matchLabels": {"app": "cart"}},
                "template": {"metadata": {"labels": {"app": "cart"}}, "spec": {"containers": containers}},
            },
        }))
    };
    let team = PatchParams::apply("team");
    let made = api
        .patch("cart", &team, &manifest("1.0.0"))
        .await
        .expect("applied");
    assert_eq!(made.managed_fields()[0].operation.as_deref(), Some("Apply"));
    let path = "/spec/template/spec/containers/0/image";
    let back = json!([{"op": "replace", "path": path, "value": "shop/cart:0.9.0"}]);
    let json_patch = |patch: Value| Patch::<()>::Json(serde_json::from_value(patch).expect("a patch"));
    let ours = PatchParams {
        field_manager: Some("tidemark".into()),
        ..PatchParams::default()
    };
    let patched = api
        .patch("cart", &ours, &json_patch(back))
        .await
        .expect("patched");
    let conflict = refused(
        api.patch("cart", &team, &manifest("1.1.0"))
            .await
            .expect_err("tidemark owns the image"),
    );
    let causes = conflict.details.expect("details").causes;
    assert_eq!((conflict.code, causes.len()), (409, 1));
    assert_eq!(causes[0].reason, "FieldManagerConflict");
    assert_eq!(
        causes[0].field,
        ".spec.template.spec.containers[name=\"app\"].image"
    );

    let others: Vec<_> = patched
        .managed_fields()
        .iter()
        .filter(|entry| entry.manager.as_deref() != Some("tidemark"))
        .collect();
    let drop_ours = json!([
        {"op": "test", "path": "/metadata/uid", "value": patched.uid()},
        {"op": "replace", "path": "/metadata/managedFields", "value": others},
    ]);
    api.patch("cart", &ours, &json_patch(drop_ours))
        .await
        .expect("dropped");
    let applied = api
        .patch("cart", &team, &manifest("1.1.0"))
        .await
        .expect("the team's apply works again");
    let spec = applied
        .spec
        .and_then(|spec| spec.template.spec)
        .expect("a pod spec");
    assert_eq!(spec.containers[0].image.as_deref(), Some("shop/cart:1.1.0"));
}
