//! A plan: an immutable, hashed description of what a rollback will do, and its confirmation.
//!
//! From rollback.md: the digest is over uid, live template, target template and findings, never over
//! generation, replicas or status, which an autoscaler moves; a person confirms that digest, and the levels
//! are enforced here, not by the window.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::deployment::RunningVersion;
use crate::difference::Difference;
use crate::finding::{Finding, FindingResult};
use crate::ids::{ClusterName, DeploymentId, EnvironmentName, PlanDigest, ServiceName, TemplateHash};
use crate::template::PodTemplate;
use crate::workload::{RevisionKind, WorkloadIdentity};
use crate::workspace::Tier;

/// How long a hold, or the pause between two presses, must last at least (rollback.md, "Gestures").
pub const HOLD: Duration = Duration::from_millis(1200);
/// How long a confirmed operation can be cancelled before its first write.
pub const CANCEL_WINDOW: Duration = Duration::from_secs(3);

/// Which target a person asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetChoice {
    /// The newest earlier deployment of another version.
    Previous,
    /// This deployment's template.
    Specified(DeploymentId),
    /// The last known good one.
    LastKnownGood,
    /// The template that an operation found before it changed it: "undo this rollback".
    Origin {
        /// Of the template.
        template: TemplateHash,
    },
}

/// Where the target's template comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetOrigin {
    /// The cluster still keeps it in a revision.
    Revision {
        /// What keeps it.
        kind: RevisionKind,
        /// Its object name.
        name: String,
    },
    /// The cluster has pruned it; the ledger kept the template.
    Ledger,
}

/// One side of a rollback: what runs, or what shall run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSide {
    /// What it runs.
    pub version: RunningVersion,
    /// The pod template, without `pod-template-hash`.
    pub template: PodTemplate,
    /// Its hash.
    pub template_hash: TemplateHash,
    /// The revision number, where the cluster still has one.
    pub revision: Option<i64>,
    /// The deployment in the ledger.
    pub deployment: Option<DeploymentId>,
    /// Since when it runs, or when it last began to.
    pub since: Option<DateTime<Utc>>,
    /// For how long it ran: the target only.
    pub ran: Option<Duration>,
}

/// Where a plan acts. Stands beside the button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPlace {
    /// Which service.
    pub service: ServiceName,
    /// Where.
    pub environment: EnvironmentName,
    /// How much care it asks.
    pub tier: Tier,
    /// The environment is guarded.
    pub guard: bool,
    /// The workspace's name for the cluster.
    pub cluster: ClusterName,
    /// The person's kube context for it.
    pub context: String,
    /// Who the API server says this is.
    pub account: Account,
    /// The object.
    pub workload: WorkloadIdentity,
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user's name.
    pub name: String,
    /// The groups, without those that every account has.
    pub groups: Vec<String>,
    /// `false`: the kubeconfig's user, since the server answers no SelfSubjectReview.
    pub confirmed: bool,
}

/// What the notes and commits between the two versions say, for the sentence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReleaseDelta {
    /// What goes away; `None`: the repository does not say.
    pub removed: Option<RemovedCommits>,
    /// `None`: the repository does not say.
    pub migrations: Option<Vec<String>>,
}

/// A commit that goes away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostCommit {
    /// Its subject, without kind and scope.
    pub subject: String,
    /// The release that brought it, where that is known.
    pub release: Option<String>,
}

/// Commits that go away, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemovedCommits {
    /// Fixes.
    pub fixes: Vec<LostCommit>,
    /// Features.
    pub features: Vec<LostCommit>,
    /// There are more than were listed: each number is the least.
    pub truncated: bool,
}

/// An immutable description of what a rollback of one workload will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollbackPlan {
    /// Where it acts.
    pub place: PlanPlace,
    /// Which target was asked for.
    pub choice: TargetChoice,
    /// What runs now: also the inverse plan's target.
    pub from: PlanSide,
    /// What shall run.
    pub to: PlanSide,
    /// Where the target's template comes from.
    pub origin: TargetOrigin,
    /// The exact difference of the two templates.
    pub differences: Vec<Difference>,
    /// In the order of the sheet.
    pub findings: Vec<Finding>,
    /// What goes away with it.
    pub delta: ReleaseDelta,
    /// Replicas wanted now: they stay.
    pub replicas: u32,
    /// `metadata.generation` when it was read; a precondition, not part of the digest.
    pub generation: i64,
    /// For how long the result is watched before the verdict.
    pub verify_window: Duration,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Of everything that a person confirms.
    pub digest: PlanDigest,
}

/// How much a gesture asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A button.
    Button,
    /// Hold, or two separate presses.
    Hold,
    /// Acknowledge each warning and unknown, then hold.
    Acknowledge,
    /// As before, and type the name and a reason.
    TypeName,
}

