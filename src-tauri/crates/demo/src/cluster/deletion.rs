//! Deletion as the API server carries it out: preconditions, grace for pods, finalizers, and what
//! becomes of dependents.

use serde_json::{Value, json};

use super::json::{is_terminating, list, name, number, set, text, uid};
use super::kinds::Kind;
use super::status::Refusal;
use super::store::{Key, State, stamp};
use super::write::{Hand, Part};

impl State {
    /// Deletes an object, or begins to.
    pub fn delete(
        &mut self,
        kind: &'static Kind,
        key: &Key,
        options: &Value,
        hand: &Hand<'_>,
    ) -> Result<Value, Refusal> {
        let live = self
            .get(kind, &key.0, &key.1)
            .ok_or_else(|| Refusal::not_found(kind, &key.1))?;
        delete_preconditions(kind, &live, options)?;
        if hand.dry_run {
            return Ok(deleted(kind, &live));
        }
        if text(options, "/propagationPolicy") == "Orphan" {
            self.orphan_dependents(uid(&live), hand);
        }
        let mut going = Value::clone(&live);
        let grace = grace_seconds(kind, &live, options);
        if text(options, "/propagationPolicy") == "Foreground" {
            let mut finalizers = list(&going, "/metadata/finalizers").to_vec();
            finalizers.push("foregroundDeletion".into());
            set(&mut going, &["metadata", "finalizers"], finalizers);
        }
        let held = !list(&going, "/metadata/finalizers").is_empty() || kind.kind == "Namespace";
        if grace == 0 && !held {
            self.remove(kind, &key.0, &key.1);
            return Ok(deleted(kind, &live));
        }
        if is_terminating(&live) {
            return Ok(going);
        }
        set(
            &mut going,
            &["metadata", "deletionTimestamp"],
            stamp(hand.now + chrono::Duration::seconds(grace)),
        );
        set(&mut going, &["metadata", "deletionGracePeriodSeconds"], grace);
        if kind.generation {
            set(
                &mut going,
                &["metadata", "generation"],
                number(&live, "/metadata/generation") + 1,
            );
        }
        if kind.kind == "Namespace" {
            set(&mut going, &["status", "phase"], "Terminating");
        }
        self.orphans = true;
        Ok(Value::clone(&self.put(kind, going)))
    }

    fn orphan_dependents(&mut self, owner: &str, hand: &Hand<'_>) {
        for kind in super::controllers::owned_kinds() {
            for object in self.snapshot(kind) {
                let owners = list(&object, "/metadata/ownerReferences");
                if owners.iter().any(|one| text(one, "/uid") == owner) {
                    let kept: Vec<Value> = owners
                        .iter()
                        .filter(|one| text(one, "/uid") != owner)
                        .cloned()
                        .collect();
                    self.change(
                        kind,
                        &object,
                        Part::Main,
                        "kube-controller-manager",
                        hand.now,
                        |object| {
                            set(object, &["metadata", "ownerReferences"], kept);
                        },
                    );
                }
            }
        }
    }
}

/// The seconds a Pod is given; everything else goes at once. A pod that no node has yet goes at once too.
fn grace_seconds(kind: &Kind, live: &Value, options: &Value) -> i64 {
    if kind.kind != "Pod" || text(live, "/spec/nodeName").is_empty() {
        return 0;
    }
    options
        .get("gracePeriodSeconds")
        .and_then(Value::as_i64)
        .unwrap_or_else(|| number(live, "/spec/terminationGracePeriodSeconds"))
}

fn deleted(kind: &Kind, live: &Value) -> Value {
    if kind.kind == "Pod" {
        return live.clone();
    }
    let mut details = json!({"name": name(live), "kind": kind.plural, "uid": uid(live)});
    if !kind.group.is_empty() {
        set(&mut details, &["group"], kind.group);
    }
    json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details})
}

fn delete_preconditions(kind: &Kind, live: &Value, options: &Value) -> Result<(), Refusal> {
    let wanted = text(options, "/preconditions/uid");
    if !wanted.is_empty() && wanted != uid(live) {
        let why = format!(
            "the UID in the precondition ({wanted}) does not match the UID in record ({}). The object might have been deleted and then recreated",
            uid(live)
        );
        return Err(Refusal::conflict(kind, name(live), &why));
    }
    let version = text(options, "/preconditions/resourceVersion");
    let there = text(live, "/metadata/resourceVersion");
    if !version.is_empty() && version != there {
        let why = format!(
            "the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({there}). The object might have been modified"
        );
        return Err(Refusal::conflict(kind, name(live), &why));
    }
    Ok(())
}
