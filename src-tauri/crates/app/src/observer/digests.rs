//! The digest that a deployment's pods run: read once it has settled, since a tag says nothing of what was pulled, and
//! kept, so that the same image is known by its digest later.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use cluster::change::Observation;
use cluster::change::follow::PodPhase;
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moments, RunningVersion, Status};
use domain::ids::{DeploymentId, ServiceName};
use tokio::sync::Semaphore;

use super::once::{self, Once};
use crate::backend::{Backend, blocking};
use crate::connection::ClusterLink;
use crate::error::{self, Answer};
use crate::releases;
use crate::session::Session;

#[derive(Default)]
pub(super) struct Digests(Once);

/// What was learned.
enum Learned {
    /// Which version of a service stands behind a digest: whatever is pinned by that digest is to be looked at anew.
    Release(ServiceName),
    /// The digest, of which nothing new follows.
    Digest,
}

impl Digests {
    /// Reads in the background which digest the pods of a deployment run that has settled; once it is known, never again.
    pub fn ask(
        &self,
        backend: &Arc<Backend>,
        session: &Arc<Session>,
        link: &Arc<ClusterLink>,
        turns: &Arc<Semaphore>,
        id: DeploymentId,
        status: Status,
    ) {
        if status != Status::Healthy {
            return;
        }
        self.0.ask(session, turns, id, || {
            let (backend, session, link) = (Arc::clone(backend), Arc::clone(session), Arc::clone(link));
            async move {
                match keep(&session, &link, id, link.now(&backend)).await {
                    Ok(None) => {}
                    Ok(Some(learned)) => {
                        if let Learned::Release(service) = learned {
                            session
                                .links
                                .values()
                                .for_each(|link| link.doubt_all_of(&service));
                        }
                        session.changed(&backend);
                    }
                    Err(error) => {
                        tracing::info!(%error, "which digest pods run was not read");
                        return false;
                    }
                }
                true
            }
        });
    }
}

/// Answers what was learned; `None`: it was known, or no pod tells it.
async fn keep(
    session: &Arc<Session>,
    link: &ClusterLink,
    id: DeploymentId,
    now: DateTime<Utc>,
) -> Answer<Option<Learned>> {
    let untold = |deployment: &Deployment| deployment.digest.is_none();
    let Some((deployment, template, seen)) = once::with_pods(session, link, id, untold).await? else {
        return Ok(None);
    };
    let session = Arc::clone(session);
    blocking(move || {
        let service = session.service(deployment.service.as_str())?;
        let known = releases::known(&session, service)?;
        let by_template = service.identify(&template, &known, None);
        let container = by_template.container.as_deref();
        let Some((pod, digest)) = container.and_then(|container| told_by_a_pod(&seen, container)) else {
            return Ok(None);
        };
        let identified = service.identify(&template, &known, Some(digest));
        let learned = match &identified.version {
            RunningVersion::Version(version) if known.get(digest) != Some(version) => {
                Learned::Release(service.name.clone())
            }
            RunningVersion::Version(_) | RunningVersion::Unversioned(_) | RunningVersion::Mixed(_) => {
                Learned::Digest
            }
        };
        let evidence = Evidence {
            kind: EvidenceKind::Inferred,
            source: format!("pod {pod}"),
            seen_at: now,
            moments: Moments::default(),
        };
        let told = Deployment {
            digest: Some(digest.to_owned()),
            version_evidence: identified.to_keep(),
            version: identified.version,
            ..deployment.told_by(evidence)
        };
        session
            .ledger
            .ingest(&session.id, &[told])
            .map_err(error::ledger)?;
        Ok(Some(learned))
    })
    .await
}

/// A ready pod of the template, and the digest of that container's image.
fn told_by_a_pod<'a>(seen: &'a Observation, container: &str) -> Option<(&'a str, &'a str)> {
    let mut ready = seen.own_pods().filter(|pod| pod.phase == PodPhase::Ready);
    ready.find_map(|pod| {
        let (_, image_id) = pod.image_ids.iter().find(|(name, _)| name == container)?;
        Some((pod.name.as_str(), releases::digest_of(image_id)?))
    })
}
