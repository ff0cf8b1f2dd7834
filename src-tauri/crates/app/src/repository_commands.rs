//! Finding, cloning and fetching repositories, and trying a tag pattern on one.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::version::{TagMatch, TagPattern, suggest};
use git::network::{FetchOutcome, RemoteAddress, without_password};
use git::{Repository, TagScanner, find_repositories};
use wire::settings::PathRequest;
use wire::task::{TaskKind, TaskRef};
use wire::workspace::{CloneRequest, FoundRepository, PatternRequest, PatternResult, ServiceRequest};
use wire::{ErrorCode, WireError, epoch_ms};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};

/// How many levels below a chosen folder are searched.
const DEPTH: usize = 4;
/// How many examples a pattern shows.
const EXAMPLES: usize = 5;

/// The repositories in a folder, each with what its tags say.
pub async fn repositories_find(
    _backend: &Arc<Backend>,
    request: PathRequest,
) -> Answer<Vec<FoundRepository>> {
    blocking(move || {
        let folder = PathBuf::from(&request.path);
        std::fs::read_dir(&folder).map_err(|problem| error::file(&folder, &problem))?;
        let found = find_repositories(&folder, DEPTH);
        Ok(found
            .repositories
            .iter()
            .map(|repository| describe(&repository.path))
            .collect())
    })
    .await
}

fn describe(path: &Path) -> FoundRepository {
    let mut found = unread(path);
    if let Err(problem) = fill(&mut found, path) {
        found.error = Some(error::git(problem));
    }
    found
}

/// What a repository's path alone tells of it.
pub(crate) fn unread(path: &Path) -> FoundRepository {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    FoundRepository {
        path: path.display().to_string(),
        name: name.strip_suffix(".git").unwrap_or(&name).to_owned(),
        remote: None,
        tags: 0,
        versions: 0,
        pattern: None,
        newest: None,
        newest_at: None,
        warnings: 0,
        error: None,
    }
}

fn fill(found: &mut FoundRepository, path: &Path) -> Result<(), git::GitError> {
    let repository = Repository::open(path)?;
    let remote = repository
        .remotes()
        .into_iter()
        .min_by_key(|remote| remote != "origin");
    found.remote = remote
        .and_then(|remote| repository.remote_url(&remote))
        .map(|url| without_password(&url));
    let list = TagScanner::new(path)?.scan()?;
    found.tags = list.tags.len() as u32;
    found.warnings = list.problems.len() as u32;
    let best = suggest(list.tags.iter().map(|tag| tag.name.as_str()))
        .into_iter()
        .next();
    let pattern = best.map(|best| best.pattern);
    if let Some(pattern) = &pattern {
        let versions =
            list.tags
                .iter()
                .filter_map(|tag| match pattern.match_tag(tag.name.as_str(), &found.name) {
                    TagMatch::Version(version) => Some((version, tag)),
                    TagMatch::Unversioned | TagMatch::Foreign => None,
                });
        let mut versions: Vec<_> = versions.collect();
        versions.sort_by(|a, b| b.0.cmp(&a.0));
        found.versions = versions.len() as u32;
        found.newest = versions.first().map(|(_, tag)| tag.name.to_string());
        found.newest_at = versions.first().map(|(_, tag)| epoch_ms(tag.date));
    }
    found.pattern = pattern.map(|pattern| pattern.as_str().to_owned());
    Ok(())
}

/// What a pattern makes of a repository's tags.
pub async fn pattern_try(_backend: &Arc<Backend>, request: PatternRequest) -> Answer<PatternResult> {
    blocking(move || {
        let mut result = PatternResult {
            problem: None,
            versions: 0,
            unversioned: 0,
            foreign: 0,
            examples: Vec::new(),
        };
        let pattern: TagPattern = match request.pattern.parse() {
            Ok(pattern) => pattern,
            Err(problem) => {
                result.problem = Some(problem.to_string());
                return Ok(result);
            }
        };
        let scanned = TagScanner::new(&request.repository).and_then(|mut scanner| scanner.scan());
        let mut versions = Vec::new();
        for tag in &scanned.map_err(error::git)?.tags {
            match pattern.match_tag(tag.name.as_str(), &request.service) {
                TagMatch::Version(version) => versions.push((version, tag.name.to_string())),
                TagMatch::Unversioned => result.unversioned += 1,
                TagMatch::Foreign => result.foreign += 1,
            }
        }
        versions.sort_by(|a, b| b.0.cmp(&a.0));
        result.versions = versions.len() as u32;
        let examples = versions.into_iter().take(EXAMPLES);
        result.examples = examples
            .map(|(version, tag)| (tag, version.to_string()))
            .collect();
        Ok(result)
    })
    .await
}

/// Clones a repository by the person's own `git`.
pub async fn repository_clone(backend: &Arc<Backend>, request: CloneRequest) -> Answer<TaskRef> {
    let address: RemoteAddress = request
        .url
        .parse()
        .map_err(|problem: git::network::InvalidAddress| {
            WireError::new(ErrorCode::AddressRefused, problem.to_string())
                .with("url", without_password(&request.url))
        })?;
    let subject = without_password(&request.url);
    let git = Clone::clone(&backend.setup.git);
    Ok(backend
        .tasks
        .start(TaskKind::Clone, subject.clone(), |handle| async move {
            let cancelled = handle.cancelled();
            let progress = |progress: git::network::Progress| {
                handle.progress(&progress.phase, u64::from(progress.percent), 100);
            };
            let into = PathBuf::from(request.into);
            let done = git
                .clone(
                    &address,
                    &into,
                    progress,
                    async move { cancelled.cancelled().await },
                )
                .await;
            done.map_err(|problem| error::network(problem, &subject))
        }))
}

/// Fetches a service's clone by the person's own `git`.
pub async fn repository_fetch(backend: &Arc<Backend>, request: ServiceRequest) -> Answer<TaskRef> {
    let session = backend.session()?;
    let service = session.service(&request.service)?.name.clone();
    let clone = session
        .repositories
        .path(&service)
        .map(Path::to_owned)
        .ok_or_else(|| {
            WireError::new(ErrorCode::RepositoryNotBound, "no clone is bound").with("service", &service)
        })?;
    let git = Clone::clone(&backend.setup.git);
    Ok(backend
        .tasks
        .start(TaskKind::Fetch, request.service, |handle| async move {
            let cancelled = handle.cancelled();
            let progress = |progress: git::network::Progress| {
                handle.progress(&progress.phase, u64::from(progress.percent), 100);
            };
            let at = clone.clone();
            let remote = blocking(move || {
                let repository = Repository::open(&at).map_err(error::git)?;
                Ok(repository
                    .remotes()
                    .into_iter()
                    .min_by_key(|remote| remote != "origin"))
            })
            .await?
            .unwrap_or_else(|| "origin".to_owned());
            let done = git
                .fetch(
                    &clone,
                    &remote,
                    progress,
                    async move { cancelled.cancelled().await },
                )
                .await;
            match done.map_err(|problem| error::network(problem, &clone.display().to_string()))? {
                FetchOutcome::UpToDate | FetchOutcome::Updated { .. } => {}
                FetchOutcome::TagsMovedThere { tags } => handle.remark(moved_there(&tags)),
            }
            Ok(())
        }))
}

/// Git leaves our tags as they were, and so do we; a person should know that the two differ.
fn moved_there(tags: &[String]) -> WireError {
    let tags = tags.join(", ");
    WireError::new(ErrorCode::TagsMovedThere, format!("moved there: {tags}")).with("tags", tags)
}
