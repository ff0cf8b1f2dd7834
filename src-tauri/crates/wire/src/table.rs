//! The command table and the event table.

/// Calls `$callback!` with every command: its name, request and reply.
///
/// `timeline` is not among them: its reply is binary (see [`crate::timeline::columns`]).
#[macro_export]
macro_rules! command_table {
    ($callback:path) => {
        $callback! {
            // The app.
            app_state: () => $crate::settings::AppState,
            quit: $crate::settings::SwitchRequest => (),
            settings_set: $crate::settings::Settings => (),
            view_get: $crate::settings::NameRequest => $crate::settings::ViewSetting,
            view_set: $crate::settings::ViewSetting => (),
            read_only_set: $crate::settings::SwitchRequest => (),
            support_file: $crate::settings::PathRequest => $crate::settings::SupportFile,
            log_folder_open: () => (),
            notice: $crate::settings::Notice => (),
            link_open: $crate::settings::PathRequest => (),
            task_list: () => $crate::task::Tasks,
            task_cancel: $crate::task::TaskRef => (),
            // The workspace.
            demo_open: () => $crate::workspace::WorkspaceInfo,
            workspace_open: $crate::settings::PathRequest => $crate::workspace::WorkspaceInfo,
            workspace_close: () => (),
            workspace_suggest: $crate::workspace::SuggestRequest => $crate::workspace::Suggestion,
            workspace_draft: () => $crate::workspace::WorkspaceText,
            workspace_file: $crate::settings::PathRequest => $crate::workspace::WorkspaceText,
            workspace_preview: $crate::workspace::SaveRequest => $crate::workspace::WorkspaceText,
            workspace_check: $crate::workspace::TextRequest => $crate::workspace::WorkspaceText,
            workspace_save: $crate::workspace::SaveRequest => $crate::workspace::WorkspaceInfo,
            workspace_save_text: $crate::workspace::TextRequest => $crate::workspace::WorkspaceInfo,
            repositories_find: $crate::settings::PathRequest => Vec<$crate::workspace::FoundRepository>,
            pattern_try: $crate::workspace::PatternRequest => $crate::workspace::PatternResult,
            repository_clone: $crate::workspace::CloneRequest => $crate::task::TaskRef,
            repository_fetch: $crate::workspace::ServiceRequest => $crate::task::TaskRef,
            repository_bind: $crate::workspace::BindRepositoryRequest => (),
            cluster_bind: $crate::workspace::BindClusterRequest => (),
            contexts_list: () => $crate::cluster::Contexts,
            context_test: $crate::cluster::ContextRequest => $crate::cluster::ContextTest,
            exec_consent: $crate::cluster::ExecConsent => (),
            exec_consents: () => Vec<$crate::cluster::ExecConsent>,
            cluster_retry: $crate::cluster::ClusterRequest => (),
            // The timeline.
            deployment_details: $crate::timeline::DeploymentRequest => $crate::timeline::DeploymentDetails,
            matrix: $crate::timeline::MatrixRequest => $crate::timeline::Matrix,
            search: $crate::timeline::SearchRequest => $crate::timeline::SearchHits,
            deployment_sources: $crate::timeline::SourcesRequest => Vec<$crate::timeline::DeploymentSource>,
            csv_save: $crate::timeline::CsvRequest => (),
            cluster_object: $crate::cluster::WorkloadRequest => $crate::cluster::ClusterObject,
            // Compare and notes.
            moved_tags: () => $crate::workspace::MovedTags,
            compare: $crate::compare::CompareRequest => $crate::compare::Comparison,
            versions: $crate::workspace::ServiceRequest => $crate::note::Versions,
            note_list: $crate::note::NoteSearch => $crate::note::Notes,
            note_get: $crate::note::NoteRequest => $crate::note::Note,
            note_save: $crate::note::NoteSave => $crate::note::NoteSaved,
            note_draft: $crate::note::DraftRequest => $crate::note::NoteDraft,
            markdown_render: $crate::note::MarkdownRequest => $crate::note::Html,
            // Rollbacks.
            rollback_plan: $crate::rollback::PlanRequest => $crate::rollback::Plan,
            rollback_begin: $crate::rollback::GestureBegin => $crate::rollback::Confirmation,
            rollback_confirm: $crate::rollback::GestureEnd => $crate::rollback::Operation,
            operation_cancel: $crate::rollback::OperationRequest => $crate::rollback::Operation,
            operation_get: $crate::rollback::OperationRequest => $crate::rollback::Operation,
            operation_plan: $crate::rollback::OperationRequest => Option<$crate::rollback::Plan>,
            operation_list: () => $crate::rollback::Operations,
            operation_list_before: $crate::rollback::OperationsBefore => $crate::rollback::Operations,
        }
    };
}

/// Calls `$callback!` with every event that the backend emits: its name and payload.
#[macro_export]
macro_rules! event_table {
    ($callback:path) => {
        $callback! {
            tasks: $crate::task::Tasks,
            timeline_changed: $crate::timeline::TimelineChanged,
            connections: $crate::cluster::Connections,
            tags_moved: $crate::workspace::MovedTags,
            operation: $crate::rollback::Operation,
            app_changed: $crate::settings::AppState,
        }
    };
}

/// An event on its way to the window: its name and payload.
#[derive(Debug, Clone)]
pub struct Event {
    /// As the event table names it.
    pub name: &'static str,
    /// The payload's JSON.
    pub payload: serde_json::Value,
}

macro_rules! constructors {
    ($($name:ident : $payload:ty,)*) => {
        impl Event {
            $(
                #[doc = concat!("The event `", stringify!($name), "`.")]
                pub fn $name(payload: &$payload) -> Self {
                    let payload = serde_json::to_value(payload)
                        .expect("because every DTO has string keys and no failing serialiser");
                    Self { name: stringify!($name), payload }
                }
            )*
        }
    };
}

crate::event_table!(constructors);
