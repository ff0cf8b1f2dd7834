//! The ConfigMaps and Secrets that a template names: what of them is read, and what of it is kept.
//!
//! A ConfigMap's content is read whole. Of a Secret only the names of its keys and a keyed hash leave this module:
//! a plain hash of a short password could be guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use domain::ids::{ContentHash, Namespace};
use domain::template::{Reference, ReferenceKind};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::client::Clients;
use crate::error::Error;
use crate::query::encoded;

/// The key for hashes of Secrets, made once and kept beside the ledger.
pub struct SecretHashKey(Vec<u8>);

impl SecretHashKey {
    /// Wraps the key's bytes; 32 random ones are meant.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }
}

impl fmt::Debug for SecretHashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHashKey(…)")
    }
}

/// What a template's reference leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Configuration {
    /// A ConfigMap with its content.
    ConfigMap {
        /// Its name.
        name: String,
        /// SHA-256 of the content.
        hash: ContentHash,
        /// `data`, and of `binaryData` the base64 text.
        content: BTreeMap<String, String>,
    },
    /// A Secret, without its content.
    Secret {
        /// Its name.
        name: String,
        /// HMAC-SHA-256 of the content.
        hash: ContentHash,
        /// The names of its keys.
        keys: BTreeSet<String>,
    },
    /// It is not there.
    Missing {
        /// Its kind.
        kind: ReferenceKind,
        /// Its name.
        name: String,
        /// Pods start without it.
        optional: bool,
    },
    /// It could not be read: that says nothing of whether it is there.
    Unknown {
        /// Its kind.
        kind: ReferenceKind,
        /// Its name.
        name: String,
        /// Why.
        problem: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    data: Option<BTreeMap<String, String>>,
    binary_data: Option<BTreeMap<String, String>>,
}

/// Reads all ConfigMaps and Secrets among the references, one after the other.
///
/// A missing right for one is noted for that one ([`Configuration::Unknown`]); a cluster that can't be reached at
/// all is an error.
pub async fn configuration(
    clients: &Clients,
    namespace: &Namespace,
    references: &[Reference],
    key: &SecretHashKey,
) -> Result<Vec<Configuration>, Error> {
    let mut found = Vec::new();
    for reference in references {
        let plural = match reference.kind {
            ReferenceKind::ConfigMap => "configmaps",
            ReferenceKind::Secret => "secrets",
            ReferenceKind::PersistentVolumeClaim | ReferenceKind::ServiceAccount => continue,
        };
        let (kind, name) = (reference.kind, reference.name.clone());
        let what = format!("reading {} {namespace}/{name}", kind.as_str());
        let path = format!("/api/v1/namespaces/{namespace}/{plural}/{}", encoded(&name));
        found.push(match clients.get::<Content>(&what, &path).await {
            Ok(content) => fold(kind, name, content, key),
            Err(Error::NotFound { .. }) => Configuration::Missing {
                kind,
                name,
                optional: reference.optional,
            },
            Err(error @ Error::Forbidden { .. }) => Configuration::Unknown {
                kind,
                name,
                problem: error.to_string(),
            },
            Err(error) => return Err(error),
        });
    }
    Ok(found)
}

fn fold(kind: ReferenceKind, name: String, content: Content, key: &SecretHashKey) -> Configuration {
    let mut entries = content.data.unwrap_or_default();
    match kind {
        ReferenceKind::Secret => Configuration::Secret {
            name,
            hash: secret_hash(&entries, key),
            keys: entries.into_keys().collect(),
        },
        ReferenceKind::ConfigMap | ReferenceKind::PersistentVolumeClaim | ReferenceKind::ServiceAccount => {
            entries.extend(content.binary_data.unwrap_or_default());
            Configuration::ConfigMap {
                name,
                hash: config_map_hash(&entries),
                content: entries,
            }
        }
    }
}

/// SHA-256 over keys and values, each with its length, in the order of the keys.
pub fn config_map_hash(content: &BTreeMap<String, String>) -> ContentHash {
    let mut hash = Sha256::new();
    for part in parts(content) {
        hash.update(part);
    }
    ContentHash::new(hex(&hash.finalize()))
}

/// HMAC-SHA-256 over keys and values (in base64, as the cluster serves them), each with its length, in the order of
/// the keys.
pub fn secret_hash(content: &BTreeMap<String, String>, key: &SecretHashKey) -> ContentHash {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key.0).expect("because HMAC takes keys of any length");
    for part in parts(content) {
        mac.update(&part);
    }
    ContentHash::new(hex(&mac.finalize().into_bytes()))
}

fn parts(content: &BTreeMap<String, String>) -> impl Iterator<Item = Vec<u8>> + '_ {
    content.iter().flat_map(|(key, value)| [key, value]).map(|text| {
        let mut part = (text.len() as u64).to_be_bytes().to_vec();
        part.extend_from_slice(text.as_bytes());
        part
    })
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        write!(text, "{byte:02x}").expect("because writing to a String never fails");
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::template::{PodTemplate, references};
    use serde_json::json;

    use super::*;
    use crate::double::{Answer, Double};

    #[tokio::test]
    async fn contents_are_read_and_secrets_are_only_hashed() {
        let template = PodTemplate::new(json!({"spec": {"containers": [{"name": "a", "envFrom": [
            {"configMapRef": {"name": "settings"}}, {"secretRef": {"name": "tokens"}},
            {"configMapRef": {"name": "gone", "optional": true}}, {"secretRef": {"name": "hidden"}}]}]}}))
        .unwrap();
        let double = Double::new(|seen| match seen.target.as_str() {
            "/api/v1/namespaces/shop/configmaps/settings" => {
                Answer::json(json!({"data": {"LOG_LEVEL": "info"}}))
            }
            "/api/v1/namespaces/shop/secrets/tokens" => Answer::json(json!({"data": {"token": "czNjcmV0"}})),
            "/api/v1/namespaces/shop/secrets/hidden" => Answer::status(403, "Forbidden", "no"),
            _ => Answer::status(404, "NotFound", "gone"),
        });
        let read = |key: &'static str| {
            let (double, references) = (double.clone(), references(&template));
            async move {
                let key = SecretHashKey::new(key);
                configuration(&double.clients(), &"shop".into(), &references, &key)
                    .await
                    .unwrap()
            }
        };
        let found = read("key one").await;
        assert!(
            !format!("{found:?}").contains("czNjcmV0"),
            "the content of a Secret does not leave"
        );
        assert!(matches!(&found[0], Configuration::Missing { name, optional: true, .. } if name == "gone"));
        assert!(
            matches!(&found[1], Configuration::ConfigMap { content, .. } if content["LOG_LEVEL"] == "info")
        );
        assert!(matches!(&found[2], Configuration::Unknown { name, .. } if name == "hidden"));
        let Configuration::Secret { keys, hash, .. } = &found[3] else {
            panic!("{found:?}")
        };
        assert!(keys.contains("token"));
        assert_eq!(read("key one").await[3], found[3], "the same key, the same hash");
        let other = read("key two").await;
        assert!(
            matches!(&other[3], Configuration::Secret { hash: other, .. } if other != hash),
            "another key, another hash"
        );
        assert_eq!(other[1], found[1]);
    }

    #[test]
    fn no_two_contents_hash_alike_by_moving_a_letter() {
        let map = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        assert_ne!(
            config_map_hash(&map(&[("a", "bc")])),
            config_map_hash(&map(&[("ab", "c")]))
        );
        assert_ne!(
            config_map_hash(&map(&[("a", "b"), ("c", "")])),
            config_map_hash(&map(&[("a", "bc")]))
        );
    }
}
