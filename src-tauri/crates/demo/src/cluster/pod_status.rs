//! Parts of a pod's status, and what it needs to start: conditions, digests, addresses, references.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::json::{list, namespace, set, text, uid};
use super::kinds::Kind;
use super::store::{State, stamp};

/// The digest that an image reference stands for here: the same everywhere in the demo world.
pub(crate) fn image_id(image: &str) -> String {
    use sha2::Digest;
    let repository = image.rsplit_once(':').map_or(image, |(repository, _)| repository);
    let digest = sha2::Sha256::digest(image.as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{repository}@sha256:{hex}")
}

/// The id of a container's run that follows from the pod and the number of restarts.
pub(crate) fn container_id(pod: &Value, restarts: i64) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(format!("{}/{restarts}", uid(pod)).as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("containerd://{hex}")
}

/// An address in the pods' network that follows from the uid.
pub(crate) fn address(pod: &Value) -> String {
    let sum = uid(pod).bytes().fold(7u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u32::from(byte))
    });
    format!("10.42.{}.{}", sum % 250, (sum >> 8) % 250 + 2)
}

/// Whether the pod's condition `Ready` is true.
pub(crate) fn is_ready(pod: &Value) -> bool {
    list(pod, "/status/conditions")
        .iter()
        .any(|condition| text(condition, "/type") == "Ready" && text(condition, "/status") == "True")
}

/// Says of a pod that its containers are not ready.
pub(crate) fn not_ready(pod: &mut Value, reason: &str, now: DateTime<Utc>) {
    let names: Vec<&str> = list(pod, "/spec/containers")
        .iter()
        .map(|container| text(container, "/name"))
        .collect();
    let message = format!("containers with unready status: [{}]", names.join(" "));
    condition(pod, "ContainersReady", false, reason, &message, now);
    condition(pod, "Ready", false, reason, &message, now);
}

/// Sets a condition; its transition time moves only when its status does.
pub(crate) fn condition(
    object: &mut Value,
    kind: &str,
    holds: bool,
    reason: &str,
    message: &str,
    now: DateTime<Utc>,
) {
    let status = if holds { "True" } else { "False" };
    let mut conditions = list(object, "/status/conditions").to_vec();
    let before = conditions
        .iter()
        .position(|condition| text(condition, "/type") == kind);
    let since = before
        .filter(|place| text(&conditions[*place], "/status") == status)
        .map_or_else(
            || stamp(now),
            |place| text(&conditions[place], "/lastTransitionTime").to_owned(),
        );
    let mut new = json!({"type": kind, "status": status, "lastProbeTime": null, "lastTransitionTime": since});
    if !reason.is_empty() {
        set(&mut new, &["reason"], reason);
    }
    if !message.is_empty() {
        set(&mut new, &["message"], message);
    }
    match before {
        Some(place) => conditions[place] = new,
        None => conditions.push(new),
    }
    set(object, &["status", "conditions"], conditions);
}

/// The first ConfigMap or Secret that a container's environment needs and the namespace lacks.
pub(crate) fn missing_reference(state: &State, pod: &Value) -> Option<String> {
    for container in list(pod, "/spec/containers") {
        let env = list(container, "/env")
            .iter()
            .filter_map(|variable| variable.get("valueFrom"));
        let from = list(container, "/envFrom").iter();
        for source in env.chain(from) {
            for (field, plural, word) in [
                ("configMapKeyRef", "configmaps", "configmap"),
                ("configMapRef", "configmaps", "configmap"),
                ("secretKeyRef", "secrets", "secret"),
                ("secretRef", "secrets", "secret"),
            ] {
                let Some(reference) = source.get(field) else {
                    continue;
                };
                if reference.get("optional").and_then(Value::as_bool) == Some(true) {
                    continue;
                }
                let wanted = text(reference, "/name");
                let Some(there) = state.get(Kind::named(plural), namespace(pod), wanted) else {
                    return Some(format!("{word} {wanted:?} not found"));
                };
                let key = text(reference, "/key");
                if !key.is_empty() && there.get("data").and_then(|data| data.get(key)).is_none() {
                    return Some(format!(
                        "couldn't find key {key} in {} {}/{wanted}",
                        if word == "secret" { "Secret" } else { "ConfigMap" },
                        namespace(pod)
                    ));
                }
            }
        }
    }
    None
}
