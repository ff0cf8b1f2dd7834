// Generated from the tables of the crate `wire` by `cargo xtask gen`. Do not edit.

/**
 * What the window needs to draw itself first.
 */
export type AppState = { version: string, platform: Platform, 
/**
 * The permanent DEMO band is on.
 */
demo: boolean, 
/**
 * `null`: the welcome screen.
 */
workspace: WorkspaceInfo | null, recent: Array<RecentWorkspace>, settings: Settings, ledger: LedgerHealth, 
/**
 * The folder of the log files.
 */
logs: string, connections: Array<Connection>, 
/**
 * IANA name of the desktop's zone, where it is known.
 */
localTimeZone: string | null, 
/**
 * Why what the command line asked for could not be opened: said once.
 */
startProblem: WireError | null, now: number, };

/**
 * Who or why, and how we know.
 */
export type Attribution = { text: string, 
/**
 * `operation`, `change-cause`, `field-manager`, `argo-cd`, `helm`, `version-author`, `imported`.
 */
source: string, };

/**
 * How the version that is left ran when the plan was made.
 */
export type Before = { 
/**
 * Its own ready pods; those of another version are not counted.
 */
ready: number, restarts: number, 
/**
 * Ready endpoints behind the Services that select it; `null`: not seen.
 */
endpoints: number | null, };

/**
 * Which context is bound to a cluster.
 */
export type BindClusterRequest = { cluster: string, context: string, };

/**
 * Which clone is bound to a repository.
 */
export type BindRepositoryRequest = { repository: string, clone: string, };

/**
 * How much differs from the deployment before.
 */
export type ChangeCounts = { 
/**
 * `null`: the repository does not say.
 */
commits: number | null, images: number, settings: number, previousVersion: string, 
/**
 * The deployment before it in its lane.
 */
previousDeployment: number | null, };

/**
 * Which repository to clone where.
 */
export type CloneRequest = { url: string, into: string, };

/**
 * An event that the cluster keeps.
 */
export type ClusterEvent = { at: number | null, warning: boolean, reason: string, message: string, object: string, count: number, };

/**
 * The drawer's contents.
 */
export type ClusterObject = { kind: string, namespace: string, name: string, yaml: string, replicas: number, ready: number, pods: Array<Pod>, events: Array<ClusterEvent>, logs: Array<ContainerLog>, 
/**
 * Parts that could not be read.
 */
unread: Array<UnreadPart>, readAt: number, };

/**
 * A cluster by its name in the workspace.
 */
export type ClusterRequest = { cluster: string, };

/**
 * A commit.
 */
export type Commit = { id: string, subject: string, author: string, at: number, kind: CommitKind, scope: string | null, breaking: boolean, 
/**
 * The lowest release between the two whose history holds it; `null`: none, or it is not known.
 */
release: string | null, };

/**
 * What kind of change a commit says it is.
 */
export type CommitKind = "feature" | "fix" | "other";

/**
 * The commits between, in both directions.
 */
export type CommitSet = { 
/**
 * In B and not in A, newest first.
 */
added: Array<Commit>, 
/**
 * In A and not in B, newest first.
 */
removed: Array<Commit>, authors: number, 
/**
 * Why there are none: `no-repository`, `no-tag`, `not-available-here`, `other-repository`.
 */
unavailable: string | null, 
/**
 * More than are listed.
 */
truncated: boolean, };

/**
 * Which two sides.
 */
export type CompareRequest = { a: SideRequest, b: SideRequest, };

/**
 * Everything that differs.
 */
export type Comparison = { a: SideInfo, b: SideInfo, commits: CommitSet, files: FileSet, 
/**
 * `null` where one template is not known.
 */
template: TemplateDifference | null, configuration: Array<ConfigurationDifference>, 
/**
 * ConfigMaps of one side that were never read, by name.
 */
configurationUnknown: Array<string>, notes: Array<NoteInfo>, migrations: Array<string>, };

/**
 * A ConfigMap or Secret that differs.
 */
export type ConfigurationDifference = { 
/**
 * `ConfigMap` or `Secret`.
 */
kind: string, name: string, keys: Array<KeyDifference>, };

/**
 * A confirmation that the backend issued, good for one operation.
 */
export type Confirmation = { id: string, };

/**
 * A connection to a cluster of the workspace.
 */
export type Connection = { cluster: string, context: string | null, environments: Array<string>, state: ConnectionState, 
/**
 * When the last answer or watch event came.
 */
lastAnswer: number | null, 
/**
 * Since when it is stale; while it was never reached, when that was first tried.
 */
since: number | null, 
/**
 * When it is tried again.
 */
nextTry: number | null, error: WireError | null, 
/**
 * Ours minus the cluster's, in milliseconds; shown beyond five seconds.
 */
clockOffset: number | null, account: string | null, 
/**
 * Parts that are not visible to this account: `replicasets`, `all-namespaces`.
 */
limits: Array<string>, 
/**
 * While it is partial: the namespaces and patterns of which nothing is known, or nothing new.
 */
notLive: Array<string>, };

/**
 * How a connection is.
 */
export type ConnectionState = "connecting" | "live" | "partial" | "stale" | "unreached" | "refused" | "unbound";

/**
 * All connections.
 */
export type Connections = { connections: Array<Connection>, };

/**
 * The last lines of a container that fails.
 */
export type ContainerLog = { pod: string, container: string, 
/**
 * Of the container before the last restart.
 */
previous: boolean, lines: Array<string>, 
/**
 * Why there are none.
 */
error: WireError | null, };

