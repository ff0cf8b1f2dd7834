//! What our account may do, asked of the API server itself (`SelfSubjectAccessReview`).

use domain::ids::Namespace;
use serde_json::json;

use crate::client::Clients;
use crate::error::Error;

/// A right that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right<'a> {
    /// `get`, `list`, `watch`, `create`, `patch`, `delete`.
    pub verb: &'a str,
    /// The API group; empty for the core one.
    pub group: &'a str,
    /// The resource's plural: `deployments`, `pods`.
    pub resource: &'a str,
    /// `log`, `status`.
    pub subresource: Option<&'a str>,
    /// Where; `None` is everywhere.
    pub namespace: Option<&'a Namespace>,
    /// One object; `None` is any.
    pub name: Option<&'a str>,
}

/// What the API server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Yes.
    Allowed,
    /// No, with the reason where one is given.
    Denied(String),
}

impl<'a> Right<'a> {
    /// A verb on a resource in a namespace.
    pub fn new(verb: &'a str, group: &'a str, resource: &'a str, namespace: &'a Namespace) -> Self {
        Self {
            verb,
            group,
            resource,
            subresource: None,
            namespace: Some(namespace),
            name: None,
        }
    }
}

/// Asks for one right. An error means *unknown*, never yes.
pub async fn may(clients: &Clients, right: &Right<'_>) -> Result<Access, Error> {
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {
            "verb": right.verb,
            "group": right.group,
            "resource": right.resource,
            "subresource": right.subresource.unwrap_or_default(),
            "namespace": right.namespace.map(Namespace::as_str).unwrap_or_default(),
            "name": right.name.unwrap_or_default(),
        }}
    });
    let what = format!("asking whether we may {} {}", right.verb, right.resource);
    let answer = clients
        .review(
            &what,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            &review,
        )
        .await?;
    let status = &answer["status"];
    match status["allowed"].as_bool() {
        Some(true) => Ok(Access::Allowed),
        Some(false) => Ok(Access::Denied(
            status["reason"].as_str().unwrap_or_default().to_owned(),
        )),
        None => Err(Error::BadAnswer {
            cluster: clients.cluster().to_owned(),
            what,
            detail: "it does not say whether it is allowed".to_owned(),
        }),
    }
}
