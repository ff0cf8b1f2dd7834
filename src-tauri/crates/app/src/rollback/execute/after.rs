//! What follows an accepted patch: the deployment is recorded, the rollout followed, and what we left in the cluster put in
//! order. Nothing of it can fail the operation.

use cluster::change::trace::{ManagerDropped, drop_manager, write_event};
use cluster::change::{LiveWorkload, Rest, RolloutWatch};
use domain::deployment::{
    Attribution, AttributionSource, Deployment, DeploymentKind, Evidence, EvidenceKind, Moment, Moments,
    RollbackLink, Status,
};
use domain::history::events::{OPERATION_EVENT, OperationEvent};
use domain::operation::{StepKind, Verdict};
use domain::plan::RollbackPlan;
use serde_json::{Value, json};
use wire::rollback::OperationStateWord;

use super::{Notes, Run};
use crate::backend::blocking;
use crate::error::{self, Answer};
use crate::rollback::verify::{Followed, Following};

impl Run {
    pub(super) async fn accepted(&self, before: &LiveWorkload, now: &LiveWorkload) {
        self.step(StepKind::Accepted, json!({"generation": now.generation}))
            .await;
        self.update(|operation| operation.state = OperationStateWord::RollingOut);
        if let Err(error) = self.record(before, now).await {
            tracing::warn!(%error, "the deployment was not recorded; the watch will see it");
        }
    }

    /// Who and why are known best here: recorded before the watch tells of it.
    async fn record(&self, before: &LiveWorkload, now: &LiveWorkload) -> Answer<()> {
        let plan = self.confirmed.plan();
        let at = self.backend.now();
        let moments = Moments {
            started: Some(Moment::At(at)),
            ..Moments::default()
        };
        let attribution = |text: &str| Attribution {
            text: text.to_owned(),
            source: AttributionSource::Operation,
        };
        let deployment = Deployment {
            id: None,
            service: plan.place.service.clone(),
            environment: plan.place.environment.clone(),
            workload: Some(now.workload.clone()),
            template: Some(plan.to.template_hash.clone()),
            revision: next_revision(before),
            version: plan.to.version.clone(),
            version_evidence: Vec::new(),
            image: None,
            digest: None,
            kind: DeploymentKind::Version,
            status: Status::InProgress,
            moments,
            previous_served_until: None,
            rollback: rollback_link(plan),
            who: Some(attribution(&plan.place.account.name)),
            why: self.confirmed.reason().map(attribution),
            operation: Some(self.id.clone()),
            evidence: vec![Evidence {
                kind: EvidenceKind::Recorded,
                source: format!("operation {}", self.id),
                seen_at: at,
                moments,
            }],
        };
        let (ledger, workspace) = (self.session.ledger.clone(), self.session.id.clone());
        blocking(move || {
            ledger
                .ingest(&workspace, &[deployment])
                .map(drop)
                .map_err(error::ledger)
        })
        .await?;
        self.session.changed(&self.backend);
        Ok(())
    }

    pub(super) async fn after_patch(&self, before: LiveWorkload, accepted: LiveWorkload) {
        let plan = self.confirmed.plan();
        let sent_at = self.backend.now();
        let watch = RolloutWatch::new(Some(&before), &accepted, plan.to.template.clone(), sent_at);
        let Ok((read, write)) = self.rests() else { return };
        let notes = Notes {
            backend: &self.backend,
            session: &self.session,
            id: &self.id,
        };
        let following = Following {
            backend: &self.backend,
            id: &self.id,
            read: &read,
            target: &plan.to.template,
            from_version: &self.content.from_version,
            to_version: &self.content.to_version,
        };
        let followed = follow(&notes, &following, watch, plan.verify_window, json!({})).await;
        self.leave_trace(&read, &write, &accepted, &followed).await;
        notes.end(followed).await;
    }

    /// Drops our field manager's entry and writes the Event; neither can fail the operation.
    async fn leave_trace(&self, read: &Rest, write: &Rest, accepted: &LiveWorkload, followed: &Followed) {
        if matches!(followed, Followed::Gone | Followed::Superseded { .. }) {
            return;
        }
        let now = match LiveWorkload::find(read, &accepted.workload).await {
            Ok(Some(now)) => now,
            Ok(None) | Err(_) => accepted.clone(),
        };
        let facts = match drop_manager(write, &now).await {
            ManagerDropped::Dropped => json!({"dropped": "yes"}),
            ManagerDropped::Refused { appliers, error } => {
                let reason = error.map(|error| error.to_string());
                json!({"dropped": "no", "appliers": appliers.join(", "), "reason": reason})
            }
        };
        self.step(StepKind::ManagerDropped, facts).await;
        let (verdict, bad) = match followed {
            Followed::Judged(judgement) => (judgement.verdict.as_str(), judgement.verdict == Verdict::Bad),
            Followed::RolledOut | Followed::Superseded { .. } | Followed::Gone => ("inconclusive", false),
        };
        let message = OperationEvent {
            workload: now.workload.name.clone(),
            from: self.content.from_version.clone(),
            to: self.content.to_version.clone(),
            verdict: verdict.to_owned(),
            account: self.content.account.clone(),
            reason: self.confirmed.reason().map(str::to_owned),
            operation: self.id.clone(),
        }
        .to_message();
        let written = write_event(write, &now, OPERATION_EVENT, &message, bad, self.backend.now()).await;
        let facts = match written {
            Ok(_) => json!({"written": "yes"}),
            Err(error) => json!({"written": "no", "reason": error.to_string()}),
        };
        self.step(StepKind::Traced, facts).await;
    }
}

/// To what the plan goes back; an undo that goes forward again is no rollback.
fn rollback_link(plan: &RollbackPlan) -> Option<RollbackLink> {
    let is_forward = plan.to.version.goes_forward_from(&plan.from.version);
    (!is_forward).then_some(RollbackLink {
        to: plan.to.deployment,
    })
}

/// The number that the controller gives to the new template: it tells this deployment from an earlier one of the same
/// template. `None` while the controller has not numbered what ran before.
fn next_revision(before: &LiveWorkload) -> Option<i64> {
    let numbered = before.rollout.observed_generation >= before.generation;
    before.revision.filter(|_| numbered).map(|revision| revision + 1)
}

/// Follows to the end of the rollout, then through the window. `found`: facts of a rollout that was done before.
pub(crate) async fn follow(
    notes: &Notes<'_>,
    following: &Following<'_>,
    mut watch: RolloutWatch,
    window: std::time::Duration,
    found: Value,
) -> Followed {
    match following.rollout(&mut watch).await {
        Followed::RolledOut => {
            notes.step(StepKind::RolledOut, found).await;
            notes.session.changed(notes.backend);
            following.window(&mut watch, window).await
        }
        ended => ended,
    }
}
