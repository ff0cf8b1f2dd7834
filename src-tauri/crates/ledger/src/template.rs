//! `template`, `config_map` and `configuration`: what a deployment ran with, kept when the cluster has pruned it.
//!
//! Bodies are compressed and carry a checksum, so that a flipped bit is told and never handed out. Of Secrets only
//! keyed hashes come here.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use domain::ids::{ContentHash, DeploymentId, Namespace, TemplateHash};
use domain::template::PodTemplate;

use crate::Ledger;
use crate::column::{to_column, unreadable};
use crate::connection::Durability;
use crate::error::{Fault, Result};

/// The level of zstd: small texts, written once.
const LEVEL: i32 = 3;

/// What kind of object a piece of configuration is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ConfigurationKind {
    /// Kept whole, by hash.
    ConfigMap,
    /// Only its keyed hash.
    Secret,
}

impl ConfigurationKind {
    fn column(self) -> i64 {
        match self {
            Self::ConfigMap => 0,
            Self::Secret => 1,
        }
    }

    fn from_column(column: i64, row: i64) -> Result<Self, Fault> {
        match column {
            0 => Ok(Self::ConfigMap),
            1 => Ok(Self::Secret),
            other => Err(unreadable("configuration", row, "kind of configuration", other)),
        }
    }
}

/// A ConfigMap or Secret that a deployment's template named, as it was then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationEntry {
    /// Which of the two.
    pub kind: ConfigurationKind,
    /// Where.
    pub namespace: Namespace,
    /// Its object name.
    pub name: String,
    /// Its content's hash; `None` if it was not there or not readable, or if the key that hashed a Secret is gone.
    pub hash: Option<ContentHash>,
}

/// What one deployment ran with, all of it known already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownConfiguration {
    /// Of which deployment.
    pub deployment: DeploymentId,
    /// The objects that its template names.
    pub entries: Vec<ConfigurationEntry>,
    /// The content (canonical JSON) of those that are ConfigMaps.
    pub config_maps: Vec<(ContentHash, Vec<u8>)>,
}

impl Ledger {
    /// Keeps pod templates by their hash; those that are there stay as they are.
    pub fn put_templates<'a>(
        &self,
        templates: impl IntoIterator<Item = &'a PodTemplate>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.write(Durability::Normal, "kept pod templates", |conn| {
            for template in templates {
                let (hash, body) = (template.hash(), template.canonical_json());
                put(conn, Body::Template, hash.as_str(), body.as_bytes(), now)?;
            }
            Ok(())
        })
    }

    /// The template of that hash; `None` if it was never seen.
    pub fn template(&self, hash: &TemplateHash) -> Result<Option<PodTemplate>> {
        self.read("read a pod template", |conn| {
            let Some(bytes) = get(conn, Body::Template, hash.as_str())? else {
                return Ok(None);
            };
            let text = String::from_utf8_lossy(&bytes);
            let template = PodTemplate::from_canonical_json(&text)
                .map_err(|error| unreadable("template", hash, "pod template", error))?;
            Ok(Some(template))
        })
    }

    /// Which of these templates are not kept yet, so that they are fetched from the cluster once.
    pub fn missing_templates(&self, hashes: &[TemplateHash]) -> Result<Vec<TemplateHash>> {
        self.read("looked for pod templates", |conn| {
            let mut statement = conn.prepare_cached("SELECT 1 FROM template WHERE hash = ?1")?;
            let mut missing = Vec::new();
            for hash in hashes {
                if !statement.exists([hash.as_str()])? {
                    missing.push(hash.clone());
                }
            }
            Ok(missing)
        })
    }

    /// Keeps the content of a ConfigMap (canonical JSON) under its hash.
    pub fn put_config_map(&self, hash: &ContentHash, content: &[u8], now: DateTime<Utc>) -> Result<()> {
        self.write(Durability::Normal, "kept a ConfigMap", |conn| {
            put(conn, Body::ConfigMap, hash.as_str(), content, now)
        })
    }

    /// The content of the ConfigMap of that hash; `None` if it was never seen.
    pub fn config_map(&self, hash: &ContentHash) -> Result<Option<Vec<u8>>> {
        self.read("read a ConfigMap", |conn| {
            get(conn, Body::ConfigMap, hash.as_str())
        })
    }

    /// Keeps which configuration went with a deployment. What was noted of an object first stays: it is what the
    /// deployment began with.
    pub fn put_configuration(
        &self,
        deployment: DeploymentId,
        entries: &[ConfigurationEntry],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let key_id = self.secret_key().map(crate::key::SecretKey::id);
        self.write(
            Durability::Normal,
            "kept the configuration of a deployment",
            |conn| put_entries(conn, key_id.as_deref(), deployment, entries, now),
        )
    }

    /// The same for many deployments at once, with the ConfigMaps that they name.
    pub fn put_configurations(&self, known: &[KnownConfiguration], now: DateTime<Utc>) -> Result<()> {
        let key_id = self.secret_key().map(crate::key::SecretKey::id);
        self.write(
            Durability::Normal,
            "kept the configuration of deployments",
            |conn| {
                for one in known {
                    for (hash, content) in &one.config_maps {
                        put(conn, Body::ConfigMap, hash.as_str(), content, now)?;
                    }
                    put_entries(conn, key_id.as_deref(), one.deployment, &one.entries, now)?;
                }
                Ok(())
            },
        )
    }

    /// Which configuration went with a deployment, by kind, namespace and name.
    ///
    /// A Secret's hash made by another key than today's says nothing and is left out.
    pub fn configuration(&self, deployment: DeploymentId) -> Result<Vec<ConfigurationEntry>> {
        let key_id = self.secret_key().map(crate::key::SecretKey::id);
        self.read("read the configuration of a deployment", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT kind, namespace, name, CASE WHEN kind = 0 OR key_id = ?2 THEN hash END
                 FROM configuration WHERE deployment_id = ?1 ORDER BY kind, namespace, name",
            )?;
            let mut rows = statement.query(params![deployment.0, key_id])?;
            let mut entries = Vec::new();
            while let Some(row) = rows.next()? {
                entries.push(ConfigurationEntry {
                    kind: ConfigurationKind::from_column(row.get(0)?, deployment.0)?,
                    namespace: row.get::<_, String>(1)?.into(),
                    name: row.get(2)?,
                    hash: row.get::<_, Option<String>>(3)?.map(ContentHash::from),
                });
            }
            Ok(entries)
        })
    }
}

