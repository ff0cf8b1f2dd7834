//! From the revisions that a cluster keeps to deployments: what their numbers and times still tell, and what they don't.
//!
//! The rules are those of history.md, "Inferring from ReplicaSets". A revision's `creationTimestamp` is when its template
//! ran *first*; under which numbers it ran before its present one it lists, or the gaps between the others prove. Order is
//! by revision number, never by clock. What only bounds tell stays a range.
//!
//! Lacks on purpose: reading a cluster, and joining with what other sources tell (the ledger's part).

mod bounds;
mod cause;
pub mod events;
mod numbers;
mod order;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::deployment::{Attribution, DeploymentKind, Moments, RunningVersion, Status};
use crate::ids::{OperationId, TemplateHash, Uid};
use crate::workload::RevisionKind;

pub use order::by_revision;

/// The annotation of a workload and its revisions that names our operation.
pub const OPERATION_ANNOTATION: &str = "tidemark.dev/operation";

/// The annotation with the reason of a change.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// What an operation of any colleague's Tidemark left in the cluster: `{id, templateHash, generation}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationMark {
    /// The operation.
    pub id: OperationId,
    /// The template that it set: the mark sticks to later revisions, and counts only for this one.
    pub template: TemplateHash,
    /// The generation that it changed.
    pub generation: i64,
}

impl OperationMark {
    /// Reads the annotation's value; a value of another shape is none of ours.
    pub fn parse(annotation: &str) -> Option<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Shape {
            id: String,
            template_hash: String,
            generation: i64,
        }
        let shape: Shape = serde_json::from_str(annotation).ok()?;
        Some(Self {
            id: OperationId::new(shape.id),
            template: TemplateHash::new(shape.template_hash),
            generation: shape.generation,
        })
    }

    /// The annotation's value.
    pub fn to_annotation(&self) -> String {
        serde_json::json!({
            "id": self.id.as_str(),
            "templateHash": self.template.as_str(),
            "generation": self.generation,
        })
        .to_string()
    }
}

/// What a template says, once it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFacts {
    /// Its hash.
    pub hash: TemplateHash,
    /// Its hash without the mark of a restart.
    pub without_restart: TemplateHash,
    /// What it runs.
    pub version: RunningVersion,
}

/// The object that keeps a revision of a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionObject {
    /// Its kind.
    pub kind: RevisionKind,
    /// Its uid.
    pub uid: Uid,
    /// Its name.
    pub name: String,
}

/// What a revision tells of the numbers that it had before its present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// It lists them, and is annotated anew with each number: its annotations speak of its newest run.
    Listed(Vec<i64>),
    /// It lists none, and keeps the annotations that it was made with: they speak of its first run.
    Unlisted {
        /// When its present number was written, if that was after it was made: it came back, at the latest then.
        renumbered: Option<DateTime<Utc>>,
    },
}

/// What a revision that the cluster keeps tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionFacts {
    /// The object that keeps it.
    pub object: RevisionObject,
    /// Its present number; `None` until the controller has numbered it.
    pub revision: Option<i64>,
    /// The numbers that it had before.
    pub earlier: Earlier,
    /// `metadata.creationTimestamp`.
    pub created: DateTime<Utc>,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<String>,
    /// The mark of one of our operations, perhaps an inherited one.
    pub operation: Option<OperationMark>,
    /// Its template, if it was read.
    pub template: Option<TemplateFacts>,
    /// Ready pods (`status.readyReplicas`), if known.
    pub ready: Option<u32>,
}

/// The manager that owns `spec.template` in `metadata.managedFields`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateManager {
    /// Its name: "kubectl-set", "helm", "argocd-controller".
    pub name: String,
    /// Whether it applies (server-side apply): its next apply brings its own template back.
    pub applies: bool,
    /// When it last wrote anything: an upper bound of when it wrote the template.
    pub time: Option<DateTime<Utc>>,
}

/// The condition `Progressing` of a Deployment object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressingCondition {
    /// `NewReplicaSetAvailable`, `ProgressDeadlineExceeded`, …
    pub reason: String,
    /// `lastUpdateTime`.
    pub updated: Option<DateTime<Utc>>,
    /// The ReplicaSet that its message names: the condition outlives the template that it speaks of.
    pub replica_set: Option<String>,
}

impl ProgressingCondition {
    /// The ReplicaSet that the controller's message names: `ReplicaSet "checkout-7d9f6c5b8c" has timed out progressing.`
    pub fn replica_set_in(message: &str) -> Option<String> {
        let name = message.strip_prefix("ReplicaSet \"")?.split('"').next()?;
        Some(name.to_owned())
    }

