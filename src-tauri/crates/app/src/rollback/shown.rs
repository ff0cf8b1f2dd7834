//! An operation as the window shows it, from its intent and steps.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::operation::{OperationState, OperationStep, Outcome, StepKind, Verdict};
use domain::workspace::Tier;
use ledger::OperationRecord;
use serde_json::{Map, Value};
use wire::rollback::{Operation, OperationStateWord, OperationStep as WireStep, VerdictWord};
use wire::{EpochMs, epoch_ms};

use super::intent::IntentContent;

/// An operation of the ledger. How one stands that has no end there is known once it was looked at.
pub(crate) fn operation(record: &OperationRecord) -> Operation {
    let kept = &record.operation;
    let content = IntentContent::read(&kept.intent);
    let first = kept.steps.first().map(|step| step.at);
    let confirmed_at = content
        .as_ref()
        .and_then(IntentContent::confirmed_at)
        .or(first)
        .unwrap_or(DateTime::UNIX_EPOCH);
    let mut operation = blank(
        kept.id.as_str(),
        record.service.as_str(),
        record.environment.as_str(),
        content.as_ref(),
        confirmed_at,
    );
    operation.number = kept.number as f64;
    for step in &kept.steps {
        take(&mut operation, step);
    }
    operation.state = state(&kept.state());
    operation
}

/// An operation before its first step.
pub(crate) fn blank(
    id: &str,
    service: &str,
    environment: &str,
    content: Option<&IntentContent>,
    confirmed_at: DateTime<Utc>,
) -> Operation {
    let text = |of: fn(&IntentContent) -> &str| content.map(of).unwrap_or_default().to_owned();
    let tier = content
        .and_then(|content| Tier::parse(&content.tier))
        .unwrap_or(Tier::Production);
    Operation {
        id: id.to_owned(),
        number: 0.0,
        service: service.to_owned(),
        environment: environment.to_owned(),
        tier: crate::workspace_draft::tier(tier),
        guard: content.is_some_and(|content| content.guard),
        cluster: text(|content| &content.cluster),
        context: text(|content| &content.context),
        namespace: text(|content| &content.namespace),
        kind: text(|content| &content.kind),
        workload: text(|content| &content.name),
        account: text(|content| &content.account),
        from_version: text(|content| &content.from_version),
        to_version: text(|content| &content.to_version),
        state: OperationStateWord::Preparing,
        verdict: None,
        code: None,
        facts: BTreeMap::new(),
        reason: content.and_then(|content| content.reason.clone()),
        confirmed_at: epoch_ms(confirmed_at),
        cancel_until: None,
        sent_at: None,
        rolled_out_at: None,
        verify_until: None,
        ended_at: None,
        steps: Vec::new(),
        pods: Vec::new(),
        desired: content.map_or(0, |content| content.replicas),
        ready: 0,
        revision: None,
        usual: None,
        undoable: false,
        undo_of: content
            .and_then(|content| content.undo_of)
            .map(|number| number as f64),
        digest: text(|content| &content.digest),
    }
}

/// Takes a step into what is shown.
pub(crate) fn take(operation: &mut Operation, step: &OperationStep) {
    let at: EpochMs = epoch_ms(step.at);
    let facts = facts(&step.facts);
    match step.kind {
        StepKind::Sent => operation.sent_at = Some(at),
        StepKind::Accepted | StepKind::Recovered => {
            operation.undoable = true;
            operation.revision = facts.get("revision").and_then(|revision| revision.parse().ok());
        }
        StepKind::RolledOut => {
            // Who finds it done later knows no more than who saw it.
            let found = rolled_out_at(at, facts.get("since"), operation.sent_at);
            operation.rolled_out_at = operation.rolled_out_at.or(found);
        }
        StepKind::Verified => {
            operation.verdict = facts
                .get("verdict")
                .and_then(|word| Verdict::parse(word))
                .map(verdict);
            operation.code = facts.get("code").cloned();
            operation.facts = facts.clone();
        }
        StepKind::Failed | StepKind::Superseded => {
            operation.code = facts.get("code").cloned();
            operation.facts = facts.clone();
        }
        StepKind::Intent
        | StepKind::Replanned
        | StepKind::DryRun
        | StepKind::Progress
        | StepKind::ManagerDropped
        | StepKind::Traced
        | StepKind::Cancelled
        | StepKind::NeverArrived => {}
    }
    if ends(step.kind) {
        operation.ended_at = Some(at);
    }
    operation.steps.push(WireStep {
        kind: step.kind.as_str().to_owned(),
        at,
        facts,
    });
}

/// When the rollout was done: as it was noted, or, where it was found done, since when the cluster says so. A time before
/// the patch is none of this rollout's.
fn rolled_out_at(noted: EpochMs, found: Option<&String>, sent: Option<EpochMs>) -> Option<EpochMs> {
    let Some(since) = found else {
        return Some(noted);
    };
    let since = epoch_ms(since.parse::<DateTime<Utc>>().ok()?);
    sent.is_none_or(|sent| since >= sent).then_some(since)
}

fn ends(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Verified
            | StepKind::Failed
            | StepKind::Cancelled
            | StepKind::Superseded
            | StepKind::NeverArrived
    )
}

/// Facts as texts: the window's words take nothing else.
fn facts(facts: &Map<String, Value>) -> BTreeMap<String, String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    facts
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

pub(crate) fn verdict(verdict: Verdict) -> VerdictWord {
    match verdict {
        Verdict::Good => VerdictWord::Good,
        Verdict::Bad => VerdictWord::Bad,
        Verdict::Inconclusive => VerdictWord::Inconclusive,
    }
}

fn state(state: &OperationState) -> OperationStateWord {
    match state {
        OperationState::Intended
        | OperationState::Sent
        | OperationState::RollingOut
        | OperationState::Verifying => OperationStateWord::Looking,
        OperationState::Ended(Outcome::Verified(_)) => OperationStateWord::Verified,
        OperationState::Ended(Outcome::Failed(_)) => OperationStateWord::Failed,
        OperationState::Ended(Outcome::Cancelled) => OperationStateWord::Cancelled,
        OperationState::Ended(Outcome::Superseded) => OperationStateWord::Superseded,
        OperationState::Ended(Outcome::NeverArrived) => OperationStateWord::NeverArrived,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_rollout_that_was_found_done_only_the_cluster_knows_the_moment() {
        let at = |second: i64| epoch_ms(DateTime::from_timestamp(second, 0).unwrap());
        let table = [
            (None, Some(at(90))),
            (Some("1970-01-01T00:00:42+00:00"), Some(at(42))),
            (Some("1970-01-01T00:00:09+00:00"), None),
            (Some("unknown"), None),
        ];
        for (since, expected) in table {
            let mut operation = blank("one", "checkout", "prod", None, DateTime::UNIX_EPOCH);
            let facts = since.map(|since| ("since".to_owned(), Value::from(since)));
            let step = |kind, second: i64, facts| OperationStep {
                kind,
                at: DateTime::from_timestamp(second, 0).unwrap(),
                facts,
            };
            take(&mut operation, &step(StepKind::Sent, 10, Map::new()));
            let found = facts.into_iter().collect();
            take(&mut operation, &step(StepKind::RolledOut, 90, found));
            assert_eq!(operation.rolled_out_at, expected, "{since:?}");
            let seen = expected.unwrap_or(at(100));
            take(&mut operation, &step(StepKind::RolledOut, 100, Map::new()));
            assert_eq!(operation.rolled_out_at, Some(seen), "the first that is known");
        }
    }
}
