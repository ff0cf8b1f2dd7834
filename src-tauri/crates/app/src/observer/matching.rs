//! Which service a Deployment object runs: named in the workspace, else found by labels, name and image.

use cluster::records::DeploymentRecord;
use domain::template::ImageReference;
use domain::workspace::{Environment, Service, WorkloadReference, Workspace};

/// The service of a Deployment object, if it is one of the workspace's.
///
/// A service that names its workloads in this environment is found by nothing else there.
pub(crate) fn service_of<'w>(
    workspace: &'w Workspace,
    environment: &Environment,
    record: &DeploymentRecord,
    images: &[String],
) -> Option<&'w Service> {
    let named = |service: &&Service| {
        service
            .workloads
            .iter()
            .any(|named| is_named(named, environment, record))
    };
    if let Some(service) = workspace.services.iter().find(named) {
        return Some(service);
    }
    let open = || {
        workspace.services.iter().filter(|service| {
            !service
                .workloads
                .iter()
                .any(|named| named.environment == environment.name)
        })
    };
    let label = |key: &str| record.labels.get(key).map(AsRef::as_ref);
    let labels = ["app.kubernetes.io/name", "app", "k8s-app"].map(label);
    let by_label = open().find(|service| labels.contains(&Some(service.name.as_str())));
    by_label
        .or_else(|| open().find(|service| *record.name == *service.name.as_str()))
        .or_else(|| open().find(|service| images.iter().any(|image| is_image_of(image, service))))
}

fn is_named(named: &WorkloadReference, environment: &Environment, record: &DeploymentRecord) -> bool {
    named.environment == environment.name
        && named.kind == "Deployment"
        && *named.name == *record.name
        && named
            .namespace
            .as_deref()
            .is_none_or(|namespace| namespace == record.namespace.as_str())
}

/// The last part of the image's repository is the service's name.
fn is_image_of(image: &str, service: &Service) -> bool {
    ImageReference::parse(image)
        .is_ok_and(|image| image.repository.rsplit('/').next() == Some(service.name.as_str()))
}
