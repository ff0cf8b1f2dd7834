//! Why the pods of a deployment hang or crash: looked at when it fails or lacks pods, and kept with its evidence, since
//! nothing in the cluster tells it any more an hour later.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::change::follow::{RolloutFailure, hanging};
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moments, Status};
use domain::failure::PodFailure;
use domain::ids::DeploymentId;
use tokio::sync::Semaphore;

use super::once::{self, Once};
use super::recent::shortened;
use crate::backend::{Backend, blocking};
use crate::connection::ClusterLink;
use crate::error::{self, Answer};
use crate::session::Session;

/// The reason of pods that ran and do not keep running; any other may be their node's, once a rollout has settled.
const CRASHES: &str = "CrashLoopBackOff";

/// So many are looked at together: at the first look at a cluster many may hang.
const AT_ONCE: usize = 4;

pub(super) struct Why {
    once: Once,
    turns: Arc<Semaphore>,
}

impl Default for Why {
    fn default() -> Self {
        Self {
            once: Once::default(),
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
        if !matches!(status, Status::Failed | Status::Degraded) {
            return;
        }
        self.once.ask(session, &self.turns, id, || {
            let (backend, session, link) = (Arc::clone(backend), Arc::clone(session), Arc::clone(link));
            async move {
                let kept = keep(&session, &link, id, status, backend.now()).await;
                if let Err(error) = &kept {
                    tracing::warn!(%error, "why pods hang was not kept");
                }
                let has_told = kept.unwrap_or(false);
                if has_told {
                    session.changed(&backend);
                }
                has_told
            }
        });
    }
}

/// Answers whether the pods told something.
async fn keep(
    session: &Arc<Session>,
    link: &ClusterLink,
    id: DeploymentId,
    status: Status,
    now: DateTime<Utc>,
) -> Answer<bool> {
    let Some((deployment, _, seen)) = once::with_pods(session, link, id, |_| true).await? else {
        return Ok(false);
    };
    let hangs = hanging(&seen).map(|(failure, _)| failure);
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
    deployment.told_by(evidence)
}
