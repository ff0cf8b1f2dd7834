//! The revisions of a workload, as the cluster keeps them, and their templates.

use domain::ids::Namespace;
use domain::template::PodTemplate;
use domain::workload::{RevisionKind, WorkloadKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::{Clients, shape_error};
use crate::error::Error;
use crate::query::encoded;
use crate::records::{Interner, RawReplicaSet, RawWorkload, RevisionRecord, WorkloadRecord};
use crate::workload::{path_of, revisions_plural};

/// As many whole revisions as are asked for at once.
const PAGE: usize = 50;

/// A workload read once.
#[derive(Debug, Clone)]
pub struct WorkloadRead {
    /// Its record.
    pub record: WorkloadRecord,
    /// Its template.
    pub template: PodTemplate,
}

/// One revision of a workload, read whole.
#[derive(Debug, Clone)]
pub struct Revision {
    /// Its record.
    pub record: RevisionRecord,
    /// Its template.
    pub template: PodTemplate,
    /// `status.replicas`: pods that it has now.
    pub replicas: u32,
    /// `status.readyReplicas`.
    pub ready: u32,
}

/// Reads a workload.
pub async fn workload(
    clients: &Clients,
    kind: WorkloadKind,
    namespace: &Namespace,
    name: &str,
) -> Result<WorkloadRead, Error> {
    let what = format!("reading {kind} {namespace}/{name}");
    let path = path_of(kind, namespace.as_str(), name);
    let text = clients.get_text(&what, &path).await?;
    let raw: RawWorkload<&RawValue> =
        serde_json::from_str(&text).map_err(|error| bad_answer(clients, &what, shape_error(&error)))?;
    let (record, template) = raw
        .fold(kind, &mut Interner::default())
        .map_err(|detail| bad_answer(clients, &what, detail))?;
    Ok(WorkloadRead { record, template })
}

/// The revisions that the cluster still keeps, by number, the newest last. Found by selector, and only those whose
/// controller is this very object: a uid, not a name.
pub async fn revisions(clients: &Clients, workload: &WorkloadRecord) -> Result<Vec<Revision>, Error> {
    let mut found = Vec::new();
    let kind = workload.kind.revisions();
    let mut pages = RevisionPages::of(clients, kind, &workload.namespace, Some(&workload.selector));
    while let Some(page) = pages.next().await? {
        let own = page
            .into_iter()
            .filter(|revision| revision.record.workload == workload.uid);
        found.extend(own);
    }
    found.sort_by_key(|revision| (revision.record.revision, revision.record.created));
    Ok(found)
}

/// The revisions of a kind in a namespace, page by page, whole: tens of KiB each, of which little is kept, so that only a few
/// are in memory at once.
#[derive(Debug)]
pub struct RevisionPages {
    clients: Clients,
    kind: RevisionKind,
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

impl RevisionPages {
    /// From the beginning: those that a label selector fits, or all.
    pub fn of(clients: &Clients, kind: RevisionKind, namespace: &Namespace, selector: Option<&str>) -> Self {
        let selector = selector.map(|selector| format!("&labelSelector={}", encoded(selector)));
        Self {
            clients: clients.clone(),
            kind,
            path: format!(
                "/apis/apps/v1/namespaces/{namespace}/{}?limit={PAGE}{}",
                revisions_plural(kind),
                selector.unwrap_or_default()
            ),
            what: format!("listing {kind}s in namespace {namespace}"),
            interner: Interner::default(),
            next: Next::First,
        }
    }

    /// The next page, those left out that no workload controls; `None` at the end.
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
            let revision = match self.kind {
                RevisionKind::ReplicaSet => {
                    replica_set(&self.clients, &self.what, item.get(), &mut self.interner)?
                }
            };
            found.extend(revision);
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

/// `None`: no workload controls it.
fn replica_set(
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
