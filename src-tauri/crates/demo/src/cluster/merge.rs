//! Patches: JSON Patch, merge patch, strategic merge, and the merge under a server-side apply.

use serde_json::{Map, Value};

use super::fields::{FieldPath, FieldSet, ListKey, item_key, list_key};
use super::status::Refusal;

/// RFC 6902, with the answers of the API server when it can't be read or carried out.
pub(crate) fn json_patch(object: &mut Value, patch: &[u8]) -> Result<(), Refusal> {
    let patch: json_patch::Patch = serde_json::from_slice(patch)
        .map_err(|error| Refusal::bad_request(format!("error decoding patch: {error}")))?;
    json_patch::patch(object, &patch).map_err(|_| Refusal::patch_refused())
}

/// RFC 7396.
pub(crate) fn merge_patch(object: &mut Value, patch: &[u8]) -> Result<(), Refusal> {
    json_patch::merge(object, &read(patch)?);
    Ok(())
}

/// Strategic merge: lists of named things are merged by their key, `null` deletes, `$patch` directs.
pub(crate) fn strategic_patch(object: &mut Value, patch: &[u8]) -> Result<(), Refusal> {
    let patch = read(patch)?;
    combine(object, &patch, "");
    Ok(())
}

/// Reads a patch that is one JSON or YAML map.
pub(crate) fn read(patch: &[u8]) -> Result<Value, Refusal> {
    let value: Value = serde_yaml_ng::from_slice(patch)
        .map_err(|error| Refusal::bad_request(format!("error decoding patch: {error}")))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(Refusal::bad_request("the patch is no map"))
    }
}

/// Merges `patch` into `target`; `key` is the field that both stand under.
pub(crate) fn combine(target: &mut Value, patch: &Value, key: &str) {
    match patch {
        Value::Object(fields) => combine_maps(target, fields),
        Value::Array(items) => combine_lists(target, items, key),
        other => *target = other.clone(),
    }
}

fn combine_maps(target: &mut Value, patch: &Map<String, Value>) {
    if patch.get("$patch").and_then(Value::as_str) == Some("replace") || !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(fields) = target.as_object_mut() else {
        return;
    };
    for (key, value) in patch {
        if key.starts_with("$deleteFromPrimitiveList/") {
            let name = key.trim_start_matches("$deleteFromPrimitiveList/");
            let gone = value.as_array().cloned().unwrap_or_default();
            if let Some(Value::Array(items)) = fields.get_mut(name) {
                items.retain(|item| !gone.contains(item));
            }
        } else if key.starts_with('$') {
            continue;
        } else if value.is_null() {
            fields.remove(key);
        } else {
            combine(fields.entry(key.clone()).or_insert(Value::Null), value, key);
        }
    }
}

fn combine_lists(target: &mut Value, patch: &[Value], key: &str) {
    let named: Vec<Value> = patch
        .iter()
        .filter(|item| item.get("$patch").and_then(Value::as_str) != Some("replace"))
        .cloned()
        .collect();
    let replace = named.len() != patch.len();
    let Value::Array(items) = target else {
        *target = Value::Array(named.into_iter().map(clean).collect());
        return;
    };
    match list_key(key, &named) {
        ListKey::Fields(fields) if !replace => {
            for item in &named {
                let wanted = item_key(fields, item);
                let place = items.iter().position(|there| item_key(fields, there) == wanted);
                let delete = item.get("$patch").and_then(Value::as_str) == Some("delete");
                match (place, delete) {
                    (Some(place), true) => {
                        items.remove(place);
                    }
                    (Some(place), false) => combine(&mut items[place], item, ""),
                    (None, true) => {}
                    (None, false) => items.push(clean(item.clone())),
                }
            }
        }
        ListKey::Whole if !replace => {
            for item in named {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        _ => *items = named,
    }
}

fn clean(mut item: Value) -> Value {
    if let Some(fields) = item.as_object_mut() {
        fields.retain(|key, _| !key.starts_with('$'));
    }
    item
}

/// Takes the fields of a set out of an object: what an applier gave up.
pub(crate) fn take_out(object: &mut Value, gone: &FieldSet) {
    let mut paths: Vec<&FieldPath> = gone.iter().collect();
    paths.sort_by_key(|path| std::cmp::Reverse(path.len()));
    for path in paths {
        take_out_one(object, path);
    }
}

fn take_out_one(at: &mut Value, path: &[String]) {
    let Some((step, rest)) = path.split_first() else {
        return;
    };
    if let Some(field) = step.strip_prefix("f:") {
        let Some(fields) = at.as_object_mut() else { return };
        if rest.is_empty() {
            let keep = fields.get(field).is_some_and(|value| {
                value.as_object().is_some_and(|map| !map.is_empty())
                    || value.as_array().is_some_and(|list| {
                        !list.is_empty() && matches!(list_key(field, list), ListKey::Fields(_))
                    })
            });
            if !keep {
                fields.remove(field);
            }
        } else if let Some(inner) = fields.get_mut(field) {
            take_out_one(inner, rest);
        }
        return;
    }
    let Some(items) = at.as_array_mut() else { return };
    let Some(place) = items.iter().position(|item| is_item(step, item)) else {
        return;
    };
    if rest.is_empty() {
        let only_keys = items[place].as_object().is_none_or(|fields| fields.len() <= 2);
        if only_keys {
            items.remove(place);
        }
    } else {
        take_out_one(&mut items[place], rest);
    }
}

fn is_item(step: &str, item: &Value) -> bool {
    if let Some(value) = step.strip_prefix("v:") {
        return serde_json::from_str::<Value>(value).is_ok_and(|value| value == *item);
    }
    let Some(key) = step.strip_prefix("k:") else {
        return false;
    };
    let Ok(Value::Object(key)) = serde_json::from_str::<Value>(key) else {
        return false;
    };
    key.iter().all(|(name, value)| item.get(name) == Some(value))
}
