//! The revisions of a Deployment object, as its ReplicaSets keep them; and templates by ReplicaSet.

use domain::ids::Namespace;
use domain::template::PodTemplate;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{Clients, shape_error};
use crate::error::Error;
use crate::query::encoded;
use crate::records::{DeploymentRecord, Interner, RawDeployment, RawReplicaSet, ReplicaSetRecord};

/// As many whole ReplicaSets as are asked for at once.
const PAGE: usize = 50;

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
    let mut pages = ReplicaSetPages::of(clients, &deployment.namespace, Some(&deployment.selector));
    while let Some(page) = pages.next().await? {
        let own = page
            .into_iter()
            .filter(|revision| revision.record.deployment == deployment.uid);
        found.extend(own);
    }
    found.sort_by_key(|revision| (revision.record.revision, revision.record.created));
    Ok(found)
}

/// The ReplicaSets of a namespace, page by page, whole: tens of KiB each, of which little is kept, so that only a few
/// are in memory at once.
#[derive(Debug)]
pub struct ReplicaSetPages {
    clients: Clients,
    path: String,
    what: String,
    interner: Interner,
    next: Next,
}

#[derive(Debug)]
enum Next {
    First,
    After(String),
    End,
}

impl ReplicaSetPages {
    /// From the beginning: those that a label selector fits, or all.
    pub fn of(clients: &Clients, namespace: &Namespace, selector: Option<&str>) -> Self {
        let selector = selector.map(|selector| format!("&labelSelector={}", encoded(selector)));
        Self {
            clients: clients.clone(),
            path: format!(
                "/apis/apps/v1/namespaces/{namespace}/replicasets?limit={PAGE}{}",
                selector.unwrap_or_default()
            ),
            what: format!("listing ReplicaSets in namespace {namespace}"),
            interner: Interner::default(),
            next: Next::First,
        }
    }

    /// The next page, those left out that no Deployment object controls; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Revision>>, Error> {
        let path = match &self.next {
            Next::First => self.path.clone(),
            Next::After(token) => format!("{}&continue={}", self.path, encoded(token)),
            Next::End => return Ok(None),
        };
        let text = self.clients.get_text(&self.what, &path).await?;
        let page: Page<'_> = serde_json::from_str(&text)
            .map_err(|error| bad_answer(&self.clients, &self.what, shape_error(&error)))?;
        let mut found = Vec::new();
        for item in page.items.unwrap_or_default() {
            found.extend(fold(&self.clients, &self.what, item.get(), &mut self.interner)?);
        }
        self.next = match page.metadata.more {
            more if more.is_empty() => Next::End,
            more => Next::After(more),
        };
        Ok(Some(found))
    }
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
