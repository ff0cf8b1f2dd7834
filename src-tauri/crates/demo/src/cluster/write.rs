//! Writes as the API server carries them out: preconditions, defaults, validation, generation,
//! managed fields, `dryRun`, and deletion with grace, finalizers and preconditions.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::fields::{self, Writer};
use super::json::{is_terminating, list, name, namespace, number, set, set_default, text, uid, unset};
use super::kinds::Kind;
use super::status::Refusal;
use super::store::{Key, State, stamp};
use super::template::default_object;
use super::validate;

/// The part of an object that a write goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The object but its status.
    Main,
    /// `/status`.
    Status,
    /// `/scale`: the object's replicas under another name.
    Scale,
}

impl Part {
    fn subresource(self) -> &'static str {
        match self {
            Self::Main => "",
            Self::Status => "status",
            Self::Scale => "scale",
        }
    }
}

/// Who writes, when, and whether it is meant.
#[derive(Debug, Clone)]
pub(crate) struct Hand<'h> {
    /// The field manager.
    pub manager: &'h str,
    /// The cluster's time.
    pub now: DateTime<Utc>,
    /// Nothing is stored.
    pub dry_run: bool,
}

/// The fields of a server-side apply; a plain write has none.
pub(crate) type Applied<'a> = Option<&'a Value>;

impl State {
    /// Creates an object; `space` is the namespace of the path.
    pub fn create(
        &mut self,
        kind: &'static Kind,
        space: &str,
        object: Value,
        hand: &Hand<'_>,
    ) -> Result<Value, Refusal> {
        self.create_for(kind, space, object, "Update", hand)
    }

    /// Creates what a server-side apply applies where there is nothing yet.
    pub fn create_applied(
        &mut self,
        kind: &'static Kind,
        space: &str,
        object: Value,
        hand: &Hand<'_>,
    ) -> Result<Value, Refusal> {
        self.create_for(kind, space, object, "Apply", hand)
    }

    /// An apply owns what it applied, a plain creation the defaults as well.
    fn create_for(
        &mut self,
        kind: &'static Kind,
        space: &str,
        mut object: Value,
        operation: &str,
        hand: &Hand<'_>,
    ) -> Result<Value, Refusal> {
        self.prepare_new(kind, space, &mut object, hand)?;
        let called = name(&object).to_owned();
        if self.get(kind, space, &called).is_some() {
            return Err(Refusal::already_exists(kind, &called));
        }
        self.admit_namespace(kind, space, &called)?;
        let applied = object.clone();
        default_object(kind.kind, &mut object);
        validate::check(kind, &object, None)?;
        self.admit_quota(kind, space, &object)?;
        if kind.kind == "Pod" {
            set_default(&mut object, &["status", "phase"], "Pending");
        }
        let writer_time = stamp(hand.now);
        let api_version = kind.api_version();
        let writer = Writer {
            manager: hand.manager,
            operation,
            subresource: "",
            time: &writer_time,
            api_version: &api_version,
        };
        let owned = if operation == "Apply" { &applied } else { &object };
        let entries = fields::after_update(&[], &json!({}), &strip_status(kind, owned), &writer);
        set(&mut object, &["metadata", "managedFields"], entries);
        if hand.dry_run {
            return Ok(object);
        }
        Ok(Value::clone(&self.put(kind, object)))
    }

    fn prepare_new(
        &mut self,
        kind: &Kind,
        space: &str,
        object: &mut Value,
        hand: &Hand<'_>,
    ) -> Result<(), Refusal> {
        let prefix = text(object, "/metadata/generateName").to_owned();
        if name(object).is_empty() && !prefix.is_empty() {
            let called = format!("{prefix}{}", self.next_suffix());
            set(object, &["metadata", "name"], called);
        }
        if name(object).is_empty() {
            let cause = super::status::Cause::required("metadata.name", "name or generateName is required");
            return Err(Refusal::invalid(kind, "", &[cause]));
        }
        let given = namespace(object);
        if kind.namespaced && !given.is_empty() && given != space {
            return Err(Refusal::bad_request(format!(
                "the namespace of the provided object does not match the namespace sent on the request ({space})"
            )));
        }
        for key in [
            "resourceVersion",
            "selfLink",
            "deletionTimestamp",
            "managedFields",
            "generation",
        ] {
            unset(object, "/metadata", key);
        }
        set(object, &["apiVersion"], kind.api_version());
        set(object, &["kind"], kind.kind);
        if kind.namespaced {
            set(object, &["metadata", "namespace"], space);
        }
        let uid = self.next_uid();
        set(object, &["metadata", "uid"], uid);
        set(object, &["metadata", "creationTimestamp"], stamp(hand.now));
        if kind.generation {
            set(object, &["metadata", "generation"], 1);
        }
        if kind.status && !kind.custom {
            set(object, &["status"], json!({}));
        }
        if kind.kind == "Secret" {
            encode_secret(object);
        }
        if kind.kind == "Namespace" {
            let called = name(object).to_owned();
            set(
                object,
                &["metadata", "labels", "kubernetes.io/metadata.name"],
                called,
            );
        }
        Ok(())
    }

