//! Opening, making and editing a workspace.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use domain::deployment::{Deployment, RollbackLink};
use domain::ids::{ClusterName, WorkspaceId};
use domain::workspace::Workspace;
use ledger::{Ledger, NoteKey, NoteState, OpenRequest, SavedNote};
use wire::settings::PathRequest;
use wire::workspace::{
    BindClusterRequest, BindRepositoryRequest, ProblemKind, SaveRequest, TextRequest, WorkspaceDraft,
    WorkspaceInfo, WorkspaceText,
};
use wire::{ErrorCode, WireError};

use crate::backend::{AtStart, Backend, blocking};
use crate::error::{self, Answer};
use crate::repositories::Clones;
use crate::session::{DemoNote, DemoPast, DemoWorld, Opening, Reach, Session};
use crate::{bindings, configuration, observer, settings, workspace_draft, workspace_file};

impl Backend {
    /// Opens in the background what a start asks for. Must be called within a tokio runtime.
    pub fn open_at_start(self: &Arc<Self>, what: AtStart) {
        let backend = Arc::clone(self);
        backend.begun.send_replace(false);
        tokio::spawn(async move {
            let opened = match what {
                AtStart::Last => open_last(&backend).await,
                AtStart::Demo => demo_open(&backend, ()).await.map(drop),
                AtStart::Workspace(path) => open(&backend, &path).await.map(drop),
            };
            if let Err(problem) = opened {
                tracing::warn!(error = %problem, "what was to be open first could not be opened");
                *backend
                    .start_problem
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner) = Some(problem);
                settings::tell_state(&backend).await;
            }
            backend.begun.send_replace(true);
        });
    }
}

/// The workspace that was open when the program ended, also by a crash; what it left unfinished is looked at then.
async fn open_last(backend: &Arc<Backend>) -> Answer<()> {
    let ledger = backend.ledger.clone();
    match blocking(move || settings::left_open(&ledger)).await? {
        Some(path) => open(backend, &path).await.map(drop),
        None => Ok(()),
    }
}

/// Opens a `tidemark.toml`.
pub async fn workspace_open(backend: &Arc<Backend>, request: PathRequest) -> Answer<WorkspaceInfo> {
    open(backend, Path::new(&request.path)).await
}

async fn open(backend: &Arc<Backend>, path: &Path) -> Answer<WorkspaceInfo> {
    let _alone = backend.opening.lock().await;
    let (path, text) = read_file(path).await?;
    let read = workspace_file::read(&text);
    let workspace = read.workspace.clone().ok_or_else(|| unusable(&path, &read))?;
    let (ledger, opened, now) = (backend.ledger.clone(), Arc::clone(&backend.opened), backend.now());
    let opening = blocking(move || {
        let id = bindings::identity(&ledger, &path, &workspace.name, now)?;
        let recent = ledger.note_opened_workspace(&path, &workspace.name, now);
        if let Err(error) = recent {
            tracing::warn!(%error, "the list of recent workspaces was not kept");
        }
        if let Err(error) = settings::note_open(&ledger, Some(&path), now) {
            tracing::warn!(%error, "the next start will not open this workspace");
        }
        let reaches = reaches(&ledger, &id, &workspace)?;
        let clones = bindings::clones(&ledger, &workspace)?;
        Ok(Opening {
            id,
            path: Some(path),
            demo: false,
            workspace,
            problems: read.problems,
            opened,
            clones: Clones::there(clones),
            reaches,
            read_only: false,
        })
    })
    .await?;
    begin(backend, opening).await
}

async fn begin(backend: &Arc<Backend>, mut opening: Opening) -> Answer<WorkspaceInfo> {
    opening.read_only = settings::is_read_only(backend, &opening.id)?;
    let session = Arc::new(Session::new(opening));
    backend.replace_session(Some(Arc::clone(&session)));
    observer::start(backend, &session);
    crate::rollback::recover::look_at_unfinished(backend, &session);
    let info = session.info();
    settings::tell_state(backend).await;
    session.changed(backend);
    Ok(info)
}

fn reaches(ledger: &Ledger, id: &WorkspaceId, workspace: &Workspace) -> Answer<BTreeMap<ClusterName, Reach>> {
    let mut reaches = BTreeMap::new();
    for environment in &workspace.environments {
        let context = bindings::context(ledger, id, &environment.cluster)?;
        let reach = context.map_or(Reach::Unbound, Reach::Context);
        reaches.insert(environment.cluster.clone(), reach);
    }
    Ok(reaches)
}

