//! The timeline's side dishes. Its columns go as one binary reply; see [`columns`].

pub mod columns;

use crate::EpochMs;

words! {
    /// How a deployment is, or ended.
    pub enum StatusWord { InProgress, Healthy, Degraded, Failed, RolledBack, Unknown, }
    /// What went live.
    pub enum KindWord { Version, Configuration, Restart, }
    /// How good a piece of evidence is.
    pub enum EvidenceWord { Observed, Recorded, Inferred, Imported, }
    /// What speaks of a version: tag or digest of the image, the digest that a pod told, the labels
    /// `app.kubernetes.io/version` and `helm.sh/chart`, the annotation `org.opencontainers.image.version`, or the commit
    /// of a GitOps tool.
    pub enum VersionSourceWord {
        ImageTag, ImageDigest, PodDigest, VersionLabel, ChartLabel, OciAnnotation, GitOpsCommit,
    }
    /// Why the namespace's Events of the last hour are not among the evidence: no right to list them, or no answer.
    pub enum EventsGapWord { Forbidden, Unread, }
}

dto! {
    /// A time that is known exactly (`earliest` equals `latest`), or only between two bounds.
    pub struct MomentRange {
        /// `null`: nothing bounds it from below.
        earliest: Option<EpochMs>,
        latest: EpochMs,
    }
    /// Who or why, and how we know.
    pub struct Attribution {
        text: String,
        /// `operation`, `change-cause`, `field-manager`, `argo-cd`, `helm`, `version-author`, `imported`.
        source: String,
    }
    /// One piece of evidence.
    pub struct EvidenceItem {
        kind: EvidenceWord,
        source: String,
        seen_at: EpochMs,
    }
    /// One thing that speaks of a version.
    pub struct VersionEvidence {
        /// `null`: in the words of an earlier Tidemark, shown as they are.
        source: Option<VersionSourceWord>,
        /// What it says, as written.
        value: String,
        /// It names another version, and was not believed.
        against: bool,
    }
    /// A deployment of the ledger.
    pub struct DeploymentRequest { id: f64, }
    /// The inspector's contents.
    pub struct DeploymentDetails {
        id: f64,
        service: String,
        environment: String,
        team: Option<String>,
        version: String,
        /// The version is SemVer and a tag of the repository.
        released: bool,
        kind: KindWord,
        status: StatusWord,
        /// It is what runs now.
        current: bool,
        started: Option<MomentRange>,
        settled: Option<MomentRange>,
        failed: Option<MomentRange>,
        ended: Option<MomentRange>,
        /// The version that kept answering while this one failed.
        previous_serves: Option<String>,
        /// What ended it was no other version but its own configuration or a restart; else `null`.
        continued_as: Option<KindWord>,
        /// Another deployment took its place, failed, and the pods of this one still answer.
        still_serves: bool,
        who: Option<Attribution>,
        why: Option<Attribution>,
        /// Tag, author and subject of the version.
        release: Option<ReleaseInfo>,
        changed: Option<ChangeCounts>,
        evidence: EvidenceWord,
        evidence_items: Vec<EvidenceItem>,
        /// `null`: the Events were read, or have yet to be.
        events_gap: Option<EventsGapWord>,
        version_evidence: Vec<VersionEvidence>,
        workload: Option<WorkloadInfo>,
        /// Where several workloads run the service there: each of them, by name; else none.
        workloads: Vec<WorkloadNow>,
        image: Option<String>,
        digest: Option<String>,
        /// Live state, of the current deployment only.
        live: Option<LiveState>,
        rollback: RollbackOffer,
        /// What runs there instead, if this one does not.
        running: Option<RunningNow>,
        /// While this one was failing, until when the one before still had ready pods.
        previous_served_until: Option<EpochMs>,
        elsewhere: Vec<Elsewhere>,
        /// Number of our operation that made it.
        operation: Option<String>,
        note: Option<String>,
    }
    /// Tag, author and subject of a version.
    pub struct ReleaseInfo {
        tag: String,
        commit: String,
        author: String,
        at: EpochMs,
        subject: String,
    }
    /// How much differs from the deployment before.
    pub struct ChangeCounts {
        /// `null`: the repository does not say.
        commits: Option<u32>,
        images: u32,
        settings: u32,
        previous_version: String,
        /// The deployment before it in its lane.
        previous_deployment: Option<f64>,
    }
    /// The object that ran it.
    pub struct WorkloadInfo {
        kind: String,
        namespace: String,
        name: String,
        /// What the cluster keeps, or kept, its template in.
        kept_in: Option<RevisionObject>,
        revision: Option<f64>,
        owner: Option<OwnerInfo>,
    }
    /// An object that keeps a revision.
    pub struct RevisionObject {
        /// As Kubernetes writes it.
        kind: String,
        name: String,
    }
    /// Who owns an object and would undo a change.
    pub struct OwnerInfo {
        /// `Argo CD Application gateway`.
        name: String,
        /// What says so: `annotation`, `label`, `label-of-application` (an Application of that name is there) or
        /// `reference`.
        evidence: String,
        /// The key of the annotation or label; of a reference the owner's kind.
        key: String,
        /// What it says; of a reference the owner's name.
        value: String,
    }
    /// One of several workloads that run a service in an environment, as it is now.
    pub struct WorkloadNow {
        /// As Kubernetes writes it.
        kind: String,
        namespace: String,
        name: String,
        version: String,
        status: StatusWord,
        deployment: f64,
    }
    /// What the cluster says of the current deployment.
    pub struct LiveState {
        replicas: u32,
        updated: u32,
        ready: u32,
        available: u32,
        paused: bool,
        /// The first reason why pods hang: `ImagePullBackOff`.
        reason: Option<String>,
        /// How many pods hang for it.
        hanging: u32,
        as_of: EpochMs,
        stale: bool,
    }
    /// The deployment that is live in a place.
    pub struct RunningNow {
        deployment: f64,
        version: String,
        since: Option<EpochMs>,
    }
    /// What the inspector's button offers: of what runs, the way back; of an earlier one, itself.
    pub struct RollbackOffer {
        /// `null`: nothing to go back to.
        version: Option<String>,
        deployment: Option<f64>,
        /// For how long it ran, in milliseconds.
        ran: Option<f64>,
        known_good: bool,
        /// From how long on a run counts as known good there, in milliseconds.
        known_good_after: f64,
        /// Why the button is off: `offline`, `read-only`, `runs-now`, `never-settled`, `no-template`, `no-target`, `unbound`, `no-replica-sets`, `not-a-deployment`.
        off: Option<String>,
        /// Every version that could be gone back to, newest first.
        targets: Vec<RollbackCandidate>,
    }
    /// A version that could be gone back to.
    pub struct RollbackCandidate {
        deployment: f64,
        version: String,
        last_ran: EpochMs,
        /// For how long it ran, in milliseconds; `null`: not known.
        ran: Option<f64>,
        /// The cluster has pruned it; the ledger has the template.
        from_ledger: bool,
        known_good: bool,
        /// Its newest run here failed.
        failed: bool,
    }
    /// Where else a version ran.
    pub struct Elsewhere {
        environment: String,
        status: StatusWord,
        from: Option<EpochMs>,
        to: Option<EpochMs>,
        deployment: Option<f64>,
    }
    /// Columns are newer than what the window has.
    pub struct TimelineChanged {
        revision: f64,
        /// How many deployments the ledger has of this workspace.
        deployments: f64,
    }
    /// What to look for: a version, a commit or a digest, or words of a note.
    pub struct SearchRequest {
        text: String,
        limit: u32,
    }
    /// One thing that was found.
    pub struct SearchHit {
        kind: SearchKind,
        title: String,
        subtitle: String,
        service: Option<String>,
        environment: Option<String>,
        version: Option<String>,
        deployment: Option<f64>,
        at: Option<EpochMs>,
        /// Of a service: what runs of it.
        lanes: Vec<SearchLane>,
    }
    /// What runs of a found service in an environment.
    pub struct SearchLane {
        environment: String,
        version: String,
        status: StatusWord,
        /// The version that a rollback would go back to.
        back_to: Option<String>,
    }
    /// What was found, best first.
    pub struct SearchHits { hits: Vec<SearchHit>, }
    /// A row of the matrix of environments.
    pub struct MatrixRow {
        service: String,
        team: Option<String>,
        cells: Vec<MatrixCell>,
    }
    /// What runs of a service in an environment.
    pub struct MatrixCell {
        environment: String,
        deployment: Option<f64>,
        /// `null`: not deployed there.
        version: Option<String>,
        status: StatusWord,
        rolled_back: bool,
        inferred: bool,
        stale: bool,
        /// Against the reference environment: `same`, `ahead`, `behind`, `different`, `absent`.
        drift: String,
        /// Commits between the two, where the repository tells.
        commits: Option<u32>,
        since: Option<EpochMs>,
    }
    /// The matrix of services and environments, measured against one of them.
    pub struct Matrix {
        reference: String,
        rows: Vec<MatrixRow>,
    }
    /// Which environment the others are measured against.
    pub struct MatrixRequest { reference: Option<String>, }
    /// Deployments of which an export wants to know more than the timeline shows.
    pub struct SourcesRequest { ids: Vec<f64>, }
    /// Where a deployment comes from, as far as that is known.
    pub struct DeploymentSource {
        id: f64,
        /// The whole hash of the commit at its version's tag.
        commit: Option<String>,
        /// The digest of its image.
        digest: Option<String>,
        evidence: EvidenceWord,
    }
    /// What is shown as a table, as CSV in the person's language, and where to write it.
    pub struct CsvRequest {
        /// Ends in `.csv`.
        path: String,
        text: String,
    }
    /// A period of the timeline.
    pub struct TimelineRequest {
        /// `null`: from the first deployment on.
        from: Option<EpochMs>,
        /// `null`: until now.
        to: Option<EpochMs>,
    }
}

words! {
    /// What kind of thing was found.
    ///
    /// `rollback` is the last one of a service, `rolled-back` the last version that one took away.
    pub enum SearchKind { Service, Version, Deployment, Rollback, RolledBack, Note, Operation, }
}
