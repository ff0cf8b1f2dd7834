//! The services of the demo world as a team's own workspace: the same repositories and clusters, but reached by a
//! kubeconfig over the network, so that a test can change, trouble and cut them off while the app looks.
//!
//! A documented test double: the clusters are the demo's, not real ones.

mod front;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::Utc;
use demo::cluster::{DemoCluster, Options as ClusterOptions};
use demo::world::{DemoRepository, World};
use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Api, Patch, PatchParams};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::app::{App, Options};
use super::home::Home;
use front::Front;

/// The same world every time.
const SEED: u64 = 7;

/// Nothing new for so long: all is read.
const SETTLED: Duration = Duration::from_millis(900);

/// The clusters, as long as this lives.
#[derive(Debug)]
pub struct ServedWorld {
    // The doors close before the runtime that answers behind them ends.
    places: Vec<(DemoCluster, Front)>,
    repositories: Vec<DemoRepository>,
    workspace: PathBuf,
    kubeconfig: PathBuf,
    runtime: Runtime,
}

impl ServedWorld {
    /// Writes repositories, workspace and kubeconfig into the home, and opens the clusters.
    pub fn open(home: &Home, options: &ClusterOptions) -> Result<Self> {
        let runtime = Runtime::new()?;
        let (world, folder) = (World::plan(Utc::now(), SEED), home.path().join("world"));
        world.write(&folder)?;
        let places = runtime.block_on(async {
            let mut places = Vec::new();
            for cluster in world.clusters(options) {
                let front = Front::open(cluster.client_as(World::account())).await?;
                places.push((cluster, front));
            }
            anyhow::Ok(places)
        })?;
        let kubeconfig = home.path().join("kubeconfig");
        std::fs::write(&kubeconfig, kubeconfig_of(&places).to_string())?;
        Ok(Self {
            places,
            repositories: world.repositories(&folder),
            workspace: folder.join("tidemark.toml"),
            kubeconfig,
            runtime,
        })
    }

    /// How the app is started on it.
    pub fn options(&self) -> Options {
        Options::workspace(&self.workspace).with("KUBECONFIG", self.kubeconfig.display().to_string())
    }

    /// The kubeconfig that leads to all of its clusters.
    pub fn kubeconfig(&self) -> &std::path::Path {
        &self.kubeconfig
    }

    /// The clone of a service.
    pub fn repository(&self, service: &str) -> Result<PathBuf> {
        let found = self.repositories.iter().find(|one| one.service == service);
        found
            .map(|one| one.path.clone())
            .ok_or_else(|| anyhow!("there is no service {service}"))
    }

    /// Tells the app where clones and clusters are, as its settings would, and waits for the timeline.
    pub fn bind(&self, app: &App) -> Result<()> {
        app.see(demo::world::WORKSPACE_NAME)?;
        for repository in &self.repositories {
            let binding = json!({ "repository": repository.identity, "clone": repository.path });
            app.told("repository_bind", &binding)?;
        }
        for (cluster, _) in &self.places {
            let binding = json!({ "cluster": cluster.name(), "context": cluster.name() });
            app.told("cluster_bind", &binding)?;
        }
        app.timeline_is_there()?;
        settled(app)
    }

    /// One of its clusters, by the name that the workspace gives it.
    pub fn cluster(&self, name: &str) -> Result<&DemoCluster> {
        self.place(name).map(|(cluster, _)| cluster)
    }

    /// From now on that cluster can't be reached.
    pub fn cut(&self, name: &str) -> Result<()> {
        self.place(name).map(|(_, front)| front.close())
    }

    /// Changes a Deployment object as somebody else would, with all rights and past the app.
    pub fn change(&self, cluster: &str, namespace: &str, name: &str, patch: &Value) -> Result<()> {
        let _inside = self.runtime.enter();
        let client = self.cluster(cluster)?.client();
        let api: Api<Deployment> = Api::namespaced(client, namespace);
        let parameters = PatchParams {
            field_manager: Some("kubectl-set".to_owned()),
            ..PatchParams::default()
        };
        self.runtime
            .block_on(api.patch(name, &parameters, &Patch::Strategic(patch)))?;
        Ok(())
    }

    fn place(&self, name: &str) -> Result<&(DemoCluster, Front)> {
        let found = self.places.iter().find(|(cluster, _)| cluster.name() == name);
        found.ok_or_else(|| anyhow!("there is no cluster {name}"))
    }
}

/// Waits until no cluster is being read for the first time, and what is known of them has stopped to grow.
fn settled(app: &App) -> Result<()> {
    let mut before = Value::Null;
    app.until("the clusters to be read", || {
        let state = app.told("app_state", &Value::Null)?;
        let connections = state["connections"].as_array().into_iter().flatten();
        let reading = connections.filter(|one| one["state"] == "connecting").count();
        let matrix = app.told("matrix", &json!({ "reference": null }))?;
        let same = reading == 0 && matrix == before;
        before = matrix;
        std::thread::sleep(SETTLED);
        Ok(same)
    })
}

fn kubeconfig_of(places: &[(DemoCluster, Front)]) -> Value {
    let clusters = places
        .iter()
        .map(|(cluster, front)| json!({ "name": cluster.name(), "cluster": { "server": front.server() } }));
    let contexts = places.iter().map(|(cluster, _)| {
        json!({ "name": cluster.name(), "context": { "cluster": cluster.name(), "user": "lena" } })
    });
    json!({
        "apiVersion": "v1", "kind": "Config",
        "clusters": clusters.collect::<Vec<_>>(),
        "contexts": contexts.collect::<Vec<_>>(),
        "users": [{ "name": "lena", "user": { "token": "of-lena" } }],
    })
}
