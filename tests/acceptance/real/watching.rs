//! What is told where nobody looked, or not everything may be looked at (history.md, kubernetes.md).

use std::path::PathBuf;
use std::time::Duration;

use app::commands;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use tests::cluster::{CONTEXT, Person, shared, until};
use wire::cluster::ConnectionState;
use wire::rollback::{PlanRequest, TargetRequest, VerdictWord};
use wire::timeline::{MatrixRequest, SearchKind, SearchRequest, VersionSourceWord};
use wire::workspace::{DraftEnvironment, SaveRequest, TierWord};

use crate::harness::app::ENVIRONMENT;
use crate::harness::stage::draft;
use crate::harness::{App, Care, Stage};

fn staging() -> Care {
    Care::of(TierWord::Staging)
}

/// The kubeconfig of somebody who may do what a release manager does, in one namespace only.
async fn only_in(stage: &Stage) -> PathBuf {
    stage.kubectl(&["create", "serviceaccount", "shop-only"]).await;
    let account = format!("--serviceaccount={}:shop-only", stage.namespace);
    for role in ["tidemark-read", "tidemark-read-replicasets", "tidemark-release"] {
        let named = format!("--clusterrole={role}");
        stage
            .kubectl(&["create", "rolebinding", role, &named, &account])
            .await;
    }
    let token = stage.kubectl(&["create", "token", "shop-only"]).await;
    let original = std::fs::read_to_string(shared().kubeconfig_for(Person::Viewer)).unwrap();
    let mut config: Value = serde_json::from_str(&original).unwrap();
    config["users"][0]["user"] = json!({"token": token.trim()});
    let path = stage.folder.path().join("only-in-one");
    std::fs::write(&path, config.to_string()).unwrap();
    path
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_in_one_of_two_namespaces_leaves_that_one_live() {
    let stage = Stage::running("shop", &["1.0.0", "1.1.0"]).await;
    let money = Stage::running("money", &["1.0.0"]).await;
    let app = App::start(&stage.data(), &[only_in(&stage).await]);
    let clone = stage.repository.path.display().to_string();
    let mut draft = draft(&stage.namespace, &clone, Some(CONTEXT.to_owned()), staging());
    let other = DraftEnvironment {
        name: "money".to_owned(),
        namespaces: vec![money.namespace.clone()],
        ..draft.environments[0].clone()
    };
    draft.environments.push(other);
    let path = Some(stage.workspace_file().display().to_string());
    commands::workspace_save(
        &app.backend,
        SaveRequest {
            draft,
            text: None,
            path,
        },
    )
    .await
    .unwrap();
    let connection = app.connected(ConnectionState::Partial).await;
    assert_eq!(connection.not_live, [money.namespace.as_str()]);
    let deployment = app.runs("1.1.0").await;
    let matrix = commands::matrix(&app.backend, MatrixRequest { reference: None });
    let row = matrix.await.unwrap().rows.remove(0);
    let stale: Vec<(&str, bool)> = row
        .cells
        .iter()
        .map(|cell| (cell.environment.as_str(), cell.stale))
        .collect();
    assert_eq!(stale, [(ENVIRONMENT, false), ("money", true)]);
    let offer = app.details(deployment).await.rollback;
    assert_eq!(offer.off, None, "it is live where the Role is");
    let request = PlanRequest {
        service: "checkout".to_owned(),
        environment: ENVIRONMENT.to_owned(),
        target: TargetRequest::Previous,
    };
    let plan = commands::rollback_plan(&app.backend, request).await.unwrap();
    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_while_nobody_looked_ended_between_two_looks() {
    let stage = Stage::running("deleted", &["1.0.0", "1.1.0"]).await;
    let app = stage.open(Person::Releaser, staging()).await;
    let ghost = app.runs("1.1.0").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let closed = Utc::now();
    commands::workspace_close(&app.backend, ()).await.unwrap();
    drop(app);
    stage.kubectl(&["delete", "deployment", "checkout"]).await;
    stage.ground.rolled_out("1.2.0", 1).await.unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.2.0").await;
    let gone = until("its end", async || Ok(app.details(ghost).await.ended))
        .await
        .unwrap();
    let now = Utc::now().timestamp_millis() as f64;
    let after = (closed - TimeDelta::milliseconds(1_500)).timestamp_millis() as f64;
    let earliest = gone.earliest.unwrap();
    assert!(
        earliest >= after && earliest < gone.latest && gone.latest <= now + 1_500.0,
        "it was seen until the workspace was closed, at {after}: {gone:?}"
    );
    let columns = app.columns().await;
    let open: Vec<&str> = columns
        .spans
        .iter()
        .filter(|span| span.ended.is_nan())
        .map(|span| span.version.as_str())
        .collect();
    assert_eq!(open, ["1.2.0"], "{columns:?}");
}

/// The window asks for no end: what the cluster has is shown, whatever the desktop's clock says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desktop_whose_clock_is_slow_shows_what_began_after_its_now() {
    let stage = Stage::running("slow-clock", &["1.0.0", "1.1.0"]).await;
    let kubeconfig = [shared().kubeconfig_for(Person::Releaser)];
    let app = App::start_at(&stage.data(), &kubeconfig, || Utc::now() - TimeDelta::minutes(5));
    stage.save(&app, staging()).await;
    app.connected(ConnectionState::Live).await;
    app.runs("1.1.0").await;
    assert_eq!(app.columns().await.versions(), ["1.0.0", "1.1.0"]);
}

/// kubernetes.md, "Which version is it": a digest that ran as a release before is that release.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_pinned_by_digest_is_known_once_its_tag_ran() {
    let stage = Stage::running("digest", &["1.0.0"]).await;
    let app = stage.open(Person::Releaser, staging()).await;
    let tagged = app.runs("1.0.0").await;
    let digest = until("the digest that its pods run", async || {
        Ok(app.details(tagged).await.digest)
    })
    .await
    .unwrap();
    let pods = [
        "get",
        "pods",
        "-o",
        "jsonpath={.items[0].status.containerStatuses[0].imageID}",
    ];
    assert!(stage.kubectl(&pods).await.ends_with(&digest), "{digest}");
    let request = SearchRequest {
        text: digest[7..19].to_owned(),
        limit: 20,
    };
    let hits = commands::search(&app.backend, request).await.unwrap().hits;
    assert!(
        hits.iter()
            .any(|hit| hit.kind == SearchKind::Deployment && hit.deployment == Some(tagged)),
        "found by its digest: {hits:?}"
    );
    stage.ground.roll("1.1.0").await.unwrap();
    app.runs("1.1.0").await;
    let pinned = format!("app=registry.example/checkout@{digest}");
    stage
        .kubectl(&["set", "image", "deployment/checkout", &pinned])
        .await;
    stage.ground.settled().await.unwrap();
    let back = app.runs("1.0.0").await;
    let evidence = app.details(back).await.version_evidence;
    assert!(
        evidence
            .iter()
            .any(|one| one.source == Some(VersionSourceWord::ImageDigest) && !one.against),
        "what says so: {evidence:?}"
    );
}
