//! Plans, gestures and operations.

use std::collections::BTreeMap;

use crate::EpochMs;
use crate::cluster::Pod;
use crate::compare::{DiffLine, Difference};
use crate::note::NoteInfo;
use crate::workspace::TierWord;

/// Which target is asked for.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TargetRequest {
    /// The newest earlier deployment of another version.
    Previous,
    /// The last known good one; the previous one where none is known to be good.
    LastKnownGood,
    /// This deployment's template.
    Deployment { id: f64 },
    /// What an operation found before it changed it.
    UndoOf { operation: String },
}

words! {
    /// What a check found.
    pub enum FindingWord { Pass, Warn, Unknown, Block, }
    /// Where an operation is.
    pub enum OperationStateWord {
        /// Confirmed; can still be cancelled.
        Waiting,
        /// Planned again, written down, tried as a dry run.
        Preparing,
        /// The patch may have arrived.
        Sent,
        /// The rollout runs.
        RollingOut,
        /// The window of verification runs.
        Verifying,
        /// Over, with a verdict.
        Verified,
        /// Over, without one.
        Failed,
        /// Before the first write.
        Cancelled,
        /// Somebody else changed the template.
        Superseded,
        /// Found unfinished at a start: it never reached the cluster.
        NeverArrived,
        /// Found unfinished at a start: how it stands is known once its cluster answers. Nothing is sent.
        Looking,
    }
    /// How it came out.
    pub enum VerdictWord { Good, Bad, Inconclusive, }
    /// Where the target's template comes from.
    pub enum OriginWord { Cluster, Ledger, }
}

dto! {
    /// What to plan.
    pub struct PlanRequest {
        service: String,
        environment: String,
        target: TargetRequest,
    }
    /// A plan as the sheet shows it.
    pub struct Plan {
        digest: String,
        service: String,
        environment: String,
        tier: TierWord,
        guard: bool,
        cluster: String,
        context: String,
        namespace: String,
        account: String,
        groups: Vec<String>,
        /// The API server confirmed the account; else it is the kubeconfig's user.
        account_confirmed: bool,
        /// The kind of the object that it changes, as Kubernetes writes it.
        kind: String,
        workload: String,
        from: PlanSide,
        to: PlanSide,
        origin: OriginWord,
        /// `previous`, `last-known-good`, `specified` or `undo`.
        choice: String,
        sentence: Sentence,
        differences: Vec<Difference>,
        lines: Vec<DiffLine>,
        findings: Vec<Finding>,
        /// 0 to 3; `null` while blocked.
        level: Option<u8>,
        stays: Vec<Stays>,
        /// What goes away, newest first.
        fixes: Vec<LostCommit>,
        features: Vec<LostCommit>,
        notes: Vec<NoteInfo>,
        verify_window: f64,
        made_at: EpochMs,
        /// How what is left ran then; `null`: the cluster did not say.
        before: Option<Before>,
    }
    /// A fix or a feature that goes away.
    pub struct LostCommit {
        subject: String,
        /// The release that brought it; `null`: it is not known.
        release: Option<String>,
    }
    /// How the version that is left ran when the plan was made.
    pub struct Before {
        /// Its own ready pods; those of another version are not counted.
        ready: u32,
        restarts: u32,
        /// Ready endpoints behind the Services that select it; `null`: not seen.
        endpoints: Option<u32>,
    }
    /// One side of a plan.
    pub struct PlanSide {
        version: String,
        deployment: Option<f64>,
        revision: Option<f64>,
        since: Option<EpochMs>,
        /// For how long it ran, in milliseconds.
        ran: Option<f64>,
        template: String,
    }
    /// The numbers of the sentence that anyone understands.
    pub struct Sentence {
        images: u32,
        settings: u32,
        replicas: u32,
        /// Migrations lie between; `null`: the repository does not say.
        migrations: Option<u32>,
        /// ConfigMaps and Secrets that changed since and do not come back.
        configuration: u32,
        /// How many go away; `null`: the repository does not say.
        fixes: Option<u32>,
        features: Option<u32>,
        /// There are more fixes or features than are counted.
        at_least: bool,
    }
    /// What does not come back.
    pub struct Stays {
        /// `database`, `configuration`, `replicas`, `unknown-database`.
        kind: String,
        subject: String,
        facts: BTreeMap<String, String>,
    }
    /// One result of a preflight check.
    pub struct Finding {
        /// Stable: the window's words hang on it.
        code: String,
        result: FindingWord,
        subject: Option<String>,
        facts: BTreeMap<String, String>,
        /// What is acknowledged.
        key: String,
    }
    /// The begin of a gesture: the backend's clock starts.
    pub struct GestureBegin { digest: String, }
    /// A confirmation that the backend issued, good for one operation.
    pub struct Confirmation { id: String, }
    /// The end of a gesture.
    pub struct GestureEnd {
        confirmation: String,
        digest: String,
        acknowledged: Vec<String>,
        reason: Option<String>,
        typed_name: Option<String>,
    }
    /// An operation by its identity.
    pub struct OperationRequest { id: String, }
    /// An operation, whole; a later one replaces an earlier one.
    pub struct Operation {
        id: String,
        number: f64,
        service: String,
        environment: String,
        tier: TierWord,
        guard: bool,
        cluster: String,
        /// The kube context by which it acts.
        context: String,
        namespace: String,
        /// The kind of the object that it changes, as Kubernetes writes it.
        kind: String,
        workload: String,
        account: String,
        from_version: String,
        to_version: String,
        state: OperationStateWord,
        verdict: Option<VerdictWord>,
        /// Why it failed, or what the verdict rests on.
        code: Option<String>,
        facts: BTreeMap<String, String>,
        reason: Option<String>,
        confirmed_at: EpochMs,
        /// Until when it can be cancelled.
        cancel_until: Option<EpochMs>,
        sent_at: Option<EpochMs>,
        rolled_out_at: Option<EpochMs>,
        verify_until: Option<EpochMs>,
        ended_at: Option<EpochMs>,
        steps: Vec<OperationStep>,
        /// Live only.
        pods: Vec<Pod>,
        desired: u32,
        ready: u32,
        revision: Option<f64>,
        /// How long such a rollout took before, in milliseconds.
        usual: Option<f64>,
        /// The origin's template is known: it can be undone.
        undoable: bool,
        /// An undo of this operation.
        undo_of: Option<f64>,
        digest: String,
    }
    /// A step of an operation.
    pub struct OperationStep {
        kind: String,
        at: EpochMs,
        facts: BTreeMap<String, String>,
    }
    /// Asks for the operations with a number below this one.
    pub struct OperationsBefore { number: f64, }
    /// Operations, newest first: a page of them.
    pub struct Operations {
        operations: Vec<Operation>,
        /// There are older ones.
        older: bool,
        /// The hash chain holds.
        chain_intact: bool,
    }
}