    /// Whether it speaks of another ReplicaSet than this one; a message that names none may speak of any.
    pub fn is_of_another(&self, replica_set: Option<&str>) -> bool {
        self.replica_set
            .as_deref()
            .zip(replica_set)
            .is_some_and(|(named, own)| named != own)
    }
}

/// What a workload tells of its newest deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadFacts {
    /// The number of its newest revision, as the workload has it.
    pub revision: Option<i64>,
    /// Its template.
    pub template: TemplateFacts,
    /// The mark of one of our operations, perhaps for an earlier template.
    pub operation: Option<OperationMark>,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<String>,
    /// Who owns the template.
    pub manager: Option<TemplateManager>,
    /// The condition `Progressing`, where it has one.
    pub progressing: Option<ProgressingCondition>,
    /// Whether the controller has seen the newest generation (`observedGeneration ≥ generation`).
    pub observed: bool,
    /// Whether its counts say, for the newest generation, that every wanted pod is updated and available.
    pub complete: bool,
}

/// An earlier run of a template that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierRun {
    /// Under this number.
    Numbered(i64),
    /// There was one, and nothing tells its number.
    Untold,
}

impl EarlierRun {
    /// Its number, if anything tells it.
    pub fn revision(self) -> Option<i64> {
        match self {
            Self::Numbered(revision) => Some(revision),
            Self::Untold => None,
        }
    }
}

/// A deployment as the revisions tell it; its evidence is *inferred*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferredDeployment {
    /// The revision number under which it ran; `None`: the controller has not numbered it yet.
    pub revision: Option<i64>,
    /// The object that tells of it; `None`: there is none yet.
    pub kept_in: Option<RevisionObject>,
    /// Its template, if it was read.
    pub template: Option<TemplateHash>,
    /// What it runs, if the template was read.
    pub version: Option<RunningVersion>,
    /// What it changed against the deployment before; `None`: a template of the two was not read.
    pub kind: Option<DeploymentKind>,
    /// What is known of its moments.
    pub moments: Moments,
    /// How it is, or ended.
    pub status: Status,
    /// The run of the same template last before: this deployment took the workload back.
    pub returned_to: Option<EarlierRun>,
    /// Our operation that made it.
    pub operation: Option<OperationId>,
    /// Who: the template's manager, for the newest only.
    pub who: Option<Attribution>,
    /// Why: a change-cause of its own, never an inherited one.
    pub why: Option<Attribution>,
    /// Whether it is what the workload wants now.
    pub current: bool,
}

/// Revision numbers of which nothing tells any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingRevisions {
    /// The first number.
    pub first: i64,
    /// The last number.
    pub last: i64,
    /// They ran after this time, if anything bounds it.
    pub earliest: Option<DateTime<Utc>>,
    /// They ran before this time.
    pub latest: DateTime<Utc>,
}

/// What the revisions of a workload tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InferredHistory {
    /// Oldest first.
    pub deployments: Vec<InferredDeployment>,
    /// Numbers that are pruned, oldest first.
    pub missing: Vec<MissingRevisions>,
}

impl InferredHistory {
    /// How many deployments after revision `last_seen` nothing tells of: "2 deployments while Tidemark was
    /// closed, times unknown". Those that revisions still tell of are not counted.
    pub fn untold_since(&self, last_seen: i64) -> u32 {
        let untold: i64 = self
            .missing
            .iter()
            .map(|gap| (gap.last - gap.first.max(last_seen + 1) + 1).max(0))
            .sum();
        u32::try_from(untold).unwrap_or(u32::MAX)
    }
}

/// Infers the deployments of a workload. `now` is the cluster's time, the upper bound of everything.
///
/// Revisions without a number are left out, unless one is the newest, which the controller has yet to number.
pub fn infer(workload: &WorkloadFacts, revisions: &[RevisionFacts], now: DateTime<Utc>) -> InferredHistory {
    let workload = &without_old_news(workload, revisions);
    let runs = runs(workload, revisions);
    let started = bounds::starts(&runs, workload, now);
    let mut deployments: Vec<InferredDeployment> = runs
        .iter()
        .enumerate()
        .map(|(at, run)| InferredDeployment {
            revision: run.number,
            kept_in: run.revision.map(|revision| revision.object.clone()),
            template: run.template().map(|template| template.hash.clone()),
            version: run.template().map(|template| template.version.clone()),
            kind: kind(&runs, at),
            moments: Moments {
                started: Some(started[at]),
                ..Moments::default()
            },
            status: Status::Unknown,
            returned_to: returned_to(&runs, at),
            operation: cause::operation(run),
            who: run.current.then(|| cause::who(workload)).flatten(),
            why: cause::why(&runs, at),
            current: run.current,
        })
        .collect();
    bounds::outcomes(&runs, workload, now, &mut deployments);
    InferredHistory {
        missing: bounds::missing(&deployments, now),
        deployments,
    }
}