/**
 * A context of the kubeconfig.
 */
export type Context = { name: string, cluster: string, 
/**
 * The API server's address, without a password.
 */
server: string | null, namespace: string | null, user: string | null, 
/**
 * `kubectl` would use it now.
 */
current: boolean, 
/**
 * The file it stands in.
 */
file: string, exec: ExecPlugin | null, 
/**
 * Why its sign-in program can't be run, as when it is not installed.
 */
execProblem: WireError | null, 
/**
 * The server's certificate is not checked: worth a warning.
 */
insecure: boolean, };

/**
 * A context by name.
 */
export type ContextRequest = { context: string, };

/**
 * What a context answers.
 */
export type ContextTest = { context: string, 
/**
 * The Kubernetes version.
 */
version: string | null, account: string | null, 
/**
 * Deployment objects that the account can see.
 */
workloads: number, 
/**
 * `patch` on Deployment objects is allowed.
 */
mayRollBack: boolean | null, 
/**
 * Namespaces with Deployment objects.
 */
namespaces: Array<string>, milliseconds: number, };

/**
 * All contexts, and files that can't be read.
 */
export type Contexts = { contexts: Array<Context>, errors: Array<WireError>, };

/**
 * What is shown as a table, as CSV in the person's language, and where to write it.
 */
export type CsvRequest = { 
/**
 * Ends in `.csv`.
 */
path: string, text: string, };

/**
 * The inspector's contents.
 */
export type DeploymentDetails = { id: number, service: string, environment: string, team: string | null, version: string, 
/**
 * The version is SemVer and a tag of the repository.
 */
released: boolean, kind: KindWord, status: StatusWord, 
/**
 * It is what runs now.
 */
current: boolean, started: MomentRange | null, settled: MomentRange | null, failed: MomentRange | null, ended: MomentRange | null, 
/**
 * The version that kept answering while this one failed.
 */
previousServes: string | null, 
/**
 * What ended it was no other version but its own configuration or a restart; else `null`.
 */
continuedAs: KindWord | null, 
/**
 * Another deployment took its place, failed, and the pods of this one still answer.
 */
stillServes: boolean, who: Attribution | null, why: Attribution | null, 
/**
 * Tag, author and subject of the version.
 */
release: ReleaseInfo | null, changed: ChangeCounts | null, evidence: EvidenceWord, evidenceItems: Array<EvidenceItem>, 
/**
 * `null`: the Events were read, or have yet to be.
 */
eventsGap: EventsGapWord | null, versionEvidence: Array<VersionEvidence>, workload: WorkloadInfo | null, 
/**
 * Where several workloads run the service there: each of them, by name; else none.
 */
workloads: Array<WorkloadNow>, image: string | null, digest: string | null, 
/**
 * Live state, of the current deployment only.
 */
live: LiveState | null, rollback: RollbackOffer, 
/**
 * What runs there instead, if this one does not.
 */
running: RunningNow | null, 
/**
 * While this one was failing, until when the one before still had ready pods.
 */
previousServedUntil: number | null, elsewhere: Array<Elsewhere>, 
/**
 * Number of our operation that made it.
 */
operation: string | null, note: string | null, };

/**
 * A deployment of the ledger.
 */
export type DeploymentRequest = { id: number, };

/**
 * Where a deployment comes from, as far as that is known.
 */
export type DeploymentSource = { id: number, 
/**
 * The whole hash of the commit at its version's tag.
 */
commit: string | null, 
/**
 * The digest of its image.
 */
digest: string | null, evidence: EvidenceWord, };

/**
 * A line of a diff.
 */
export type DiffLine = { kind: LineKind, text: string, };

/**
 * One difference in words; `null`: not there on that side.
 */
export type Difference = { kind: DifferenceKind, container: string | null, 
/**
 * `LOG_LEVEL`, `limits.memory`, `image`.
 */
name: string, old: string | null, new: string | null, };

/**
 * What kind of thing differs in two pod templates.
 */
export type DifferenceKind = "image" | "setting" | "resource" | "command" | "probe" | "port" | "volume" | "metadata" | "container" | "other";

/**
 * An environment as the editor works on it.
 */
export type DraftEnvironment = { name: string, 
/**
 * Its name in the text that the draft was read from; `null`: it is new.
 */
was: string | null, tier: TierWord, guard: boolean, cluster: string, namespaces: Array<string>, 
/**
 * Personal: the kube context for the cluster.
 */
context: string | null, 
/**
 * As the file writes it: `5m`; `null` for the default.
 */
verifyWindow: string | null, 
/**
 * As the file writes it: `24h`; `null` for the default.
 */
knownGoodAfter: string | null, };

/**
 * Headings of a draft, in the person's language.
 */
export type DraftRequest = { service: string, version: string, breaking: string, features: string, fixes: string, other: string, };

/**
 * A service as the editor works on it.
 */
export type DraftService = { name: string, 
/**
 * Its name in the text that the draft was read from; `null`: it is new.
 */
was: string | null, team: string | null, 
/**
 * The identity of the repository.
 */
repository: string | null, 
/**
 * Personal: the clone bound to it.
 */
clone: string | null, path: string | null, 
/**
 * `null`: `v{version}`.
 */
tags: string | null, container: string | null, dependsOn: Array<string>, };

/**
 * Where else a version ran.
 */
