//! Watches: the changes after a revision as lines of JSON, with bookmarks, and 410 when it is too old.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use super::Inner;
use super::listing::{shape, shape_event};
use super::request::{Form, Request, Target};
use super::select::Selection;
use super::status::{Refusal, RefusalBody};
use super::store::{Change, ChangeKind, State};

/// The lines of a watch.
pub(crate) type Lines = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send>>;

/// An open watch.
pub(crate) struct Watch {
    inner: Arc<Inner>,
    changed: watch::Receiver<u64>,
    target: Target,
    selection: Selection,
    form: Form,
    bookmarks: bool,
    at: u64,
    waiting: VecDeque<Bytes>,
    ends: Option<Instant>,
    over: bool,
}

/// Opens a watch: what is there now comes first unless a revision is given.
pub(crate) fn open(
    inner: &Arc<Inner>,
    state: &State,
    request: &Request,
    target: Target,
    cut: Option<Duration>,
) -> Result<Lines, Refusal> {
    let selection = Selection::parse(
        target.kind,
        request.parameter("labelSelector"),
        request.parameter("fieldSelector"),
    )?;
    check_initial(request)?;
    let timeout = request
        .parameter("timeoutSeconds")
        .parse()
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs);
    let mut watch = Watch {
        inner: Arc::clone(inner),
        changed: inner.changed.subscribe(),
        target,
        selection,
        form: request.form(),
        bookmarks: request.flag("allowWatchBookmarks"),
        at: state.revision(),
        waiting: VecDeque::new(),
        ends: [timeout, cut]
            .into_iter()
            .flatten()
            .min()
            .map(|after| Instant::now() + after),
        over: false,
    };
    let wanted = request.parameter("resourceVersion");
    if request.flag("sendInitialEvents") {
        watch.send_present(state);
        watch.bookmark(true);
    } else if wanted.is_empty() || wanted == "0" {
        watch.send_present(state);
    } else {
        watch.at = wanted.parse().map_err(|_| {
            Refusal::bad_request(format!(
                "Invalid value: {wanted:?}: strconv.ParseUint: parsing {wanted:?}: invalid syntax"
            ))
        })?;
        if watch.at < state.floor() {
            watch.expire(state);
        }
    }
    Ok(Box::pin(futures::stream::unfold(watch, |mut watch| async move {
        watch.next().await.map(|line| (Ok(line), watch))
    })))
}

/// `sendInitialEvents` goes with `resourceVersionMatch=NotOlderThan` and with a watch alone.
fn check_initial(request: &Request) -> Result<(), Refusal> {
    if request.query.contains_key("sendInitialEvents")
        && request.parameter("resourceVersionMatch") != "NotOlderThan"
    {
        return Err(Refusal::status(
            422,
            "Invalid",
            "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
            None,
        ));
    }
    Ok(())
}

impl Watch {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(line) = self.waiting.pop_front() {
                return Some(line);
            }
            if self.over {
                return None;
            }
            self.changed.mark_unchanged();
            self.read_changes();
            if !self.waiting.is_empty() {
                continue;
            }
            let pause = tokio::time::sleep(self.inner.options.pace.bookmark);
            let end = async {
                match self.ends {
                    Some(end) => tokio::time::sleep_until(end).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = self.changed.changed() => self.over = changed.is_err(),
                () = pause => self.bookmark(false),
                () = end => self.over = true,
            }
        }
    }

    fn send_present(&mut self, state: &State) {
        for object in state.all(self.target.kind.stored_as()).values() {
            if self.takes(object) {
                self.line("ADDED", object);
            }
        }
    }

    fn read_changes(&mut self) {
        let inner = Arc::clone(&self.inner);
        let state = inner.lock();
        let Some(changes) = state.changes_after(self.at) else {
            return self.expire(&state);
        };
        for change in changes {
            self.tell(change);
        }
        self.at = self.at.max(state.revision());
    }

    fn tell(&mut self, change: &Change) {
        if !std::ptr::eq(change.kind, self.target.kind.stored_as()) {
            return;
        }
        let before = change.before.as_ref().is_some_and(|before| self.takes(before));
        let after = change.what != ChangeKind::Deleted && self.takes(&change.object);
        match (before, after) {
            (true, true) => self.line("MODIFIED", &change.object),
            (false, true) => self.line("ADDED", &change.object),
            (true, false) => {
                let mut last = Value::clone(change.before.as_ref().unwrap_or(&change.object));
                super::json::set(
                    &mut last,
                    &["metadata", "resourceVersion"],
                    change.revision.to_string(),
                );
                self.line("DELETED", &last);
            }
            (false, false) => {}
        }
    }

    fn takes(&self, object: &Value) -> bool {
        (self.target.namespace.is_empty() || super::json::namespace(object) == self.target.namespace)
            && (self.target.name.is_empty() || super::json::name(object) == self.target.name)
            && self.selection.takes(&shape_event(self.target.kind, object))
    }

    fn line(&mut self, what: &str, object: &Value) {
        let object = shape(self.target.kind, object, self.form);
        self.waiting.push_back(Bytes::from(format!(
            "{}\n",
            json!({"type": what, "object": object})
        )));
    }

    fn bookmark(&mut self, initial_end: bool) {
        if !self.bookmarks && !initial_end {
            return;
        }
        let (kind, version) = match self.form {
            Form::Whole => (self.target.kind.kind, self.target.kind.api_version()),
            Form::Metadata => ("PartialObjectMetadata", "meta.k8s.io/v1".to_owned()),
        };
        let mut object = json!({
            "kind": kind, "apiVersion": version,
            "metadata": {"resourceVersion": self.at.to_string(), "creationTimestamp": null},
        });
        if initial_end {
            super::json::set(
                &mut object,
                &["metadata", "annotations", "k8s.io/initial-events-end"],
                "true",
            );
        }
        self.waiting.push_back(Bytes::from(format!(
            "{}\n",
            json!({"type": "BOOKMARK", "object": object})
        )));
    }

    fn expire(&mut self, state: &State) {
        let refusal = Refusal::expired(format!(
            "too old resource version: {} ({})",
            self.at,
            state.floor()
        ));
        let RefusalBody::Status(status) = refusal.body else {
            return;
        };
        self.waiting.push_back(Bytes::from(format!(
            "{}\n",
            json!({"type": "ERROR", "object": status})
        )));
        self.over = true;
    }
}
