//! The in-process cluster: API server, controllers, scheduler and kubelets behind an ordinary
//! `kube::Client`, without a port or a container.
//!
//! It answers the Kubernetes HTTP protocol as a `tower::Service`; what uses it never knows. One suite of
//! tests says what a cluster does and runs on this one and on a real control plane. What it lacks on
//! purpose: authentication, admission webhooks, `exec`, protobuf, Tables, and controllers for
//! StatefulSets, DaemonSets and Jobs.

mod access;
mod controllers;
mod deletion;
mod discovery;
mod events;
mod faults;
mod fields;
mod handler;
mod json;
mod kinds;
mod kubelet;
mod listing;
mod logs;
mod merge;
mod pace;
mod pod_status;
mod request;
mod select;
mod service;
mod status;
mod store;
mod template;
mod validate;
mod watching;
mod write;

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tokio::sync::watch;

pub use access::{Account, Denial};
pub use faults::{Aim, Fault, Faults, Seen, Times};
pub use pace::{ImageBehaviour, Now, Options, Pace};

pub(crate) use pod_status::image_id as image_digest;
pub(crate) use store::stamp;
pub(crate) use template::{TemplateLetters, default_pod_spec};

use controllers::Agenda;
use kinds::Kind;
use pace::Images;
use service::ApiService;
use store::State;

/// How long nothing may happen before the controllers look anyway.
const IDLE: Duration = Duration::from_secs(30);

/// What all clients, watches and controllers of one cluster share.
pub(crate) struct Inner {
    name: String,
    options: Options,
    state: Mutex<State>,
    images: Mutex<Images>,
    changed: watch::Sender<u64>,
    faults: Faults,
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn images(&self) -> Images {
        self.images.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn now(&self) -> DateTime<Utc> {
        (self.options.now)()
    }

    /// Wakes watches and controllers if anything was written since that revision.
    fn announce(&self, before: u64) {
        let revision = self.lock().revision();
        if revision != before {
            self.changed.send_replace(revision);
        }
    }
}

/// An object that the demo cluster does not know the kind of.
#[derive(Debug, thiserror::Error)]
#[error("the demo cluster has no kind {kind:?} of {api_version:?}")]
pub struct UnknownKind {
    /// `apiVersion` of the object.
    pub api_version: String,
    /// `kind` of the object.
    pub kind: String,
}

/// One cluster. Clones are the same cluster; it lives as long as one of them, or a client, does.
#[derive(Clone)]
pub struct DemoCluster {
    inner: Arc<Inner>,
}

impl fmt::Debug for DemoCluster {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DemoCluster")
            .field("name", &self.inner.name)
            .finish_non_exhaustive()
    }
}

impl DemoCluster {
    /// Starts a cluster with its nodes and the namespaces that every cluster has.
    ///
    /// # Panics
    /// Outside a Tokio runtime: its controllers run there.
    pub fn start(name: &str, options: Options) -> Self {
        let mut state = State::new(options.seed);
        furnish(&mut state, &options);
        let (changed, wake) = watch::channel(state.revision());
        let inner = Arc::new(Inner {
            name: name.to_owned(),
            options,
            state: Mutex::new(state),
            images: Mutex::new(Images::default()),
            changed,
            faults: Faults::default(),
        });
        tokio::spawn(live(Arc::downgrade(&inner), wake));
        Self { inner }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// A client with all rights, named `admin`.
    pub fn client(&self) -> kube::Client {
        self.client_as(Account::named("admin", &["system:masters"]))
    }

    /// A client of that account.
    pub fn client_as(&self, account: Account) -> kube::Client {
        let service = ApiService {
            inner: Arc::clone(&self.inner),
            account: Arc::new(account),
        };
        kube::Client::new(service, "default")
    }

    /// The queue of scripted failures, which tests fill.
    pub fn faults(&self) -> &Faults {
        &self.inner.faults
    }

    /// From now on, that image (by its whole reference) behaves so.
    pub fn set_image(&self, image: &str, behaviour: ImageBehaviour) {
        self.inner
            .images
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .name(image, behaviour);
    }

    /// Forgets the changes so far: watches and pages from before them answer 410.
    pub fn compact(&self) {
        self.inner.lock().compact();
    }

    /// Puts objects in as they stand: uids, times, status and history included. Defaults are filled in;
    /// what lacks a uid, a creation time or a generation gets one. Objects that name an owner by
    /// `uid: ""` get the uid of the owner of that kind and name, which must come earlier.
    ///
    /// # Errors
    /// [`UnknownKind`] for an object of a kind that the cluster does not serve; those before it are in.
    pub fn load(&self, objects: Vec<Value>) -> Result<(), UnknownKind> {
        let mut state = self.inner.lock();
        let before = state.revision();
        let now = self.inner.now();
        for object in objects {
            load_one(&mut state, object, now)?;
        }
        drop(state);
        self.inner.announce(before);
        Ok(())
    }
}

/// The hash that names the ReplicaSet of a template.
pub(crate) fn template_hash(template: &Value) -> String {
    template::hash(template, 0)
}

fn load_one(state: &mut State, mut object: Value, now: DateTime<Utc>) -> Result<(), UnknownKind> {
    let api_version = json::text(&object, "/apiVersion").to_owned();
    let word = json::text(&object, "/kind").to_owned();
    let kind = Kind::of(&api_version, &word).ok_or(UnknownKind {
        api_version,
        kind: word,
    })?;
    if json::uid(&object).is_empty() {
        let uid = state.next_uid();
        json::set(&mut object, &["metadata", "uid"], uid);
    }
    json::set_default(&mut object, &["metadata", "creationTimestamp"], stamp(now));
    if kind.generation {
        json::set_default(&mut object, &["metadata", "generation"], 1);
    }
    let space = json::namespace(&object).to_owned();
    for owner in object
        .pointer_mut("/metadata/ownerReferences")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if !json::text(owner, "/uid").is_empty() {
            continue;
        }
        let found = Kind::of(json::text(owner, "/apiVersion"), json::text(owner, "/kind"))
            .and_then(|kind| state.get(kind, &space, json::text(owner, "/name")));
        if let Some(found) = found {
            json::set(owner, &["uid"], json::uid(&found));
        }
    }
    template::default_object(kind.kind, &mut object);
    fill_managed_fields(kind, &mut object);
    state.put(kind.stored_as(), object);
    Ok(())
}

