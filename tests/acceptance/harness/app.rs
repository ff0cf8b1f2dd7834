//! The backend as the rim starts it, with a data folder of its own and every event written down.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use app::{Backend, Host, MakeDemo, Setup, commands};
use chrono::{DateTime, Utc};
use cluster::kubeconfig::KubeconfigFiles;
use git::network::{GitProgram, Limits};
use serde_json::Value;
use tests::cluster::until_within;
use tests::contract::ground::APP;
use wire::cluster::{Connection, ConnectionState};
use wire::rollback::Operation;
use wire::timeline::{
    DeploymentDetails, DeploymentRequest, MatrixCell, MatrixRequest, StatusWord, TimelineRequest,
};
use wire::{Event, WireError};

use super::columns::Columns;

/// How long anything may take that the app shows by itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// The one environment that most tests have.
pub const ENVIRONMENT: &str = "prod";

/// What a test hears of every event; it may block, and so hold an operation where it is.
pub type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// A running backend.
pub struct App {
    pub backend: Arc<Backend>,
    pub data: PathBuf,
    pub opened: Arc<Mutex<Vec<String>>>,
    /// No program of the desktop opens anything.
    pub opens_nothing: Arc<AtomicBool>,
    /// The app was asked to end.
    pub ended: Arc<AtomicBool>,
    events: Arc<Mutex<Vec<Event>>>,
}

impl App {
    /// Starts on a data folder, with these kubeconfig files and no demo.
    pub fn start(data: &Path, kubeconfig: &[PathBuf]) -> Self {
        let no_demo: MakeDemo = Arc::new(|_, _| Box::pin(async { Err("no demo here".to_owned()) }));
        Self::start_with(data, kubeconfig, no_demo, Arc::new(|_| {})).unwrap()
    }

    /// The same with a demo world and a listener.
    pub fn start_with(
        data: &Path,
        kubeconfig: &[PathBuf],
        demo: MakeDemo,
        listener: Listener,
    ) -> Result<Self, WireError> {
        let git = GitProgram::new("git", Limits::default());
        Self::start_by(data, kubeconfig, demo, listener, git)
    }

    /// Starts with a clock of its own.
    pub fn start_at(data: &Path, kubeconfig: &[PathBuf], clock: fn() -> DateTime<Utc>) -> Self {
        let no_demo: MakeDemo = Arc::new(|_, _| Box::pin(async { Err("no demo here".to_owned()) }));
        let git = GitProgram::new("git", Limits::default());
        Self::begin(data, kubeconfig, no_demo, Arc::new(|_| {}), git, clock).unwrap()
    }

    /// The same with another `git`, or less patience with it.
    pub fn start_by(
        data: &Path,
        kubeconfig: &[PathBuf],
        demo: MakeDemo,
        listener: Listener,
        git: GitProgram,
    ) -> Result<Self, WireError> {
        Self::begin(data, kubeconfig, demo, listener, git, Utc::now)
    }

    fn begin(
        data: &Path,
        kubeconfig: &[PathBuf],
        demo: MakeDemo,
        listener: Listener,
        git: GitProgram,
        clock: fn() -> DateTime<Utc>,
    ) -> Result<Self, WireError> {
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let opened: Arc<Mutex<Vec<String>>> = Arc::default();
        let (heard, asked) = (Arc::clone(&events), Arc::clone(&opened));
        let opens_nothing: Arc<AtomicBool> = Arc::default();
        let refuses = Arc::clone(&opens_nothing);
        let quits: Arc<AtomicBool> = Arc::default();
        let ended = Arc::clone(&quits);
        let logs = data.join("logs");
        std::fs::create_dir_all(&logs).unwrap();
        let backend = Backend::new(Setup {
            version: "0.0.0".to_owned(),
            data: data.to_owned(),
            logs,
            kubeconfig: KubeconfigFiles::these(kubeconfig.iter().cloned()),
            git,
            emit: Arc::new(move |event: Event| {
                heard
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(event.clone());
                listener(&event);
            }),
            host: Host {
                open: Arc::new(move |what: String| {
                    if refuses.load(Ordering::SeqCst) {
                        return Err("exit status: 3".to_owned());
                    }
                    asked.lock().unwrap_or_else(PoisonError::into_inner).push(what);
                    Ok(())
                }),
                notify: Arc::new(|_| Ok(())),
                quit: Arc::new(move || ended.store(true, Ordering::SeqCst)),
            },
            demo,
            clock,
        })?;
        Ok(Self {
            backend,
            data: data.to_owned(),
            opened,
            opens_nothing,
            ended: quits,
            events,
        })
    }

    /// The payloads of the events of that name so far.
    pub fn events(&self, name: &str) -> Vec<Value> {
        let events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        let named = events.iter().filter(|event| event.name == name);
        named.map(|event| event.payload.clone()).collect()
    }

    /// Every form in which the window was told of an operation.
    pub fn told(&self, id: &str) -> Vec<Operation> {
        let all = self.events("operation").into_iter();
        let read = all.map(|payload| serde_json::from_value::<Operation>(payload).unwrap());
        read.filter(|operation| operation.id == id).collect()
    }

    /// The connection to the first cluster.
    pub async fn connection(&self) -> Connection {
        let state = commands::app_state(&self.backend, ()).await.unwrap();
        state.connections.first().cloned().unwrap()
    }

    /// Waits until the first cluster's connection is so.
    pub async fn connected(&self, state: ConnectionState) -> Connection {
        let mut last = None;
        let waited = until_within(PATIENCE, "the connection", async || {
            let connection = self.connection().await;
            last = Some(connection.clone());
            Ok((connection.state == state).then_some(connection))
        });
        let waited = waited.await;
        waited.unwrap_or_else(|error| panic!("{error}, {state:?}: {last:?}"))
    }

    /// What the matrix says of the service in an environment.
    pub async fn cell(&self, environment: &str) -> Option<MatrixCell> {
        let request = MatrixRequest { reference: None };
        let matrix = commands::matrix(&self.backend, request).await.unwrap();
        let row = matrix.rows.into_iter().find(|row| row.service == APP)?;
        row.cells.into_iter().find(|cell| cell.environment == environment)
    }

    /// Waits until the matrix shows that version as healthy; its deployment.
    pub async fn runs(&self, version: &str) -> f64 {
        self.runs_in(ENVIRONMENT, version).await
    }

    /// The same in another environment.
    pub async fn runs_in(&self, environment: &str, version: &str) -> f64 {
        self.shows(environment, version, StatusWord::Healthy).await
    }

    /// Waits until the matrix shows that version with that status; its deployment.
    pub async fn shows(&self, environment: &str, version: &str, status: StatusWord) -> f64 {
        let mut last = None;
        let waited = until_within(PATIENCE, "the matrix", async || {
            last = self.cell(environment).await;
            let fits = |cell: &&MatrixCell| cell.version.as_deref() == Some(version) && cell.status == status;
            Ok(last.as_ref().filter(fits).and_then(|cell| cell.deployment))
        });
        let waited = waited.await;
        waited.unwrap_or_else(|error| panic!("{error} shows {version} {status:?}: {last:?}"))
    }

    /// Everything about a deployment.
    pub async fn details(&self, id: f64) -> DeploymentDetails {
        let request = DeploymentRequest { id };
        commands::deployment_details(&self.backend, request)
            .await
            .unwrap()
    }

    /// The timeline's columns, read as the window reads them.
    pub async fn columns(&self) -> Columns {
        let request = TimelineRequest { from: None, to: None };
        Columns::read(&commands::timeline(&self.backend, request).await.unwrap())
    }
}
