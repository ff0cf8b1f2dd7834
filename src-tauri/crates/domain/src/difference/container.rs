//! The differences of containers: image, environment, resources, command, probes, ports.

use serde_json::Value;

use super::tree::{self, join};
use super::{CommandField, Difference, ProbeKind, ResourceBound, VariableValue, child};

/// The fields that have words of their own; all others are compared as they are.
const KNOWN: &[&str] = &[
    "name",
    "image",
    "env",
    "resources",
    "command",
    "args",
    "livenessProbe",
    "readinessProbe",
    "startupProbe",
    "ports",
];

pub(super) fn containers(list: &str, init: bool, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    let path = format!("/spec/{list}");
    tree::named(&path, "name", from, to, found, |name, from, to, found| {
        match (from, to) {
            (Some(from), Some(to)) => container(&join(&path, name), name, from, to, found),
            (None, Some(to)) => found.push(Difference::ContainerAdded {
                container: name.to_owned(),
                image: image(to),
                init,
            }),
            (Some(from), None) => found.push(Difference::ContainerRemoved {
                container: name.to_owned(),
                image: image(from),
                init,
            }),
            (None, None) => {}
        }
    });
}

fn container(path: &str, name: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    images(path, name, from, to, found);
    variables(path, name, from, to, found);
    resources(
        path,
        name,
        child(from, "resources"),
        child(to, "resources"),
        found,
    );
    for (key, field) in [("command", CommandField::Command), ("args", CommandField::Args)] {
        command(path, name, (key, field), from, to, found);
    }
    for (key, probe) in [
        ("livenessProbe", ProbeKind::Liveness),
        ("readinessProbe", ProbeKind::Readiness),
        ("startupProbe", ProbeKind::Startup),
    ] {
        if from.get(key) != to.get(key) {
            found.push(Difference::Probe {
                container: name.to_owned(),
                probe,
                from: from.get(key).cloned(),
                to: to.get(key).cloned(),
            });
        }
    }
    ports(path, name, from, to, found);
    tree::objects(path, from, to, KNOWN, found);
}

fn images(path: &str, name: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    match (from.get("image"), to.get("image")) {
        (Some(Value::String(a)), Some(Value::String(b))) if a != b => found.push(Difference::Image {
            container: name.to_owned(),
            from: a.clone(),
            to: b.clone(),
        }),
        (a, b) => tree::values(&join(path, "image"), a, b, found),
    }
}

fn variables(path: &str, container: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    let env = (child(from, "env"), child(to, "env"));
    tree::named(
        &join(path, "env"),
        "name",
        env.0,
        env.1,
        found,
        |name, from, to, found| {
            found.push(Difference::Variable {
                container: container.to_owned(),
                name: name.to_owned(),
                from: from.map(variable),
                to: to.map(variable),
            });
        },
    );
}

/// Describes a variable; a source with more to it than name and key is kept whole, so that two that differ in
/// anything (`optional`, an API version) never read the same.
fn variable(entry: &Value) -> VariableValue {
    let members = entry.as_object().map_or(0, serde_json::Map::len);
    match (entry.get("value").and_then(Value::as_str), entry.get("valueFrom")) {
        (Some(value), None) if members == 2 => VariableValue::Plain(value.to_owned()),
        (None, None) if members == 1 => VariableValue::Plain(String::new()),
        (None, Some(source)) if members == 2 => {
            described(source).unwrap_or_else(|| VariableValue::Source(source.clone()))
        }
        _ => VariableValue::Source(entry.clone()),
    }
}

