//! The steps of an operation: written down, and told to the window.

use std::sync::Arc;

use domain::ids::OperationId;
use domain::operation::{OperationStep, StepKind, Verdict};
use serde_json::{Map, Value, json};
use wire::rollback::OperationStateWord;

use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::rollback::verify::{Followed, Judgement};
use crate::rollback::{given_up, shown};
use crate::session::Session;

/// Writes steps of an operation down and tells the window.
pub(crate) struct Notes<'a> {
    pub backend: &'a Arc<Backend>,
    pub session: &'a Arc<Session>,
    pub id: &'a OperationId,
}

impl Notes<'_> {
    /// Appends a step; that it could not be kept is logged, and shown all the same.
    pub async fn step(&self, kind: StepKind, facts: Value) {
        if let Err(error) = self.append(kind, facts).await {
            tracing::error!(%error, kind = kind.as_str(), "a step was not kept");
        }
    }

    /// Appends a step.
    pub async fn append(&self, kind: StepKind, facts: Value) -> Answer<()> {
        let step = OperationStep {
            kind,
            at: self.backend.now(),
            facts: map(facts),
        };
        let (ledger, id, kept) = (self.session.ledger.clone(), self.id.clone(), step.clone());
        let written = blocking(move || ledger.append_step(&id, &kept).map_err(error::ledger)).await;
        self.backend.rollbacks.update(self.backend, self.id, |operation| {
            shown::take(operation, &step);
            operation.state = state_after(operation.state, kind);
        });
        written
    }

    /// The last step, from how following ended.
    pub async fn end(&self, followed: Followed) {
        match followed {
            Followed::Judged(judgement) => self.verdict(judgement).await,
            Followed::RolledOut => {
                self.verdict(Judgement::new(Verdict::Inconclusive, "watch-broken"))
                    .await
            }
            Followed::Superseded { by } => self.step(StepKind::Superseded, json!({"by": by})).await,
            Followed::Gone => self.step(StepKind::Failed, json!({"code": "gone"})).await,
        }
    }

    async fn verdict(&self, judgement: Judgement) {
        if judgement.gives_up()
            && let Err(error) = given_up::keep(self.session, self.id, self.backend.now()).await
        {
            tracing::error!(%error, operation = %self.id, "that it failed was not kept");
        }
        let mut facts = map(json!({"verdict": judgement.verdict.as_str(), "code": judgement.code}));
        facts.extend(
            judgement
                .facts
                .into_iter()
                .map(|(name, value)| (name.to_owned(), json!(value))),
        );
        self.step(StepKind::Verified, Value::Object(facts)).await;
    }
}

pub(super) fn state_after(state: OperationStateWord, kind: StepKind) -> OperationStateWord {
    match kind {
        StepKind::Sent => OperationStateWord::Sent,
        StepKind::Accepted | StepKind::Recovered => OperationStateWord::RollingOut,
        StepKind::RolledOut => OperationStateWord::Verifying,
        StepKind::Verified => OperationStateWord::Verified,
        StepKind::Failed => OperationStateWord::Failed,
        StepKind::Cancelled => OperationStateWord::Cancelled,
        StepKind::Superseded => OperationStateWord::Superseded,
        StepKind::NeverArrived => OperationStateWord::NeverArrived,
        StepKind::Intent
        | StepKind::Replanned
        | StepKind::DryRun
        | StepKind::Progress
        | StepKind::ManagerDropped
        | StepKind::Traced => state,
    }
}

/// The facts of a step; what is not known is left out.
pub(super) fn map(facts: Value) -> Map<String, Value> {
    match facts {
        Value::Object(mut map) => {
            map.retain(|_, value| !value.is_null());
            map
        }
        _ => Map::new(),
    }
}
