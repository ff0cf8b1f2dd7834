//! Real programs as plugins: scripts that answer, hang, flood and fail (faults 45).

use std::fs;
use std::time::Instant;

use super::*;

fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn config(command: &str, arguments: &[&str]) -> ExecConfig {
    serde_json::from_value(serde_json::json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": command,
        "args": arguments,
        "env": [{"name": "PROFILE", "value": "work"}],
        "installHint": "brew install it",
    }))
    .unwrap()
}

fn plugin(folder: &Path, body: &str) -> AllowedPlugin {
    script(folder, "plugin", body);
    let config = config("plugin", &["get-token"]);
    let search = vec![
        folder.to_owned(),
        PathBuf::from("/usr/bin"),
        PathBuf::from("/bin"),
    ];
    AllowedPlugin {
        consent: consent("c", &config, &search).unwrap(),
        config,
        search,
        limits: PluginLimits {
            time: Duration::from_secs(20),
            output: 64 << 10,
        },
    }
}

#[tokio::test]
async fn a_plugin_gets_its_arguments_and_gives_a_token() {
    use secrecy::ExposeSecret as _;
    let folder = tempfile::tempdir().unwrap();
    let body = r#"printf '{"status":{"token":"%s-%s-%s","expirationTimestamp":"2030-01-02T03:04:05Z"}}' "$1" "$PROFILE" "$(printf %s "$KUBERNETES_EXEC_INFO" | grep -c ExecCredential)""#;
    let found = run(&plugin(folder.path(), body)).await.unwrap();
    assert_eq!(found.token.unwrap().expose_secret(), "get-token-work-1");
    assert_eq!(found.expires.unwrap().to_rfc3339(), "2030-01-02T03:04:05+00:00");
}

#[tokio::test]
async fn a_plugin_that_hangs_is_stopped_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("child");
    let body = format!("sh -c 'echo $$ > {}; exec sleep 300' & sleep 300", mark.display());
    let mut hanging = plugin(folder.path(), &body);
    hanging.limits.time = Duration::from_millis(500);
    let begun = Instant::now();
    let error = run(&hanging).await.unwrap_err();
    assert!(matches!(error, ExecPluginError::TimedOut { .. }), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(5), "it was not waited for");
    let child = fs::read_to_string(&mark).unwrap().trim().to_owned();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
    assert!(
        status.is_empty() || status.contains("zombie"),
        "its child lives on: {status}"
    );
}

#[tokio::test]
async fn a_plugin_that_floods_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let error = run(&plugin(folder.path(), "exec head -c 1000000000 /dev/zero"))
        .await
        .unwrap_err();
    assert_eq!(error.code(), "exec-plugin-too-much-output", "{error}");
}

#[tokio::test]
async fn a_plugin_that_fails_says_why_and_its_errors_are_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let body = "head -c 100000000 /dev/zero | tr '\\0' x >&2; echo 'session expired' >&2; exit 3";
    let error = run(&plugin(folder.path(), body)).await.unwrap_err();
    let ExecPluginError::Failed { status, message, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(status, "exit status: 3");
    assert!(message.ends_with("session expired") && message.len() <= 4 << 10);
}

#[tokio::test]
async fn what_it_prints_is_never_repeated() {
    let folder = tempfile::tempdir().unwrap();
    for body in [
        "echo 'secret-token, no JSON'",
        "echo '{}'",
        "echo '{\"status\":{\"token\":\"\"}}'",
    ] {
        let error = run(&plugin(folder.path(), body)).await.unwrap_err();
        assert_eq!(error.code(), "exec-plugin-no-credentials");
        assert!(!error.to_string().contains("secret-token"), "{error}");
    }
}

#[test]
fn a_missing_plugin_is_named_with_the_folders() {
    let folder = tempfile::tempdir().unwrap();
    let error = consent(
        "prod",
        &config("no-such-plugin", &[]),
        &[folder.path().to_owned()],
    )
    .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("no-such-plugin") && text.contains(&folder.path().display().to_string()),
        "{text}"
    );
    let ExecPluginError::Missing { install_hint, .. } = error else {
        panic!()
    };
    assert_eq!(install_hint.as_deref(), Some("brew install it"));
}

#[test]
fn consent_is_for_one_program_with_these_arguments_only() {
    let folder = tempfile::tempdir().unwrap();
    let other = tempfile::tempdir().unwrap();
    script(folder.path(), "plugin", "");
    script(folder.path(), "tool", "");
    script(other.path(), "plugin", "");
    let search = vec![folder.path().to_owned()];
    let key = |config: &ExecConfig, search: &[PathBuf]| consent("c", config, search).unwrap().key;
    let base = key(&config("plugin", &["a", "b"]), &search);
    assert_eq!(
        base,
        key(&config("plugin", &["a", "b"]), &search),
        "the same is the same"
    );
    let mut environment = config("plugin", &["a", "b"]);
    environment.env.as_mut().unwrap()[0].insert("value".into(), "other".into());
    let others = [
        key(&config("plugin", &["a"]), &search),
        key(&config("plugin", &["ab"]), &search),
        key(&config("plugin", &["b", "a"]), &search),
        key(&config("tool", &["a", "b"]), &search),
        key(&environment, &search),
        key(&config("plugin", &["a", "b"]), &[other.path().to_owned()]),
    ];
    assert!(others.iter().all(|other| *other != base));
    let shown = consent("c", &config("plugin", &["a", "b"]), &search).unwrap();
    assert!(shown.program.is_absolute());
    assert_eq!(shown.environment, ["PROFILE"]);
    assert!(
        !format!("{shown:?}").contains("work"),
        "values of variables are not shown"
    );
}
