//! Clusters that refuse: each is named, by itself, and the others go on.

use std::path::PathBuf;

use app::commands;
use serde_json::{Value, json};
use tests::cluster::{CONTEXT, Person, shared, until};
use wire::ErrorCode;
use wire::cluster::{Connection, ConnectionState, ContextRequest};
use wire::rollback::TargetRequest;
use wire::workspace::{DraftEnvironment, SaveRequest, TierWord};

use super::exec_plugin;
use crate::harness::stage::draft;
use crate::harness::{App, Care, Stage};

/// A kubeconfig with the good context and a second one, whose cluster or user a test spoils.
fn two_contexts(stage: &Stage, spoil: impl Fn(&mut Value, &mut Value)) -> PathBuf {
    let original = std::fs::read_to_string(shared().kubeconfig_for(Person::Releaser)).unwrap();
    let mut config: Value = serde_json::from_str(&original).unwrap();
    let (mut cluster, mut user) = (config["clusters"][0].clone(), config["users"][0].clone());
    (cluster["name"], user["name"]) = (json!("other"), json!("other"));
    spoil(&mut cluster["cluster"], &mut user["user"]);
    config["clusters"].as_array_mut().unwrap().push(cluster);
    config["users"].as_array_mut().unwrap().push(user);
    let context = json!({"name": "other", "context": {"cluster": "other", "user": "other"}});
    config["contexts"].as_array_mut().unwrap().push(context);
    let path = stage.folder.path().join("two-contexts");
    std::fs::write(&path, config.to_string()).unwrap();
    path
}

/// Opens a workspace with the good environment and one on the spoiled context; answers the second's connection.
async fn open(stage: &Stage, kubeconfig: PathBuf) -> (App, Connection) {
    let app = App::start(&stage.data(), &[kubeconfig]);
    let clone = stage.repository.path.display().to_string();
    let mut draft = draft(
        &stage.namespace,
        &clone,
        Some(CONTEXT.to_owned()),
        Care::of(TierWord::Staging),
    );
    let second = DraftEnvironment {
        name: "second".to_owned(),
        cluster: "two".to_owned(),
        context: Some("other".to_owned()),
        ..draft.environments[0].clone()
    };
    draft.environments.push(second);
    let path = Some(stage.workspace_file().display().to_string());
    let request = SaveRequest {
        draft,
        text: None,
        path,
    };
    commands::workspace_save(&app.backend, request).await.unwrap();
    app.runs("1.1.0").await;
    let told = until("the second cluster's trouble", async || {
        let state = commands::app_state(&app.backend, ()).await.unwrap();
        let second = state.connections.into_iter().find(|one| one.cluster == "two");
        Ok(second.filter(|second| second.error.is_some()))
    });
    let second = told.await.unwrap();
    (app, second)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_22_an_expired_token_stops_that_cluster_only() {
    let stage = Stage::running("expired", &["1.0.0", "1.1.0"]).await;
    let kubeconfig = two_contexts(&stage, |_, user| user["token"] = json!("expired-4f1d"));
    let (app, second) = open(&stage, kubeconfig).await;
    let error = second.error.unwrap();
    assert_eq!(
        (second.state, error.code),
        (ConnectionState::Refused, ErrorCode::Unauthorized)
    );
    assert!(
        !error.details.contains("expired-4f1d"),
        "no token in what is shown: {}",
        error.details
    );
    assert_eq!(
        app.plan(TargetRequest::Previous).await.to.version,
        "1.0.0",
        "the other goes on"
    );
}

/// A kubeconfig whose folder is made while the workspace is open connects; other arguments of its plugin ask again, and
/// what means nothing for the context leaves the connection alone: its plugin, which each connecting runs, stays at rest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kubeconfig_that_changes_is_followed_where_it_matters() {
    let stage = Stage::running("follow-config", &["1.0.0"]).await;
    let file = stage.folder.path().join("home/.kube/config");
    let (command, runs) = (
        stage.folder.path().join("login"),
        stage.folder.path().join("runs"),
    );
    exec_plugin::program(&command, &runs);
    let app = App::start(&stage.data(), std::slice::from_ref(&file));
    stage.save(&app, Care::of(TierWord::Staging)).await;
    let refused = async |code: ErrorCode| {
        let waited = until("the refusal", async || {
            let error = app.connection().await.error;
            Ok(error.filter(|error| error.code == code))
        });
        waited.await.unwrap()
    };
    refused(ErrorCode::ContextNotFound).await;
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    exec_plugin::kubeconfig(&file, &command, "--role=reader", "work");
    refused(ErrorCode::ExecConsentNeeded).await;
    let consent = exec_plugin::consent(&exec_plugin::plugin(&app).await);
    commands::exec_consent(&app.backend, consent).await.unwrap();
    app.connected(ConnectionState::Live).await;

    let ran = std::fs::read_to_string(&runs).unwrap();
    let mut other: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    other["current-context"] = json!("somewhere-else");
    let unused = json!({"name": "unused", "user": {"token": "renewed"}});
    other["users"].as_array_mut().unwrap().push(unused);
    std::fs::write(&file, other.to_string()).unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert_eq!(
        std::fs::read_to_string(&runs).unwrap(),
        ran,
        "it did not connect anew"
    );
    assert_eq!(app.connection().await.state, ConnectionState::Live);

    exec_plugin::kubeconfig(&file, &command, "--role=admin", "work");
    refused(ErrorCode::ExecConsentNeeded).await;
}

