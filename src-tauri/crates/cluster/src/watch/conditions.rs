//! How each part of a watch is, and what that means for a namespace.

use std::collections::BTreeMap;

use domain::ids::Namespace;

use super::{Condition, Scope, Watched};

/// How each part of a watch is: what is watched, and where.
#[derive(Debug, Clone, Default)]
pub struct Conditions(BTreeMap<(Watched, Scope), Condition>);

impl Conditions {
    /// Says how a part is now.
    pub fn put(&mut self, watched: Watched, scope: Scope, condition: Condition) {
        self.0.insert((watched, scope), condition);
    }

    /// The scopes in which it is watched, each with how it is.
    pub fn of(&self, watched: Watched) -> impl Iterator<Item = (&Scope, &Condition)> {
        let its = self.0.iter().filter(move |((of, _), _)| *of == watched);
        its.map(|((_, scope), condition)| (scope, condition))
    }

    /// The scope that tells of a namespace, and how it is there: its own, else the one of all namespaces.
    pub fn at(&self, watched: Watched, namespace: &Namespace) -> Option<(&Scope, &Condition)> {
        let own = self
            .0
            .get_key_value(&(watched, Scope::Namespace(namespace.clone())));
        let found = own.or_else(|| self.0.get_key_value(&(watched, Scope::Everywhere)));
        found.map(|((_, scope), condition)| (scope, condition))
    }

    /// Whether what is known of a namespace is what the cluster says.
    pub fn is_live(&self, watched: Watched, namespace: &Namespace) -> bool {
        let found = self.at(watched, namespace);
        matches!(found, Some((_, Condition::Live)))
    }

    /// Whether each part is as well or as badly as it is there, whatever the details.
    pub fn is_like(&self, other: &Self) -> bool {
        let ranks = |of: &Self| -> Vec<_> {
            of.0.iter()
                .map(|(part, condition)| (part.clone(), condition.rank()))
                .collect()
        };
        ranks(self) == ranks(other)
    }

    /// The worst of the conditions of what is watched: refused, stale, connecting, live.
    pub fn worst(&self, watched: Watched) -> Option<&Condition> {
        self.of(watched)
            .map(|(_, condition)| condition)
            .max_by_key(|condition| condition.rank())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::Utc;
    use domain::workload::{RevisionKind, WorkloadKind};

    use super::*;
    use crate::error::Error;

    const DEPLOYMENTS: Watched = Watched::Workloads(WorkloadKind::Deployment);
    const REPLICA_SETS: Watched = Watched::Revisions(RevisionKind::ReplicaSet);

    fn refused() -> Condition {
        let problem = Arc::new(Error::Settings {
            cluster: "one".to_owned(),
            detail: "no".to_owned(),
        });
        Condition::Refused {
            problem,
            next_try: Utc::now(),
        }
    }

    #[test]
    fn a_namespace_is_as_its_own_scope_is_and_else_as_everywhere_is() {
        let everywhere = || Scope::Everywhere;
        let shop = || Scope::Namespace("shop".into());
        let money = || Scope::Namespace("money".into());
        let table = [
            (
                vec![(everywhere(), Condition::Live)],
                true,
                true,
                "one scope for all",
            ),
            (
                vec![(shop(), Condition::Live), (money(), refused())],
                true,
                false,
                "a Role in one of two",
            ),
            (
                vec![(everywhere(), refused()), (shop(), Condition::Live)],
                true,
                false,
                "a pattern beside a name, without the right to list namespaces",
            ),
            (
                vec![(everywhere(), Condition::Live), (shop(), Condition::Connecting)],
                false,
                true,
                "the first list of one is not there yet",
            ),
            (vec![], false, false, "nothing is watched"),
        ];
        for (told, in_shop, in_money, why) in table {
            let mut conditions = Conditions::default();
            for (scope, condition) in told {
                conditions.put(DEPLOYMENTS, scope, condition);
            }
            let live = ["shop", "money"].map(|name| conditions.is_live(DEPLOYMENTS, &name.into()));
            assert_eq!(live, [in_shop, in_money], "{why}");
            assert!(
                !conditions.is_live(REPLICA_SETS, &"shop".into()),
                "of ReplicaSets nothing was told"
            );
        }
    }
}
