//! ConfigMaps and Secrets that went with two deployments: which keys differ.

use std::collections::{BTreeMap, BTreeSet};

use domain::deployment::Deployment;
use domain::ids::ContentHash;
use ledger::{ConfigurationEntry, ConfigurationKind};
use serde_json::Value;
use wire::compare::{ConfigurationDifference, KeyDifference};

use super::sides::Side;
use crate::error::{self, Answer};
use crate::session::Session;

type Known = BTreeMap<(String, String), Option<ContentHash>>;

/// What differs, and the names of objects of which one side is not known.
pub(crate) fn differences(
    session: &Session,
    a: &Side,
    b: &Side,
) -> Answer<(Vec<ConfigurationDifference>, Vec<String>)> {
    let known = |side: &Side| {
        side.deployment
            .as_ref()
            .map_or(Ok(Known::new()), |one| of(session, one))
    };
    between(session, &known(a)?, &known(b)?)
}

fn of(session: &Session, deployment: &Deployment) -> Answer<Known> {
    let Some(id) = deployment.id else {
        return Ok(Known::new());
    };
    let entries = session.ledger.configuration(id).map_err(error::ledger)?;
    Ok(entries
        .into_iter()
        .map(|entry| (name(&entry), entry.hash))
        .collect())
}

fn name(entry: &ConfigurationEntry) -> (String, String) {
    let kind = match entry.kind {
        ConfigurationKind::ConfigMap => "ConfigMap",
        ConfigurationKind::Secret => "Secret",
    };
    (kind.to_owned(), entry.name.clone())
}

fn between(session: &Session, a: &Known, b: &Known) -> Answer<(Vec<ConfigurationDifference>, Vec<String>)> {
    let mut differences = Vec::new();
    let mut unknown = Vec::new();
    let names: BTreeSet<&(String, String)> = a.keys().chain(b.keys()).collect();
    for name in names {
        match (a.get(name).cloned().flatten(), b.get(name).cloned().flatten()) {
            (Some(old), Some(new)) if old == new => {}
            (Some(old), Some(new)) => differences.push(difference(session, name, &old, &new)?),
            (_, _) => unknown.push(format!("{} {}", name.0, name.1)),
        }
    }
    Ok((differences, unknown))
}

/// The keys that differ; a Secret's content is never kept, so that nothing but its change is known.
pub(crate) fn difference(
    session: &Session,
    (kind, name): &(String, String),
    old: &ContentHash,
    new: &ContentHash,
) -> Answer<ConfigurationDifference> {
    let keys = if kind == "Secret" {
        Vec::new()
    } else {
        keys(&content(session, old)?, &content(session, new)?)
    };
    Ok(ConfigurationDifference {
        kind: kind.clone(),
        name: name.clone(),
        keys,
    })
}

fn content(session: &Session, hash: &ContentHash) -> Answer<BTreeMap<String, String>> {
    let bytes = session
        .ledger
        .config_map(hash)
        .map_err(error::ledger)?
        .unwrap_or_default();
    let value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let mut keys = BTreeMap::new();
    for map in ["data", "binaryData"] {
        let entries = value.get(map).and_then(Value::as_object).into_iter().flatten();
        keys.extend(entries.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())));
    }
    Ok(keys)
}

fn keys(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<KeyDifference> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| KeyDifference {
            key: key.clone(),
            old: old.get(key).cloned(),
            new: new.get(key).cloned(),
        })
        .collect()
}
