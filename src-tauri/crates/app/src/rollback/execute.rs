//! Carries a confirmed plan out: plan again, intent on disk, dry run, patch; then it is followed and verified.

mod after;
mod notes;

use std::sync::Arc;

use chrono::TimeDelta;
use cluster::change::{DryRun, LiveWorkload, Patch, Rest, SendOutcome};
use domain::ids::OperationId;
use domain::operation::{OperationStep, StepKind};
use domain::plan::{CANCEL_WINDOW, ConfirmedPlan, TargetChoice};
use ledger::Intent;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use wire::epoch_ms;
use wire::rollback::{Operation, OperationStateWord, Plan, PlanRequest, TargetRequest};

use super::intent::IntentContent;
use super::usual::usual;
use super::{moved, plan, shown};
use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::session::Session;
use notes::{map, state_after};

pub(crate) use after::follow;
pub(crate) use notes::Notes;

/// How often the patch is tried on an object that an autoscaler goes on scaling.
const DRY_RUNS: usize = 5;

/// Starts an operation; it goes on by itself.
pub(crate) fn start(
    backend: &Arc<Backend>,
    session: &Arc<Session>,
    confirmed: ConfirmedPlan,
    undo_of: Option<i64>,
    sheet: &Plan,
) -> Answer<Operation> {
    let id = OperationId::new(uuid::Uuid::new_v4().to_string());
    let now = backend.now();
    let place = &confirmed.plan().place;
    let content = IntentContent::of(&confirmed, undo_of, sheet, now);
    let mut operation = shown::blank(
        id.as_str(),
        place.service.as_str(),
        place.environment.as_str(),
        Some(&content),
        now,
    );
    operation.state = OperationStateWord::Waiting;
    operation.cancel_until = Some(epoch_ms(
        now + TimeDelta::from_std(CANCEL_WINDOW).unwrap_or_default(),
    ));
    let cancel = backend.rollbacks.start(&place.environment, operation.clone())?;
    let run = Run {
        backend: Arc::clone(backend),
        session: Arc::clone(session),
        id,
        content,
        confirmed,
    };
    tokio::spawn(run.carry_out(cancel));
    Ok(operation)
}

/// One operation while it runs.
pub(crate) struct Run {
    backend: Arc<Backend>,
    session: Arc<Session>,
    id: OperationId,
    content: IntentContent,
    confirmed: ConfirmedPlan,
}

/// Why an operation ended before its patch was accepted.
struct Ended {
    kind: StepKind,
    facts: Value,
    /// Something was written to the ledger, so its end must be as well.
    noted: bool,
}

impl Run {
    async fn carry_out(self, cancel: CancellationToken) {
        tokio::select! {
            () = tokio::time::sleep(CANCEL_WINDOW) => {}
            () = cancel.cancelled() => {}
        }
        match self.send(&cancel).await {
            Ok((before, accepted)) => self.after_patch(before, accepted).await,
            Err(ended) if ended.noted => self.step(ended.kind, ended.facts).await,
            Err(ended) => self.end_before_intent(ended).await,
        }
        self.session.changed(&self.backend);
        self.backend.rollbacks.end(&self.backend, &self.id);
    }

    /// Leaves the seconds to cancel, unless it was cancelled: both are decided under one lock.
    fn begin(&self, cancel: &CancellationToken) -> Result<(), Ended> {
        self.update(|operation| {
            if !cancel.is_cancelled() {
                operation.state = OperationStateWord::Preparing;
            }
        });
        if cancel.is_cancelled() {
            return Err(Ended {
                kind: StepKind::Cancelled,
                facts: json!({}),
                noted: false,
            });
        }
        Ok(())
    }

    /// Everything up to the accepted patch.
    async fn send(&self, cancel: &CancellationToken) -> Result<(LiveWorkload, LiveWorkload), Ended> {
        self.begin(cancel)?;
        self.plan_again().await?;
        let (read, write) = self.rests()?;
        let live = self.live(&read).await?;
        self.write_intent().await?;
        self.step(StepKind::Replanned, json!({"digest": self.content.digest}))
            .await;
        let patch = self.patch();
        let live = self.dry_run(&read, &write, live, &patch).await?;
        // Known to be on the disk before the first byte leaves: after a crash it may have arrived.
        self.must_step(StepKind::Sent, json!({})).await?;
        let outcome = patch.send(&write, &live).await;
        self.outcome(&read, live, outcome).await
    }

