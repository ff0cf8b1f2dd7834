//! `metadata.managedFields`: which manager owns which field, as the API server keeps it.
//!
//! An object is taken apart into the paths of its leaves; a set of such paths is what `fieldsV1` writes.
//! Lists are told apart as the Kubernetes schema does it, by key (containers by name) or as one leaf.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// A path in the words of `fieldsV1`: `f:spec`, `k:{"name":"app"}`, `v:"finalizer"`.
pub(crate) type FieldPath = Vec<String>;

/// A set of paths.
pub(crate) type FieldSet = BTreeSet<FieldPath>;

/// How the items of a list are told apart.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ListKey {
    /// By these fields of each item.
    Fields(&'static [&'static str]),
    /// Each item is its own key.
    Whole,
    /// The list is one value.
    Atomic,
}

/// How the list under that key is told apart, by the schema of the kinds that the cluster serves.
pub(crate) fn list_key(key: &str, items: &[Value]) -> ListKey {
    let has = |field: &str| !items.is_empty() && items.iter().all(|item| item.get(field).is_some());
    match key {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "secrets"
            if has("name") =>
        {
            ListKey::Fields(&["name"])
        }
        "ports" if has("containerPort") => ListKey::Fields(&["containerPort", "protocol"]),
        "ports" if has("port") && !has("name") => ListKey::Fields(&["port", "protocol"]),
        "volumeMounts" if has("mountPath") => ListKey::Fields(&["mountPath"]),
        "conditions" if has("type") => ListKey::Fields(&["type"]),
        "ownerReferences" if has("uid") => ListKey::Fields(&["uid"]),
        "finalizers" => ListKey::Whole,
        _ => ListKey::Atomic,
    }
}

/// The key of one item, as `fieldsV1` writes it.
pub(crate) fn item_key(fields: &[&str], item: &Value) -> String {
    let mut key = Map::new();
    for field in fields {
        let value = item.get(*field).cloned().unwrap_or_else(|| {
            if *field == "protocol" {
                json!("TCP")
            } else {
                Value::Null
            }
        });
        key.insert((*field).to_owned(), value);
    }
    format!("k:{}", Value::Object(key))
}

/// The leaves of an object with their values, without what no manager owns.
pub(crate) fn leaves(object: &Value) -> BTreeMap<FieldPath, Value> {
    let mut found = BTreeMap::new();
    let Some(fields) = object.as_object() else {
        return found;
    };
    for (key, value) in fields {
        match key.as_str() {
            "apiVersion" | "kind" => {}
            "metadata" => metadata_leaves(value, &mut found),
            _ => walk(&mut vec![format!("f:{key}")], key, value, &mut found),
        }
    }
    found
}

fn metadata_leaves(metadata: &Value, found: &mut BTreeMap<FieldPath, Value>) {
    const UNOWNED: [&str; 10] = [
        "name",
        "namespace",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "managedFields",
        "selfLink",
    ];
    for (key, value) in metadata.as_object().into_iter().flatten() {
        if !UNOWNED.contains(&key.as_str()) {
            walk(
                &mut vec!["f:metadata".into(), format!("f:{key}")],
                key,
                value,
                found,
            );
        }
    }
}

fn walk(path: &mut FieldPath, key: &str, value: &Value, found: &mut BTreeMap<FieldPath, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() && !is_atomic_map(path, key) => {
            if is_free_map(key) {
                found.insert(path.clone(), Value::Null);
            }
            for (inner, value) in fields {
                path.push(format!("f:{inner}"));
                walk(path, inner, value, found);
                path.pop();
            }
        }
        Value::Array(items) => match list_key(key, items) {
            ListKey::Fields(fields) => {
                found.insert(path.clone(), Value::Null);
                for item in items {
                    path.push(item_key(fields, item));
                    found.insert(path.clone(), Value::Null);
                    for (inner, value) in item.as_object().into_iter().flatten() {
                        path.push(format!("f:{inner}"));
                        walk(path, inner, value, found);
                        path.pop();
                    }
                    path.pop();
                }
            }
            ListKey::Whole => {
                found.insert(path.clone(), Value::Null);
                for item in items {
                    path.push(format!("v:{item}"));
                    found.insert(path.clone(), item.clone());
                    path.pop();
                }
            }
            ListKey::Atomic => {
                found.insert(path.clone(), value.clone());
            }
        },
        _ => {
            found.insert(path.clone(), value.clone());
        }
    }
}