/// Opens the demo world, on a ledger of its own that is made anew each time.
pub async fn demo_open(backend: &Arc<Backend>, _: ()) -> Answer<WorkspaceInfo> {
    let _alone = backend.opening.lock().await;
    backend.replace_session(None);
    let now = backend.now();
    let folder = backend.setup.data.join("demo");
    let (at, before) = (folder.clone(), lock(&backend.demo).upgrade());
    blocking(move || {
        if let Some(before) = before {
            before.repositories.abandon();
        }
        fresh_folder(&at)
    })
    .await?;
    let world = (backend.setup.demo)(folder.join("repositories"), now)
        .await
        .map_err(error::internal)?;
    let read = workspace_file::read(&world.workspace);
    let workspace = read
        .workspace
        .ok_or_else(|| error::internal("the demo's workspace file is wrong"))?;
    let opening = blocking(move || {
        let request = OpenRequest::new(folder.join("ledger"), now, rand::random());
        let opened = Arc::new(Ledger::open(&request).map_err(error::ledger)?);
        let id = WorkspaceId::new("demo");
        fill(&opened.ledger, &id, &world, now)?;
        let reaches = world
            .clusters
            .into_iter()
            .map(|(name, clients)| (name, Reach::Given(Box::new(clients))))
            .collect();
        Ok(Opening {
            id,
            path: None,
            demo: true,
            workspace,
            problems: Vec::new(),
            opened,
            clones: Clones::written_when_read(world.clones, world.write_clones),
            reaches,
            read_only: false,
        })
    })
    .await?;
    let info = begin(backend, opening).await?;
    *lock(&backend.demo) = backend
        .session_if_any()
        .map_or_else(Weak::new, |session| Arc::downgrade(&session));
    Ok(info)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fresh_folder(folder: &Path) -> Answer<()> {
    let made = std::fs::remove_dir_all(folder)
        .or_else(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                Ok(())
            } else {
                Err(error)
            }
        })
        .and_then(|()| std::fs::create_dir_all(folder));
    made.map_err(|problem| error::file(folder, &problem))
}

fn fill(
    ledger: &Ledger,
    id: &WorkspaceId,
    world: &DemoWorld,
    now: chrono::DateTime<chrono::Utc>,
) -> Answer<()> {
    fill_history(ledger, id, &world.history, now)?;
    let notes: Vec<SavedNote> = world.notes.iter().map(|note| saved(id, note)).collect();
    ledger.save_notes(&notes).map_err(error::ledger)
}

fn saved(workspace: &WorkspaceId, note: &DemoNote) -> SavedNote {
    SavedNote {
        key: NoteKey {
            workspace: workspace.clone(),
            service: note.service.clone(),
            version: note.version.clone(),
        },
        body: note.markdown.clone(),
        state: if note.draft {
            NoteState::Draft
        } else {
            NoteState::Final
        },
        author: note.author.clone(),
        at: note.at,
    }
}

fn fill_history(
    ledger: &Ledger,
    id: &WorkspaceId,
    history: &[DemoPast],
    now: chrono::DateTime<chrono::Utc>,
) -> Answer<()> {
    ledger
        .put_templates(history.iter().map(|past| &past.template), now)
        .map_err(error::ledger)?;
    let told: Vec<Deployment> = history.iter().map(|past| past.deployment.clone()).collect();
    let ids = ledger.ingest(id, &told).map_err(error::ledger)?;
    let rollbacks: Vec<Deployment> = history
        .iter()
        .filter_map(|past| {
            let to = ids.get(past.back_to?).copied();
            Some(Deployment {
                rollback: Some(RollbackLink { to }),
                ..past.deployment.clone()
            })
        })
        .collect();
    ledger.ingest(id, &rollbacks).map_err(error::ledger)?;
    let configurations: Vec<_> = history
        .iter()
        .zip(ids)
        .map(|(past, id)| configuration::known(ledger, id, &past.config_maps, &past.secrets))
        .collect();
    ledger
        .put_configurations(&configurations, now)
        .map_err(error::ledger)
}

/// Closes the workspace; the welcome screen is next.
pub async fn workspace_close(backend: &Arc<Backend>, _: ()) -> Answer<()> {
    let _alone = backend.opening.lock().await;
    if backend.operation_runs() {
        return Err(WireError::new(
            ErrorCode::OperationRunning,
            "an operation runs in this workspace",
        ));
    }
    backend.replace_session(None);
    let (ledger, now) = (backend.ledger.clone(), backend.now());
    let forgotten = blocking(move || settings::note_open(&ledger, None, now)).await;
    if let Err(error) = forgotten {
        tracing::warn!(%error, "the next start will open this workspace again");
    }
    settings::tell_state(backend).await;
    Ok(())
}

