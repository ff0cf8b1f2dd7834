//! Fault 45: a program that a kubeconfig asks to run is run only after consent to exactly it and its arguments.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use app::commands;
use serde_json::{Value, json};
use tests::cluster::{Person, shared};
use wire::ErrorCode;
use wire::cluster::{ContextRequest, ContextTest, ExecConsent, ExecPlugin};

use crate::harness::App;

/// The real cluster's kubeconfig, with a program in the place of the token.
fn kubeconfig(path: &Path, program: &Path, argument: &str) {
    let original = fs::read_to_string(shared().kubeconfig_for(Person::Releaser)).unwrap();
    let mut config: Value = serde_json::from_str(&original).unwrap();
    config["users"][0]["user"] = json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never",
        "command": program, "args": [argument],
    }});
    fs::write(path, config.to_string()).unwrap();
}

/// Writes a program that notes each run with its arguments and answers with the releaser's token.
fn program(path: &Path, runs: &Path) {
    let original = fs::read_to_string(shared().kubeconfig_for(Person::Releaser)).unwrap();
    let config: Value = serde_json::from_str(&original).unwrap();
    let credential = json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
        "status": {"token": config["users"][0]["user"]["token"]}});
    let script = format!(
        "#!/bin/sh\necho \"$@\" >> '{}'\necho '{credential}'\n",
        runs.display()
    );
    fs::write(path, script).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

async fn plugin(app: &App) -> ExecPlugin {
    let listed = commands::contexts_list(&app.backend, ()).await.unwrap();
    listed.contexts[0].exec.clone().unwrap()
}

async fn tested(app: &App) -> Result<ContextTest, ErrorCode> {
    let context = tests::cluster::CONTEXT.to_owned();
    let tested = commands::context_test(&app.backend, ContextRequest { context }).await;
    tested.map_err(|error| error.code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_45_an_exec_plugin_is_asked_for_once_and_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let (config, command, runs) = (
        folder.path().join("kubeconfig"),
        folder.path().join("login"),
        folder.path().join("runs"),
    );
    program(&command, &runs);
    kubeconfig(&config, &command, "--role=reader");
    let app = App::start(&folder.path().join("data"), std::slice::from_ref(&config));
    let shown = plugin(&app).await;
    assert_eq!(
        Some(shown.path.as_str()),
        command.to_str(),
        "by its absolute path"
    );
    assert_eq!(
        (shown.arguments.clone(), shown.consented),
        (vec!["--role=reader".to_owned()], false)
    );
    assert_eq!(tested(&app).await, Err(ErrorCode::ExecConsentNeeded));
    assert!(!runs.exists(), "nothing was run without consent");

    let consent = |path: &str, argument: &str| ExecConsent {
        context: tests::cluster::CONTEXT.to_owned(),
        path: path.to_owned(),
        arguments: vec![argument.to_owned()],
        allow: true,
    };
    let path = shown.path;
    for other in [
        consent("/bin/sh", "--role=reader"),
        consent(&path, "--role=admin"),
    ] {
        let refused = commands::exec_consent(&app.backend, other).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ExecConsentNeeded, "not what was shown");
    }
    commands::exec_consent(&app.backend, consent(&path, "--role=reader"))
        .await
        .unwrap();
    assert_eq!(tested(&app).await.unwrap().account.as_deref(), Some("releaser"));
    let ran = fs::read_to_string(&runs).unwrap();
    assert!(ran.lines().all(|line| line == "--role=reader"), "{ran}");

    kubeconfig(&config, &command, "--role=admin");
    assert!(
        !plugin(&app).await.consented,
        "other arguments were not agreed to"
    );
    assert_eq!(tested(&app).await, Err(ErrorCode::ExecConsentNeeded));
    assert_eq!(fs::read_to_string(&runs).unwrap(), ran, "nothing more was run");

    kubeconfig(&config, &command, "--role=reader");
    assert!(plugin(&app).await.consented, "asked once only");
    let revoked = ExecConsent {
        allow: false,
        ..consent(&path, "--role=reader")
    };
    commands::exec_consent(&app.backend, revoked).await.unwrap();
    assert_eq!(
        tested(&app).await,
        Err(ErrorCode::ExecConsentNeeded),
        "a consent can be taken back"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_program_that_is_not_installed_is_named_with_the_folders_searched() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("kubeconfig");
    kubeconfig(&config, Path::new("tidemark-no-such-login"), "--role=reader");
    let app = App::start(&folder.path().join("data"), std::slice::from_ref(&config));
    let listed = commands::contexts_list(&app.backend, ()).await.unwrap();
    let problem = listed.contexts[0].exec_problem.clone().unwrap();
    assert_eq!(problem.code, ErrorCode::ExecMissing);
    assert_eq!(problem.parameters["command"], "tidemark-no-such-login");
    let path = std::env::var("PATH").unwrap();
    let first = path.split(':').next().unwrap();
    assert!(problem.parameters["searched"].contains(first), "{problem:?}");
    assert!(listed.contexts[0].exec.is_none(), "there is nothing to allow");
}
