//! What is read of the pods of a deployment beside the watch: once for each deployment, a few at a time.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cluster::change::{Observation, observe};
use domain::deployment::Deployment;
use domain::ids::DeploymentId;
use domain::template::PodTemplate;
use tokio::sync::Semaphore;

use crate::backend::blocking;
use crate::connection::ClusterLink;
use crate::error::{self, Answer};
use crate::session::Session;

/// The deployments of which it was read, or is being read.
#[derive(Clone, Default)]
pub(super) struct Once(Arc<Mutex<HashSet<DeploymentId>>>);

impl Once {
    /// Has the work done in the background when it is its turn, until the session ends. It answers whether that was all;
    /// otherwise the deployment may be asked of again.
    pub fn ask<W>(
        &self,
        session: &Session,
        turns: &Arc<Semaphore>,
        id: DeploymentId,
        work: impl FnOnce() -> W,
    ) where
        W: Future<Output = bool> + Send + 'static,
    {
        if !self.lock().insert(id) {
            return;
        }
        let (asked, turns, work) = (self.clone(), Arc::clone(turns), work());
        tokio::spawn(session.stopped().run_until_cancelled_owned(async move {
            let _turn = turns.acquire().await;
            if !work.await {
                asked.lock().remove(&id);
            }
        }));
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<DeploymentId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A deployment that is wanted as the ledger has it, with its template, and the pods of its workload now.
pub(super) async fn with_pods(
    session: &Session,
    link: &ClusterLink,
    id: DeploymentId,
    is_wanted: impl Fn(&Deployment) -> bool + Send + 'static,
) -> Answer<Option<(Deployment, PodTemplate, Observation)>> {
    let ledger = session.ledger.clone();
    let found = blocking(move || {
        let deployment = ledger.deployment(id).map_err(error::ledger)?.filter(is_wanted);
        let hash = deployment.as_ref().and_then(|one| one.template.clone());
        let template = hash.map(|hash| ledger.template(&hash).map_err(error::ledger));
        Ok(deployment.zip(template.transpose()?.flatten()))
    });
    let Some((deployment, template)) = found.await? else {
        return Ok(None);
    };
    let Some(workload) = &deployment.workload else {
        return Ok(None);
    };
    let (read, _) = link.rests()?;
    let seen = observe(&read, workload, &template)
        .await
        .map_err(error::cluster)?;
    Ok(seen.map(|seen| (deployment, template, seen)))
}
