//! Long work with progress, which can be watched and cancelled.

use crate::error::WireError;

words! {
    /// What a task does.
    pub enum TaskKind { Clone, Fetch, Scan, OpenDemo, SupportFile, }
    /// Where a task is.
    pub enum TaskState { Queued, Running, Succeeded, Failed, Cancelled, }
}

dto! {
    /// Long work, whole; a later sequence number replaces an earlier one.
    pub struct Task {
        id: String,
        kind: TaskKind,
        state: TaskState,
        /// What it is about: a repository, a folder.
        subject: String,
        /// The step it is in, as the tool names it.
        phase: Option<String>,
        done: f64,
        /// 0: not known.
        total: f64,
        error: Option<WireError>,
        /// What a person should know of work that succeeded.
        remark: Option<WireError>,
    }
    /// All tasks at once.
    pub struct Tasks {
        sequence: f64,
        tasks: Vec<Task>,
    }
    /// A task that was started.
    pub struct TaskRef { id: String, }
}
