//! The composition root: builds everything, owns it, opens the window.

mod arguments;
mod commands;
mod demo_world;
mod events;
mod graphics;
mod log;
mod outside;
mod window;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use app::{AtStart, Backend, Host, Setup};
use arguments::{Arguments, USAGE};
use cluster::kubeconfig::KubeconfigFiles;
use demo_world::Planned;
use git::network::{GitProgram, Limits};
use tauri::{AppHandle, Manager, RunEvent, Wry};
use tauri_plugin_notification::NotificationExt;
use wire::WireError;

/// What the start came to. The window opens either way: without a backend every command answers why.
type Started = Result<Arc<Backend>, WireError>;

/// Runs the app until its window is closed.
pub fn run() -> ExitCode {
    let folder = std::env::current_dir().unwrap_or_default();
    let arguments = match Arguments::parse(std::env::args_os().skip(1), &folder) {
        Ok(arguments) => arguments,
        Err(problem) => {
            eprintln!("{problem}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if let Some(question) = arguments.question {
        // Whoever closed the output wants no answer.
        let _ = writeln!(std::io::stdout(), "{}", question.answer());
        return ExitCode::SUCCESS;
    }
    app::memory::keep_few_arenas();
    graphics::draw_well_without_gpu();
    app::memory::give_back_freed();
    let planned = arguments.demo.then(demo_world::plan);
    match build(arguments, planned) {
        Ok(app) => {
            app.run(|_handle, event| {
                if let RunEvent::Exit = event {
                    tracing::info!("ended");
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("Tidemark could not start: {error}");
            ExitCode::FAILURE
        }
    }
}

fn build(arguments: Arguments, planned: Option<Planned>) -> tauri::Result<tauri::App<Wry>> {
    tauri::Builder::default()
        // First, so that a second start ends before it has opened anything.
        .plugin(tauri_plugin_single_instance::init(|handle, arguments, folder| {
            window::show(handle);
            second_start(handle, arguments, Path::new(&folder));
        }))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(commands::handler())
        .setup(move |app| {
            let data = data_folder(app.handle(), &arguments)?;
            let logs = log::start(&data);
            let started = backend(app.handle(), data, logs, &arguments, planned);
            if let Err(error) = &started {
                tracing::error!(%error, "there is no backend");
            }
            app.manage(started);
            window::open(app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())
}

/// Somebody started the program again: a workspace that was named is opened here.
fn second_start(handle: &AppHandle, arguments: Vec<String>, folder: &Path) {
    let words = arguments.into_iter().skip(1).map(Into::into);
    match Arguments::parse(words, folder) {
        Ok(Arguments {
            workspace: Some(path),
            ..
        }) => {
            if let Ok(backend) = handle.state::<Started>().inner() {
                let _within = tauri::async_runtime::handle().inner().enter();
                backend.open_at_start(AtStart::Workspace(path));
            }
        }
        Ok(_) => {}
        Err(problem) => tracing::warn!(problem, "a second start"),
    }
}

fn data_folder(handle: &AppHandle, arguments: &Arguments) -> tauri::Result<PathBuf> {
    match &arguments.data_dir {
        Some(folder) => Ok(folder.clone()),
        None => handle.path().app_data_dir(),
    }
}

/// Opens the data folder and what the command line asks for.
fn backend(
    handle: &AppHandle,
    data: PathBuf,
    logs: PathBuf,
    arguments: &Arguments,
    planned: Option<Planned>,
) -> Started {
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    let runtime = tauri::async_runtime::handle();
    let _within = runtime.inner().enter();
    let backend = Backend::new(Setup {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data,
        logs,
        kubeconfig: kubeconfig(),
        git: GitProgram::new("git", Limits::default()),
        emit: Arc::new(events::emitter(handle.clone())),
        host: host(handle),
        demo: demo_world::maker(arguments.demo_speed.unwrap_or(1.0), planned),
        clock: chrono::Utc::now,
    })?;
    backend.open_at_start(match &arguments.workspace {
        Some(path) => AtStart::Workspace(path.clone()),
        None if arguments.demo => AtStart::Demo,
        None => AtStart::Last,
    });
    Ok(backend)
}

/// The kubeconfig files that this process's environment names.
fn kubeconfig() -> KubeconfigFiles {
    let home = std::env::home_dir();
    KubeconfigFiles::from_environment(std::env::var_os("KUBECONFIG").as_deref(), home.as_deref())
}

/// What only the desktop can do.
fn host(handle: &AppHandle) -> Host {
    let (notifier, ender) = (handle.clone(), handle.clone());
    Host {
        open: Arc::new(|what: String| outside::open(&what).map_err(|error| error.to_string())),
        notify: Arc::new(move |(title, body): (String, String)| {
            let notice = notifier.notification().builder().title(title).body(body);
            notice.show().map_err(|error| error.to_string())
        }),
        quit: Arc::new(move || ender.exit(0)),
    }
}