    fn admit_namespace(&self, kind: &Kind, space: &str, called: &str) -> Result<(), Refusal> {
        if !kind.namespaced {
            return Ok(());
        }
        let spaces = Kind::named("namespaces");
        let Some(there) = self.get(spaces, "", space) else {
            return Err(Refusal::not_found(spaces, space));
        };
        if is_terminating(&there) {
            let why =
                format!("unable to create new content in namespace {space} because it is being terminated");
            return Err(Refusal::forbidden(kind, called, &why));
        }
        Ok(())
    }

    /// Pod counts against every ResourceQuota of the namespace.
    fn admit_quota(&self, kind: &Kind, space: &str, object: &Value) -> Result<(), Refusal> {
        if kind.kind != "Pod" {
            return Ok(());
        }
        let used = self
            .all(Kind::named("pods"))
            .keys()
            .filter(|(there, _)| there == space)
            .count();
        for quota in self.snapshot(Kind::named("resourcequotas")) {
            let hard = super::controllers::pod_limit(&quota);
            if namespace(&quota) == space && hard.is_some_and(|hard| used >= hard) {
                let hard = hard.unwrap_or_default();
                let why = format!(
                    "exceeded quota: {}, requested: pods=1, used: pods={used}, limited: pods={hard}",
                    name(&quota)
                );
                return Err(Refusal::forbidden(kind, name(object), &why));
            }
        }
        Ok(())
    }

    /// Replaces an object by what a write made of it.
    pub fn update(
        &mut self,
        kind: &'static Kind,
        key: &Key,
        part: Part,
        new: Value,
        applied: Applied<'_>,
        hand: &Hand<'_>,
    ) -> Result<Arc<Value>, Refusal> {
        let live = self
            .get(kind, &key.0, &key.1)
            .ok_or_else(|| Refusal::not_found(kind, &key.1))?;
        preconditions(kind, &live, &new)?;
        let mut next = keep_system_fields(kind, part, &live, new)?;
        if part == Part::Main {
            if kind.kind == "Secret" {
                encode_secret(&mut next);
            }
            default_object(kind.kind, &mut next);
        }
        if part != Part::Status {
            validate::check(kind, &next, Some(&live))?;
        }
        if generation_moves(kind, part, &live, &next) {
            set(
                &mut next,
                &["metadata", "generation"],
                number(&live, "/metadata/generation") + 1,
            );
        }
        manage_fields(kind, part, &live, &mut next, applied, hand);
        if next == *live {
            return Ok(live);
        }
        if hand.dry_run {
            return Ok(Arc::new(next));
        }
        if is_terminating(&next) && list(&next, "/metadata/finalizers").is_empty() && kind.kind != "Pod" {
            self.remove(kind, &key.0, &key.1);
            return Ok(Arc::new(next));
        }
        Ok(self.put(kind, next))
    }

    /// Changes an object in the name of a controller; an object that is gone stays gone.
    pub fn change(
        &mut self,
        kind: &'static Kind,
        object: &Value,
        part: Part,
        manager: &str,
        now: DateTime<Utc>,
        edit: impl FnOnce(&mut Value),
    ) -> Option<Arc<Value>> {
        let key = (namespace(object).to_owned(), name(object).to_owned());
        let live = self.get(kind, &key.0, &key.1)?;
        let mut next = Value::clone(&live);
        edit(&mut next);
        if next == *live {
            return Some(live);
        }
        let hand = Hand {
            manager,
            now,
            dry_run: false,
        };
        match self.update(kind, &key, part, next, None, &hand) {
            Ok(object) => Some(object),
            Err(refusal) => {
                tracing::warn!(
                    kind = kind.kind,
                    name = key.1,
                    ?refusal,
                    "a controller's write was refused"
                );
                None
            }
        }
    }
}

