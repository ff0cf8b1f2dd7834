//! A workspace: the services and environments that a team looks at, as `tidemark.toml` says them.
//!
//! Parsing and editing the file live in `app`; here are only the words and the rules between them.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::ids::{ClusterName, EnvironmentName, ServiceName};
use crate::template::{IdentifiedVersion, PodTemplate, VersionHints, identify_version};
use crate::version::{TagPattern, Version};
use crate::workload::WorkloadKind;

/// What a team commits as `tidemark.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// The name that the title bar shows.
    pub name: String,
    /// IANA time zone for the axis; each person can choose another.
    pub time_zone: Option<String>,
    /// In the order of the file, which is the order on the screen.
    pub environments: Vec<Environment>,
    /// In the order of the file.
    pub services: Vec<Service>,
    /// How release notes are made.
    pub notes: NoteSettings,
}

impl Workspace {
    /// The environment of that name.
    pub fn environment(&self, name: &EnvironmentName) -> Option<&Environment> {
        self.environments.iter().find(|e| &e.name == name)
    }

    /// The service of that name.
    pub fn service(&self, name: &ServiceName) -> Option<&Service> {
        self.services.iter().find(|s| &s.name == name)
    }
}

/// A kube context and one or more namespaces, with a tier and a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Unique in the workspace.
    pub name: EnvironmentName,
    /// How much care it asks.
    pub tier: Tier,
    /// Every operation here asks for the gesture of level 3.
    pub guard: bool,
    /// Bound to a kube context by each person.
    pub cluster: ClusterName,
    /// Names, or patterns with `*`.
    pub namespaces: Vec<NamespacePattern>,
    /// How long a rollback is watched before its verdict.
    pub verify_window: Duration,
    /// How long a deployment must have run to count as known good.
    pub known_good_after: Duration,
}

impl Environment {
    /// Five minutes, the window of rollback.md.
    pub const DEFAULT_VERIFY_WINDOW: Duration = Duration::from_secs(5 * 60);
    /// One day.
    pub const DEFAULT_KNOWN_GOOD_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
}

/// How much care an environment asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// Where customers are.
    Production,
    /// Where releases are tried.
    Staging,
    /// Where people work.
    Development,
}

impl Tier {
    /// The word of the workspace file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
        }
    }

    /// The tier of that word, if it is one.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Production, Self::Staging, Self::Development]
            .into_iter()
            .find(|tier| tier.as_str() == word)
    }
}

/// A namespace's name, in which each `*` stands for any run of characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamespacePattern(String);

impl NamespacePattern {
    /// Wraps the text of the file.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text of the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it names exactly one namespace.
    pub fn is_literal(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether a namespace of that name belongs to it.
    pub fn matches(&self, namespace: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = namespace.strip_prefix(first) else {
            return false;
        };
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else {
            return rest.is_empty();
        };
        for part in parts {
            let Some(at) = rest.find(part) else {
                return false;
            };
            rest = &rest[at + part.len()..];
        }
        rest.len() >= last.len() && rest.ends_with(last)
    }
}

/// One microservice: a Git repository, a tag pattern, and its workloads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Unique in the workspace.
    pub name: ServiceName,
    /// To filter and group by.
    pub team: Option<String>,
    /// The identity of the repository; each person binds a clone to it.
    pub repository: Option<String>,
    /// The folder in a monorepo.
    pub path: Option<String>,
    /// Which tags are its versions.
    pub tags: TagPattern,
    /// Which container's image is the version.
    pub container: Option<String>,
    /// Services that this one calls.
    pub depends_on: Vec<ServiceName>,
    /// Named workloads; found by labels, names and images where none is named.
    pub workloads: Vec<WorkloadReference>,
}

impl Service {
    /// Which version a template of it runs, by what the workspace says of the service, the digests of its known releases,
    /// and the one that a pod of the template told.
    pub fn identify(
        &self,
        template: &PodTemplate,
        releases: &BTreeMap<String, Version>,
        pod_digest: Option<&str>,
    ) -> IdentifiedVersion {
        let hints = VersionHints {
            service: self.name.as_str(),
            container: self.container.as_deref(),
            repository: self.repository.as_deref(),
            tags: Some(&self.tags),
            digests: Some(releases),
            pod_digest,
            gitops: None,
        };
        identify_version(template, &hints)
    }
}

/// A workload named in the workspace file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkloadReference {
    /// Where it runs.
    pub environment: EnvironmentName,
    /// Its namespace; the environment's when absent.
    pub namespace: Option<String>,
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its object name.
    pub name: String,
}

/// How release notes are made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteSettings {
    /// A Markdown file in the repository of the workspace file.
    pub template: Option<String>,
    /// Turns an issue's key in a text into a link.
    pub issue_link: Option<IssueLink>,
}

/// A regular expression and the address that its groups fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueLink {
    /// As the crate `regex` reads it.
    pub pattern: String,
    /// With `$1` for the first group; a link for a person to click, never fetched.
    pub url: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespace_patterns_match_as_globs() {
        let cases = [
            ("shop", "shop", true),
            ("shop", "shop-eu", false),
            ("money-*", "money-eu", true),
            ("money-*", "money", false),
            ("*", "anything", true),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
            ("*-eu", "shop-eu", true),
            ("ab*ba", "aba", false),
        ];
        for (pattern, namespace, expected) in cases {
            let found = NamespacePattern::new(pattern).matches(namespace);
            assert_eq!(found, expected, "{pattern} against {namespace}");
        }
    }
}
