//! Hands the demo world to the app, which knows nothing of how it is made.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use app::{DemoNote, DemoPast, DemoWorld, MakeDemo, WriteClones};
use chrono::{DateTime, Utc};
use cluster::Clients;
use demo::cluster::{DemoCluster, Options, Pace};
use demo::world::{PastConfigMap, PastDeployment, World};

/// The same world every time.
const SEED: u64 = 7;

/// A world that is being thought out on a thread of its own.
pub struct Planned(JoinHandle<World>);

/// Begins to think the world out: the window takes long enough to come up.
pub fn plan() -> Planned {
    Planned(std::thread::spawn(|| World::plan(Utc::now(), SEED)))
}

/// Makes the demo world; `speed` is how many times faster than in life things go. The first is the planned one.
pub fn maker(speed: f64, planned: Option<Planned>) -> MakeDemo {
    let planned = Arc::new(Mutex::new(planned));
    Arc::new(move |folder, now| {
        let planned = planned.lock().unwrap_or_else(PoisonError::into_inner).take();
        Box::pin(make(folder, now, speed, planned))
    })
}

async fn make(
    folder: PathBuf,
    now: DateTime<Utc>,
    speed: f64,
    planned: Option<Planned>,
) -> Result<DemoWorld, String> {
    tokio::task::spawn_blocking(move || {
        let planned = planned.and_then(|Planned(thread)| thread.join().ok());
        let world = planned.unwrap_or_else(|| World::plan(now, SEED));
        start(world, folder, speed)
    })
    .await
    .map_err(|error| error.to_string())
}

/// Starts the clusters of a world. Must be called within a Tokio runtime; takes a moment.
fn start(mut world: World, folder: PathBuf, speed: f64) -> DemoWorld {
    let mut options = Options::lifelike();
    options.pace = faster(options.pace, speed);
    let clusters = world.clusters(&options).into_iter().map(|cluster| {
        let clients = Clients::over(cluster.name(), |_| client(&cluster));
        (cluster.name().into(), clients)
    });
    let clusters = clusters.collect();
    let (history, notes) = (
        std::mem::take(&mut world.deployments),
        std::mem::take(&mut world.notes),
    );
    DemoWorld {
        workspace: world.workspace.clone(),
        clones: world
            .repositories(&folder)
            .into_iter()
            .map(|one| (one.identity, one.path))
            .collect(),
        clusters,
        history: history.into_iter().map(past).collect(),
        notes: notes
            .into_iter()
            .map(|note| DemoNote {
                service: note.service.into(),
                version: note.version,
                markdown: note.text,
                author: note.author,
                at: note.at,
                draft: false,
            })
            .collect(),
        write_clones: WriteClones(Arc::new(move || {
            world.write(&folder).map_err(|error| error.to_string())
        })),
    }
}

/// Everything that takes time, in a fraction of it.
fn faster(pace: Pace, speed: f64) -> Pace {
    let of = |duration: Duration| duration.div_f64(speed);
    Pace {
        sync: of(pace.sync),
        schedule: of(pace.schedule),
        pull: of(pace.pull),
        ready: of(pace.ready),
        terminate: of(pace.terminate),
        back_off: of(pace.back_off),
        ..pace
    }
}

fn client(cluster: &DemoCluster) -> kube::Client {
    cluster.client_as(World::account())
}

fn past(past: PastDeployment) -> DemoPast {
    let kept = |map: PastConfigMap| {
        let text = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let data: BTreeMap<String, String> = map
            .data
            .into_iter()
            .map(|(key, value)| (key, text(value)))
            .collect();
        (map.namespace.into(), map.name, data)
    };
    DemoPast {
        deployment: past.deployment,
        back_to: past.back_to,
        template: past.template,
        config_maps: past.config_maps.into_iter().map(kept).collect(),
        secrets: past.secrets.into_iter().map(kept).collect(),
    }
}
