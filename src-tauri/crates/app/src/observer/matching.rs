//! Which service a Deployment object runs, and in which environment: named in the workspace, else found by labels, name
//! and image, and by namespace.

use std::cmp::Reverse;

use cluster::records::WorkloadRecord;
use domain::template::ImageReference;
use domain::workspace::{Environment, NamespacePattern, Service, WorkloadReference, Workspace};

/// The names and patterns of the namespaces in which a workspace's environments have workloads: their own, and those that
/// services name beside them.
pub(crate) fn namespaces(workspace: &Workspace, environments: &[Environment]) -> Vec<NamespacePattern> {
    let mut all: Vec<NamespacePattern> = environments
        .iter()
        .flat_map(|environment| environment.namespaces.clone())
        .collect();
    let named = workspace.services.iter().flat_map(|service| &service.workloads);
    for named in named {
        let is_here = environments
            .iter()
            .any(|environment| environment.name == named.environment);
        let Some(namespace) = named.namespace.as_deref().filter(|_| is_here) else {
            continue;
        };
        if !all.iter().any(|pattern| pattern.matches(namespace)) {
            all.push(NamespacePattern::new(namespace));
        }
    }
    all
}

/// The service and the environment of a Deployment object, if it is one of the workspace's.
///
/// A workload that a service names with its namespace stands where it is named. Else the environment counts that says most
/// of its namespace: by name, by the longer pattern, the first of several.
pub(super) fn place_of<'w>(
    workspace: &'w Workspace,
    environments: &'w [Environment],
    record: &WorkloadRecord,
    images: &[String],
) -> Option<(&'w Service, &'w Environment)> {
    let names = |environment: &&Environment| {
        let named = workspace.services.iter().flat_map(|service| &service.workloads);
        let mut whole = named.filter(|named| named.namespace.is_some());
        whole.any(|named| is_named(named, environment, record))
    };
    let said = |environment: &Environment| {
        let matching = environment.namespaces.iter();
        let matching = matching.filter(|pattern| pattern.matches(record.namespace.as_str()));
        matching
            .map(|pattern| (pattern.is_literal(), pattern.as_str().len()))
            .max()
    };
    let by_namespace = || {
        let all = environments
            .iter()
            .filter(|environment| said(environment).is_some());
        all.min_by_key(|environment| Reverse(said(environment)))
    };
    let environment = environments.iter().find(names).or_else(by_namespace)?;
    Some((service_of(workspace, environment, record, images)?, environment))
}

/// The service of a Deployment object, if it is one of the workspace's.
///
/// A service that names its workloads in this environment is found by nothing else there.
fn service_of<'w>(
    workspace: &'w Workspace,
    environment: &Environment,
    record: &WorkloadRecord,
    images: &[String],
) -> Option<&'w Service> {
    let named = |service: &&Service| {
        service
            .workloads
            .iter()
            .any(|named| is_named(named, environment, record))
    };
    if let Some(service) = workspace.services.iter().find(named) {
        return Some(service);
    }
    let open = || {
        workspace.services.iter().filter(|service| {
            !service
                .workloads
                .iter()
                .any(|named| named.environment == environment.name)
        })
    };
    let label = |key: &str| record.labels.get(key).map(AsRef::as_ref);
    let labels = ["app.kubernetes.io/name", "app", "k8s-app"].map(label);
    let by_label = open().find(|service| labels.contains(&Some(service.name.as_str())));
    by_label
        .or_else(|| open().find(|service| *record.name == *service.name.as_str()))
        .or_else(|| open().find(|service| images.iter().any(|image| is_image_of(image, service))))
}

/// Without a namespace it is meant in those of its environment.
fn is_named(named: &WorkloadReference, environment: &Environment, record: &WorkloadRecord) -> bool {
    let namespace = record.namespace.as_str();
    let is_there = match named.namespace.as_deref() {
        Some(named) => named == namespace,
        None => environment
            .namespaces
            .iter()
            .any(|pattern| pattern.matches(namespace)),
    };
    is_there
        && named.environment == environment.name
        && named.kind == record.kind
        && *named.name == *record.name
}

