//! What is known of a cluster, folded from the changes of its watch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use domain::ids::Uid;
use domain::workload::WorkloadKind;

use super::conditions::Conditions;
use super::{ClusterChange, Condition, Scope, Watched};
use crate::records::{RevisionRecord, WorkloadRecord};

/// Workloads and revisions of one cluster, as far as they are watched.
#[derive(Debug, Clone, Default)]
pub struct ClusterView {
    workloads: HashMap<Uid, (Scope, Arc<WorkloadRecord>)>,
    revisions: HashMap<Uid, (Scope, Arc<RevisionRecord>)>,
    by_workload: HashMap<Uid, HashSet<Uid>>,
    conditions: Conditions,
}

impl ClusterView {
    /// Takes a change in.
    pub fn apply(&mut self, change: &ClusterChange) {
        match change {
            ClusterChange::Template { .. } => {}
            ClusterChange::WorkloadsReplaced { kind, scope, records } => {
                self.workloads
                    .retain(|_, (of, record)| (&*of, record.kind) != (scope, *kind));
                let records = records
                    .iter()
                    .map(|one| (one.uid.clone(), (scope.clone(), one.clone())));
                self.workloads.extend(records);
            }
            ClusterChange::RevisionsReplaced { kind, scope, records } => {
                self.revisions
                    .retain(|_, (of, record)| (&*of, record.kind) != (scope, *kind));
                for record in records {
                    self.revisions
                        .insert(record.uid.clone(), (scope.clone(), record.clone()));
                }
                self.index();
            }
            ClusterChange::Workload { scope, record } => {
                self.workloads
                    .insert(record.uid.clone(), (scope.clone(), record.clone()));
            }
            ClusterChange::WorkloadGone { uid, .. } => {
                self.workloads.remove(uid);
            }
            ClusterChange::Revision { scope, record } => {
                self.by_workload
                    .entry(record.workload.clone())
                    .or_default()
                    .insert(record.uid.clone());
                self.revisions
                    .insert(record.uid.clone(), (scope.clone(), record.clone()));
            }
            ClusterChange::RevisionGone { uid, .. } => {
                if let Some((_, record)) = self.revisions.remove(uid)
                    && let Some(siblings) = self.by_workload.get_mut(&record.workload)
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

    /// All workloads, in no order.
    pub fn workloads(&self) -> impl Iterator<Item = &Arc<WorkloadRecord>> {
        self.workloads.values().map(|(_, record)| record)
    }

    /// The workloads of a kind that one scope tells of, in no order.
    pub fn workloads_in(
        &self,
        kind: WorkloadKind,
        scope: &Scope,
    ) -> impl Iterator<Item = &Arc<WorkloadRecord>> {
        let its = self
            .workloads
            .values()
            .filter(move |(of, record)| of == scope && record.kind == kind);
        its.map(|(_, record)| record)
    }

    /// The workload of that uid.
    pub fn workload(&self, uid: &Uid) -> Option<&Arc<WorkloadRecord>> {
        self.workloads.get(uid).map(|(_, record)| record)
    }

    /// How many revisions are known.
    pub fn revision_count(&self) -> usize {
        self.revisions.len()
    }

    /// The revisions of a workload, by number, the newest last.
    pub fn revisions_of(&self, workload: &Uid) -> Vec<Arc<RevisionRecord>> {
        let uids = self.by_workload.get(workload).into_iter().flatten();
        let mut found: Vec<_> = uids
            .filter_map(|uid| self.revisions.get(uid))
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
        self.by_workload.clear();
        for (_, record) in self.revisions.values() {
            self.by_workload
                .entry(record.workload.clone())
                .or_default()
                .insert(record.uid.clone());
        }
    }
}
