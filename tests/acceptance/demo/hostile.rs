//! Hostile input: what others wrote is text, bounded, and never runs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::commands;
use serde_json::json;
use tests::cluster::until;
use wire::ErrorCode;
use wire::cluster::{ContextRequest, ExecConsent, WorkloadRequest};
use wire::note::MarkdownRequest;
use wire::settings::PathRequest;
use wire::task::TaskState;
use wire::workspace::CloneRequest;

use crate::harness::app::ENVIRONMENT;
use crate::harness::{App, DemoStage};

#[tokio::test]
async fn fault_44_hostile_kubeconfigs_are_named_and_bounded_and_the_good_one_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", vec![below; 9].join(",")));
    }
    let good = json!({"apiVersion": "v1", "kind": "Config",
        "clusters": [{"name": "one", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "lena", "user": {}}],
        "contexts": [{"name": "good", "context": {"cluster": "one", "user": "lena"}}]});
    let files: [(&str, &str, Vec<u8>); 5] = [
        ("bomb", "kubeconfig-malformed", bomb.into_bytes()),
        ("large", "kubeconfig-too-large", vec![b'#'; 50 << 20]),
        (
            "twice",
            "kubeconfig-malformed",
            b"apiVersion: v1\nkind: Config\nkind: Config\n".to_vec(),
        ),
        (
            "nul",
            "kubeconfig-not-text",
            b"apiVersion: v1\n\0kind: Config\n".to_vec(),
        ),
        ("good", "", good.to_string().into_bytes()),
    ];
    let paths: Vec<PathBuf> = files.iter().map(|(name, ..)| folder.path().join(name)).collect();
    for ((.., content), path) in files.iter().zip(&paths) {
        fs::write(path, content).unwrap();
    }
    let app = App::start(&folder.path().join("data"), &paths);
    let begin = Instant::now();
    let listed = commands::contexts_list(&app.backend, ()).await.unwrap();
    assert!(
        begin.elapsed() < Duration::from_secs(30),
        "read for {:?}",
        begin.elapsed()
    );
    let names: Vec<&str> = listed
        .contexts
        .iter()
        .map(|context| context.name.as_str())
        .collect();
    assert_eq!(names, ["good"]);
    assert_eq!(listed.errors.len(), 4, "{:?}", listed.errors);
    for (((_, problem, _), path), error) in files.iter().zip(&paths).zip(&listed.errors) {
        assert_eq!(error.code, ErrorCode::KubeconfigUnreadable);
        assert_eq!(error.parameters["path"], path.display().to_string());
        assert_eq!(error.parameters["problem"], *problem, "{error:?}");
    }
    assert_eq!(listed.errors[3].parameters["line"], "2");
}

/// Fault 45: what a sign-in program did is told apart, by a code and facts.
#[tokio::test]
async fn fault_45_a_sign_in_program_that_misbehaves_is_named_by_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let (program, config) = (folder.path().join("login"), folder.path().join("kubeconfig"));
    let content = json!({"apiVersion": "v1", "kind": "Config",
        "clusters": [{"name": "one", "cluster": {"server": "https://127.0.0.1:1"}}],
        "users": [{"name": "lena", "user": {"exec": {
            "apiVersion": "client.authentication.k8s.io/v1", "interactiveMode": "Never", "command": program}}}],
        "contexts": [{"name": "one", "context": {"cluster": "one", "user": "lena"}}]});
    fs::write(&config, content.to_string()).unwrap();
    let app = App::start(&folder.path().join("data"), &[config]);
    let run = async |script: &str| {
        fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let listed = commands::contexts_list(&app.backend, ()).await.unwrap();
        let shown = listed.contexts[0].exec.clone().unwrap();
        let consent = ExecConsent {
            context: shown.context,
            path: shown.path,
            arguments: shown.arguments,
            environment: shown.environment,
            key: shown.key,
            allow: true,
        };
        commands::exec_consent(&app.backend, consent).await.unwrap();
        let context = "one".to_owned();
        commands::context_test(&app.backend, ContextRequest { context })
            .await
            .unwrap_err()
    };
    for (script, problem, fact) in [
        (
            "exec head -c 1000000000 /dev/zero",
            "exec-plugin-too-much-output",
            "limit",
        ),
        ("exit 3", "exec-plugin-failed", "status"),
        ("echo no credentials", "exec-plugin-no-credentials", "command"),
    ] {
        let error = run(script).await;
        assert_eq!(error.code, ErrorCode::ExecFailed, "{error:?}");
        assert_eq!(error.parameters["problem"], problem, "{error:?}");
        assert_eq!(error.parameters["command"], program.display().to_string());
        assert!(error.parameters.contains_key(fact), "{error:?}");
    }
}

