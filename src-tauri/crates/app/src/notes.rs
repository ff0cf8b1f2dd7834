//! Release notes: written for each version, drafted from commits, searched, rendered.

mod template;

use std::collections::HashSet;
use std::sync::Arc;

use domain::conventional::{Headings, draft};
use domain::deployment::Status;
use domain::ids::ServiceName;
use domain::release::{Commit, CommitRange};
use domain::version::Version;
use ledger::{DeploymentFilter, ExcerptPart, NoteKey, NoteState as Kept};
use wire::epoch_ms;
use wire::note::{
    DraftRequest, Html, MarkdownRequest, Note, NoteDraft, NoteInfo, NoteRequest, NoteSave, NoteSaved,
    NoteSearch, NoteState, Notes, VersionInfo, Versions,
};
use wire::workspace::ServiceRequest;

use crate::backend::{Backend, blocking};
use crate::comparison::sides::{self, Side};
use crate::error::{self, Answer};
use crate::markdown;
use crate::session::Session;

use template::Template;

/// How many notes a list has at most.
const LISTED: u32 = 500;
/// A title is the first heading or line of a note, cut here.
const TITLE: usize = 120;

/// The notes of a workspace, searched.
pub async fn note_list(backend: &Arc<Backend>, request: NoteSearch) -> Answer<Notes> {
    let session = backend.session()?;
    blocking(move || {
        let service = request.service.as_deref().map(ServiceName::from);
        let rolled_back = rolled_back(&session)?;
        let mut notes = if request.text.trim().is_empty() {
            let all = session
                .ledger
                .notes(&session.id, service.as_ref())
                .map_err(error::ledger)?;
            all.iter().map(|note| info(note, None, &rolled_back)).collect()
        } else {
            search(&session, &request.text, &rolled_back)?
        };
        let wanted = service.as_ref().map(ServiceName::as_str);
        notes.retain(|note: &NoteInfo| wanted.is_none_or(|wanted| note.service == wanted));
        notes.retain(|note| request.state.is_none_or(|state| note.state == state));
        Ok(Notes { notes })
    })
    .await
}

pub(crate) fn search(
    session: &Session,
    text: &str,
    rolled_back: &HashSet<(String, String)>,
) -> Answer<Vec<NoteInfo>> {
    let hits = session
        .ledger
        .search_notes(&session.id, text, LISTED)
        .map_err(error::ledger)?;
    let mut notes = Vec::with_capacity(hits.len());
    for hit in hits {
        if let Some(note) = session.ledger.note(&hit.key).map_err(error::ledger)? {
            notes.push(info(&note, Some(&hit.excerpt), rolled_back));
        }
    }
    Ok(notes)
}

/// The note of a service that was written last.
pub(crate) fn newest(session: &Session, service: &ServiceName) -> Answer<Option<NoteInfo>> {
    let all = session
        .ledger
        .notes(&session.id, Some(service))
        .map_err(error::ledger)?;
    let last = all.iter().max_by_key(|note| note.updated_at);
    Ok(last.map(|note| info(note, None, &HashSet::new())))
}

/// Versions that a rollback took away somewhere.
pub(crate) fn rolled_back(session: &Session) -> Answer<HashSet<(String, String)>> {
    let all = session
        .ledger
        .deployments(&session.id, &DeploymentFilter::default())
        .map_err(error::ledger)?;
    let taken = all
        .into_iter()
        .filter(|deployment| deployment.status == Status::RolledBack);
    Ok(taken
        .map(|deployment| (deployment.service.to_string(), deployment.version.label()))
        .collect())
}

fn text(note: &ledger::Note) -> &str {
    note.draft.as_deref().unwrap_or(&note.body)
}

fn info(
    note: &ledger::Note,
    excerpt: Option<&[ExcerptPart]>,
    rolled_back: &HashSet<(String, String)>,
) -> NoteInfo {
    let (service, version) = (note.key.service.to_string(), note.key.version.clone());
    let excerpt = excerpt.map_or_else(|| first_text(text(note)), marked);
    NoteInfo {
        title: title(text(note)),
        excerpt,
        state: state(note),
        author: Some(note.author.clone()).filter(|author| !author.is_empty()),
        updated_at: epoch_ms(note.updated_at),
        rolled_back: rolled_back.contains(&(service.clone(), version.clone())),
        service,
        version,
    }
}

