//! A deployment: a version going live in an environment, and the span of time for which it stayed live.
//!
//! Rules from history.md: four moments, each with the evidence for it; the best evidence wins and all of
//! it is kept; nothing is ever overwritten by weaker evidence.

use chrono::{DateTime, Utc};

use crate::ids::{DeploymentId, EnvironmentName, OperationId, ServiceName, TemplateHash, Uid};
use crate::template::VersionSource;
use crate::version::Version;
use crate::workload::WorkloadIdentity;

/// A time that is known exactly, or only between two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Seen, or told by whoever did it.
    At(DateTime<Utc>),
    /// Inferred: not before `earliest` (if known), not after `latest`.
    Between {
        /// `None`: nothing bounds it from below.
        earliest: Option<DateTime<Utc>>,
        /// Never before `earliest`.
        latest: DateTime<Utc>,
    },
}

impl Moment {
    /// The latest time at which it can have been: what a bar starts at when a range is drawn.
    pub fn latest(self) -> DateTime<Utc> {
        match self {
            Self::At(time) => time,
            Self::Between { latest, .. } => latest,
        }
    }

    /// The earliest time at which it can have been, if anything bounds it.
    pub fn earliest(self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(time) => Some(time),
            Self::Between { earliest, .. } => earliest,
        }
    }

    /// Whether it is known exactly.
    pub fn is_exact(self) -> bool {
        matches!(self, Self::At(_))
    }
}

/// How good a piece of evidence is; a later one in this order is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// As given by a file or a colleague's note.
    Imported,
    /// Bounds only, from ReplicaSets and ControllerRevisions.
    Inferred,
    /// Exact, by whoever did it: an operation's trace, a Helm record.
    Recorded,
    /// Exact, by our own watch.
    Observed,
}

impl EvidenceKind {
    /// The word that stands in the ledger and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imported => "imported",
            Self::Inferred => "inferred",
            Self::Recorded => "recorded",
            Self::Observed => "observed",
        }
    }

    /// The kind of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Imported, Self::Inferred, Self::Recorded, Self::Observed]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// One piece of evidence for a deployment, kept even when a better one came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// How good it is.
    pub kind: EvidenceKind,
    /// Where it comes from, in the field's words: "ReplicaSet payments-7d9f6c5b8c", "watch", "operation 1207".
    pub source: String,
    /// When it was taken down.
    pub seen_at: DateTime<Utc>,
    /// What it says of the four moments.
    pub moments: Moments,
}

/// The four moments of a deployment; `None` is not known, or not yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moments {
    /// The owner accepted a new template.
    pub started: Option<Moment>,
    /// Its rollout was complete: every wanted replica is updated and available.
    pub settled: Option<Moment>,
    /// It did not settle by its deadline, or was given up.
    pub failed: Option<Moment>,
    /// The next one settled, or this one's own last ready pod went.
    pub ended: Option<Moment>,
}

/// What went live, told apart as history.md tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeploymentKind {
    /// Another version than before.
    Version,
    /// Same version, other template.
    Configuration,
    /// Only `kubectl.kubernetes.io/restartedAt` differs.
    Restart,
}

impl DeploymentKind {
    /// The word that stands in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Configuration => "configuration",
            Self::Restart => "restart",
        }
    }

    /// The kind of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Version, Self::Configuration, Self::Restart]
            .into_iter()
            .find(|kind| kind.as_str() == word)
    }
}

/// How a deployment is, or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Started, not settled.
    InProgress,
    /// Settled, all wanted replicas available.
    Healthy,
    /// Settled once, now short of replicas.
    Degraded,
    /// Did not settle.
    Failed,
    /// Was taken back by a later rollback.
    RolledBack,
    /// Nothing says.
    Unknown,
}

impl Status {
    /// The word that stands in the ledger and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
            Self::RolledBack => "rolled-back",
            Self::Unknown => "unknown",
        }
    }

    /// The status of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [
            Self::InProgress,
            Self::Healthy,
            Self::Degraded,
            Self::Failed,
            Self::RolledBack,
            Self::Unknown,
        ]
        .into_iter()
        .find(|status| status.as_str() == word)
    }
}

/// What a pod template runs: a SemVer version, or text that is none.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RunningVersion {
    /// A SemVer version.
    Version(Version),
    /// An image tag, a digest or a commit that is no version; shown as it is.
    Unversioned(String),
    /// Several workloads of the service run different versions.
    Mixed(Vec<String>),
}

impl RunningVersion {
    /// As it is shown.
    pub fn label(&self) -> String {
        match self {
            Self::Version(version) => version.to_string(),
            Self::Unversioned(text) => text.clone(),
            Self::Mixed(labels) => labels.join(", "),
        }
    }

    /// Whether it is a higher version than the one before: the way there is no rollback, even to what ran earlier.
    pub fn goes_forward_from(&self, before: &Self) -> bool {
        match (before, self) {
            (Self::Version(before), Self::Version(here)) => here > before,
            (_, _) => false,
        }
    }
}