/// The object without a condition that still speaks of the template before: right after a rollback the one of the
/// deployment that failed is left, later than the start of anything that it could be held against.
fn without_old_news(workload: &WorkloadFacts, revisions: &[RevisionFacts]) -> WorkloadFacts {
    let own = newest(workload, revisions).map(|revision| revision.object.name.as_str());
    let speaks_of_own = |condition: &ProgressingCondition| !condition.is_of_another(own);
    WorkloadFacts {
        progressing: workload.progressing.clone().filter(speaks_of_own),
        ..workload.clone()
    }
}

/// One run of a template under one number.
#[derive(Debug, Clone, Copy)]
struct Run<'a> {
    number: Option<i64>,
    /// What the cluster keeps of it.
    revision: Option<&'a RevisionFacts>,
    /// The workload, for the newest run.
    workload: Option<&'a WorkloadFacts>,
    /// The revision's first run: its `creationTimestamp` is this run's start.
    first: bool,
    /// The revision's newest run.
    last: bool,
    current: bool,
}

impl<'a> Run<'a> {
    fn template(&self) -> Option<&'a TemplateFacts> {
        let of_revision = self.revision.and_then(|revision| revision.template.as_ref());
        of_revision.or_else(|| self.workload.map(|workload| &workload.template))
    }

    /// The revision, if its annotations speak of this run.
    fn annotated(&self) -> Option<&'a RevisionFacts> {
        self.revision.filter(|revision| match revision.earlier {
            Earlier::Listed(_) => self.last,
            Earlier::Unlisted { .. } => self.first,
        })
    }
}

fn runs<'a>(workload: &'a WorkloadFacts, revisions: &'a [RevisionFacts]) -> Vec<Run<'a>> {
    let newest = newest(workload, revisions);
    let is_newest = |one: &RevisionFacts| newest.is_some_and(|newest| newest.object.uid == one.object.uid);
    let mut runs: Vec<Run<'a>> = Vec::new();
    for (revision, earlier) in revisions
        .iter()
        .zip(numbers::earlier(revisions))
        .filter(|(revision, _)| revision.revision.is_some() || is_newest(revision))
    {
        let count = earlier.numbers.len() + 1;
        let numbers = earlier
            .numbers
            .iter()
            .copied()
            .map(Some)
            .chain([revision.revision]);
        runs.extend(numbers.enumerate().map(|(at, number)| Run {
            number,
            revision: Some(revision),
            workload: (at + 1 == count && is_newest(revision)).then_some(workload),
            first: at == 0 && earlier.with_first,
            last: at + 1 == count,
            current: at + 1 == count && is_newest(revision),
        }));
    }
    runs.sort_by_key(|run| {
        (
            run.number.unwrap_or(i64::MAX),
            run.revision.map(|revision| revision.created),
        )
    });
    if newest.is_none() {
        runs.push(Run {
            number: None,
            revision: None,
            workload: Some(workload),
            first: false,
            last: true,
            current: true,
        });
    }
    runs
}

/// The revision of the template that the workload wants now; `None` if it has yet to be made.
fn newest<'a>(workload: &WorkloadFacts, revisions: &'a [RevisionFacts]) -> Option<&'a RevisionFacts> {
    let same = |revision: &&RevisionFacts| {
        revision
            .template
            .as_ref()
            .is_some_and(|template| template.hash == workload.template.hash)
    };
    if let Some(found) = revisions
        .iter()
        .filter(same)
        .max_by_key(|revision| revision.revision)
    {
        return Some(found);
    }
    // Templates that were not read yet can't be told apart: the number that the workload has can.
    revisions
        .iter()
        .filter(|revision| revision.template.is_none() && workload.observed)
        .find(|revision| revision.revision.is_some() && revision.revision == workload.revision)
}

fn kind(runs: &[Run<'_>], at: usize) -> Option<DeploymentKind> {
    let own = runs[at].template()?;
    let Some(before) = runs[..at].last() else {
        return Some(DeploymentKind::Version);
    };
    let before = before.template()?;
    Some(if own.version != before.version {
        DeploymentKind::Version
    } else if own.without_restart == before.without_restart {
        DeploymentKind::Restart
    } else {
        DeploymentKind::Configuration
    })
}

fn returned_to(runs: &[Run<'_>], at: usize) -> Option<EarlierRun> {
    let revision = runs[at].revision?;
    let is_same = |run: &&Run<'_>| {
        run.revision
            .is_some_and(|other| other.object.uid == revision.object.uid)
    };
    match runs[..at].iter().rfind(is_same) {
        Some(before) => before.number.map(EarlierRun::Numbered),
        None => (!runs[at].first).then_some(EarlierRun::Untold),
    }
}

#[cfg(test)]
mod tests;