export type Elsewhere = { environment: string, status: StatusWord, from: number | null, to: number | null, deployment: number | null, };

/**
 * An environment of the workspace.
 */
export type EnvironmentInfo = { name: string, tier: TierWord, guard: boolean, cluster: string, namespaces: Array<string>, 
/**
 * The kube context bound to its cluster.
 */
context: string | null, };

/**
 * What went wrong. The window has a message and a next step for each, in each language.
 */
export type ErrorCode = "invalid-request" | "internal" | "cancelled" | "workspace-not-open" | "no-such-service" | "no-such-environment" | "no-such-deployment" | "no-such-version" | "file-failed" | "not-opened" | "workspace-unreadable" | "workspace-invalid" | "workspace-format" | "repository-not-bound" | "cluster-not-bound" | "repository-not-found" | "repository-unreadable" | "not-available-here" | "repository-unsupported" | "repository-foreign-owner" | "repository-vanished" | "git-missing" | "git-failed" | "git-timeout" | "git-not-signed-in" | "git-host-key" | "tags-moved-there" | "address-refused" | "cluster-unreachable" | "cluster-timeout" | "certificate-refused" | "unauthorized" | "forbidden" | "object-not-found" | "conflict" | "rejected" | "too-many-requests" | "cluster-failed" | "cluster-answer-unreadable" | "kubeconfig-unreadable" | "context-not-found" | "context-unusable" | "exec-consent-needed" | "exec-missing" | "exec-failed" | "ledger-full" | "ledger-busy" | "ledger-read-only" | "ledger-newer" | "ledger-damaged" | "ledger-not-migrated" | "no-target" | "several-workloads" | "plan-gone" | "plan-blocked" | "plan-moved" | "held-too-short" | "not-acknowledged" | "wrong-name" | "reason-needed" | "not-confirmed" | "operation-running" | "no-such-operation" | "too-late" | "read-only";

/**
 * Why the namespace's Events of the last hour are not among the evidence: no right to list them, or no answer.
 */
export type EventsGapWord = "forbidden" | "unread";

/**
 * One piece of evidence.
 */
export type EvidenceItem = { kind: EvidenceWord, source: string, seenAt: number, };

/**
 * How good a piece of evidence is.
 */
export type EvidenceWord = "observed" | "recorded" | "inferred" | "imported";

/**
 * Consent to an exec plugin, or its withdrawal.
 */
export type ExecConsent = { context: string, path: string, arguments: Array<string>, 
/**
 * Names of its environment variables.
 */
environment: Array<string>, 
/**
 * Of the plugin that was shown: what counts.
 */
key: string, allow: boolean, };

/**
 * A program that a kubeconfig asks to run for credentials.
 */
export type ExecPlugin = { context: string, 
/**
 * As the kubeconfig writes it.
 */
command: string, 
/**
 * The absolute path that would be run.
 */
path: string, arguments: Array<string>, 
/**
 * Names of the environment variables that the kubeconfig sets for it.
 */
environment: Array<string>, 
/**
 * A hash over all that would be run: path, arguments, names and values of the variables.
 */
key: string, 
/**
 * A person agreed to exactly that.
 */
consented: boolean, 
/**
 * A person agreed to something else for this context before.
 */
changed: boolean, };

/**
 * A changed file; `null` counts: binary, or not in this clone.
 */
export type FileChange = { path: string, added: number | null, removed: number | null, 
/**
 * The content is not in this clone: the lines can't be counted, and are not 0.
 */
notHere: boolean, };

/**
 * A remark about `tidemark.toml`, at a place in it.
 */
export type FileProblem = { kind: ProblemKind, 
/**
 * `syntax`, `unknown-key`, `wrong-type`, `wrong-value`, `empty`, `missing`, `duplicate`, `unknown-reference`,
 * `format`.
 */
code: string, 
/**
 * From 1.
 */
line: number, 
/**
 * From 1, in characters.
 */
column: number, 
/**
 * The key or value it is about; of `syntax` the parser's own words.
 */
subject: string, 
/**
 * What would be right there, in the file's own words: `"production", "staging", "development"`.
 */
expected: string | null, };

/**
 * The changed files.
 */
export type FileSet = { files: Array<FileChange>, added: number, removed: number, unavailable: string | null, };

/**
 * One result of a preflight check.
 */
export type Finding = { 
/**
 * Stable: the window's words hang on it.
 */
code: string, result: FindingWord, subject: string | null, facts: { [key in string]: string }, 
/**
 * What is acknowledged.
 */
key: string, };

/**
 * What a check found.
 */
export type FindingWord = "pass" | "warn" | "unknown" | "block";

/**
 * A repository that was found in a folder.
 */
export type FoundRepository = { path: string, 
/**
 * The folder's name.
 */
name: string, 
/**
 * The address of its first remote, without a password.
 */
remote: string | null, tags: number, versions: number, 
/**
 * The pattern that fits most tags.
 */
pattern: string | null, 
/**
 * The newest version's tag.
 */
newest: string | null, newestAt: number | null, 
/**
 * Tags that can't be read, dangling ones and the like.
 */
warnings: number, 
/**
 * Why it can't be read at all.
 */
error: WireError | null, };

/**
 * The begin of a gesture: the backend's clock starts.
 */
export type GestureBegin = { digest: string, };

/**
 * The end of a gesture.
 */
export type GestureEnd = { confirmation: string, digest: string, acknowledged: Array<string>, reason: string | null, typedName: string | null, };