/// Maps with keys of the user's own: they own a `.` beside their keys.
fn is_free_map(key: &str) -> bool {
    matches!(
        key,
        "labels"
            | "annotations"
            | "data"
            | "binaryData"
            | "nodeSelector"
            | "limits"
            | "requests"
            | "hard"
            | "used"
    )
}

fn is_atomic_map(path: &[String], key: &str) -> bool {
    let label_selector = key == "selector" && path.len() == 2;
    label_selector
        || matches!(
            key,
            "configMapKeyRef" | "secretKeyRef" | "fieldRef" | "resourceFieldRef"
        )
}

/// Reads a `fieldsV1` map.
pub(crate) fn parse(fields: &Value) -> FieldSet {
    let mut set = FieldSet::new();
    parse_into(fields, &mut Vec::new(), &mut set);
    set
}

fn parse_into(fields: &Value, path: &mut FieldPath, set: &mut FieldSet) {
    for (key, inner) in fields.as_object().into_iter().flatten() {
        if key == "." {
            set.insert(path.clone());
            continue;
        }
        path.push(key.clone());
        if inner.as_object().is_none_or(Map::is_empty) {
            set.insert(path.clone());
        } else {
            parse_into(inner, path, set);
        }
        path.pop();
    }
}

/// Writes a set as a `fieldsV1` map.
pub(crate) fn write(set: &FieldSet) -> Value {
    let mut root = Value::Object(Map::new());
    for path in set {
        let mut at = &mut root;
        for key in path {
            let fields = at.as_object_mut().expect("because every level is made as a map");
            at = fields
                .entry(key.clone())
                .or_insert_with(|| Value::Object(Map::new()));
        }
    }
    mark_members(&mut root, &mut Vec::new(), set);
    root
}

fn mark_members(at: &mut Value, path: &mut FieldPath, set: &FieldSet) {
    let Some(fields) = at.as_object_mut() else { return };
    for (key, inner) in fields.iter_mut() {
        path.push(key.clone());
        mark_members(inner, path, set);
        path.pop();
    }
    if !fields.is_empty() && !path.is_empty() && set.contains(path) {
        fields.insert(".".into(), Value::Object(Map::new()));
    }
}

/// Who writes, for the entry in `managedFields`.
#[derive(Debug, Clone)]
pub(crate) struct Writer<'w> {
    /// The field manager's name.
    pub manager: &'w str,
    /// `Update` or `Apply`.
    pub operation: &'w str,
    /// `status`, `scale` or empty.
    pub subresource: &'w str,
    /// Now, as `metadata` writes it.
    pub time: &'w str,
    /// The object's `apiVersion`.
    pub api_version: &'w str,
}

impl Writer<'_> {
    fn is(&self, entry: &Value) -> bool {
        let word = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or("");
        word("manager") == self.manager
            && word("operation") == self.operation
            && word("subresource") == self.subresource
    }

    fn entry(&self, set: &FieldSet) -> Value {
        let mut entry = json!({
            "manager": self.manager,
            "operation": self.operation,
            "apiVersion": self.api_version,
            "time": self.time,
            "fieldsType": "FieldsV1",
            "fieldsV1": write(set),
        });
        if !self.subresource.is_empty() {
            super::json::set(&mut entry, &["subresource"], self.subresource);
        }
        entry
    }
}

/// The entries after a plain write that took the object from `before` to `after`.
pub(crate) fn after_update(
    entries: &[Value],
    before: &Value,
    after: &Value,
    writer: &Writer<'_>,
) -> Vec<Value> {
    let old = leaves(before);
    let new = leaves(after);
    let changed: FieldSet = new
        .iter()
        .filter(|(path, value)| old.get(*path) != Some(*value))
        .map(|(path, _)| path.clone())
        .collect();
    let gone: FieldSet = old
        .keys()
        .filter(|path| !new.contains_key(*path))
        .cloned()
        .collect();
    take(entries, &changed, &gone, writer)
}

