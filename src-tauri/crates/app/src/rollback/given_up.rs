//! What a bad verdict tells the history: a rollout that will not get there has failed when that was judged, long before
//! the deadline at which the cluster says so.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moment, Moments, Status};
use domain::ids::OperationId;

use crate::backend::blocking;
use crate::error::{self, Answer};
use crate::session::Session;

/// Writes down that the rollout of an operation failed, and has the watch look at it again.
pub(super) async fn keep(session: &Arc<Session>, operation: &OperationId, at: DateTime<Utc>) -> Answer<()> {
    let (kept, operation) = (Arc::clone(session), operation.clone());
    let made = blocking(move || {
        let ledger = &kept.ledger;
        let made = ledger
            .deployment_by(&kept.id, &operation)
            .map_err(error::ledger)?;
        if let Some(made) = &made {
            let told = [failed(made, &operation, at)];
            ledger.ingest(&kept.id, &told).map_err(error::ledger)?;
        }
        Ok(made)
    })
    .await?;
    let Some(made) = made else { return Ok(()) };
    let link = session.link(session.environment(made.environment.as_str())?)?;
    if let Some(workload) = made.workload {
        link.doubt(workload.uid);
    }
    Ok(())
}

fn failed(made: &Deployment, operation: &OperationId, at: DateTime<Utc>) -> Deployment {
    let moments = Moments {
        failed: Some(Moment::At(at)),
        ..Moments::default()
    };
    let evidence = Evidence {
        kind: EvidenceKind::Recorded,
        source: format!("operation {operation}"),
        seen_at: at,
        moments,
    };
    Deployment {
        status: Status::Failed,
        ..made.clone().told_by(evidence)
    }
}