/// An entry of `managedFields` without `fieldsV1` owns all that its manager can have written.
fn fill_managed_fields(kind: &Kind, object: &mut Value) {
    let mut written = object.clone();
    json::unset(&mut written, "", "status");
    let owned = fields::write(&fields::leaves(&written).into_keys().collect());
    for entry in object
        .pointer_mut("/metadata/managedFields")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        json::set_default(entry, &["apiVersion"], kind.api_version());
        json::set_default(entry, &["fieldsType"], "FieldsV1");
        json::set_default(entry, &["fieldsV1"], owned.clone());
    }
}

fn furnish(state: &mut State, options: &Options) {
    let now = (options.now)();
    for name in ["default", "kube-system"] {
        let space = json!({
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
        });
        load_one(state, space, now).expect("because Namespace is in the table");
    }
    for number in 1..=options.nodes {
        let name = format!("node-{number}");
        let node = json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}},
            "spec": {},
            "status": {
                "capacity": {"cpu": "16", "memory": "64Gi", "pods": "110"},
                "allocatable": {"cpu": "16", "memory": "64Gi", "pods": "110"},
                "conditions": [{
                    "type": "Ready", "status": "True", "reason": "KubeletReady",
                    "message": "kubelet is posting ready status",
                    "lastHeartbeatTime": stamp(now), "lastTransitionTime": stamp(now),
                }],
                "images": [],
                "nodeInfo": {
                    "kubeletVersion": discovery::VERSION, "operatingSystem": "linux", "architecture": "amd64",
                    "osImage": "demo", "kernelVersion": "demo", "containerRuntimeVersion": "demo://1",
                    "machineID": name, "systemUUID": name, "bootID": name, "kubeProxyVersion": "",
                },
            },
        });
        load_one(state, node, now).expect("because Node is in the table");
    }
}

/// Runs the controllers after every change and whenever a time has come, until the cluster is dropped.
async fn live(cluster: Weak<Inner>, mut wake: watch::Receiver<u64>) {
    let mut agenda = Agenda::default();
    loop {
        let Some(inner) = cluster.upgrade() else { return };
        wake.mark_unchanged();
        let wait = round(&inner, &mut agenda);
        let sync = inner.options.pace.sync;
        drop(inner);
        tokio::select! {
            changed = wake.changed() => {
                if changed.is_err() {
                    return;
                }
                tokio::time::sleep(sync).await;
            }
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// One round, and how long until the next one is due.
fn round(inner: &Inner, agenda: &mut Agenda) -> Duration {
    let images = inner.images();
    let now = inner.now();
    let mut state = inner.lock();
    let before = state.revision();
    controllers::run(&mut state, agenda, &inner.options.pace, &images, now);
    let clock = Instant::now();
    let pods = kubelet::Kubelet::next_due(&state).map(|due| due.saturating_duration_since(clock));
    let scalers = agenda.autoscale.map(|due| due.saturating_duration_since(clock));
    let dates = agenda
        .look_again
        .map(|time| (time - now).to_std().unwrap_or(Duration::from_millis(10)));
    drop(state);
    inner.announce(before);
    [pods, scalers, dates]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(IDLE)
        .clamp(Duration::from_millis(2), IDLE)
}
