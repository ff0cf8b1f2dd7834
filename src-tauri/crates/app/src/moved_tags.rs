//! Tags once seen, each with every commit that it named. Git keeps no history of tags: one that was moved by force looks
//! as if it had always been there.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::version::TagMatch;
use domain::workspace::Service;
use wire::epoch_ms;
use wire::workspace::{MovedTag, MovedTags};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::session::Session;

/// Services of one repository keep their tags apart: each sees only its own.
fn key(service: &Service) -> Option<String> {
    let repository = service.repository.as_ref()?;
    Some(format!("{repository}#{}", service.name))
}

/// Keeps every tag of a clone as it is now; answers whether one was moved by force since it was looked at last.
pub(crate) fn record(session: &Session, clone: &Path, now: DateTime<Utc>) -> Answer<bool> {
    let mut moved = false;
    for service in &session.workspace.services {
        if session.repositories.path(&service.name) != Some(clone) {
            continue;
        }
        let Some(key) = key(service) else { continue };
        let Ok(tags) = session.repositories.tags(&service.name) else {
            continue;
        };
        let all = tags
            .releases
            .iter()
            .map(|release| &release.tag)
            .chain(&tags.unversioned);
        let targets: Vec<ledger::TagTarget> = all
            .map(|tag| ledger::TagTarget {
                name: tag.name.as_bytes().to_vec(),
                commit: tag.commit.to_string(),
            })
            .collect();
        let changes = session
            .ledger
            .record_tags(&key, &targets, now)
            .map_err(error::ledger)?;
        for change in &changes {
            if let ledger::TagChange::Moved { tag, from } = change {
                let (name, to) = (String::from_utf8_lossy(&tag.name), &tag.commit);
                tracing::warn!(service = %service.name, %name, %from, %to, "a tag was moved by force");
                moved = true;
            }
        }
    }
    Ok(moved)
}

/// Every tag of the workspace's services that was moved by force, the last one first.
pub(crate) fn list(session: &Session) -> Answer<MovedTags> {
    let mut tags = Vec::new();
    for service in &session.workspace.services {
        let Some(key) = key(service) else { continue };
        let moved = session.ledger.moved_tags(&key).map_err(error::ledger)?;
        tags.extend(moved.into_iter().map(|moved| shown(service, moved)));
    }
    tags.sort_by(|a, b| b.at.total_cmp(&a.at));
    Ok(MovedTags { tags })
}

fn shown(service: &Service, moved: ledger::MovedTag) -> MovedTag {
    let tag = String::from_utf8_lossy(&moved.name).into_owned();
    let version = match service.tags.match_tag(&tag, service.name.as_str()) {
        TagMatch::Version(version) => Some(version.to_string()),
        TagMatch::Unversioned | TagMatch::Foreign => None,
    };
    MovedTag {
        service: service.name.to_string(),
        tag,
        version,
        from: moved.from,
        to: moved.to,
        at: epoch_ms(moved.at),
    }
}

/// Every tag that was moved by force.
pub async fn moved_tags(backend: &Arc<Backend>, _: ()) -> Answer<MovedTags> {
    let session = backend.session()?;
    blocking(move || list(&session)).await
}