/**
 * Rendered and sanitised.
 */
export type Html = { html: string, };

/**
 * A key that differs; a Secret's values are never shown.
 */
export type KeyDifference = { key: string, old: string | null, new: string | null, };

/**
 * What went live.
 */
export type KindWord = "version" | "configuration" | "restart";

/**
 * The language of the window.
 */
export type Language = "system" | "en" | "zh";

/**
 * How the ledger is.
 */
export type LedgerHealth = { path: string, state: LedgerState, 
/**
 * Where a damaged file was set aside.
 */
setAside: string | null, 
/**
 * The backup that was opened in its place, or the newest one.
 */
backup: string | null, backupAt: number | null, 
/**
 * In bytes, its write-ahead log with it.
 */
size: number, 
/**
 * The hash chain of operations holds: no edit, gap or lost tail.
 */
chainIntact: boolean, 
/**
 * The last rows written could not be read: they wait in a log that a read-only folder locks away.
 */
newestUnread: boolean, };

/**
 * How the ledger was found.
 */
export type LedgerState = "ok" | "recovered" | "begun-anew" | "read-only";

/**
 * How a line of a diff is.
 */
export type LineKind = "context" | "added" | "removed";

/**
 * What the cluster says of the current deployment.
 */
export type LiveState = { replicas: number, updated: number, ready: number, available: number, paused: boolean, 
/**
 * The first reason why pods hang: `ImagePullBackOff`.
 */
reason: string | null, 
/**
 * How many pods hang for it.
 */
hanging: number, asOf: number, stale: boolean, };

/**
 * A fix or a feature that goes away.
 */
export type LostCommit = { subject: string, 
/**
 * The release that brought it; `null`: it is not known.
 */
release: string | null, };

/**
 * Markdown to render.
 */
export type MarkdownRequest = { markdown: string, };

/**
 * The matrix of services and environments, measured against one of them.
 */
export type Matrix = { reference: string, rows: Array<MatrixRow>, };

/**
 * What runs of a service in an environment.
 */
export type MatrixCell = { environment: string, deployment: number | null, 
/**
 * `null`: not deployed there.
 */
version: string | null, status: StatusWord, rolledBack: boolean, inferred: boolean, stale: boolean, 
/**
 * Against the reference environment: `same`, `ahead`, `behind`, `different`, `absent`.
 */
drift: string, 
/**
 * Commits between the two, where the repository tells.
 */
commits: number | null, since: number | null, };

/**
 * Which environment the others are measured against.
 */
export type MatrixRequest = { reference: string | null, };

/**
 * A row of the matrix of environments.
 */
export type MatrixRow = { service: string, team: string | null, cells: Array<MatrixCell>, };

/**
 * A time that is known exactly (`earliest` equals `latest`), or only between two bounds.
 */
export type MomentRange = { 
/**
 * `null`: nothing bounds it from below.
 */
earliest: number | null, latest: number, };

/**
 * A tag that was moved by force: it named another commit when it was seen before.
 */
export type MovedTag = { service: string, tag: string, 
/**
 * `null`: the tag is no version.
 */
version: string | null, 
/**
 * The commit that it named; kept.
 */
from: string, 
/**
 * The commit that it names now.
 */
to: string, 
/**
 * When that was seen.
 */
at: number, };

/**
 * All tags that were moved, the last one first.
 */
export type MovedTags = { tags: Array<MovedTag>, };

/**
 * One name.
 */
export type NameRequest = { name: string, };

/**
 * A note, whole.
 */
export type Note = { service: string, version: string, 
/**
 * Empty: there is none yet.
 */
markdown: string, html: string, state: NoteState, author: string | null, updatedAt: number | null, previousVersion: string | null, releasedAt: number | null, 
/**
 * Commits since the previous version, newest first.
 */
commits: Array<Commit>, 
/**
 * The tag's own message.
 */
tagMessage: string | null, };

/**
 * A draft made of commits.
 */
export type NoteDraft = { markdown: string, commits: number, unavailable: string | null, 
/**
 * The workspace file names a template that the last commit of its repository does not have.
 */
templateMissing: boolean, };

/**
 * A note in a list.
 */
export type NoteInfo = { service: string, version: string, title: string, 
/**
 * The best passage, with `\u{2}` and `\u{3}` around what was found.
 */
excerpt: string, state: NoteState, author: string | null, updatedAt: number, 
/**
 * The version was taken back somewhere.
 */
rolledBack: boolean, };

/**
 * A version's note.
 */
export type NoteRequest = { service: string, version: string, };

/**
 * A note to keep.
 */
export type NoteSave = { service: string, version: string, markdown: string, state: NoteState, };

/**
 * A note was kept.
 */
export type NoteSaved = { updatedAt: number, };

/**
 * Which notes.
 */
export type NoteSearch = { text: string, state: NoteState | null, service: string | null, };

/**
 * Whether a note says that it is finished.
 */
export type NoteState = "draft" | "final";

/**
 * The notes that were found.
 */
export type Notes = { notes: Array<NoteInfo>, };

/**
 * A notice of the desktop's, in the person's language.
 */
export type Notice = { title: string, body: string, };

/**
 * An operation, whole; a later one replaces an earlier one.
 */
