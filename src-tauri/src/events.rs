//! The only place that emits to the window.

use tauri::{AppHandle, Emitter, Runtime};

/// A function that hands events to every window; a window that is gone misses nothing, since it asks anew
/// when it loads.
pub fn emitter<R: Runtime>(handle: AppHandle<R>) -> impl Fn(wire::Event) + Send + Sync + 'static {
    move |event| {
        if let Err(error) = handle.emit(event.name, event.payload) {
            tracing::warn!(event = event.name, %error, "an event did not reach the window");
        }
    }
}
