//! What differs between two pod templates, typed so that it can be said in words.
//!
//! Every difference of the two trees appears: what has words of its own as its own variant, anything else as a
//! JSON path with both values. Nothing is ever dropped silently; two templates are equal exactly when the list
//! is empty.
//!
//! Lacks on purpose: the words themselves, which belong to the window and its languages.

mod container;
mod quantity;
mod text;
mod tree;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::template::{PodTemplate, RESTARTED_AT};

pub use quantity::{Amount, AmountUnit, amount, quantity};
pub use text::{DiffLine, LineChange, line_diff, template_yaml, yaml};

/// One difference between two pod templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A container's image.
    Image {
        /// The container.
        container: String,
        /// The image before, as written.
        from: String,
        /// The image after, as written.
        to: String,
    },
    /// A container that only the new template has.
    ContainerAdded {
        /// Its name.
        container: String,
        /// Its image.
        image: String,
        /// Whether it is an init container.
        init: bool,
    },
    /// A container that only the old template has.
    ContainerRemoved {
        /// Its name.
        container: String,
        /// Its image.
        image: String,
        /// Whether it is an init container.
        init: bool,
    },
    /// An environment variable.
    Variable {
        /// The container.
        container: String,
        /// The variable's name.
        name: String,
        /// Its value or source before; `None`: it is new.
        from: Option<VariableValue>,
        /// Its value or source after; `None`: it is gone.
        to: Option<VariableValue>,
    },
    /// A requested or limited resource.
    Resource {
        /// The container.
        container: String,
        /// Request or limit.
        bound: ResourceBound,
        /// `cpu`, `memory`, `ephemeral-storage` or another resource's name.
        resource: String,
        /// The quantity before, as written.
        from: Option<String>,
        /// The quantity after, as written.
        to: Option<String>,
    },
    /// `command` or `args`.
    Command {
        /// The container.
        container: String,
        /// Which of the two.
        field: CommandField,
        /// The words before; `None`: the image's own.
        from: Option<Vec<String>>,
        /// The words after; `None`: the image's own.
        to: Option<Vec<String>>,
    },
    /// A probe, whole: its parts mean nothing alone.
    Probe {
        /// The container.
        container: String,
        /// Which of the three.
        probe: ProbeKind,
        /// The probe before.
        from: Option<Value>,
        /// The probe after.
        to: Option<Value>,
    },
    /// A container's port.
    Port {
        /// The container.
        container: String,
        /// The port, as `8080/TCP`.
        port: String,
        /// As it was.
        from: Option<Value>,
        /// As it becomes.
        to: Option<Value>,
    },
    /// A volume of the pod.
    Volume {
        /// Its name.
        name: String,
        /// As it was.
        from: Option<Value>,
        /// As it becomes.
        to: Option<Value>,
    },
    /// A label of the pods.
    Label {
        /// The key.
        key: String,
        /// Its value before.
        from: Option<String>,
        /// Its value after.
        to: Option<String>,
    },
    /// An annotation of the pods, `restartedAt` excepted.
    Annotation {
        /// The key.
        key: String,
        /// Its value before.
        from: Option<String>,
        /// Its value after.
        to: Option<String>,
    },
    /// `kubectl.kubernetes.io/restartedAt`: a restart, neither a version nor a setting.
    Restarted {
        /// Its value before.
        from: Option<String>,
        /// Its value after.
        to: Option<String>,
    },
    /// The same entries in another order, which Kubernetes may heed (`env`, `initContainers`).
    Order {
        /// JSON Pointer of the list.
        path: String,
        /// Names in the old order.
        from: Vec<String>,
        /// Names in the new order.
        to: Vec<String>,
    },
    /// Anything else.
    Other {
        /// JSON Pointer; list entries that have a name stand by their name.
        path: String,
        /// The value before.
        from: Option<Value>,
        /// The value after.
        to: Option<Value>,
    },
}