export type Operation = { id: string, number: number, service: string, environment: string, tier: TierWord, guard: boolean, cluster: string, 
/**
 * The kube context by which it acts.
 */
context: string, namespace: string, 
/**
 * The kind of the object that it changes, as Kubernetes writes it.
 */
kind: string, workload: string, account: string, fromVersion: string, toVersion: string, state: OperationStateWord, verdict: VerdictWord | null, 
/**
 * Why it failed, or what the verdict rests on.
 */
code: string | null, facts: { [key in string]: string }, reason: string | null, confirmedAt: number, 
/**
 * Until when it can be cancelled.
 */
cancelUntil: number | null, sentAt: number | null, rolledOutAt: number | null, verifyUntil: number | null, endedAt: number | null, steps: Array<OperationStep>, 
/**
 * Live only.
 */
pods: Array<Pod>, desired: number, ready: number, revision: number | null, 
/**
 * How long such a rollout took before, in milliseconds.
 */
usual: number | null, 
/**
 * The origin's template is known: it can be undone.
 */
undoable: boolean, 
/**
 * An undo of this operation.
 */
undoOf: number | null, digest: string, };

/**
 * An operation by its identity.
 */
export type OperationRequest = { id: string, };

/**
 * Where an operation is.
 */
export type OperationStateWord = "waiting" | "preparing" | "sent" | "rolling-out" | "verifying" | "verified" | "failed" | "cancelled" | "superseded" | "never-arrived" | "looking";

/**
 * A step of an operation.
 */
export type OperationStep = { kind: string, at: number, facts: { [key in string]: string }, };

/**
 * Operations, newest first: a page of them.
 */
export type Operations = { operations: Array<Operation>, 
/**
 * There are older ones.
 */
older: boolean, 
/**
 * The hash chain holds.
 */
chainIntact: boolean, };

/**
 * Asks for the operations with a number below this one.
 */
export type OperationsBefore = { number: number, };

/**
 * Where the target's template comes from.
 */
export type OriginWord = "cluster" | "ledger";

/**
 * Who owns an object and would undo a change.
 */
export type OwnerInfo = { 
/**
 * `Argo CD Application gateway`.
 */
name: string, 
/**
 * What says so: `annotation`, `label`, `label-of-application` (an Application of that name is there) or
 * `reference`.
 */
evidence: string, 
/**
 * The key of the annotation or label; of a reference the owner's kind.
 */
key: string, 
/**
 * What it says; of a reference the owner's name.
 */
value: string, };

/**
 * An absolute path.
 */
export type PathRequest = { path: string, };

/**
 * A pattern tried on a repository's tags.
 */
export type PatternRequest = { repository: string, service: string, pattern: string, };

/**
 * What a pattern makes of a repository's tags.
 */
export type PatternResult = { 
/**
 * `null`, or what is wrong with the pattern.
 */
problem: string | null, versions: number, unversioned: number, foreign: number, 
/**
 * The newest ones, as (tag, version).
 */
examples: Array<[string, string]>, };

/**
 * A plan as the sheet shows it.
 */
export type Plan = { digest: string, service: string, environment: string, tier: TierWord, guard: boolean, cluster: string, context: string, namespace: string, account: string, groups: Array<string>, 
/**
 * The API server confirmed the account; else it is the kubeconfig's user.
 */
accountConfirmed: boolean, 
/**
 * The kind of the object that it changes, as Kubernetes writes it.
 */
kind: string, workload: string, from: PlanSide, to: PlanSide, origin: OriginWord, 
/**
 * `previous`, `last-known-good`, `specified` or `undo`.
 */
choice: string, sentence: Sentence, differences: Array<Difference>, lines: Array<DiffLine>, findings: Array<Finding>, 
/**
 * 0 to 3; `null` while blocked.
 */
level: number | null, stays: Array<Stays>, 
/**
 * What goes away, newest first.
 */
fixes: Array<LostCommit>, features: Array<LostCommit>, notes: Array<NoteInfo>, verifyWindow: number, madeAt: number, 
/**
 * How what is left ran then; `null`: the cluster did not say.
 */
before: Before | null, };

/**
 * What to plan.
 */
export type PlanRequest = { service: string, environment: string, target: TargetRequest, };

/**
 * One side of a plan.
 */
export type PlanSide = { version: string, deployment: number | null, revision: number | null, since: number | null, 
/**
 * For how long it ran, in milliseconds.
 */
ran: number | null, template: string, };

/**
 * Which app this is.
 */
export type Platform = "linux" | "macos" | "windows";

/**
 * A pod of a workload.
 */
export type Pod = { name: string, 
/**
 * The version its template runs.
 */
version: string, state: PodState, restarts: number, 
/**
 * `ImagePullBackOff`, `CrashLoopBackOff`, `Unschedulable`, …
 */
reason: string | null, 
/**
 * The kubelet's or scheduler's own words.
 */
message: string | null, node: string | null, startedAt: number | null, };

/**
 * How a pod is.
 */
export type PodState = "ready" | "starting" | "waiting" | "failed" | "ending" | "succeeded";

/**
 * How bad a remark about the file is.
 */
export type ProblemKind = "error" | "warning";

/**
 * A workspace that was open before.
 */
export type RecentWorkspace = { name: string, path: string, openedAt: number, };

/**
 * Tag, author and subject of a version.
 */
export type ReleaseInfo = { tag: string, commit: string, author: string, at: number, subject: string, };

/**
 * An object that keeps a revision.
 */
export type RevisionObject = { 
/**
 * As Kubernetes writes it.
 */
kind: string, name: string, };

/**
 * A version that could be gone back to.
 */
