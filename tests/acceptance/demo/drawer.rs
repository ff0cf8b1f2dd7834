//! *Open in cluster* with rights missing: each part says for itself why it is not there.

use app::commands;
use demo::cluster::{Account, Denial};
use tests::cluster::until;
use tests::contract::ground::APP;
use wire::ErrorCode;
use wire::cluster::{ClusterObject, WorkloadRequest};
use wire::workspace::TierWord;

use crate::harness::app::ENVIRONMENT;
use crate::harness::{App, Care, DemoStage};

const CRASHING: &str = "1.1.0-crashloop";

fn lena() -> Account {
    Account::named("lena", &["release-managers"])
}

/// The drawer as soon as it shows what is waited for.
async fn drawer(app: &App, fits: impl Fn(&ClusterObject) -> bool) -> ClusterObject {
    let shown = until("the drawer", async || {
        let request = WorkloadRequest {
            service: APP.to_owned(),
            environment: ENVIRONMENT.to_owned(),
            deployment: None,
        };
        let shown = commands::cluster_object(&app.backend, request).await;
        Ok(shown.ok().filter(|object| fits(object)))
    });
    shown.await.unwrap()
}

async fn opened(denial: Denial) -> (DemoStage, App) {
    let stage = DemoStage::running(&["1.0.0"]).await;
    stage.ground.set_tag(CRASHING).await.unwrap();
    let app = stage
        .open_as(lena().without(denial), Care::of(TierWord::Staging))
        .await;
    (stage, app)
}

#[tokio::test]
async fn without_the_right_to_list_pods_that_part_says_so_and_the_others_stand() {
    let (_stage, app) = opened(Denial::of("list", "pods")).await;
    let object = drawer(&app, |object| !object.unread.is_empty()).await;
    let unread: Vec<_> = object
        .unread
        .iter()
        .map(|one| (one.part.as_str(), one.error.code))
        .collect();
    assert_eq!(unread, [("pods", ErrorCode::Forbidden)]);
    assert_eq!(object.unread[0].error.parameters["resource"], "pods");
    assert!(object.yaml.contains(CRASHING), "the object itself is shown");
}

#[tokio::test]
async fn without_the_right_to_read_logs_the_log_names_the_missing_right() {
    let (_stage, app) = opened(Denial::of("get", "pods/log")).await;
    let object = drawer(&app, |object| !object.logs.is_empty()).await;
    let error = object.logs[0].error.clone().expect("no log can be read");
    assert_eq!(error.code, ErrorCode::Forbidden, "{error:?}");
    assert_eq!(
        (
            error.parameters["verb"].as_str(),
            error.parameters["resource"].as_str()
        ),
        ("get", "pods/log")
    );
    assert_eq!(object.unread.len(), 0, "the list of pods was read");
}