/// Faults 46 and 48.
#[tokio::test]
async fn fault_46_and_48_markdown_is_inert_and_takes_bounded_time() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(folder.path(), &[]);
    let render = async |markdown: String| {
        commands::markdown_render(&app.backend, MarkdownRequest { markdown })
            .await
            .unwrap()
            .html
    };
    for hostile in [
        "<script>alert(1)</script>",
        "![x](https://evil.example/pixel.png)",
        "<img src=https://evil.example/x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
    ] {
        let html = render(hostile.to_owned()).await;
        for danger in ["<script", "<img", "<svg", "href=\"javascript", "href=\"data"] {
            assert!(!html.contains(danger), "{danger} in {html}");
        }
    }
    for large in [
        ">".repeat(200_000),
        "[".repeat(200_000),
        "a *b ".repeat(1 << 20),
        "- ".repeat(100_000),
    ] {
        let begin = Instant::now();
        let html = render(large).await;
        assert!(
            begin.elapsed() < Duration::from_secs(10),
            "rendered for {:?}",
            begin.elapsed()
        );
        assert!(!html.is_empty());
    }
}

/// Fault 47: the window gets the very text; marking it is the window's part.
#[tokio::test]
async fn fault_47_annotations_reach_the_window_as_the_text_they_are() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let hostile = "<img src=x onerror=alert(1)> \u{202e}gnp.exe\u{2066}";
    let patch = json!({"metadata": {"annotations": {"kubernetes.io/change-cause": hostile}}});
    stage.ground.merge(patch).await.unwrap();
    let app = stage.open_staging().await;
    let deployment = app.runs("1.0.0").await;
    let why = until("the reason", async || Ok(app.details(deployment).await.why))
        .await
        .unwrap();
    assert_eq!(
        (why.text.as_str(), why.source.as_str()),
        (hostile, "change-cause")
    );
    let request = WorkloadRequest {
        deployment: None,
        service: "checkout".to_owned(),
        environment: ENVIRONMENT.to_owned(),
    };
    let object = commands::cluster_object(&app.backend, request).await.unwrap();
    let yaml: serde_json::Value = serde_yaml_ng::from_str(&object.yaml).unwrap();
    assert_eq!(
        yaml["metadata"]["annotations"]["kubernetes.io/change-cause"],
        hostile
    );
}