async fn read_file(path: &Path) -> Answer<(PathBuf, String)> {
    let path = path.to_owned();
    blocking(move || {
        let unreadable = |detail: String| {
            WireError::new(ErrorCode::WorkspaceUnreadable, detail).with("path", path.display())
        };
        let size = std::fs::metadata(&path)
            .map_err(|error| unreadable(error.to_string()))?
            .len();
        if size > workspace_file::LARGEST {
            return Err(unreadable(format!(
                "{size} bytes are more than a workspace file has"
            )));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| unreadable(error.to_string()))?;
        let full = path.canonicalize().unwrap_or_else(|_| path.clone());
        Ok((full, text))
    })
    .await
}

fn unusable(path: &Path, read: &workspace_file::Read) -> WireError {
    if let Some(format) = &read.unknown_format {
        return WireError::new(ErrorCode::WorkspaceFormat, format!("format {format}"))
            .with("path", path.display())
            .with("format", format);
    }
    let first = read
        .problems
        .iter()
        .find(|problem| problem.kind == ProblemKind::Error)
        .expect("because a text without an error is a workspace");
    let parser = if first.code == "syntax" {
        &first.subject
    } else {
        ""
    };
    WireError::new(ErrorCode::WorkspaceInvalid, parser)
        .with("path", path.display())
        .with("line", first.line)
        .with("column", first.column)
        .with("problem", &first.code)
        .with("subject", &first.subject)
        .with("expected", first.expected.as_deref().unwrap_or_default())
}

/// The open workspace's file as the editor shows it; empty for a workspace that is not saved yet.
pub async fn workspace_draft(backend: &Arc<Backend>, _: ()) -> Answer<WorkspaceText> {
    let Some(session) = backend.session_if_any() else {
        return Ok(WorkspaceText {
            text: String::new(),
            problems: Vec::new(),
            draft: None,
        });
    };
    let text = match &session.path {
        Some(path) => read_file(path).await?.1,
        None => workspace_file::new_text(&workspace_draft::of(&session.workspace)),
    };
    let mut answer = check(text);
    if let Some(draft) = &mut answer.draft {
        for environment in &mut draft.environments {
            let link = session
                .links
                .get(&ClusterName::from(environment.cluster.as_str()));
            environment.context = link.and_then(|link| link.context());
        }
        for service in &mut draft.services {
            let clone = service
                .repository
                .as_deref()
                .and_then(|repository| session.clone_of(repository));
            service.clone = clone.map(|path| path.display().to_string());
        }
    }
    Ok(answer)
}

/// A file as the editor shows it, whether it can be opened or not; of bindings it says nothing.
pub async fn workspace_file(_backend: &Arc<Backend>, request: PathRequest) -> Answer<WorkspaceText> {
    Ok(check(read_file(Path::new(&request.path)).await?.1))
}

/// What a text says, and what is wrong in it.
pub async fn workspace_check(_backend: &Arc<Backend>, request: TextRequest) -> Answer<WorkspaceText> {
    Ok(check(request.text))
}

fn check(text: String) -> WorkspaceText {
    let read = workspace_file::read(&text);
    let draft = read.workspace.as_ref().map(workspace_draft::of);
    WorkspaceText {
        text,
        problems: read.problems,
        draft,
    }
}

/// The text that a draft makes; nothing is written.
pub async fn workspace_preview(_backend: &Arc<Backend>, request: SaveRequest) -> Answer<WorkspaceText> {
    Ok(check(text_of(&request).await?))
}

async fn text_of(request: &SaveRequest) -> Answer<String> {
    let existing = match (&request.text, &request.path) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) if Path::new(path).exists() => read_file(Path::new(path)).await?.1,
        (None, Some(_) | None) => String::new(),
    };
    workspace_file::apply_draft(&existing, &request.draft).map_err(|_| {
        let path = request.path.as_deref().unwrap_or_default();
        unusable(Path::new(path), &workspace_file::read(&existing))
    })
}

