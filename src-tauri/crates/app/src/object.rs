//! *Open in cluster*: a workload as the cluster has it right now, read-only.

use std::sync::Arc;

use cluster::drawer::{PodView, drawer};
use domain::template::PodTemplate;
use wire::cluster::{ClusterEvent, ClusterObject, ContainerLog, Pod, PodState, UnreadPart, WorkloadRequest};
use wire::{ErrorCode, WireError, epoch_ms};

use crate::backend::Backend;
use crate::error::{self, Answer};
use crate::redaction::redact;
use crate::releases;
use crate::rollback;
use crate::session::Session;

/// Reads a workload for the drawer.
pub async fn cluster_object(backend: &Arc<Backend>, request: WorkloadRequest) -> Answer<ClusterObject> {
    let session = backend.session()?;
    let service = session.service(&request.service)?;
    let environment = session.environment(&request.environment)?;
    let wanted = match request.deployment {
        Some(id) => rollback::ran_by(&session, service, environment, id).await?,
        None => None,
    };
    let record = rollback::workload(&session, service, environment, wanted.as_ref())?;
    let clients = session.link(environment)?.clients().ok_or_else(|| {
        WireError::new(ErrorCode::ClusterUnreachable, "the cluster has not answered yet")
            .with("cluster", &environment.cluster)
            .with("host", &environment.cluster)
    })?;
    let found = drawer(&clients, record.kind, &record.namespace, &record.name)
        .await
        .map_err(error::cluster)?;
    let unread = [
        ("pods", found.pods.as_ref().err()),
        ("events", found.events.as_ref().err()),
    ];
    let unread = unread.into_iter().filter_map(|(part, error)| {
        Some(UnreadPart {
            part: part.to_owned(),
            error: error::cluster_ref(error?),
        })
    });
    let unread = unread.collect();
    let pods = found.pods.unwrap_or_default();
    Ok(ClusterObject {
        kind: record.kind.as_str().to_owned(),
        namespace: record.namespace.to_string(),
        name: record.name.to_string(),
        yaml: found.yaml,
        replicas: found.record.rollout.wanted,
        ready: found.record.rollout.ready,
        pods: pods
            .iter()
            .map(|pod| shown(&session, &request.service, pod))
            .collect(),
        events: found.events.unwrap_or_default().iter().map(event).collect(),
        logs: found.logs.into_iter().map(log).collect(),
        unread,
        read_at: epoch_ms(backend.now()),
    })
}

fn shown(session: &Session, service: &str, pod: &PodView) -> Pod {
    let fails = pod.containers.iter().any(|container| container.fails());
    let state = if pod.ending {
        PodState::Ending
    } else if pod.ready {
        PodState::Ready
    } else {
        match pod.phase.as_str() {
            "Failed" => PodState::Failed,
            "Succeeded" => PodState::Succeeded,
            _ if fails || pod.reason.is_some() => PodState::Waiting,
            _ => PodState::Starting,
        }
    };
    Pod {
        name: pod.name.clone(),
        version: version(session, service, pod),
        state,
        restarts: pod.restarts,
        reason: pod.reason.clone(),
        message: pod.message.clone(),
        node: pod.node.clone(),
        started_at: Some(epoch_ms(pod.created)),
    }
}

/// What the pod's own images say, by the rules for templates.
fn version(session: &Session, service: &str, pod: &PodView) -> String {
    let containers = pod.containers.iter().filter(|container| !container.init);
    let containers: Vec<serde_json::Value> = containers
        .map(|container| serde_json::json!({"name": container.name, "image": container.image}))
        .collect();
    let template = PodTemplate::new(serde_json::json!({"spec": {"containers": containers}}));
    let (Ok(template), Ok(service)) = (template, session.service(service)) else {
        return String::new();
    };
    let identified = releases::identify(session, service, &template);
    identified
        .map(|identified| identified.version.label())
        .unwrap_or_default()
}

fn event(event: &cluster::drawer::ClusterEvent) -> ClusterEvent {
    ClusterEvent {
        at: event.last.map(epoch_ms),
        warning: event.warning,
        reason: event.reason.clone(),
        message: event.message.clone(),
        object: format!("{} {}", event.about.0, event.about.1),
        count: event.count,
    }
}

fn log(log: cluster::drawer::ContainerLog) -> ContainerLog {
    let (lines, problem) = match log.text {
        // A log is the container's own: what looks like a secret in it stays out of copies and reports.
        Ok(text) => (redact(&text).lines().map(str::to_owned).collect(), None),
        Err(why) => (Vec::new(), Some(error::cluster_ref(&why))),
    };
    ContainerLog {
        pod: log.pod,
        container: log.container,
        previous: log.previous,
        lines,
        error: problem,
    }
}