/// What the process has logged, of all tests that ran beside.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Fault 51: planted secrets are searched for in the log, the events, the errors and the support file.
#[tokio::test]
async fn fault_51_no_secret_reaches_a_log_an_error_or_the_support_file() {
    const PASSWORD: &str = "hunter2-4f1d";
    const TOKEN: &str = "planted-token-77aa";
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let stage = DemoStage::running(&["1.0.0"]).await;
    let kubeconfig = stage.folder.path().join("kubeconfig");
    let config = json!({"apiVersion": "v1", "kind": "Config",
        "clusters": [{"name": "one", "cluster": {"server": format!("https://lena:{PASSWORD}@127.0.0.1:1")}}],
        "users": [{"name": "lena", "user": {"token": TOKEN}}],
        "contexts": [{"name": "dead", "context": {"cluster": "one", "user": "lena"}}]});
    fs::write(&kubeconfig, config.to_string()).unwrap();
    let app = App::start(&stage.folder.path().join("data"), &[kubeconfig]);
    let context = "dead".to_owned();
    let listed = commands::contexts_list(&app.backend, ()).await.unwrap();
    let refused = commands::context_test(&app.backend, ContextRequest { context })
        .await
        .unwrap_err();

    let clone = CloneRequest {
        url: format!("https://lena:{PASSWORD}@127.0.0.1:1/shop.git"),
        into: stage.folder.path().join("clone").display().to_string(),
    };
    let task = commands::repository_clone(&app.backend, clone).await.unwrap();
    let failed = until("the clone fails", async || {
        let tasks = commands::task_list(&app.backend, ()).await.unwrap().tasks;
        Ok(tasks
            .into_iter()
            .find(|one| one.id == task.id && one.state == TaskState::Failed))
    });
    let failed = failed.await.unwrap();

    let planted = format!("Authorization: Bearer {TOKEN}\nclone https://lena:{PASSWORD}@git.example/a.git\n");
    fs::write(app.data.join("logs/tidemark-1.log"), planted).unwrap();
    let path = stage.folder.path().join("support.txt");
    let request = PathRequest {
        path: path.display().to_string(),
    };
    commands::support_file(&app.backend, request).await.unwrap();
    let support = fs::read_to_string(&path).unwrap();
    assert!(support.contains("[redacted]"), "the log is in it: {support}");
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(!logged.is_empty(), "something was logged");
    let events = format!("{:?}{:?}", app.events("tasks"), app.events("app_changed"));
    for (place, text) in [
        ("the support file", support),
        ("the log", logged),
        ("the events", events),
        ("the contexts", format!("{listed:?}")),
        ("the refusal", format!("{refused:?}")),
        ("the task", format!("{failed:?}")),
    ] {
        for secret in [PASSWORD, TOKEN, "token-of-"] {
            assert!(!text.contains(secret), "{secret} is in {place}: {text}");
        }
    }
}

/// Fault 52: opening it runs nothing and fetches nothing; using it is refused by name.
#[tokio::test]
async fn fault_52_nothing_in_a_hostile_workspace_file_is_run_or_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("touched");
    let address = format!("ext::sh -c touch% {}", marker.display());
    let text = format!(
        "format = 1\nname = \"<img src=x onerror=alert(1)>\"\n\n[[environment]]\nname = \"$(touch {marker})\"\n\
         tier = \"production\"\ncluster = \"; touch {marker}\"\nnamespaces = [\"*\"]\n\n[[service]]\n\
         name = \"--upload-pack=touch\"\nrepository = \"{address}\"\npath = \"../../etc\"\n\n[notes]\n\
         template = \"../../../etc/passwd\"\nissue-link = {{ pattern = \"(.*)\", url = \"javascript:alert(1)\" }}\n",
        marker = marker.display()
    );
    let file = folder.path().join("tidemark.toml");
    fs::write(&file, text).unwrap();
    let app = App::start(&folder.path().join("data"), &[]);
    let open = PathRequest {
        path: file.display().to_string(),
    };
    match commands::workspace_open(&app.backend, open).await {
        Ok(info) => assert_eq!(info.name, "<img src=x onerror=alert(1)>", "text"),
        Err(error) => assert_eq!(error.code, ErrorCode::WorkspaceInvalid, "{error:?}"),
    }
    let into = folder.path().join("clone").display().to_string();
    let clone = CloneRequest { url: address, into };
    let refused = match commands::repository_clone(&app.backend, clone).await {
        Err(error) => error,
        Ok(task) => until("the clone is refused", async || {
            let tasks = commands::task_list(&app.backend, ()).await.unwrap().tasks;
            Ok(tasks
                .into_iter()
                .find(|one| one.id == task.id)
                .and_then(|one| one.error))
        })
        .await
        .unwrap(),
    };
    assert_eq!(refused.code, ErrorCode::AddressRefused, "{refused:?}");
    for url in ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"] {
        let refused = commands::link_open(&app.backend, PathRequest { path: url.to_owned() }).await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::AddressRefused, "{url}");
    }
    assert_eq!(
        *app.opened.lock().unwrap(),
        Vec::<String>::new(),
        "nothing was opened"
    );
    assert!(!marker.exists(), "nothing was run");
}
