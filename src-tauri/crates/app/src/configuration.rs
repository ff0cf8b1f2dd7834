//! ConfigMaps and Secrets that go with deployments: kept when a deployment is seen, compared before a rollback,
//! since a rollback does not bring them back.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::Clients;
use cluster::change::LiveWorkload;
use cluster::configuration::{Configuration, SecretHashKey, config_map_hash, configuration, secret_hash};
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::ids::{ContentHash, DeploymentId, Namespace};
use domain::template::{PodTemplate, Reference, ReferenceKind, references};
use domain::workspace::Environment;
use ledger::{ConfigurationEntry, ConfigurationKind, KnownConfiguration, Ledger};

use crate::backend::blocking;
use crate::error::{self, Answer};
use crate::rollback::targets::Target;
use crate::session::Session;

/// The ConfigMaps and Secrets that a template names.
fn named(template: &PodTemplate) -> Vec<Reference> {
    references(template)
        .into_iter()
        .filter(|reference| matches!(reference.kind, ReferenceKind::ConfigMap | ReferenceKind::Secret))
        .collect()
}

/// What they hold now; `None` where the ledger has no key to hash Secrets with.
async fn read(
    ledger: &Ledger,
    clients: &Clients,
    namespace: &Namespace,
    template: &PodTemplate,
) -> Result<Vec<Configuration>, cluster::Error> {
    let key = ledger
        .secret_key()
        .map(|key| key.as_bytes().to_vec())
        .unwrap_or_default();
    configuration(clients, namespace, &named(template), &SecretHashKey::new(key)).await
}

/// Keeps what went with a deployment. What was noted first stays.
pub(crate) async fn keep(
    session: &Arc<Session>,
    clients: &Clients,
    namespace: &Namespace,
    template: &PodTemplate,
    deployment: DeploymentId,
    now: DateTime<Utc>,
) -> Answer<()> {
    let found = read(&session.ledger, clients, namespace, template)
        .await
        .map_err(error::cluster)?;
    let (session, namespace) = (Arc::clone(session), namespace.clone());
    blocking(move || {
        let mut entries = Vec::new();
        for one in &found {
            if let Some((hash, content)) = content(one) {
                session
                    .ledger
                    .put_config_map(hash, &content, now)
                    .map_err(error::ledger)?;
            }
            let (kind, name, hash) = kept(one);
            entries.push(ConfigurationEntry {
                kind,
                namespace: namespace.clone(),
                name,
                hash,
            });
        }
        session
            .ledger
            .put_configuration(deployment, &entries, now)
            .map_err(error::ledger)
    })
    .await
}

/// A deployment's ConfigMaps and Secrets whose content is known already: the demo's past.
pub(crate) fn known(
    ledger: &Ledger,
    deployment: DeploymentId,
    config_maps: &[(Namespace, String, BTreeMap<String, String>)],
    secrets: &[(Namespace, String, BTreeMap<String, String>)],
) -> KnownConfiguration {
    let mut known = KnownConfiguration {
        deployment,
        entries: Vec::new(),
        config_maps: Vec::new(),
    };
    for (namespace, name, data) in config_maps {
        let hash = config_map_hash(data);
        known.config_maps.push((hash.clone(), json_of(data)));
        known.entries.push(ConfigurationEntry {
            kind: ConfigurationKind::ConfigMap,
            namespace: namespace.clone(),
            name: name.clone(),
            hash: Some(hash),
        });
    }
    let key = ledger
        .secret_key()
        .map(|key| SecretHashKey::new(key.as_bytes().to_vec()));
    for (namespace, name, data) in secrets {
        known.entries.push(ConfigurationEntry {
            kind: ConfigurationKind::Secret,
            namespace: namespace.clone(),
            name: name.clone(),
            hash: key.as_ref().map(|key| secret_hash(data, key)),
        });
    }
    known
}

fn json_of(data: &BTreeMap<String, String>) -> Vec<u8> {
    serde_json::to_vec(&serde_json::json!({"data": data}))
        .expect("because a map of texts always has a JSON form")
}

fn content(one: &Configuration) -> Option<(&ContentHash, Vec<u8>)> {
    match one {
        Configuration::ConfigMap { hash, content, .. } => Some((hash, json_of(content))),
        Configuration::Secret { .. } | Configuration::Missing { .. } | Configuration::Unknown { .. } => None,
    }
}

