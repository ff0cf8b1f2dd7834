//! A service on the real control plane: a namespace, a repository, a data folder; and the app opened on it.

use std::path::PathBuf;

use app::commands;
use serde_json::Value;
use tempfile::TempDir;
use tests::cluster::{CONTEXT, Person, shared};
use tests::contract::Ground;
use tests::contract::ground::APP;
use wire::cluster::ConnectionState;
use wire::workspace::{DraftEnvironment, DraftService, SaveRequest, TierWord, WorkspaceDraft};

use super::app::{ENVIRONMENT, Listener};
use super::repository::IDENTITY;
use super::{App, Repository};

/// How an environment is cared for.
#[derive(Debug, Clone)]
pub struct Care {
    pub tier: TierWord,
    pub guard: bool,
    pub window: &'static str,
    pub known_good: &'static str,
}

impl Care {
    /// Not guarded, with a window of two seconds.
    pub fn of(tier: TierWord) -> Self {
        Self {
            tier,
            guard: false,
            window: "2s",
            known_good: "24h",
        }
    }
}

/// A place where the service runs.
pub struct Stage {
    pub folder: TempDir,
    pub namespace: String,
    pub repository: Repository,
    pub ground: Ground,
}

impl Stage {
    /// A namespace of its own, three releases in the repository, and nothing deployed.
    pub async fn new(prefix: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let namespace = shared().namespace(prefix).await.unwrap();
        let client = shared().client_for(Person::Admin).await.unwrap();
        let ground = Ground {
            client,
            namespace: namespace.clone(),
        };
        Self {
            repository: Repository::of_releases(folder.path()),
            folder,
            namespace,
            ground,
        }
    }

    /// The service rolled through versions, each to its end.
    pub async fn running(prefix: &str, versions: &[&str]) -> Self {
        let stage = Self::new(prefix).await;
        stage.ground.rolled_out(versions[0], 2).await.unwrap();
        for version in &versions[1..] {
            stage.ground.roll(version).await.unwrap();
        }
        stage
    }

    /// What `kubectl` prints, as the admin, in the namespace.
    pub async fn kubectl(&self, arguments: &[&str]) -> String {
        let arguments = [&["--namespace", self.namespace.as_str()], arguments].concat();
        let ran = shared().kubectl(Person::Admin, &arguments).await.unwrap();
        ran.ok().unwrap()
    }

    /// `kubectl set image` and `kubectl rollout status`.
    pub async fn kubectl_roll(&self, version: &str) {
        let image = format!("app=registry.example/checkout:{version}");
        self.kubectl(&["set", "image", "deployment/checkout", &image])
            .await;
        let wait = ["rollout", "status", "deployment/checkout", "--timeout=60s"];
        self.kubectl(&wait).await;
    }

    /// The Deployment object as `kubectl get` shows it.
    pub async fn object(&self) -> Value {
        let text = self
            .kubectl(&["get", "deployment", APP, "-o", "json", "--show-managed-fields"])
            .await;
        serde_json::from_str(&text).unwrap()
    }

    /// The generation, which every accepted write of a spec or annotation moves.
    pub async fn generation(&self) -> i64 {
        self.object().await["metadata"]["generation"].as_i64().unwrap()
    }

    /// The image of the template, as `kubectl` shows it.
    pub async fn image(&self) -> String {
        let path = "jsonpath={.spec.template.spec.containers[0].image}";
        self.kubectl(&["get", "deployment", APP, "-o", path]).await
    }

    pub fn workspace_file(&self) -> PathBuf {
        self.folder.path().join("tidemark.toml")
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The app as somebody starts it, without a workspace yet.
    pub fn start(&self, person: Person) -> App {
        App::start(&self.data(), &[shared().kubeconfig_for(person)])
    }

    /// The app with the workspace open and its cluster live.
    pub async fn open(&self, person: Person, care: Care) -> App {
        let app = self.start(person);
        self.save(&app, care).await;
        app.connected(ConnectionState::Live).await;
        app
    }

    /// The same with a listener to every event, and a kubeconfig of one's own.
    pub async fn open_heard(&self, kubeconfig: PathBuf, care: Care, listener: Listener) -> App {
        let no_demo = std::sync::Arc::new(|_, _| {
            let refused: futures::future::BoxFuture<'static, _> =
                Box::pin(async { Err("no demo".to_owned()) });
            refused
        });
        let app = App::start_with(&self.data(), &[kubeconfig], no_demo, listener).unwrap();
        self.save(&app, care).await;
        app.connected(ConnectionState::Live).await;
        app
    }

    /// Saves the workspace with its bindings as the editor does, and so opens it.
    pub async fn save(&self, app: &App, care: Care) {
        let request = SaveRequest {
            draft: self.draft(care),
            text: None,
            path: Some(self.workspace_file().display().to_string()),
        };
        commands::workspace_save(&app.backend, request).await.unwrap();
    }

    pub fn draft(&self, care: Care) -> WorkspaceDraft {
        draft(
            &self.namespace,
            &self.repository.path.display().to_string(),
            Some(CONTEXT.to_owned()),
            care,
        )
    }
}

/// A workspace of the one service in the one environment.
pub fn draft(namespace: &str, clone: &str, context: Option<String>, care: Care) -> WorkspaceDraft {
    WorkspaceDraft {
        name: "Shop".to_owned(),
        time_zone: None,
        environments: vec![DraftEnvironment {
            name: ENVIRONMENT.to_owned(),
            was: None,
            tier: care.tier,
            guard: care.guard,
            cluster: "one".to_owned(),
            namespaces: vec![namespace.to_owned()],
            context,
            verify_window: Some(care.window.to_owned()),
            known_good_after: Some(care.known_good.to_owned()),
        }],
        services: vec![DraftService {
            name: APP.to_owned(),
            was: None,
            team: None,
            repository: Some(IDENTITY.to_owned()),
            clone: Some(clone.to_owned()),
            path: None,
            tags: None,
            container: None,
            depends_on: Vec::new(),
        }],
    }
}
