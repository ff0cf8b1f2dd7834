//! Follows what of this machine a session depends on: the references of its clones, and the kubeconfig files. What is
//! gone, or cannot be watched, is tried again: a clone may come back, and a folder may yet be made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use cluster::kubeconfig::{ContextDigest, KubeconfigFiles};
use domain::ids::ClusterName;
use wire::Event;

use super::wait;
use crate::backend::{Backend, blocking};
use crate::connection::ClusterLink;
use crate::moved_tags;
use crate::session::Session;

/// The demo's repositories are written when the window has drawn its first frame, which does not need them.
const FIRST_FRAME: Duration = Duration::from_secs(2);

/// Follows every clone of the session.
pub(super) async fn follow_repositories(backend: Arc<Backend>, session: Arc<Session>) {
    if session.demo {
        tokio::time::sleep(FIRST_FRAME).await;
    }
    let repositories = Arc::clone(&session);
    let written = blocking(move || {
        repositories.repositories.ready();
        Ok(())
    });
    if written.await.is_err() {
        return;
    }
    for path in session.repositories.paths() {
        let follow = follow_repository(Arc::clone(&backend), Arc::clone(&session), path);
        tokio::spawn(session.stopped().run_until_cancelled_owned(follow));
    }
}

/// The watch is made anew after each change: a clone in the place of another is watched where it is now.
async fn follow_repository(backend: Arc<Backend>, session: Arc<Session>, path: PathBuf) {
    let (mut news, mut failures) = (false, 0);
    loop {
        match git::watch_refs(&path) {
            Ok(mut watch) => {
                failures = 0;
                record_tags(&backend, &session, &path).await;
                if news {
                    session.changed(&backend);
                }
                if watch.changed().await.is_err() {
                    session.changed(&backend);
                }
            }
            Err(error) => {
                if failures == 0 {
                    tracing::warn!(%error, "a repository is not watched; it is looked for again");
                }
                tokio::time::sleep(wait(failures)).await;
                failures += 1;
            }
        }
        news = true;
    }
}

/// Keeps every tag of a clone once seen; of one that was moved by force the window hears, the old commit stays in the ledger.
async fn record_tags(backend: &Arc<Backend>, session: &Arc<Session>, path: &Path) {
    let (session, path, now) = (Arc::clone(session), path.to_owned(), backend.now());
    let recorded = blocking(move || {
        let moved = moved_tags::record(&session, &path, now)?;
        moved.then(|| moved_tags::list(&session)).transpose()
    });
    match recorded.await {
        Ok(Some(moved)) => backend.emit(Event::tags_moved(&moved)),
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "the tags were not kept"),
    }
}

/// Connects anew where the settings of a link's context are other ones; most writes (another current context, another
/// cluster's token) change nothing for the others, which would all be listed again.
pub(super) async fn follow_kubeconfig(files: KubeconfigFiles, session: Arc<Session>) {
    let (mut known, mut failures) = (digests(&files, &session).await, 0);
    loop {
        match cluster::kubeconfig::watch(&files) {
            Ok(mut watch) => loop {
                failures = 0;
                let now = digests(&files, &session).await;
                for (name, link) in &session.links {
                    if now.get(name) != known.get(name) {
                        tracing::info!(cluster = %name, "its context is another one now");
                        link.retry();
                    }
                }
                known = now;
                if watch.changed().await.is_none() {
                    break;
                }
            },
            Err(error) => {
                if failures == 0 {
                    tracing::warn!(%error, "the kubeconfig is not watched; it is tried again");
                }
                tokio::time::sleep(wait(failures)).await;
                failures += 1;
            }
        }
    }
}

/// What the contexts of the session's links say now.
async fn digests(files: &KubeconfigFiles, session: &Arc<Session>) -> BTreeMap<ClusterName, ContextDigest> {
    let (files, session) = (files.clone(), Arc::clone(session));
    let read = blocking(move || {
        let contexts = files.load();
        let digest = |(name, link): (&ClusterName, &Arc<ClusterLink>)| {
            Some((name.clone(), contexts.digest(&link.context()?)?))
        };
        Ok(session.links.iter().filter_map(digest).collect())
    });
    read.await.unwrap_or_default()
}