export type RollbackCandidate = { deployment: number, version: string, lastRan: number, 
/**
 * For how long it ran, in milliseconds; `null`: not known.
 */
ran: number | null, 
/**
 * The cluster has pruned it; the ledger has the template.
 */
fromLedger: boolean, knownGood: boolean, 
/**
 * Its newest run here failed.
 */
failed: boolean, };

/**
 * What the inspector's button offers: of what runs, the way back; of an earlier one, itself.
 */
export type RollbackOffer = { 
/**
 * `null`: nothing to go back to.
 */
version: string | null, deployment: number | null, 
/**
 * For how long it ran, in milliseconds.
 */
ran: number | null, knownGood: boolean, 
/**
 * From how long on a run counts as known good there, in milliseconds.
 */
knownGoodAfter: number, 
/**
 * Why the button is off: `offline`, `read-only`, `runs-now`, `never-settled`, `no-template`, `no-target`, `unbound`, `no-replica-sets`, `not-a-deployment`.
 */
off: string | null, 
/**
 * Every version that could be gone back to, newest first.
 */
targets: Array<RollbackCandidate>, };

/**
 * The deployment that is live in a place.
 */
export type RunningNow = { deployment: number, version: string, since: number | null, };

/**
 * A draft, and the text that it changes.
 */
export type SaveRequest = { draft: WorkspaceDraft, 
/**
 * `null`: what the file at `path` holds now, if there is one.
 */
text: string | null, 
/**
 * `null` on a preview.
 */
path: string | null, };

/**
 * One thing that was found.
 */
export type SearchHit = { kind: SearchKind, title: string, subtitle: string, service: string | null, environment: string | null, version: string | null, deployment: number | null, at: number | null, 
/**
 * Of a service: what runs of it.
 */
lanes: Array<SearchLane>, };

/**
 * What was found, best first.
 */
export type SearchHits = { hits: Array<SearchHit>, };

/**
 * What kind of thing was found.
 *
 * `rollback` is the last one of a service, `rolled-back` the last version that one took away.
 */
export type SearchKind = "service" | "version" | "deployment" | "rollback" | "rolled-back" | "note" | "operation";

/**
 * What runs of a found service in an environment.
 */
export type SearchLane = { environment: string, version: string, status: StatusWord, 
/**
 * The version that a rollback would go back to.
 */
backTo: string | null, };

/**
 * What to look for: a version, a commit or a digest, or words of a note.
 */
export type SearchRequest = { text: string, limit: number, };

/**
 * The numbers of the sentence that anyone understands.
 */
export type Sentence = { images: number, settings: number, replicas: number, 
/**
 * Migrations lie between; `null`: the repository does not say.
 */
migrations: number | null, 
/**
 * ConfigMaps and Secrets that changed since and do not come back.
 */
configuration: number, 
/**
 * How many go away; `null`: the repository does not say.
 */
fixes: number | null, features: number | null, 
/**
 * There are more fixes or features than are counted.
 */
atLeast: boolean, };

/**
 * A service of the workspace.
 */
export type ServiceInfo = { name: string, team: string | null, repository: string | null, 
/**
 * The local clone bound to its repository.
 */
clone: string | null, tags: string, dependsOn: Array<string>, };

/**
 * A service by name.
 */
export type ServiceRequest = { service: string, };

/**
 * Personal settings; one set a person.
 */
export type Settings = { theme: Theme, language: Language, timeZone: TimeZoneChoice, 
/**
 * Keys without a modifier act.
 */
singleLetterKeys: boolean, 
/**
 * 1 is 100 %.
 */
zoom: number, };

/**
 * One side.
 */
export type SideInfo = { service: string, environment: string | null, version: string, deployment: number | null, status: StatusWord | null, from: number | null, to: number | null, 
/**
 * The neighbours in its lane, oldest first.
 */
strip: Array<StripSpan>, commit: string | null, tag: string | null, };

/**
 * One side of a comparison, as it is asked for.
 */
export type SideRequest = { "kind": "deployment", id: number, } | { "kind": "version", service: string, version: string, } | { "kind": "environment", service: string, environment: string, at: number | null, };

/**
 * Deployments of which an export wants to know more than the timeline shows.
 */
export type SourcesRequest = { ids: Array<number>, };

/**
 * How a deployment is, or ended.
 */
export type StatusWord = "in-progress" | "healthy" | "degraded" | "failed" | "rolled-back" | "unknown";

/**
 * What does not come back.
 */
export type Stays = { 
/**
 * `database`, `configuration`, `replicas`, `unknown-database`.
 */
kind: string, subject: string, facts: { [key in string]: string }, };

/**
 * A span of the strip under a side.
 */
export type StripSpan = { version: string, from: number, to: number | null, here: boolean, deployment: number, };

/**
 * What to look at to suggest a workspace.
 */
export type SuggestRequest = { repositories: Array<string>, contexts: Array<string>, };

/**
 * A suggested workspace, and how much of it fits together.
 */
export type Suggestion = { draft: WorkspaceDraft, 
/**
 * Services whose workloads were found in at least one environment.
 */
matchedServices: number, 
/**
 * Environments in which at least one service was found.
 */
matchedEnvironments: number, };

/**
 * A support file that was written.
 */
export type SupportFile = { path: string, size: number, };

/**
 * A switch.
 */
export type SwitchRequest = { on: boolean, };

/**
 * Which target is asked for.
 */
