//! Operations that a start finds unfinished: looked at, never sent again (rollback.md, "Four steps").
//!
//! The live template tells: the target's, then the patch arrived and is followed from here, read-only; the
//! origin's, then it never arrived; any other, then somebody else changed it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cluster::change::trace::left_behind;
use cluster::change::{LiveWorkload, Observation, Progress, Rest, RolloutWatch};
use domain::operation::{Operation, StepKind};
use domain::workload::WorkloadIdentity;
use domain::workspace::Environment;
use ledger::OperationRecord;
use serde_json::{Value, json};

use super::execute::{Notes, follow};
use super::intent::IntentContent;
use super::shown;
use super::verify::Following;
use crate::backend::{Backend, blocking};
use crate::error::{self, Answer};
use crate::session::Session;

/// The wait between two tries to reach the cluster, or to be alone with the ledger.
const WAIT: Duration = Duration::from_secs(2);

/// Looks at every unfinished operation of the session's workspace, in the background.
pub(crate) fn look_at_unfinished(backend: &Arc<Backend>, session: &Arc<Session>) {
    let (backend, session) = (Arc::clone(backend), Arc::clone(session));
    let stopped = session.stopped();
    tokio::spawn(stopped.run_until_cancelled_owned(async move {
        let records = abandoned(&session).await.unwrap_or_else(|error| {
            tracing::error!(%error, "unfinished operations could not be read");
            Vec::new()
        });
        for record in records {
            tokio::spawn(look(Arc::clone(&backend), Arc::clone(&session), record));
        }
    }));
}

/// What was unfinished when the workspace was opened, and still is once no other process has the ledger open: until
/// then it may be that one's own.
async fn abandoned(session: &Session) -> Answer<Vec<OperationRecord>> {
    let ledger = session.ledger.clone();
    let mut begun = blocking(move || ledger.unfinished_operations().map_err(error::ledger)).await?;
    begun.retain(|record| record.workspace == session.id);
    while !begun.is_empty() {
        let ledger = session.ledger.clone();
        let left = blocking(move || ledger.abandoned_operations().map_err(error::ledger)).await?;
        if let Some(mut left) = left {
            left.retain(|record| begun.iter().any(|one| one.operation.id == record.operation.id));
            return Ok(left);
        }
        tokio::time::sleep(WAIT).await;
    }
    Ok(begun)
}

async fn look(backend: Arc<Backend>, session: Arc<Session>, record: OperationRecord) {
    let id = record.operation.id.clone();
    if backend.rollbacks.live(&id).is_some() {
        return;
    }
    let content = IntentContent::read(&record.operation.intent);
    let Some((workload, content)) = content.and_then(|content| Some((content.workload()?, content))) else {
        tracing::error!(operation = %id, "the intent can't be read");
        return;
    };
    // It is shown from now on, and no other may begin there meanwhile.
    if backend
        .rollbacks
        .start(&record.environment, shown::operation(&record))
        .is_err()
    {
        return;
    }
    backend.rollbacks.update(&backend, &id, |_| {});
    let notes = Notes {
        backend: &backend,
        session: &session,
        id: &id,
    };
    match session.environment(record.environment.as_str()) {
        Ok(environment) => {
            if let Some(read) = reach(&session, environment, &workload).await {
                settle(&notes, &read, &content, &workload, &record.operation).await;
            }
        }
        Err(_) => {
            let facts = json!({"code": "environment-gone", "environment": record.environment.as_str()});
            notes.step(StepKind::Failed, facts).await;
        }
    }
    session.changed(&backend);
    backend.rollbacks.end(&backend, &id);
}

/// The client of the operation's cluster, once it answers; `None` when the workspace is closed before.
async fn reach(
    session: &Arc<Session>,
    environment: &Environment,
    workload: &WorkloadIdentity,
) -> Option<Rest> {
    let link = session.link(environment).ok()?;
    loop {
        if link.sight(workload.kind, &workload.namespace).live
            && let Ok((read, _)) = link.rests()
        {
            return Some(read);
        }
        wait(session).await?;
    }
}

