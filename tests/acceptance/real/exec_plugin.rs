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
pub(super) fn kubeconfig(path: &Path, program: &Path, argument: &str, profile: &str) {
    let original = fs::read_to_string(shared().kubeconfig_for(Person::Releaser)).unwrap();
    let mut config: Value = serde_json::from_str(&original).unwrap();
    config["users"][0]["user"] = json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never",
        "command": program, "args": [argument], "env": [{"name": "PROFILE", "value": profile}],
    }});
    fs::write(path, config.to_string()).unwrap();
}

/// Writes a program that notes each run with its arguments and answers with the releaser's token.
pub(super) fn program(path: &Path, runs: &Path) {
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

pub(super) async fn plugin(app: &App) -> ExecPlugin {
    let listed = commands::contexts_list(&app.backend, ()).await.unwrap();
    listed.contexts[0].exec.clone().unwrap()
}

/// A person's yes to what was shown.
pub(super) fn consent(shown: &ExecPlugin) -> ExecConsent {
    ExecConsent {
        context: shown.context.clone(),
        path: shown.path.clone(),
        arguments: shown.arguments.clone(),
        environment: shown.environment.clone(),
        key: shown.key.clone(),
        allow: true,
    }
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
    kubeconfig(&config, &command, "--role=reader", "work");
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

    let exactly = consent(&shown);
    let other = ExecConsent {
        key: "of another program".to_owned(),
        ..exactly.clone()
    };
    let refused = commands::exec_consent(&app.backend, other).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ExecConsentNeeded, "not what was shown");
    commands::exec_consent(&app.backend, exactly.clone())
        .await
        .unwrap();
    assert_eq!(tested(&app).await.unwrap().account.as_deref(), Some("releaser"));
    let ran = fs::read_to_string(&runs).unwrap();
    assert!(ran.lines().all(|line| line == "--role=reader"), "{ran}");

    for (argument, profile) in [("--role=admin", "work"), ("--role=reader", "/tmp/evil.so")] {
        kubeconfig(&config, &command, argument, profile);
        let asked = plugin(&app).await;
        assert_eq!(
            (asked.consented, asked.changed),
            (false, true),
            "{argument} {profile}"
        );
        assert_eq!(asked.environment, ["PROFILE"], "names alone are shown");
        assert_eq!(tested(&app).await, Err(ErrorCode::ExecConsentNeeded));
        let refused = commands::exec_consent(&app.backend, exactly.clone())
            .await
            .unwrap_err();
        assert_eq!(
            refused.code,
            ErrorCode::ExecConsentNeeded,
            "it changed since it was shown"
        );
    }
    assert_eq!(fs::read_to_string(&runs).unwrap(), ran, "nothing more was run");

    kubeconfig(&config, &command, "--role=reader", "work");
    assert!(plugin(&app).await.consented, "asked once only");
    let kept = commands::exec_consents(&app.backend, ()).await.unwrap();
    assert_eq!(kept, std::slice::from_ref(&exactly));
    let revoked = ExecConsent {
        allow: false,
        ..exactly
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
    kubeconfig(
        &config,
        Path::new("tidemark-no-such-login"),
        "--role=reader",
        "work",
    );
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
