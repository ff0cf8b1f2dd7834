//! An operation: a plan that was confirmed and is being, or has been, carried out, step by step.
//!
//! Its steps are appended to the ledger, never changed; its state is what they say together.

use chrono::{DateTime, Utc};

use crate::ids::OperationId;

/// What a step says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationStep {
    /// What happened.
    pub kind: StepKind,
    /// When.
    pub at: DateTime<Utc>,
    /// Facts for the words, by name.
    pub facts: serde_json::Map<String, serde_json::Value>,
}

macro_rules! step_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The kinds of steps, in the order in which they come.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum StepKind { $($(#[$doc])* $name,)* }

        impl StepKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word that stands in the ledger and on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The kind of that word, if it is one.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

step_kinds! {
    /// The intent is on disk: plan, digest, who, why. Nothing was sent.
    Intent = "intent",
    /// The plan was computed again and its digest is the confirmed one.
    Replanned = "replanned",
    /// The API server accepted the patch as a dry run.
    DryRun = "dry-run",
    /// The patch is about to be sent: from here on it may have arrived.
    Sent = "sent",
    /// The API server accepted the patch (`generation`).
    Accepted = "accepted",
    /// Something worth keeping happened while the rollout ran.
    Progress = "progress",
    /// Every wanted replica is updated and available.
    RolledOut = "rolled-out",
    /// Our entry in `metadata.managedFields` was dropped, or could not be.
    ManagerDropped = "manager-dropped",
    /// The Event was written, or could not be.
    Traced = "traced",
    /// Verified: `verdict`.
    Verified = "verified",
    /// Ended without a verdict: `code`.
    Failed = "failed",
    /// Cancelled by the person before the first write.
    Cancelled = "cancelled",
    /// Somebody else's template is there now: `by`.
    Superseded = "superseded",
    /// Found unfinished at a start, never arrived: the origin's template is live.
    NeverArrived = "never-arrived",
    /// Found unfinished at a start, the target's template is live.
    Recovered = "recovered",
}

/// How a verified operation came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Rollout done, all pods ready, endpoints present, no restart for the whole window.
    Good,
    /// It does not run as it should.
    Bad,
    /// Zero replicas, a broken watch, or a source that had no data.
    Inconclusive,
}

impl Verdict {
    /// The word that stands in the ledger and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Inconclusive => "inconclusive",
        }
    }

    /// The verdict of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Good, Self::Bad, Self::Inconclusive]
            .into_iter()
            .find(|verdict| verdict.as_str() == word)
    }
}

/// What an operation's steps say together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperationState {
    /// The intent is written, nothing was sent.
    Intended,
    /// The patch may have arrived; the API server's answer is not noted.
    Sent,
    /// The patch was accepted; the rollout runs.
    RollingOut,
    /// The rollout is done; the window of verification runs.
    Verifying,
    /// Over.
    Ended(Outcome),
}

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// With a verdict.
    Verified(Verdict),
    /// Without one; the code says why.
    Failed(String),
    /// Before the first write.
    Cancelled,
    /// Somebody else changed the template.
    Superseded,
    /// The patch never reached the cluster.
    NeverArrived,
}

impl OperationState {
    /// Whether nothing more will happen to it.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Ended(_))
    }

    /// The state that these steps, in their order, lead to.
    pub fn of(steps: &[OperationStep]) -> Self {
        steps.iter().fold(Self::Intended, |state, step| state.after(step))
    }

    fn after(self, step: &OperationStep) -> Self {
        let fact = |name: &str| step.facts.get(name).and_then(|value| value.as_str());
        match step.kind {
            StepKind::Intent => Self::Intended,
            StepKind::Sent => Self::Sent,
            StepKind::Accepted | StepKind::Recovered => Self::RollingOut,
            StepKind::RolledOut => Self::Verifying,
            StepKind::Verified => {
                let verdict = fact("verdict").and_then(Verdict::parse);
                Self::Ended(Outcome::Verified(verdict.unwrap_or(Verdict::Inconclusive)))
            }
            StepKind::Failed => Self::Ended(Outcome::Failed(fact("code").unwrap_or("unknown").to_owned())),
            StepKind::Cancelled => Self::Ended(Outcome::Cancelled),
            StepKind::Superseded => Self::Ended(Outcome::Superseded),
            StepKind::NeverArrived => Self::Ended(Outcome::NeverArrived),
            StepKind::Replanned
            | StepKind::DryRun
            | StepKind::Progress
            | StepKind::ManagerDropped
            | StepKind::Traced => self,
        }
    }
}

/// An operation as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Written to the cluster as well.
    pub id: OperationId,
    /// Counts up from 1 in a ledger; what people call it by.
    pub number: i64,
    /// The intent: what was planned and confirmed, as JSON written once.
    pub intent: serde_json::Value,
    /// In their order; the first is [`StepKind::Intent`], or the end where nothing was begun.
    pub steps: Vec<OperationStep>,
}

impl Operation {
    /// What its steps say together.
    pub fn state(&self) -> OperationState {
        OperationState::of(&self.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: StepKind, facts: serde_json::Value) -> OperationStep {
        OperationStep {
            kind,
            at: DateTime::UNIX_EPOCH,
            facts: facts.as_object().cloned().unwrap_or_default(),
        }
    }

    #[test]
    fn the_steps_tell_the_state() {
        let none = serde_json::json!({});
        let mut steps = vec![step(StepKind::Intent, none.clone())];
        assert_eq!(OperationState::of(&steps), OperationState::Intended);
        steps.push(step(StepKind::DryRun, none.clone()));
        assert_eq!(
            OperationState::of(&steps),
            OperationState::Intended,
            "a dry run sends nothing"
        );
        steps.push(step(StepKind::Sent, none.clone()));
        assert_eq!(OperationState::of(&steps), OperationState::Sent);
        steps.push(step(StepKind::Accepted, none.clone()));
        assert_eq!(OperationState::of(&steps), OperationState::RollingOut);
        steps.push(step(StepKind::RolledOut, none));
        assert_eq!(OperationState::of(&steps), OperationState::Verifying);
        steps.push(step(StepKind::Verified, serde_json::json!({"verdict": "good"})));
        assert_eq!(
            OperationState::of(&steps),
            OperationState::Ended(Outcome::Verified(Verdict::Good))
        );
    }

    #[test]
    fn every_kind_reads_back() {
        for kind in StepKind::ALL {
            assert_eq!(StepKind::parse(kind.as_str()), Some(*kind));
        }
    }
}
