//! What the repository says lies between two versions: commits in both directions, changed files, migrations.

use std::collections::HashMap;

use domain::conventional::{ChangeClass, classify};
use domain::ids::ServiceName;
use domain::migration_paths::migrations;
use domain::release::{Commit as GitCommit, CommitRange, LineCounts, ObjectId, Release};
use git::{HistoryEnd, Repository};
use wire::compare::{Commit, CommitKind, CommitSet, FileChange, FileSet};
use wire::{ErrorCode, WireError, epoch_ms};

use crate::session::Session;

/// How many commits of each direction are listed.
const LISTED: usize = 2_000;

/// Of how many releases it is looked up which commits they brought: each is a walk of its own.
const MARKED: usize = 32;

/// What lies between two versions.
pub(crate) struct Between {
    pub commits: CommitSet,
    pub files: FileSet,
    /// Paths of database migrations that differ; empty also where the files can't be read.
    pub migrations: Vec<String>,
}

/// Reads what lies between, or says why it can't be read.
pub(crate) fn between(
    session: &Session,
    a: &ServiceName,
    label_a: &str,
    b: &ServiceName,
    label_b: &str,
) -> Between {
    match read(session, a, label_a, b, label_b) {
        Ok(between) => between,
        Err(reason) => {
            let unavailable = Some(reason);
            Between {
                commits: CommitSet {
                    unavailable: unavailable.clone(),
                    ..empty_commits()
                },
                files: FileSet {
                    files: Vec::new(),
                    added: 0,
                    removed: 0,
                    unavailable,
                },
                migrations: Vec::new(),
            }
        }
    }
}

fn empty_commits() -> CommitSet {
    CommitSet {
        added: Vec::new(),
        removed: Vec::new(),
        authors: 0,
        unavailable: None,
        truncated: false,
    }
}

fn read(
    session: &Session,
    a: &ServiceName,
    label_a: &str,
    b: &ServiceName,
    label_b: &str,
) -> Result<Between, String> {
    if session.repositories.path(a) != session.repositories.path(b) {
        return Err("other-repository".to_owned());
    }
    let commit = |service: &ServiceName, label: &str| -> Result<ObjectId, String> {
        let tags = session
            .repositories
            .tags(service)
            .map_err(|error| reason(&error))?;
        tags.tag(label)
            .map(|tag| tag.commit.clone())
            .ok_or_else(|| "no-tag".to_owned())
    };
    let (from, to) = (commit(a, label_a)?, commit(b, label_b)?);
    let repository = session.repositories.open(a).map_err(|error| reason(&error))?;
    let path = session
        .workspace
        .service(a)
        .and_then(|service| service.path.clone());
    let range = CommitRange { from, to };
    let mut commits = commits(&repository, &range, path.as_deref());
    if a == b {
        let tags = session.repositories.tags(a).map_err(|error| reason(&error))?;
        let place = (&repository, path.as_deref());
        mark(
            place,
            &mut commits.added,
            &range.from,
            &tags.between(label_a, label_b),
        );
        mark(
            place,
            &mut commits.removed,
            &range.to,
            &tags.between(label_b, label_a),
        );
    }
    let (files, migrations) = files(&repository, &range, path.as_deref());
    Ok(Between {
        commits,
        files,
        migrations,
    })
}

/// The window's word for why a repository says nothing.
pub(crate) fn reason(error: &WireError) -> String {
    match error.code {
        ErrorCode::NotAvailableHere => "not-available-here",
        ErrorCode::RepositoryNotBound => "no-repository",
        _ => "unreadable",
    }
    .to_owned()
}

