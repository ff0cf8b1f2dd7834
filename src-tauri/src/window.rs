//! The one window: how it opens, closes and comes back.

use std::sync::Arc;

use app::Backend;
use tauri::{AppHandle, Manager, Runtime, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

/// The window's label.
pub const MAIN: &str = "main";

/// Opens the window.
pub fn open<R: Runtime>(handle: &AppHandle<R>) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(handle, MAIN, WebviewUrl::default())
        .title("Tidemark")
        .inner_size(1440.0, 900.0)
        .min_inner_size(960.0, 600.0)
        .build()?;
    tell_the_driver(&window);
    let handle = handle.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event
            && handle.state::<Arc<Backend>>().operation_runs()
        {
            // The backend owns the operation: the process lives until it has ended.
            api.prevent_close();
            hide(&handle);
            end_when_idle(handle.clone());
        }
    });
    Ok(())
}

/// Brings the window to the front, as a second start does.
pub fn show<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(MAIN) {
        let shown = window
            .show()
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be brought to the front");
        }
    }
}

fn hide<R: Runtime>(handle: &AppHandle<R>) {
    if let Some(window) = handle.get_webview_window(MAIN)
        && let Err(error) = window.hide()
    {
        tracing::warn!(%error, "the window could not be hidden");
    }
}

/// Ends the process once no operation runs, unless somebody has opened the window again.
fn end_when_idle<R: Runtime>(handle: AppHandle<R>) {
    tauri::async_runtime::spawn(async move {
        while handle.state::<Arc<Backend>>().operation_runs() {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
        // Long enough for the notice about the operation's end to go out.
        tokio::time::sleep(std::time::Duration::from_secs(3)).await;
        let hidden = handle
            .get_webview_window(MAIN)
            .is_none_or(|window| !window.is_visible().unwrap_or(true));
        if hidden {
            handle.exit(0);
        }
    });
}

/// A driven window hands its console to standard output, where the driver's tests look for complaints.
#[cfg(target_os = "linux")]
fn tell_the_driver<R: Runtime>(window: &WebviewWindow<R>) {
    use webkit2gtk::{SettingsExt, WebViewExt};

    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none() {
        return;
    }
    let asked = window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
    });
    if let Err(error) = asked {
        tracing::warn!(%error, "the console is not written out");
    }
}

#[cfg(not(target_os = "linux"))]
fn tell_the_driver<R: Runtime>(_window: &WebviewWindow<R>) {}
