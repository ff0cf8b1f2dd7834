//! Events: written by controllers and kubelets, counted up when they repeat, shown under core `v1` and
//! under `events.k8s.io/v1`.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::json::{name, namespace, number, set, text, uid, unset};
use super::kinds::Kind;
use super::store::{State, stamp};

/// Something went as it should.
pub(crate) fn normal(
    state: &mut State,
    about: &Value,
    reason: &str,
    message: &str,
    from: &str,
    now: DateTime<Utc>,
) {
    write(state, about, "Normal", reason, message, from, now);
}

/// Something went wrong.
pub(crate) fn warn(
    state: &mut State,
    about: &Value,
    reason: &str,
    message: &str,
    from: &str,
    now: DateTime<Utc>,
) {
    write(state, about, "Warning", reason, message, from, now);
}

/// An event of the same kind about the same object is counted up instead of written again.
fn write(
    state: &mut State,
    about: &Value,
    kind: &str,
    reason: &str,
    message: &str,
    from: &str,
    now: DateTime<Utc>,
) {
    let events = Kind::named("events");
    let sum = format!("{}{reason}{message}", uid(about))
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    let called = format!("{}.{sum:016x}", name(about));
    if let Some(before) = state.get(events, namespace(about), &called) {
        let mut again = Value::clone(&before);
        set(&mut again, &["count"], number(&before, "/count") + 1);
        set(&mut again, &["lastTimestamp"], stamp(now));
        state.put(events, again);
        return;
    }
    let space = if namespace(about).is_empty() {
        "default"
    } else {
        namespace(about)
    };
    let uid_of_event = state.next_uid();
    state.put(
        events,
        json!({
            "apiVersion": "v1", "kind": "Event",
            "metadata": {"name": called, "namespace": space, "uid": uid_of_event, "creationTimestamp": stamp(now)},
            "involvedObject": {
                "apiVersion": about.get("apiVersion"), "kind": about.get("kind"), "name": name(about),
                "namespace": namespace(about), "uid": uid(about),
                "resourceVersion": text(about, "/metadata/resourceVersion"),
            },
            "type": kind, "reason": reason, "message": message, "count": 1,
            "firstTimestamp": stamp(now), "lastTimestamp": stamp(now), "eventTime": null,
            "source": {"component": from}, "reportingComponent": from, "reportingInstance": "",
        }),
    );
}

const PAIRS: [(&str, &str); 7] = [
    ("involvedObject", "regarding"),
    ("message", "note"),
    ("reportingComponent", "reportingController"),
    ("count", "deprecatedCount"),
    ("firstTimestamp", "deprecatedFirstTimestamp"),
    ("lastTimestamp", "deprecatedLastTimestamp"),
    ("source", "deprecatedSource"),
];

/// A core Event as `events.k8s.io/v1` shows it.
pub(crate) fn to_new(event: &Value) -> Value {
    renamed(event, "events.k8s.io/v1", PAIRS.into_iter())
}

/// An `events.k8s.io/v1` Event as the core group keeps it.
pub(crate) fn to_core(event: &Value) -> Value {
    renamed(event, "v1", PAIRS.into_iter().map(|(core, new)| (new, core)))
}

fn renamed(event: &Value, version: &str, pairs: impl Iterator<Item = (&'static str, &'static str)>) -> Value {
    let mut shown = event.clone();
    set(&mut shown, &["apiVersion"], version);
    for (from, to) in pairs {
        if let Some(value) = event.get(from).cloned() {
            unset(&mut shown, "", from);
            set(&mut shown, &[to], value);
        }
    }
    shown
}
