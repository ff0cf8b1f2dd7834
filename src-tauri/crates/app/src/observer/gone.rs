//! Workloads that are gone: what ran on them has ended, when that was seen, or between two looks.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use cluster::watch::{ClusterView, Conditions, Watched};
use domain::deployment::{Deployment, Evidence, EvidenceKind, Moment, Moments};
use domain::ids::{DeploymentId, EnvironmentName, Uid, WorkspaceId};
use domain::workload::WorkloadIdentity;
use domain::workspace::NamespacePattern;
use ledger::{DeploymentFilter, Ledger};

use crate::connection::ClusterLink;
use crate::error::{self, Answer};

/// The evidence for an end that nobody saw.
const MISSING: &str = "the object is gone";

/// What a watch knows of objects that are not there.
pub(super) struct Gone {
    environments: HashSet<EnvironmentName>,
    patterns: Vec<NamespacePattern>,
    pub seen: HashSet<Uid>,
    /// What is there, and how each namespace is seen; `None`: nothing was listed anew.
    listed: Option<(HashSet<Uid>, Conditions)>,
}

/// How the end of an object is known.
enum End {
    Seen,
    Missed,
}

impl Gone {
    /// Of objects whose end was seen, and, where a list came anew, of those that are not in it.
    pub fn new(link: &ClusterLink, view: &ClusterView, seen: HashSet<Uid>, is_listed: bool) -> Self {
        let there = || view.workloads().map(|record| record.uid.clone()).collect();
        Self {
            environments: link.environments.iter().map(|one| one.name.clone()).collect(),
            patterns: link.namespaces.clone(),
            seen,
            listed: is_listed.then(|| (there(), view.conditions().clone())),
        }
    }

    /// Ends in the ledger what still runs there on objects that are gone. Answers whether there was any.
    pub fn end(&self, ledger: &Ledger, workspace: &WorkspaceId, now: DateTime<Utc>) -> Answer<bool> {
        if self.seen.is_empty() && self.listed.is_none() {
            return Ok(false);
        }
        let filter = DeploymentFilter {
            from: Some(now),
            ..DeploymentFilter::default()
        };
        let running = ledger.deployments(workspace, &filter).map_err(error::ledger)?;
        let mut ended = Vec::new();
        for deployment in running {
            let here =
                deployment.moments.ended.is_none() && self.environments.contains(&deployment.environment);
            let Some(workload) = deployment.workload.as_ref().filter(|_| here) else {
                continue;
            };
            let uid = workload.uid.clone();
            match self.of(workload) {
                None => {}
                Some(End::Seen) => {
                    ended.push(ended_at(deployment, EvidenceKind::Observed, Moment::At(now), now))
                }
                Some(End::Missed) => {
                    let last = ledger
                        .last_seen_revision(workspace, &uid)
                        .map_err(error::ledger)?;
                    let started = deployment.moments.started.and_then(Moment::earliest);
                    let at = Moment::Between {
                        earliest: last.map(|(_, at)| at).max(started).map(|at| at.min(now)),
                        latest: now,
                    };
                    ended.push(ended_at(deployment, EvidenceKind::Inferred, at, now));
                }
            }
        }
        ledger.ingest(workspace, &ended).map_err(error::ledger)?;
        Ok(!ended.is_empty())
    }

    fn of(&self, workload: &WorkloadIdentity) -> Option<End> {
        if self.seen.contains(&workload.uid) {
            return Some(End::Seen);
        }
        let (there, conditions) = self.listed.as_ref()?;
        let is_there = |uid: &Uid| there.contains(uid);
        is_missing(&self.patterns, conditions, is_there, workload).then_some(End::Missed)
    }
}

/// Only where its namespace is watched and live does an object's absence say that it is gone.
pub(super) fn is_missing(
    watched: &[NamespacePattern],
    conditions: &Conditions,
    is_there: impl Fn(&Uid) -> bool,
    workload: &WorkloadIdentity,
) -> bool {
    let namespace = &workload.namespace;
    let is_watched = watched.iter().any(|pattern| pattern.matches(namespace.as_str()));
    is_watched && conditions.is_live(Watched::Workloads(workload.kind), namespace) && !is_there(&workload.uid)
}

/// It is there after all: a list of another cluster, by a context that was bound for a while, had told otherwise.
pub(super) fn is_there(ledger: &Ledger, id: DeploymentId) -> Answer<()> {
    ledger.take_back_end(id, MISSING).map_err(error::ledger)
}

fn ended_at(deployment: Deployment, kind: EvidenceKind, at: Moment, now: DateTime<Utc>) -> Deployment {
    let moments = Moments {
        ended: Some(at),
        ..Moments::default()
    };
    let source = match kind {
        EvidenceKind::Observed => "watch",
        EvidenceKind::Recorded | EvidenceKind::Inferred | EvidenceKind::Imported => MISSING,
    };
    let evidence = Evidence {
        kind,
        source: source.to_owned(),
        seen_at: now,
        moments,
    };
    deployment.told_by(evidence)
}

#[cfg(test)]
mod tests {
    use cluster::watch::{Condition, Scope};
    use domain::workload::WorkloadKind;

    use super::*;

    #[test]
    fn only_where_it_is_watched_and_live_does_an_absence_tell_an_end() {
        let mut conditions = Conditions::default();
        let mut put = |name: &str, condition| {
            conditions.put(
                Watched::Workloads(WorkloadKind::Deployment),
                Scope::Namespace(name.into()),
                condition,
            );
        };
        put("shop", Condition::Live);
        put("money", Condition::Connecting);
        put("ops", Condition::Live);
        let there: HashSet<Uid> = HashSet::from(["there".into()]);
        let gone = |is_listed: bool| Gone {
            environments: HashSet::from(["prod".into()]),
            patterns: vec![NamespacePattern::new("shop"), NamespacePattern::new("money")],
            seen: HashSet::from(["seen".into()]),
            listed: is_listed.then(|| (there.clone(), conditions.clone())),
        };
        let table = [
            ("shop", "seen", true, Some("seen"), "the watch told of it"),
            (
                "money",
                "seen",
                false,
                Some("seen"),
                "told, whatever else is known",
            ),
            ("shop", "other", true, Some("missed"), "a list lacks it"),
            ("shop", "there", true, None, "it is there"),
            ("shop", "other", false, None, "nothing was listed"),
            ("money", "other", true, None, "its first list is not there yet"),
            ("ops", "other", true, None, "no environment is there any more"),
        ];
        for (namespace, uid, is_listed, expected, why) in table {
            let workload = WorkloadIdentity {
                kind: WorkloadKind::Deployment,
                namespace: namespace.into(),
                name: "checkout".to_owned(),
                uid: uid.into(),
            };
            let told = gone(is_listed).of(&workload).map(|end| match end {
                End::Seen => "seen",
                End::Missed => "missed",
            });
            assert_eq!(told, expected, "{why}");
        }
    }
}
