//! Who asks, and what they may do: the accounts of the demo cluster and the self reviews.

use serde_json::{Value, json};

use super::json::text;
use super::kinds::Kind;
use super::request::Target;
use super::status::Refusal;

/// Something that an account may not do. An empty field stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denial {
    /// `patch`, `create` and so on.
    pub verb: String,
    /// The plural, with its subresource if one is meant: `replicasets`, `pods/log`.
    pub resource: String,
    /// The namespace.
    pub namespace: String,
}

impl Denial {
    /// That verb on that resource, in every namespace.
    pub fn of(verb: &str, resource: &str) -> Self {
        Self {
            verb: verb.into(),
            resource: resource.into(),
            namespace: String::new(),
        }
    }

    fn covers(&self, verb: &str, resource: &str, namespace: &str) -> bool {
        let is = |mine: &str, asked: &str| mine.is_empty() || mine == asked;
        is(&self.verb, verb) && is(&self.resource, resource) && is(&self.namespace, namespace)
    }
}

/// A person, or a program, that uses the cluster: allowed all but what is denied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name that `SelfSubjectReview` answers.
    pub name: String,
    /// Its groups.
    pub groups: Vec<String>,
    /// What it may not do.
    pub denied: Vec<Denial>,
    /// Its token has expired: every request answers 401.
    pub expired: bool,
}

impl Account {
    /// An account that may do everything.
    pub fn named(name: &str, groups: &[&str]) -> Self {
        Self {
            name: name.into(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            denied: Vec::new(),
            expired: false,
        }
    }

    /// The same account without that right.
    #[must_use]
    pub fn without(mut self, denial: Denial) -> Self {
        self.denied.push(denial);
        self
    }

    fn may(&self, verb: &str, resource: &str, namespace: &str) -> bool {
        !self
            .denied
            .iter()
            .any(|denial| denial.covers(verb, resource, namespace))
    }

    /// Refuses with the words of RBAC.
    pub(crate) fn admit(&self, verb: &str, target: &Target) -> Result<(), Refusal> {
        if self.expired {
            return Err(Refusal::status(401, "Unauthorized", "Unauthorized", None));
        }
        let resource = with_subresource(target.kind.plural, &target.subresource);
        if self.may(verb, &resource, &target.namespace) {
            return Ok(());
        }
        let place = if target.namespace.is_empty() {
            "at the cluster scope".to_owned()
        } else {
            format!("in the namespace {:?}", target.namespace)
        };
        let why = format!(
            "User {:?} cannot {verb} resource {resource:?} in API group {:?} {place}",
            self.name, target.kind.group
        );
        Err(Refusal::forbidden(target.kind, &target.name, &why))
    }

    /// Answers `SelfSubjectAccessReview`, `SelfSubjectRulesReview` and `SelfSubjectReview`; `None` for other paths.
    pub(crate) fn review(&self, path: &str, review: &Value) -> Option<Result<Value, Refusal>> {
        let kind = match path {
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" => "access",
            "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews" => "rules",
            "/apis/authentication.k8s.io/v1/selfsubjectreviews" => "self",
            _ => return None,
        };
        if self.expired {
            return Some(Err(Refusal::status(401, "Unauthorized", "Unauthorized", None)));
        }
        Some(Ok(match kind {
            "access" => self.access_review(review),
            "rules" => self.rules_review(review),
            _ => json!({
                "kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1", "metadata": {},
                "status": {"userInfo": {"username": self.name, "groups": self.all_groups()}},
            }),
        }))
    }

    fn all_groups(&self) -> Vec<&str> {
        self.groups
            .iter()
            .map(String::as_str)
            .chain(["system:authenticated"])
            .collect()
    }

    fn access_review(&self, review: &Value) -> Value {
        let attributes = review
            .pointer("/spec/resourceAttributes")
            .cloned()
            .unwrap_or(Value::Null);
        let resource = with_subresource(text(&attributes, "/resource"), text(&attributes, "/subresource"));
        let allowed = self.may(
            text(&attributes, "/verb"),
            &resource,
            text(&attributes, "/namespace"),
        );
        let mut status = json!({"allowed": allowed});
        if allowed {
            super::json::set(&mut status, &["reason"], "RBAC: allowed by the demo world");
        }
        json!({
            "kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {},
            "spec": review.get("spec"), "status": status,
        })
    }

    fn rules_review(&self, review: &Value) -> Value {
        let namespace = text(review, "/spec/namespace");
        let verbs = [
            "get",
            "list",
            "watch",
            "create",
            "update",
            "patch",
            "delete",
            "deletecollection",
        ];
        let rules: Vec<Value> = super::kinds::KINDS
            .iter()
            .map(|kind: &Kind| {
                let allowed: Vec<&str> = verbs
                    .into_iter()
                    .filter(|verb| self.may(verb, kind.plural, namespace))
                    .collect();
                json!({"verbs": allowed, "apiGroups": [kind.group], "resources": [kind.plural]})
            })
            .collect();
        json!({
            "kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {},
            "spec": review.get("spec"),
            "status": {"resourceRules": rules, "nonResourceRules": [], "incomplete": false},
        })
    }
}

fn with_subresource(resource: &str, subresource: &str) -> String {
    if subresource.is_empty() {
        resource.to_owned()
    } else {
        format!("{resource}/{subresource}")
    }
}
