//! Search by service, version, commit, digest, or words of a note.
//!
//! The words stand in any order, and some are the window's own ("roll pay"): a service is found by any word, with what
//! can be said of it; versions, deployments and notes by the words that name no service.

mod services;
mod versions;

use std::collections::HashSet;
use std::sync::Arc;

use domain::deployment::Deployment;
use domain::ids::ServiceName;
use wire::epoch_ms;
use wire::timeline::{SearchHit, SearchHits, SearchKind, SearchRequest};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::notes;
use crate::session::Session;

/// How many hits each kind has at most.
const EACH: usize = 8;
/// Deployments are read in this number, before the service and environment that were typed narrow them.
const READ: u32 = 200;

/// What was typed, taken apart.
#[derive(Debug)]
struct Typed {
    /// All of it, in lower case.
    text: String,
    words: Vec<String>,
}

impl Typed {
    fn new(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        let words = text.split_whitespace().map(str::to_owned).collect();
        Self { text, words }
    }

    /// The words without those that are the whole name of a service or an environment, and the names.
    fn narrowed(&self, session: &Session) -> Narrowed<'_> {
        let workspace = &session.workspace;
        let mut narrowed = Narrowed::default();
        for word in &self.words {
            let service = workspace.services.iter().find(|one| one.name.as_str() == word);
            let environment = workspace
                .environments
                .iter()
                .find(|one| one.name.as_str() == word);
            match (service, environment) {
                (Some(service), _) => narrowed.service = Some(service.name.clone()),
                (None, Some(environment)) => narrowed.environment = Some(environment.name.to_string()),
                (None, None) => narrowed.rest.push(word.as_str()),
            }
        }
        narrowed
    }
}

#[derive(Debug, Default)]
struct Narrowed<'a> {
    service: Option<ServiceName>,
    environment: Option<String>,
    rest: Vec<&'a str>,
}

impl Narrowed<'_> {
    fn is_of(&self, service: &ServiceName) -> bool {
        self.service.as_ref().is_none_or(|named| named == service)
    }
}

/// What fits the text, best first.
pub async fn search(backend: &Arc<Backend>, request: SearchRequest) -> Answer<SearchHits> {
    let session = backend.session()?;
    let now = backend.now();
    blocking(move || {
        let typed = Typed::new(&request.text);
        if typed.words.is_empty() {
            return Ok(SearchHits { hits: Vec::new() });
        }
        let mut hits = services::found(&session, &typed, now)?;
        hits.extend(versions::found(&session, &typed));
        hits.extend(deployments(&session, &typed)?);
        hits.extend(found_notes(&session, &typed)?);
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
        lanes: Vec::new(),
    }
}

/// A deployment under a kind's name: its service and version, and where it ran.
fn of_deployment(kind: SearchKind, deployment: &Deployment) -> SearchHit {
    let (service, version) = (deployment.service.to_string(), deployment.version.label());
    let title = format!("{service} {version}");
    let moments = &deployment.moments;
    SearchHit {
        service: Some(service),
        version: Some(version),
        environment: Some(deployment.environment.to_string()),
        deployment: deployment.id.map(|id| id.0 as f64),
        at: moments
            .settled
            .or(moments.started)
            .map(|at| epoch_ms(at.latest())),
        ..blank(kind, title, deployment.environment.to_string())
    }
}

/// Deployments by version, image or digest; one found by its digest says it.
fn deployments(session: &Session, typed: &Typed) -> Answer<Vec<SearchHit>> {
    let narrowed = typed.narrowed(session);
    let wanted = narrowed.rest.join(" ");
    let found = session
        .ledger
        .search_deployments(&session.id, &wanted, READ)
        .map_err(error::ledger)?;
    let fits = |deployment: &Deployment| {
        narrowed.is_of(&deployment.service)
            && narrowed
                .environment
                .as_ref()
                .is_none_or(|named| named == deployment.environment.as_str())
    };
    let hit = |deployment: Deployment| {
        let mut hit = of_deployment(SearchKind::Deployment, &deployment);
        if let Some(digest) = deployment.digest.filter(|digest| digest.contains(&wanted)) {
            hit.subtitle = format!("{}, {digest}", hit.subtitle);
        }
        hit
    };
    Ok(found.into_iter().filter(fits).take(EACH).map(hit).collect())
}

/// Notes that hold every word; where none does, the newest one of a service that a word names.
fn found_notes(session: &Session, typed: &Typed) -> Answer<Vec<SearchHit>> {
    let mut found = notes::search(session, &typed.text, &HashSet::new())?;
    if found.is_empty() {
        let named = services::named(session, typed);
        if let Some(service) = named.first() {
            found = notes::newest(session, &service.name)?.into_iter().collect();
        }
    }
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
    Ok(found.into_iter().take(EACH).map(hit).collect())
}
