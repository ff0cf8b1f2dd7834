//! An open workspace: its services, its environments, its clones and its clusters, for as long as it is open.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use cluster::Clients;
use domain::deployment::Deployment;
use domain::ids::{ClusterName, EnvironmentName, Namespace, ServiceName, WorkspaceId};
use domain::workspace::{Environment, Service, Workspace};
use ledger::{Ledger, Opened};
use tokio_util::sync::CancellationToken;
use wire::cluster::Connection;
use wire::workspace::{EnvironmentInfo, FileProblem, ServiceInfo, WorkspaceInfo};
use wire::{ErrorCode, Event, WireError};

use crate::backend::Backend;
use crate::connection::ClusterLink;
use crate::error::Answer;
use crate::observer;
use crate::repositories::{Clones, Repositories, WriteClones};
use crate::workspace_draft::tier;

/// What the demo brings: a workspace, its clones, its clusters and its history.
#[derive(Debug, Clone)]
pub struct DemoWorld {
    /// The text of its `tidemark.toml`.
    pub workspace: String,
    /// Clones by the repositories' identities: where they will be.
    pub clones: HashMap<String, PathBuf>,
    /// Writes them; called once, when the first of them is read.
    pub write_clones: WriteClones,
    /// Its in-process clusters.
    pub clusters: BTreeMap<ClusterName, Clients>,
    /// What was deployed before: written into the demo's own ledger.
    pub history: Vec<DemoPast>,
    /// Notes of versions: service, version, Markdown, author, time.
    pub notes: Vec<DemoNote>,
}

/// A deployment of the demo's past.
#[derive(Debug, Clone)]
pub struct DemoPast {
    /// As the ledger takes it; without an id.
    pub deployment: Deployment,
    /// For a rollback: the place in the list of the deployment that came back.
    pub back_to: Option<usize>,
    /// The template that it ran.
    pub template: domain::template::PodTemplate,
    /// The ConfigMaps that the template names, as they were then: namespace, name, data.
    pub config_maps: Vec<(Namespace, String, BTreeMap<String, String>)>,
    /// The Secrets that the template names, in the same shape; their values stay as the cluster serves them.
    pub secrets: Vec<(Namespace, String, BTreeMap<String, String>)>,
}

/// A note of the demo's.
#[derive(Debug, Clone)]
pub struct DemoNote {
    /// Of which service.
    pub service: ServiceName,
    /// Of which version.
    pub version: String,
    /// Markdown.
    pub markdown: String,
    /// Who wrote it.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Not finished.
    pub draft: bool,
}

/// How a cluster of a workspace is reached.
#[derive(Debug, Clone)]
pub enum Reach {
    /// By this kube context.
    Context(String),
    /// By these clients: the demo's.
    Given(Box<Clients>),
    /// Nobody has bound it yet.
    Unbound,
}

/// Everything that a session is opened with.
pub(crate) struct Opening {
    pub id: WorkspaceId,
    pub path: Option<PathBuf>,
    pub demo: bool,
    pub workspace: Workspace,
    pub problems: Vec<FileProblem>,
    pub opened: Arc<Opened>,
    pub clones: Clones,
    pub reaches: BTreeMap<ClusterName, Reach>,
    pub read_only: bool,
}

