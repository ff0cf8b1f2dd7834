//! What one request does: routing by verb, patches by content type, subresources.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::Inner;
use super::access::Account;
use super::discovery;
use super::events;
use super::fields::{self, Writer};
use super::json::{list, name, namespace, number, set, unset};
use super::listing::{self, shape};
use super::logs;
use super::merge;
use super::request::{Request, Target};
use super::status::Refusal;
use super::store::{Key, State, stamp};
use super::watching::{self, Lines};
use super::write::{Hand, Part};

/// What a request is answered with.
pub(crate) enum Reply {
    /// A status code and an object.
    Object(u16, Value),
    /// Plain text.
    Text(String),
    /// Lines that come as they happen.
    Watch(Lines),
}

/// Carries a request out.
pub(crate) fn handle(
    inner: &Arc<Inner>,
    account: &Account,
    request: &Request,
    cut: Option<Duration>,
) -> Result<Reply, Refusal> {
    if matches!(request.path.as_str(), "/healthz" | "/livez" | "/readyz") {
        return Ok(Reply::Text("ok".into()));
    }
    if request.method == Method::POST
        && let Some(answer) = account.review(&request.path, &request.object()?)
    {
        return answer.map(|review| Reply::Object(201, review));
    }
    let Some(target) = request.target(inner.options.argo_cd) else {
        if account.expired {
            return Err(Refusal::status(401, "Unauthorized", "Unauthorized", None));
        }
        return discovery::answer(&request.path, inner.options.argo_cd)
            .map(|found| Reply::Object(200, found));
    };
    account.admit(request.verb(&target), &target)?;
    let mut state = inner.lock();
    match (&request.method, target.name.is_empty()) {
        (&Method::GET, _) if request.flag("watch") => {
            watching::open(inner, &state, request, target, cut).map(Reply::Watch)
        }
        (&Method::GET, true) => listing::list(&state, request, &target).map(|list| Reply::Object(200, list)),
        (&Method::GET, false) => get(inner, &state, request, &target),
        (&Method::POST, true) => create(inner, &mut state, request, &target),
        (&Method::PUT, false) => replace(inner, &mut state, request, &target),
        (&Method::PATCH, false) => patch(inner, &mut state, request, &target),
        (&Method::DELETE, _) => delete(inner, &mut state, request, &target),
        _ => Err(Refusal::no_such_verb()),
    }
}

fn key(target: &Target) -> Key {
    (target.namespace.clone(), target.name.clone())
}

fn find(state: &State, target: &Target) -> Result<Arc<Value>, Refusal> {
    state
        .get(target.kind.stored_as(), &target.namespace, &target.name)
        .ok_or_else(|| Refusal::not_found(target.kind, &target.name))
}

fn get(inner: &Inner, state: &State, request: &Request, target: &Target) -> Result<Reply, Refusal> {
    let object = find(state, target)?;
    match target.subresource.as_str() {
        "" | "status" => Ok(Reply::Object(200, shape(target.kind, &object, request.form()))),
        "scale" if target.kind.scale => Ok(Reply::Object(200, scale_of(&object))),
        "log" if target.kind.kind == "Pod" => {
            let images = inner.images();
            logs::read(&object, request, |image| images.behaviour(image), inner.now()).map(Reply::Text)
        }
        _ => Err(Refusal::no_such_path()),
    }
}

fn create(inner: &Inner, state: &mut State, request: &Request, target: &Target) -> Result<Reply, Refusal> {
    let mut object = request.object()?;
    check_kind(target, &object)?;
    if target.kind.is_new_event() {
        object = events::to_core(&object);
    }
    let manager = request.manager();
    let hand = Hand {
        manager: &manager,
        now: inner.now(),
        dry_run: request.dry_run(&json!({}))?,
    };
    let made = state.create(target.kind.stored_as(), &target.namespace, object, &hand)?;
    Ok(Reply::Object(201, shape(target.kind, &made, request.form())))
}

fn check_kind(target: &Target, object: &Value) -> Result<(), Refusal> {
    let given = object
        .get("kind")
        .and_then(Value::as_str)
        .unwrap_or(target.kind.kind);
    if given == target.kind.kind {
        return Ok(());
    }
    Err(Refusal::bad_request(format!(
        "{given} in version {:?} cannot be handled as a {}: converting to {} is not possible",
        target.kind.version, target.kind.kind, target.kind.kind
    )))
}

