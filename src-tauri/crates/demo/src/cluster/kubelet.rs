//! The scheduler and the kubelets: what becomes of a pod from its creation to its end, with the
//! reasons that a real kubelet gives when a container doesn't come up.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::events;
use super::json::{is_terminating, list, map, name, namespace, number, set, text, uid};
use super::kinds::Kind;
use super::pace::{ImageBehaviour, Images, Pace};
use super::pod_status::{address, condition, container_id, image_id, is_ready, missing_reference, not_ready};
use super::store::{State, stamp};
use super::write::Part;

/// How far a pod is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No node yet.
    Waiting,
    /// On a node, its containers being made.
    Creating,
    /// Running, not ready.
    Starting,
    /// Running and ready.
    Ready,
    /// The image can't be had; tried again after each back-off.
    PullFailing,
    /// The container ended; started again after each back-off.
    Crashed,
    /// Something that it names is missing; looked for again after each back-off.
    Misconfigured,
    /// Given time to end.
    Ending,
}

/// What the kubelet has in mind for one pod.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PodPlan {
    pub stage: Stage,
    /// When it looks again.
    pub due: Instant,
    /// How many tries there were.
    pub tries: u32,
}

/// What all steps of a kubelet need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kubelet<'k> {
    pub pace: &'k Pace,
    pub images: &'k Images,
    pub now: DateTime<Utc>,
    pub clock: Instant,
}

/// A quiet pod is looked at again when something happens to it, at the latest after this time.
const QUIET: Duration = Duration::from_secs(3600);