fn state(note: &ledger::Note) -> NoteState {
    match (note.state, &note.draft) {
        (Kept::Final, None) => NoteState::Final,
        (Kept::Final | Kept::Draft, _) => NoteState::Draft,
    }
}

fn marked(parts: &[ExcerptPart]) -> String {
    let part = |part: &ExcerptPart| {
        if part.is_hit {
            format!("\u{2}{}\u{3}", part.text)
        } else {
            without_marks(&part.text)
        }
    };
    parts.iter().map(part).collect()
}

fn title(markdown: &str) -> String {
    let line = markdown
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    let words = without_marks(line.trim_start_matches('#').trim());
    words.chars().take(TITLE).collect()
}

/// The beginning of a note below its headings, on one line; entries of a list stand apart.
fn first_text(markdown: &str) -> String {
    let mut text = String::new();
    let lines = markdown.lines().map(str::trim);
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let entry = ["- ", "* ", "+ "].iter().find_map(|mark| line.strip_prefix(mark));
        if !text.is_empty() {
            let is_apart = entry.is_some() && text.ends_with(char::is_alphanumeric);
            text.push_str(if is_apart { "; " } else { " " });
        }
        text.push_str(&without_marks(entry.unwrap_or(line)));
        if text.chars().count() >= TITLE {
            break;
        }
    }
    text.chars().take(TITLE).collect()
}

/// The words of a line without Markdown's marks around them; of a link its words.
fn without_marks(line: &str) -> String {
    let plain = line.replace("**", "").replace("~~", "").replace('`', "");
    let mut words = String::with_capacity(plain.len());
    let mut rest = plain.as_str();
    while let Some((before, link, after)) = first_link(rest) {
        words.push_str(before);
        words.push_str(link);
        rest = after;
    }
    words + rest
}

/// What stands before the first `[words](address)`, its words, and what stands after it.
fn first_link(line: &str) -> Option<(&str, &str, &str)> {
    let middle = line.find("](")?;
    let begin = line[..middle].rfind('[')?;
    let end = middle + line[middle..].find(')')?;
    Some((&line[..begin], &line[begin + 1..middle], &line[end + 1..]))
}

fn key(session: &Session, service: &str, version: &str) -> Answer<NoteKey> {
    let service = session.service(service)?.name.clone();
    Ok(NoteKey {
        workspace: session.id.clone(),
        service,
        version: version.to_owned(),
    })
}

/// A version's note with what its repository says of it.
pub async fn note_get(backend: &Arc<Backend>, request: NoteRequest) -> Answer<Note> {
    let session = backend.session()?;
    blocking(move || {
        let key = key(&session, &request.service, &request.version)?;
        let kept = session.ledger.note(&key).map_err(error::ledger)?;
        let markdown = kept
            .as_ref()
            .map(|note| text(note).to_owned())
            .unwrap_or_default();
        let since = since_previous(&session, &key.service, &request.version).ok();
        let tags = session.repositories.tags(&key.service).ok();
        let tag = tags.as_ref().and_then(|tags| tags.tag(&request.version));
        Ok(Note {
            service: request.service,
            version: request.version,
            html: markdown::render(&markdown, session.workspace.notes.issue_link.as_ref()),
            state: kept.as_ref().map_or(NoteState::Draft, state),
            author: kept.as_ref().map(|note| note.author.clone()),
            updated_at: kept.as_ref().map(|note| epoch_ms(note.updated_at)),
            previous_version: since.as_ref().and_then(|since| since.previous.clone()),
            released_at: tag.map(|tag| epoch_ms(tag.date)),
            commits: since
                .iter()
                .flat_map(|since| &since.commits)
                .map(crate::comparison::commit)
                .collect(),
            tag_message: tag.map(|tag| format!("{}\n\n{}", tag.subject, tag.body).trim().to_owned()),
            markdown,
        })
    })
    .await
}

