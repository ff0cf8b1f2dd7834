//! Walking two JSON trees side by side; what no rule with words takes ends up as a path with both values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Difference, string_map};

/// Compares two objects key by key, leaving out those that somebody else compares.
pub(super) fn objects(path: &str, from: &Value, to: &Value, except: &[&str], found: &mut Vec<Difference>) {
    match (from.as_object(), to.as_object()) {
        (Some(a), Some(b)) => {
            let keys: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys.into_iter().filter(|key| !except.contains(&key.as_str())) {
                values(&join(path, key), a.get(key), b.get(key), found);
            }
        }
        // One side lacks the object: what the rules with words took is left out here as well.
        (None, Some(present)) => {
            for (key, value) in present.iter().filter(|(key, _)| !except.contains(&key.as_str())) {
                values(&join(path, key), None, Some(value), found);
            }
            note_empty(path, from, to, present.is_empty(), found);
        }
        (Some(present), None) => {
            for (key, value) in present.iter().filter(|(key, _)| !except.contains(&key.as_str())) {
                values(&join(path, key), Some(value), None, found);
            }
            note_empty(path, from, to, present.is_empty(), found);
        }
        (None, None) => values(path, Some(from), Some(to), found),
    }
}

/// Compares two values and goes down where both are objects, or lists whose entries have names.
pub(super) fn values(path: &str, from: Option<&Value>, to: Option<&Value>, found: &mut Vec<Difference>) {
    match (from, to) {
        (Some(a), Some(b)) if a == b => {}
        (Some(a @ Value::Object(_)), Some(b @ Value::Object(_))) => objects(path, a, b, &[], found),
        (Some(a @ Value::Array(_)), Some(b @ Value::Array(_))) => lists(path, a, b, found),
        (None, None) => {}
        (from, to) => found.push(Difference::Other {
            path: path.to_owned(),
            from: from.cloned(),
            to: to.cloned(),
        }),
    }
}

/// Compares two maps of strings; anything else that stands there is compared as it is.
pub(super) fn strings(
    path: &str,
    from: &Value,
    to: &Value,
    found: &mut Vec<Difference>,
    make: impl Fn(String, Option<String>, Option<String>) -> Difference,
) {
    let (Some(a), Some(b)) = (string_map(from), string_map(to)) else {
        return values(path, present(from), present(to), found);
    };
    note_empty(path, from, to, a.is_empty() && b.is_empty(), found);
    let keys: BTreeSet<&str> = a.keys().chain(b.keys()).copied().collect();
    for key in keys {
        let (from, to) = (a.get(key), b.get(key));
        if from != to {
            found.push(make(
                key.to_owned(),
                from.map(|text| (*text).to_owned()),
                to.map(|text| (*text).to_owned()),
            ));
        }
    }
}

/// Compares two lists whose entries are known by a name, and notes when only their order differs.
///
/// Entries without a name, or two of the same name, make it a list without names.
pub(super) fn named(
    path: &str,
    key: &str,
    from: &Value,
    to: &Value,
    found: &mut Vec<Difference>,
    mut each: impl FnMut(&str, Option<&Value>, Option<&Value>, &mut Vec<Difference>),
) {
    let (Some(a), Some(b)) = (by_name(from, key), by_name(to, key)) else {
        return values(path, present(from), present(to), found);
    };
    note_empty(path, from, to, a.is_empty() && b.is_empty(), found);
    note_order(path, &a, &b, found);
    let (old, new): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (a.iter().copied().collect(), b.iter().copied().collect());
    let added = b.iter().filter(|(name, _)| !old.contains_key(name));
    for (name, _) in a.iter().chain(added) {
        let (from, to) = (old.get(name).copied(), new.get(name).copied());
        if from != to {
            each(name, from, to, found);
        }
    }
}

fn lists(path: &str, from: &Value, to: &Value, found: &mut Vec<Difference>) {
    if by_name(from, "name").is_some() && by_name(to, "name").is_some() {
        named(path, "name", from, to, found, |name, from, to, found| {
            values(&join(path, name), from, to, found);
        });
    } else {
        found.push(Difference::Other {
            path: path.to_owned(),
            from: Some(from.clone()),
            to: Some(to.clone()),
        });
    }
}

/// The entries with their names, in order; `None` if one has none or two share one.
fn by_name<'a>(list: &'a Value, key: &str) -> Option<Vec<(&'a str, &'a Value)>> {
    let entries = match list {
        Value::Null => return Some(Vec::new()),
        Value::Array(entries) => entries,
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => return None,
    };
    let named: Option<Vec<_>> = entries
        .iter()
        .map(|entry| Some((entry.get(key)?.as_str()?, entry)))
        .collect();
    named.filter(|named| {
        let names: BTreeSet<&str> = named.iter().map(|(name, _)| *name).collect();
        names.len() == named.len()
    })
}

fn note_order(path: &str, a: &[(&str, &Value)], b: &[(&str, &Value)], found: &mut Vec<Difference>) {
    let kept = |own: &[(&str, &Value)], other: &[(&str, &Value)]| -> Vec<String> {
        own.iter()
            .filter(|(name, _)| other.iter().any(|(wanted, _)| wanted == name))
            .map(|(name, _)| (*name).to_owned())
            .collect()
    };
    let (from, to) = (kept(a, b), kept(b, a));
    if from != to {
        found.push(Difference::Order {
            path: path.to_owned(),
            from,
            to,
        });
    }
}

/// An empty map or list against none at all is a difference of the trees, and so it is said.
fn note_empty(path: &str, from: &Value, to: &Value, nothing_inside: bool, found: &mut Vec<Difference>) {
    if nothing_inside && from != to {
        found.push(Difference::Other {
            path: path.to_owned(),
            from: present(from).cloned(),
            to: present(to).cloned(),
        });
    }
}

fn present(value: &Value) -> Option<&Value> {
    Some(value).filter(|value| !value.is_null())
}

/// One more step of a JSON Pointer (RFC 6901).
pub(super) fn join(path: &str, key: &str) -> String {
    format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"))
}
