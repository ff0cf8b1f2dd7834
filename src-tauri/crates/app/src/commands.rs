//! Every use case by the name that the command table gives it.

pub use crate::comparison::compare;
pub use crate::contexts::{context_test, contexts_list, exec_consent, exec_consents};
pub use crate::details::deployment_details;
pub use crate::files::{csv_save, deployment_sources, support_file};
pub use crate::matrix::matrix;
pub use crate::moved_tags::moved_tags;
pub use crate::notes::{markdown_render, note_draft, note_get, note_list, note_save, versions};
pub use crate::object::cluster_object;
pub use crate::repository_commands::{pattern_try, repositories_find, repository_clone, repository_fetch};
pub use crate::rollback::{
    operation_cancel, operation_get, operation_list, operation_list_before, operation_plan, rollback_begin,
    rollback_confirm, rollback_plan,
};
pub use crate::search::search;
pub use crate::settings::{
    app_state, cluster_retry, link_open, log_folder_open, notice, quit, read_only_set, settings_set,
    task_cancel, task_list, view_get, view_set,
};
pub use crate::suggestion::workspace_suggest;
pub use crate::timeline::timeline;
pub use crate::workspace::{
    cluster_bind, demo_open, repository_bind, workspace_check, workspace_close, workspace_draft,
    workspace_file, workspace_open, workspace_preview, workspace_save, workspace_save_text,
};
