//! The sample world of `--demo`, as the rim hands it to the app, with pods that start in a third of the time.

use std::path::PathBuf;
use std::sync::Arc;

use app::{DemoPast, DemoWorld, MakeDemo, commands};
use chrono::{DateTime, Utc};
use cluster::Clients;
use demo::cluster::{Options, Pace};
use demo::world::{PastDeployment, World};
use tempfile::TempDir;

use super::App;
use super::app::Listener;

/// The app on the sample world; the folder holds both.
pub async fn open(listener: Listener) -> (App, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let maker: MakeDemo = Arc::new(|folder, now| Box::pin(make(folder, now)));
    let app = App::start_with(&folder.path().join("data"), &[], maker, listener).unwrap();
    commands::demo_open(&app.backend, ()).await.unwrap();
    (app, folder)
}

async fn make(folder: PathBuf, now: DateTime<Utc>) -> Result<DemoWorld, String> {
    let made = tokio::task::spawn_blocking(move || World::write(&folder, now, 7));
    let world = made
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let pace = Pace::lifelike();
    let options = Options {
        pace: Pace {
            pull: pace.pull / 3,
            ready: pace.ready / 3,
            terminate: pace.terminate / 3,
            ..pace
        },
        ..Options::lifelike()
    };
    let clusters = world.clusters(&options).into_iter().map(|cluster| {
        let name = cluster.name().into();
        let clients = Clients::over(cluster.name(), |_| cluster.client_as(World::account()));
        (name, clients)
    });
    Ok(DemoWorld {
        workspace: std::fs::read_to_string(&world.workspace_file).map_err(|error| error.to_string())?,
        clones: world
            .repositories
            .iter()
            .map(|one| (one.identity.clone(), one.path.clone()))
            .collect(),
        clusters: clusters.collect(),
        history: world.deployments.into_iter().map(past).collect(),
        notes: Vec::new(),
    })
}

fn past(past: PastDeployment) -> DemoPast {
    DemoPast {
        deployment: past.deployment,
        back_to: past.back_to,
        template: past.template,
        config_maps: Vec::new(),
        secrets: Vec::new(),
    }
}