impl Kubelet<'_> {
    /// Takes every pod that is due one step on.
    pub fn run(&self, state: &mut State) {
        let pods = Kind::named("pods");
        for pod in state.snapshot(pods) {
            let plan = state
                .plans
                .get(uid(&pod))
                .copied()
                .unwrap_or_else(|| self.first_plan(&pod));
            let plan = if is_terminating(&pod) && plan.stage != Stage::Ending {
                PodPlan {
                    stage: Stage::Ending,
                    due: self.clock + self.jittered(self.pace.terminate, &pod),
                    tries: 0,
                }
            } else {
                plan
            };
            state.plans.insert(uid(&pod).to_owned(), plan);
            if plan.due <= self.clock {
                self.step(state, &pod, plan);
            }
        }
    }

    /// When the next pod is due.
    pub fn next_due(state: &State) -> Option<Instant> {
        state.plans.values().map(|plan| plan.due).min()
    }

    /// A pod that was loaded as it stands goes on from there.
    fn first_plan(&self, pod: &Value) -> PodPlan {
        let waiting = list(pod, "/status/containerStatuses")
            .iter()
            .map(|status| text(status, "/state/waiting/reason"))
            .find(|reason| !reason.is_empty())
            .unwrap_or("");
        let (stage, due) = match waiting {
            "ImagePullBackOff" | "ErrImagePull" => (Stage::PullFailing, self.pace.back_off),
            "CrashLoopBackOff" => (Stage::Crashed, self.pace.back_off),
            _ if is_ready(pod) => (Stage::Ready, QUIET),
            _ if text(pod, "/status/phase") == "Running" => (Stage::Starting, self.pace.ready),
            _ if !text(pod, "/spec/nodeName").is_empty() => (Stage::Creating, self.pace.pull),
            _ => (Stage::Waiting, self.pace.schedule),
        };
        PodPlan {
            stage,
            due: self.clock + self.jittered(due, pod),
            tries: 0,
        }
    }

    fn step(&self, state: &mut State, pod: &Value, plan: PodPlan) {
        match plan.stage {
            Stage::Waiting => self.schedule(state, pod, plan),
            Stage::Creating => self.create_containers(state, pod, plan),
            Stage::Starting => self.started(state, pod),
            Stage::Ready => self.plan(state, pod, Stage::Ready, QUIET, 0),
            Stage::PullFailing => self.pull_failing(state, pod, plan.tries),
            Stage::Crashed => self.restart(state, pod, plan.tries),
            Stage::Misconfigured => self.create_containers(state, pod, plan),
            Stage::Ending => {
                state.remove(Kind::named("pods"), namespace(pod), name(pod));
            }
        }
    }

    fn plan(&self, state: &mut State, pod: &Value, stage: Stage, wait: Duration, tries: u32) {
        let due = self.clock + self.jittered(wait, pod);
        state
            .plans
            .insert(uid(pod).to_owned(), PodPlan { stage, due, tries });
    }

    /// Pods differ by up to a fifth, so that they don't all come up at once.
    fn jittered(&self, wait: Duration, pod: &Value) -> Duration {
        let sum: u32 = name(pod).bytes().map(u32::from).sum();
        wait + wait * (sum % 20) / 100
    }

    fn schedule(&self, state: &mut State, pod: &Value, plan: PodPlan) {
        let wanted = pod.pointer("/spec/nodeSelector").cloned().unwrap_or(json!({}));
        let nodes: Vec<String> = state
            .all(Kind::named("nodes"))
            .values()
            .filter(|node| {
                let labels = node.pointer("/metadata/labels").unwrap_or(&Value::Null);
                map(&wanted, "")
                    .is_none_or(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)))
            })
            .map(|node| name(node).to_owned())
            .collect();
        if nodes.is_empty() {
            let message = format!(
                "0/{} nodes are available: {} node(s) didn't match Pod's node affinity/selector.",
                state.all(Kind::named("nodes")).len(),
                state.all(Kind::named("nodes")).len()
            );
            if plan.tries == 0 {
                events::warn(
                    state,
                    pod,
                    "FailedScheduling",
                    &message,
                    "default-scheduler",
                    self.now,
                );
            }
            self.write(state, pod, "kube-scheduler", |pod, now| {
                condition(pod, "PodScheduled", false, "Unschedulable", &message, now);
            });
            self.plan(state, pod, Stage::Waiting, self.pace.back_off, plan.tries + 1);
            return;
        }
        let sum: usize = name(pod).bytes().map(usize::from).sum();
        let node = nodes[sum % nodes.len()].clone();
        let hand = super::write::Hand {
            manager: "kube-scheduler",
            now: self.now,
            dry_run: false,
        };
        let mut bound = pod.clone();
        set(&mut bound, &["spec", "nodeName"], node.clone());
        let key = (namespace(pod).to_owned(), name(pod).to_owned());
        let _ = state.update(Kind::named("pods"), &key, Part::Main, bound, None, &hand);
        let message = format!("Successfully assigned {}/{} to {node}", namespace(pod), name(pod));
        events::normal(state, pod, "Scheduled", &message, "default-scheduler", self.now);
        let containers = self.container_states(
            pod,
            |_| json!({"waiting": {"reason": "ContainerCreating"}}),
            false,
            false,
        );
        self.write(state, pod, "kubelet", |pod, now| {
            set(pod, &["status", "startTime"], stamp(now));
            set(pod, &["status", "phase"], "Pending");
            set(pod, &["status", "containerStatuses"], containers);
            condition(pod, "PodScheduled", true, "", "", now);
            condition(pod, "Initialized", true, "", "", now);
            not_ready(pod, "ContainersNotReady", now);
        });
        let slow = matches!(self.behaviour(pod), ImageBehaviour::Slow);
        let pull = if slow { self.pace.pull * 10 } else { self.pace.pull };
        self.plan(state, pod, Stage::Creating, pull, 0);
    }

    fn create_containers(&self, state: &mut State, pod: &Value, plan: PodPlan) {
        let scripted = (self.behaviour(pod) == ImageBehaviour::ConfigFails)
            .then(|| "container has runAsNonRoot and image will run as root".to_owned());
        if let Some(missing) = scripted.or_else(|| missing_reference(state, pod)) {
            let containers = self.container_states(
                pod,
                |_| json!({"waiting": {"reason": "CreateContainerConfigError", "message": missing}}),
                false,
                false,
            );
            self.write(state, pod, "kubelet", |pod, _| {
                set(pod, &["status", "containerStatuses"], containers)
            });
            if plan.tries == 0 {
                events::warn(
                    state,
                    pod,
                    "Failed",
                    &format!("Error: {missing}"),
                    "kubelet",
                    self.now,
                );
            }
            self.plan(
                state,
                pod,
                Stage::Misconfigured,
                self.pace.back_off,
                plan.tries + 1,
            );
            return;
        }
        match self.behaviour(pod) {
            ImageBehaviour::PullFails => self.pull_failing(state, pod, 0),
            ImageBehaviour::InvalidName => self.invalid_name(state, pod),
            ImageBehaviour::ConfigFails
            | ImageBehaviour::Runs
            | ImageBehaviour::Slow
            | ImageBehaviour::NeverReady
            | ImageBehaviour::Crashes => {
                self.start(state, pod, 0);
            }
        }
    }

    fn start(&self, state: &mut State, pod: &Value, restarts: u32) {
        for container in list(pod, "/spec/containers") {
            let image = text(container, "/image");
            if restarts == 0 {
                let message = format!("Container image {image:?} already present on machine");
                events::normal(state, pod, "Pulled", &message, "kubelet", self.now);
                self.remember_image(state, pod, image);
            }
            let message = format!("Created container: {}", text(container, "/name"));
            events::normal(state, pod, "Created", &message, "kubelet", self.now);
            let message = format!("Started container {}", text(container, "/name"));
            events::normal(state, pod, "Started", &message, "kubelet", self.now);
        }
        let started = stamp(self.now);
        let containers =
            self.container_states(pod, |_| json!({"running": {"startedAt": started}}), false, true);
        let address = address(pod);
        self.write(state, pod, "kubelet", |pod, _| {
            set(pod, &["status", "phase"], "Running");
            set(pod, &["status", "podIP"], address.clone());
            set(pod, &["status", "podIPs"], json!([{"ip": address}]));
            set(pod, &["status", "containerStatuses"], containers);
        });
        let slow = matches!(self.behaviour(pod), ImageBehaviour::Slow);
        let wait = if slow {
            self.pace.ready * 10
        } else {
            self.pace.ready
        };
        self.plan(state, pod, Stage::Starting, wait, restarts);
    }

    fn started(&self, state: &mut State, pod: &Value) {
        match self.behaviour(pod) {
            ImageBehaviour::Crashes => return self.crash(state, pod),
            ImageBehaviour::NeverReady => {
                let message = "Readiness probe failed: HTTP probe failed with statuscode: 503";
                events::warn(state, pod, "Unhealthy", message, "kubelet", self.now);
                self.plan(state, pod, Stage::Starting, self.pace.back_off, 0);
                return;
            }
            ImageBehaviour::Runs
            | ImageBehaviour::Slow
            | ImageBehaviour::PullFails
            | ImageBehaviour::ConfigFails
            | ImageBehaviour::InvalidName => {}
        }
        self.write(state, pod, "kubelet", |pod, now| {
            for status in pod
                .pointer_mut("/status/containerStatuses")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                set(status, &["ready"], true);
            }
            condition(pod, "ContainersReady", true, "", "", now);
            condition(pod, "Ready", true, "", "", now);
        });
        self.plan(state, pod, Stage::Ready, QUIET, 0);
    }

    fn crash(&self, state: &mut State, pod: &Value) {
        let started = text(pod, "/status/containerStatuses/0/state/running/startedAt").to_owned();
        let restarts = number(pod, "/status/containerStatuses/0/restartCount");
        let ended = json!({"terminated": {
            "exitCode": 1, "reason": "Error", "startedAt": started, "finishedAt": stamp(self.now),
            "containerID": container_id(pod, restarts),
        }});
        let wait = if restarts == 0 { "10s" } else { "20s" };
        self.write(state, pod, "kubelet", |pod, now| {
            let message = format!("back-off {wait} restarting failed container");
            for status in pod
                .pointer_mut("/status/containerStatuses")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                set(status, &["lastState"], ended.clone());
                set(
                    status,
                    &["state"],
                    json!({"waiting": {"reason": "CrashLoopBackOff", "message": message}}),
                );
                set(status, &["ready"], false);
                set(status, &["started"], false);
            }
            not_ready(pod, "ContainersNotReady", now);
        });
        let container = text(pod, "/spec/containers/0/name");
        let message = format!(
            "Back-off restarting failed container {container} in pod {}_{}({})",
            name(pod),
            namespace(pod),
            uid(pod)
        );
        events::warn(state, pod, "BackOff", &message, "kubelet", self.now);
        self.plan(state, pod, Stage::Crashed, self.pace.back_off, 0);
    }

    fn restart(&self, state: &mut State, pod: &Value, tries: u32) {
        self.write(state, pod, "kubelet", |pod, _| {
            for status in pod
                .pointer_mut("/status/containerStatuses")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                let restarts = number(status, "/restartCount");
                set(status, &["restartCount"], restarts + 1);
            }
        });
        let pod = state.get(Kind::named("pods"), namespace(pod), name(pod));
        if let Some(pod) = pod {
            self.start(state, &pod, tries + 1);
        }
    }

    /// Odd tries fail, even ones wait: as a kubelet goes back and forth between the two reasons.
    fn pull_failing(&self, state: &mut State, pod: &Value, tries: u32) {
        let image = text(pod, "/spec/containers/0/image").to_owned();
        let error = format!(
            "failed to pull and unpack image \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
        );
        let (reason, message) = if tries.is_multiple_of(2) {
            events::warn(
                state,
                pod,
                "Failed",
                &format!("Failed to pull image \"{image}\": {error}"),
                "kubelet",
                self.now,
            );
            ("ErrImagePull", error)
        } else {
            let message = format!("Back-off pulling image \"{image}\"");
            events::warn(state, pod, "BackOff", &message, "kubelet", self.now);
            ("ImagePullBackOff", format!("{message}: ErrImagePull: {error}"))
        };
        let behaviour = |container: &Value| self.images.behaviour(text(container, "/image"));
        let containers = self.container_states(
            pod,
            |container| match behaviour(container) {
                ImageBehaviour::PullFails => json!({"waiting": {"reason": reason, "message": message}}),
                _ => json!({"waiting": {"reason": "ContainerCreating"}}),
            },
            false,
            false,
        );
        self.write(state, pod, "kubelet", |pod, _| {
            set(pod, &["status", "containerStatuses"], containers)
        });
        if self.behaviour(pod) != ImageBehaviour::PullFails && tries > 0 {
            return self.start(state, pod, 0);
        }
        let wait = if tries.is_multiple_of(2) {
            self.pace.pull
        } else {
            self.pace.back_off
        };
        self.plan(state, pod, Stage::PullFailing, wait, tries + 1);
    }

    fn invalid_name(&self, state: &mut State, pod: &Value) {
        let image = text(pod, "/spec/containers/0/image");
        let message = format!(
            "Failed to apply default image tag \"{image}\": couldn't parse image name \"{image}\": invalid reference format"
        );
        let containers = self.container_states(
            pod,
            |_| json!({"waiting": {"reason": "InvalidImageName", "message": message}}),
            false,
            false,
        );
        self.write(state, pod, "kubelet", |pod, _| {
            set(pod, &["status", "containerStatuses"], containers)
        });
        events::warn(state, pod, "InspectFailed", &message, "kubelet", self.now);
        self.plan(state, pod, Stage::Misconfigured, self.pace.back_off, 1);
    }

    /// The worst behaviour among the containers' images is the pod's.
    fn behaviour(&self, pod: &Value) -> ImageBehaviour {
        list(pod, "/spec/containers")
            .iter()
            .map(|container| self.images.behaviour(text(container, "/image")))
            .find(|behaviour| *behaviour != ImageBehaviour::Runs)
            .unwrap_or(ImageBehaviour::Runs)
    }

    fn container_states(
        &self,
        pod: &Value,
        state: impl Fn(&Value) -> Value,
        ready: bool,
        pulled: bool,
    ) -> Vec<Value> {
        list(pod, "/spec/containers")
            .iter()
            .enumerate()
            .map(|(place, container)| {
                let before = pod
                    .pointer(&format!("/status/containerStatuses/{place}"))
                    .cloned()
                    .unwrap_or(json!({}));
                let image = text(container, "/image");
                let restarts = number(&before, "/restartCount");
                let mut status = json!({
                    "name": text(container, "/name"),
                    "image": image,
                    "imageID": if pulled { image_id(image) } else { String::new() },
                    "ready": ready,
                    "started": pulled,
                    "restartCount": restarts,
                    "state": state(container),
                    "lastState": before.get("lastState").cloned().unwrap_or(json!({})),
                });
                if pulled {
                    set(&mut status, &["containerID"], container_id(pod, restarts));
                }
                status
            })
            .collect()
    }

    fn write(
        &self,
        state: &mut State,
        pod: &Value,
        manager: &str,
        edit: impl FnOnce(&mut Value, DateTime<Utc>),
    ) {
        let now = self.now;
        state.change(Kind::named("pods"), pod, Part::Status, manager, now, |pod| {
            edit(pod, now)
        });
    }

    fn remember_image(&self, state: &mut State, pod: &Value, image: &str) {
        let node = state
            .get(Kind::named("pods"), namespace(pod), name(pod))
            .map(|pod| text(&pod, "/spec/nodeName").to_owned())
            .and_then(|node| state.get(Kind::named("nodes"), "", &node));
        let Some(node) = node else { return };
        let names = json!([image_id(image), image]);
        if list(&node, "/status/images")
            .iter()
            .any(|there| there.get("names") == Some(&names))
        {
            return;
        }
        state.change(
            Kind::named("nodes"),
            &node,
            Part::Status,
            "kubelet",
            self.now,
            |node| {
                let mut images = list(node, "/status/images").to_vec();
                images.push(json!({"names": names, "sizeBytes": 148_000_000}));
                set(node, &["status", "images"], images);
            },
        );
    }
}
