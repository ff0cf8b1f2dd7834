//! Watching a cluster: workloads and their revisions as small records, live, for as long as the watch is held.
//!
//! Workloads are read whole and folded at once, because completion stands in their status; ReplicaSets
//! come as metadata only. The first list is streamed where the server can, else paged. A list replaces what was
//! known of its scope in one change, so that nobody sees half of it; until then the old records stay, and an error
//! only makes them *stale*. Each template is handed out once, before the first record that names it, and dropped.
//!
//! Several namespaces are several scopes. Patterns need the right to list everywhere; without it (403) the
//! namespaces that can be seen are watched one by one.

mod conditions;
mod follow;
mod lines;
mod list;
mod pace;
mod resource;
mod scopes;
mod view;

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use domain::ids::{Namespace, TemplateHash, Uid};
use domain::template::PodTemplate;
use domain::workload::{RevisionKind, WorkloadKind};
use domain::workspace::NamespacePattern;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::client::Clients;
use crate::error::Error;
use crate::records::{RevisionRecord, WorkloadRecord};
use crate::workload::{plural, revisions_plural};

pub use conditions::Conditions;
pub use view::ClusterView;

/// How many changes wait for their consumer before the watch waits for it in turn.
const WAITING: usize = 256;

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Watched {
    /// Workloads of a kind.
    Workloads(WorkloadKind),
    /// What keeps revisions.
    Revisions(RevisionKind),
}

impl Watched {
    /// Everything that is watched.
    pub fn all() -> impl Iterator<Item = Self> {
        let workloads = WorkloadKind::ALL.iter().copied().map(Self::Workloads);
        workloads.chain(RevisionKind::ALL.iter().copied().map(Self::Revisions))
    }

    /// As it stands in the paths of the API.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Workloads(kind) => plural(kind),
            Self::Revisions(kind) => revisions_plural(kind),
        }
    }
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Workloads(kind) => write!(f, "{kind}s"),
            Self::Revisions(kind) => write!(f, "{kind}s"),
        }
    }
}

/// Where it is watched.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// In all namespaces at once, those that no pattern matches left out.
    Everywhere,
    /// In one namespace.
    Namespace(Namespace),
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere => f.write_str("all namespaces"),
            Self::Namespace(name) => write!(f, "namespace {name}"),
        }
    }
}

/// How a part of a watch is.
#[derive(Debug, Clone)]
pub enum Condition {
    /// The first list is not there yet.
    Connecting,
    /// What is known is what the cluster says.
    Live,
    /// What is known was true at `since`; it is tried again by itself.
    Stale {
        /// When the cluster was last heard.
        since: DateTime<Utc>,
        /// What is wrong.
        problem: Arc<Error>,
        /// When it is tried again.
        next_try: DateTime<Utc>,
    },
    /// It was never read, or may no longer be: not allowed, or another problem. It is tried again by itself.
    Refused {
        /// What is wrong.
        problem: Arc<Error>,
        /// When it is tried again.
        next_try: DateTime<Utc>,
    },
}

impl Condition {
    /// How bad it is: live, connecting, stale, refused.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Live => 0,
            Self::Connecting => 1,
            Self::Stale { .. } => 2,
            Self::Refused { .. } => 3,
        }
    }
}

