//! The state that the window draws first, personal settings, and small services of the desktop.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use ledger::{ChainState, Ledger};
use serde_json::Value;
use wire::settings::{
    AppState, Language, LedgerHealth, LedgerState, NameRequest, Notice, PathRequest, Platform,
    RecentWorkspace, Settings, SwitchRequest, Theme, TimeZoneChoice, ViewSetting,
};
use wire::task::{TaskRef, Tasks};
use wire::{ErrorCode, Event, WireError, epoch_ms};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};

/// Scope and key of the settings in the ledger.
const SCOPE: &str = "app";
const SETTINGS: &str = "settings";
const VIEW: &str = "view";
const OPEN: &str = "open";

/// The settings of somebody who has set nothing.
fn default_settings() -> Settings {
    Settings {
        theme: Theme::System,
        language: Language::System,
        time_zone: TimeZoneChoice::Local,
        single_letter_keys: true,
        zoom: 1.0,
    }
}

/// So long the window waits for what the start opens before it draws itself without.
const START: Duration = Duration::from_secs(3);

/// What the window needs to draw itself first: with the workspace that the start asks for, so that the welcome screen
/// is not drawn before it in vain.
pub async fn app_state(backend: &Arc<Backend>, _: ()) -> Answer<AppState> {
    let mut begun = backend.begun.subscribe();
    // Too long: it comes later, as an event.
    let _ = tokio::time::timeout(START, begun.wait_for(|begun| *begun)).await;
    state_now(backend).await
}

async fn state_now(backend: &Arc<Backend>) -> Answer<AppState> {
    let backend = Arc::clone(backend);
    blocking(move || state(&backend)).await
}

pub(crate) fn state(backend: &Backend) -> Answer<AppState> {
    let session = backend.session_if_any();
    let recent = backend.ledger.recent_workspaces().map_err(error::ledger)?;
    Ok(AppState {
        version: backend.setup.version.clone(),
        platform: platform(),
        demo: session.as_ref().is_some_and(|session| session.demo),
        workspace: session.as_ref().map(|session| session.info()),
        recent: recent
            .into_iter()
            .map(|recent| RecentWorkspace {
                name: recent.name,
                path: recent.path.display().to_string(),
                opened_at: epoch_ms(recent.opened_at),
            })
            .collect(),
        settings: settings(backend)?,
        ledger: health(backend)?,
        logs: backend.setup.logs.display().to_string(),
        connections: session.map(|session| session.connections()).unwrap_or_default(),
        local_time_zone: None,
        start_problem: backend
            .start_problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone(),
        now: epoch_ms(backend.now()),
    })
}

/// Tells the window that the state is another one.
pub(crate) async fn tell_state(backend: &Arc<Backend>) {
    match state_now(backend).await {
        Ok(state) => backend.emit(Event::app_changed(&state)),
        Err(error) => tracing::warn!(%error, "the state could not be told"),
    }
}

fn platform() -> Platform {
    if cfg!(target_os = "macos") {
        Platform::Macos
    } else if cfg!(windows) {
        Platform::Windows
    } else {
        Platform::Linux
    }
}

fn health(backend: &Backend) -> Answer<LedgerHealth> {
    // The session's own ledger: the demo's is another file.
    let session = backend.session_if_any();
    let opened = session
        .as_ref()
        .map_or(&backend.opened, |session| &session.opened);
    let ledger = &opened.ledger;
    let chain = ledger.verify_chain().map_err(error::ledger)?;
    let recovery = opened.recovered.as_ref();
    let newest = ledger.backups().map_err(error::ledger)?.into_iter().next();
    let restored = recovery.and_then(|recovery| recovery.backup.clone());
    let state = match (opened.read_only, recovery, &restored) {
        (Some(_), _, _) => LedgerState::ReadOnly,
        (None, Some(_), Some(_)) => LedgerState::Recovered,
        (None, Some(_), None) => LedgerState::BegunAnew,
        (None, None, _) => LedgerState::Ok,
    };
    let backup = restored.or(newest);
    Ok(LedgerHealth {
        path: ledger.path().display().to_string(),
        state,
        set_aside: recovery.and_then(|recovery| Some(recovery.set_aside.as_ref()?.display().to_string())),
        backup_at: backup.as_ref().map(|backup| epoch_ms(backup.made_at)),
        backup: backup.map(|backup| backup.path.display().to_string()),
        size: ledger.bytes() as f64,
        chain_intact: opened.chain_gap.is_none() && matches!(chain, ChainState::Whole { .. }),
        newest_unread: opened.log_ignored,
    })
}

impl Backend {
    /// The theme that the person chose: asked for before anything is drawn.
    pub fn theme(&self) -> Theme {
        settings(self).map_or(Theme::System, |settings| settings.theme)
    }
}

/// The file of the workspace that was not closed before the program ended, however it ended.
pub(crate) fn left_open(ledger: &Ledger) -> Answer<Option<PathBuf>> {
    let kept = ledger.setting(SCOPE, OPEN).map_err(error::ledger)?;
    Ok(kept.and_then(|path| path.as_str().map(PathBuf::from)))
}

/// Keeps which workspace is open, for the next start.
pub(crate) fn note_open(ledger: &Ledger, path: Option<&Path>, now: DateTime<Utc>) -> Answer<()> {
    let kept = match path {
        Some(path) => ledger.set_setting(SCOPE, OPEN, &path.to_string_lossy().into(), now),
        None => ledger.remove_setting(SCOPE, OPEN),
    };
    kept.map_err(error::ledger)
}

pub(crate) fn settings(backend: &Backend) -> Answer<Settings> {
    let stored = backend.ledger.setting(SCOPE, SETTINGS).map_err(error::ledger)?;
    Ok(stored
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_else(default_settings))
}

