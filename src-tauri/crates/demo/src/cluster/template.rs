//! Pod templates: defaults as the API server fills them in, the hash that names a ReplicaSet, and
//! equality without that hash.

use serde_json::{Value, json};

use super::json::{set_default, unset};

const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The label under which a ReplicaSet carries its template's hash.
pub(crate) const HASH_LABEL: &str = "pod-template-hash";

/// Letters that can spell no word, as Kubernetes picks them for names.
pub(crate) fn safe_letters(bytes: impl Iterator<Item = u8>) -> String {
    bytes
        .map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]))
        .collect()
}

/// The hash of a template that names its ReplicaSet; `collisions` makes another one of the same template.
pub(crate) fn hash(template: &Value, collisions: i64) -> String {
    let mut sum: u32 = 0x811c_9dc5;
    for byte in template.to_string().bytes().chain(collisions.to_le_bytes()) {
        sum = (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    safe_letters(sum.to_string().bytes())
}

/// The template without `pod-template-hash`.
pub(crate) fn without_hash(template: &Value) -> Value {
    let mut plain = template.clone();
    unset(&mut plain, "/metadata/labels", HASH_LABEL);
    plain
}

/// Whether two templates are the same but for the hash.
pub(crate) fn same(left: &Value, right: &Value) -> bool {
    without_hash(left) == without_hash(right)
}

/// Fills in what the API server fills in for the spec of a pod.
pub(crate) fn default_pod_spec(spec: &mut Value) {
    set_default(spec, &["restartPolicy"], "Always");
    set_default(spec, &["terminationGracePeriodSeconds"], 30);
    set_default(spec, &["dnsPolicy"], "ClusterFirst");
    set_default(spec, &["securityContext"], json!({}));
    set_default(spec, &["schedulerName"], "default-scheduler");
    if let Some(account) = spec
        .get("serviceAccountName")
        .and_then(Value::as_str)
        .map(str::to_owned)
    {
        set_default(spec, &["serviceAccount"], account);
    }
    for list in ["containers", "initContainers"] {
        for container in spec
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            default_container(container);
        }
    }
    for volume in spec
        .get_mut("volumes")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        for source in ["configMap", "secret"] {
            if volume.get(source).is_some() {
                set_default(volume, &[source, "defaultMode"], 420);
            }
        }
    }
}

fn default_container(container: &mut Value) {
    if !container.is_object() {
        return;
    }
    let image = container
        .get("image")
        .and_then(Value::as_str)
        .unwrap_or("")
        .to_owned();
    let name = image.rsplit('/').next().unwrap_or("");
    let floating = !name.contains('@') && (!name.contains(':') || name.ends_with(":latest"));
    set_default(
        container,
        &["imagePullPolicy"],
        if floating { "Always" } else { "IfNotPresent" },
    );
    set_default(container, &["terminationMessagePath"], "/dev/termination-log");
    set_default(container, &["terminationMessagePolicy"], "File");
    set_default(container, &["resources"], json!({}));
    for port in container
        .get_mut("ports")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        set_default(port, &["protocol"], "TCP");
    }
    for variable in container
        .get_mut("env")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        if variable.pointer("/valueFrom/fieldRef").is_some() {
            set_default(variable, &["valueFrom", "fieldRef", "apiVersion"], "v1");
        }
    }
    for probe in ["readinessProbe", "livenessProbe", "startupProbe"] {
        let Some(probe) = container.get_mut(probe).filter(|probe| probe.is_object()) else {
            continue;
        };
        set_default(probe, &["timeoutSeconds"], 1);
        set_default(probe, &["periodSeconds"], 10);
        set_default(probe, &["successThreshold"], 1);
        set_default(probe, &["failureThreshold"], 3);
        if probe.get("httpGet").is_some() {
            set_default(probe, &["httpGet", "scheme"], "HTTP");
        }
    }
}

/// Fills in what the API server fills in for an object of that kind.
pub(crate) fn default_object(kind: &str, object: &mut Value) {
    match kind {
        "Deployment" => {
            set_default(object, &["spec", "replicas"], 1);
            set_default(object, &["spec", "strategy", "type"], "RollingUpdate");
            if object.pointer("/spec/strategy/type").and_then(Value::as_str) == Some("RollingUpdate") {
                set_default(object, &["spec", "strategy", "rollingUpdate", "maxSurge"], "25%");
                set_default(
                    object,
                    &["spec", "strategy", "rollingUpdate", "maxUnavailable"],
                    "25%",
                );
            }
            set_default(object, &["spec", "revisionHistoryLimit"], 10);
            set_default(object, &["spec", "progressDeadlineSeconds"], 600);
            default_template(object);
        }
        "ReplicaSet" => {
            set_default(object, &["spec", "replicas"], 1);
            default_template(object);
        }
        "StatefulSet" | "DaemonSet" => default_template(object),
        "Pod" => {
            if let Some(spec) = object.get_mut("spec") {
                default_pod_spec(spec);
                set_default(spec, &["enableServiceLinks"], true);
                set_default(spec, &["preemptionPolicy"], "PreemptLowerPriority");
                set_default(spec, &["priority"], 0);
                set_default(spec, &["serviceAccountName"], "default");
                set_default(spec, &["serviceAccount"], "default");
            }
        }
        "Namespace" => {
            set_default(object, &["spec", "finalizers"], json!(["kubernetes"]));
            set_default(object, &["status", "phase"], "Active");
        }
        "Secret" => set_default(object, &["type"], "Opaque"),
        "Service" => {
            set_default(object, &["spec", "type"], "ClusterIP");
            set_default(object, &["spec", "sessionAffinity"], "None");
            for port in object
                .pointer_mut("/spec/ports")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                set_default(port, &["protocol"], "TCP");
            }
        }
        "PersistentVolumeClaim" => set_default(object, &["status", "phase"], "Bound"),
        _ => {}
    }
}

fn default_template(object: &mut Value) {
    if let Some(spec) = object
        .pointer_mut("/spec/template/spec")
        .filter(|spec| spec.is_object())
    {
        default_pod_spec(spec);
    }
}

/// Five letters that follow from a word, as the suffix of a pod's name.
#[derive(Debug, Clone)]
pub(crate) struct TemplateLetters(String);

impl TemplateLetters {
    /// The letters of that word.
    pub fn of(word: &str) -> Self {
        let sum = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(safe_letters(sum.to_be_bytes().into_iter().take(5)))
    }
}

impl std::fmt::Display for TemplateLetters {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}
