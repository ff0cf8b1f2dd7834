//! Whether the Services in front of a workload have ready endpoints.

use domain::template::PodTemplate;
use serde_json::Value;

use crate::change::rest::{Rest, encode};
use crate::error::Error;

/// The Services that select the template's pods, and how many ready endpoints each has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// (Service, ready endpoints), by name.
    pub services: Vec<(String, usize)>,
}

impl Endpoints {
    /// Services that nobody answers for.
    pub fn without_answer(&self) -> Vec<&str> {
        self.services
            .iter()
            .filter(|(_, ready)| *ready == 0)
            .map(|(name, _)| name.as_str())
            .collect()
    }
}

/// Looks at the Services of the namespace that select pods of this template.
///
/// # Errors
/// The cluster did not answer, or does not let us see Services or EndpointSlices.
pub async fn endpoints(rest: &Rest, namespace: &str, template: &PodTemplate) -> Result<Endpoints, Error> {
    let services = rest
        .list(&format!("/api/v1/namespaces/{namespace}/services"))
        .await?;
    let mut found = Endpoints::default();
    for service in services.iter().filter(|service| selects(service, template)) {
        let Some(name) = service.pointer("/metadata/name").and_then(Value::as_str) else {
            continue;
        };
        let label = encode(&format!("kubernetes.io/service-name={name}"));
        let path =
            format!("/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices?labelSelector={label}");
        let slices = rest.list(&path).await?;
        found
            .services
            .push((name.to_owned(), slices.iter().map(ready).sum()));
    }
    found.services.sort();
    Ok(found)
}

fn selects(service: &Value, template: &PodTemplate) -> bool {
    let selector = service.pointer("/spec/selector").and_then(Value::as_object);
    selector.is_some_and(|selector| {
        !selector.is_empty()
            && selector
                .iter()
                .all(|(key, value)| template.label(key) == value.as_str())
    })
}

fn ready(slice: &Value) -> usize {
    let endpoints = slice
        .get("endpoints")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    endpoints
        .filter(|endpoint| endpoint.pointer("/conditions/ready") != Some(&Value::Bool(false)))
        .count()
}
