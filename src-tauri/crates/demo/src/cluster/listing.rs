//! Lists: selection, pages under one revision, and the answers when a page's revision is gone.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::events;
use super::kinds::Kind;
use super::request::{Form, Request, Target};
use super::select::Selection;
use super::status::Refusal;
use super::store::{Key, State};

/// The list that a request asks for.
pub(crate) fn list(state: &State, request: &Request, target: &Target) -> Result<Value, Refusal> {
    let selection = Selection::parse(
        target.kind,
        request.parameter("labelSelector"),
        request.parameter("fieldSelector"),
    )?;
    let (revision, after) = start(state, request)?;
    let limit = request
        .parameter("limit")
        .parse::<usize>()
        .ok()
        .filter(|limit| *limit > 0)
        .unwrap_or(usize::MAX);
    let objects = if revision == state.revision() {
        state.all(target.kind.stored_as()).clone()
    } else {
        state.at(target.kind.stored_as(), revision)
    };
    let mut rest = objects
        .iter()
        .filter(|(key, _)| target.namespace.is_empty() || key.0 == target.namespace)
        .filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after))
        .filter(|(_, object)| selection.takes(&shape_event(target.kind, object)));
    let mut items = Vec::new();
    let mut last = None;
    for (key, object) in rest.by_ref().take(limit) {
        items.push(item(target.kind, object, request.form()));
        last = Some(key.clone());
    }
    let remaining = rest.count();
    let mut metadata = json!({"resourceVersion": revision.to_string()});
    if let Some(last) = last.filter(|_| remaining > 0) {
        super::json::set(&mut metadata, &["continue"], token(revision, &last));
        super::json::set(&mut metadata, &["remainingItemCount"], remaining);
    }
    let (kind, version) = match request.form() {
        Form::Whole => (format!("{}List", target.kind.kind), target.kind.api_version()),
        Form::Metadata => (
            "PartialObjectMetadataList".to_owned(),
            "meta.k8s.io/v1".to_owned(),
        ),
    };
    Ok(json!({"kind": kind, "apiVersion": version, "metadata": metadata, "items": items}))
}

/// The revision to list at, and the key after which the page begins.
fn start(state: &State, request: &Request) -> Result<(u64, Option<Key>), Refusal> {
    let token = request.parameter("continue");
    if !token.is_empty() {
        let (revision, key) = read_token(token)
            .ok_or_else(|| Refusal::bad_request("continue key is not valid: unable to decode"))?;
        if revision < state.floor() {
            return Err(Refusal::expired(
                "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
            ));
        }
        return Ok((revision, Some(key)));
    }
    let wanted = request.parameter("resourceVersion");
    if request.parameter("resourceVersionMatch") == "Exact" {
        let revision = wanted.parse().unwrap_or(0);
        if revision < state.floor() {
            return Err(Refusal::expired(
                "The resourceVersion for the provided list is too old.",
            ));
        }
        return Ok((revision, None));
    }
    Ok((state.revision(), None))
}

fn token(revision: u64, last: &Key) -> String {
    let start = format!("{}/{}\u{0}", last.0, last.1);
    URL_SAFE_NO_PAD.encode(json!({"v": "meta.k8s.io/v1", "rv": revision, "start": start}).to_string())
}

fn read_token(token: &str) -> Option<(u64, Key)> {
    let bytes = URL_SAFE_NO_PAD.decode(token.trim_end_matches('=')).ok()?;
    let token: Value = serde_json::from_slice(&bytes).ok()?;
    let start = token.get("start")?.as_str()?.trim_end_matches('\u{0}');
    let (namespace, name) = start.split_once('/').unwrap_or(("", start));
    Some((
        token.get("rv")?.as_u64()?,
        (namespace.to_owned(), name.to_owned()),
    ))
}

/// One object as the request wants to see it, within a list: without `apiVersion` and `kind`.
fn item(kind: &Kind, object: &Value, form: Form) -> Value {
    match form {
        Form::Metadata => json!({"metadata": object.get("metadata")}),
        Form::Whole => {
            let mut shown = shape_event(kind, object).into_owned();
            super::json::unset(&mut shown, "", "apiVersion");
            super::json::unset(&mut shown, "", "kind");
            if kind.custom {
                super::json::set(&mut shown, &["apiVersion"], kind.api_version());
                super::json::set(&mut shown, &["kind"], kind.kind);
            }
            shown
        }
    }
}

/// One object as the request wants to see it.
pub(crate) fn shape(kind: &Kind, object: &Value, form: Form) -> Value {
    match form {
        Form::Whole => shape_event(kind, object).into_owned(),
        Form::Metadata => json!({
            "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object.get("metadata"),
        }),
    }
}

/// An Event under the group that the request came by.
pub(crate) fn shape_event<'o>(kind: &Kind, object: &'o Value) -> std::borrow::Cow<'o, Value> {
    if kind.is_new_event() {
        std::borrow::Cow::Owned(events::to_new(object))
    } else {
        std::borrow::Cow::Borrowed(object)
    }
}
