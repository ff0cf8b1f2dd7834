//! The kubeconfig of each person.

use serde_json::json;

use super::people::Person;

/// The only context of every kubeconfig that the control plane writes.
pub const CONTEXT: &str = "control-plane";

/// A kubeconfig with one context. `authority` is the path of the server's certificates (PEM).
pub(super) fn kubeconfig(person: Person, server: &str, authority: &str) -> String {
    // JSON is YAML, and kubectl and kube read it as such.
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{
            "name": CONTEXT,
            "cluster": {"server": server, "certificate-authority": authority},
        }],
        "users": [{"name": person.name(), "user": {"token": person.token()}}],
        "contexts": [{"name": CONTEXT, "context": {"cluster": CONTEXT, "user": person.name()}}],
        "current-context": CONTEXT,
    })
    .to_string()
}