/// Fault 30: there is no way to click through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_30_a_certificate_for_another_name_is_refused() {
    let stage = Stage::running("tls-name", &["1.0.0", "1.1.0"]).await;
    let kubeconfig = two_contexts(&stage, |cluster, _| {
        cluster["tls-server-name"] = json!("shop.example")
    });
    let (app, second) = open(&stage, kubeconfig).await;
    assert_eq!(second.error.unwrap().code, ErrorCode::CertificateRefused);
    let request = ContextRequest {
        context: "other".to_owned(),
    };
    let tested = commands::context_test(&app.backend, request).await;
    assert_eq!(tested.unwrap_err().code, ErrorCode::CertificateRefused);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_23_without_replica_sets_there_is_no_rollback_and_it_is_said() {
    let stage = Stage::running("no-sets", &["1.0.0", "1.1.0"]).await;
    let app = stage
        .open(Person::NoReplicaSets, Care::of(TierWord::Staging))
        .await;
    let deployment = app.runs("1.1.0").await;
    assert_eq!(
        app.details(deployment).await.rollback.off.as_deref(),
        Some("no-replica-sets")
    );
    assert_eq!(app.connection().await.limits, ["replicasets"]);
    let refused = app.try_plan(TargetRequest::Previous).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Forbidden, "{refused:?}");
}

/// The people of the control plane have real rights: what a viewer lacks is a refusal by the server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_is_blocked_and_somebody_who_may_only_patch_is_told_what_is_unknown() {
    let stage = Stage::running("rights", &["1.0.0", "1.1.0"]).await;
    let app = stage.open(Person::Viewer, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(plan.level, None, "{:?}", plan.findings);
    drop(app);
    let bare = App::start(
        &stage.folder.path().join("bare"),
        &[shared().kubeconfig_for(Person::Bare)],
    );
    stage.save(&bare, Care::of(TierWord::Staging)).await;
    bare.connected(ConnectionState::Live).await;
    bare.runs("1.1.0").await;
    let plan = bare.plan(TargetRequest::Previous).await;
    assert_eq!(
        plan.level,
        Some(2),
        "what can't be checked is never green: {:?}",
        plan.findings
    );
    let generation = stage.generation().await;
    let operation = bare.carry_out(&plan).await;
    assert_eq!(stage.generation().await, generation + 1);
    let traced = operation.steps.iter().find(|step| step.kind == "traced").unwrap();
    assert_eq!(
        traced.facts["written"], "no",
        "without the right the Event is skipped, and that is said"
    );
}
