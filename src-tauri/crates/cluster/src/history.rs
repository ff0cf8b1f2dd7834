//! The revisions of a Deployment object, as its ReplicaSets keep them; and templates by ReplicaSet.

use std::collections::HashSet;
use std::sync::Arc;

use domain::ids::{Namespace, Uid};
use domain::template::PodTemplate;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{Clients, shape_error};
use crate::error::Error;
use crate::query::encoded;
use crate::records::{DeploymentRecord, Interner, RawDeployment, RawReplicaSet, ReplicaSetRecord};

/// As many whole ReplicaSets as are asked for at once.
const PAGE: usize = 500;

/// A Deployment object read once.
#[derive(Debug, Clone)]
pub struct DeploymentRead {
    /// Its record.
    pub record: DeploymentRecord,
    /// Its template.
    pub template: PodTemplate,
}

/// One ReplicaSet of a Deployment object, read whole.
#[derive(Debug, Clone)]
pub struct Revision {
    /// Its metadata.
    pub record: ReplicaSetRecord,
    /// Its template.
    pub template: PodTemplate,
    /// `status.replicas`: pods that it has now.
    pub replicas: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
}

/// Reads a Deployment object.
pub async fn deployment(
    clients: &Clients,
    namespace: &Namespace,
    name: &str,
) -> Result<DeploymentRead, Error> {
    let what = format!("reading Deployment {namespace}/{name}");
    let path = format!(
        "/apis/apps/v1/namespaces/{namespace}/deployments/{}",
        encoded(name)
    );
    let text = clients.get_text(&what, &path).await?;
    let raw: RawDeployment<'_> =
        serde_json::from_str(&text).map_err(|error| bad_answer(clients, &what, shape_error(&error)))?;
    let (record, template) = raw
        .fold(&mut Interner::default())
        .map_err(|detail| bad_answer(clients, &what, detail))?;
    Ok(DeploymentRead { record, template })
}

/// The revisions that the cluster still keeps, by number, the newest last. Found by selector, and only those whose
/// controller is this very object: a uid, not a name.
pub async fn revisions(clients: &Clients, deployment: &DeploymentRecord) -> Result<Vec<Revision>, Error> {
    let mut found = Vec::new();
    let selector = format!("&labelSelector={}", encoded(&deployment.selector));
    read_pages(clients, &deployment.namespace, &selector, |revision| {
        if revision.record.deployment == deployment.uid {
            found.push(revision);
        }
    })
    .await?;
    found.sort_by_key(|revision| (revision.record.revision, revision.record.created));
    Ok(found)
}

/// Reads the templates of these ReplicaSets of a namespace, and hands each out as it comes; nothing is kept.
///
/// A few are read one by one, many in pages of the whole namespace. Those that are gone by now are left out.
pub async fn templates(
    clients: &Clients,
    namespace: &Namespace,
    wanted: &HashSet<Uid>,
    names: &[Arc<str>],
    mut each: impl FnMut(Revision),
) -> Result<(), Error> {
    if names.len() <= 8 {
        for name in names {
            match replica_set(clients, namespace, name).await {
                Ok(Some(revision)) if wanted.contains(&revision.record.uid) => each(revision),
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        return Ok(());
    }
    read_pages(clients, namespace, "", |revision| {
        if wanted.contains(&revision.record.uid) {
            each(revision);
        }
    })
    .await
}

async fn replica_set(
    clients: &Clients,
    namespace: &Namespace,
    name: &str,
) -> Result<Option<Revision>, Error> {
    let what = format!("reading ReplicaSet {namespace}/{name}");
    let path = format!(
        "/apis/apps/v1/namespaces/{namespace}/replicasets/{}",
        encoded(name)
    );
    let text = clients.get_text(&what, &path).await?;
    fold(clients, &what, &text, &mut Interner::default())
}

#[derive(Deserialize)]
struct Page<'a> {
    metadata: PageMeta,
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
struct PageMeta {
    #[serde(rename = "continue", default)]
    more: String,
}

async fn read_pages(
    clients: &Clients,
    namespace: &Namespace,
    query: &str,
    mut each: impl FnMut(Revision),
) -> Result<(), Error> {
    let what = format!("listing ReplicaSets in namespace {namespace}");
    let mut interner = Interner::default();
    let mut more = String::new();
    loop {
        let mut path = format!("/apis/apps/v1/namespaces/{namespace}/replicasets?limit={PAGE}{query}");
        if !more.is_empty() {
            path = format!("{path}&continue={}", encoded(&more));
        }
        let text = clients.get_text(&what, &path).await?;
        let page: Page<'_> =
            serde_json::from_str(&text).map_err(|error| bad_answer(clients, &what, shape_error(&error)))?;
        for item in page.items.unwrap_or_default() {
            if let Some(revision) = fold(clients, &what, item.get(), &mut interner)? {
                each(revision);
            }
        }
        more = page.metadata.more;
        if more.is_empty() {
            return Ok(());
        }
    }
}

/// `None`: no Deployment object controls it.
fn fold(
    clients: &Clients,
    what: &str,
    json: &str,
    interner: &mut Interner,
) -> Result<Option<Revision>, Error> {
    let raw: RawReplicaSet<'_> =
        serde_json::from_str(json).map_err(|error| bad_answer(clients, what, shape_error(&error)))?;
    let Some((record, template)) = raw.fold(interner).zip(raw.template()) else {
        return Ok(None);
    };
    let (replicas, ready) = raw.pods();
    Ok(Some(Revision {
        record,
        template: template.map_err(|detail| bad_answer(clients, what, detail))?,
        replicas,
        ready,
    }))
}

fn bad_answer(clients: &Clients, what: &str, detail: String) -> Error {
    Error::BadAnswer {
        cluster: clients.cluster().to_owned(),
        what: what.to_owned(),
        detail,
    }
}
