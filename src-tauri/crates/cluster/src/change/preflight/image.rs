//! Whether the target's image can be had. Until a registry is read: seen in a pod or on a node is a pass, else
//! unknown.

use std::collections::BTreeSet;

use domain::finding::{Finding, FindingCode, FindingResult};
use domain::template::PodTemplate;
use serde_json::Value;

use crate::change::live::LiveWorkload;
use crate::change::rest::Rest;

pub(super) async fn check(rest: &Rest, live: &LiveWorkload, target: &PodTemplate) -> Finding {
    let images = target.images();
    let pods = format!("/api/v1/namespaces/{}/pods", live.workload.namespace);
    let (pods, nodes) = tokio::join!(rest.list(&pods), rest.list("/api/v1/nodes"));
    let mut seen: BTreeSet<String> = BTreeSet::new();
    pods.iter().flatten().for_each(|pod| seen_in_pod(pod, &mut seen));
    let mut on_nodes = 0;
    for node in nodes.iter().flatten() {
        let names = node_images(node);
        on_nodes += usize::from(
            images
                .iter()
                .any(|image| names.iter().any(|name| same(name, image))),
        );
        seen.extend(names);
    }
    let missing: Vec<&str> = images
        .iter()
        .copied()
        .filter(|image| !seen.iter().any(|name| same(name, image)))
        .collect();
    if missing.is_empty() {
        return Finding::new(FindingCode::Image, FindingResult::Pass).with("nodes", on_nodes);
    }
    let unread: Vec<String> = [pods.err(), nodes.err()]
        .into_iter()
        .flatten()
        .map(|error| error.to_string())
        .collect();
    let finding = Finding::new(FindingCode::Image, FindingResult::Unknown)
        .about(missing.join(", "))
        .with("images", missing.join(", "));
    if unread.is_empty() {
        return finding;
    }
    finding.with("reason", unread.join("; "))
}

/// Images of containers that ran: a pod that still pulls proves nothing.
fn seen_in_pod(pod: &Value, seen: &mut BTreeSet<String>) {
    for status in listed(pod, "status", ["initContainerStatuses", "containerStatuses"]) {
        let ran = status.pointer("/state/running").is_some() || status.pointer("/state/terminated").is_some();
        let pulled = status
            .get("imageID")
            .and_then(Value::as_str)
            .is_some_and(|id| !id.is_empty());
        let name = status.get("name").and_then(Value::as_str).unwrap_or_default();
        if ran || pulled {
            seen.extend(spec_image(pod, name));
            seen.extend(status.get("image").and_then(Value::as_str).map(str::to_owned));
        }
    }
}

fn spec_image(pod: &Value, container: &str) -> Option<String> {
    let found = listed(pod, "spec", ["initContainers", "containers"])
        .find(|value| value.get("name").and_then(Value::as_str) == Some(container))?;
    Some(found.get("image")?.as_str()?.to_owned())
}

fn listed<'p>(pod: &'p Value, part: &str, lists: [&str; 2]) -> impl Iterator<Item = &'p Value> {
    let part = pod.get(part);
    let found = lists.map(|list| part.and_then(|part| part.get(list)?.as_array()));
    found.into_iter().flatten().flatten()
}

fn node_images(node: &Value) -> Vec<String> {
    let images = node
        .pointer("/status/images")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let names = images
        .filter_map(|image| image.get("names")?.as_array())
        .flatten();
    names
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect()
}

/// A node writes the default registry out.
fn same(seen: &str, wanted: &str) -> bool {
    let plain = |name: &str| {
        let name = name.strip_prefix("docker.io/").unwrap_or(name);
        name.strip_prefix("library/").unwrap_or(name).to_owned()
    };
    plain(seen) == plain(wanted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_images_of_init_containers_are_seen_where_they_ran() {
        let pod = json!({
            "spec": {
                "initContainers": [{"name": "migrate", "image": "a/migrate:1"}],
                "containers": [{"name": "app", "image": "a/app:1"}, {"name": "side", "image": "a/side:1"}],
            },
            "status": {
                "initContainerStatuses": [{"name": "migrate", "state": {"terminated": {"exitCode": 0}}}],
                "containerStatuses": [
                    {"name": "app", "state": {"running": {}}},
                    {"name": "side", "state": {"waiting": {"reason": "ErrImagePull"}}, "imageID": ""},
                ],
            },
        });
        let mut seen = BTreeSet::new();
        seen_in_pod(&pod, &mut seen);
        let expected = ["a/app:1", "a/migrate:1"].map(str::to_owned);
        assert_eq!(
            seen,
            BTreeSet::from(expected),
            "one that still pulls proves nothing"
        );
    }
}
