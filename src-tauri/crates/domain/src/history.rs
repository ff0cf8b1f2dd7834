//! From ReplicaSets to deployments: what their numbers and times still tell, and what they don't.
//!
//! The rules are those of history.md, "Inferring from ReplicaSets". A ReplicaSet's `creationTimestamp` is when
//! its template ran *first*; `deployment.kubernetes.io/revision-history` lists the numbers under which it ran
//! before its present one. Order is by revision number, never by clock. What only bounds tell stays a range.
//!
//! Lacks on purpose: reading a cluster, and joining with what other sources tell (the ledger's part).

mod bounds;
mod cause;
pub mod events;
mod order;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::deployment::{Attribution, DeploymentKind, Moments, RunningVersion, Status};
use crate::ids::{OperationId, TemplateHash, Uid};

pub use order::by_revision;

/// The annotation of a Deployment object and its ReplicaSets that names our operation.
pub const OPERATION_ANNOTATION: &str = "tidemark.dev/operation";

/// The annotation with the reason of a change.
pub const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

/// What an operation of any colleague's Tidemark left in the cluster: `{id, templateHash, generation}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationMark {
    /// The operation.
    pub id: OperationId,
    /// The template that it set: the mark sticks to later ReplicaSets, and counts only for this one.
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

/// What a ReplicaSet's template says, once it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFacts {
    /// Its hash.
    pub hash: TemplateHash,
    /// Its hash without the mark of a restart.
    pub without_restart: TemplateHash,
    /// What it runs.
    pub version: RunningVersion,
}

/// What a ReplicaSet tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplicaSetFacts {
    /// Its uid.
    pub uid: Uid,
    /// Its name.
    pub name: String,
    /// `deployment.kubernetes.io/revision`; `None` until the controller has numbered it.
    pub revision: Option<i64>,
    /// `deployment.kubernetes.io/revision-history`: the numbers that it had before.
    pub revision_history: Vec<i64>,
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

/// What a Deployment object tells of its newest deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentFacts {
    /// `deployment.kubernetes.io/revision`.
    pub revision: Option<i64>,
    /// Its template.
    pub template: TemplateFacts,
    /// The mark of one of our operations, perhaps for an earlier template.
    pub operation: Option<OperationMark>,
    /// `kubernetes.io/change-cause`.
    pub change_cause: Option<String>,
    /// Who owns the template.
    pub manager: Option<TemplateManager>,
    /// The condition `Progressing`.
    pub progressing: Option<ProgressingCondition>,
    /// Whether the controller has seen the newest generation (`observedGeneration ≥ generation`).
    pub observed: bool,
    /// `spec.replicas`.
    pub wanted: u32,
    /// `status.updatedReplicas`.
    pub updated: u32,
    /// `status.availableReplicas`.
    pub available: u32,
}

/// A deployment as ReplicaSets tell it; its evidence is *inferred*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InferredDeployment {
    /// The revision number under which it ran; `None`: the controller has not numbered it yet.
    pub revision: Option<i64>,
    /// The ReplicaSet that tells of it: uid and name. `None`: it has none yet.
    pub replica_set: Option<(Uid, String)>,
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
    /// The number under which the same ReplicaSet ran last before: this deployment took the workload back.
    pub returned_to: Option<i64>,
    /// Our operation that made it.
    pub operation: Option<OperationId>,
    /// Who: the template's manager, for the newest only.
    pub who: Option<Attribution>,
    /// Why: a change-cause of its own, never an inherited one.
    pub why: Option<Attribution>,
    /// Whether it is what the Deployment object wants now.
    pub current: bool,
}

/// Revision numbers of which no ReplicaSet tells any more.
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

/// What the ReplicaSets of a Deployment object tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InferredHistory {
    /// Oldest first.
    pub deployments: Vec<InferredDeployment>,
    /// Numbers that are pruned, oldest first.
    pub missing: Vec<MissingRevisions>,
}

impl InferredHistory {
    /// How many deployments after revision `last_seen` nothing tells of: "2 deployments while Tidemark was
    /// closed, times unknown". Those that ReplicaSets still tell of are not counted.
    pub fn untold_since(&self, last_seen: i64) -> u32 {
        let untold: i64 = self
            .missing
            .iter()
            .map(|gap| (gap.last - gap.first.max(last_seen + 1) + 1).max(0))
            .sum();
        u32::try_from(untold).unwrap_or(u32::MAX)
    }
}