    async fn plan_again(&self) -> Result<(), Ended> {
        let plan = self.confirmed.plan();
        let target = match &plan.choice {
            // The very template that was confirmed, whatever "previous" would mean by now.
            TargetChoice::Previous | TargetChoice::LastKnownGood | TargetChoice::Specified(_) => {
                match plan.to.deployment {
                    Some(id) => TargetRequest::Deployment { id: id.0 as f64 },
                    None => TargetRequest::Previous,
                }
            }
            TargetChoice::Origin { .. } => match self.content.undo_of {
                Some(number) => TargetRequest::UndoOf {
                    operation: self.operation_of(number).await?,
                },
                None => TargetRequest::Previous,
            },
        };
        let request = PlanRequest {
            service: plan.place.service.to_string(),
            environment: plan.place.environment.to_string(),
            target,
        };
        // Our own entry among the running ones must not block us: the check knows it by its environment.
        let again = plan::make_ignoring_running(&self.backend, &self.session, &request)
            .await
            .map_err(|error| unwritten("refused", json!({"error": error.code, "details": error.details})))?;
        if again.plan.digest == plan.digest {
            return Ok(());
        }
        Err(unwritten("plan-moved", moved::facts(plan, &again.plan)))
    }

    async fn operation_of(&self, number: i64) -> Result<String, Ended> {
        let session = Arc::clone(&self.session);
        let found = blocking(move || {
            let all = session
                .ledger
                .operations(&session.id, &ledger::OperationFilter::default());
            let all = all.map_err(error::ledger)?;
            Ok(all.into_iter().find(|record| record.operation.number == number))
        });
        match found.await {
            Ok(Some(record)) => Ok(record.operation.id.to_string()),
            Ok(None) | Err(_) => Err(unwritten("ledger", json!({}))),
        }
    }

    fn rests(&self) -> Result<(Rest, Rest), Ended> {
        let environment = self
            .session
            .environment(self.confirmed.plan().place.environment.as_str());
        environment
            .and_then(|environment| self.session.link(environment)?.rests())
            .map_err(|error| unwritten("refused", json!({"error": error.code, "details": error.details})))
    }

    async fn live(&self, read: &Rest) -> Result<LiveWorkload, Ended> {
        match LiveWorkload::find(read, &self.confirmed.plan().place.workload).await {
            Ok(found) => found.ok_or_else(|| unwritten("gone", json!({}))),
            Err(error) => {
                let error = error::cluster(error);
                Err(unwritten(
                    "refused",
                    json!({"error": error.code, "details": error.details}),
                ))
            }
        }
    }

    async fn write_intent(&self) -> Result<(), Ended> {
        let intent = self.intent();
        let (session, at) = (Arc::clone(&self.session), intent.at);
        let written = blocking(move || {
            let number = session.ledger.write_intent(&intent).map_err(error::ledger)?;
            let usual = usual(&session, &intent.service, intent.environment.as_str());
            Ok((number, usual))
        });
        let (number, usual) = written
            .await
            .map_err(|error| unwritten("ledger", json!({"error": error.code, "details": error.details})))?;
        let step = OperationStep {
            kind: StepKind::Intent,
            at,
            facts: Map::new(),
        };
        self.update(|operation| {
            operation.number = number as f64;
            operation.usual = usual;
            shown::take(operation, &step);
        });
        Ok(())
    }

    fn intent(&self) -> Intent {
        let place = &self.confirmed.plan().place;
        let content =
            serde_json::to_value(&self.content).expect("because an intent has texts and numbers only");
        Intent {
            id: self.id.clone(),
            workspace: self.session.id.clone(),
            service: place.service.clone(),
            environment: place.environment.clone(),
            workload: place.workload.uid.clone(),
            content,
            at: self.backend.now(),
        }
    }

    fn patch(&self) -> Patch {
        let plan = self.confirmed.plan();
        Patch {
            template: plan.to.template.clone(),
            template_hash: plan.to.template_hash.clone(),
            change_cause: plan::change_cause(&plan.to.version.label(), self.confirmed.reason()),
            operation: self.id.clone(),
        }
    }

    /// Tries the patch; answers the object that it was tried on, which an autoscaler may have scaled meanwhile.
    async fn dry_run(
        &self,
        read: &Rest,
        write: &Rest,
        mut live: LiveWorkload,
        patch: &Patch,
    ) -> Result<LiveWorkload, Ended> {
        for _ in 0..DRY_RUNS {
            match patch.dry_run(write, &live).await {
                DryRun::PreconditionFailed => live = self.still_as_confirmed(read).await?,
                answer => {
                    self.tried(answer).await?;
                    return Ok(live);
                }
            }
        }
        Err(noted("plan-moved", json!({"moved": "live"})))
    }

    /// The object as it is now, if its template is the one that was confirmed.
    async fn still_as_confirmed(&self, read: &Rest) -> Result<LiveWorkload, Ended> {
        let plan = self.confirmed.plan();
        let now = self
            .live(read)
            .await
            .map_err(|ended| Ended { noted: true, ..ended })?;
        if now.workload.uid != plan.place.workload.uid {
            return Err(noted("plan-moved", json!({"moved": "object"})));
        }
        if now.template.hash() != plan.from.template_hash {
            return Err(noted("plan-moved", json!({"moved": "live"})));
        }
        Ok(now)
    }

