//! What a pod template needs beside itself: ConfigMaps, Secrets, claims and its service account, by name.
//!
//! A rollback brings the template back and none of these; the preflight looks each of them up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::PodTemplate;

/// The kind of an object that a template names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceKind {
    /// A ConfigMap.
    ConfigMap,
    /// A Secret.
    Secret,
    /// A PersistentVolumeClaim.
    PersistentVolumeClaim,
    /// A ServiceAccount.
    ServiceAccount,
}

impl ReferenceKind {
    /// As Kubernetes writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
            Self::PersistentVolumeClaim => "PersistentVolumeClaim",
            Self::ServiceAccount => "ServiceAccount",
        }
    }
}

/// How a template uses what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReferenceUse {
    /// `env[].valueFrom`.
    Environment,
    /// `envFrom[]`.
    EnvironmentFrom,
    /// A volume, projected ones included.
    Volume,
    /// `imagePullSecrets`: pods start without it if the image is there or public.
    ImagePull,
    /// `serviceAccountName`.
    Identity,
}

/// One object that a template names, all its uses joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// Its name, in the workload's namespace.
    pub name: String,
    /// Pods start without it: every use is marked `optional: true`, or it only helps to pull images.
    pub optional: bool,
    /// Keys that must be in it for pods to start (`configMapKeyRef`, `items`), optional ones left out.
    pub keys: BTreeSet<String>,
    /// All the ways in which it is used.
    pub uses: BTreeSet<ReferenceUse>,
}

/// Everything that the template names, sorted by kind and name.
pub fn references(template: &PodTemplate) -> Vec<Reference> {
    let mut found = Collector::default();
    let spec = template.as_value().get("spec").unwrap_or(&Value::Null);
    for list in ["initContainers", "containers"] {
        template
            .container_values(list)
            .iter()
            .for_each(|container| found.container(container));
    }
    array(spec, "volumes")
        .iter()
        .for_each(|volume| found.volume(volume));
    for secret in array(spec, "imagePullSecrets") {
        found.add(
            ReferenceKind::Secret,
            secret.get("name"),
            true,
            ReferenceUse::ImagePull,
            [],
        );
    }
    let account = spec
        .get("serviceAccountName")
        .or_else(|| spec.get("serviceAccount"));
    found.add(
        ReferenceKind::ServiceAccount,
        account,
        false,
        ReferenceUse::Identity,
        [],
    );
    found.finish()
}

#[derive(Default)]
struct Collector(BTreeMap<(ReferenceKind, String), Reference>);

impl Collector {
    fn add<'a>(
        &mut self,
        kind: ReferenceKind,
        name: Option<&Value>,
        optional: bool,
        used: ReferenceUse,
        keys: impl IntoIterator<Item = &'a str>,
    ) {
        let Some(name) = name.and_then(Value::as_str).filter(|name| !name.is_empty()) else {
            return;
        };
        let entry = self
            .0
            .entry((kind, name.to_owned()))
            .or_insert_with(|| Reference {
                kind,
                name: name.to_owned(),
                optional: true,
                keys: BTreeSet::new(),
                uses: BTreeSet::new(),
            });
        entry.optional &= optional;
        entry.uses.insert(used);
        if !optional {
            entry.keys.extend(keys.into_iter().map(str::to_owned));
        }
    }

    fn container(&mut self, container: &Value) {
        for variable in array(container, "env") {
            let from = variable.get("valueFrom").unwrap_or(&Value::Null);
            for (key, kind) in [
                ("configMapKeyRef", ReferenceKind::ConfigMap),
                ("secretKeyRef", ReferenceKind::Secret),
            ] {
                let source = from.get(key).unwrap_or(&Value::Null);
                let wanted = source.get("key").and_then(Value::as_str);
                self.add(
                    kind,
                    source.get("name"),
                    optional(source),
                    ReferenceUse::Environment,
                    wanted,
                );
            }
        }
        for from in array(container, "envFrom") {
            for (key, kind) in [
                ("configMapRef", ReferenceKind::ConfigMap),
                ("secretRef", ReferenceKind::Secret),
            ] {
                let source = from.get(key).unwrap_or(&Value::Null);
                self.add(
                    kind,
                    source.get("name"),
                    optional(source),
                    ReferenceUse::EnvironmentFrom,
                    [],
                );
            }
        }
    }

    fn volume(&mut self, volume: &Value) {
        self.mounted(volume);
        for source in array(volume.get("projected").unwrap_or(&Value::Null), "sources") {
            self.mounted(source);
        }
        let claim = volume.pointer("/persistentVolumeClaim/claimName");
        self.add(
            ReferenceKind::PersistentVolumeClaim,
            claim,
            false,
            ReferenceUse::Volume,
            [],
        );
        for secret in driver_secrets(volume) {
            self.add(
                ReferenceKind::Secret,
                Some(secret),
                false,
                ReferenceUse::Volume,
                [],
            );
        }
    }

    /// A volume and a source of a projected volume look alike, but for the name of a Secret's name.
    fn mounted(&mut self, source: &Value) {
        for (key, name, kind) in [
            ("configMap", "name", ReferenceKind::ConfigMap),
            ("secret", "secretName", ReferenceKind::Secret),
            ("secret", "name", ReferenceKind::Secret),
        ] {
            let Some(found) = source.get(key) else { continue };
            let keys = array(found, "items")
                .iter()
                .filter_map(|item| item.get("key")?.as_str());
            self.add(kind, found.get(name), optional(found), ReferenceUse::Volume, keys);
        }
    }

    fn finish(self) -> Vec<Reference> {
        self.0.into_values().collect()
    }
}