/// One thing that speaks of a deployment's version, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptEvidence {
    /// It says this version, or the text that stands for one.
    For {
        /// What it is.
        source: VersionSource,
        /// What it says, as written: the image with its tag, the label's value.
        value: String,
    },
    /// It says another version, and was not believed.
    Against {
        /// What it is.
        source: VersionSource,
        /// The version that it names.
        says: String,
    },
    /// In the words of an earlier Tidemark, shown as they are: "image tag shop/checkout:2.4.1".
    Words(String),
}

/// Who caused a deployment, or why, and how we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// The name, account or reason as its source says it.
    pub text: String,
    /// Where it comes from.
    pub source: AttributionSource,
}

/// Where a who or a why comes from, as history.md lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttributionSource {
    /// One of our own operations, matched by template hash.
    Operation,
    /// `kubernetes.io/change-cause` that differs from the revision's before.
    ChangeCause,
    /// The field manager of the template: "kubectl", "argocd-controller".
    FieldManager,
    /// Argo CD's `initiatedBy`.
    ArgoCd,
    /// The description of a Helm record.
    Helm,
    /// The commit's author: *author of the version*, never presented as the one who deployed.
    VersionAuthor,
    /// As an imported file says.
    Imported,
}

impl AttributionSource {
    const ALL: [Self; 7] = [
        Self::Operation,
        Self::ChangeCause,
        Self::FieldManager,
        Self::ArgoCd,
        Self::Helm,
        Self::VersionAuthor,
        Self::Imported,
    ];

    /// The word that stands in the ledger and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::ChangeCause => "change-cause",
            Self::FieldManager => "field-manager",
            Self::ArgoCd => "argo-cd",
            Self::Helm => "helm",
            Self::VersionAuthor => "version-author",
            Self::Imported => "imported",
        }
    }

    /// The source of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// A deployment as it is written down: everything that one source, or all of them together, say.
///
/// Joined by workload uid, template hash and revision (history.md, "Joining").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// `None` until the ledger has given it a row.
    pub id: Option<DeploymentId>,
    /// Which service.
    pub service: ServiceName,
    /// Where.
    pub environment: EnvironmentName,
    /// Which object; imported history may not know it.
    pub workload: Option<WorkloadIdentity>,
    /// The hash of its pod template, where the template is known.
    pub template: Option<TemplateHash>,
    /// The revision number under which it ran; numbers move, identity is the template hash.
    pub revision: Option<i64>,
    /// What it runs.
    pub version: RunningVersion,
    /// What speaks of the version, best first.
    pub version_evidence: Vec<KeptEvidence>,
    /// The image of the container that counts.
    pub image: Option<String>,
    /// The image's digest, where a pod told it.
    pub digest: Option<String>,
    /// Version, configuration change or restart.
    pub kind: DeploymentKind,
    /// How it is, or ended.
    pub status: Status,
    /// The best that is known of each moment.
    pub moments: Moments,
    /// Until when the deployment before still had ready pods while this one was failing.
    pub previous_served_until: Option<DateTime<Utc>>,
    /// It went back to an earlier deployment's template: which one, if that is in the ledger.
    pub rollback: Option<RollbackLink>,
    /// Who.
    pub who: Option<Attribution>,
    /// Why.
    pub why: Option<Attribution>,
    /// Our operation that made it.
    pub operation: Option<OperationId>,
    /// All evidence, as it came.
    pub evidence: Vec<Evidence>,
}

impl Deployment {
    /// The workload that ran it and the number under which it did, where both are known.
    pub fn run(&self) -> Option<(&Uid, i64)> {
        Some((&self.workload.as_ref()?.uid, self.revision?))
    }

    /// The same deployment as one more piece of evidence tells it: its moments, and nothing of how it fares.
    pub fn told_by(self, evidence: Evidence) -> Self {
        Self {
            moments: evidence.moments,
            evidence: vec![evidence],
            status: Status::Unknown,
            ..self
        }
    }

    /// The kind of the best evidence that there is; `Imported` where none is noted.
    pub fn best_evidence(&self) -> EvidenceKind {
        self.evidence
            .iter()
            .map(|evidence| evidence.kind)
            .max()
            .unwrap_or(EvidenceKind::Imported)
    }
}

/// A deployment that took the service back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollbackLink {
    /// The deployment whose template came back.
    pub to: Option<DeploymentId>,
}

/// Deployments that happened while nobody looked and left nothing to tell their times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Which service.
    pub service: ServiceName,
    /// Where.
    pub environment: EnvironmentName,
    /// Which object.
    pub workload: Uid,
    /// When the last one before it was seen.
    pub from: DateTime<Utc>,
    /// When Tidemark looked again.
    pub to: DateTime<Utc>,
    /// How many revisions were made in between and are not told by anything.
    pub missed: u32,
}
