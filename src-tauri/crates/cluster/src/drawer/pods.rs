//! The pods of a Deployment object, each with the reason why it is not ready.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use domain::ids::Uid;
use serde::Deserialize;

use crate::client::Clients;
use crate::error::Error;
use crate::query::encoded;
use crate::records::WorkloadRecord;

/// A pod as the drawer shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodView {
    /// Its uid.
    pub uid: Uid,
    /// Its name.
    pub name: String,
    /// The uid of the ReplicaSet that controls it.
    pub replica_set: Option<Uid>,
    /// `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`.
    pub phase: String,
    /// Whether its condition `Ready` is true.
    pub ready: bool,
    /// Whether it is being deleted.
    pub ending: bool,
    /// All restarts of its containers.
    pub restarts: u32,
    /// The node, once it has one.
    pub node: Option<String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Why it is not ready: a container's reason, else the pod's own, else why it is not scheduled.
    pub reason: Option<String>,
    /// More about the reason, as the cluster says it.
    pub message: Option<String>,
    /// Its containers, init containers first.
    pub containers: Vec<ContainerView>,
}

/// A container of a pod.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerView {
    /// Its name.
    pub name: String,
    /// Whether it is an init container.
    pub init: bool,
    /// The image as written.
    pub image: String,
    /// The digest of the image that runs (`sha256:…`), if the runtime tells it.
    pub digest: Option<String>,
    /// Whether it is ready.
    pub ready: bool,
    /// How often it was restarted.
    pub restarts: u32,
    /// What it does now.
    pub state: ContainerState,
    /// How its run before ended.
    pub last: Option<ContainerState>,
}

/// What a container does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContainerState {
    /// It waits: `ImagePullBackOff`, `CrashLoopBackOff`, `ContainerCreating` …
    Waiting {
        /// The reason.
        reason: String,
        /// More about it.
        message: String,
    },
    /// It runs.
    Running {
        /// Since when.
        since: Option<DateTime<Utc>>,
    },
    /// It has ended.
    Terminated {
        /// The reason: `Completed`, `Error`, `OOMKilled`.
        reason: String,
        /// The exit code.
        exit_code: i32,
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// Nothing is known yet.
    Unknown,
}

impl ContainerView {
    /// Whether something is wrong with it that its log may explain.
    pub fn fails(&self) -> bool {
        let crashed = |state: &ContainerState| matches!(state, ContainerState::Terminated { exit_code, .. } if *exit_code != 0);
        let loops =
            matches!(&self.state, ContainerState::Waiting { reason, .. } if reason == "CrashLoopBackOff");
        crashed(&self.state) || loops || (!self.ready && self.last.as_ref().is_some_and(crashed))
    }
}

/// The object's pods. Without its ReplicaSets (no right to list them), all that its selector finds.
pub(super) async fn pods(
    clients: &Clients,
    record: &WorkloadRecord,
    family: Option<&HashSet<Uid>>,
) -> Result<Vec<PodView>, Error> {
    let what = format!("listing pods in namespace {}", record.namespace);
    let path = format!(
        "/api/v1/namespaces/{}/pods?limit=500&labelSelector={}",
        record.namespace,
        encoded(&record.selector)
    );
    let list: RawPods = clients.get(&what, &path).await?;
    let mut pods: Vec<PodView> = list.items.into_iter().map(RawPod::view).collect();
    if let Some(family) = family {
        pods.retain(|pod| pod.replica_set.as_ref().is_some_and(|set| family.contains(set)));
    }
    pods.sort_by(|a, b| (a.ready, &a.created, &a.name).cmp(&(b.ready, &b.created, &b.name)));
    Ok(pods)
}

#[derive(Deserialize)]
struct RawPods {
    items: Vec<RawPod>,
}

