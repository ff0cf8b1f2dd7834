//! The same service on an in-process cluster of the demo, where faults can be had on demand.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{DemoWorld, MakeDemo, WriteClones, commands};
use cluster::Clients;
use demo::cluster::{Account, DemoCluster, Options};
use serde_json::json;
use tempfile::TempDir;
use tests::contract::Ground;
use wire::cluster::ConnectionState;
use wire::workspace::TierWord;

use super::app::Listener;
use super::repository::IDENTITY;
use super::stage::Care;
use super::{App, Repository};

/// The namespace of the service.
pub const NAMESPACE: &str = "shop";

/// A place where the service runs, and the app opened on it.
pub struct DemoStage {
    pub folder: TempDir,
    pub cluster: DemoCluster,
    pub repository: Repository,
    pub ground: Ground,
    /// The app's data folder.
    pub data: PathBuf,
}

impl DemoStage {
    /// The service rolled through versions, each to its end.
    pub async fn running(versions: &[&str]) -> Self {
        Self::running_with(Options::quick(), versions).await
    }

    /// The same on a cluster of these options.
    pub async fn running_with(options: Options, versions: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = Repository::of_releases(folder.path());
        Self::make(folder, repository, options, versions).await
    }

    /// Another stage, whose clone is this one.
    pub async fn clone_of(&self, repository: Repository) -> Self {
        Self::make(
            tempfile::tempdir().unwrap(),
            repository,
            Options::quick(),
            &["1.0.0"],
        )
        .await
    }

    async fn make(folder: TempDir, repository: Repository, options: Options, versions: &[&str]) -> Self {
        let cluster = DemoCluster::start("one", options);
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}});
        cluster.load(vec![namespace]).unwrap();
        let ground = Ground {
            client: cluster.client(),
            namespace: NAMESPACE.to_owned(),
        };
        ground.rolled_out(versions[0], 2).await.unwrap();
        for version in &versions[1..] {
            ground.roll(version).await.unwrap();
        }
        Self {
            data: folder.path().join("data"),
            repository,
            folder,
            cluster,
            ground,
        }
    }

    /// The app, live on the cluster, as the release manager.
    pub async fn open(&self, care: Care) -> App {
        self.open_as(Account::named("lena", &["release-managers"]), care)
            .await
    }

    /// The same as somebody else.
    pub async fn open_as(&self, account: Account, care: Care) -> App {
        let app = self.begin(account, care).await;
        app.connected(ConnectionState::Live).await;
        app
    }

    /// The same with a listener to every event.
    pub async fn open_heard(&self, account: Account, care: Care, listener: Listener) -> App {
        let app = self.begin_heard(account, care, listener).await;
        app.connected(ConnectionState::Live).await;
        app
    }

    /// The app, without waiting for the cluster.
    pub async fn begin(&self, account: Account, care: Care) -> App {
        self.begin_heard(account, care, Arc::new(|_| {})).await
    }

    async fn begin_heard(&self, account: Account, care: Care, listener: Listener) -> App {
        let demo = self.world(account, care);
        let app = App::start_with(&self.data, &[], demo, listener).unwrap();
        commands::demo_open(&app.backend, ()).await.unwrap();
        app
    }

    /// The app in a staging environment, where nothing is asked but what the findings ask.
    pub async fn open_staging(&self) -> App {
        self.open(Care::of(TierWord::Staging)).await
    }

    fn world(&self, account: Account, care: Care) -> MakeDemo {
        let (cluster, clone) = (self.cluster.clone(), self.repository.path.clone());
        Arc::new(move |_, _| {
            let clients = Clients::over("one", |_| cluster.client_as(account.clone()));
            let world = DemoWorld {
                workspace: workspace(&care),
                clones: HashMap::from([(IDENTITY.to_owned(), clone.clone())]),
                clusters: BTreeMap::from([("one".into(), clients)]),
                history: Vec::new(),
                notes: Vec::new(),
                write_clones: WriteClones(Arc::new(|| Ok(()))),
            };
            Box::pin(async move { Ok(world) })
        })
    }

    /// How often a request of that method reached the cluster since `record`, dry runs aside.
    pub fn sent(&self, method: &str, path: &str) -> usize {
        let seen = self.cluster.faults().seen();
        let fits = |one: &&demo::cluster::Seen| {
            one.method == method && one.path.contains(path) && !one.query.contains("dryRun")
        };
        seen.iter().filter(fits).count()
    }
}

fn workspace(care: &Care) -> String {
    let tier = match care.tier {
        TierWord::Production => "production",
        TierWord::Staging => "staging",
        TierWord::Development => "development",
    };
    format!(
        "format = 1\nname = \"Shop\"\n\n[[environment]]\nname = \"prod\"\ntier = \"{tier}\"\nguard = {}\n\
         cluster = \"one\"\nnamespaces = [\"{NAMESPACE}\"]\nverify = {{ window = \"{}\" }}\n\
         known-good = {{ after = \"{}\" }}\n\n[[service]]\nname = \"checkout\"\nrepository = \"{IDENTITY}\"\n",
        care.guard, care.window, care.known_good
    )
}

/// Takes all room of a file system that is left, but for some bytes.
pub fn fill_disk(folder: &Path, but: u64) -> PathBuf {
    use std::io::Write;
    let ballast = folder.join("ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(but)).unwrap();
    ballast
}
