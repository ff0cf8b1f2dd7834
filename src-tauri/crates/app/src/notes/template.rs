//! The template that a team's notes begin with: a file in the repository of the workspace file, as it is committed.
//! A path that leads out of the repository names no file in it.

use std::path::Path;

use git::Repository;

use crate::session::Session;

/// Larger than any template.
const LARGEST: u64 = 256 * 1024;

/// What a draft begins with.
pub(super) enum Template {
    /// The workspace file names none.
    Unnamed,
    /// This Markdown.
    Text(String),
    /// It names one that the last commit does not have, or that is no text.
    Missing,
}

/// The template of a session's workspace; reads its repository.
pub(super) fn of(session: &Session) -> Template {
    let Some(file) = &session.workspace.notes.template else {
        return Template::Unnamed;
    };
    let text = session
        .path
        .as_deref()
        .and_then(|workspace| committed(workspace, file));
    text.map_or(Template::Missing, Template::Text)
}

fn committed(workspace: &Path, file: &str) -> Option<String> {
    let repository = Repository::open(Repository::enclosing(workspace.parent()?)?);
    let read = repository.and_then(|repository| match repository.head() {
        Some(head) => repository.file_at(&head, file, LARGEST),
        None => Ok(None),
    });
    match read {
        Ok(bytes) => String::from_utf8(bytes?).ok(),
        Err(error) => {
            tracing::warn!(%error, "the template of the notes was not read");
            None
        }
    }
}