fn described(source: &Value) -> Option<VariableValue> {
    let source = source.as_object().filter(|source| source.len() == 1)?;
    let (kind, inner) = source.iter().next()?;
    let members = inner.as_object()?.len();
    let text = |key: &str| inner.get(key).and_then(Value::as_str).map(str::to_owned);
    match (kind.as_str(), members) {
        ("configMapKeyRef", 2) => Some(VariableValue::ConfigMapKey {
            name: text("name")?,
            key: text("key")?,
        }),
        ("secretKeyRef", 2) => Some(VariableValue::SecretKey {
            name: text("name")?,
            key: text("key")?,
        }),
        // The API server adds `apiVersion: v1` to every field reference.
        ("fieldRef", 1) => text("fieldPath").map(VariableValue::Field),
        ("fieldRef", 2) if text("apiVersion").as_deref() == Some("v1") => {
            text("fieldPath").map(VariableValue::Field)
        }
        ("resourceFieldRef", 1) => text("resource").map(VariableValue::ResourceField),
        _ => None,
    }
}

fn resources(path: &str, container: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    let path = join(path, "resources");
    for (key, bound) in [
        ("requests", ResourceBound::Request),
        ("limits", ResourceBound::Limit),
    ] {
        let (from, to) = (child(from, key), child(to, key));
        tree::strings(&join(&path, key), from, to, found, |resource, from, to| {
            Difference::Resource {
                container: container.to_owned(),
                bound,
                resource,
                from,
                to,
            }
        });
    }
    tree::objects(&path, from, to, &["requests", "limits"], found);
}

fn command(
    path: &str,
    container: &str,
    (key, field): (&str, CommandField),
    from: &Value,
    to: &Value,
    found: &mut Vec<Difference>,
) {
    let (a, b) = (from.get(key), to.get(key));
    let words = |value: Option<&Value>| -> Result<Option<Vec<String>>, ()> {
        value
            .map(|value| serde_json::from_value(value.clone()))
            .transpose()
            .map_err(|_| ())
    };
    match (words(a), words(b)) {
        (Ok(from), Ok(to)) if from != to => found.push(Difference::Command {
            container: container.to_owned(),
            field,
            from,
            to,
        }),
        _ => tree::values(&join(path, key), a, b, found),
    }
}

/// Ports are known by number and protocol; their names are optional.
fn ports(path: &str, container: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    let path = join(path, "ports");
    let (from, to) = (child(from, "ports"), child(to, "ports"));
    let (Some(a), Some(b)) = (keyed_ports(from), keyed_ports(to)) else {
        return tree::values(
            &path,
            from.as_array().map(|_| from),
            to.as_array().map(|_| to),
            found,
        );
    };
    let before = found.len();
    for (key, entry) in &a {
        let other = b
            .iter()
            .find(|(wanted, _)| wanted == key)
            .map(|(_, entry)| *entry);
        if other != Some(*entry) {
            found.push(port(container, key, Some(entry), other));
        }
    }
    for (key, entry) in b
        .iter()
        .filter(|(key, _)| !a.iter().any(|(wanted, _)| wanted == key))
    {
        found.push(port(container, key, None, Some(entry)));
    }
    if found.len() == before && from != to {
        let names = |ports: &[(String, &Value)]| ports.iter().map(|(key, _)| key.clone()).collect();
        found.push(Difference::Order {
            path,
            from: names(&a),
            to: names(&b),
        });
    }
}

fn port(container: &str, key: &str, from: Option<&Value>, to: Option<&Value>) -> Difference {
    Difference::Port {
        container: container.to_owned(),
        port: key.to_owned(),
        from: from.cloned(),
        to: to.cloned(),
    }
}

fn keyed_ports(list: &Value) -> Option<Vec<(String, &Value)>> {
    let Value::Array(entries) = list else {
        return list.is_null().then(Vec::new);
    };
    let keyed: Vec<(String, &Value)> = entries
        .iter()
        .map(|entry| {
            let number = entry.get("containerPort")?.as_u64()?;
            let protocol = entry.get("protocol").and_then(Value::as_str).unwrap_or("TCP");
            Some((format!("{number}/{protocol}"), entry))
        })
        .collect::<Option<_>>()?;
    let distinct = keyed
        .iter()
        .enumerate()
        .all(|(at, (key, _))| keyed[..at].iter().all(|(other, _)| other != key));
    distinct.then_some(keyed)
}

fn image(container: &Value) -> String {
    container
        .get("image")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
