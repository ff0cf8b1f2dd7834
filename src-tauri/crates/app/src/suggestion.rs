//! Suggests a workspace from what was found: repositories become services, contexts become environments.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cluster::change::Rest;
use git::network::is_local;
use serde_json::Value;
use wire::settings::PathRequest;
use wire::workspace::{
    DraftEnvironment, DraftService, FoundRepository, SuggestRequest, Suggestion, TierWord, WorkspaceDraft,
};

use crate::backend::Backend;
use crate::contexts;
use crate::error::Answer;
use crate::repository_commands::repositories_find;

/// Namespaces that never hold a team's services.
const SYSTEM: [&str; 4] = [
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "local-path-storage",
];

/// What runs in a context: names of Deployment objects, by namespace.
type Running = BTreeMap<String, BTreeSet<String>>;

/// Suggests a workspace.
pub async fn workspace_suggest(backend: &Arc<Backend>, request: SuggestRequest) -> Answer<Suggestion> {
    let mut found: Vec<FoundRepository> = Vec::new();
    for path in request.repositories {
        found.extend(repositories_find(backend, PathRequest { path }).await?);
    }
    found.retain(|repository| repository.error.is_none());
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.path == b.path);
    let mut running: Vec<(String, Running)> = Vec::new();
    for context in request.contexts {
        // A cluster that does not answer is an environment all the same; nothing is matched in it.
        let names = names(backend, &context).await.unwrap_or_default();
        running.push((context, names));
    }
    let services = services(&found, &running);
    let names: BTreeSet<&str> = services.iter().map(|service| service.name.as_str()).collect();
    let environments: Vec<DraftEnvironment> = running
        .iter()
        .map(|(context, running)| environment(context, running, &names))
        .collect();
    let runs = |name: &str, running: &Running| running.values().any(|all| all.contains(name));
    let matched = services
        .iter()
        .filter(|service| running.iter().any(|(_, one)| runs(&service.name, one)));
    let environments_matched = running
        .iter()
        .filter(|(_, one)| services.iter().any(|service| runs(&service.name, one)));
    Ok(Suggestion {
        matched_services: matched.count() as u32,
        matched_environments: environments_matched.count() as u32,
        draft: WorkspaceDraft {
            name: "Workspace".to_owned(),
            time_zone: None,
            environments,
            services,
        },
    })
}

async fn names(backend: &Arc<Backend>, context: &str) -> Result<Running, cluster::Error> {
    let clients = contexts::connect(backend, context).await?;
    let read = Rest::new(clients.read.clone(), context, clients.host());
    let mut running = Running::new();
    for item in read.list("/apis/apps/v1/deployments").await? {
        let text = |pointer: &str| {
            item.pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let namespace = text("/metadata/namespace");
        if !SYSTEM.contains(&namespace.as_str()) {
            running
                .entry(namespace)
                .or_default()
                .insert(text("/metadata/name"));
        }
    }
    Ok(running)
}

fn services(found: &[FoundRepository], running: &[(String, Running)]) -> Vec<DraftService> {
    let mut services: Vec<DraftService> = found.iter().map(of_repository).collect();
    let known: BTreeSet<String> = services.iter().map(|service| service.name.clone()).collect();
    let everything: BTreeSet<&String> = running
        .iter()
        .flat_map(|(_, running)| running.values())
        .flatten()
        .collect();
    // Without any repository, what runs is a service; with some, only they are.
    if found.is_empty() {
        services.extend(
            everything
                .into_iter()
                .filter(|name| !known.contains(*name))
                .map(|name| blank(name)),
        );
    }
    services
}

fn blank(name: &str) -> DraftService {
    DraftService {
        name: name.to_owned(),
        was: None,
        team: None,
        repository: None,
        clone: None,
        path: None,
        tags: None,
        container: None,
        depends_on: Vec::new(),
    }
}

fn of_repository(found: &FoundRepository) -> DraftService {
    let pattern = found.pattern.clone().filter(|pattern| pattern != "v{version}");
    let remote = found.remote.clone().filter(|remote| !is_local(remote));
    DraftService {
        // Without a remote elsewhere, the folder's name is all that another person could know it by.
        repository: Some(remote.unwrap_or_else(|| found.name.clone())),
        clone: Some(found.path.clone()),
        tags: pattern,
        ..blank(&found.name)
    }
}

fn environment(context: &str, running: &Running, services: &BTreeSet<&str>) -> DraftEnvironment {
    let fitting = |(namespace, names): (&String, &BTreeSet<String>)| {
        names
            .iter()
            .any(|name| services.contains(name.as_str()))
            .then(|| namespace.clone())
    };
    let mut namespaces: Vec<String> = running.iter().filter_map(fitting).collect();
    if namespaces.is_empty() {
        namespaces = running.keys().cloned().collect();
    }
    if namespaces.is_empty() {
        namespaces.push("default".to_owned());
    }
    DraftEnvironment {
        name: short(context),
        was: None,
        tier: tier(context),
        guard: false,
        cluster: short(context),
        namespaces,
        context: Some(context.to_owned()),
        verify_window: None,
        known_good_after: None,
    }
}

/// The telling part of a context's name: clouds put accounts and regions before it.
fn short(context: &str) -> String {
    context.rsplit(['/', '@']).next().unwrap_or(context).to_owned()
}

/// A name is only a guess, and the editor shows it: production where nothing says otherwise.
fn tier(context: &str) -> TierWord {
    let name = context.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["stag", "preprod", "pre-prod", "uat", "qa"]) {
        TierWord::Staging
    } else if says(&["dev", "test", "local", "kind", "minikube", "sandbox"]) {
        TierWord::Development
    } else {
        TierWord::Production
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::repository_commands::unread;

    #[test]
    fn what_a_team_commits_names_no_place_of_one_machine() {
        let table = [
            (
                Some("https://git.example/shop/checkout.git"),
                "https://git.example/shop/checkout.git",
            ),
            (Some("/srv/mirrors/checkout.git"), "checkout"),
            (Some("file:///srv/mirrors/checkout.git"), "checkout"),
            (None, "checkout"),
        ];
        for (remote, expected) in table {
            let service = of_repository(&FoundRepository {
                remote: remote.map(str::to_owned),
                ..unread(Path::new("/home/lena/checkout"))
            });
            assert_eq!(service.repository.as_deref(), Some(expected), "{remote:?}");
            assert_eq!(service.clone.as_deref(), Some("/home/lena/checkout"));
        }
    }
}