/// Infers the deployments of a Deployment object. `now` is the cluster's time, the upper bound of everything.
///
/// ReplicaSets without a number are left out, unless one is the newest, which the controller has yet to number.
pub fn infer(
    deployment: &DeploymentFacts,
    replica_sets: &[ReplicaSetFacts],
    now: DateTime<Utc>,
) -> InferredHistory {
    let deployment = &without_old_news(deployment, replica_sets);
    let runs = runs(deployment, replica_sets);
    let started = bounds::starts(&runs, deployment, now);
    let mut deployments: Vec<InferredDeployment> = runs
        .iter()
        .enumerate()
        .map(|(at, run)| InferredDeployment {
            revision: run.revision,
            replica_set: run.replica_set.map(|set| (set.uid.clone(), set.name.clone())),
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
            who: run.current.then(|| cause::who(deployment)).flatten(),
            why: cause::why(&runs, at),
            current: run.current,
        })
        .collect();
    bounds::outcomes(&runs, deployment, now, &mut deployments);
    InferredHistory {
        missing: bounds::missing(&deployments, now),
        deployments,
    }
}

/// The object without a condition that still speaks of the template before: right after a rollback the one of the
/// deployment that failed is left, later than the start of anything that it could be held against.
fn without_old_news(deployment: &DeploymentFacts, replica_sets: &[ReplicaSetFacts]) -> DeploymentFacts {
    let own = newest(deployment, replica_sets).map(|set| set.name.as_str());
    let speaks_of_own = |condition: &ProgressingCondition| !condition.is_of_another(own);
    DeploymentFacts {
        progressing: deployment.progressing.clone().filter(speaks_of_own),
        ..deployment.clone()
    }
}

/// One run of a template under one number.
#[derive(Debug, Clone, Copy)]
struct Run<'a> {
    revision: Option<i64>,
    replica_set: Option<&'a ReplicaSetFacts>,
    /// The Deployment object, for the newest run.
    deployment: Option<&'a DeploymentFacts>,
    /// The ReplicaSet's first run: its `creationTimestamp` is this run's start.
    first: bool,
    /// The ReplicaSet's newest run: its annotations speak of this one.
    last: bool,
    current: bool,
}

impl<'a> Run<'a> {
    fn template(&self) -> Option<&'a TemplateFacts> {
        let of_set = self.replica_set.and_then(|set| set.template.as_ref());
        of_set.or_else(|| self.deployment.map(|deployment| &deployment.template))
    }
}

fn runs<'a>(deployment: &'a DeploymentFacts, replica_sets: &'a [ReplicaSetFacts]) -> Vec<Run<'a>> {
    let newest = newest(deployment, replica_sets);
    let is_newest = |set: &ReplicaSetFacts| newest.is_some_and(|newest| newest.uid == set.uid);
    let mut runs: Vec<Run<'a>> = Vec::new();
    for set in replica_sets
        .iter()
        .filter(|set| set.revision.is_some() || is_newest(set))
    {
        let mut earlier: Vec<i64> = set
            .revision_history
            .iter()
            .copied()
            .filter(|number| Some(*number) != set.revision)
            .collect();
        earlier.sort_unstable();
        earlier.dedup();
        let numbers = earlier.iter().copied().map(Some).chain([set.revision]);
        let count = earlier.len() + 1;
        runs.extend(numbers.enumerate().map(|(at, revision)| Run {
            revision,
            replica_set: Some(set),
            deployment: (at + 1 == count && is_newest(set)).then_some(deployment),
            first: at == 0,
            last: at + 1 == count,
            current: at + 1 == count && is_newest(set),
        }));
    }
    runs.sort_by_key(|run| {
        (
            run.revision.unwrap_or(i64::MAX),
            run.replica_set.map(|set| set.created),
        )
    });
    if newest.is_none() {
        runs.push(Run {
            revision: None,
            replica_set: None,
            deployment: Some(deployment),
            first: false,
            last: true,
            current: true,
        });
    }
    runs
}

/// The ReplicaSet of the template that the Deployment object wants now; `None` if it has yet to be made.
fn newest<'a>(deployment: &DeploymentFacts, sets: &'a [ReplicaSetFacts]) -> Option<&'a ReplicaSetFacts> {
    let same = |set: &&ReplicaSetFacts| {
        set.template
            .as_ref()
            .is_some_and(|template| template.hash == deployment.template.hash)
    };
    if let Some(found) = sets.iter().filter(same).max_by_key(|set| set.revision) {
        return Some(found);
    }
    // Templates that were not read yet can't be told apart: the number of the Deployment object can.
    sets.iter()
        .filter(|set| set.template.is_none() && deployment.observed)
        .find(|set| set.revision.is_some() && set.revision == deployment.revision)
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

fn returned_to(runs: &[Run<'_>], at: usize) -> Option<i64> {
    let set = runs[at].replica_set?;
    runs[..at]
        .iter()
        .rfind(|run| run.replica_set.is_some_and(|other| other.uid == set.uid))
        .and_then(|run| run.revision)
}

#[cfg(test)]
mod tests;
