//! Tells when the references of a repository change, so that new tags appear without a restart.
//!
//! It says *that* something changed; a [`crate::TagScanner`] then says what, cheaply.

use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::error::GitError;
use crate::layout::Layout;

/// A fetch writes many references; they are told as one change once it is quiet for so long.
const QUIET: Duration = Duration::from_millis(150);
/// A change is told after this time even if it is never quiet.
const LONGEST: Duration = Duration::from_secs(1);

/// A watch on the references of one repository; it ends when it is dropped.
#[derive(Debug)]
pub struct RefsWatch {
    path: PathBuf,
    layout: Layout,
    events: mpsc::Receiver<()>,
    /// A change that was taken from `events` and not yet told.
    pending: bool,
    _watcher: RecommendedWatcher,
}

/// Starts to watch the references of the repository at `path`; for a worktree, those that it shares.
pub fn watch_refs(path: impl AsRef<Path>) -> Result<RefsWatch, GitError> {
    let path = path.as_ref().to_owned();
    let mut layout = Layout::at(&path).ok_or_else(|| GitError::NotARepository { path: path.clone() })?;
    // The system tells real paths; a worktree's way to its repository leads over "..".
    layout.common_dir = layout
        .common_dir
        .canonicalize()
        .map_err(|source| GitError::Unreadable {
            path: layout.common_dir.clone(),
            source,
        })?;
    let fail = |error: notify::Error| GitError::NotWatched {
        path: path.clone(),
        reason: error.to_string(),
    };
    // One waiting notice says all there is to say, so a full channel may drop others.
    let (sender, events) = mpsc::channel(1);
    let common_dir = layout.common_dir.clone();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.map_or(true, |event| concerns_refs(&common_dir, &event)) {
            let _ = sender.try_send(());
        }
    })
    .map_err(fail)?;
    watcher
        .watch(&layout.common_dir, RecursiveMode::NonRecursive)
        .map_err(fail)?;
    watcher
        .watch(&layout.common_dir.join("refs"), RecursiveMode::Recursive)
        .map_err(fail)?;
    Ok(RefsWatch {
        path,
        layout,
        events,
        pending: false,
        _watcher: watcher,
    })
}

impl RefsWatch {
    /// Waits until references have changed, and until the burst of changes is over. Changes before the
    /// call count. Safe to cancel: a change is then told by the next call.
    pub async fn changed(&mut self) -> Result<(), GitError> {
        if !self.pending {
            self.events
                .recv()
                .await
                .expect("because the watcher holds the sender as long as the watch lives");
            self.pending = true;
        }
        let latest = Instant::now() + LONGEST;
        while timeout_at(latest.min(Instant::now() + QUIET), self.events.recv())
            .await
            .is_ok()
        {}
        self.pending = false;
        if self.layout.exists() {
            Ok(())
        } else {
            Err(GitError::Gone {
                path: self.path.clone(),
            })
        }
    }
}

fn concerns_refs(common_dir: &Path, event: &notify::Event) -> bool {
    let writes = match event.kind {
        EventKind::Access(_) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    };
    writes
        && (event.need_rescan()
            || event.paths.is_empty()
            || event.paths.iter().any(|path| is_ref(common_dir, path)))
}

fn is_ref(common_dir: &Path, path: &Path) -> bool {
    if path.extension().is_some_and(|extension| extension == "lock") {
        return false;
    }
    match path.strip_prefix(common_dir) {
        Ok(inside) => {
            inside.as_os_str().is_empty()
                || inside.starts_with("refs")
                || inside == Path::new("packed-refs")
                || inside == Path::new("HEAD")
        }
        Err(_) => true,
    }
}