/// Keeps a note; when this answers, it is on the disk.
pub async fn note_save(backend: &Arc<Backend>, request: NoteSave) -> Answer<NoteSaved> {
    let (session, now, author) = (backend.session()?, backend.now(), author());
    blocking(move || {
        let key = key(&session, &request.service, &request.version)?;
        match request.state {
            NoteState::Draft => session
                .ledger
                .autosave_note(&key, &request.markdown, &author, now),
            NoteState::Final => session
                .ledger
                .save_note(&key, &request.markdown, Kept::Final, &author, now)
                .map(drop),
        }
        .map_err(error::ledger)?;
        Ok(NoteSaved {
            updated_at: epoch_ms(now),
        })
    })
    .await
}

/// Who writes on this desktop: the account's name.
pub(crate) fn author() -> String {
    ["USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_default()
}

struct Since {
    previous: Option<String>,
    commits: Vec<Commit>,
}

/// The commits since the version before; the `Err` is the window's word for why there are none.
fn since_previous(session: &Session, service: &ServiceName, version: &str) -> Result<Since, String> {
    let tags = session
        .repositories
        .tags(service)
        .map_err(|error| crate::comparison::reason(&error))?;
    let parsed: Version = version.parse().map_err(|_| "no-tag".to_owned())?;
    let release = tags.release(&parsed).ok_or_else(|| "no-tag".to_owned())?;
    let Some(before) = tags.before(&parsed) else {
        return Ok(Since {
            previous: None,
            commits: Vec::new(),
        });
    };
    let range = CommitRange {
        from: before.tag.commit.clone(),
        to: release.tag.commit.clone(),
    };
    let path = session
        .workspace
        .service(service)
        .and_then(|service| service.path.clone());
    let repository = session
        .repositories
        .open(service)
        .map_err(|error| crate::comparison::reason(&error))?;
    let listed = repository.commits(&range, path.as_deref());
    let commits = listed
        .map_err(|error| crate::comparison::reason(&error::git(error)))?
        .commits;
    Ok(Since {
        previous: Some(before.version.to_string()),
        commits,
    })
}

/// A draft made from the template and the commits since the version before; nothing is kept.
pub async fn note_draft(backend: &Arc<Backend>, request: DraftRequest) -> Answer<NoteDraft> {
    let session = backend.session()?;
    blocking(move || {
        let service = session.service(&request.service)?.name.clone();
        let since = match since_previous(&session, &service, &request.version) {
            Ok(since) => since,
            Err(reason) => {
                return Ok(NoteDraft {
                    markdown: String::new(),
                    commits: 0,
                    unavailable: Some(reason),
                    template_missing: false,
                });
            }
        };
        let headings = Headings {
            breaking: &request.breaking,
            features: &request.features,
            fixes: &request.fixes,
            others: &request.other,
        };
        let changes = draft(&since.commits, &headings);
        let (markdown, template_missing) = match template::of(&session) {
            Template::Unnamed => (changes, false),
            Template::Missing => (changes, true),
            Template::Text(text) => (format!("{}\n\n{changes}", text.trim_end()), false),
        };
        Ok(NoteDraft {
            commits: since.commits.len() as u32,
            markdown,
            unavailable: None,
            template_missing,
        })
    })
    .await
}

/// Renders Markdown.
pub async fn markdown_render(backend: &Arc<Backend>, request: MarkdownRequest) -> Answer<Html> {
    let session = backend.session_if_any();
    blocking(move || {
        let link = session
            .as_ref()
            .and_then(|session| session.workspace.notes.issue_link.as_ref());
        Ok(Html {
            html: markdown::render(&request.markdown, link),
        })
    })
    .await
}

/// The versions of a service, newest first, then its unversioned tags by time.
pub async fn versions(backend: &Arc<Backend>, request: ServiceRequest) -> Answer<Versions> {
    let session = backend.session()?;
    blocking(move || {
        let service = session.service(&request.service)?.name.clone();
        let notes = session
            .ledger
            .notes(&session.id, Some(&service))
            .map_err(error::ledger)?;
        let noted: HashSet<&str> = notes.iter().map(|note| note.key.version.as_str()).collect();
        let live = live_in(&session, &service)?;
        let info = |version: String, tag: Option<&domain::release::Tag>, unversioned| VersionInfo {
            tag: tag.map(|tag| tag.name.to_string()),
            at: tag.map(|tag| epoch_ms(tag.date)),
            unversioned,
            has_note: noted.contains(version.as_str()),
            live_in: live
                .iter()
                .filter(|(label, _)| *label == version)
                .map(|(_, name)| name.clone())
                .collect(),
            version,
        };
        let tags = session.repositories.tags(&service).unwrap_or_default();
        let mut versions: Vec<VersionInfo> = tags
            .releases
            .iter()
            .map(|release| info(release.version.to_string(), Some(&release.tag), false))
            .chain(
                tags.unversioned
                    .iter()
                    .map(|tag| info(tag.name.to_string(), Some(tag), true)),
            )
            .collect();
        // What runs without a tag that is known here is a version all the same.
        for (label, _) in &live {
            if !versions.iter().any(|version| version.version == *label) {
                versions.push(info(label.clone(), None, label.parse::<Version>().is_err()));
            }
        }
        Ok(Versions { versions })
    })
    .await
}

fn live_in(session: &Session, service: &ServiceName) -> Answer<Vec<(String, String)>> {
    let mut live = Vec::new();
    for environment in &session.workspace.environments {
        let lane = sides::lane(session, service, environment.name.as_str())?;
        if let Some(current) = lane
            .iter()
            .rev()
            .find(|deployment| deployment.moments.ended.is_none())
        {
            live.push((current.version.label(), environment.name.to_string()));
        }
    }
    Ok(live)
}

/// The notes of all releases between two sides, in both directions, newest version first.
pub(crate) fn between(session: &Session, a: &Side, b: &Side) -> Answer<Vec<NoteInfo>> {
    if a.service != b.service {
        return Ok(Vec::new());
    }
    let version = |label: &str| label.parse::<Version>().ok();
    let (Some(one), Some(other)) = (version(&a.label), version(&b.label)) else {
        return Ok(Vec::new());
    };
    of_range(
        session,
        &a.service,
        &one.clone().min(other.clone()),
        &one.max(other),
    )
}

/// The notes of versions above `low` up to and with `high`.
pub(crate) fn of_range(
    session: &Session,
    service: &ServiceName,
    low: &Version,
    high: &Version,
) -> Answer<Vec<NoteInfo>> {
    let rolled_back = rolled_back(session)?;
    let notes = session
        .ledger
        .notes(&session.id, Some(service))
        .map_err(error::ledger)?;
    let mut found: Vec<(Version, NoteInfo)> = notes
        .iter()
        .filter_map(|note| Some((note.key.version.parse::<Version>().ok()?, note)))
        .filter(|(version, _)| version > low && version <= high)
        .map(|(version, note)| (version, info(note, None, &rolled_back)))
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0));
    Ok(found.into_iter().map(|(_, note)| note).collect())
}

#[cfg(test)]
mod tests {
    use super::{first_text, title};

    #[test]
    fn a_list_shows_words_and_no_marks() {
        let note = "# **Vouchers**, and `more`\n\nOrders until **18:00**\nleave today.\n\n## New\n- `REFUND_BATCH` is new\n- See [the page](https://a.example/b)\n";
        assert_eq!(title(note), "Vouchers, and more");
        assert_eq!(
            first_text(note),
            "Orders until 18:00 leave today. REFUND_BATCH is new; See the page"
        );
    }

    #[test]
    fn what_only_looks_like_a_mark_stays() {
        assert_eq!(first_text("a_b [1] (2) 3 * 4"), "a_b [1] (2) 3 * 4");
        assert_eq!(first_text("]( [x]("), "]( [x](");
    }
}