    async fn tried(&self, answer: DryRun) -> Result<(), Ended> {
        match answer {
            DryRun::Accepted => {
                self.step(StepKind::DryRun, json!({})).await;
                Ok(())
            }
            // It can't be tried (a webhook without dry runs): the plan said so, and it was acknowledged.
            DryRun::Unknown(reason) => {
                self.step(StepKind::DryRun, json!({"unknown": reason})).await;
                Ok(())
            }
            DryRun::QuotaExceeded(reason) | DryRun::Forbidden(reason) => {
                Err(noted("dry-run-refused", json!({"reason": reason})))
            }
            DryRun::Refused { message, causes } => {
                let causes: Vec<String> = causes
                    .iter()
                    .map(|(field, why)| format!("{field}: {why}"))
                    .collect();
                Err(noted(
                    "dry-run-refused",
                    json!({"reason": message, "causes": causes.join("; ")}),
                ))
            }
            DryRun::PreconditionFailed => Err(noted("plan-moved", json!({"moved": "live"}))),
        }
    }

    async fn outcome(
        &self,
        read: &Rest,
        before: LiveWorkload,
        outcome: SendOutcome,
    ) -> Result<(LiveWorkload, LiveWorkload), Ended> {
        match outcome {
            SendOutcome::Accepted(now) => {
                self.accepted(&before, &now).await;
                Ok((before, *now))
            }
            SendOutcome::Refused(error) => {
                let error = error::cluster(error);
                Err(noted(
                    "refused",
                    json!({"error": error.code, "details": error.details}),
                ))
            }
            SendOutcome::Superseded { by, .. } => Err(Ended {
                kind: StepKind::Superseded,
                facts: json!({"by": by}),
                noted: true,
            }),
            SendOutcome::Gone => Err(noted("gone", json!({}))),
            SendOutcome::Unknown(error) => {
                tracing::warn!(%error, "the answer to the patch was lost");
                self.look_until_known(read, before).await
            }
        }
    }

    /// The answer was lost and the cluster did not answer since: nothing is sent again; it is read until it says.
    async fn look_until_known(
        &self,
        read: &Rest,
        before: LiveWorkload,
    ) -> Result<(LiveWorkload, LiveWorkload), Ended> {
        let plan = self.confirmed.plan();
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(2)).await;
            match LiveWorkload::find(read, &before.workload).await {
                Ok(Some(now)) if now.template == plan.to.template => {
                    self.accepted(&before, &now).await;
                    return Ok((before, now));
                }
                Ok(Some(now)) if now.template == before.template => {
                    return Err(Ended {
                        kind: StepKind::NeverArrived,
                        facts: json!({}),
                        noted: true,
                    });
                }
                Ok(Some(now)) => {
                    let by = now.template_writer().map(|manager| manager.name.clone());
                    return Err(Ended {
                        kind: StepKind::Superseded,
                        facts: json!({"by": by}),
                        noted: true,
                    });
                }
                Ok(None) => return Err(noted("gone", json!({}))),
                Err(error) => tracing::warn!(%error, "still no answer after the patch"),
            }
        }
    }

    fn update(&self, change: impl FnOnce(&mut Operation)) {
        self.backend.rollbacks.update(&self.backend, &self.id, change);
    }

    async fn step(&self, kind: StepKind, facts: Value) {
        let notes = Notes {
            backend: &self.backend,
            session: &self.session,
            id: &self.id,
        };
        notes.step(kind, facts).await;
    }

    /// A step that must be on the disk before anything follows.
    async fn must_step(&self, kind: StepKind, facts: Value) -> Result<(), Ended> {
        let notes = Notes {
            backend: &self.backend,
            session: &self.session,
            id: &self.id,
        };
        notes
            .append(kind, facts)
            .await
            .map_err(|error| unwritten("ledger", json!({"error": error.code, "details": error.details})))
    }

    /// Ends an operation before its intent: nothing was sent. It stands in the ledger all the same, where that can be
    /// written.
    async fn end_before_intent(&self, ended: Ended) {
        let step = OperationStep {
            kind: ended.kind,
            at: self.backend.now(),
            facts: map(ended.facts),
        };
        let (ledger, intent, kept) = (self.session.ledger.clone(), self.intent(), step.clone());
        let written = blocking(move || ledger.write_ended(&intent, &kept).map_err(error::ledger)).await;
        if let Err(error) = &written {
            tracing::error!(%error, operation = %self.id, "an operation that was not begun was not kept");
        }
        self.update(|operation| {
            operation.number = written.map_or(operation.number, |number| number as f64);
            operation.state = state_after(operation.state, step.kind);
            shown::take(operation, &step);
        });
    }
}

fn unwritten(code: &str, facts: Value) -> Ended {
    Ended {
        noted: false,
        ..noted(code, facts)
    }
}

fn noted(code: &str, facts: Value) -> Ended {
    let mut facts = map(facts);
    facts.insert("code".to_owned(), json!(code));
    Ended {
        kind: StepKind::Failed,
        facts: Value::Object(facts),
        noted: true,
    }
}