/// Gives `won` to the writer, takes `won` and `gone` from all others, and drops who owns nothing.
fn take(entries: &[Value], won: &FieldSet, gone: &FieldSet, writer: &Writer<'_>) -> Vec<Value> {
    if won.is_empty() && gone.is_empty() {
        return entries.to_vec();
    }
    let mut kept = Vec::new();
    let mut found = false;
    for entry in entries {
        let mut set = parse(entry.get("fieldsV1").unwrap_or(&Value::Null));
        let owned = set.clone();
        set.retain(|path| !gone.contains(path));
        if writer.is(entry) {
            found = true;
            set.extend(won.iter().cloned());
        } else {
            set.retain(|path| !won.contains(path));
        }
        if set.is_empty() {
            continue;
        }
        kept.push(match (set == owned, writer.is(entry)) {
            (true, _) => entry.clone(),
            (false, true) => writer.entry(&set),
            (false, false) => {
                let mut changed = entry.clone();
                super::json::set(&mut changed, &["fieldsV1"], write(&set));
                changed
            }
        });
    }
    if !found && !won.is_empty() {
        kept.push(writer.entry(won));
    }
    kept
}

/// What an apply would take from others: who owns it, and the path.
pub(crate) fn conflicts(
    entries: &[Value],
    live: &Value,
    applied: &Value,
    writer: &Writer<'_>,
) -> Vec<(Value, FieldPath)> {
    let live = leaves(live);
    let wanted = leaves(applied);
    let mut found = Vec::new();
    for entry in entries.iter().filter(|entry| !writer.is(entry)) {
        let owned = parse(entry.get("fieldsV1").unwrap_or(&Value::Null));
        for (path, value) in &wanted {
            if owned.contains(path) && live.get(path).is_some_and(|now| now != value) {
                found.push((entry.clone(), path.clone()));
            }
        }
    }
    found
}

/// The fields that the writer applied before, does not apply now, and nobody else owns.
pub(crate) fn given_up(entries: &[Value], applied: &Value, writer: &Writer<'_>) -> FieldSet {
    let wanted = leaves(applied);
    let mut mine = FieldSet::new();
    let mut others = FieldSet::new();
    for entry in entries {
        let set = parse(entry.get("fieldsV1").unwrap_or(&Value::Null));
        if writer.is(entry) {
            mine = set
        } else {
            others.extend(set)
        }
    }
    mine.into_iter()
        .filter(|path| !wanted.contains_key(path) && !others.contains(path))
        .collect()
}

/// The entries after an apply of `applied` that took the object from `before` to `after`.
pub(crate) fn after_apply(
    entries: &[Value],
    before: &Value,
    after: &Value,
    applied: &Value,
    writer: &Writer<'_>,
) -> Vec<Value> {
    let old = leaves(before);
    let new = leaves(after);
    let wanted: FieldSet = leaves(applied).into_keys().collect();
    let moved: FieldSet = new
        .iter()
        .filter(|(path, value)| old.get(*path) != Some(*value))
        .map(|(path, _)| path.clone())
        .collect();
    let gone: FieldSet = old
        .keys()
        .filter(|path| !new.contains_key(*path))
        .cloned()
        .collect();
    let mut kept = Vec::new();
    let mut found = false;
    for entry in entries {
        if writer.is(entry) {
            found = true;
            let same = parse(entry.get("fieldsV1").unwrap_or(&Value::Null)) == wanted;
            kept.push(if same {
                entry.clone()
            } else {
                writer.entry(&wanted)
            });
            continue;
        }
        let owned = parse(entry.get("fieldsV1").unwrap_or(&Value::Null));
        let set: FieldSet = owned
            .iter()
            .filter(|path| !moved.contains(*path) && !gone.contains(*path))
            .cloned()
            .collect();
        if set == owned {
            kept.push(entry.clone());
        } else if !set.is_empty() {
            let mut changed = entry.clone();
            super::json::set(&mut changed, &["fieldsV1"], write(&set));
            kept.push(changed);
        }
    }
    if !found {
        kept.push(writer.entry(&wanted));
    }
    kept
}

/// A path in words, as a conflict names it: `.spec.template.spec.containers[name="app"].image`.
pub(crate) fn in_words(path: &[String]) -> String {
    let mut words = String::new();
    for step in path {
        if let Some(field) = step.strip_prefix("f:") {
            words.push('.');
            words.push_str(field);
        } else if let Some(key) = step.strip_prefix("k:") {
            let key: Value = serde_json::from_str(key).unwrap_or(Value::Null);
            let pairs: Vec<String> = key
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            words.push_str(&format!("[{}]", pairs.join(",")));
        } else if let Some(value) = step.strip_prefix("v:") {
            words.push_str(&format!("[={value}]"));
        }
    }
    words
}
