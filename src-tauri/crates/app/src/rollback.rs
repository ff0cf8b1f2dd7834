//! The rollback operation: plan, confirm, execute, verify (rollback.md). The backend enforces what the window
//! shows: a plan is confirmed by its digest, by a gesture whose time our own clock measures.

mod execute;
mod given_up;
mod intent;
mod moved;
mod plan;
pub(crate) mod recover;
mod shown;
mod steady;
pub(crate) mod targets;
mod usual;
mod verify;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::ids::{EnvironmentName, OperationId, PlanDigest};
use domain::plan::{Gesture, NotConfirmed, RollbackPlan};
use ledger::OperationFilter;
use tokio_util::sync::CancellationToken;
use wire::rollback::{
    Before, Confirmation, GestureBegin, GestureEnd, Operation, OperationRequest, OperationStateWord,
    Operations, OperationsBefore, Plan, PlanRequest,
};
use wire::{ErrorCode, Event, WireError};

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};

pub(crate) use plan::{ran_by, workload};

/// How many plans are remembered: the newest of a few open sheets.
const PLANS: usize = 16;
/// How long a quit waits for the ledger to take what was cancelled by it.
const FAREWELL: Duration = Duration::from_secs(3);
/// How many operations a page of the list has.
const LISTED: u32 = 200;

/// Plans that were shown, gestures that were begun, operations that run.
#[derive(Default)]
pub(crate) struct Rollbacks {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    plans: Vec<OnScreen>,
    confirmations: HashMap<String, (PlanDigest, Instant)>,
    running: HashMap<OperationId, Running>,
}

/// A plan that a window has seen.
#[derive(Clone)]
pub(crate) struct Shown {
    pub plan: RollbackPlan,
    /// The number of the operation that it undoes.
    pub undo_of: Option<i64>,
    /// How what is left ran.
    pub before: Option<Before>,
}

/// A plan with the sheet that showed it.
#[derive(Clone)]
struct OnScreen {
    shown: Shown,
    sheet: Plan,
}

struct Running {
    place: EnvironmentName,
    cancel: CancellationToken,
    operation: Operation,
}

impl Rollbacks {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One that runs, if any does: what is only looked at needs nobody to stay.
    pub fn any(&self) -> Option<Operation> {
        let state = self.lock();
        let mut operations = state.running.values().map(|running| &running.operation);
        operations
            .find(|operation| operation.state != OperationStateWord::Looking)
            .cloned()
    }