fn part_of(target: &Target) -> Result<Part, Refusal> {
    match target.subresource.as_str() {
        "" => Ok(Part::Main),
        "status" if target.kind.status => Ok(Part::Status),
        "scale" if target.kind.scale => Ok(Part::Scale),
        _ => Err(Refusal::no_such_path()),
    }
}

fn replace(inner: &Inner, state: &mut State, request: &Request, target: &Target) -> Result<Reply, Refusal> {
    let part = part_of(target)?;
    let mut object = request.object()?;
    if target.kind.is_new_event() {
        object = events::to_core(&object);
    }
    let live = find(state, target)?;
    if part == Part::Scale {
        return scale(inner, state, request, target, &object);
    }
    check_kind(target, &object)?;
    if object
        .pointer("/metadata/managedFields")
        .is_none_or(|entries| entries.is_null())
    {
        let entries = list(&live, "/metadata/managedFields").to_vec();
        set(&mut object, &["metadata", "managedFields"], entries);
    }
    write(inner, state, request, target, part, object, None)
}

fn scale(
    inner: &Inner,
    state: &mut State,
    request: &Request,
    target: &Target,
    scale: &Value,
) -> Result<Reply, Refusal> {
    let live = find(state, target)?;
    let mut object = Value::clone(&live);
    set(
        &mut object,
        &["spec", "replicas"],
        number(scale, "/spec/replicas"),
    );
    let wanted = super::json::text(scale, "/metadata/resourceVersion").to_owned();
    if !wanted.is_empty() {
        set(&mut object, &["metadata", "resourceVersion"], wanted);
    }
    let manager = request.manager();
    let hand = Hand {
        manager: &manager,
        now: inner.now(),
        dry_run: request.dry_run(scale)?,
    };
    let done = state.update(target.kind, &key(target), Part::Scale, object, None, &hand)?;
    Ok(Reply::Object(200, scale_of(&done)))
}

fn scale_of(object: &Value) -> Value {
    let selector: Vec<String> = super::json::map(object, "/spec/selector/matchLabels")
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or("")))
        .collect();
    json!({
        "kind": "Scale", "apiVersion": "autoscaling/v1",
        "metadata": {
            "name": name(object), "namespace": namespace(object), "uid": object.pointer("/metadata/uid"),
            "resourceVersion": object.pointer("/metadata/resourceVersion"),
            "creationTimestamp": object.pointer("/metadata/creationTimestamp"),
        },
        "spec": {"replicas": number(object, "/spec/replicas")},
        "status": {"replicas": number(object, "/status/replicas"), "selector": selector.join(",")},
    })
}

fn patch(inner: &Inner, state: &mut State, request: &Request, target: &Target) -> Result<Reply, Refusal> {
    let part = part_of(target)?;
    let form = request.content.split(';').next().unwrap_or("").trim().to_owned();
    if form.starts_with("application/apply-patch") {
        return apply(inner, state, request, target, part);
    }
    let live = find(state, target)?;
    let mut object = if part == Part::Scale {
        scale_of(&live)
    } else {
        Value::clone(&live)
    };
    match form.as_str() {
        "application/json-patch+json" => merge::json_patch(&mut object, &request.body)?,
        "application/merge-patch+json" => merge::merge_patch(&mut object, &request.body)?,
        "application/strategic-merge-patch+json" if !target.kind.custom => {
            merge::strategic_patch(&mut object, &request.body)?
        }
        _ => {
            return Err(Refusal::unsupported_media(
                "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml",
            ));
        }
    }
    if part == Part::Scale {
        return scale(inner, state, request, target, &object);
    }
    write(inner, state, request, target, part, object, None)
}