/// Waits for the next try; `None` when the workspace is closed meanwhile.
async fn wait(session: &Session) -> Option<()> {
    let stopped = session.stopped();
    stopped.run_until_cancelled(tokio::time::sleep(WAIT)).await
}

async fn settle(
    notes: &Notes<'_>,
    read: &Rest,
    content: &IntentContent,
    workload: &WorkloadIdentity,
    operation: &Operation,
) {
    let live = loop {
        match LiveWorkload::find(read, workload).await {
            Ok(found) => break found,
            Err(error) => tracing::warn!(%error, "the cluster does not say how the operation stands"),
        }
        if wait(notes.session).await.is_none() {
            return;
        }
    };
    let Some(live) = live.filter(|live| live.workload.uid == workload.uid) else {
        notes.step(StepKind::Failed, json!({"code": "gone"})).await;
        return;
    };
    let hash = live.template.hash();
    if hash == content.origin_hash() {
        notes.step(StepKind::NeverArrived, json!({})).await;
    } else if hash == content.target_hash() {
        go_on(notes, read, content, operation, live).await;
    } else {
        let by = live.template_writer().map(|manager| manager.name.clone());
        notes.step(StepKind::Superseded, json!({"by": by})).await;
    }
}

/// The patch arrived: followed and verified from here, without a write.
async fn go_on(
    notes: &Notes<'_>,
    read: &Rest,
    content: &IntentContent,
    operation: &Operation,
    live: LiveWorkload,
) {
    notes
        .step(StepKind::Recovered, json!({"generation": live.generation}))
        .await;
    let target = live.template.clone();
    let now = notes.backend.now();
    let mut watch = RolloutWatch::new(None, &live, target.clone(), now);
    let found = found(&mut watch, &live, now);
    let following = Following {
        backend: notes.backend,
        id: notes.id,
        read,
        target: &target,
        from_version: &content.from_version,
        to_version: &content.to_version,
    };
    let followed = follow(
        notes,
        &following,
        watch,
        Duration::from_secs(content.verify_seconds),
        found,
    )
    .await;
    say_what_is_left(notes, read, operation, &live).await;
    notes.end(followed).await;
}

/// What is said of a rollout that was done before anybody looked: since when, as the cluster tells it.
fn found(watch: &mut RolloutWatch, live: &LiveWorkload, now: DateTime<Utc>) -> Value {
    let seen = Observation {
        live: live.clone(),
        pods: Vec::new(),
    };
    if watch.judge(Some(&seen), now) != Progress::Done {
        return json!({});
    }
    let told = live.rollout.progressing.as_ref();
    let done = told.filter(|told| told.reason == "NewReplicaSetAvailable");
    let since = done.and_then(|done| done.updated);
    json!({"since": since.map_or_else(|| "unknown".to_owned(), |since| since.to_rfc3339())})
}

/// Nothing is written by a start, so what the operation had not yet put in order stays so, and that is said: our entry
/// in `managedFields`, at which a team's next apply stumbles, and the Event that others would see.
async fn say_what_is_left(notes: &Notes<'_>, read: &Rest, operation: &Operation, before: &LiveWorkload) {
    let noted = |kind: StepKind| operation.steps.iter().any(|step| step.kind == kind);
    let now = match LiveWorkload::find(read, &before.workload).await {
        Ok(Some(now)) => now,
        Ok(None) | Err(_) => before.clone(),
    };
    if !noted(StepKind::ManagerDropped)
        && let Some(appliers) = left_behind(&now)
    {
        let facts = json!({"dropped": "no", "appliers": appliers.join(", ")});
        notes.step(StepKind::ManagerDropped, facts).await;
    }
    if !noted(StepKind::Traced) {
        notes.step(StepKind::Traced, json!({"written": "no"})).await;
    }
}
