//! The workspace file and what is personal beside it.

use crate::EpochMs;

words! {
    /// How much care an environment asks.
    pub enum TierWord { Production, Staging, Development, }
    /// How bad a remark about the file is.
    pub enum ProblemKind { Error, Warning, }
}

dto! {
    /// The open workspace.
    pub struct WorkspaceInfo {
        name: String,
        /// `null`: the demo's, or not saved yet.
        path: Option<String>,
        time_zone: Option<String>,
        environments: Vec<EnvironmentInfo>,
        services: Vec<ServiceInfo>,
        /// Nothing may be changed in any cluster.
        read_only: bool,
        /// Unknown keys and the like.
        problems: Vec<FileProblem>,
    }
    /// An environment of the workspace.
    pub struct EnvironmentInfo {
        name: String,
        tier: TierWord,
        guard: bool,
        cluster: String,
        namespaces: Vec<String>,
        /// The kube context bound to its cluster.
        context: Option<String>,
    }
    /// A service of the workspace.
    pub struct ServiceInfo {
        name: String,
        team: Option<String>,
        repository: Option<String>,
        /// The local clone bound to its repository.
        clone: Option<String>,
        tags: String,
        depends_on: Vec<String>,
    }
    /// A remark about `tidemark.toml`, at a place in it.
    pub struct FileProblem {
        kind: ProblemKind,
        /// `syntax`, `unknown-key`, `wrong-type`, `wrong-value`, `empty`, `missing`, `duplicate`, `unknown-reference`,
        /// `format`.
        code: String,
        /// From 1.
        line: u32,
        /// From 1, in characters.
        column: u32,
        /// The key or value it is about; of `syntax` the parser's own words.
        subject: String,
        /// What would be right there, in the file's own words: `"production", "staging", "development"`.
        expected: Option<String>,
    }
    /// A workspace as the editor works on it.
    pub struct WorkspaceDraft {
        name: String,
        time_zone: Option<String>,
        environments: Vec<DraftEnvironment>,
        services: Vec<DraftService>,
    }
    /// An environment as the editor works on it.
    pub struct DraftEnvironment {
        name: String,
        /// Its name in the text that the draft was read from; `null`: it is new.
        was: Option<String>,
        tier: TierWord,
        guard: bool,
        cluster: String,
        namespaces: Vec<String>,
        /// Personal: the kube context for the cluster.
        context: Option<String>,
        /// As the file writes it: `5m`; `null` for the default.
        verify_window: Option<String>,
        /// As the file writes it: `24h`; `null` for the default.
        known_good_after: Option<String>,
    }
    /// A service as the editor works on it.
    pub struct DraftService {
        name: String,
        /// Its name in the text that the draft was read from; `null`: it is new.
        was: Option<String>,
        team: Option<String>,
        /// The identity of the repository.
        repository: Option<String>,
        /// Personal: the clone bound to it.
        clone: Option<String>,
        path: Option<String>,
        /// `null`: `v{version}`.
        tags: Option<String>,
        container: Option<String>,
        depends_on: Vec<String>,
    }
    /// What to look at to suggest a workspace.
    pub struct SuggestRequest {
        repositories: Vec<String>,
        contexts: Vec<String>,
    }
    /// A suggested workspace, and how much of it fits together.
    pub struct Suggestion {
        draft: WorkspaceDraft,
        /// Services whose workloads were found in at least one environment.
        matched_services: u32,
        /// Environments in which at least one service was found.
        matched_environments: u32,
    }
    /// A draft, and the text that it changes.
    pub struct SaveRequest {
        draft: WorkspaceDraft,
        /// `null`: what the file at `path` holds now, if there is one.
        text: Option<String>,
        /// `null` on a preview.
        path: Option<String>,
    }
    /// The text of `tidemark.toml`, and what is wrong in it.
    pub struct WorkspaceText {
        text: String,
        problems: Vec<FileProblem>,
        /// The draft that the text says, where it can be read.
        draft: Option<WorkspaceDraft>,
    }
    /// A text to check, or to save as it is.
    pub struct TextRequest {
        text: String,
        path: Option<String>,
    }
    /// A repository that was found in a folder.
    pub struct FoundRepository {
        path: String,
        /// The folder's name.
        name: String,
        /// The address of its first remote, without a password.
        remote: Option<String>,
        tags: u32,
        versions: u32,
        /// The pattern that fits most tags.
        pattern: Option<String>,
        /// The newest version's tag.
        newest: Option<String>,
        newest_at: Option<EpochMs>,
        /// Tags that can't be read, dangling ones and the like.
        warnings: u32,
        /// Why it can't be read at all.
        error: Option<crate::WireError>,
    }
    /// A pattern tried on a repository's tags.
    pub struct PatternRequest {
        repository: String,
        service: String,
        pattern: String,
    }
    /// What a pattern makes of a repository's tags.
    pub struct PatternResult {
        /// `null`, or what is wrong with the pattern.
        problem: Option<String>,
        versions: u32,
        unversioned: u32,
        foreign: u32,
        /// The newest ones, as (tag, version).
        examples: Vec<(String, String)>,
    }
    /// Which repository to clone where.
    pub struct CloneRequest {
        url: String,
        into: String,
    }
    /// Which clone is bound to a repository.
    pub struct BindRepositoryRequest {
        repository: String,
        clone: String,
    }
    /// Which context is bound to a cluster.
    pub struct BindClusterRequest {
        cluster: String,
        context: String,
    }
    /// A tag that was moved by force: it named another commit when it was seen before.
    pub struct MovedTag {
        service: String,
        tag: String,
        /// `null`: the tag is no version.
        version: Option<String>,
        /// The commit that it named; kept.
        from: String,
        /// The commit that it names now.
        to: String,
        /// When that was seen.
        at: EpochMs,
    }
    /// All tags that were moved, the last one first.
    pub struct MovedTags { tags: Vec<MovedTag>, }
    /// A service by name.
    pub struct ServiceRequest { service: String, }
}
