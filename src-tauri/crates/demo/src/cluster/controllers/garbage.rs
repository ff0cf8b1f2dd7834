//! The garbage collector and the namespace controller: what goes when its owner or its namespace went.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::super::json::{is_terminating, list, name, namespace, set, text, uid};
use super::super::kinds::{KINDS, Kind};
use super::super::store::State;
use super::super::write::{Hand, Part};
use super::{CONTROLLERS, owned_kinds};

/// One round, if anything went since the last.
pub(super) fn run(state: &mut State, now: DateTime<Utc>) {
    if !std::mem::take(&mut state.orphans) {
        return;
    }
    empty_namespaces(state, now);
    collect(state, now);
    finish_foreground(state, now);
}

fn collect(state: &mut State, now: DateTime<Utc>) {
    let living: HashSet<String> = KINDS
        .iter()
        .flat_map(|kind| state.all(kind).values())
        .filter(|object| !is_foreground(object))
        .map(|object| uid(object).to_owned())
        .collect();
    let hand = Hand {
        manager: CONTROLLERS,
        now,
        dry_run: false,
    };
    for kind in owned_kinds() {
        for object in state.snapshot(kind) {
            let owners = list(&object, "/metadata/ownerReferences");
            let orphan =
                !owners.is_empty() && owners.iter().all(|owner| !living.contains(text(owner, "/uid")));
            if orphan && !is_terminating(&object) {
                let key = (namespace(&object).to_owned(), name(&object).to_owned());
                let _ = state.delete(kind, &key, &json!({}), &hand);
            }
        }
    }
}

fn is_foreground(object: &Value) -> bool {
    is_terminating(object) && list(object, "/metadata/finalizers").contains(&json!("foregroundDeletion"))
}

fn finish_foreground(state: &mut State, now: DateTime<Utc>) {
    for kind in KINDS {
        for object in state
            .snapshot(kind)
            .into_iter()
            .filter(|object| is_foreground(object))
        {
            let waits = owned_kinds().any(|owned| {
                state.all(owned).values().any(|one| {
                    list(one, "/metadata/ownerReferences")
                        .iter()
                        .any(|owner| text(owner, "/uid") == uid(&object))
                })
            });
            if waits {
                state.orphans = true;
                continue;
            }
            state.change(kind, &object, Part::Main, CONTROLLERS, now, |object| {
                let mut rest = list(object, "/metadata/finalizers").to_vec();
                rest.retain(|finalizer| finalizer != "foregroundDeletion");
                set(object, &["metadata", "finalizers"], rest);
            });
        }
    }
}

fn empty_namespaces(state: &mut State, now: DateTime<Utc>) {
    let hand = Hand {
        manager: CONTROLLERS,
        now,
        dry_run: false,
    };
    for space in state
        .snapshot(Kind::named("namespaces"))
        .into_iter()
        .filter(|space| is_terminating(space))
    {
        let mut left = 0;
        for kind in KINDS
            .iter()
            .filter(|kind| kind.namespaced && !kind.is_new_event())
        {
            for object in state
                .snapshot(kind)
                .into_iter()
                .filter(|object| namespace(object) == name(&space))
            {
                let key = (namespace(&object).to_owned(), name(&object).to_owned());
                let _ = state.delete(kind, &key, &json!({}), &hand);
                left += usize::from(state.get(kind, &key.0, &key.1).is_some());
            }
        }
        if left == 0 {
            state.remove(Kind::named("namespaces"), "", name(&space));
        } else {
            state.orphans = true;
        }
    }
}