/// The last part of the image's repository is the service's name.
fn is_image_of(image: &str, service: &Service) -> bool {
    ImageReference::parse(image)
        .is_ok_and(|image| image.repository.rsplit('/').next() == Some(service.name.as_str()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;
    use cluster::records::{OwnerMarks, Rollout, Strategy};
    use domain::version::TagPattern;
    use domain::workload::WorkloadKind;
    use domain::workspace::{NoteSettings, Tier};

    use super::*;

    fn record(namespace: &str, name: &str) -> WorkloadRecord {
        WorkloadRecord {
            kind: WorkloadKind::Deployment,
            uid: "u".into(),
            namespace: namespace.into(),
            name: name.into(),
            resource_version: "1".into(),
            generation: 1,
            created: DateTime::UNIX_EPOCH,
            deleting: false,
            labels: Default::default(),
            owner: OwnerMarks::default(),
            revision: Some(1),
            change_cause: None,
            operation: None,
            managers: Vec::new(),
            selector: "app=checkout".into(),
            template: "t".into(),
            paused: false,
            strategy: Strategy::Rolling,
            rollout: Rollout {
                wanted: 1,
                ..Rollout::default()
            },
        }
    }

    fn environment(name: &str, namespaces: &[&str]) -> Environment {
        Environment {
            name: name.into(),
            tier: Tier::Staging,
            guard: false,
            cluster: "one".into(),
            namespaces: namespaces
                .iter()
                .map(|name| NamespacePattern::new(*name))
                .collect(),
            verify_window: Duration::from_secs(1),
            known_good_after: Duration::from_secs(1),
        }
    }

    fn workspace(environments: Vec<Environment>, named: &[(&str, Option<&str>, &str)]) -> Workspace {
        let workloads = named
            .iter()
            .map(|(environment, namespace, name)| WorkloadReference {
                environment: (*environment).into(),
                namespace: namespace.map(str::to_owned),
                kind: WorkloadKind::Deployment,
                name: (*name).to_owned(),
            });
        Workspace {
            environments,
            services: vec![Service {
                name: "checkout".into(),
                team: None,
                repository: None,
                path: None,
                tags: TagPattern::default(),
                container: None,
                depends_on: Vec::new(),
                workloads: workloads.collect(),
            }],
            name: "Shop".to_owned(),
            time_zone: None,
            notes: NoteSettings::default(),
        }
    }

    #[test]
    fn a_workload_stands_in_the_environment_that_says_most_of_it() {
        type Named<'a> = &'a [(&'a str, Option<&'a str>, &'a str)];
        type Environments<'a> = &'a [(&'a str, &'a [&'a str])];
        type Case<'a> = (
            Environments<'a>,
            Named<'a>,
            (&'a str, &'a str),
            Option<&'a str>,
            &'a str,
        );
        let table: [Case<'_>; 9] = [
            (
                &[("prod", &["*"]), ("staging", &["shop-staging"])],
                &[],
                ("shop-staging", "checkout"),
                Some("staging"),
                "a name before a pattern, whatever comes first in the file",
            ),
            (
                &[("prod", &["*"]), ("staging", &["shop-staging"])],
                &[],
                ("shop", "checkout"),
                Some("prod"),
                "the pattern takes the rest",
            ),
            (
                &[("prod", &["*"]), ("staging", &["*-staging"])],
                &[],
                ("shop-staging", "checkout"),
                Some("staging"),
                "the longer of two patterns",
            ),
            (
                &[("one", &["shop"]), ("two", &["shop"])],
                &[],
                ("shop", "checkout"),
                Some("one"),
                "the first of two that say the same",
            ),
            (
                &[("prod", &["shop"]), ("staging", &["shop-*"])],
                &[("staging", Some("shop"), "checkout-next")],
                ("shop", "checkout-next"),
                Some("staging"),
                "where it is named with its namespace",
            ),
            (
                &[("prod", &["shop"])],
                &[("prod", Some("money"), "checkout")],
                ("money", "checkout"),
                Some("prod"),
                "named outside of the namespaces of its environment",
            ),
            (
                &[("prod", &["*"]), ("staging", &["shop-staging"])],
                &[("prod", None, "checkout")],
                ("shop-staging", "checkout"),
                Some("staging"),
                "named without a namespace: in those of its environment, which is another here",
            ),
            (
                &[("prod", &["shop"])],
                &[("prod", Some("shop"), "checkout-web")],
                ("shop", "checkout"),
                None,
                "a service that names its workloads is found by nothing else",
            ),
            (
                &[("prod", &["shop"])],
                &[],
                ("money", "checkout"),
                None,
                "nobody's namespace",
            ),
        ];
        for (environments, named, (namespace, name), expected, why) in table {
            let environments = environments.iter();
            let environments = environments
                .map(|(name, namespaces)| environment(name, namespaces))
                .collect();
            let workspace = workspace(environments, named);
            let record = record(namespace, name);
            let found = place_of(&workspace, &workspace.environments, &record, &[]);
            assert_eq!(
                found.map(|(_, environment)| environment.name.as_str()),
                expected,
                "{why}"
            );
        }
    }

    #[test]
    fn a_namespace_that_only_a_workload_names_is_watched_as_well() {
        let named = [
            ("prod", Some("money"), "checkout"),
            ("elsewhere", Some("ops"), "checkout"),
        ];
        let workspace = workspace(vec![environment("prod", &["shop-*"])], &named);
        let watched = namespaces(&workspace, &workspace.environments);
        let watched: Vec<&str> = watched.iter().map(NamespacePattern::as_str).collect();
        assert_eq!(
            watched,
            ["shop-*", "money"],
            "not those of another cluster's environments"
        );
    }
}