export type TargetRequest = { "kind": "previous" } | { "kind": "last-known-good" } | { "kind": "deployment", id: number, } | { "kind": "undo-of", operation: string, };

/**
 * Long work, whole; a later sequence number replaces an earlier one.
 */
export type Task = { id: string, kind: TaskKind, state: TaskState, 
/**
 * What it is about: a repository, a folder.
 */
subject: string, 
/**
 * The step it is in, as the tool names it.
 */
phase: string | null, done: number, 
/**
 * 0: not known.
 */
total: number, error: WireError | null, 
/**
 * What a person should know of work that succeeded.
 */
remark: WireError | null, };

/**
 * What a task does.
 */
export type TaskKind = "clone" | "fetch" | "scan" | "open-demo" | "support-file";

/**
 * A task that was started.
 */
export type TaskRef = { id: string, };

/**
 * Where a task is.
 */
export type TaskState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

/**
 * All tasks at once.
 */
export type Tasks = { sequence: number, tasks: Array<Task>, };

/**
 * What differs in two pod templates.
 */
export type TemplateDifference = { differences: Array<Difference>, images: number, settings: number, yamlA: string, yamlB: string, };

/**
 * A text to check, or to save as it is.
 */
export type TextRequest = { text: string, path: string | null, };

/**
 * Light or dark.
 */
export type Theme = "system" | "dark" | "light";

/**
 * How much care an environment asks.
 */
export type TierWord = "production" | "staging" | "development";

/**
 * How times are shown.
 */
export type TimeZoneChoice = "local" | "utc" | "workspace";

/**
 * Columns are newer than what the window has.
 */
export type TimelineChanged = { revision: number, 
/**
 * How many deployments the ledger has of this workspace.
 */
deployments: number, };

/**
 * A part of the drawer that could not be read: `pods` or `events`, and why.
 */
export type UnreadPart = { part: string, error: WireError, };

/**
 * How it came out.
 */
export type VerdictWord = "good" | "bad" | "inconclusive";

/**
 * One thing that speaks of a version.
 */
export type VersionEvidence = { 
/**
 * `null`: in the words of an earlier Tidemark, shown as they are.
 */
source: VersionSourceWord | null, 
/**
 * What it says, as written.
 */
value: string, 
/**
 * It names another version, and was not believed.
 */
against: boolean, };

/**
 * A version of a service.
 */
export type VersionInfo = { version: string, tag: string | null, at: number | null, 
/**
 * No SemVer version: sorted by time.
 */
unversioned: boolean, hasNote: boolean, 
/**
 * Environments where it runs now.
 */
liveIn: Array<string>, };

/**
 * What speaks of a version: tag or digest of the image, the digest that a pod told, the labels
 * `app.kubernetes.io/version` and `helm.sh/chart`, the annotation `org.opencontainers.image.version`, or the commit
 * of a GitOps tool.
 */
export type VersionSourceWord = "image-tag" | "image-digest" | "pod-digest" | "version-label" | "chart-label" | "oci-annotation" | "git-ops-commit";

/**
 * The versions of a service, newest first.
 */
export type Versions = { versions: Array<VersionInfo>, };

/**
 * One value that the window keeps for itself (filters, columns), by name.
 */
export type ViewSetting = { name: string, 
/**
 * JSON as text.
 */
value: string | null, };

/**
 * Why a command failed.
 */
export type WireError = { 
/**
 * What the window switches on.
 */
code: ErrorCode, 
/**
 * Facts for the words, by name.
 */
parameters: { [key in string]: string }, 
/**
 * The whole chain, redacted, for "Copy details"; technical and not translated.
 */
details: string, 
/**
 * Whether the same request can succeed later as it is.
 */
retryable: boolean, };

/**
 * The object that ran it.
 */
export type WorkloadInfo = { kind: string, namespace: string, name: string, 
/**
 * What the cluster keeps, or kept, its template in.
 */
keptIn: RevisionObject | null, revision: number | null, owner: OwnerInfo | null, };

/**
 * One of several workloads that run a service in an environment, as it is now.
 */
export type WorkloadNow = { 
/**
 * As Kubernetes writes it.
 */
kind: string, namespace: string, name: string, version: string, status: StatusWord, deployment: number, };

/**
 * A workload in the cluster.
 */
export type WorkloadRequest = { service: string, environment: string, 
/**
 * Of which deployment, where the service has several workloads there.
 */
deployment: number | null, };

/**
 * A workspace as the editor works on it.
 */
export type WorkspaceDraft = { name: string, timeZone: string | null, environments: Array<DraftEnvironment>, services: Array<DraftService>, };

/**
 * The open workspace.
 */
export type WorkspaceInfo = { name: string, 
/**
 * `null`: the demo's, or not saved yet.
 */
path: string | null, timeZone: string | null, environments: Array<EnvironmentInfo>, services: Array<ServiceInfo>, 
/**
 * Nothing may be changed in any cluster.
 */
readOnly: boolean, 
/**
 * Unknown keys and the like.
 */
problems: Array<FileProblem>, };

/**
 * The text of `tidemark.toml`, and what is wrong in it.
 */
export type WorkspaceText = { text: string, problems: Array<FileProblem>, 
/**
 * The draft that the text says, where it can be read.
 */
draft: WorkspaceDraft | null, };