fn apply(
    inner: &Inner,
    state: &mut State,
    request: &Request,
    target: &Target,
    part: Part,
) -> Result<Reply, Refusal> {
    let mut applied = merge::read(&request.body)?;
    if request.parameter("fieldManager").is_empty() {
        return Err(Refusal::status(
            422,
            "Invalid",
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
            Some(json!({"group": "meta.k8s.io", "kind": "PatchOptions", "causes": [
                {"reason": "FieldValueRequired", "message": "Required value: is required for apply patch", "field": "fieldManager"},
            ]})),
        ));
    }
    set(&mut applied, &["metadata", "name"], target.name.clone());
    let manager = request.manager();
    let Ok(live) = find(state, target) else {
        return apply_new(inner, state, request, target, applied, &manager);
    };
    let time = stamp(inner.now());
    let api_version = target.kind.api_version();
    let writer = Writer {
        manager: &manager,
        operation: "Apply",
        subresource: if part == Part::Status { "status" } else { "" },
        time: &time,
        api_version: &api_version,
    };
    let entries = list(&live, "/metadata/managedFields");
    let conflicts = fields::conflicts(entries, &live, &applied, &writer);
    if !conflicts.is_empty() && !request.flag("force") {
        return Err(apply_conflict(&conflicts));
    }
    let mut object = Value::clone(&live);
    merge::take_out(&mut object, &fields::given_up(entries, &applied, &writer));
    for owned in [
        "uid",
        "resourceVersion",
        "managedFields",
        "creationTimestamp",
        "generation",
    ] {
        unset(&mut applied, "/metadata", owned);
    }
    merge::combine(&mut object, &applied, "");
    write(inner, state, request, target, part, object, Some(&applied))
}

fn apply_new(
    inner: &Inner,
    state: &mut State,
    request: &Request,
    target: &Target,
    applied: Value,
    manager: &str,
) -> Result<Reply, Refusal> {
    let hand = Hand {
        manager,
        now: inner.now(),
        dry_run: request.dry_run(&json!({}))?,
    };
    let made = state.create_applied(target.kind, &target.namespace, applied, &hand)?;
    Ok(Reply::Object(201, shape(target.kind, &made, request.form())))
}

fn apply_conflict(conflicts: &[(Value, fields::FieldPath)]) -> Refusal {
    let causes: Vec<Value> = conflicts
        .iter()
        .map(|(entry, path)| {
            let word = |key: &str| entry.get(key).and_then(Value::as_str).unwrap_or("");
            let sub = if word("subresource").is_empty() {
                String::new()
            } else {
                format!(" with subresource {:?}", word("subresource"))
            };
            let message = format!(
                "conflict with {:?}{sub} using {}",
                word("manager"),
                word("apiVersion")
            );
            json!({"reason": "FieldManagerConflict", "message": message, "field": fields::in_words(path)})
        })
        .collect();
    let word = if causes.len() == 1 {
        "conflict"
    } else {
        "conflicts"
    };
    let lines: Vec<String> = causes
        .iter()
        .map(|cause| {
            format!(
                "{}: {}",
                super::json::text(cause, "/message"),
                super::json::text(cause, "/field")
            )
        })
        .collect();
    let message = format!("Apply failed with {} {word}: {}", causes.len(), lines.join("\n"));
    Refusal::status(409, "Conflict", message, Some(json!({"causes": causes})))
}

fn write(
    inner: &Inner,
    state: &mut State,
    request: &Request,
    target: &Target,
    part: Part,
    object: Value,
    applied: Option<&Value>,
) -> Result<Reply, Refusal> {
    let manager = request.manager();
    let hand = Hand {
        manager: &manager,
        now: inner.now(),
        dry_run: request.dry_run(&json!({}))?,
    };
    let done = state.update(
        target.kind.stored_as(),
        &key(target),
        part,
        object,
        applied,
        &hand,
    )?;
    Ok(Reply::Object(200, shape(target.kind, &done, request.form())))
}

fn delete(inner: &Inner, state: &mut State, request: &Request, target: &Target) -> Result<Reply, Refusal> {
    let mut options = request.object()?;
    if !request.parameter("propagationPolicy").is_empty() {
        set(
            &mut options,
            &["propagationPolicy"],
            request.parameter("propagationPolicy"),
        );
    }
    if let Ok(seconds) = request.parameter("gracePeriodSeconds").parse::<i64>() {
        set(&mut options, &["gracePeriodSeconds"], seconds);
    }
    let manager = request.manager();
    let hand = Hand {
        manager: &manager,
        now: inner.now(),
        dry_run: request.dry_run(&options)?,
    };
    if !target.name.is_empty() {
        return state
            .delete(target.kind.stored_as(), &key(target), &options, &hand)
            .map(|done| Reply::Object(200, done));
    }
    let found = listing::list(state, request, target)?;
    for item in list(&found, "/items") {
        let key = (namespace(item).to_owned(), name(item).to_owned());
        let _ = state.delete(target.kind.stored_as(), &key, &options, &hand);
    }
    Ok(Reply::Object(200, found))
}
