//! The endpointslice controller: one slice a Service, with every selected pod and whether it is ready.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::json::{is_terminating, list, name, namespace, set, text, uid};
use super::super::kinds::Kind;
use super::super::pod_status::is_ready;
use super::super::select::matches_map;
use super::super::store::State;
use super::super::write::{Hand, Part};
use super::{CONTROLLERS, selected_pods};

/// One round for all Services that select pods.
pub(super) fn run(state: &mut State, now: DateTime<Utc>) {
    for service in state.snapshot(Kind::named("services")) {
        if service.pointer("/spec/selector").is_some() {
            sync(state, &service, now);
        }
    }
}

fn sync(state: &mut State, service: &Value, now: DateTime<Utc>) {
    let selector = service.pointer("/spec/selector").cloned().unwrap_or(Value::Null);
    let pods = selected_pods(state, namespace(service), |labels| matches_map(&selector, labels));
    let endpoints: Vec<Value> = pods
        .iter()
        .filter(|pod| !text(pod, "/status/podIP").is_empty())
        .map(|pod| endpoint(pod))
        .collect();
    let ports: Vec<Value> = list(service, "/spec/ports")
        .iter()
        .map(|port| {
            json!({
                "name": text(port, "/name"), "protocol": "TCP",
                "port": port.get("targetPort").filter(|port| port.is_i64()).or_else(|| port.get("port")),
            })
        })
        .collect();
    let slices = Kind::named("endpointslices");
    let there = state
        .all(slices)
        .values()
        .find(|slice| {
            namespace(slice) == namespace(service)
                && slice
                    .pointer("/metadata/labels/kubernetes.io~1service-name")
                    .and_then(Value::as_str)
                    == Some(name(service))
        })
        .cloned();
    match there {
        Some(slice) => {
            state.change(slices, &slice, Part::Main, CONTROLLERS, now, |object| {
                set(object, &["endpoints"], endpoints);
                set(object, &["ports"], ports);
            });
        }
        None => create(state, service, endpoints, ports, now),
    }
}

fn create(state: &mut State, service: &Value, endpoints: Vec<Value>, ports: Vec<Value>, now: DateTime<Utc>) {
    let slice = json!({
        "metadata": {
            "generateName": format!("{}-", name(service)),
            "labels": {
                "kubernetes.io/service-name": name(service),
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
            "ownerReferences": [{
                "apiVersion": "v1", "kind": "Service", "name": name(service), "uid": uid(service),
                "controller": true, "blockOwnerDeletion": true,
            }],
        },
        "addressType": "IPv4", "endpoints": endpoints, "ports": ports,
    });
    let hand = Hand {
        manager: CONTROLLERS,
        now,
        dry_run: false,
    };
    let _ = state.create(Kind::named("endpointslices"), namespace(service), slice, &hand);
}

fn endpoint(pod: &Value) -> Value {
    let going = is_terminating(pod);
    let ready = is_ready(pod);
    json!({
        "addresses": [text(pod, "/status/podIP")],
        "conditions": {"ready": ready && !going, "serving": ready, "terminating": going},
        "nodeName": text(pod, "/spec/nodeName"),
        "targetRef": {"kind": "Pod", "namespace": namespace(pod), "name": name(pod), "uid": uid(pod)},
    })
}