fn kept(one: &Configuration) -> (ConfigurationKind, String, Option<ContentHash>) {
    let of = |kind: &ReferenceKind| match kind {
        ReferenceKind::Secret => ConfigurationKind::Secret,
        ReferenceKind::ConfigMap | ReferenceKind::PersistentVolumeClaim | ReferenceKind::ServiceAccount => {
            ConfigurationKind::ConfigMap
        }
    };
    match one {
        Configuration::ConfigMap { name, hash, .. } => {
            (ConfigurationKind::ConfigMap, name.clone(), Some(hash.clone()))
        }
        Configuration::Secret { name, hash, .. } => {
            (ConfigurationKind::Secret, name.clone(), Some(hash.clone()))
        }
        Configuration::Missing { kind, name, .. } | Configuration::Unknown { kind, name, .. } => {
            (of(kind), name.clone(), None)
        }
    }
}

/// What changed since the target ran and does not come back.
pub(crate) async fn findings(
    session: &Arc<Session>,
    environment: &Environment,
    live: &LiveWorkload,
    target: &Target,
) -> Answer<Vec<Finding>> {
    let pass = || vec![Finding::new(FindingCode::Configuration, FindingResult::Pass)];
    if named(&target.template).is_empty() {
        return Ok(pass());
    }
    let Some(clients) = session.link(environment)?.clients() else {
        return Ok(vec![Finding::new(
            FindingCode::Configuration,
            FindingResult::Unknown,
        )]);
    };
    let now = match read(
        &session.ledger,
        &clients,
        &live.workload.namespace,
        &target.template,
    )
    .await
    {
        Ok(now) => now,
        Err(problem) => {
            let finding = Finding::new(FindingCode::Configuration, FindingResult::Unknown);
            return Ok(vec![finding.with("reason", problem)]);
        }
    };
    let then = known_then(session, target).await?;
    let session = Arc::clone(session);
    blocking(move || {
        let mut findings = Vec::new();
        for one in &now {
            findings.extend(compare(&session, one, &then)?);
        }
        Ok(if findings.is_empty() { pass() } else { findings })
    })
    .await
}

type Then = BTreeMap<(ConfigurationKind, String), Option<ContentHash>>;

async fn known_then(session: &Arc<Session>, target: &Target) -> Answer<Then> {
    let Some(id) = target.deployment.as_ref().and_then(|deployment| deployment.id) else {
        return Ok(Then::new());
    };
    let ledger = session.ledger.clone();
    let entries = blocking(move || ledger.configuration(id).map_err(error::ledger)).await?;
    Ok(entries
        .into_iter()
        .map(|entry| ((entry.kind, entry.name), entry.hash))
        .collect())
}

fn compare(session: &Session, one: &Configuration, then: &Then) -> Answer<Option<Finding>> {
    let (kind, name, hash) = kept(one);
    let word = match kind {
        ConfigurationKind::ConfigMap => "ConfigMap",
        ConfigurationKind::Secret => "Secret",
    };
    let finding = |result| {
        Finding::new(FindingCode::Configuration, result)
            .about(format!("{word} {name}"))
            .with("name", &name)
    };
    let before = then.get(&(kind, name.clone())).cloned().flatten();
    Ok(match (one, before, hash) {
        (Configuration::Unknown { problem, .. }, _, _) => {
            let finding = finding(FindingResult::Unknown).with("problem", "unread");
            Some(finding.with("reason", problem))
        }
        (Configuration::Missing { optional: true, .. }, Some(_), _) => {
            Some(finding(FindingResult::Warn).with("problem", "gone"))
        }
        // What is missing and needed is a finding of its own: the references' check.
        (_, _, None) => None,
        (_, None, Some(_)) => Some(finding(FindingResult::Unknown).with("problem", "never-seen")),
        (_, Some(before), Some(now)) if before == now => None,
        (_, Some(before), Some(_)) => {
            let keys = keys(session, one, &before)?;
            Some(
                finding(FindingResult::Warn)
                    .with("count", keys.len())
                    .with("keys", keys.join(", ")),
            )
        }
    })
}

/// The keys that differ from what was kept; of a Secret nothing but its change is known.
fn keys(session: &Session, one: &Configuration, before: &ContentHash) -> Answer<Vec<String>> {
    let Configuration::ConfigMap { content, .. } = one else {
        return Ok(Vec::new());
    };
    let bytes = session
        .ledger
        .config_map(before)
        .map_err(error::ledger)?
        .unwrap_or_default();
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let old: BTreeMap<String, String> = value
        .get("data")
        .and_then(|data| serde_json::from_value(data.clone()).ok())
        .unwrap_or_default();
    let names: BTreeSet<&String> = old.keys().chain(content.keys()).collect();
    Ok(names
        .into_iter()
        .filter(|key| old.get(*key) != content.get(*key))
        .cloned()
        .collect())
}