impl Level {
    /// 0 to 3.
    pub fn number(self) -> u8 {
        match self {
            Self::Button => 0,
            Self::Hold => 1,
            Self::Acknowledge => 2,
            Self::TypeName => 3,
        }
    }
}

/// What a person did to confirm a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gesture {
    /// The digest that was on the screen.
    pub digest: PlanDigest,
    /// Keys of the findings that were acknowledged.
    pub acknowledged: BTreeSet<String>,
    /// The reason, if one was given.
    pub reason: Option<String>,
    /// The name that was typed at level 3.
    pub typed_name: Option<String>,
    /// From the backend's own begin of the gesture to its end.
    pub held: Duration,
}

/// Why a gesture does not confirm a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    /// A block: nothing overrides it.
    #[error("the plan is blocked by {0}")]
    Blocked(String),
    /// The plan on the screen is another one.
    #[error("another plan was shown than the one to be carried out")]
    DigestMoved,
    /// The hold was shorter than [`HOLD`].
    #[error("the button was held for {0:?}, which is too short")]
    TooShort(Duration),
    /// Findings that were not acknowledged.
    #[error("not acknowledged: {}", .0.join(", "))]
    NotAcknowledged(Vec<String>),
    /// The typed name is not the service's.
    #[error("the name that was typed is not {0}")]
    WrongName(String),
    /// Level 3 asks for a reason.
    #[error("a reason is needed here")]
    NoReason,
}

/// A plan that a person confirmed. Only [`RollbackPlan::confirm`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfirmedPlan {
    plan: RollbackPlan,
    gesture: Gesture,
}

impl ConfirmedPlan {
    /// What was confirmed.
    pub fn plan(&self) -> &RollbackPlan {
        &self.plan
    }

    /// How it was confirmed.
    pub fn gesture(&self) -> &Gesture {
        &self.gesture
    }

    /// The reason, if one was given.
    pub fn reason(&self) -> Option<&str> {
        self.gesture.reason.as_deref()
    }
}

impl RollbackPlan {
    /// The digest over uid, live template, target template and findings.
    pub fn digest_of(
        workload: &WorkloadIdentity,
        from: &TemplateHash,
        to: &TemplateHash,
        findings: &[Finding],
    ) -> PlanDigest {
        let mut hash = Sha256::new();
        let mut line = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        line(workload.uid.as_str());
        line(from.as_str());
        line(to.as_str());
        let mut keys: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.result.as_str(), finding.key()))
            .collect();
        keys.sort();
        keys.iter().for_each(|key| line(key));
        let bytes = hash.finalize();
        PlanDigest::new(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
    }

    /// The findings that nothing overrides.
    pub fn blocks(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.result == FindingResult::Block)
    }

    /// How much its gesture asks; `None` while it is blocked.
    pub fn level(&self) -> Option<Level> {
        if self.blocks().next().is_some() {
            return None;
        }
        let open = self.findings.iter().any(Finding::needs_acknowledgement);
        Some(match (self.place.guard, open, self.place.tier) {
            (true, _, _) => Level::TypeName,
            (false, true, _) => Level::Acknowledge,
            (false, false, Tier::Production) => Level::Hold,
            (false, false, Tier::Staging | Tier::Development) => Level::Button,
        })
    }

    /// Takes a gesture as the confirmation of this plan, or says what it lacks.
    ///
    /// Level 2 is "as level 1" after the acknowledgements, so it is held outside production too.
    pub fn confirm(self, gesture: Gesture) -> Result<ConfirmedPlan, NotConfirmed> {
        let Some(level) = self.level() else {
            let keys: Vec<String> = self.blocks().map(Finding::key).collect();
            return Err(NotConfirmed::Blocked(keys.join(", ")));
        };
        if gesture.digest != self.digest {
            return Err(NotConfirmed::DigestMoved);
        }
        let missing: Vec<String> = self
            .findings
            .iter()
            .filter(|finding| finding.needs_acknowledgement())
            .map(Finding::key)
            .filter(|key| !gesture.acknowledged.contains(key))
            .collect();
        if !missing.is_empty() {
            return Err(NotConfirmed::NotAcknowledged(missing));
        }
        if level == Level::TypeName {
            self.check_typed(&gesture)?;
        }
        if level > Level::Button && gesture.held < HOLD {
            return Err(NotConfirmed::TooShort(gesture.held));
        }
        Ok(ConfirmedPlan { plan: self, gesture })
    }

    fn check_typed(&self, gesture: &Gesture) -> Result<(), NotConfirmed> {
        let name = self.place.service.as_str();
        if gesture.typed_name.as_deref().map(str::trim) != Some(name) {
            return Err(NotConfirmed::WrongName(name.to_owned()));
        }
        match gesture.reason.as_deref().map(str::trim) {
            Some(reason) if !reason.is_empty() => Ok(()),
            Some(_) | None => Err(NotConfirmed::NoReason),
        }
    }
}