#[derive(Deserialize)]
struct RawPod {
    metadata: RawPodMeta,
    #[serde(default)]
    spec: RawPodSpec,
    #[serde(default)]
    status: RawPodStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPodMeta {
    uid: String,
    name: String,
    creation_timestamp: Option<DateTime<Utc>>,
    deletion_timestamp: Option<DateTime<Utc>>,
    #[serde(default)]
    owner_references: Vec<RawPodOwner>,
}

#[derive(Deserialize)]
struct RawPodOwner {
    uid: String,
    #[serde(default)]
    controller: bool,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawPodSpec {
    node_name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RawPodStatus {
    phase: String,
    reason: Option<String>,
    message: Option<String>,
    conditions: Vec<RawPodCondition>,
    init_container_statuses: Vec<RawContainer>,
    container_statuses: Vec<RawContainer>,
}

#[derive(Deserialize)]
struct RawPodCondition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    reason: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawContainer {
    name: String,
    #[serde(default)]
    image: String,
    #[serde(rename = "imageID", default)]
    image_id: String,
    #[serde(default)]
    ready: bool,
    #[serde(default)]
    restart_count: u32,
    #[serde(default)]
    state: RawState,
    #[serde(default)]
    last_state: RawState,
}

#[derive(Default, Deserialize)]
struct RawState {
    waiting: Option<RawWaiting>,
    running: Option<RawRunning>,
    terminated: Option<RawTerminated>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawWaiting {
    reason: String,
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawRunning {
    started_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTerminated {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    exit_code: i32,
    finished_at: Option<DateTime<Utc>>,
}

impl RawPod {
    fn view(self) -> PodView {
        let status = self.status;
        let of = |containers: Vec<RawContainer>, init| containers.into_iter().map(move |one| one.view(init));
        let containers: Vec<ContainerView> = of(status.init_container_statuses, true)
            .chain(of(status.container_statuses, false))
            .collect();
        let condition = |kind: &str| status.conditions.iter().find(|condition| condition.kind == kind);
        let ready = condition("Ready").is_some_and(|condition| condition.status == "True");
        let unscheduled = condition("PodScheduled").filter(|condition| condition.status == "False");
        let (reason, message) = containers
            .iter()
            .find_map(ContainerView::trouble)
            .or_else(|| {
                status
                    .reason
                    .clone()
                    .map(|reason| (reason, status.message.clone()))
            })
            .or_else(|| unscheduled.and_then(|one| Some((one.reason.clone()?, one.message.clone()))))
            .filter(|_| !ready)
            .unzip();
        PodView {
            uid: Uid::new(self.metadata.uid),
            name: self.metadata.name,
            replica_set: self
                .metadata
                .owner_references
                .into_iter()
                .find(|owner| owner.controller)
                .map(|owner| Uid::new(owner.uid)),
            phase: status.phase,
            ready,
            ending: self.metadata.deletion_timestamp.is_some(),
            restarts: containers.iter().map(|container| container.restarts).sum(),
            node: self.spec.node_name,
            created: self.metadata.creation_timestamp.unwrap_or_default(),
            reason,
            message: message.flatten().filter(|text| !text.is_empty()),
            containers,
        }
    }
}

impl ContainerView {
    fn trouble(&self) -> Option<(String, Option<String>)> {
        match &self.state {
            ContainerState::Waiting { reason, message } if !reason.is_empty() => {
                Some((reason.clone(), Some(message.clone())))
            }
            ContainerState::Terminated {
                reason, exit_code, ..
            } if *exit_code != 0 => Some((reason.clone(), Some(format!("exit code {exit_code}")))),
            ContainerState::Waiting { .. }
            | ContainerState::Terminated { .. }
            | ContainerState::Running { .. }
            | ContainerState::Unknown => None,
        }
    }
}

impl RawContainer {
    fn view(self, init: bool) -> ContainerView {
        ContainerView {
            name: self.name,
            init,
            image: self.image,
            digest: self
                .image_id
                .rsplit_once('@')
                .map(|(_, digest)| digest.to_owned())
                .or_else(|| {
                    self.image_id
                        .starts_with("sha256:")
                        .then(|| self.image_id.clone())
                }),
            ready: self.ready,
            restarts: self.restart_count,
            last: Some(self.last_state.view()).filter(|state| *state != ContainerState::Unknown),
            state: self.state.view(),
        }
    }
}

impl RawState {
    fn view(self) -> ContainerState {
        match self {
            Self {
                terminated: Some(ended),
                ..
            } => ContainerState::Terminated {
                reason: ended.reason,
                exit_code: ended.exit_code,
                at: ended.finished_at,
            },
            Self {
                running: Some(running),
                ..
            } => ContainerState::Running {
                since: running.started_at,
            },
            Self {
                waiting: Some(waiting),
                ..
            } => ContainerState::Waiting {
                reason: waiting.reason,
                message: waiting.message,
            },
            Self {
                waiting: None,
                running: None,
                terminated: None,
            } => ContainerState::Unknown,
        }
    }
}
