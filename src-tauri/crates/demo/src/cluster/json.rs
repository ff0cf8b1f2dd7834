//! Reading `serde_json::Value` by pointer, with the defaults that Kubernetes objects have.

use serde_json::{Map, Value};

/// The text at that pointer, or an empty one.
pub(crate) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The number at that pointer, or 0.
pub(crate) fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
}

/// The list at that pointer, or an empty one.
pub(crate) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The map at that pointer, if there is one.
pub(crate) fn map<'v>(value: &'v Value, pointer: &str) -> Option<&'v Map<String, Value>> {
    value.pointer(pointer).and_then(Value::as_object)
}

/// `metadata.name`.
pub(crate) fn name(value: &Value) -> &str {
    text(value, "/metadata/name")
}

/// `metadata.namespace`, empty for cluster-wide objects.
pub(crate) fn namespace(value: &Value) -> &str {
    text(value, "/metadata/namespace")
}

/// `metadata.uid`.
pub(crate) fn uid(value: &Value) -> &str {
    text(value, "/metadata/uid")
}

/// One annotation.
pub(crate) fn annotation<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get("metadata")?.get("annotations")?.get(key)?.as_str()
}

/// Sets the value at a path of plain keys, making the maps on the way.
pub(crate) fn set(value: &mut Value, path: &[&str], new: impl Into<Value>) {
    let mut at = value;
    for key in path {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = at
            .as_object_mut()
            .expect("because it was made an object above")
            .entry(*key)
            .or_insert(Value::Null);
    }
    *at = new.into();
}

/// Sets the value at a path unless there is one already.
pub(crate) fn set_default(value: &mut Value, path: &[&str], new: impl Into<Value>) {
    let pointer: String = path
        .iter()
        .map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1")))
        .collect();
    if value.pointer(&pointer).is_none_or(Value::is_null) {
        set(value, path, new);
    }
}

/// Takes a key out of the map at that pointer.
pub(crate) fn unset(value: &mut Value, pointer: &str, key: &str) {
    if let Some(map) = value.pointer_mut(pointer).and_then(Value::as_object_mut) {
        map.remove(key);
    }
}

/// Whether it is about to be deleted.
pub(crate) fn is_terminating(value: &Value) -> bool {
    value
        .pointer("/metadata/deletionTimestamp")
        .is_some_and(|time| !time.is_null())
}

/// The uid of the owner that controls it, if there is one.
pub(crate) fn controller_uid(value: &Value) -> Option<&str> {
    list(value, "/metadata/ownerReferences")
        .iter()
        .find(|owner| owner.get("controller").and_then(Value::as_bool) == Some(true))
        .map(|owner| text(owner, "/uid"))
}