/// Where an environment variable's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableValue {
    /// Written in the template.
    Plain(String),
    /// A key of a ConfigMap.
    ConfigMapKey {
        /// The ConfigMap.
        name: String,
        /// The key.
        key: String,
    },
    /// A key of a Secret.
    SecretKey {
        /// The Secret.
        name: String,
        /// The key.
        key: String,
    },
    /// A field of the pod (`status.podIP`).
    Field(String),
    /// A resource of a container (`limits.memory`).
    ResourceField(String),
    /// A source of another kind, or with more than its name and key.
    Source(Value),
}

/// A request or a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceBound {
    /// `resources.requests`.
    Request,
    /// `resources.limits`.
    Limit,
}

/// `command` (the entry point) or `args`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandField {
    /// `command`.
    Command,
    /// `args`.
    Args,
}

/// Which probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProbeKind {
    /// `livenessProbe`.
    Liveness,
    /// `readinessProbe`.
    Readiness,
    /// `startupProbe`.
    Startup,
}

/// How many differences of each sort: "1 image and 3 settings".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DifferenceCounts {
    /// Containers whose image changes, containers added or removed.
    pub images: usize,
    /// Everything else but a restart.
    pub settings: usize,
    /// 1 if the mark of a restart differs.
    pub restarts: usize,
}

/// Everything that differs from `from` to `to`, images first, then by container and by place.
pub fn differences(from: &PodTemplate, to: &PodTemplate) -> Vec<Difference> {
    let (from, to) = (from.as_value(), to.as_value());
    let mut found = Vec::new();
    metadata(child(from, "metadata"), child(to, "metadata"), &mut found);
    specification(child(from, "spec"), child(to, "spec"), &mut found);
    tree::objects("", from, to, &["metadata", "spec"], &mut found);
    found.sort_by_key(|difference| !is_image(difference));
    found
}

/// Counts them for the sentence of a plan.
pub fn counts(differences: &[Difference]) -> DifferenceCounts {
    let mut counts = DifferenceCounts::default();
    for difference in differences {
        if is_image(difference) {
            counts.images += 1;
        } else if matches!(difference, Difference::Restarted { .. }) {
            counts.restarts += 1;
        } else {
            counts.settings += 1;
        }
    }
    counts
}

fn is_image(difference: &Difference) -> bool {
    matches!(
        difference,
        Difference::Image { .. } | Difference::ContainerAdded { .. } | Difference::ContainerRemoved { .. }
    )
}

fn metadata(from: &Value, to: &Value, found: &mut Vec<Difference>) {
    tree::strings(
        "/metadata/labels",
        child(from, "labels"),
        child(to, "labels"),
        found,
        |key, from, to| Difference::Label { key, from, to },
    );
    let annotations = (child(from, "annotations"), child(to, "annotations"));
    tree::strings(
        "/metadata/annotations",
        annotations.0,
        annotations.1,
        found,
        |key, from, to| {
            if key == RESTARTED_AT {
                Difference::Restarted { from, to }
            } else {
                Difference::Annotation { key, from, to }
            }
        },
    );
    tree::objects("/metadata", from, to, &["labels", "annotations"], found);
}

fn specification(from: &Value, to: &Value, found: &mut Vec<Difference>) {
    for (list, init) in [("containers", false), ("initContainers", true)] {
        container::containers(list, init, child(from, list), child(to, list), found);
    }
    tree::named(
        "/spec/volumes",
        "name",
        child(from, "volumes"),
        child(to, "volumes"),
        found,
        |name, from, to, found| {
            found.push(Difference::Volume {
                name: name.to_owned(),
                from: from.cloned(),
                to: to.cloned(),
            });
        },
    );
    tree::objects(
        "/spec",
        from,
        to,
        &["containers", "initContainers", "volumes"],
        found,
    );
}

/// The child of an object; `null` where there is none, which an API server never stores.
fn child<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&Value::Null)
}

/// A map of strings, if the value is one (`null` and absence are the empty one).
fn string_map(value: &Value) -> Option<BTreeMap<&str, &str>> {
    match value {
        Value::Null => Some(BTreeMap::new()),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| Some((key.as_str(), value.as_str()?)))
            .collect(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

#[cfg(test)]
mod tests;
