//! Whether the account may do each planned verb, asked by SelfSubjectAccessReview.

use domain::finding::{Finding, FindingCode, FindingResult};
use domain::workload::WorkloadKind;
use serde_json::{Value, json};

use crate::change::live::LiveWorkload;
use crate::change::rest::Rest;
use crate::error::Error;
use crate::workload::{plural, revisions_plural};

/// One planned verb.
#[derive(Debug, Clone, Copy)]
struct Verb {
    verb: &'static str,
    group: &'static str,
    resource: &'static str,
    /// The name of the object, else any.
    named: bool,
}

/// Verbs without which nothing can be done, or its end not be seen.
fn needed(kind: WorkloadKind) -> [Verb; 4] {
    let of = |verb, group, resource, named| Verb {
        verb,
        group,
        resource,
        named,
    };
    [
        of("patch", "apps", plural(kind), true),
        of("get", "apps", plural(kind), true),
        of("list", "", "pods", false),
        of("list", "apps", revisions_plural(kind.revisions()), false),
    ]
}

/// Verbs without which the Services in front of the workload are not seen: nobody can say then that it is good.
const SEEN: [Verb; 2] = [
    Verb {
        verb: "list",
        group: "",
        resource: "services",
        named: false,
    },
    Verb {
        verb: "list",
        group: "discovery.k8s.io",
        resource: "endpointslices",
        named: false,
    },
];

const EVENTS: Verb = Verb {
    verb: "create",
    group: "",
    resource: "events",
    named: false,
};

/// Whether the account may do that: `patch` `deployments` of the group `apps` in a namespace.
///
/// # Errors
/// The API server did not answer the review.
pub async fn may(
    rest: &Rest,
    namespace: &str,
    verb: &str,
    group: &str,
    resource: &str,
) -> Result<bool, Error> {
    review(rest, namespace, None, verb, group, resource).await
}

/// One finding for all that are allowed, one for each that is not, and the Event's.
pub(super) async fn check(rest: &Rest, live: &LiveWorkload) -> Vec<Finding> {
    let planned = needed(live.workload.kind).map(|verb| (verb, FindingResult::Block));
    let planned = planned
        .into_iter()
        .chain(SEEN.map(|verb| (verb, FindingResult::Warn)));
    let asking = planned.map(async |(verb, without)| {
        let result = match ask(rest, live, verb).await {
            Ok(true) => return None,
            Ok(false) => without,
            Err(_) => FindingResult::Unknown,
        };
        Some(
            Finding::new(FindingCode::Permission, result)
                .about(format!("{} {}", verb.verb, verb.resource))
                .with("verb", verb.verb)
                .with("resource", verb.resource)
                .with("namespace", &live.workload.namespace),
        )
    });
    let asked = futures::future::join_all(asking).await;
    let mut findings: Vec<Finding> = asked.into_iter().flatten().collect();
    if findings.is_empty() {
        findings.push(Finding::new(FindingCode::Permission, FindingResult::Pass));
    }
    // Not a planned verb: without the right the Event is skipped, and that is said.
    let events = ask(rest, live, EVENTS).await;
    let allowed = if matches!(events, Ok(true)) { "yes" } else { "no" };
    findings.push(Finding::new(FindingCode::EventTrace, FindingResult::Pass).with("allowed", allowed));
    findings
}

async fn ask(rest: &Rest, live: &LiveWorkload, verb: Verb) -> Result<bool, Error> {
    let name = verb.named.then_some(live.workload.name.as_str());
    review(
        rest,
        live.workload.namespace.as_str(),
        name,
        verb.verb,
        verb.group,
        verb.resource,
    )
    .await
}

async fn review(
    rest: &Rest,
    namespace: &str,
    name: Option<&str>,
    verb: &str,
    group: &str,
    resource: &str,
) -> Result<bool, Error> {
    let mut attributes = json!({"namespace": namespace, "verb": verb, "group": group, "resource": resource});
    if let Some(name) = name {
        attributes["name"] = json!(name);
    }
    let body = json!({
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    });
    let answer = rest
        .create("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &body)
        .await?;
    Ok(answer
        .pointer("/status/allowed")
        .and_then(Value::as_bool)
        .unwrap_or(false))
}
