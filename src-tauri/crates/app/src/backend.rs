//! What the rim owns: the ledger, the open session, tasks, confirmations and running operations.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use chrono::{DateTime, Utc};
use cluster::kubeconfig::KubeconfigFiles;
use futures::future::BoxFuture;
use git::network::GitProgram;
use ledger::{Ledger, OpenRequest, Opened};
use wire::{ErrorCode, Event, WireError};

use crate::error::{self, Answer};
use crate::rollback::Rollbacks;
use crate::session::{DemoWorld, Session};
use crate::tasks::Tasks;

/// Hands an event to the window.
pub type Emit = Arc<dyn Fn(Event) + Send + Sync>;

/// Asks the desktop for something, or says why it refuses.
pub type Ask<T> = Arc<dyn Fn(T) -> Result<(), String> + Send + Sync>;

/// What only the desktop can do.
#[derive(Clone)]
pub struct Host {
    /// Opens a folder or an `https` address in the program that the person set for it; may block for seconds.
    pub open: Ask<String>,
    /// Shows a notice of the desktop's: title and body.
    pub notify: Ask<(String, String)>,
    /// Ends the app.
    pub quit: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host").finish_non_exhaustive()
    }
}

/// Makes the demo world in a folder, with its clock at a time.
pub type MakeDemo =
    Arc<dyn Fn(PathBuf, DateTime<Utc>) -> BoxFuture<'static, Result<DemoWorld, String>> + Send + Sync>;

/// Everything that the backend is given.
#[derive(Clone)]
pub struct Setup {
    /// Of the app.
    pub version: String,
    /// The data folder: ledger, backups, bindings.
    pub data: PathBuf,
    /// The folder of the log files.
    pub logs: PathBuf,
    /// The kubeconfig files, as kubectl would find them.
    pub kubeconfig: KubeconfigFiles,
    /// The person's own `git`, for clone and fetch.
    pub git: GitProgram,
    /// To the window.
    pub emit: Emit,
    /// To the desktop.
    pub host: Host,
    /// The demo world.
    pub demo: MakeDemo,
    /// The time.
    pub clock: fn() -> DateTime<Utc>,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// What to open first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AtStart {
    /// The workspace that was left open; else the welcome screen.
    Last,
    /// The demo world.
    Demo,
    /// This file.
    Workspace(PathBuf),
}

/// The backend of the app. One for each start.
pub struct Backend {
    pub(crate) setup: Setup,
    pub(crate) ledger: Ledger,
    /// The main ledger, and how it was found.
    pub(crate) opened: Arc<Opened>,
    pub(crate) tasks: Tasks,
    pub(crate) rollbacks: Rollbacks,
    session: Mutex<Option<Arc<Session>>>,
    /// Why the workspace of the command line could not be opened: said once, in the first state.
    pub(crate) start_problem: Mutex<Option<WireError>>,
    /// Held while a session is being opened or closed.
    pub(crate) opening: tokio::sync::Mutex<()>,
    /// The demo that was open last: its clones may still be being written.
    pub(crate) demo: Mutex<Weak<Session>>,
    /// Whether what the start asks for has been opened, or could not be.
    pub(crate) begun: tokio::sync::watch::Sender<bool>,
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Backend")
            .field("data", &self.setup.data)
            .finish_non_exhaustive()
    }
}

impl Backend {
    /// Opens the ledger of the data folder. Must be called within a tokio runtime; blocks while it migrates.
    ///
    /// # Errors
    /// A ledger of a newer Tidemark, or one that another one migrates: the app can't start on it.
    pub fn new(setup: Setup) -> Answer<Arc<Self>> {
        let now = (setup.clock)();
        let request = OpenRequest::new(&setup.data, now, rand::random());
        let opened = Arc::new(Ledger::open(&request).map_err(error::ledger)?);
        let ledger = opened.ledger.clone();
        let tasks = Tasks::new(Arc::clone(&setup.emit));
        tokio::spawn(back_up(Arc::downgrade(&opened), setup.clock));
        Ok(Arc::new(Self {
            ledger,
            opened,
            tasks,
            rollbacks: Rollbacks::default(),
            session: Mutex::default(),
            start_problem: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
            demo: Mutex::default(),
            begun: tokio::sync::watch::Sender::new(true),
            setup,
        }))
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        (self.setup.clock)()
    }

    /// The open session.
    pub fn session(&self) -> Answer<Arc<Session>> {
        self.session_if_any()
            .ok_or_else(|| WireError::new(ErrorCode::WorkspaceNotOpen, "no workspace is open"))
    }

    /// The open session, if there is one.
    pub fn session_if_any(&self) -> Option<Arc<Session>> {
        self.session
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Puts a session in the place of the one before, whose watches end. What could not be opened at the start is
    /// then no news any more.
    pub(crate) fn replace_session(&self, session: Option<Arc<Session>>) {
        self.start_problem
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let before = std::mem::replace(
            &mut *self.session.lock().unwrap_or_else(PoisonError::into_inner),
            session,
        );
        if let Some(before) = before {
            before.stop();
        }
    }

    /// Tells the window.
    pub fn emit(&self, event: Event) {
        (self.setup.emit)(event);
    }

    /// Whether an operation runs: closing then hides the window.
    pub fn operation_runs(&self) -> bool {
        self.rollbacks.any().is_some()
    }
}

/// Makes the day's backup at the start and whenever a day has begun since, as long as the ledger is open.
async fn back_up(opened: Weak<Opened>, clock: fn() -> DateTime<Utc>) {
    while let Some(opened) = opened.upgrade() {
        let ledger = opened.ledger.clone();
        drop(opened);
        let done = blocking(move || ledger.back_up_daily(clock()).map_err(error::ledger)).await;
        if let Err(error) = done {
            tracing::warn!(%error, "today's backup was not made");
        }
        tokio::time::sleep(std::time::Duration::from_secs(60 * 60)).await;
    }
}

/// Runs blocking work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Answer<T> + Send + 'static,
) -> Answer<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => Err(error::internal(error)),
    }
}
