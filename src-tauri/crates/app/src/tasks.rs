//! Long work with progress, which can be watched and cancelled.
//!
//! Changes reach the window as whole lists with a sequence number, at most ten a second; after a reload
//! `task_list` rebuilds the view. Cancellation is cooperative.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use wire::task::{Task, TaskKind, TaskRef, TaskState, Tasks as TaskList};
use wire::{ErrorCode, Event, WireError};

use crate::backend::Emit;

/// The least time between two lists.
const PACE: Duration = Duration::from_millis(100);
/// How many ended tasks are kept for the tray.
const KEPT: usize = 20;

/// All tasks of this start.
#[derive(Clone)]
pub struct Tasks {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    sequence: u64,
    next: u64,
    tasks: BTreeMap<u64, (Task, CancellationToken)>,
}

/// What the work of a task reports through.
#[derive(Clone)]
pub struct TaskHandle {
    number: u64,
    tasks: Tasks,
    cancelled: CancellationToken,
}

impl std::fmt::Debug for Tasks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tasks").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for TaskHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskHandle")
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl TaskHandle {
    /// Says how far the work is; `total` is 0 where that is not known.
    pub fn progress(&self, phase: &str, done: u64, total: u64) {
        self.tasks.change(self.number, |task| {
            task.phase = Some(phase.to_owned());
            task.done = done as f64;
            task.total = total as f64;
        });
    }

    /// Says what a person should know although the work succeeds.
    pub fn remark(&self, remark: WireError) {
        self.tasks.change(self.number, |task| task.remark = Some(remark));
    }

    /// Ends when somebody cancels the task.
    pub fn cancelled(&self) -> CancellationToken {
        self.cancelled.clone()
    }
}

impl Tasks {
    /// No tasks yet; lists go out through `emit`. Must be called within a tokio runtime.
    pub fn new(emit: Emit) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Notify::new(),
        });
        let weak = Arc::downgrade(&shared);
        tokio::spawn(async move {
            while let Some(shared) = weak.upgrade() {
                let waiting = tokio::time::timeout(Duration::from_secs(1), shared.changed.notified()).await;
                if waiting.is_ok() {
                    emit(Event::tasks(&Tasks { shared }.list()));
                    tokio::time::sleep(PACE).await;
                }
            }
        });
        Self { shared }
    }

    /// Starts work; it ends as `Cancelled` when it answers with that code.
    pub fn start<F>(&self, kind: TaskKind, subject: String, work: impl FnOnce(TaskHandle) -> F) -> TaskRef
    where
        F: Future<Output = Result<(), WireError>> + Send + 'static,
    {
        let cancelled = CancellationToken::new();
        let number = self.insert(kind, subject, cancelled.clone());
        let work = work(TaskHandle {
            number,
            tasks: self.clone(),
            cancelled,
        });
        let tasks = self.clone();
        tokio::spawn(async move {
            tasks.change(number, |task| task.state = TaskState::Running);
            let result = work.await;
            tasks.change(number, |task| match result {
                Ok(()) => task.state = TaskState::Succeeded,
                Err(error) if error.code == ErrorCode::Cancelled => task.state = TaskState::Cancelled,
                Err(error) => {
                    task.state = TaskState::Failed;
                    task.error = Some(error);
                }
            });
        });
        TaskRef {
            id: number.to_string(),
        }
    }

    /// Every task, oldest first.
    pub fn list(&self) -> TaskList {
        let state = self.lock();
        TaskList {
            sequence: state.sequence as f64,
            tasks: state.tasks.values().map(|(task, _)| task.clone()).collect(),
        }
    }

    /// Asks a task to end; one that is unknown or over is left alone.
    pub fn cancel(&self, id: &str) {
        let number: Option<u64> = id.parse().ok();
        if let Some((_, token)) = number.and_then(|number| self.lock().tasks.get(&number).cloned()) {
            token.cancel();
        }
    }

    fn insert(&self, kind: TaskKind, subject: String, cancelled: CancellationToken) -> u64 {
        let mut state = self.lock();
        state.next += 1;
        let number = state.next;
        let task = Task {
            id: number.to_string(),
            kind,
            state: TaskState::Queued,
            subject,
            phase: None,
            done: 0.0,
            total: 0.0,
            error: None,
            remark: None,
        };
        state.tasks.insert(number, (task, cancelled));
        let ended = |task: &Task| !matches!(task.state, TaskState::Queued | TaskState::Running);
        let old: Vec<u64> = state
            .tasks
            .iter()
            .filter(|(_, (task, _))| ended(task))
            .map(|(number, _)| *number)
            .collect();
        for number in old.iter().take(old.len().saturating_sub(KEPT)) {
            state.tasks.remove(number);
        }
        number
    }

    fn change(&self, number: u64, change: impl FnOnce(&mut Task)) {
        let mut state = self.lock();
        if let Some((task, _)) = state.tasks.get_mut(&number) {
            change(task);
        }
        state.sequence += 1;
        drop(state);
        self.shared.changed.notify_one();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn until_over(tasks: &Tasks, id: &str) -> Task {
        for _ in 0..200 {
            let list = tasks.list();
            let task = list.tasks.into_iter().find(|task| task.id == id).unwrap();
            if !matches!(task.state, TaskState::Queued | TaskState::Running) {
                return task;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the task did not end");
    }

    #[tokio::test]
    async fn a_task_succeeds_fails_or_is_cancelled() {
        let tasks = Tasks::new(Arc::new(|_| {}));
        let good = tasks.start(TaskKind::Scan, "a".into(), |handle| async move {
            handle.progress("reading", 1, 2);
            Ok(())
        });
        let bad = tasks.start(TaskKind::Clone, "b".into(), |_| async {
            Err(WireError::new(ErrorCode::GitFailed, "exit 128"))
        });
        let endless = tasks.start(TaskKind::Fetch, "c".into(), |handle| async move {
            handle.cancelled().cancelled().await;
            Err(WireError::new(ErrorCode::Cancelled, ""))
        });
        let task = until_over(&tasks, &good.id).await;
        assert_eq!(
            (task.state, task.done, task.total),
            (TaskState::Succeeded, 1.0, 2.0)
        );
        assert_eq!(
            until_over(&tasks, &bad.id).await.error.unwrap().code,
            ErrorCode::GitFailed
        );
        tasks.cancel(&endless.id);
        assert_eq!(until_over(&tasks, &endless.id).await.state, TaskState::Cancelled);
    }

    #[tokio::test]
    async fn lists_go_out_at_most_ten_a_second() {
        let seen = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&seen);
        let tasks = Tasks::new(Arc::new(move |_| *counter.lock().unwrap() += 1));
        tasks.start(TaskKind::Scan, "a".into(), |handle| async move {
            for step in 0..1_000 {
                handle.progress("reading", step, 1_000);
                tokio::task::yield_now().await;
            }
            Ok(())
        });
        tokio::time::sleep(Duration::from_millis(350)).await;
        let count = *seen.lock().unwrap();
        assert!((1..=5).contains(&count), "{count} lists in a third of a second");
    }
}
