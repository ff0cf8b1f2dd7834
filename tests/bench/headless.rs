//! The app's whole backend without a window, on one cluster, as the window would drive it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ::tests::cluster::{CONTEXT, until_within};
use anyhow::{Result, anyhow, bail};
use app::{Backend, Emit, Host, Setup, commands};
use chrono::Utc;
use cluster::kubeconfig::KubeconfigFiles;
use git::network::{GitProgram, Limits};
use wire::WireError;
use wire::cluster::ConnectionState;
use wire::settings::PathRequest;
use wire::workspace::BindClusterRequest;

/// The name of the cluster in the workspace files of the benchmarks.
pub const CLUSTER: &str = "bench";
const LIVE_WITHIN: Duration = Duration::from_secs(120);

/// Opens a workspace on the cluster of a kubeconfig, and waits until it is live. `data` is an empty folder. Must be
/// called within a runtime.
pub async fn open(data: &Path, kubeconfig: &Path, workspace: &str, emit: Emit) -> Result<Arc<Backend>> {
    let file = data.join("tidemark.toml");
    std::fs::write(&file, workspace)?;
    let backend = Backend::new(Setup {
        version: "bench".to_owned(),
        data: data.join("data"),
        logs: data.join("logs"),
        git: GitProgram::new("git", Limits::default()),
        kubeconfig: KubeconfigFiles::these([kubeconfig.to_path_buf()]),
        emit,
        host: nobody(),
        demo: Arc::new(|_, _| Box::pin(async { Err("there is no demo here".to_owned()) })),
        clock: Utc::now,
    })
    .map_err(said)?;
    let request = PathRequest {
        path: file.display().to_string(),
    };
    commands::workspace_open(&backend, request).await.map_err(said)?;
    let bind = BindClusterRequest {
        cluster: CLUSTER.to_owned(),
        context: CONTEXT.to_owned(),
    };
    commands::cluster_bind(&backend, bind).await.map_err(said)?;
    live(&backend).await?;
    Ok(backend)
}

/// As an error that can go up.
pub fn said(error: WireError) -> anyhow::Error {
    anyhow!("{error}")
}

async fn live(backend: &Arc<Backend>) -> Result<()> {
    until_within(LIVE_WITHIN, "the cluster is live", async || {
        let state = commands::app_state(backend, ()).await.map_err(said)?;
        for connection in &state.connections {
            if let Some(error) = &connection.error {
                bail!("{}: {error}", connection.cluster);
            }
        }
        let live = |state: &ConnectionState| matches!(state, ConnectionState::Live);
        Ok(state.connections.iter().all(|one| live(&one.state)).then_some(()))
    })
    .await
}

/// A desktop on which nothing can be opened or said.
fn nobody() -> Host {
    Host {
        open: Arc::new(|_| Ok(())),
        notify: Arc::new(|_| Ok(())),
        quit: Arc::new(|| {}),
    }
}