/// The tables of compressed bodies.
#[derive(Debug, Clone, Copy)]
enum Body {
    Template,
    ConfigMap,
}

impl Body {
    fn table(self) -> &'static str {
        match self {
            Self::Template => "template",
            Self::ConfigMap => "config_map",
        }
    }
}

fn put_entries(
    conn: &Connection,
    key_id: Option<&str>,
    deployment: DeploymentId,
    entries: &[ConfigurationEntry],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO configuration (deployment_id, kind, namespace, name, hash, key_id, seen_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT DO UPDATE SET hash = excluded.hash, key_id = excluded.key_id, seen_at = excluded.seen_at
         WHERE hash IS NULL",
    )?;
    for entry in entries {
        let key_id = key_id.filter(|_| entry.kind == ConfigurationKind::Secret);
        statement.execute(params![
            deployment.0,
            entry.kind.column(),
            entry.namespace.as_str(),
            entry.name,
            entry.hash.as_ref().map(ContentHash::as_str),
            key_id,
            to_column(now)
        ])?;
    }
    Ok(())
}

/// Keeps what was noted of one deployment with another, where nothing is known there.
pub(crate) fn give_configuration(conn: &Connection, from: i64, to: i64) -> Result<(), Fault> {
    conn.prepare_cached(
        "INSERT INTO configuration (deployment_id, kind, namespace, name, hash, key_id, seen_at)
         SELECT ?2, kind, namespace, name, hash, key_id, seen_at FROM configuration WHERE deployment_id = ?1
         ON CONFLICT DO UPDATE SET hash = excluded.hash, key_id = excluded.key_id, seen_at = excluded.seen_at
         WHERE hash IS NULL",
    )?
    .execute([from, to])?;
    Ok(())
}

fn put(conn: &Connection, kind: Body, hash: &str, content: &[u8], now: DateTime<Utc>) -> Result<(), Fault> {
    let table = kind.table();
    let mut known = conn.prepare_cached(&format!("SELECT 1 FROM {table} WHERE hash = ?1"))?;
    if known.exists([hash])? {
        return Ok(());
    }
    let body =
        compress(content).map_err(|error| unreadable(table, hash, "text that zstd compresses", error))?;
    conn.prepare_cached(&format!(
        "INSERT INTO {table} (hash, size, body, seen_at) VALUES (?1, ?2, ?3, ?4)"
    ))?
    .execute(params![
        hash,
        i64::try_from(content.len()).unwrap_or(i64::MAX),
        body,
        to_column(now)
    ])?;
    Ok(())
}

fn get(conn: &Connection, kind: Body, hash: &str) -> Result<Option<Vec<u8>>, Fault> {
    let table = kind.table();
    let found: Option<(i64, Vec<u8>)> = conn
        .prepare_cached(&format!("SELECT size, body FROM {table} WHERE hash = ?1"))?
        .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((size, body)) = found else {
        return Ok(None);
    };
    let size = usize::try_from(size).map_err(|_| unreadable(table, hash, "size", size))?;
    let content = zstd::bulk::decompress(&body, size)
        .map_err(|error| unreadable(table, hash, "whole compressed text", error))?;
    Ok(Some(content))
}

fn compress(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    compressor.compress(content)
}
