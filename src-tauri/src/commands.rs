//! The command table as native Tauri commands: each is one line around a use case of `app`.

use tauri::State;
use tauri::ipc::{Invoke, Response};
use wire::WireError;

use crate::Started;

macro_rules! tauri_commands {
    ($($name:ident : $request:ty => $reply:ty,)*) => {
        mod native {
            use super::*;

            $(
                #[tauri::command]
                pub async fn $name(
                    started: State<'_, Started>,
                    request: $request,
                ) -> Result<$reply, WireError> {
                    let backend = started.inner().clone()?;
                    app::commands::$name(&backend, request).await
                }
            )*

            /// The columns of the timeline, encoded.
            #[tauri::command]
            pub async fn timeline(
                started: State<'_, Started>,
                request: wire::timeline::TimelineRequest,
            ) -> Result<Response, WireError> {
                let backend = started.inner().clone()?;
                app::commands::timeline(&backend, request).await.map(Response::new)
            }
        }

        /// Answers the window's calls.
        pub fn handler() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![native::timeline, $(native::$name,)*]
        }
    };
}

wire::command_table!(tauri_commands);
