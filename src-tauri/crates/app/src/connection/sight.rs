//! How much of a cluster is seen, by namespace: rights differ between them, and so does what is heard.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use cluster::watch::{Condition, Conditions, Scope, Watched};
use domain::ids::Namespace;
use domain::workspace::{Environment, NamespacePattern};

/// How a part of a cluster is seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    /// What is shown is what the cluster says now.
    pub live: bool,
    /// When it was last heard, where it is not live; `None`: never.
    pub heard: Option<DateTime<Utc>>,
    /// This account may not see ReplicaSets there: then nothing can be rolled back.
    pub no_replica_sets: bool,
}

/// What the watch said last, and when each scope was last live.
#[derive(Default)]
pub(super) struct Sights {
    conditions: Conditions,
    heard: BTreeMap<Scope, DateTime<Utc>>,
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
        for (scope, condition) in self.conditions.of(Watched::Deployments) {
            let at = match condition {
                Condition::Live => now,
                Condition::Stale { since, .. } => *since,
                Condition::Connecting | Condition::Refused { .. } => continue,
            };
            self.heard.insert(scope.clone(), at);
        }
    }

    /// The worst of the conditions of Deployment objects.
    pub fn worst(&self) -> Option<&Condition> {
        self.conditions.worst(Watched::Deployments)
    }

    /// Whether Deployment objects are live in some scope.
    pub fn any_live(&self) -> bool {
        let mut all = self.conditions.of(Watched::Deployments);
        all.any(|(_, condition)| matches!(condition, Condition::Live))
    }

    /// The scopes in which Deployment objects are not live.
    pub fn not_live(&self) -> impl Iterator<Item = &Scope> {
        let all = self.conditions.of(Watched::Deployments);
        all.filter(|(_, condition)| !matches!(condition, Condition::Live))
            .map(|(scope, _)| scope)
    }

    /// Whether this account may not see the ReplicaSets of some scope.
    pub fn hides_replica_sets(&self) -> bool {
        let mut all = self.conditions.of(Watched::ReplicaSets);
        all.any(|(_, condition)| is_hidden(condition))
    }

    /// How a namespace is seen.
    pub fn at(&self, namespace: &Namespace) -> Sight {
        let heard = self.heard.get(&Scope::Namespace(namespace.clone()));
        Sight {
            live: self.conditions.is_live(Watched::Deployments, namespace),
            heard: heard.or_else(|| self.heard.get(&Scope::Everywhere)).copied(),
            no_replica_sets: self
                .conditions
                .at(Watched::ReplicaSets, namespace)
                .is_some_and(|(_, condition)| is_hidden(condition)),
        }
    }

    /// How several namespaces are seen together: as the worst of them.
    pub fn over<'n>(&self, namespaces: impl Iterator<Item = &'n Namespace>) -> Option<Sight> {
        namespaces.map(|namespace| self.at(namespace)).reduce(worse)
    }

    /// How everything that an environment's names and patterns may stand for is seen.
    pub fn of(&self, environment: &Environment) -> Sight {
        let (names, patterns): (Vec<_>, Vec<_>) = environment
            .namespaces
            .iter()
            .partition(|pattern| pattern.is_literal());
        let names = names.iter().map(|name| Namespace::new(name.as_str()));
        let watched = self.conditions.of(Watched::Deployments).map(|(scope, _)| scope);
        let met = watched.chain(self.heard.keys()).filter_map(|scope| match scope {
            Scope::Namespace(name) => Some(name.clone()),
            Scope::Everywhere => None,
        });
        let met = met.filter(|name| matches(&patterns, name));
        let known = self.over(names.chain(met).collect::<Vec<_>>().iter());
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
            live: matches!(of(Watched::Deployments), Some(Condition::Live)),
            heard: self.heard.get(&Scope::Everywhere).copied(),
            no_replica_sets: of(Watched::ReplicaSets).is_some_and(is_hidden),
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
        no_replica_sets: one.no_replica_sets || other.no_replica_sets,
        ..if key(&other) < key(&one) { other } else { one }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use domain::workspace::Tier;

    use super::*;

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
        use Watched::Deployments;
        let (live, refused) = (Condition::Live, refused());
        let role_in_one = vec![
            (Deployments, "shop", live.clone()),
            (Deployments, "money", refused.clone()),
        ];
        let may_not_list = vec![
            (Deployments, "*", refused.clone()),
            (Deployments, "shop", live.clone()),
        ];
        let fallen_back = vec![
            (Deployments, "*", live.clone()),
            (Deployments, "shop-eu", refused.clone()),
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
            (Watched::Deployments, "shop", Condition::Live),
            (Watched::Deployments, "money", Condition::Live),
        ]);
        sights.put(both, at(10));
        let one = told(&[
            (Watched::Deployments, "shop", Condition::Live),
            (Watched::Deployments, "money", refused()),
            (Watched::ReplicaSets, "money", refused()),
        ]);
        sights.put(one.clone(), at(20));
        assert!(!sights.put(one, at(90)), "the same again is no news");
        let seen = sights.at(&money);
        assert_eq!((seen.live, seen.heard), (false, Some(at(20))));
        assert!(
            seen.no_replica_sets && !sights.at(&shop).no_replica_sets,
            "each by itself"
        );
        sights.end(at(100));
        assert_eq!(
            sights.at(&shop).heard,
            Some(at(100)),
            "live until the watch ended"
        );
        assert_eq!(sights.at(&money).heard, Some(at(20)));
        assert!(!sights.at(&shop).live);
    }
}
