//! `/version`, `/api`, `/apis` and the lists of resources under them.

use serde_json::{Value, json};

use super::kinds::{KINDS, Kind};
use super::status::Refusal;

/// The Kubernetes version that the demo cluster says it is.
pub(crate) const VERSION: &str = "v1.36.3";

/// The answer to a path that names no resource.
pub(crate) fn answer(path: &str, argo_cd: bool) -> Result<Value, Refusal> {
    let kinds = || KINDS.iter().filter(move |kind| argo_cd || !kind.custom);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["version"] => Ok(json!({
            "major": "1", "minor": "36", "gitVersion": VERSION, "gitCommit": "demo", "gitTreeState": "clean",
            "buildDate": "2026-01-01T00:00:00Z", "goVersion": "go1.26", "compiler": "gc", "platform": "linux/amd64",
        })),
        ["api"] => Ok(json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})),
        ["apis"] => {
            let mut groups: Vec<Value> = Vec::new();
            for kind in kinds().filter(|kind| !kind.group.is_empty()) {
                let group = group(kind);
                if !groups.contains(&group) {
                    groups.push(group);
                }
            }
            Ok(json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}))
        }
        ["apis", name] => kinds()
            .find(|kind| kind.group == *name)
            .map(|kind| {
                let mut group = group(kind);
                super::json::set(&mut group, &["kind"], "APIGroup");
                super::json::set(&mut group, &["apiVersion"], "v1");
                group
            })
            .ok_or_else(Refusal::no_such_path),
        ["api", "v1"] => Ok(resources("v1", kinds().filter(|kind| kind.group.is_empty()))),
        ["apis", name, version] => {
            let of_group: Vec<&Kind> = kinds()
                .filter(|kind| kind.group == *name && kind.version == *version)
                .collect();
            if of_group.is_empty() {
                return Err(Refusal::no_such_path());
            }
            Ok(resources(&format!("{name}/{version}"), of_group.into_iter()))
        }
        _ => Err(Refusal::no_such_path()),
    }
}

fn group(kind: &Kind) -> Value {
    let version = json!({"groupVersion": kind.api_version(), "version": kind.version});
    json!({"name": kind.group, "versions": [version], "preferredVersion": version})
}

fn resources<'k>(version: &str, kinds: impl Iterator<Item = &'k Kind>) -> Value {
    let mut list = Vec::new();
    for kind in kinds {
        let entry = |name: String, verbs: &[&str]| {
            json!({
                "name": name, "singularName": kind.kind.to_lowercase(), "namespaced": kind.namespaced,
                "kind": kind.kind, "verbs": verbs,
            })
        };
        let all = [
            "create",
            "delete",
            "deletecollection",
            "get",
            "list",
            "patch",
            "update",
            "watch",
        ];
        list.push(entry(kind.plural.to_owned(), &all));
        if kind.status {
            list.push(entry(
                format!("{}/status", kind.plural),
                &["get", "patch", "update"],
            ));
        }
        if kind.scale {
            let mut scale = entry(format!("{}/scale", kind.plural), &["get", "patch", "update"]);
            super::json::set(&mut scale, &["kind"], "Scale");
            super::json::set(&mut scale, &["group"], "autoscaling");
            super::json::set(&mut scale, &["version"], "v1");
            list.push(scale);
        }
        if kind.kind == "Pod" {
            list.push(entry("pods/log".to_owned(), &["get"]));
        }
    }
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": list})
}
