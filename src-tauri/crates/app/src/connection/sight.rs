//! How much of a cluster is seen, by namespace: rights differ between them, and so does what is heard.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use cluster::watch::{Condition, Conditions, Scope, Watched};
use domain::ids::Namespace;
use domain::workload::{RevisionKind, WorkloadKind};
use domain::workspace::{Environment, NamespacePattern};

/// What a team is taken to run where none of its workloads is known.
const ASSUMED: WorkloadKind = WorkloadKind::Deployment;

/// How a part of a cluster is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// What is shown is what the cluster says now.
    pub live: bool,
    /// When it was last heard, where it is not live; `None`: never.
    pub heard: Option<DateTime<Utc>>,
    /// This account may not see what keeps the revisions there: then nothing can be rolled back.
    pub no_revisions: bool,
}

/// What the watch said last, and when each scope was last live.
#[derive(Default)]
pub(super) struct Sights {
    conditions: Conditions,
    heard: BTreeMap<(WorkloadKind, Scope), DateTime<Utc>>,
}

impl Sights {
    /// Takes in how the watch is now. Answers whether that is news.
    pub fn put(&mut self, conditions: Conditions, now: DateTime<Utc>) -> bool {
        self.note_heard(now);
        let news = !self.conditions.is_like(&conditions);
        self.conditions = conditions;
        self.note_heard(now);
        news
    }

    /// The watch has ended: what it said last holds no longer.
    pub fn end(&mut self, now: DateTime<Utc>) {
        self.note_heard(now);
        self.conditions = Conditions::default();
    }

    fn note_heard(&mut self, now: DateTime<Utc>) {
        for kind in WorkloadKind::ALL {
            for (scope, condition) in self.conditions.of(Watched::Workloads(*kind)) {
                let at = match condition {
                    Condition::Live => now,
                    Condition::Stale { since, .. } => *since,
                    Condition::Connecting | Condition::Refused { .. } => continue,
                };
                self.heard.insert((*kind, scope.clone()), at);
            }
        }
    }

    /// The worst of the conditions of workloads.
    pub fn worst(&self) -> Option<&Condition> {
        self.conditions.worst(Watched::Workloads(ASSUMED))
    }

    /// Whether workloads are live in some scope.
    pub fn any_live(&self) -> bool {
        let mut all = self.conditions.of(Watched::Workloads(ASSUMED));
        all.any(|(_, condition)| matches!(condition, Condition::Live))
    }

    /// The scopes in which workloads are not live.
    pub fn not_live(&self) -> impl Iterator<Item = &Scope> {
        let all = self.conditions.of(Watched::Workloads(ASSUMED));
        all.filter(|(_, condition)| !matches!(condition, Condition::Live))
            .map(|(scope, _)| scope)
    }

    /// What of revisions this account may not see in some scope, as it stands in the paths of the API.
    pub fn hidden(&self) -> Vec<&'static str> {
        let all = RevisionKind::ALL.iter().copied().map(Watched::Revisions);
        let is_hidden = |watched: &Watched| self.conditions.of(*watched).any(|(_, one)| is_hidden(one));
        all.filter(is_hidden).map(Watched::plural).collect()
    }

    /// How workloads of a kind are seen in a namespace.
    pub fn at(&self, kind: WorkloadKind, namespace: &Namespace) -> Sight {
        let heard = |scope| self.heard.get(&(kind, scope)).copied();
        Sight {
            live: self.conditions.is_live(Watched::Workloads(kind), namespace),
            heard: heard(Scope::Namespace(namespace.clone())).or_else(|| heard(Scope::Everywhere)),
            no_revisions: self
                .conditions
                .at(Watched::Revisions(kind.revisions()), namespace)
                .is_some_and(|(_, condition)| is_hidden(condition)),
        }
    }

    /// How several kinds and namespaces are seen together: as the worst of them.
    pub fn over<'n>(&self, parts: impl Iterator<Item = (WorkloadKind, &'n Namespace)>) -> Option<Sight> {
        parts
            .map(|(kind, namespace)| self.at(kind, namespace))
            .reduce(worse)
    }

    /// How everything that an environment's names and patterns may stand for is seen.
    pub fn of(&self, environment: &Environment) -> Sight {
        let (names, patterns): (Vec<_>, Vec<_>) = environment
            .namespaces
            .iter()
            .partition(|pattern| pattern.is_literal());
        let names = names.iter().map(|name| Namespace::new(name.as_str()));
        let watched = self
            .conditions
            .of(Watched::Workloads(ASSUMED))
            .map(|(scope, _)| scope);
        let heard = self.heard.keys().map(|(_, scope)| scope);
        let met = watched.chain(heard).filter_map(|scope| match scope {
            Scope::Namespace(name) => Some(name.clone()),
            Scope::Everywhere => None,
        });
        let met = met.filter(|name| matches(&patterns, name));
        let all: Vec<Namespace> = names.chain(met).collect();
        let known = self.over(all.iter().map(|name| (ASSUMED, name)));
        let rest = (!patterns.is_empty()).then(|| self.everywhere());
        known
            .into_iter()
            .chain(rest)
            .reduce(worse)
            .unwrap_or_else(|| self.everywhere())
    }

    fn everywhere(&self) -> Sight {
        let of = |watched: Watched| {
            let mut all = self.conditions.of(watched);
            all.find(|(scope, _)| **scope == Scope::Everywhere)
                .map(|(_, condition)| condition)
        };
        Sight {
            live: matches!(of(Watched::Workloads(ASSUMED)), Some(Condition::Live)),
            heard: self.heard.get(&(ASSUMED, Scope::Everywhere)).copied(),
            no_revisions: of(Watched::Revisions(ASSUMED.revisions())).is_some_and(is_hidden),
        }
    }
}

