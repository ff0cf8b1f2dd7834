//! What the cluster's Events tell of deployments: they live for an hour, and are read once at the start.
//!
//! An Event of a controller bounds, it does not date: that the Deployment controller scaled a ReplicaSet up from zero
//! proves that its template was wanted by then. Why pods failed has no moment of its own. What a colleague's Tidemark
//! wrote is recorded: who and why, of exactly the deployment that carries the operation's mark.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{InferredDeployment, InferredHistory};
use crate::deployment::{Attribution, AttributionSource, Evidence, EvidenceKind, Moment, Moments};
use crate::failure::PodFailure;
use crate::ids::{OperationId, Uid};
use crate::workload::{RevisionKind, WorkloadKind};

/// The reason of the Event that an operation writes about its workload.
pub const OPERATION_EVENT: &str = "RolledBack";

/// The component that writes it.
pub const OPERATION_COMPONENT: &str = "tidemark";

const SCALED: &str = "ScalingReplicaSet";

/// Reasons of Events that say why a ReplicaSet or its pods did not come up.
const FAILURES: [&str; 7] = [
    "FailedCreate",
    "BackOff",
    "Failed",
    "Unhealthy",
    "FailedScheduling",
    "FailedMount",
    "FailedCreatePodSandBox",
];

/// An Event, as far as it tells of deployments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFacts {
    /// `involvedObject.kind`.
    pub kind: String,
    /// `involvedObject.name`.
    pub name: String,
    /// `involvedObject.uid`.
    pub uid: Uid,
    /// Its reason.
    pub reason: String,
    /// Its words.
    pub message: String,
    /// Who says so.
    pub component: String,
    /// When it came first.
    pub first: DateTime<Utc>,
    /// When it came last: those that repeat are counted up.
    pub last: DateTime<Utc>,
}

/// What an operation writes into its Event: who went back, why, and how it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationEvent {
    /// The Deployment object.
    pub workload: String,
    /// The version that was left.
    pub from: String,
    /// The version that came back.
    pub to: String,
    /// `good`, `bad` or `inconclusive`.
    pub verdict: String,
    /// Who.
    pub account: String,
    /// Why, if it was said.
    pub reason: Option<String>,
    /// The operation.
    pub operation: OperationId,
}

impl OperationEvent {
    /// The words of the Event.
    pub fn to_message(&self) -> String {
        let reason = self
            .reason
            .as_ref()
            .map(|reason| format!(" Reason: {reason}."))
            .unwrap_or_default();
        format!(
            "Tidemark rolled back {} from {} to {}: {}. By {}.{reason} Operation {}.",
            self.workload, self.from, self.to, self.verdict, self.account, self.operation
        )
    }

    /// Reads the words back; others, and words that were cut short, are none of ours.
    pub fn parse(message: &str) -> Option<Self> {
        let rest = message.strip_prefix("Tidemark rolled back ")?;
        let (workload, rest) = rest.split_once(" from ")?;
        let (from, rest) = rest.split_once(" to ")?;
        let (to, rest) = rest.split_once(": ")?;
        let (verdict, rest) = rest.split_once(". By ")?;
        let (said, operation) = rest.strip_suffix('.')?.rsplit_once(". Operation ")?;
        let (account, reason) = match said.split_once(". Reason: ") {
            Some((account, reason)) => (account, Some(reason.to_owned())),
            None => (said, None),
        };
        Some(Self {
            workload: workload.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            verdict: verdict.to_owned(),
            account: account.to_owned(),
            reason,
            operation: OperationId::new(operation),
        })
    }
}

/// The Events of a namespace that tell of deployments, by what they are about.
#[derive(Debug, Clone, Default)]
pub struct RecentEvents {
    of_workload: HashMap<Uid, Vec<EventFacts>>,
    /// By the name of what makes the pods, a ReplicaSet; those of its pods as well.
    of_maker: HashMap<String, Vec<EventFacts>>,
}

impl RecentEvents {
    /// Sorts what tells of deployments, and drops the rest. Of the failures of one maker of pods for one reason, which
    /// repeat with each pod, the last one is kept.
    pub fn of(events: impl IntoIterator<Item = EventFacts>) -> Self {
        let mut sorted = Self::default();
        sorted.extend(events);
        sorted
    }

    fn put(&mut self, event: EventFacts) {
        let is_failure = FAILURES.contains(&event.reason.as_str());
        if WorkloadKind::parse(&event.kind).is_some() {
            if scaled_up(&event).is_some() || operation_of(&event).is_some() {
                self.of_workload.entry(event.uid.clone()).or_default().push(event);
            }
        } else if is_failure && RevisionKind::parse(&event.kind).is_some() {
            self.put_failure(event.name.clone(), event);
        } else if is_failure
            && event.kind == "Pod"
            // A pod that is gone leaves its Events and its name, which begins with that of what made it.
            && let Some((maker, _)) = event.name.rsplit_once('-')
        {
            self.put_failure(maker.to_owned(), event);
        }
    }

    fn put_failure(&mut self, maker: String, event: EventFacts) {
        let known = self.of_maker.entry(maker).or_default();
        match known.iter_mut().find(|known| known.reason == event.reason) {
            Some(known) if known.last >= event.last => {}
            Some(known) => *known = event,
            None => known.push(event),
        }
    }
}

impl Extend<EventFacts> for RecentEvents {
    fn extend<I: IntoIterator<Item = EventFacts>>(&mut self, events: I) {
        events.into_iter().for_each(|event| self.put(event));
    }
}