/** Every command: its request and its reply. */
export type Commands = {
  app_state: [null, AppState];
  quit: [SwitchRequest, null];
  settings_set: [Settings, null];
  view_get: [NameRequest, ViewSetting];
  view_set: [ViewSetting, null];
  read_only_set: [SwitchRequest, null];
  support_file: [PathRequest, SupportFile];
  log_folder_open: [null, null];
  notice: [Notice, null];
  link_open: [PathRequest, null];
  task_list: [null, Tasks];
  task_cancel: [TaskRef, null];
  demo_open: [null, WorkspaceInfo];
  workspace_open: [PathRequest, WorkspaceInfo];
  workspace_close: [null, null];
  workspace_suggest: [SuggestRequest, Suggestion];
  workspace_draft: [null, WorkspaceText];
  workspace_file: [PathRequest, WorkspaceText];
  workspace_preview: [SaveRequest, WorkspaceText];
  workspace_check: [TextRequest, WorkspaceText];
  workspace_save: [SaveRequest, WorkspaceInfo];
  workspace_save_text: [TextRequest, WorkspaceInfo];
  repositories_find: [PathRequest, Array<FoundRepository>];
  pattern_try: [PatternRequest, PatternResult];
  repository_clone: [CloneRequest, TaskRef];
  repository_fetch: [ServiceRequest, TaskRef];
  repository_bind: [BindRepositoryRequest, null];
  cluster_bind: [BindClusterRequest, null];
  contexts_list: [null, Contexts];
  context_test: [ContextRequest, ContextTest];
  exec_consent: [ExecConsent, null];
  exec_consents: [null, Array<ExecConsent>];
  cluster_retry: [ClusterRequest, null];
  deployment_details: [DeploymentRequest, DeploymentDetails];
  matrix: [MatrixRequest, Matrix];
  search: [SearchRequest, SearchHits];
  deployment_sources: [SourcesRequest, Array<DeploymentSource>];
  csv_save: [CsvRequest, null];
  cluster_object: [WorkloadRequest, ClusterObject];
  moved_tags: [null, MovedTags];
  compare: [CompareRequest, Comparison];
  versions: [ServiceRequest, Versions];
  note_list: [NoteSearch, Notes];
  note_get: [NoteRequest, Note];
  note_save: [NoteSave, NoteSaved];
  note_draft: [DraftRequest, NoteDraft];
  markdown_render: [MarkdownRequest, Html];
  rollback_plan: [PlanRequest, Plan];
  rollback_begin: [GestureBegin, Confirmation];
  rollback_confirm: [GestureEnd, Operation];
  operation_cancel: [OperationRequest, Operation];
  operation_get: [OperationRequest, Operation];
  operation_plan: [OperationRequest, Plan | null];
  operation_list: [null, Operations];
  operation_list_before: [OperationsBefore, Operations];
};

/** Every event and its payload. */
export type Events = {
  tasks: Tasks;
  timeline_changed: TimelineChanged;
  connections: Connections;
  tags_moved: MovedTags;
  operation: Operation;
  app_changed: AppState;
};

/** Every error code, for tests of completeness. */
export const ERROR_CODES = [
  "invalid-request",
  "internal",
  "cancelled",
  "workspace-not-open",
  "no-such-service",
  "no-such-environment",
  "no-such-deployment",
  "no-such-version",
  "file-failed",
  "not-opened",
  "workspace-unreadable",
  "workspace-invalid",
  "workspace-format",
  "repository-not-bound",
  "cluster-not-bound",
  "repository-not-found",
  "repository-unreadable",
  "not-available-here",
  "repository-unsupported",
  "repository-foreign-owner",
  "repository-vanished",
  "git-missing",
  "git-failed",
  "git-timeout",
  "git-not-signed-in",
  "git-host-key",
  "tags-moved-there",
  "address-refused",
  "cluster-unreachable",
  "cluster-timeout",
  "certificate-refused",
  "unauthorized",
  "forbidden",
  "object-not-found",
  "conflict",
  "rejected",
  "too-many-requests",
  "cluster-failed",
  "cluster-answer-unreadable",
  "kubeconfig-unreadable",
  "context-not-found",
  "context-unusable",
  "exec-consent-needed",
  "exec-missing",
  "exec-failed",
  "ledger-full",
  "ledger-busy",
  "ledger-read-only",
  "ledger-newer",
  "ledger-damaged",
  "ledger-not-migrated",
  "no-target",
  "several-workloads",
  "plan-gone",
  "plan-blocked",
  "plan-moved",
  "held-too-short",
  "not-acknowledged",
  "wrong-name",
  "reason-needed",
  "not-confirmed",
  "operation-running",
  "no-such-operation",
  "too-late",
  "read-only",
] as const satisfies readonly ErrorCode[];

/** Every finding code. */
export const FINDING_CODES = [
  "read-only",
  "connection",
  "ledger",
  "paused",
  "deleting",
  "same-template",
  "target",
  "failed",
  "owner",
  "in-flight",
  "permission",
  "references",
  "dry-run",
  "pod-admission",
  "configuration",
  "migrations",
  "zero-replicas",
  "recreate",
  "autoscaler",
  "quota",
  "disruption-budget",
  "apply-manager",
  "image",
  "event-trace",
] as const;

/** Every kind of step of an operation. */
export const STEP_KINDS = [
  "intent",
  "replanned",
  "dry-run",
  "sent",
  "accepted",
  "progress",
  "rolled-out",
  "manager-dropped",
  "traced",
  "verified",
  "failed",
  "cancelled",
  "superseded",
  "never-arrived",
  "recovered",
] as const;
