//! Services and environments that the workspace file calls otherwise than before: their history in the ledger follows.
//!
//! No file tells what was renamed; the objects do, by their uid. What ran on an object that is there moves to where it
//! is matched now, if it stands under names that the file no longer has. What ran on objects that are gone from the
//! same namespace follows, where those that are there agree on the new names. Under names that are still in the file
//! nothing moves.

use std::collections::HashMap;
use std::sync::Arc;

use cluster::records::WorkloadRecord;
use cluster::watch::ClusterView;
use domain::ids::{Namespace, Uid};
use domain::workload::WorkloadIdentity;
use domain::workspace::{Environment, Workspace};
use ledger::{Lane, Renamed};

use super::gone;
use crate::backend::blocking;
use crate::connection::{ClusterLink, Place};
use crate::error::{self, Answer};
use crate::session::Session;

/// What one watch knows of history under earlier names. The ledger is asked once.
#[derive(Default)]
pub(super) struct Renames {
    /// What has not followed; `None`: not asked for yet.
    unnamed: Option<Vec<(Lane, WorkloadIdentity)>>,
    /// What has, by the objects that are there.
    followed: Vec<Renamed>,
}

impl Renames {
    /// Gives history the names under which its objects are matched now. Answers whether there was any.
    pub async fn follow(
        &mut self,
        session: &Arc<Session>,
        link: &ClusterLink,
        view: &ClusterView,
        records: &[(Place, Arc<WorkloadRecord>)],
    ) -> bool {
        if self.unnamed.is_none() {
            self.unnamed = Some(unnamed(session).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "what stands under earlier names was not read");
                Vec::new()
            }));
        }
        if self.unnamed.as_ref().is_none_or(Vec::is_empty) {
            return false;
        }
        let there = records
            .iter()
            .map(|(place, record)| (&record.uid, place))
            .collect();
        let is_gone = |workload: &WorkloadIdentity| {
            let is_there = |uid: &Uid| view.workload(uid).is_some();
            gone::is_missing(&link.namespaces, view.conditions(), is_there, workload)
        };
        let renamed = self.renamed(&session.workspace, &link.environments, &there, is_gone);
        if renamed.is_empty() {
            return false;
        }
        let session = Arc::clone(session);
        let kept = blocking(move || {
            let kept = session.ledger.rename(&session.id, &renamed);
            kept.map_err(error::ledger)
        });
        kept.await.map_or_else(
            |error| {
                // What is written under the new names meanwhile is joined when the workspace is opened again.
                tracing::warn!(%error, "history stays under earlier names");
                false
            },
            |()| true,
        )
    }

    /// What is to move now: by an object that is there, else by what those that are there agree on.
    fn renamed(
        &mut self,
        workspace: &Workspace,
        environments: &[Environment],
        there: &HashMap<&Uid, &Place>,
        is_gone: impl Fn(&WorkloadIdentity) -> bool,
    ) -> Vec<Renamed> {
        let unnamed = self.unnamed.take().unwrap_or_default();
        let renamed = |from: &Lane, to: Lane, workload: &WorkloadIdentity| Renamed {
            from: from.clone(),
            to,
            workload: workload.clone(),
            with_notes: workspace.service(&from.service).is_none(),
        };
        let by_object = unnamed.iter().filter_map(|(from, workload)| {
            let (service, environment) = (*there.get(&workload.uid)?).clone();
            Some(renamed(from, Lane { service, environment }, workload))
        });
        let mut all: Vec<Renamed> = by_object.collect();
        self.followed.extend(all.iter().cloned());
        for (from, workload) in &unnamed {
            let to = || self.agreed(workspace, environments, from, &workload.namespace);
            if !self.followed.is_empty()
                && !is_among(&all, from, workload)
                && is_gone(workload)
                && let Some(to) = to()
            {
                all.push(renamed(from, to, workload));
            }
        }
        let left = unnamed.into_iter();
        self.unnamed = Some(
            left.filter(|(from, workload)| !is_among(&all, from, workload))
                .collect(),
        );
        all
    }

    /// The names of now for what ran in a namespace under earlier ones, where there is no doubt about them.
    fn agreed(
        &self,
        workspace: &Workspace,
        environments: &[Environment],
        from: &Lane,
        namespace: &Namespace,
    ) -> Option<Lane> {
        let of_service = self
            .followed
            .iter()
            .filter(|one| one.from.service == from.service);
        let service = match workspace.service(&from.service) {
            Some(_) => &from.service,
            None => only(of_service.map(|one| &one.to.service))?,
        };
        let its =
            |one: &&Renamed| one.from.environment == from.environment && one.workload.namespace == *namespace;
        let environment = match environments.iter().find(|one| one.name == from.environment) {
            Some(_) => &from.environment,
            None => only(self.followed.iter().filter(its).map(|one| &one.to.environment))?,
        };
        Some(Lane {
            service: service.clone(),
            environment: environment.clone(),
        })
    }
}

/// Whether it moves with one of these, as an object or by its name.
fn is_among(renamed: &[Renamed], from: &Lane, workload: &WorkloadIdentity) -> bool {
    let is_called_so = |other: &WorkloadIdentity| {
        (other.kind, &other.namespace, &other.name) == (workload.kind, &workload.namespace, &workload.name)
    };
    renamed
        .iter()
        .any(|one| one.from == *from && is_called_so(&one.workload))
}

fn only<T: PartialEq>(mut of: impl Iterator<Item = T>) -> Option<T> {
    let first = of.next()?;
    of.all(|one| one == first).then_some(first)
}

async fn unnamed(session: &Arc<Session>) -> Answer<Vec<(Lane, WorkloadIdentity)>> {
    let session = Arc::clone(session);
    blocking(move || {
        let workspace = &session.workspace;
        let is_named = |lane: &Lane| {
            workspace.service(&lane.service).is_some() && workspace.environment(&lane.environment).is_some()
        };
        let unnamed = session.ledger.unnamed(&session.id, is_named);
        unnamed.map_err(error::ledger)
    })
    .await
}

#[cfg(test)]
mod tests;
