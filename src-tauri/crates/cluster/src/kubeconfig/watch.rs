//! Noticing that kubeconfig files changed, so that new contexts appear without a restart.
//!
//! The folders are watched, not the files: editors and `kubectl` itself replace a file by renaming another onto it,
//! and a file may yet have to be made.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::KubeconfigFiles;

/// Several writes that belong together are told once.
const SETTLE: Duration = Duration::from_millis(200);

/// Tells of changes until it is dropped.
#[derive(Debug)]
pub struct KubeconfigWatch {
    changes: mpsc::Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl KubeconfigWatch {
    /// Waits for the next change of any of the files. `None`: the watch has ended.
    pub async fn changed(&mut self) -> Option<()> {
        self.changes.recv().await?;
        tokio::time::sleep(SETTLE).await;
        while self.changes.try_recv().is_ok() {}
        Some(())
    }
}

/// Watches the files. Folders that do not exist are left out: nothing in them can change.
pub fn watch(files: &KubeconfigFiles) -> notify::Result<KubeconfigWatch> {
    let (sender, changes) = mpsc::channel(1);
    // A file can be a link into another folder (as home managers make them): both ends are watched.
    let watched: Vec<PathBuf> = files
        .files()
        .iter()
        .flat_map(|file| [Some(file.clone()), file.canonicalize().ok()])
        .flatten()
        .collect();
    let names = watched.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let ours = event.is_ok_and(|event| {
            !event.kind.is_access()
                && event
                    .paths
                    .iter()
                    .any(|path| names.iter().any(|name| same(name, path)))
        });
        if ours {
            // A full channel already holds the news.
            let _ = sender.try_send(());
        }
    })?;
    let folders: BTreeSet<&Path> = watched.iter().filter_map(|file| file.parent()).collect();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(KubeconfigWatch {
        changes,
        _watcher: watcher,
    })
}

fn same(name: &Path, path: &Path) -> bool {
    name == path
        || (name.file_name() == path.file_name() && name.parent().is_some_and(|parent| is(parent, path)))
}

fn is(folder: &Path, path: &Path) -> bool {
    path.parent()
        .is_some_and(|parent| folder.canonicalize().is_ok_and(|folder| folder == parent))
}
