//! Why the pods of a deployment hang or crash: looked at when it fails or lacks pods, and kept with its evidence, since
//! nothing in the cluster tells it any more an hour later.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use cluster::change::follow::{RolloutFailure, hanging};
use cluster::change::observe;
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moments, Status};
use domain::failure::PodFailure;
use domain::ids::DeploymentId;
use tokio::sync::Semaphore;

use super::recent::shortened;
use crate::backend::{Backend, blocking};
use crate::connection::ClusterLink;
use crate::error::{self, Answer};
use crate::session::Session;

/// The reason of pods that ran and do not keep running; any other may be their node's, once a rollout has settled.
const CRASHES: &str = "CrashLoopBackOff";

/// So many are looked at together: at the first look at a cluster many may hang.
const AT_ONCE: usize = 4;

/// The deployments that were looked at, or are being looked at.
pub(super) struct Why {
    asked: Arc<Mutex<HashSet<DeploymentId>>>,
    turns: Arc<Semaphore>,
}

impl Default for Why {
    fn default() -> Self {
        Self {
            asked: Arc::default(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }
}

impl Why {
    /// Looks in the background why the pods of a deployment hang; once it is known, never again.
    pub fn ask(
        &self,
        backend: &Arc<Backend>,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        id: DeploymentId,
        status: Status,
    ) {
        let is_short = matches!(status, Status::Failed | Status::Degraded);
        if !is_short || !lock(&self.asked).insert(id) {
            return;
        }
        let (backend, session, link) = (Arc::clone(backend), Arc::clone(session), Arc::clone(link));
        let (asked, turns) = (Arc::clone(&self.asked), Arc::clone(&self.turns));
        let stopped = session.stopped();
        tokio::spawn(stopped.run_until_cancelled_owned(async move {
            let _turn = turns.acquire().await;
            match keep(&session, &link, id, status, backend.now()).await {
                Ok(true) => session.changed(&backend),
                Ok(false) => {
                    lock(&asked).remove(&id);
                }
                Err(error) => {
                    tracing::warn!(%error, "why pods hang was not kept");
                    lock(&asked).remove(&id);
                }
            }
        }));
    }
}

fn lock(asked: &Mutex<HashSet<DeploymentId>>) -> std::sync::MutexGuard<'_, HashSet<DeploymentId>> {
    asked.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers whether the pods told something.
async fn keep(
    session: &Arc<Session>,
    link: &ClusterLink,
    id: DeploymentId,
    status: Status,
    now: DateTime<Utc>,
) -> Answer<bool> {
    let ledger = session.ledger.clone();
    let found = blocking(move || {
        let deployment = ledger.deployment(id).map_err(error::ledger)?;
        let hash = deployment.as_ref().and_then(|one| one.template.clone());
        let template = hash.map(|hash| ledger.template(&hash).map_err(error::ledger));
        Ok(deployment.zip(template.transpose()?.flatten()))
    });
    let Some((deployment, template)) = found.await? else {
        return Ok(false);
    };
    let Some(workload) = &deployment.workload else {
        return Ok(false);
    };
    let (read, _) = link.rests()?;
    let seen = observe(&read, workload, &template)
        .await
        .map_err(error::cluster)?;
    let hangs = seen.and_then(|seen| hanging(&seen)).map(|(failure, _)| failure);
    let Some(failure) = hangs.filter(|failure| status == Status::Failed || failure.reason == CRASHES) else {
        return Ok(false);
    };
    let (ledger, workspace) = (session.ledger.clone(), session.id.clone());
    blocking(move || {
        let told = [telling(deployment, failure, now)];
        ledger.ingest(&workspace, &told).map_err(error::ledger)
    })
    .await?;
    Ok(true)
}

/// It says why, and nothing of when: the moments have their own evidence.
fn telling(
    deployment: Deployment,
    RolloutFailure { reason, message, .. }: RolloutFailure,
    now: DateTime<Utc>,
) -> Deployment {
    let evidence = Evidence {
        kind: EvidenceKind::Inferred,
        source: shortened(&PodFailure { reason, message }.to_source()),
        seen_at: now,
        moments: Moments::default(),
    };
    Deployment {
        moments: Moments::default(),
        evidence: vec![evidence],
        status: Status::Unknown,
        ..deployment
    }
}
