//! Versions by their text, or by a commit: the one their tag names, or one that they were the first to bring.

use domain::release::{Commit, Release};
use git::Repository;
use wire::epoch_ms;
use wire::timeline::{SearchHit, SearchKind};

use super::{EACH, Typed, blank};
use crate::repositories::ServiceTags;
use crate::session::Session;

/// A commit's id is looked for from so many hexadecimal digits on.
const SHORTEST_COMMIT: usize = 4;
/// So many releases after a commit are asked whether they hold it; the first ones do, but for side branches.
const ASKED: usize = 64;

/// A service's or an environment's name beside it narrows.
pub(super) fn found(session: &Session, typed: &Typed) -> Vec<SearchHit> {
    let narrowed = typed.narrowed(session);
    let wanted = narrowed.rest.join(" ");
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut hits = Vec::new();
    for service in &session.workspace.services {
        if !narrowed.is_of(&service.name) {
            continue;
        }
        let Ok(tags) = session.repositories.tags(&service.name) else {
            continue;
        };
        let name = service.name.as_str();
        let numbered = tags.releases.iter().filter(|release| {
            let version = release.version.to_string();
            version.starts_with(wanted.trim_start_matches('v'))
        });
        hits.extend(numbered.take(EACH).map(|release| {
            let tag = &release.tag;
            hit(name, release, format!("{} {}", tag.commit.short(), tag.subject))
        }));
        if let Some((release, commit)) = bringing(session, service, &tags, &wanted) {
            hits.push(hit(
                name,
                release,
                format!("{} {}", commit.id.short(), commit.subject),
            ));
        }
    }
    hits.truncate(EACH);
    hits
}

fn hit(service: &str, release: &Release, subtitle: String) -> SearchHit {
    SearchHit {
        service: Some(service.to_owned()),
        version: Some(release.version.to_string()),
        at: Some(epoch_ms(release.tag.date)),
        ..blank(
            SearchKind::Version,
            format!("{service} {}", release.version),
            subtitle,
        )
    }
}

/// The release that was the first to bring the commit whose id begins so.
fn bringing<'a>(
    session: &Session,
    service: &domain::workspace::Service,
    tags: &'a ServiceTags,
    wanted: &str,
) -> Option<(&'a Release, Commit)> {
    if wanted.len() < SHORTEST_COMMIT || !wanted.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let repository: Repository = session.repositories.open(&service.name).ok()?;
    let commit = repository.commit_beginning(wanted).ok()??;
    if !is_of(&repository, &commit, service.path.as_deref()) {
        return None;
    }
    let mut oldest_first: Vec<&Release> = tags.releases.iter().collect();
    oldest_first.sort_by_key(|release| release.tag.date);
    let release = oldest_first
        .into_iter()
        .filter(|release| release.tag.date >= commit.date)
        .take(ASKED)
        .find(|release| {
            repository
                .contains(&release.tag.commit, &commit.id)
                .unwrap_or(false)
        })?;
    Some((release, commit))
}

/// In a repository of many services a commit belongs to those whose folder it changes.
fn is_of(repository: &Repository, commit: &Commit, folder: Option<&str>) -> bool {
    let (Some(folder), Some(parent)) = (folder, commit.parents.first()) else {
        return true;
    };
    let folder = format!("{}/", folder.trim_end_matches('/'));
    repository
        .changed_files(parent, &commit.id)
        .is_ok_and(|files| files.iter().any(|file| file.path.starts_with(&folder)))
}