/// A change of what is known of a cluster.
#[derive(Debug, Clone)]
pub enum ClusterChange {
    /// A template that was not handed out before. Comes before the record that names it.
    Template {
        /// Its hash.
        hash: TemplateHash,
        /// The template; keep it or it is gone.
        template: PodTemplate,
    },
    /// All workloads of a kind in a scope: replaces what was known of these.
    WorkloadsReplaced {
        /// The kind.
        kind: WorkloadKind,
        /// The scope.
        scope: Scope,
        /// Its workloads.
        records: Vec<Arc<WorkloadRecord>>,
    },
    /// All revisions of a kind in a scope: replaces what was known of these.
    RevisionsReplaced {
        /// The kind.
        kind: RevisionKind,
        /// The scope.
        scope: Scope,
        /// Those that a workload controls.
        records: Vec<Arc<RevisionRecord>>,
    },
    /// A workload was made or changed.
    Workload {
        /// The scope.
        scope: Scope,
        /// The object now.
        record: Arc<WorkloadRecord>,
    },
    /// A workload is gone.
    WorkloadGone {
        /// The scope.
        scope: Scope,
        /// Its uid.
        uid: Uid,
    },
    /// A revision was made or changed.
    Revision {
        /// The scope.
        scope: Scope,
        /// The object now.
        record: Arc<RevisionRecord>,
    },
    /// A revision is gone: pruned, or with its workload.
    RevisionGone {
        /// The scope.
        scope: Scope,
        /// Its uid.
        uid: Uid,
    },
    /// A part of the watch is now like this.
    Condition {
        /// What.
        watched: Watched,
        /// Where.
        scope: Scope,
        /// How it is.
        condition: Condition,
    },
}

/// What to watch.
#[derive(Debug, Clone, Default)]
pub struct WatchOptions {
    /// Names and patterns of namespaces; `*` is all of them.
    pub namespaces: Vec<NamespacePattern>,
    /// Templates that are kept already and need not be handed out.
    pub known_templates: HashSet<TemplateHash>,
}

/// A running watch of one cluster. Dropping it ends it.
#[derive(Debug)]
pub struct ClusterWatch {
    changes: mpsc::Receiver<ClusterChange>,
    _tasks: JoinSet<()>,
}

impl ClusterWatch {
    /// The next change. `None` only when the runtime shuts down.
    pub async fn next(&mut self) -> Option<ClusterChange> {
        self.changes.recv().await
    }

    /// A change that is already there.
    pub fn try_next(&mut self) -> Option<ClusterChange> {
        self.changes.try_recv().ok()
    }
}

/// Starts watching. Must be called inside a Tokio runtime.
pub fn watch(clients: &Clients, options: WatchOptions) -> ClusterWatch {
    let (sender, changes) = mpsc::channel(WAITING);
    let shared = Arc::new(Shared {
        clients: clients.clone(),
        patterns: options.namespaces,
        known: Mutex::new(options.known_templates),
        streams: tokio::sync::OnceCell::new(),
        streaming_refused: std::sync::atomic::AtomicBool::new(false),
        changes: sender,
    });
    let mut tasks = JoinSet::new();
    for kind in WorkloadKind::ALL {
        tasks.spawn(scopes::supervise(resource::Workloads(*kind), shared.clone()));
    }
    for kind in RevisionKind::ALL {
        tasks.spawn(scopes::supervise(resource::Revisions(*kind), shared.clone()));
    }
    ClusterWatch {
        changes,
        _tasks: tasks,
    }
}

/// What all parts of a watch share.
struct Shared {
    clients: Clients,
    patterns: Vec<NamespacePattern>,
    known: Mutex<HashSet<TemplateHash>>,
    /// Whether the server's version has streaming lists.
    streams: tokio::sync::OnceCell<bool>,
    /// Whether it refused one all the same.
    streaming_refused: std::sync::atomic::AtomicBool,
    changes: mpsc::Sender<ClusterChange>,
}

impl Shared {
    /// Tells the consumer; waits while it is behind. Nobody listening means that the watch is being dropped.
    async fn tell(&self, change: ClusterChange) {
        let _ = self.changes.send(change).await;
    }

    fn wants(&self, namespace: &Namespace) -> bool {
        self.patterns
            .iter()
            .any(|pattern| pattern.matches(namespace.as_str()))
    }

    /// Whether a template was not handed out yet; from now on it was.
    fn is_new(&self, hash: &TemplateHash) -> bool {
        let mut known = self
            .known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        known.insert(hash.clone())
    }
}

#[cfg(test)]
mod tests;
