//! What is known of a cluster, folded from the changes of its watch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::ids::Uid;

use super::conditions::Conditions;
use super::{ClusterChange, Condition, Scope, Watched};
use crate::records::{DeploymentRecord, ReplicaSetRecord};

/// Deployment objects and ReplicaSets of one cluster, as far as they are watched.
#[derive(Debug, Clone, Default)]
pub struct ClusterView {
    deployments: HashMap<Uid, (Scope, Arc<DeploymentRecord>)>,
    replica_sets: HashMap<Uid, (Scope, Arc<ReplicaSetRecord>)>,
    by_deployment: HashMap<Uid, HashSet<Uid>>,
    conditions: Conditions,
}

impl ClusterView {
    /// Takes a change in.
    pub fn apply(&mut self, change: &ClusterChange) {
        match change {
            ClusterChange::Template { .. } => {}
            ClusterChange::DeploymentsReplaced { scope, records } => {
                self.deployments.retain(|_, (of, _)| of != scope);
                let records = records
                    .iter()
                    .map(|one| (one.uid.clone(), (scope.clone(), one.clone())));
                self.deployments.extend(records);
            }
            ClusterChange::ReplicaSetsReplaced { scope, records } => {
                self.replica_sets.retain(|_, (of, _)| of != scope);
                for record in records {
                    self.replica_sets
                        .insert(record.uid.clone(), (scope.clone(), record.clone()));
                }
                self.index();
            }
            ClusterChange::Deployment { scope, record } => {
                self.deployments
                    .insert(record.uid.clone(), (scope.clone(), record.clone()));
            }
            ClusterChange::DeploymentGone { uid, .. } => {
                self.deployments.remove(uid);
            }
            ClusterChange::ReplicaSet { scope, record } => {
                self.by_deployment
                    .entry(record.deployment.clone())
                    .or_default()
                    .insert(record.uid.clone());
                self.replica_sets
                    .insert(record.uid.clone(), (scope.clone(), record.clone()));
            }
            ClusterChange::ReplicaSetGone { uid, .. } => {
                if let Some((_, record)) = self.replica_sets.remove(uid)
                    && let Some(siblings) = self.by_deployment.get_mut(&record.deployment)
                {
                    siblings.remove(uid);
                }
            }
            ClusterChange::Condition {
                watched,
                scope,
                condition,
            } => {
                self.conditions.put(*watched, scope.clone(), condition.clone());
            }
        }
    }

    /// All Deployment objects, in no order.
    pub fn deployments(&self) -> impl Iterator<Item = &Arc<DeploymentRecord>> {
        self.deployments.values().map(|(_, record)| record)
    }

    /// The Deployment objects that one scope tells of, in no order.
    pub fn deployments_in(&self, scope: &Scope) -> impl Iterator<Item = &Arc<DeploymentRecord>> {
        let its = self.deployments.values().filter(move |(of, _)| of == scope);
        its.map(|(_, record)| record)
    }

    /// The Deployment object of that uid.
    pub fn deployment(&self, uid: &Uid) -> Option<&Arc<DeploymentRecord>> {
        self.deployments.get(uid).map(|(_, record)| record)
    }

    /// How many ReplicaSets are known.
    pub fn replica_set_count(&self) -> usize {
        self.replica_sets.len()
    }

    /// The ReplicaSets of a Deployment object, by revision number, the newest last.
    pub fn replica_sets_of(&self, deployment: &Uid) -> Vec<Arc<ReplicaSetRecord>> {
        let uids = self.by_deployment.get(deployment).into_iter().flatten();
        let mut found: Vec<_> = uids
            .filter_map(|uid| self.replica_sets.get(uid))
            .map(|(_, record)| record.clone())
            .collect();
        found.sort_by_key(|record| (record.revision, record.created));
        found
    }

    /// How each part of the watch is.
    pub fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// The worst of the conditions of what is watched: refused, stale, connecting, live.
    pub fn worst(&self, watched: Watched) -> Option<&Condition> {
        self.conditions.worst(watched)
    }

    fn index(&mut self) {
        self.by_deployment.clear();
        for (_, record) in self.replica_sets.values() {
            self.by_deployment
                .entry(record.deployment.clone())
                .or_default()
                .insert(record.uid.clone());
        }
    }
}
