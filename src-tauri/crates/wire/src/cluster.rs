//! Contexts, connections, and the drawer that shows an object as the cluster has it.

use crate::EpochMs;
use crate::error::WireError;

words! {
    /// How a connection is.
    pub enum ConnectionState {
        /// No answer yet.
        Connecting,
        /// Watches run.
        Live,
        /// Watches run in some namespaces, and not in those of `not_live`.
        Partial,
        /// It answered before, and does not now: what is shown is of `since`.
        Stale,
        /// It never answered since it was first tried, at `since`.
        Unreached,
        /// It answers, but refuses us, or we refuse it: its certificate, a plugin without consent.
        Refused,
        /// No kube context is bound.
        Unbound,
    }
    /// How a pod is.
    pub enum PodState { Ready, Starting, Waiting, Failed, Ending, Succeeded, }
}

dto! {
    /// A context of the kubeconfig.
    pub struct Context {
        name: String,
        cluster: String,
        /// The API server's address, without a password.
        server: Option<String>,
        namespace: Option<String>,
        user: Option<String>,
        /// `kubectl` would use it now.
        current: bool,
        /// The file it stands in.
        file: String,
        exec: Option<ExecPlugin>,
        /// Why its sign-in program can't be run, as when it is not installed.
        exec_problem: Option<WireError>,
        /// The server's certificate is not checked: worth a warning.
        insecure: bool,
    }
    /// A program that a kubeconfig asks to run for credentials.
    pub struct ExecPlugin {
        context: String,
        /// As the kubeconfig writes it.
        command: String,
        /// The absolute path that would be run.
        path: String,
        arguments: Vec<String>,
        /// Names of the environment variables that the kubeconfig sets for it.
        environment: Vec<String>,
        /// A hash over all that would be run: path, arguments, names and values of the variables.
        key: String,
        /// A person agreed to exactly that.
        consented: bool,
        /// A person agreed to something else for this context before.
        changed: bool,
    }
    /// All contexts, and files that can't be read.
    pub struct Contexts {
        contexts: Vec<Context>,
        errors: Vec<WireError>,
    }
    /// What a context answers.
    pub struct ContextTest {
        context: String,
        /// The Kubernetes version.
        version: Option<String>,
        account: Option<String>,
        /// Deployment objects that the account can see.
        workloads: u32,
        /// `patch` on Deployment objects is allowed.
        may_roll_back: Option<bool>,
        /// Namespaces with Deployment objects.
        namespaces: Vec<String>,
        milliseconds: f64,
    }
    /// Consent to an exec plugin, or its withdrawal.
    pub struct ExecConsent {
        context: String,
        path: String,
        arguments: Vec<String>,
        /// Names of its environment variables.
        environment: Vec<String>,
        /// Of the plugin that was shown: what counts.
        key: String,
        allow: bool,
    }
    /// A connection to a cluster of the workspace.
    pub struct Connection {
        cluster: String,
        context: Option<String>,
        environments: Vec<String>,
        state: ConnectionState,
        /// When the last answer or watch event came.
        last_answer: Option<EpochMs>,
        /// Since when it is stale; while it was never reached, when that was first tried.
        since: Option<EpochMs>,
        /// When it is tried again.
        next_try: Option<EpochMs>,
        error: Option<WireError>,
        /// Ours minus the cluster's, in milliseconds; shown beyond five seconds.
        clock_offset: Option<f64>,
        account: Option<String>,
        /// Parts that are not visible to this account: `replicasets`, `all-namespaces`.
        limits: Vec<String>,
        /// While it is partial: the namespaces and patterns of which nothing is known, or nothing new.
        not_live: Vec<String>,
    }
    /// A workload in the cluster.
    pub struct WorkloadRequest {
        service: String,
        environment: String,
        /// Of which deployment, where the service has several workloads there.
        deployment: Option<f64>,
    }
    /// The drawer's contents.
    pub struct ClusterObject {
        kind: String,
        namespace: String,
        name: String,
        yaml: String,
        replicas: u32,
        ready: u32,
        pods: Vec<Pod>,
        events: Vec<ClusterEvent>,
        logs: Vec<ContainerLog>,
        /// Parts that could not be read.
        unread: Vec<UnreadPart>,
        read_at: EpochMs,
    }
    /// A part of the drawer that could not be read: `pods` or `events`, and why.
    pub struct UnreadPart {
        part: String,
        error: WireError,
    }
    /// A pod of a workload.
    pub struct Pod {
        name: String,
        /// The version its template runs.
        version: String,
        state: PodState,
        restarts: u32,
        /// `ImagePullBackOff`, `CrashLoopBackOff`, `Unschedulable`, …
        reason: Option<String>,
        /// The kubelet's or scheduler's own words.
        message: Option<String>,
        node: Option<String>,
        started_at: Option<EpochMs>,
    }
    /// An event that the cluster keeps.
    pub struct ClusterEvent {
        at: Option<EpochMs>,
        warning: bool,
        reason: String,
        message: String,
        object: String,
        count: u32,
    }
    /// The last lines of a container that fails.
    pub struct ContainerLog {
        pod: String,
        container: String,
        /// Of the container before the last restart.
        previous: bool,
        lines: Vec<String>,
        /// Why there are none.
        error: Option<WireError>,
    }
    /// All connections.
    pub struct Connections { connections: Vec<Connection>, }
    /// A context by name.
    pub struct ContextRequest { context: String, }
    /// A cluster by its name in the workspace.
    pub struct ClusterRequest { cluster: String, }
}