/// Writes a draft to its file and opens it.
pub async fn workspace_save(backend: &Arc<Backend>, request: SaveRequest) -> Answer<WorkspaceInfo> {
    let text = text_of(&request).await?;
    let path = request
        .path
        .as_deref()
        .ok_or_else(|| WireError::new(ErrorCode::InvalidRequest, "no path"))?;
    let path = write_checked(path, text).await?;
    keep_bindings(backend, &path, &request.draft).await?;
    open(backend, &path).await
}

/// Writes a text to its file as it is and opens it.
pub async fn workspace_save_text(backend: &Arc<Backend>, request: TextRequest) -> Answer<WorkspaceInfo> {
    let path = request
        .path
        .as_deref()
        .ok_or_else(|| WireError::new(ErrorCode::InvalidRequest, "no path"))?;
    let path = write_checked(path, request.text).await?;
    open(backend, &path).await
}

/// Writes a text that can be used, whole or not at all.
async fn write_checked(path: &str, text: String) -> Answer<PathBuf> {
    let path = PathBuf::from(path);
    blocking(move || {
        let read = workspace_file::read(&text);
        if read.workspace.is_none() {
            return Err(unusable(&path, &read));
        }
        let beside = path.with_extension("toml.tmp");
        let written = std::fs::write(&beside, &text).and_then(|()| std::fs::rename(&beside, &path));
        written.map_err(|problem| error::file(&path, &problem))?;
        Ok(path.canonicalize().unwrap_or(path))
    })
    .await
}

async fn keep_bindings(backend: &Arc<Backend>, path: &Path, draft: &WorkspaceDraft) -> Answer<()> {
    let (ledger, now, path, draft) = (
        backend.ledger.clone(),
        backend.now(),
        path.to_owned(),
        draft.clone(),
    );
    blocking(move || {
        let id = bindings::identity(&ledger, &path, &draft.name, now)?;
        for environment in &draft.environments {
            if let Some(context) = &environment.context {
                bindings::bind_context(&ledger, &id, &environment.cluster, context, now)?;
            }
        }
        for service in &draft.services {
            if let (Some(repository), Some(clone)) = (&service.repository, &service.clone) {
                bindings::bind_clone(&ledger, repository, clone, now)?;
            }
        }
        Ok(())
    })
    .await
}

/// Binds a clone to a repository and opens the workspace anew.
pub async fn repository_bind(backend: &Arc<Backend>, request: BindRepositoryRequest) -> Answer<()> {
    let session = backend.session()?;
    let (ledger, now) = (backend.ledger.clone(), backend.now());
    blocking(move || bindings::bind_clone(&ledger, &request.repository, &request.clone, now)).await?;
    reopen(backend, &session).await
}

/// Binds a context to a cluster and opens the workspace anew.
pub async fn cluster_bind(backend: &Arc<Backend>, request: BindClusterRequest) -> Answer<()> {
    let session = backend.session()?;
    let (ledger, now, id) = (backend.ledger.clone(), backend.now(), session.id.clone());
    blocking(move || bindings::bind_context(&ledger, &id, &request.cluster, &request.context, now)).await?;
    reopen(backend, &session).await
}

async fn reopen(backend: &Arc<Backend>, session: &Session) -> Answer<()> {
    match &session.path {
        Some(path) => open(backend, path).await.map(drop),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_told_by_the_first_error_after_any_warnings() {
        let text = "colour = 1\nformat = 1\nname = \"a\"\n[[environment]]\nname = \"p\"\ntier = \"prod\"\n\
                    cluster = \"c\"\nnamespaces = [\"n\"]\n";
        let error = unusable(Path::new("/w/tidemark.toml"), &workspace_file::read(text));
        assert_eq!(error.code, ErrorCode::WorkspaceInvalid);
        let facts: Vec<(&str, &str)> = error
            .parameters
            .iter()
            .map(|(name, fact)| (name.as_str(), fact.as_str()))
            .collect();
        assert_eq!(
            facts,
            [
                ("column", "8"),
                ("expected", "\"production\", \"staging\", \"development\""),
                ("line", "6"),
                ("path", "/w/tidemark.toml"),
                ("problem", "wrong-value"),
                ("subject", "tier"),
            ]
        );
        assert_eq!(error.details, "", "the window has words for it");
    }

    #[test]
    fn of_what_is_no_toml_the_parser_s_own_words_are_kept() {
        let error = unusable(Path::new("t"), &workspace_file::read("format = 1\nname 2\n"));
        assert_eq!(error.parameters["problem"], "syntax");
        assert_eq!(error.parameters["line"], "2");
        assert_ne!(error.details, "");
    }
}
