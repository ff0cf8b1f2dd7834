//! The last lines of failing containers, and of their run before.

use std::sync::Arc;

use domain::ids::Namespace;

use super::{ContainerView, PodView};
use crate::client::Clients;
use crate::error::Error;
use crate::query::encoded;

/// How many lines are shown.
pub const LOG_LINES: usize = 100;

/// Lines can be long: no more than this of a log is taken.
const LOG_BYTES: usize = 256 << 10;

/// A dozen failing pods of one template say the same.
const CONTAINERS: usize = 3;

/// A log of a container.
#[derive(Debug, Clone)]
pub struct ContainerLog {
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// Of its run before.
    pub previous: bool,
    /// The last lines, or why there are none.
    pub text: Result<String, Arc<Error>>,
}

pub(super) async fn of_failing(
    clients: &Clients,
    namespace: &Namespace,
    pods: &[PodView],
) -> Vec<ContainerLog> {
    // Gathered first: closures that live across an await would tie the future to one lifetime.
    let mut failing: Vec<(&PodView, &ContainerView)> = Vec::new();
    for pod in pods {
        failing.extend(
            pod.containers
                .iter()
                .filter(|container| container.fails())
                .map(|container| (pod, container)),
        );
    }
    failing.truncate(CONTAINERS);
    let mut logs = Vec::new();
    for (pod, container) in failing {
        for previous in [false, true] {
            if previous && container.restarts == 0 {
                continue;
            }
            let text = log(clients, namespace, &pod.name, &container.name, previous).await;
            logs.push(ContainerLog {
                pod: pod.name.clone(),
                container: container.name.clone(),
                previous,
                text: text.map_err(Arc::new),
            });
        }
    }
    logs
}

async fn log(
    clients: &Clients,
    namespace: &Namespace,
    pod: &str,
    container: &str,
    previous: bool,
) -> Result<String, Error> {
    let what = format!("reading the log of {namespace}/{pod}, container {container}");
    let path = format!(
        "/api/v1/namespaces/{namespace}/pods/{}/log?container={}&tailLines={LOG_LINES}&limitBytes={LOG_BYTES}&previous={previous}",
        encoded(pod),
        encoded(container)
    );
    clients.get_text(&what, &path).await
}