    /// Cancels every operation that is still within its seconds, and waits until that is written down.
    pub async fn cancel_waiting(&self) {
        let waiting: Vec<OperationId> = {
            let state = self.lock();
            let waiting = state
                .running
                .iter()
                .filter(|(_, running)| running.operation.state == OperationStateWord::Waiting);
            waiting
                .map(|(id, running)| {
                    running.cancel.cancel();
                    id.clone()
                })
                .collect()
        };
        let begin = Instant::now();
        while begin.elapsed() < FAREWELL && waiting.iter().any(|id| self.live(id).is_some()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The number of an operation that runs in that environment.
    pub fn running_in(&self, environment: &EnvironmentName) -> Option<String> {
        let state = self.lock();
        let found = state
            .running
            .values()
            .find(|running| &running.place == environment)?;
        Some(found.operation.number.to_string())
    }

    fn remember(&self, shown: Shown, sheet: Plan) {
        let mut state = self.lock();
        state
            .plans
            .retain(|known| known.shown.plan.digest != shown.plan.digest);
        state.plans.push(OnScreen { shown, sheet });
        let surplus = state.plans.len().saturating_sub(PLANS);
        state.plans.drain(..surplus);
    }

    fn shown(&self, digest: &PlanDigest) -> Answer<OnScreen> {
        let state = self.lock();
        let found = state
            .plans
            .iter()
            .find(|known| &known.shown.plan.digest == digest);
        found
            .cloned()
            .ok_or_else(|| WireError::new(ErrorCode::PlanGone, "no plan of that digest was shown"))
    }

    fn begin(&self, digest: PlanDigest) -> String {
        let id = uuid::Uuid::new_v4().to_string();
        self.lock()
            .confirmations
            .insert(id.clone(), (digest, Instant::now()));
        id
    }

    /// Takes a confirmation: it is good once.
    fn take(&self, id: &str) -> Option<(PlanDigest, Instant)> {
        self.lock().confirmations.remove(id)
    }

    /// Keeps a running operation as it is now, and tells the window.
    pub(crate) fn update(&self, backend: &Backend, id: &OperationId, change: impl FnOnce(&mut Operation)) {
        let operation = {
            let mut state = self.lock();
            let Some(running) = state.running.get_mut(id) else {
                return;
            };
            change(&mut running.operation);
            running.operation.clone()
        };
        backend.emit(Event::operation(&operation));
    }

    /// The operation has ended.
    pub(crate) fn end(&self, backend: &Backend, id: &OperationId) {
        let ended = self.lock().running.remove(id);
        if let Some(running) = ended {
            backend.emit(Event::operation(&running.operation));
        }
    }

    pub(crate) fn live(&self, id: &OperationId) -> Option<Operation> {
        self.lock()
            .running
            .get(id)
            .map(|running| running.operation.clone())
    }

    /// The sheet of an operation that runs, as long as it is remembered.
    fn live_sheet(&self, id: &OperationId) -> Option<Plan> {
        let state = self.lock();
        let digest = &state.running.get(id)?.operation.digest;
        let on_screen = state
            .plans
            .iter()
            .find(|known| known.shown.plan.digest.as_str() == digest)?;
        Some(on_screen.sheet.clone())
    }

    /// One writer an environment: refuses while another operation runs there.
    pub(crate) fn start(&self, place: &EnvironmentName, operation: Operation) -> Answer<CancellationToken> {
        let mut state = self.lock();
        if let Some(other) = state.running.values().find(|running| &running.place == place) {
            return Err(
                WireError::new(ErrorCode::OperationRunning, "one operation an environment")
                    .with("environment", place)
                    .with("number", other.operation.number),
            );
        }
        let cancel = CancellationToken::new();
        let running = Running {
            place: place.clone(),
            cancel: cancel.clone(),
            operation,
        };
        state
            .running
            .insert(OperationId::from(running.operation.id.as_str()), running);
        Ok(cancel)
    }
}

/// Makes a plan: reads, asks, and changes nothing.
pub async fn rollback_plan(backend: &Arc<Backend>, request: PlanRequest) -> Answer<Plan> {
    let session = backend.session()?;
    let shown = plan::make(backend, &session, &request).await?;
    let answer = plan::answer(&session, &shown).await?;
    backend.rollbacks.remember(shown, answer.clone());
    Ok(answer)
}

/// Begins a gesture on a plan that was shown: our clock starts.
pub async fn rollback_begin(backend: &Arc<Backend>, request: GestureBegin) -> Answer<Confirmation> {
    let digest = PlanDigest::from(request.digest);
    backend.rollbacks.shown(&digest)?;
    Ok(Confirmation {
        id: backend.rollbacks.begin(digest),
    })
}

/// Ends a gesture: if it confirms the plan, the operation begins with its seconds to cancel.
pub async fn rollback_confirm(backend: &Arc<Backend>, request: GestureEnd) -> Answer<Operation> {
    let session = backend.session()?;
    let Some((digest, begun)) = backend.rollbacks.take(&request.confirmation) else {
        return Err(WireError::new(
            ErrorCode::NotConfirmed,
            "no such confirmation was issued, or it was used",
        ));
    };
    if session.is_read_only() {
        return Err(WireError::new(ErrorCode::ReadOnly, "the workspace is read-only"));
    }
    let OnScreen { shown, sheet } = backend.rollbacks.shown(&digest)?;
    let gesture = Gesture {
        digest: PlanDigest::from(request.digest),
        acknowledged: request.acknowledged.into_iter().collect::<BTreeSet<String>>(),
        reason: request
            .reason
            .map(|reason| reason.trim().to_owned())
            .filter(|reason| !reason.is_empty()),
        typed_name: request.typed_name,
        held: begun.elapsed(),
    };
    let confirmed = shown.plan.clone().confirm(gesture).map_err(not_confirmed)?;
    execute::start(backend, &session, confirmed, shown.undo_of, &sheet)
}

fn not_confirmed(refusal: NotConfirmed) -> WireError {
    let details = refusal.to_string();
    let new = |code| WireError::new(code, details.clone());
    match refusal {
        NotConfirmed::Blocked(finding) => new(ErrorCode::PlanBlocked).with("finding", finding),
        NotConfirmed::DigestMoved => new(ErrorCode::PlanMoved),
        NotConfirmed::TooShort(held) => new(ErrorCode::HeldTooShort).with("milliseconds", held.as_millis()),
        NotConfirmed::NotAcknowledged(keys) => {
            new(ErrorCode::NotAcknowledged).with("findings", keys.join(", "))
        }
        NotConfirmed::WrongName(name) => new(ErrorCode::WrongName).with("name", name),
        NotConfirmed::NoReason => new(ErrorCode::ReasonNeeded),
    }
}

/// Cancels an operation in its first seconds, before anything was written.
pub async fn operation_cancel(backend: &Arc<Backend>, request: OperationRequest) -> Answer<Operation> {
    let id = OperationId::from(request.id.as_str());
    {
        let state = backend.rollbacks.lock();
        let running = state.running.get(&id).ok_or_else(|| no_such(&request.id))?;
        if running.operation.state != OperationStateWord::Waiting {
            return Err(
                WireError::new(ErrorCode::TooLate, "it has begun").with("number", running.operation.number)
            );
        }
        running.cancel.cancel();
    }
    operation_get(backend, request).await
}

fn no_such(id: &str) -> WireError {
    WireError::new(ErrorCode::NoSuchOperation, format!("no operation {id}")).with("operation", id)
}

/// An operation as it is now.
pub async fn operation_get(backend: &Arc<Backend>, request: OperationRequest) -> Answer<Operation> {
    let id = OperationId::from(request.id.as_str());
    if let Some(operation) = backend.rollbacks.live(&id) {
        return Ok(operation);
    }
    let session = backend.session()?;
    blocking(move || {
        let found = session.ledger.operation(&id).map_err(error::ledger)?;
        found
            .map(|record| shown::operation(&record))
            .ok_or_else(|| no_such(&request.id))
    })
    .await
}

/// The sheet that was confirmed; `None` where the ledger has none.
pub async fn operation_plan(backend: &Arc<Backend>, request: OperationRequest) -> Answer<Option<Plan>> {
    let id = OperationId::from(request.id.as_str());
    if let Some(sheet) = backend.rollbacks.live_sheet(&id) {
        return Ok(Some(sheet));
    }
    let session = backend.session()?;
    blocking(move || {
        let found = session.ledger.operation(&id).map_err(error::ledger)?;
        let record = found.ok_or_else(|| no_such(&request.id))?;
        Ok(intent::IntentContent::read(&record.operation.intent).and_then(|content| content.sheet()))
    })
    .await
}

/// The newest operations of the workspace, newest first.
pub async fn operation_list(backend: &Arc<Backend>, _: ()) -> Answer<Operations> {
    page(backend, None).await
}

/// The operations before one of them, newest first.
pub async fn operation_list_before(backend: &Arc<Backend>, request: OperationsBefore) -> Answer<Operations> {
    #[allow(
        clippy::cast_possible_truncation,
        reason = "numbers of operations are small and whole"
    )]
    page(backend, Some(request.number as i64)).await
}

async fn page(backend: &Arc<Backend>, before: Option<i64>) -> Answer<Operations> {
    let session = backend.session()?;
    let (mut records, chain) = blocking(move || {
        let filter = OperationFilter {
            before,
            // One more tells whether there are older ones.
            limit: Some(LISTED + 1),
            ..OperationFilter::default()
        };
        let records = session.ledger.operations(&session.id, &filter);
        let chain = session.ledger.verify_chain();
        Ok((records.map_err(error::ledger)?, chain.map_err(error::ledger)?))
    })
    .await?;
    let older = records.len() > LISTED as usize;
    records.truncate(LISTED as usize);
    let shown = records.iter().map(|record| {
        let live = backend.rollbacks.live(&record.operation.id);
        live.unwrap_or_else(|| shown::operation(record))
    });
    Ok(Operations {
        operations: shown.collect(),
        older,
        chain_intact: matches!(chain, ledger::ChainState::Whole { .. }),
    })
}
