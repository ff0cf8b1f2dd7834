//! Our side of the benchmark `snapshot`, in a process of its own: connect, watch, and have the first whole view.

use std::path::Path;

use anyhow::{Context, Result, bail};
use cluster::exec_plugin::PluginLimits;
use cluster::kubeconfig::KubeconfigFiles;
use cluster::{
    Clients, ClusterView, ClusterWatch, Condition, ConnectOptions, Proxies, WatchOptions, Watched, watch,
};
use domain::workload::{RevisionKind, WorkloadKind};
use domain::workspace::NamespacePattern;

const DEPLOYMENTS: Watched = Watched::Workloads(WorkloadKind::Deployment);
const REPLICA_SETS: Watched = Watched::Revisions(RevisionKind::ReplicaSet);

/// Connects to the only context of a kubeconfig, waits until all of the cluster is known, and prints how many
/// Deployment objects and ReplicaSets there are.
pub fn run(kubeconfig: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let view = runtime.block_on(async {
        let mut watch = start(kubeconfig)?;
        first(&mut watch).await
    })?;
    println!("{} {}", view.workloads().count(), view.revision_count());
    Ok(())
}

fn start(kubeconfig: &Path) -> Result<ClusterWatch> {
    let contexts = KubeconfigFiles::these([kubeconfig.to_path_buf()]).load();
    let context = contexts
        .contexts
        .first()
        .context("the kubeconfig has no context")?
        .name
        .clone();
    let options = ConnectOptions {
        search: &[],
        allow: &|_| false,
        limits: PluginLimits::default(),
        proxies: Proxies::default(),
    };
    let clients = Clients::connect(&contexts, &context, &options)?;
    let namespaces = vec![NamespacePattern::new("*")];
    Ok(watch(
        &clients,
        WatchOptions {
            namespaces,
            ..WatchOptions::default()
        },
    ))
}

async fn first(watch: &mut ClusterWatch) -> Result<ClusterView> {
    let mut view = ClusterView::default();
    while let Some(change) = watch.next().await {
        view.apply(&change);
        let conditions = [DEPLOYMENTS, REPLICA_SETS].map(|watched| view.worst(watched));
        if let Some(problem) = conditions
            .iter()
            .flatten()
            .find_map(|condition| problem(condition))
        {
            bail!("the cluster cannot be watched: {problem}");
        }
        if conditions
            .iter()
            .all(|condition| matches!(condition, Some(Condition::Live)))
        {
            return Ok(view);
        }
    }
    bail!("the watch ended before the cluster was known")
}

fn problem(condition: &Condition) -> Option<String> {
    match condition {
        Condition::Connecting | Condition::Live => None,
        Condition::Stale { problem, .. } | Condition::Refused { problem, .. } => Some(problem.to_string()),
    }
}