/// Keeps the settings.
pub async fn settings_set(backend: &Arc<Backend>, settings: Settings) -> Answer<()> {
    let zoom = settings.zoom.clamp(0.5, 3.0);
    let settings = Settings { zoom, ..settings };
    let value = serde_json::to_value(&settings).map_err(error::internal)?;
    set(backend, SCOPE, SETTINGS.to_owned(), value).await?;
    tell_state(backend).await;
    Ok(())
}

async fn set(backend: &Arc<Backend>, scope: &'static str, key: String, value: Value) -> Answer<()> {
    let (ledger, now) = (backend.ledger.clone(), backend.now());
    blocking(move || {
        ledger
            .set_setting(scope, &key, &value, now)
            .map_err(error::ledger)
    })
    .await
}

/// One value that the window keeps for itself; each workspace has its own.
pub async fn view_get(backend: &Arc<Backend>, request: NameRequest) -> Answer<ViewSetting> {
    let ledger = backend.ledger.clone();
    let key = view_key(backend, &request.name);
    let value = blocking(move || ledger.setting(VIEW, &key).map_err(error::ledger)).await?;
    let value = value.and_then(|value| value.as_str().map(str::to_owned));
    Ok(ViewSetting {
        name: request.name,
        value,
    })
}

/// Keeps one value of the window's.
pub async fn view_set(backend: &Arc<Backend>, request: ViewSetting) -> Answer<()> {
    let key = view_key(backend, &request.name);
    match request.value {
        Some(value) => set(backend, VIEW, key, Value::String(value)).await,
        None => {
            let ledger = backend.ledger.clone();
            blocking(move || ledger.remove_setting(VIEW, &key).map_err(error::ledger)).await
        }
    }
}

fn view_key(backend: &Backend, name: &str) -> String {
    let workspace = backend.session_if_any().map(|session| session.id.to_string());
    format!("{}/{name}", workspace.unwrap_or_default())
}

/// Switches the whole workspace to read-only, or back.
pub async fn read_only_set(backend: &Arc<Backend>, request: SwitchRequest) -> Answer<()> {
    let session = backend.session()?;
    let (ledger, now, key) = (
        backend.ledger.clone(),
        backend.now(),
        format!("read-only/{}", session.id),
    );
    blocking(move || {
        ledger
            .set_setting(SCOPE, &key, &Value::Bool(request.on), now)
            .map_err(error::ledger)
    })
    .await?;
    session.set_read_only(request.on);
    tell_state(backend).await;
    Ok(())
}

/// Whether the workspace was switched to read-only.
pub(crate) fn is_read_only(backend: &Backend, id: &domain::ids::WorkspaceId) -> Answer<bool> {
    let value = backend
        .ledger
        .setting(SCOPE, &format!("read-only/{id}"))
        .map_err(error::ledger)?;
    Ok(value == Some(Value::Bool(true)))
}

/// All tasks.
pub async fn task_list(backend: &Arc<Backend>, _: ()) -> Answer<Tasks> {
    Ok(backend.tasks.list())
}

/// Asks a task to end.
pub async fn task_cancel(backend: &Arc<Backend>, request: TaskRef) -> Answer<()> {
    backend.tasks.cancel(&request.id);
    Ok(())
}

/// Ends the app. While an operation runs that needs `on`: the person was told what goes on without us.
///
/// An operation within its seconds to cancel is cancelled by it, and written down so. Any other is as it is after a
/// kill: the next start looks at it and sends nothing.
pub async fn quit(backend: &Arc<Backend>, request: SwitchRequest) -> Answer<()> {
    if let Some(running) = backend.rollbacks.any()
        && !request.on
    {
        return Err(WireError::new(ErrorCode::OperationRunning, "an operation runs")
            .with("number", running.number)
            .with("service", running.service)
            .with("environment", running.environment));
    }
    backend.rollbacks.cancel_waiting().await;
    (backend.setup.host.quit)();
    Ok(())
}

/// Opens the folder of the log files.
pub async fn log_folder_open(backend: &Arc<Backend>, _: ()) -> Answer<()> {
    open(backend, backend.setup.logs.display().to_string()).await
}

/// Opens a link that a person clicked: only `http`, `https` and `mailto`.
pub async fn link_open(backend: &Arc<Backend>, request: PathRequest) -> Answer<()> {
    let allowed = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| request.path.starts_with(scheme));
    if !allowed {
        return Err(WireError::new(
            ErrorCode::AddressRefused,
            "only web and mail addresses are opened",
        )
        .with("url", request.path));
    }
    open(backend, request.path).await
}

async fn open(backend: &Backend, what: String) -> Answer<()> {
    let open = Arc::clone(&backend.setup.host.open);
    blocking(move || {
        open(what.clone()).map_err(|problem| WireError::new(ErrorCode::NotOpened, problem).with("what", what))
    })
    .await
}

/// Shows a notice of the desktop's, as it is while the window is hidden and an operation ends.
pub async fn notice(backend: &Arc<Backend>, request: Notice) -> Answer<()> {
    (backend.setup.host.notify)((request.title, request.body)).map_err(error::internal)
}

/// Tries a cluster again at once.
pub async fn cluster_retry(backend: &Arc<Backend>, request: wire::cluster::ClusterRequest) -> Answer<()> {
    let session = backend.session()?;
    let cluster = domain::ids::ClusterName::from(request.cluster.as_str());
    let link = session.links.get(&cluster).ok_or_else(|| {
        WireError::new(ErrorCode::ClusterNotBound, "no such cluster").with("cluster", &request.cluster)
    })?;
    link.retry();
    Ok(())
}
