//! The sample world of `--demo`, as the rim hands it to the app, with pods that start in a third of the time.

use std::path::PathBuf;
use std::sync::Arc;

use app::{DemoPast, DemoWorld, MakeDemo, WriteClones, commands};
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
    let mut world = World::plan(now, 7);
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
    let clusters = clusters.collect();
    let repositories = world.repositories(&folder).into_iter();
    Ok(DemoWorld {
        workspace: world.workspace.clone(),
        clones: repositories.map(|one| (one.identity, one.path)).collect(),
        clusters,
        history: std::mem::take(&mut world.deployments)
            .into_iter()
            .map(past)
            .collect(),
        notes: Vec::new(),
        write_clones: WriteClones(Arc::new(move || {
            world.write(&folder).map_err(|error| error.to_string())
        })),
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