fn matches(patterns: &[&NamespacePattern], namespace: &Namespace) -> bool {
    patterns.iter().any(|pattern| pattern.matches(namespace.as_str()))
}

fn is_hidden(condition: &Condition) -> bool {
    match condition {
        Condition::Refused { problem, .. } => problem.is_refusal(),
        Condition::Connecting | Condition::Live | Condition::Stale { .. } => false,
    }
}

/// What is not live is worse than what is; of two that are not, the one that was heard earlier.
fn worse(one: Sight, other: Sight) -> Sight {
    let key = |sight: &Sight| (sight.live, sight.heard);
    Sight {
        no_revisions: one.no_revisions || other.no_revisions,
        ..if key(&other) < key(&one) { other } else { one }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::workspace::Tier;

    use super::*;

    const DEPLOYMENTS: Watched = Watched::Workloads(WorkloadKind::Deployment);
    const REPLICA_SETS: Watched = Watched::Revisions(RevisionKind::ReplicaSet);

    fn refused() -> Condition {
        Condition::Refused {
            problem: Arc::new(cluster::Error::Forbidden {
                cluster: "one".to_owned(),
                what: "listing".to_owned(),
                message: "no".to_owned(),
            }),
            next_try: DateTime::UNIX_EPOCH,
        }
    }

    fn told(parts: &[(Watched, &str, Condition)]) -> Conditions {
        let mut conditions = Conditions::default();
        for (watched, scope, condition) in parts {
            let scope = match *scope {
                "*" => Scope::Everywhere,
                name => Scope::Namespace(name.into()),
            };
            conditions.put(*watched, scope, condition.clone());
        }
        conditions
    }

    fn environment(namespaces: &[&str]) -> Environment {
        Environment {
            name: "prod".into(),
            tier: Tier::Production,
            guard: false,
            cluster: "one".into(),
            namespaces: namespaces
                .iter()
                .map(|name| NamespacePattern::new(*name))
                .collect(),
            verify_window: std::time::Duration::from_secs(1),
            known_good_after: std::time::Duration::from_secs(1),
        }
    }

    #[test]
    fn an_environment_is_seen_as_the_worst_of_its_namespaces() {
        use DEPLOYMENTS;
        let (live, refused) = (Condition::Live, refused());
        let role_in_one = vec![
            (DEPLOYMENTS, "shop", live.clone()),
            (DEPLOYMENTS, "money", refused.clone()),
        ];
        let may_not_list = vec![
            (DEPLOYMENTS, "*", refused.clone()),
            (DEPLOYMENTS, "shop", live.clone()),
        ];
        let fallen_back = vec![
            (DEPLOYMENTS, "*", live.clone()),
            (DEPLOYMENTS, "shop-eu", refused.clone()),
        ];
        let table: [(&[&str], _, bool, &str); 7] = [
            (&["shop"], &role_in_one, true, "a Role there"),
            (&["money"], &role_in_one, false, "none there"),
            (&["shop", "money"], &role_in_one, false, "the worst of both"),
            (&["shop"], &may_not_list, true, "by its own name"),
            (&["money-*"], &may_not_list, false, "what it matches is not known"),
            (&["shop-*"], &fallen_back, false, "one that it matches is refused"),
            (
                &["money-*"],
                &fallen_back,
                true,
                "it matches nothing that is there",
            ),
        ];
        for (namespaces, parts, expected, why) in table {
            let mut sights = Sights::default();
            assert!(sights.put(told(parts), DateTime::UNIX_EPOCH), "news: {why}");
            assert_eq!(sights.of(&environment(namespaces)).live, expected, "{why}");
        }
    }

    #[test]
    fn when_a_namespace_was_last_heard_is_its_own() {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap();
        let (shop, money) = ("shop".into(), "money".into());
        let mut sights = Sights::default();
        let both = told(&[
            (DEPLOYMENTS, "shop", Condition::Live),
            (DEPLOYMENTS, "money", Condition::Live),
        ]);
        sights.put(both, at(10));
        let one = told(&[
            (DEPLOYMENTS, "shop", Condition::Live),
            (DEPLOYMENTS, "money", refused()),
            (REPLICA_SETS, "money", refused()),
        ]);
        sights.put(one.clone(), at(20));
        assert!(!sights.put(one, at(90)), "the same again is no news");
        let seen = sights.at(ASSUMED, &money);
        assert_eq!((seen.live, seen.heard), (false, Some(at(20))));
        assert!(
            seen.no_revisions && !sights.at(ASSUMED, &shop).no_revisions,
            "each by itself"
        );
        sights.end(at(100));
        assert_eq!(
            sights.at(ASSUMED, &shop).heard,
            Some(at(100)),
            "live until the watch ended"
        );
        assert_eq!(sights.at(ASSUMED, &money).heard, Some(at(20)));
        assert!(!sights.at(ASSUMED, &shop).live);
    }
}