/// An open workspace.
pub struct Session {
    /// Keys the rows of the ledger.
    pub id: WorkspaceId,
    /// Its file; `None` for the demo.
    pub path: Option<PathBuf>,
    /// The permanent DEMO band is on.
    pub demo: bool,
    /// What the file says.
    pub workspace: Workspace,
    /// Where it is kept.
    pub ledger: Ledger,
    /// How that ledger was found.
    pub(crate) opened: Arc<Opened>,
    /// The bound clones.
    pub repositories: Repositories,
    pub(crate) links: BTreeMap<ClusterName, Arc<ClusterLink>>,
    clones: Arc<Clones>,
    problems: Vec<FileProblem>,
    read_only: AtomicBool,
    revision: AtomicU64,
    stop: CancellationToken,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("id", &self.id)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Session {
    pub(crate) fn new(opening: Opening) -> Self {
        let clones = Arc::new(opening.clones);
        let repositories = Repositories::new(&opening.workspace, Arc::clone(&clones));
        let links = opening
            .reaches
            .into_iter()
            .map(|(cluster, reach)| {
                let environments: Vec<Environment> = opening
                    .workspace
                    .environments
                    .iter()
                    .filter(|environment| environment.cluster == cluster)
                    .cloned()
                    .collect();
                let namespaces = observer::namespaces(&opening.workspace, &environments);
                (
                    cluster.clone(),
                    Arc::new(ClusterLink::new(cluster, environments, namespaces, reach)),
                )
            })
            .collect();
        Self {
            id: opening.id,
            path: opening.path,
            demo: opening.demo,
            workspace: opening.workspace,
            ledger: opening.opened.ledger.clone(),
            opened: opening.opened,
            repositories,
            links,
            clones,
            problems: opening.problems,
            read_only: AtomicBool::new(opening.read_only),
            revision: AtomicU64::new(1),
            stop: CancellationToken::new(),
        }
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Answer<&Service> {
        self.workspace.service(&ServiceName::from(name)).ok_or_else(|| {
            WireError::new(ErrorCode::NoSuchService, format!("no service {name}")).with("service", name)
        })
    }

    /// The environment of that name.
    pub fn environment(&self, name: &str) -> Answer<&Environment> {
        self.workspace
            .environment(&EnvironmentName::from(name))
            .ok_or_else(|| {
                WireError::new(ErrorCode::NoSuchEnvironment, format!("no environment {name}"))
                    .with("environment", name)
            })
    }

    /// The link to an environment's cluster.
    pub(crate) fn link(&self, environment: &Environment) -> Answer<&Arc<ClusterLink>> {
        self.links.get(&environment.cluster).ok_or_else(|| {
            WireError::new(
                ErrorCode::ClusterNotBound,
                format!("no link to {}", environment.cluster),
            )
            .with("cluster", &environment.cluster)
        })
    }

    /// The latest time of its clusters: whatever began there began before it.
    pub(crate) fn now(&self, backend: &Backend) -> DateTime<Utc> {
        let times = self.links.values().map(|link| link.now(backend));
        times.max().unwrap_or_else(|| backend.now())
    }

    /// Whether nothing may be changed in any cluster.
    pub fn is_read_only(&self) -> bool {
        self.read_only.load(Ordering::Relaxed)
    }

    pub(crate) fn set_read_only(&self, on: bool) {
        self.read_only.store(on, Ordering::Relaxed);
    }

    /// Ends its watches.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Ends when the session is closed.
    pub(crate) fn stopped(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// The columns' revision: counts up whenever the ledger has something newer.
    pub fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }

    /// Says that the ledger has something newer.
    pub(crate) fn changed(self: &Arc<Self>, backend: &Backend) {
        let revision = self.revision.fetch_add(1, Ordering::Relaxed) + 1;
        let (session, emit) = (Arc::clone(self), Arc::clone(&backend.setup.emit));
        tokio::task::spawn_blocking(move || {
            let count = session.ledger.deployment_count(&session.id).unwrap_or_default();
            let changed = wire::timeline::TimelineChanged {
                revision: revision as f64,
                deployments: count as f64,
            };
            emit(Event::timeline_changed(&changed));
        });
    }

    /// How each cluster's link is.
    pub fn connections(&self) -> Vec<Connection> {
        self.links.values().map(|link| link.connection()).collect()
    }

    /// The clone that is bound to a repository.
    pub fn clone_of(&self, repository: &str) -> Option<&Path> {
        self.clones.path(repository)
    }

    /// The session as the window is told of it.
    pub fn info(&self) -> WorkspaceInfo {
        WorkspaceInfo {
            name: self.workspace.name.clone(),
            path: self.path.as_ref().map(|path| path.display().to_string()),
            time_zone: self.workspace.time_zone.clone(),
            environments: self
                .workspace
                .environments
                .iter()
                .map(|one| self.environment_info(one))
                .collect(),
            services: self
                .workspace
                .services
                .iter()
                .map(|one| self.service_info(one))
                .collect(),
            read_only: self.is_read_only(),
            problems: self.problems.clone(),
        }
    }

    fn environment_info(&self, environment: &Environment) -> EnvironmentInfo {
        EnvironmentInfo {
            name: environment.name.to_string(),
            tier: tier(environment.tier),
            guard: environment.guard,
            cluster: environment.cluster.to_string(),
            namespaces: environment
                .namespaces
                .iter()
                .map(|pattern| pattern.as_str().to_owned())
                .collect(),
            context: self
                .links
                .get(&environment.cluster)
                .and_then(|link| link.context()),
        }
    }

    fn service_info(&self, service: &Service) -> ServiceInfo {
        let clone = service
            .repository
            .as_deref()
            .and_then(|repository| self.clone_of(repository));
        ServiceInfo {
            name: service.name.to_string(),
            team: service.team.clone(),
            repository: service.repository.clone(),
            clone: clone.map(|path| path.display().to_string()),
            tags: service.tags.as_str().to_owned(),
            depends_on: service.depends_on.iter().map(ToString::to_string).collect(),
        }
    }

    /// Tries every cluster again at once: a consent or a binding changed.
    pub(crate) async fn reconnect(&self, backend: &Arc<Backend>) {
        for link in self.links.values() {
            link.retry();
        }
        crate::settings::tell_state(backend).await;
    }
}
