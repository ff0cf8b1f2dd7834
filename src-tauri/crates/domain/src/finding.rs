//! A finding: one result of a preflight check, with a stable code (rollback.md, "Preflight").
//!
//! The window turns codes and parameters into words; nothing here is prose.

use std::collections::BTreeMap;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingResult {
    /// Checked, nothing in the way.
    Pass,
    /// To be acknowledged; lifts the operation to level 2.
    Warn,
    /// Could not be checked: shown as such, never green; lifts the operation to level 2.
    Unknown,
    /// Nothing overrides it.
    Block,
}

impl FindingResult {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Unknown => "unknown",
            Self::Block => "block",
        }
    }
}

macro_rules! finding_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Which check it was.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FindingCode { $($(#[$doc])* $name,)* }

        impl FindingCode {
            /// Every code, in the order of the sheet.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text of the code.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The code of that text, if it is one.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

finding_codes! {
    /// The workspace is switched to read-only.
    ReadOnly = "read-only",
    /// The cluster does not answer, or what is shown is stale.
    Connection = "connection",
    /// The ledger can take the intent: disk and file.
    Ledger = "ledger",
    /// The Deployment object is paused.
    Paused = "paused",
    /// The Deployment object is being deleted.
    Deleting = "deleting",
    /// The target is the template that runs already.
    SameTemplate = "same-template",
    /// The target's ReplicaSet is kept by the cluster, or its template by the ledger (`origin`).
    Target = "target",
    /// The target failed when it ran here: `at` in epoch milliseconds, `reason` and `message` where they are known, and
    /// for how long it `ran` in milliseconds, unless it never settled.
    Failed = "failed",
    /// Who owns the workload and would undo the change (`owner`, `name`), and what says so: an annotation, a label or a
    /// reference (`evidence`, `key`, `value`).
    Owner = "owner",
    /// Another operation on the same workload.
    InFlight = "in-flight",
    /// One planned verb, asked by SelfSubjectAccessReview (`verb`, `resource`).
    Permission = "permission",
    /// ConfigMaps, Secrets, PVCs and the ServiceAccount that the target names.
    References = "references",
    /// The patch as a server-side dry run.
    DryRun = "dry-run",
    /// A pod of the target template as a dry run: quota, pod security, webhooks.
    PodAdmission = "pod-admission",
    /// ConfigMaps and Secrets that changed since the target ran and do not come back (`keys`).
    Configuration = "configuration",
    /// Database migrations between the two versions, by their file paths (`files`, `tool`).
    Migrations = "migrations",
    /// `replicas: 0`: nothing will be verified.
    ZeroReplicas = "zero-replicas",
    /// The strategy `Recreate`: all pods end before new ones start.
    Recreate = "recreate",
    /// A HorizontalPodAutoscaler owns the replica count (`min`, `max`, `replicas`).
    Autoscaler = "autoscaler",
    /// A ResourceQuota against the rollout's `surge` of pods: what it has too little of (`resource`, `used` of `hard`), or
    /// the cluster's own words (`reason`).
    Quota = "quota",
    /// A PodDisruptionBudget over these pods.
    DisruptionBudget = "disruption-budget",
    /// An `Apply` manager owns the template: its next apply brings its own version back (`manager`).
    ApplyManager = "apply-manager",
    /// Whether the target's images (`images`) have been seen on a node or in a pod; `reason`: why not all could be looked at.
    Image = "image",
    /// Nobody may write Events here: the trace in the cluster lacks one. Never more than a pass with a remark.
    EventTrace = "event-trace",
}

/// One result of a preflight check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check.
    pub code: FindingCode,
    /// What it found.
    pub result: FindingResult,
    /// What it is about, by name: "ConfigMap checkout-features". Part of the plan's digest.
    pub subject: Option<String>,
    /// Facts for the words, by name; may move (replica counts) without moving the digest.
    pub parameters: BTreeMap<&'static str, String>,
}

impl Finding {
    /// A finding without a subject or parameters.
    pub fn new(code: FindingCode, result: FindingResult) -> Self {
        Self {
            code,
            result,
            subject: None,
            parameters: BTreeMap::new(),
        }
    }

    /// The same, about something.
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The same, with one more fact.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.parameters.insert(name, value.to_string());
        self
    }

    /// What a person acknowledges, stable while the plan's digest is: `code/subject`.
    pub fn key(&self) -> String {
        match &self.subject {
            Some(subject) => format!("{}/{subject}", self.code.as_str()),
            None => self.code.as_str().to_owned(),
        }
    }

    /// Whether a person must acknowledge it.
    pub fn needs_acknowledgement(&self) -> bool {
        matches!(self.result, FindingResult::Warn | FindingResult::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_reads_back() {
        for code in FindingCode::ALL {
            assert_eq!(FindingCode::parse(code.as_str()), Some(*code));
        }
    }
}