fn preconditions(kind: &Kind, live: &Value, new: &Value) -> Result<(), Refusal> {
    let called = name(live);
    let wanted = uid(new);
    if !wanted.is_empty() && wanted != uid(live) {
        let why = format!(
            "Precondition failed: UID in precondition: {wanted}, UID in object meta: {}",
            uid(live)
        );
        return Err(Refusal::conflict(kind, called, &why));
    }
    let version = text(new, "/metadata/resourceVersion");
    if !version.is_empty() && version != text(live, "/metadata/resourceVersion") {
        return Err(Refusal::stale(kind, called));
    }
    if name(new) != called {
        return Err(Refusal::bad_request(format!(
            "the name of the object ({}) does not match the name on the URL ({called})",
            name(new)
        )));
    }
    Ok(())
}

/// Puts back what a write to that part may not change.
fn keep_system_fields(kind: &Kind, part: Part, live: &Value, mut new: Value) -> Result<Value, Refusal> {
    if part == Part::Scale {
        let wanted = new.pointer("/spec/replicas").cloned().unwrap_or(Value::Null);
        let mut next = live.clone();
        set(&mut next, &["spec", "replicas"], wanted);
        return Ok(next);
    }
    set(&mut new, &["apiVersion"], kind.api_version());
    set(&mut new, &["kind"], kind.kind);
    const KEPT: [&str; 8] = [
        "namespace",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generateName",
    ];
    for key in KEPT {
        match live.pointer(&format!("/metadata/{key}")) {
            Some(value) => set(&mut new, &["metadata", key], value.clone()),
            None => unset(&mut new, "/metadata", key),
        }
    }
    let kept: &[&str] = match part {
        Part::Main if kind.status && !kind.custom => &["status"],
        Part::Status => &["spec"],
        _ => &[],
    };
    for key in kept {
        match live.get(*key) {
            Some(value) => set(&mut new, &[key], value.clone()),
            None => unset(&mut new, "", key),
        }
    }
    if part == Part::Status {
        let labels = live.pointer("/metadata/labels").cloned();
        match labels {
            Some(labels) => set(&mut new, &["metadata", "labels"], labels),
            None => unset(&mut new, "/metadata", "labels"),
        }
    }
    Ok(new)
}

/// Spec counts, and for a Deployment object its annotations too (as its strategy in the API server has it);
/// for a custom resource all but metadata and status.
fn generation_moves(kind: &Kind, part: Part, live: &Value, next: &Value) -> bool {
    if !kind.generation || part == Part::Status {
        return false;
    }
    if kind.custom {
        let content = |object: &Value| {
            let mut object = object.clone();
            unset(&mut object, "", "metadata");
            object
        };
        return content(live) != content(next);
    }
    let annotations = |object: &Value| object.pointer("/metadata/annotations").cloned();
    live.get("spec") != next.get("spec")
        || (kind.kind == "Deployment" && annotations(live) != annotations(next))
}

fn manage_fields(
    kind: &Kind,
    part: Part,
    live: &Value,
    next: &mut Value,
    applied: Applied<'_>,
    hand: &Hand<'_>,
) {
    let time = stamp(hand.now);
    let api_version = kind.api_version();
    let writer = Writer {
        manager: hand.manager,
        operation: if applied.is_some() { "Apply" } else { "Update" },
        subresource: part.subresource(),
        time: &time,
        api_version: &api_version,
    };
    let given: Vec<Value> = list(next, "/metadata/managedFields")
        .iter()
        .filter(|entry| entry.as_object().is_some_and(|entry| !entry.is_empty()))
        .cloned()
        .collect();
    let entries = match applied {
        Some(applied) => fields::after_apply(&given, live, next, applied, &writer),
        None => fields::after_update(&given, live, next, &writer),
    };
    if entries.is_empty() {
        unset(next, "/metadata", "managedFields");
    } else {
        set(next, &["metadata", "managedFields"], entries);
    }
}

fn strip_status(kind: &Kind, object: &Value) -> Value {
    let mut plain = object.clone();
    if kind.status {
        unset(&mut plain, "", "status");
    }
    plain
}

/// `stringData` is written in plain and kept encoded.
fn encode_secret(object: &mut Value) {
    use base64::Engine;
    let Some(Value::Object(plain)) = object
        .as_object_mut()
        .and_then(|fields| fields.remove("stringData"))
    else {
        return;
    };
    for (key, value) in plain {
        let word = value.as_str().unwrap_or("");
        let encoded = base64::engine::general_purpose::STANDARD.encode(word);
        set(object, &["data", &key], encoded);
    }
}
