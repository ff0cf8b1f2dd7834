//! Search by version, commit, digest, or words of a note.

use std::sync::Arc;

use domain::ids::ServiceName;
use wire::epoch_ms;
use wire::timeline::{SearchHit, SearchHits, SearchKind, SearchRequest};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::notes;
use crate::session::Session;

/// How many hits each kind has at most.
const EACH: usize = 8;
/// A commit's id is looked for from so many hexadecimal digits on.
const SHORTEST_COMMIT: usize = 4;

/// What fits the text, best first.
pub async fn search(backend: &Arc<Backend>, request: SearchRequest) -> Answer<SearchHits> {
    let session = backend.session()?;
    blocking(move || {
        let text = request.text.trim().to_lowercase();
        if text.is_empty() {
            return Ok(SearchHits { hits: Vec::new() });
        }
        let mut hits = services(&session, &text);
        hits.extend(versions(&session, &text));
        hits.extend(deployments(&session, &text)?);
        hits.extend(found_notes(&session, &text)?);
        hits.truncate(request.limit.clamp(1, 200) as usize);
        Ok(SearchHits { hits })
    })
    .await
}

fn blank(kind: SearchKind, title: String, subtitle: String) -> SearchHit {
    SearchHit {
        kind,
        title,
        subtitle,
        service: None,
        environment: None,
        version: None,
        deployment: None,
        at: None,
    }
}

fn services(session: &Session, text: &str) -> Vec<SearchHit> {
    let fits = |name: &str| name.to_lowercase().contains(text);
    let found = session
        .workspace
        .services
        .iter()
        .filter(|service| fits(service.name.as_str()));
    let hit = |service: &domain::workspace::Service| SearchHit {
        service: Some(service.name.to_string()),
        ..blank(
            SearchKind::Service,
            service.name.to_string(),
            service.team.clone().unwrap_or_default(),
        )
    };
    found.take(EACH).map(hit).collect()
}

/// Versions by their text, or by the beginning of their tag's commit; a service's name before it narrows.
fn versions(session: &Session, text: &str) -> Vec<SearchHit> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let named: Option<ServiceName> = words.first().and_then(|first| {
        let service = session
            .workspace
            .services
            .iter()
            .find(|service| service.name.as_str() == *first)?;
        Some(service.name.clone())
    });
    if named.is_some() {
        words.remove(0);
    }
    let wanted = words.join(" ");
    if wanted.is_empty() {
        return Vec::new();
    }
    let is_commit = wanted.len() >= SHORTEST_COMMIT && wanted.chars().all(|digit| digit.is_ascii_hexdigit());
    let mut hits = Vec::new();
    for service in &session.workspace.services {
        if named.as_ref().is_some_and(|named| *named != service.name) {
            continue;
        }
        let Ok(tags) = session.repositories.tags(&service.name) else {
            continue;
        };
        let fits = |release: &&domain::release::Release| {
            release
                .version
                .to_string()
                .starts_with(wanted.trim_start_matches('v'))
                || (is_commit && release.tag.commit.as_str().starts_with(&wanted))
        };
        hits.extend(
            tags.releases
                .iter()
                .filter(fits)
                .take(EACH)
                .map(|release| SearchHit {
                    service: Some(service.name.to_string()),
                    version: Some(release.version.to_string()),
                    at: Some(epoch_ms(release.tag.date)),
                    ..blank(
                        SearchKind::Version,
                        format!("{} {}", service.name, release.version),
                        format!("{} {}", release.tag.commit.short(), release.tag.subject),
                    )
                }),
        );
    }
    hits.truncate(EACH);
    hits
}

fn deployments(session: &Session, text: &str) -> Answer<Vec<SearchHit>> {
    let found = session
        .ledger
        .search_deployments(&session.id, text, EACH as u32)
        .map_err(error::ledger)?;
    let hit = |deployment: domain::deployment::Deployment| SearchHit {
        service: Some(deployment.service.to_string()),
        environment: Some(deployment.environment.to_string()),
        version: Some(deployment.version.label()),
        deployment: deployment.id.map(|id| id.0 as f64),
        at: deployment
            .moments
            .settled
            .or(deployment.moments.started)
            .map(|at| epoch_ms(at.latest())),
        ..blank(
            SearchKind::Deployment,
            format!("{} {}", deployment.service, deployment.version.label()),
            deployment.environment.to_string(),
        )
    };
    Ok(found.into_iter().map(hit).collect())
}

fn found_notes(session: &Session, text: &str) -> Answer<Vec<SearchHit>> {
    let notes = notes::search(session, text, &std::collections::HashSet::new())?;
    let hit = |note: wire::note::NoteInfo| SearchHit {
        service: Some(note.service.clone()),
        version: Some(note.version.clone()),
        at: Some(note.updated_at),
        ..blank(
            SearchKind::Note,
            note.title,
            format!("{} {}", note.service, note.version),
        )
    };
    Ok(notes.into_iter().take(EACH).map(hit).collect())
}
