//! Where a control plane keeps its files: a folder named by the process that owns it, so that a later
//! start can tell what was left behind by a process that is gone.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, test_kill_process};

use super::launch::Ports;

const PREFIX: &str = "tidemark-control-plane-";
/// Logs of a failed run stay this long for somebody to read.
const KEEP: Duration = Duration::from_secs(24 * 3600);

/// A new folder of our own, after sweeping what processes that are gone have left.
pub(super) fn fresh_folder() -> Result<PathBuf> {
    sweep(&env::temp_dir());
    let folder = tempfile::Builder::new()
        .prefix(&format!("{PREFIX}{}-", process::id()))
        .tempdir()
        .context("cannot make a temporary folder for the control plane")?;
    Ok(folder.keep())
}

/// Data goes at once, for it is large; logs go when nobody will read them any more. A failure is left
/// to the next sweep.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(owner) = name.to_str().and_then(owner) else {
            continue;
        };
        if test_kill_process(owner).is_ok() {
            continue;
        }
        let _ = fs::remove_dir_all(entry.path().join("etcd"));
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        if modified
            .and_then(|time| time.elapsed().ok())
            .is_some_and(|age| age > KEEP)
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn owner(folder: &str) -> Option<Pid> {
    Pid::from_raw(folder.strip_prefix(PREFIX)?.split('-').next()?.parse().ok()?)
}

/// Ports that were free a moment ago: all four are held together, so that they differ.
pub(super) fn free_ports() -> Result<Ports> {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1");
    let held = [bind()?, bind()?, bind()?, bind()?];
    let port = |place: usize| held[place].local_addr().map(|address| address.port());
    Ok(Ports {
        etcd: port(0)?,
        etcd_peer: port(1)?,
        api_server: port(2)?,
        kubelet: port(3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_folders_of_processes_that_are_gone_lose_their_data() {
        let parent = tempfile::tempdir().unwrap();
        // No process has the largest number that a pid can have.
        let gone = parent.path().join(format!("{PREFIX}{}-x", i32::MAX));
        let ours = parent.path().join(format!("{PREFIX}{}-x", process::id()));
        for folder in [&gone, &ours] {
            fs::create_dir_all(folder.join("etcd")).unwrap();
        }
        sweep(parent.path());
        assert!(!gone.join("etcd").exists(), "its process is gone");
        assert!(gone.exists(), "its logs are new");
        assert!(ours.join("etcd").exists(), "this process lives");
    }
}
