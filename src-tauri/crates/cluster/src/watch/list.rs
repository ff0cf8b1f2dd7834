//! The first list of a scope, page by page.

use std::sync::Arc;

use http::header::ACCEPT;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::resource::{Folded, Resource};
use super::{ClusterChange, Scope, Shared};
use crate::client::shape_error;
use crate::error::Error;
use crate::query::encoded;
use crate::records::Interner;

/// As many objects as client-go asks for at once.
const PAGE: usize = 500;

#[derive(Deserialize)]
struct Page<'a> {
    metadata: PageMeta,
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageMeta {
    #[serde(default)]
    resource_version: String,
    #[serde(rename = "continue", default)]
    more: String,
}

/// Reads all pages and tells the scope's new content in one change. Returns the resource version to watch from.
pub(super) async fn list<R: Resource>(
    resource: R,
    shared: &Shared,
    scope: &Scope,
    interner: &mut Interner,
) -> Result<String, Error> {
    let what = format!("listing {} in {scope}", resource.watched());
    let mut records = Vec::new();
    let mut more = String::new();
    loop {
        let text = shared
            .clients
            .fetch_text(&what, request(resource, scope, &more))
            .await?;
        let page: Page<'_> =
            serde_json::from_str(&text).map_err(|error| bad_answer(shared, &what, shape_error(&error)))?;
        for item in page.items.unwrap_or_default() {
            let folded = resource
                .fold(item.get(), interner)
                .map_err(|detail| bad_answer(shared, &what, detail))?;
            if let Some(record) = keep::<R>(shared, scope, folded).await {
                records.push(record);
            }
        }
        more = page.metadata.more;
        if more.is_empty() {
            shared.tell(resource.replaced(scope.clone(), records)).await;
            return Ok(page.metadata.resource_version);
        }
    }
}

/// Hands out the template if it is new. `None`: the object is none of ours.
pub(super) async fn keep<R: Resource>(
    shared: &Shared,
    scope: &Scope,
    folded: Option<Folded<R::Record>>,
) -> Option<Arc<R::Record>> {
    let folded = folded?;
    if *scope == Scope::Everywhere && !shared.wants(&folded.namespace) {
        return None;
    }
    if let Some(template) = folded.template {
        let hash = template.hash();
        if shared.is_new(&hash) {
            shared.tell(ClusterChange::Template { hash, template }).await;
        }
    }
    Some(Arc::new(folded.record))
}

pub(super) fn bad_answer(shared: &Shared, what: &str, detail: String) -> Error {
    Error::BadAnswer {
        cluster: shared.clients.cluster().to_owned(),
        what: what.to_owned(),
        detail,
    }
}

fn request<R: Resource>(resource: R, scope: &Scope, more: &str) -> http::Request<Vec<u8>> {
    let mut target = format!("{}?limit={PAGE}", resource.path(scope));
    if !more.is_empty() {
        target.push_str("&continue=");
        target.push_str(&encoded(more));
    }
    http::Request::get(target)
        .header(ACCEPT, resource.accept().0)
        .body(Vec::new())
        .expect("because names of namespaces and an encoded token make a valid path")
}
