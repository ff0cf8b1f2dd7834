//! The test of a context on the welcome screen: is it there, who are we, what runs there, may we roll back.

use std::sync::Arc;

use domain::ids::Namespace;
use domain::workspace::NamespacePattern;
use serde::Deserialize;

use crate::client::{Account, Clients};
use crate::error::Error;
use crate::rbac::{Access, Right, may};

/// What a context's test found. Each part stands for itself: one that failed says why, and hides no other.
#[derive(Debug, Clone)]
pub struct ClusterSummary {
    /// The server's version: "v1.36.3".
    pub version: String,
    /// Who the cluster takes us for.
    pub account: Result<Account, Arc<Error>>,
    /// By namespace, for each one that was named.
    pub namespaces: Vec<NamespaceSummary>,
}

/// What was found in a namespace.
#[derive(Debug, Clone)]
pub struct NamespaceSummary {
    /// The namespace; `None`: all of them.
    pub namespace: Option<Namespace>,
    /// How many Deployment objects there are.
    pub deployments: Result<u64, Arc<Error>>,
    /// Whether we may roll back: patch Deployment objects, and list ReplicaSets to know to what.
    pub may_roll_back: Result<Access, Arc<Error>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    git_version: String,
}

#[derive(Deserialize)]
struct Counted {
    metadata: CountedMeta,
    #[serde(default)]
    items: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CountedMeta {
    remaining_item_count: Option<u64>,
}

#[derive(Deserialize)]
struct Names {
    items: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// Tests a context. The error is the exact one why the cluster can't be reached or does not let us in.
///
/// Named namespaces are looked at each; with a pattern, or none at all, all of them together.
pub async fn summary(clients: &Clients, namespaces: &[NamespacePattern]) -> Result<ClusterSummary, Error> {
    let version: Version = clients.get("asking for the version", "/version").await?;
    let account = clients.account().await;
    // Some API servers tell their version to anybody: whether we are let in shows here.
    if let Err(error @ Error::Unauthorized { .. }) = account {
        return Err(error);
    }
    let named = !namespaces.is_empty() && namespaces.iter().all(NamespacePattern::is_literal);
    let scopes: Vec<Option<Namespace>> = if named {
        namespaces
            .iter()
            .map(|name| Some(Namespace::new(name.as_str())))
            .collect()
    } else {
        vec![None]
    };
    let mut found = Vec::new();
    for namespace in scopes {
        found.push(NamespaceSummary {
            deployments: count(clients, namespace.as_ref()).await.map_err(Arc::new),
            may_roll_back: may_roll_back(clients, namespace.as_ref()).await.map_err(Arc::new),
            namespace,
        });
    }
    Ok(ClusterSummary {
        version: version.git_version,
        account: account.map_err(Arc::new),
        namespaces: found,
    })
}

/// All namespaces that we may list, by name.
pub async fn namespaces(clients: &Clients) -> Result<Vec<Namespace>, Error> {
    let found: Names = clients.get("listing namespaces", "/api/v1/namespaces").await?;
    Ok(found
        .items
        .into_iter()
        .map(|one| Namespace::new(one.metadata.name))
        .collect())
}

/// One object is asked for; the server says how many remain.
async fn count(clients: &Clients, namespace: Option<&Namespace>) -> Result<u64, Error> {
    let path = match namespace {
        Some(namespace) => format!("/apis/apps/v1/namespaces/{namespace}/deployments?limit=1"),
        None => "/apis/apps/v1/deployments?limit=1".to_owned(),
    };
    let page: Counted = clients.get("counting Deployments", &path).await?;
    Ok(page.items.len() as u64 + page.metadata.remaining_item_count.unwrap_or(0))
}

async fn may_roll_back(clients: &Clients, namespace: Option<&Namespace>) -> Result<Access, Error> {
    for (verb, resource) in [("patch", "deployments"), ("list", "replicasets")] {
        let right = Right {
            verb,
            group: "apps",
            resource,
            subresource: None,
            namespace,
            name: None,
        };
        match may(clients, &right).await? {
            Access::Allowed => {}
            Access::Denied(reason) => return Ok(Access::Denied(denied(verb, resource, &reason))),
        }
    }
    Ok(Access::Allowed)
}

fn denied(verb: &str, resource: &str, reason: &str) -> String {
    if reason.is_empty() {
        format!("{verb} {resource}")
    } else {
        format!("{verb} {resource}: {reason}")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::double::{Answer, Double};

    fn cluster(deployments: fn() -> Answer, allowed: &'static str) -> Double {
        Double::new(move |seen| match seen.target.split('?').next().unwrap() {
            "/version" => Answer::json(json!({"major": "1", "minor": "36", "gitVersion": "v1.36.3"})),
            "/apis/authentication.k8s.io/v1/selfsubjectreviews" => {
                Answer::json(json!({"status": {"userInfo": {"username": "ana"}}}))
            }
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" => {
                Answer::json(json!({"status": {"allowed": seen.body.contains(allowed)}}))
            }
            _ => deployments(),
        })
    }

    #[tokio::test]
    async fn a_context_tells_what_is_there_and_whether_we_may_roll_back() {
        let page = || Answer::json(json!({"metadata": {"remainingItemCount": 41}, "items": [{}]}));
        let found = summary(&cluster(page, "shop").clients(), &[NamespacePattern::new("shop")])
            .await
            .unwrap();
        assert_eq!(found.version, "v1.36.3");
        assert_eq!(found.account.unwrap().name, "ana");
        assert_eq!(*found.namespaces[0].deployments.as_ref().unwrap(), 42);
        assert_eq!(
            *found.namespaces[0].may_roll_back.as_ref().unwrap(),
            Access::Allowed
        );
        let found = summary(
            &cluster(page, "\"patch\"").clients(),
            &[NamespacePattern::new("shop")],
        )
        .await
        .unwrap();
        assert_eq!(
            *found.namespaces[0].may_roll_back.as_ref().unwrap(),
            Access::Denied("list replicasets".into()),
            "without ReplicaSets nobody knows to what"
        );
    }

    #[tokio::test]
    async fn a_missing_right_is_told_beside_what_works() {
        let forbidden = || Answer::status(403, "Forbidden", "ana may not list");
        let found = summary(&cluster(forbidden, "none").clients(), &[]).await.unwrap();
        assert_eq!(
            found.namespaces[0].deployments.as_ref().unwrap_err().code(),
            "cluster-forbidden"
        );
        assert!(found.account.is_ok());
    }

    #[tokio::test]
    async fn expired_credentials_are_the_answer() {
        let double = Double::new(|seen| match seen.target.as_str() {
            "/version" => Answer::json(json!({"gitVersion": "v1.36.3"})),
            _ => Answer::status(401, "Unauthorized", "Unauthorized"),
        });
        assert_eq!(
            summary(&double.clients(), &[]).await.unwrap_err().code(),
            "cluster-unauthorized"
        );
    }
}
