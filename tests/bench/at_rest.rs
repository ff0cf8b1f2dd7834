//! Our side of the memory at rest, in a process of its own: the whole backend on a workspace with a service for each
//! Deployment object, live and with every history read.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ::tests::cluster::until_within;
use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::headless::{self, CLUSTER};
use crate::large_cluster::{DEPLOYMENTS, REPLICA_SETS_EACH, service};

const READ_WITHIN: Duration = Duration::from_secs(240);
/// Long enough for everything that follows a first reading, and for freed memory to go back as in the app.
const REST: Duration = Duration::from_secs(40);

/// Prints how much memory is resident at rest, in KiB.
pub fn run(kubeconfig: &Path) -> Result<()> {
    app::memory::keep_few_arenas();
    app::memory::give_back_freed();
    let folder = TempDir::new()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let resident = runtime.block_on(async {
        let backend = headless::open(folder.path(), kubeconfig, &workspace(), Arc::new(|_| {})).await?;
        let session = backend.session().map_err(headless::said)?;
        let all = (DEPLOYMENTS * REPLICA_SETS_EACH) as u64;
        until_within(READ_WITHIN, "every history is in the ledger", async || {
            let count = session.ledger.deployment_count(&session.id)?;
            Ok((count >= all).then_some(()))
        })
        .await?;
        tokio::time::sleep(REST).await;
        resident_kib()
    })?;
    println!("{resident}");
    Ok(())
}

fn workspace() -> String {
    let services: String = (0..DEPLOYMENTS)
        .map(|number| format!("[[service]]\nname = \"{}\"\n\n", service(number)))
        .collect();
    format!(
        "format = 1\nname = \"Bench\"\n\n[[environment]]\nname = \"prod\"\ntier = \"production\"\n\
         cluster = \"{CLUSTER}\"\nnamespaces = [\"harbor-*\"]\n\n{services}"
    )
}

/// `VmRSS` of this process.
fn resident_kib() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("only Linux tells the memory so")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let digits = line
        .and_then(|line| line.split_whitespace().next())
        .context("there is no VmRSS")?;
    Ok(digits.parse()?)
}
