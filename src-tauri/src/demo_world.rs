//! Hands the demo world to the app, which knows nothing of how it is made.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::{DemoNote, DemoPast, DemoWorld, MakeDemo};
use chrono::{DateTime, Utc};
use cluster::Clients;
use demo::cluster::{DemoCluster, Options, Pace};
use demo::world::{PastConfigMap, PastDeployment, World};

/// The same world every time.
const SEED: u64 = 7;

/// Makes the demo world; `speed` is how many times faster than in life things go.
pub fn maker(speed: f64) -> MakeDemo {
    Arc::new(move |folder, now| Box::pin(make(folder, now, speed)))
}

async fn make(folder: PathBuf, now: DateTime<Utc>, speed: f64) -> Result<DemoWorld, String> {
    let world = tokio::task::spawn_blocking(move || World::write(&folder, now, SEED))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let workspace = tokio::fs::read_to_string(&world.workspace_file)
        .await
        .map_err(|error| error.to_string())?;
    let mut options = Options::lifelike();
    options.pace = faster(options.pace, speed);
    let clusters = world.clusters(&options).into_iter().map(|cluster| {
        let clients = Clients::over(cluster.name(), |_| client(&cluster));
        (cluster.name().into(), clients)
    });
    Ok(DemoWorld {
        workspace,
        clones: world
            .repositories
            .iter()
            .map(|one| (one.identity.clone(), one.path.clone()))
            .collect(),
        clusters: clusters.collect(),
        history: world.deployments.into_iter().map(past).collect(),
        notes: world
            .notes
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
    })
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
