//! Noticing that kubeconfig files changed, so that new contexts appear without a restart.
//!
//! The folders are watched, not the files: editors and `kubectl` itself replace a file by renaming another onto it,
//! and a file may yet have to be made. So may its folder: then the nearest one above it is watched until it is there.

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
    files: KubeconfigFiles,
    folders: BTreeSet<PathBuf>,
    changes: mpsc::Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl KubeconfigWatch {
    /// Waits for the next change of any of the files. `None`: the watch has ended.
    pub async fn changed(&mut self) -> Option<()> {
        self.changes.recv().await?;
        tokio::time::sleep(SETTLE).await;
        while self.changes.try_recv().is_ok() {}
        // A folder was made, or one is gone, or a link leads elsewhere.
        if folders(&names(&self.files)) != self.folders {
            *self = watch(&self.files).ok()?;
        }
        Some(())
    }
}

/// Watches the files.
///
/// # Errors
/// The system refuses the watch, as when a person has used up all that it grants.
pub fn watch(files: &KubeconfigFiles) -> notify::Result<KubeconfigWatch> {
    let (sender, changes) = mpsc::channel(1);
    let names = names(files);
    let folders = folders(&names);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        let ours = event.is_ok_and(|event| {
            !event.kind.is_access()
                && event
                    .paths
                    .iter()
                    .any(|path| names.iter().any(|name| concerns(name, path)))
        });
        if ours {
            // A full channel already holds the news.
            let _ = sender.try_send(());
        }
    })?;
    for folder in &folders {
        watcher.watch(folder, RecursiveMode::NonRecursive)?;
    }
    Ok(KubeconfigWatch {
        files: files.clone(),
        folders,
        changes,
        _watcher: watcher,
    })
}

/// A file can be a link into another folder (as home managers make them): both ends count.
fn names(files: &KubeconfigFiles) -> Vec<PathBuf> {
    let both = |file: &PathBuf| [Some(file.clone()), file.canonicalize().ok()];
    files.files().iter().flat_map(both).flatten().collect()
}

/// The folder of each file, or the nearest one above it that is there.
fn folders(names: &[PathBuf]) -> BTreeSet<PathBuf> {
    let nearest = |file: &PathBuf| {
        file.ancestors()
            .skip(1)
            .find(|folder| folder.is_dir())
            .map(Path::to_owned)
    };
    names.iter().filter_map(nearest).collect()
}

/// Whether the path is the file, or a folder on the way to it.
fn concerns(name: &Path, path: &Path) -> bool {
    name.starts_with(path)
        || (name.file_name() == path.file_name() && name.parent().is_some_and(|parent| is(parent, path)))
}

fn is(folder: &Path, path: &Path) -> bool {
    path.parent()
        .is_some_and(|parent| folder.canonicalize().is_ok_and(|folder| folder == parent))
}