/// What an Event tells of one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldByEvent {
    /// The deployment, by its place in the history.
    pub at: usize,
    /// The piece of evidence: taken down when the Event came last.
    pub evidence: Evidence,
    /// Who, from a colleague's operation.
    pub who: Option<Attribution>,
    /// Why, from a colleague's operation.
    pub why: Option<Attribution>,
}

/// What the Events tell of the deployments of the workload with that uid.
pub fn told_by_events(workload: &Uid, history: &InferredHistory, events: &RecentEvents) -> Vec<ToldByEvent> {
    let of_object = events
        .of_workload
        .get(workload)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let runs = &history.deployments;
    let mut told = starts(runs, of_object);
    told.extend(of_object.iter().filter_map(|event| recorded(runs, event)));
    for set in names(runs) {
        let failures = events.of_maker.get(set).into_iter().flatten();
        told.extend(failures.filter_map(|event| failure(runs, set, event)));
    }
    told
}

/// The names of the ReplicaSets, each once.
fn names(runs: &[InferredDeployment]) -> Vec<&str> {
    let mut names: Vec<&str> = runs.iter().filter_map(set_name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn set_name(run: &InferredDeployment) -> Option<&str> {
    run.kept_in.as_ref().map(|kept| kept.name.as_str())
}

/// Tightens starts that are known only as a range. Only what is wanted is scaled up from zero: such an Event after
/// the start of the deployment before, and before the start of the next one, is after this one's.
fn starts(runs: &[InferredDeployment], events: &[EventFacts]) -> Vec<ToldByEvent> {
    let mut told = Vec::new();
    let mut before: Option<DateTime<Utc>> = None;
    for (at, run) in runs.iter().enumerate() {
        let known = run.moments.started;
        let next = runs.get(at + 1).and_then(|next| next.moments.started);
        let mut latest = known.map(Moment::latest);
        if let Some(Moment::Between {
            earliest,
            latest: bound,
        }) = known
        {
            let fits = |time: &DateTime<Utc>| {
                *time < bound
                    && before.is_none_or(|before| *time > before)
                    && earliest.is_none_or(|earliest| *time > earliest)
                    && next.and_then(Moment::earliest).is_none_or(|next| *time < next)
            };
            let first = events
                .iter()
                .filter(|event| scaled_up(event) == set_name(run))
                .flat_map(|event| [event.first, event.last].map(|time| (time, event)))
                .filter(|(time, _)| fits(time))
                .min_by_key(|(time, _)| *time);
            if let Some((time, event)) = first {
                latest = Some(time);
                let started = Some(Moment::Between {
                    earliest,
                    latest: time,
                });
                told.push(ToldByEvent {
                    at,
                    evidence: evidence(EvidenceKind::Inferred, event, time, started),
                    who: None,
                    why: None,
                });
            }
        }
        before = latest.or(before);
    }
    told
}

/// The ReplicaSet that the Deployment controller scaled up from zero.
fn scaled_up(event: &EventFacts) -> Option<&str> {
    let rest = (event.reason == SCALED)
        .then(|| event.message.strip_prefix("Scaled up replica set "))
        .flatten()?;
    let (name, rest) = rest.split_once(' ')?;
    rest.starts_with("from 0 to ").then_some(name)
}

fn operation_of(event: &EventFacts) -> Option<OperationEvent> {
    (event.reason == OPERATION_EVENT && event.component == OPERATION_COMPONENT)
        .then(|| OperationEvent::parse(&event.message))
        .flatten()
}

/// Who and why, of the deployment that carries the operation's mark.
fn recorded(runs: &[InferredDeployment], event: &EventFacts) -> Option<ToldByEvent> {
    let written = operation_of(event)?;
    let at = runs
        .iter()
        .rposition(|run| run.operation.as_ref() == Some(&written.operation))?;
    let attribution = |text: String| Attribution {
        text,
        source: AttributionSource::Operation,
    };
    Some(ToldByEvent {
        at,
        evidence: evidence(EvidenceKind::Recorded, event, event.last, None),
        who: Some(attribution(written.account)),
        why: written.reason.map(attribution),
    })
}

/// Why pods of a ReplicaSet failed, of the run that it was in then.
fn failure(runs: &[InferredDeployment], set: &str, event: &EventFacts) -> Option<ToldByEvent> {
    let at = runs.iter().rposition(|run| {
        let start = run.moments.started.and_then(Moment::earliest);
        set_name(run) == Some(set) && start.is_none_or(|start| start <= event.last)
    })?;
    Some(ToldByEvent {
        at,
        evidence: evidence(EvidenceKind::Inferred, event, event.last, None),
        who: None,
        why: None,
    })
}

fn evidence(
    kind: EvidenceKind,
    event: &EventFacts,
    seen_at: DateTime<Utc>,
    started: Option<Moment>,
) -> Evidence {
    Evidence {
        kind,
        source: format!(
            "Event {} of {} {}: {}",
            event.reason, event.kind, event.name, event.message
        ),
        seen_at,
        moments: Moments {
            started,
            ..Moments::default()
        },
    }
}

/// Why pods did not come up, if the source of a piece of evidence is an Event that tells it.
pub fn failure_in(source: &str) -> Option<PodFailure> {
    let (reason, rest) = source.strip_prefix("Event ")?.split_once(" of ")?;
    let (_, message) = rest.split_once(": ")?;
    FAILURES.contains(&reason).then(|| PodFailure {
        reason: reason.to_owned(),
        message: message.to_owned(),
    })
}

#[cfg(test)]
mod tests;