/// Secrets that storage drivers take: every driver names them in one of these three ways.
fn driver_secrets(volume: &Value) -> Vec<&Value> {
    let Some(sources) = volume.as_object() else {
        return Vec::new();
    };
    sources
        .iter()
        .flat_map(|(driver, source)| {
            let by_reference = ["secretRef", "nodePublishSecretRef"]
                .into_iter()
                .filter_map(|key| source.get(key)?.get("name"));
            let by_name = (driver == "azureFile")
                .then(|| source.get("secretName"))
                .flatten();
            by_reference.chain(by_name).collect::<Vec<_>>()
        })
        .collect()
}

fn optional(source: &Value) -> bool {
    source.get("optional").and_then(Value::as_bool).unwrap_or(false)
}

fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_way_to_name_an_object_is_found_once() {
        let template = PodTemplate::new(json!({"spec": {
            "serviceAccountName": "payments",
            "imagePullSecrets": [{"name": "registry"}],
            "initContainers": [{"name": "init", "envFrom": [{"secretRef": {"name": "migrate"}}]}],
            "containers": [{"name": "app",
                "env": [
                    {"name": "A", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "a"}}},
                    {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "b", "optional": true}}},
                    {"name": "C", "valueFrom": {"secretKeyRef": {"name": "token", "key": "c"}}},
                    {"name": "D", "value": "plain"}],
                "envFrom": [{"configMapRef": {"name": "extra", "optional": true}}]}],
            "volumes": [
                {"name": "v1", "configMap": {"name": "files", "items": [{"key": "k", "path": "p"}]}},
                {"name": "v2", "secret": {"secretName": "tls"}},
                {"name": "v3", "persistentVolumeClaim": {"claimName": "data"}},
                {"name": "v4", "projected": {"sources": [
                    {"secret": {"name": "projected-secret"}}, {"configMap": {"name": "projected-map"}}]}},
                {"name": "v5", "csi": {"driver": "d", "nodePublishSecretRef": {"name": "csi-secret"}}},
                {"name": "v6", "emptyDir": {}}]
        }}))
        .unwrap();
        let found: Vec<String> = references(&template)
            .into_iter()
            .map(|one| {
                let keys: Vec<_> = one.keys.into_iter().collect();
                format!(
                    "{} {} {} [{}]",
                    one.kind.as_str(),
                    one.name,
                    one.optional,
                    keys.join(",")
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "ConfigMap extra true []",
                "ConfigMap files false [k]",
                "ConfigMap projected-map false []",
                "ConfigMap settings false [a]",
                "Secret csi-secret false []",
                "Secret migrate false []",
                "Secret projected-secret false []",
                "Secret registry true []",
                "Secret tls false []",
                "Secret token false [c]",
                "PersistentVolumeClaim data false []",
                "ServiceAccount payments false []",
            ]
        );
    }
}