fn commits(repository: &Repository, range: &CommitRange, path: Option<&str>) -> CommitSet {
    let listed = repository
        .commits(range, path)
        .and_then(|added| Ok((added, repository.commits(&range.reversed(), path)?)));
    let (added, removed) = match listed {
        Ok(both) => both,
        Err(error) => {
            return CommitSet {
                unavailable: Some(reason(&crate::error::git(error))),
                ..empty_commits()
            };
        }
    };
    let cut = [&added.end, &removed.end]
        .into_iter()
        .any(|end| matches!(end, HistoryEnd::CutOff(_)));
    // Without the common past nobody can say which side lacks what: a commit that both have would stand on one.
    if cut && added.commits.is_empty() == removed.commits.is_empty() {
        return CommitSet {
            unavailable: Some("not-available-here".to_owned()),
            ..empty_commits()
        };
    }
    let both = added.commits.iter().chain(&removed.commits);
    let authors: std::collections::HashSet<&str> = both.map(|commit| commit.author.name.as_str()).collect();
    CommitSet {
        authors: authors.len() as u32,
        truncated: cut || added.commits.len() > LISTED || removed.commits.len() > LISTED,
        added: added.commits.iter().take(LISTED).map(commit).collect(),
        removed: removed.commits.iter().take(LISTED).map(commit).collect(),
        unavailable: None,
    }
}

/// Says of each commit which of the releases, lowest first, brought it. What can't be read stays unknown.
fn mark(
    (repository, path): (&Repository, Option<&str>),
    commits: &mut [Commit],
    since: &ObjectId,
    releases: &[&Release],
) {
    if releases.len() > MARKED {
        return;
    }
    let mut open: HashMap<String, &mut Commit> = commits
        .iter_mut()
        .map(|commit| (commit.id.clone(), commit))
        .collect();
    let mut from = since;
    for release in releases {
        let to = &release.tag.commit;
        let range = CommitRange {
            from: from.clone(),
            to: to.clone(),
        };
        let Ok(listed) = repository.commits(&range, path) else {
            return;
        };
        for one in &listed.commits {
            if let Some(commit) = open.remove(&one.id.to_string()) {
                commit.release = Some(release.version.to_string());
            }
        }
        from = to;
    }
}

/// A commit as the window shows it.
pub(crate) fn commit(commit: &GitCommit) -> Commit {
    let classified = classify(commit);
    let kind = |kind: &str| match kind {
        "feat" => CommitKind::Feature,
        "fix" => CommitKind::Fix,
        _ => CommitKind::Other,
    };
    let subject = classified.subject.as_ref();
    Commit {
        id: commit.id.to_string(),
        subject: subject.map_or_else(|| commit.subject.clone(), |subject| subject.description.clone()),
        author: commit.author.name.clone(),
        at: epoch_ms(commit.date),
        kind: subject.map_or(CommitKind::Other, |subject| kind(&subject.kind)),
        scope: subject.and_then(|subject| subject.scope.clone()),
        breaking: classified.class == ChangeClass::Breaking,
        release: None,
    }
}

fn files(repository: &Repository, range: &CommitRange, path: Option<&str>) -> (FileSet, Vec<String>) {
    let changed = match repository.changed_files(&range.from, &range.to) {
        Ok(changed) => changed,
        Err(error) => {
            let unavailable = Some(reason(&crate::error::git(error)));
            return (
                FileSet {
                    files: Vec::new(),
                    added: 0,
                    removed: 0,
                    unavailable,
                },
                Vec::new(),
            );
        }
    };
    let below =
        |file: &str| path.is_none_or(|path| file.starts_with(&format!("{}/", path.trim_end_matches('/'))));
    let changed: Vec<_> = changed.into_iter().filter(|file| below(&file.path)).collect();
    let migrations = migrations(&changed)
        .into_iter()
        .map(|migration| migration.path.clone())
        .collect();
    let files: Vec<FileChange> = changed
        .into_iter()
        .map(|file| match file.lines {
            LineCounts::Counted { added, removed } => FileChange {
                path: file.path,
                added: Some(added),
                removed: Some(removed),
                not_here: false,
            },
            LineCounts::Binary => FileChange {
                path: file.path,
                added: None,
                removed: None,
                not_here: false,
            },
            LineCounts::NotHere => FileChange {
                path: file.path,
                added: None,
                removed: None,
                not_here: true,
            },
        })
        .collect();
    let sum = |of: fn(&FileChange) -> Option<u32>| files.iter().filter_map(of).sum();
    let set = FileSet {
        added: sum(|file| file.added),
        removed: sum(|file| file.removed),
        files,
        unavailable: None,
    };
    (set, migrations)
}
