//! Which scopes a resource is followed in, and the fallback to single namespaces.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use domain::ids::Namespace;
use domain::workspace::NamespacePattern;
use serde::Deserialize;
use tokio::task::{AbortHandle, JoinSet};

use super::follow::{Follow, NotAllowed};
use super::resource::Resource;
use super::{ClusterChange, Condition, Scope, Shared};
use crate::error::Error;

/// More named namespaces than this are cheaper to watch all at once.
const FEW: usize = 10;

/// How often new namespaces are looked for where there is no right to watch everywhere.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Follows a resource in all scopes that the patterns need, for ever.
pub(super) async fn supervise<R: Resource>(resource: R, shared: Arc<Shared>) {
    let named = literals(&shared.patterns);
    if named.len() == shared.patterns.len() && named.len() <= FEW {
        let mut running = Running::new(shared.clone());
        running.set(resource, named).await;
        return running.wait().await;
    }
    tell(resource, &shared, Scope::Everywhere, Condition::Connecting).await;
    let NotAllowed(problem) = Follow::new(resource, shared.clone(), Scope::Everywhere)
        .run()
        .await;
    // What was known of everything is now known by namespace.
    shared
        .tell(resource.replaced(Scope::Everywhere, Vec::new()))
        .await;
    let mut running = Running::new(shared.clone());
    loop {
        match visible(&shared).await {
            Ok(found) => {
                let matched = found.into_iter().filter(|name| shared.wants(name));
                running
                    .set(resource, named.iter().cloned().chain(matched).collect())
                    .await;
                tell(resource, &shared, Scope::Everywhere, Condition::Live).await;
            }
            Err(error) => {
                running.add(resource, named.clone()).await;
                let problem = if matches!(error, Error::Forbidden { .. }) {
                    problem.clone()
                } else {
                    Arc::new(error)
                };
                let next_try = Utc::now() + LOOK_AGAIN;
                tell(
                    resource,
                    &shared,
                    Scope::Everywhere,
                    Condition::Refused { problem, next_try },
                )
                .await;
            }
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn tell<R: Resource>(resource: R, shared: &Shared, scope: Scope, condition: Condition) {
    shared
        .tell(ClusterChange::Condition {
            watched: resource.watched(),
            scope,
            condition,
        })
        .await;
}

fn literals(patterns: &[NamespacePattern]) -> BTreeSet<Namespace> {
    patterns
        .iter()
        .filter(|pattern| pattern.is_literal())
        .map(|pattern| Namespace::new(pattern.as_str()))
        .collect()
}

/// The followers of single namespaces.
struct Running {
    shared: Arc<Shared>,
    tasks: JoinSet<()>,
    by_name: BTreeMap<Namespace, AbortHandle>,
}

impl Running {
    fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            tasks: JoinSet::new(),
            by_name: BTreeMap::new(),
        }
    }

    /// Follows exactly these; what is no longer there is told as empty.
    async fn set<R: Resource>(&mut self, resource: R, wanted: BTreeSet<Namespace>) {
        let over: Vec<Namespace> = self
            .by_name
            .keys()
            .filter(|name| !wanted.contains(*name))
            .cloned()
            .collect();
        for name in over {
            if let Some(task) = self.by_name.remove(&name) {
                task.abort();
            }
            let scope = Scope::Namespace(name);
            self.shared
                .tell(resource.replaced(scope.clone(), Vec::new()))
                .await;
            // A namespace that is gone is as empty as the cluster says.
            tell(resource, &self.shared, scope, Condition::Live).await;
        }
        self.add(resource, wanted).await;
    }

    /// Each is told as connecting before anything else is told: what is not listed yet is not known to be empty.
    async fn add<R: Resource>(&mut self, resource: R, wanted: BTreeSet<Namespace>) {
        for name in wanted {
            if self.by_name.contains_key(&name) {
                continue;
            }
            let scope = Scope::Namespace(name.clone());
            tell(resource, &self.shared, scope.clone(), Condition::Connecting).await;
            let follow = Follow::new(resource, self.shared.clone(), scope);
            let task = self.tasks.spawn(async move {
                follow.run().await;
            });
            self.by_name.insert(name, task);
        }
    }

    async fn wait(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

#[derive(Deserialize)]
struct Namespaces {
    items: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

/// The namespaces that we may see.
async fn visible(shared: &Shared) -> Result<Vec<Namespace>, Error> {
    let found: Namespaces = shared
        .clients
        .get("listing namespaces", "/api/v1/namespaces")
        .await?;
    Ok(found
        .items
        .into_iter()
        .map(|one| Namespace::new(one.metadata.name))
        .collect())
}
