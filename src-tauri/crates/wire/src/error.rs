//! What the window is told when something can't be done: a code and facts, never prose.

use std::collections::BTreeMap;

words! {
    /// What went wrong. The window has a message and a next step for each, in each language.
    pub enum ErrorCode {
        // Requests and the app itself.
        /// The request makes no sense: a defect of the window.
        InvalidRequest,
        /// A defect of ours; the log has the chain.
        Internal,
        /// Cancelled by the person.
        Cancelled,
        /// No workspace is open.
        WorkspaceNotOpen,
        /// The workspace has no service of that name (`service`).
        NoSuchService,
        /// The workspace has no environment of that name (`environment`).
        NoSuchEnvironment,
        /// The ledger has no such deployment.
        NoSuchDeployment,
        /// The repository has no such version (`service`, `version`).
        NoSuchVersion,
        /// A file could not be read or written (`path`).
        FileFailed,
        /// No program of this machine opened a folder or an address (`what`).
        NotOpened,
        // The workspace file.
        /// `tidemark.toml` can't be read (`path`).
        WorkspaceUnreadable,
        /// Something in it is wrong (`path`, `line`, `column`, and of the first `FileProblem` `problem`, which is its code,
        /// `subject`, `expected`).
        WorkspaceInvalid,
        /// Its `format` is not known to this version (`format`).
        WorkspaceFormat,
        /// No clone is bound to the service's repository (`service`, `repository`).
        RepositoryNotBound,
        /// No kube context is bound to the cluster (`cluster`).
        ClusterNotBound,
        // Git.
        /// There is no repository at the path (`path`).
        RepositoryNotFound,
        /// The repository is damaged or can't be read (`path`).
        RepositoryUnreadable,
        /// A shallow or blobless clone lacks it (`path`, `object`).
        NotAvailableHere,
        /// Reftable or SHA-256 (`path`, `feature`).
        RepositoryUnsupported,
        /// It belongs to somebody else: safe.directory (`path`).
        RepositoryForeignOwner,
        /// It went away while it was read (`path`).
        RepositoryVanished,
        /// `git` is not installed.
        GitMissing,
        /// The `git` child failed (`url`).
        GitFailed,
        /// The `git` child said nothing, or took too long: a question that nobody sees looks like this (`url`).
        GitTimeout,
        /// The server wants a password, token or key that `git` does not have by itself (`url`).
        GitNotSignedIn,
        /// ssh does not know the host, or knows another key for it (`url`).
        GitHostKey,
        /// All was fetched but these tags, which name other commits there than here (`tags`).
        TagsMovedThere,
        /// The address is of a kind that is never run (`url`).
        AddressRefused,
        // The cluster.
        /// No answer at all (`cluster`).
        ClusterUnreachable,
        /// Connected, but no answer in time (`cluster`).
        ClusterTimeout,
        /// The certificate is not trusted, or for another name (`cluster`).
        CertificateRefused,
        /// 401 (`cluster`).
        Unauthorized,
        /// 403 (`cluster`, `verb`, `resource`).
        Forbidden,
        /// 404 (`cluster`, `object`).
        ObjectNotFound,
        /// 409 or a failed precondition (`object`).
        Conflict,
        /// 422 with causes (`object`).
        Rejected,
        /// 429 (`cluster`).
        TooManyRequests,
        /// 5xx (`cluster`).
        ClusterFailed,
        /// The answer is no valid JSON (`cluster`).
        ClusterAnswerUnreadable,
        /// A kubeconfig can't be read (`path`, `problem`: a code of `cluster::kubeconfig`; `line`, `column`, and `limit` in
        /// MiB where it has them).
        KubeconfigUnreadable,
        /// No context of that name (`context`).
        ContextNotFound,
        /// The context can't be used as it stands in the kubeconfig (`context`, `problem` as above, `provider`).
        ContextUnusable,
        /// An exec plugin waits for consent (`context`, `command`).
        ExecConsentNeeded,
        /// An exec plugin is not installed (`command`, `searched`).
        ExecMissing,
        /// An exec plugin failed, hung or printed too much (`command`, `problem`: a code of `cluster::exec_plugin`; `status`,
        /// `seconds`, and `limit` in KiB where it has them).
        ExecFailed,
        // The ledger.
        /// The disk is full.
        LedgerFull,
        /// Another process holds it.
        LedgerBusy,
        /// The folder or file can't be written.
        LedgerReadOnly,
        /// Made by a newer Tidemark.
        LedgerNewer,
        /// Damaged, and it can't be set aside.
        LedgerDamaged,
        /// Its schema could not be brought up to this version's; it is unchanged (`path`).
        LedgerNotMigrated,
        // Rollbacks.
        /// Nothing to go back to (`service`, `environment`).
        NoTarget,
        /// The service has several workloads there, and nothing says which is meant (`service`, `environment`, `workloads`).
        SeveralWorkloads,
        /// The plan is no longer known: plan again.
        PlanGone,
        /// The plan is blocked (`finding`).
        PlanBlocked,
        /// What was confirmed is not what would be done now.
        PlanMoved,
        /// Not confirmed: held too short.
        HeldTooShort,
        /// Not confirmed: findings not acknowledged (`findings`).
        NotAcknowledged,
        /// Not confirmed: another name typed (`name`).
        WrongName,
        /// Not confirmed: a reason is needed.
        ReasonNeeded,
        /// The backend issued no confirmation of that identity.
        NotConfirmed,
        /// Another operation runs in this environment (`number`).
        OperationRunning,
        /// No such operation.
        NoSuchOperation,
        /// Too late: the patch was sent.
        TooLate,
        /// The workspace is read-only.
        ReadOnly,
    }
}

/// Why a command failed.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{code:?}: {details}")]
pub struct WireError {
    /// What the window switches on.
    pub code: ErrorCode,
    /// Facts for the words, by name.
    pub parameters: BTreeMap<String, String>,
    /// The whole chain, redacted, for "Copy details"; technical and not translated.
    pub details: String,
    /// Whether the same request can succeed later as it is.
    pub retryable: bool,
}

impl WireError {
    /// An error without parameters.
    pub fn new(code: ErrorCode, details: impl Into<String>) -> Self {
        Self {
            code,
            parameters: BTreeMap::new(),
            details: details.into(),
            retryable: false,
        }
    }

    /// The same, with one more fact.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.parameters.insert(name.to_owned(), value.to_string());
        self
    }

    /// The same, worth trying again.
    pub fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }
}
