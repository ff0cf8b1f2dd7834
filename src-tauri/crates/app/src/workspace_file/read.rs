//! Reads the text of a workspace file: unknown keys are kept and warned of, a wrong value is an error with its
//! place and what would be right, an unknown `format` is refused.

use std::collections::HashSet;
use std::ops::Range;
use std::time::Duration;

use domain::ids::{EnvironmentName, ServiceName};
use domain::version::TagPattern;
use domain::workload::WorkloadKind;
use domain::workspace::{
    Environment, IssueLink, NamespacePattern, NoteSettings, Service, Tier, WorkloadReference, Workspace,
};
use toml_edit::{Document, Item, TableLike};
use wire::workspace::FileProblem;

use super::FORMAT;
use super::duration::parse_duration;
use super::place::Remarks;
use crate::markdown;

/// What a text says.
#[derive(Debug, Clone)]
pub struct Read {
    /// `None` when a remark is an error.
    pub workspace: Option<Workspace>,
    /// In the order of the file, as far as they have a place.
    pub problems: Vec<FileProblem>,
    /// The `format` that is not known, when that is what is wrong.
    pub unknown_format: Option<String>,
}

/// Reads the text of a `tidemark.toml`.
pub fn read(text: &str) -> Read {
    let mut remarks = Remarks::new(text);
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            remarks.error(
                error.span(),
                "syntax",
                error.message().lines().next().unwrap_or("TOML"),
                None,
            );
            return Read {
                workspace: None,
                problems: remarks.problems,
                unknown_format: None,
            };
        }
    };
    let mut reader = Reader { remarks };
    let root = document.as_table();
    let unknown_format = reader.format(root);
    let workspace = if unknown_format.is_none() {
        Some(reader.workspace(root))
    } else {
        None
    };
    let workspace = workspace.filter(|_| !reader.remarks.has_errors());
    let mut problems = reader.remarks.problems;
    problems.sort_by_key(|problem| (problem.line, problem.column));
    Read {
        workspace,
        problems,
        unknown_format,
    }
}

struct Reader<'a> {
    remarks: Remarks<'a>,
}

const STRING: &str = "\"text\"";
const STRINGS: &str = "[\"text\", …]";

impl Reader<'_> {
    fn format(&mut self, root: &dyn TableLike) -> Option<String> {
        let expected = FORMAT.to_string();
        match root.get("format") {
            None => {
                self.remarks.error(None, "missing", "format", Some("format = 1"));
                None
            }
            Some(item) if item.as_integer() == Some(FORMAT) => None,
            Some(item) => {
                let found = item.to_string().trim().to_owned();
                self.remarks.error(item.span(), "format", &found, Some(&expected));
                item.as_integer().map(|format| format.to_string())
            }
        }
    }

    fn workspace(&mut self, root: &dyn TableLike) -> Workspace {
        self.keys(
            root,
            &["format", "name", "time-zone", "environment", "service", "notes"],
        );
        let name = self.required(root, "name", None);
        let time_zone = self.text(root, "time-zone").filter(|zone| {
            let known = zone.parse::<chrono_tz::Tz>().is_ok();
            if !known {
                self.wrong(root, "time-zone", "Europe/Berlin");
            }
            known
        });
        let environments: Vec<Environment> = self
            .tables(root, "environment")
            .into_iter()
            .map(|table| self.environment(table))
            .collect();
        let services: Vec<Service> = self
            .tables(root, "service")
            .into_iter()
            .map(|table| self.service(table, &environments))
            .collect();
        self.unique(
            root,
            "environment",
            environments.iter().map(|environment| environment.name.as_str()),
        );
        self.unique(
            root,
            "service",
            services.iter().map(|service| service.name.as_str()),
        );
        self.known_services(root, &services);
        let notes = self.notes(root);
        Workspace {
            name,
            time_zone,
            environments,
            services,
            notes,
        }
    }

    fn environment(&mut self, table: &dyn TableLike) -> Environment {
        self.keys(
            table,
            &[
                "name",
                "tier",
                "guard",
                "cluster",
                "namespaces",
                "verify",
                "known-good",
            ],
        );
        let name = self.required(table, "name", None);
        let tier = self.tier(table);
        let cluster = self.required(table, "cluster", None);
        let namespaces = self.strings(table, "namespaces");
        if namespaces.is_empty() && !self.remarks.has_errors() {
            let span = span_of(table, "namespaces").or_else(|| span_of(table, "name"));
            self.remarks
                .error(span, "missing", "namespaces", Some("namespaces = [\"shop\"]"));
        }
        let guard = self.boolean(table, "guard");
        let verify = self.duration(table, "verify", "window", Environment::DEFAULT_VERIFY_WINDOW);
        let known_good = self.duration(
            table,
            "known-good",
            "after",
            Environment::DEFAULT_KNOWN_GOOD_AFTER,
        );
        Environment {
            name: name.into(),
            tier,
            guard,
            cluster: cluster.into(),
            namespaces: namespaces.into_iter().map(NamespacePattern::new).collect(),
            verify_window: verify,
            known_good_after: known_good,
        }
    }

    fn tier(&mut self, table: &dyn TableLike) -> Tier {
        let expected = "\"production\", \"staging\", \"development\"";
        let word = self.required(table, "tier", Some(expected));
        Tier::parse(&word).unwrap_or_else(|| {
            if !word.is_empty() {
                self.wrong(table, "tier", expected);
            }
            Tier::Production
        })
    }

    fn service(&mut self, table: &dyn TableLike, environments: &[Environment]) -> Service {
        self.keys(
            table,
            &[
                "name",
                "team",
                "repository",
                "path",
                "tags",
                "container",
                "depends-on",
                "workload",
            ],
        );
        let name = self.required(table, "name", None);
        let tags = self.tag_pattern(table);
        let workloads = self
            .tables(table, "workload")
            .into_iter()
            .map(|table| self.workload(table, environments))
            .collect();
        Service {
            name: name.into(),
            team: self.text(table, "team"),
            repository: self.text(table, "repository"),
            path: self.text(table, "path"),
            tags,
            container: self.text(table, "container"),
            depends_on: self
                .strings(table, "depends-on")
                .into_iter()
                .map(ServiceName::from)
                .collect(),
            workloads,
        }
    }

    fn tag_pattern(&mut self, table: &dyn TableLike) -> TagPattern {
        let Some(text) = self.text(table, "tags") else {
            return TagPattern::default();
        };
        text.parse::<TagPattern>().unwrap_or_else(|_| {
            self.wrong(table, "tags", "\"v{version}\", \"{service}/v{version}\"");
            TagPattern::default()
        })
    }

    fn workload(&mut self, table: &dyn TableLike, environments: &[Environment]) -> WorkloadReference {
        self.keys(table, &["environment", "namespace", "kind", "name"]);
        let environment: EnvironmentName = self.required(table, "environment", None).into();
        let known = environments.iter().any(|candidate| candidate.name == environment);
        if !known && !environment.as_str().is_empty() {
            let names: Vec<&str> = environments
                .iter()
                .map(|candidate| candidate.name.as_str())
                .collect();
            let span = span_of(table, "environment");
            let expected = names.join(", ");
            self.remarks
                .error(span, "unknown-reference", environment.as_str(), Some(&expected));
        }
        WorkloadReference {
            environment,
            namespace: self.text(table, "namespace"),
            kind: self.workload_kind(table),
            name: self.required(table, "name", None),
        }
    }

    fn workload_kind(&mut self, table: &dyn TableLike) -> WorkloadKind {
        let Some(word) = self.text(table, "kind") else {
            return WorkloadKind::Deployment;
        };
        WorkloadKind::parse(&word).unwrap_or_else(|| {
            let known: Vec<String> = WorkloadKind::ALL
                .iter()
                .map(|kind| format!("\"{kind}\""))
                .collect();
            self.wrong(table, "kind", &known.join(", "));
            WorkloadKind::Deployment
        })
    }

    fn notes(&mut self, root: &dyn TableLike) -> NoteSettings {
        let Some(table) = self.table(root, "notes") else {
            return NoteSettings::default();
        };
        self.keys(table, &["template", "issue-link"]);
        let issue_link = self.table(table, "issue-link").map(|link| {
            self.keys(link, &["pattern", "url"]);
            let pattern = self.required(link, "pattern", None);
            if markdown::pattern(&pattern).is_err() {
                self.wrong(link, "pattern", "\"PAY-(\\\\d+)\"");
            }
            let url = self.required(link, "url", None);
            if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
                self.wrong(link, "url", "\"https://…\"");
            }
            IssueLink { pattern, url }
        });
        NoteSettings {
            template: self.text(table, "template"),
            issue_link,
        }
    }

    fn duration(&mut self, table: &dyn TableLike, key: &str, inner: &str, default: Duration) -> Duration {
        let Some(settings) = self.table(table, key) else {
            return default;
        };
        self.keys(settings, &[inner]);
        let Some(text) = self.text(settings, inner) else {
            return default;
        };
        parse_duration(&text).unwrap_or_else(|| {
            self.wrong(settings, inner, "\"5m\", \"24h\", \"9d\"");
            default
        })
    }

    fn keys(&mut self, table: &dyn TableLike, known: &[&str]) {
        let unknown: Vec<(String, Option<Range<usize>>)> = table
            .iter()
            .filter(|(key, _)| !known.contains(key))
            .map(|(key, _)| (key.to_owned(), key_span(table, key)))
            .collect();
        for (key, span) in unknown {
            self.remarks
                .warning(span, "unknown-key", &key, Some(&known.join(", ")));
        }
    }

    fn text(&mut self, table: &dyn TableLike, key: &str) -> Option<String> {
        let item = table.get(key)?;
        let text = item.as_str();
        if text.is_none() {
            self.remarks.error(item.span(), "wrong-type", key, Some(STRING));
        }
        text.map(str::to_owned)
    }

    fn required(&mut self, table: &dyn TableLike, key: &str, expected: Option<&str>) -> String {
        if table.get(key).is_none() {
            let span = table.iter().find_map(|(name, _)| key_span(table, name));
            let example = expected.map_or(format!("{key} = {STRING}"), |words| format!("{key} = {words}"));
            self.remarks.error(span, "missing", key, Some(&example));
        }
        let text = self.text(table, key).unwrap_or_default();
        if text.trim().is_empty() && table.get(key).is_some_and(Item::is_str) {
            self.remarks.error(span_of(table, key), "empty", key, expected);
        }
        text
    }

    fn boolean(&mut self, table: &dyn TableLike, key: &str) -> bool {
        let Some(item) = table.get(key) else {
            return false;
        };
        item.as_bool().unwrap_or_else(|| {
            self.remarks
                .error(item.span(), "wrong-type", key, Some("true, false"));
            false
        })
    }

    fn strings(&mut self, table: &dyn TableLike, key: &str) -> Vec<String> {
        let Some(item) = table.get(key) else {
            return Vec::new();
        };
        let texts = item.as_array().and_then(|array| {
            array
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect()
        });
        texts.unwrap_or_else(|| {
            self.remarks.error(item.span(), "wrong-type", key, Some(STRINGS));
            Vec::new()
        })
    }

    fn table<'t>(&mut self, table: &'t dyn TableLike, key: &str) -> Option<&'t dyn TableLike> {
        let item = table.get(key)?;
        let inner = item.as_table_like();
        if inner.is_none() {
            self.remarks.error(item.span(), "wrong-type", key, Some("{ … }"));
        }
        inner
    }

    fn tables<'t>(&mut self, table: &'t dyn TableLike, key: &str) -> Vec<&'t dyn TableLike> {
        let Some(item) = table.get(key) else {
            return Vec::new();
        };
        match item.as_array_of_tables() {
            Some(tables) => tables.iter().map(|table| table as &dyn TableLike).collect(),
            None => {
                self.remarks
                    .error(item.span(), "wrong-type", key, Some(&format!("[[{key}]]")));
                Vec::new()
            }
        }
    }

    fn unique<'n>(&mut self, root: &dyn TableLike, key: &str, names: impl Iterator<Item = &'n str>) {
        let mut seen = HashSet::new();
        let places: Vec<Option<Range<usize>>> = self
            .tables(root, key)
            .into_iter()
            .map(|table| span_of(table, "name"))
            .collect();
        for (name, place) in names.zip(places) {
            if !name.is_empty() && !seen.insert(name.to_owned()) {
                self.remarks.error(place, "duplicate", name, None);
            }
        }
    }

    fn known_services(&mut self, root: &dyn TableLike, services: &[Service]) {
        let places: Vec<Option<Range<usize>>> = self
            .tables(root, "service")
            .into_iter()
            .map(|table| span_of(table, "depends-on"))
            .collect();
        for (service, place) in services.iter().zip(places) {
            for name in &service.depends_on {
                if !services.iter().any(|candidate| &candidate.name == name) {
                    self.remarks
                        .warning(place.clone(), "unknown-reference", name.as_str(), None);
                }
            }
        }
    }

    fn wrong(&mut self, table: &dyn TableLike, key: &str, expected: &str) {
        self.remarks
            .error(span_of(table, key), "wrong-value", key, Some(expected));
    }
}

fn span_of(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table
        .get(key)
        .and_then(Item::span)
        .or_else(|| key_span(table, key))
}

fn key_span(table: &dyn TableLike, key: &str) -> Option<Range<usize>> {
    table.key(key).and_then(toml_edit::Key::span)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = include_str!("../../tests/workspace/whole.toml");

    #[test]
    fn the_whole_file_of_the_design_is_read() {
        let read = read(WHOLE);
        assert_eq!(read.problems, vec![], "nothing in it is unknown or wrong");
        let workspace = read.workspace.unwrap();
        assert_eq!(workspace.name, "Harbor retail");
        assert_eq!(workspace.environments.len(), 2);
        let prod = &workspace.environments[0];
        assert!(prod.guard && prod.tier == Tier::Production);
        assert_eq!(prod.verify_window, Duration::from_secs(300));
        assert!(prod.namespaces[1].matches("money-eu"));
        let payments = &workspace.services[0];
        assert_eq!(payments.tags.as_str(), "payments/v{version}");
        assert_eq!(payments.workloads[0].namespace.as_deref(), Some("money-eu"));
        assert_eq!(payments.depends_on, [ServiceName::from("identity")]);
        assert_eq!(
            workspace.notes.issue_link.unwrap().url,
            "https://issues.example/PAY-$1"
        );
    }

    /// (text, code, line, column, subject)
    const WRONG: &[(&str, &str, u32, u32, &str)] = &[
        ("format = 1\nname = \n", "syntax", 2, 8, ""),
        ("name = \"a\"\n", "missing", 1, 1, "format"),
        ("format = 2\nname = \"a\"\n", "format", 1, 10, "2"),
        ("format = \"1\"\nname = \"a\"\n", "format", 1, 10, "\"1\""),
        ("format = 1\nname = 7\n", "wrong-type", 2, 8, "name"),
        ("format = 1\nname = \" \"\n", "empty", 2, 8, "name"),
        (
            "format = 1\nname = \"a\"\ntime-zone = \"Mars\"\n",
            "wrong-value",
            3,
            13,
            "time-zone",
        ),
        (
            "format = 1\nname = \"a\"\n[[environment]]\nname = \"p\"\ntier = \"prod\"\ncluster = \"c\"\nnamespaces = [\"n\"]\n",
            "wrong-value",
            5,
            8,
            "tier",
        ),
        (
            "format = 1\nname = \"a\"\nenvironment = 3\n",
            "wrong-type",
            3,
            15,
            "environment",
        ),
        (
            "format = 1\nname = \"a\"\n[[service]]\nname = \"s\"\ntags = \"none\"\n",
            "wrong-value",
            5,
            8,
            "tags",
        ),
        (
            "format = 1\nname = \"a\"\n[[service]]\nname = \"s\"\n[[service]]\nname = \"s\"\n",
            "duplicate",
            6,
            8,
            "s",
        ),
        (
            "format = 1\nname = \"ä\"\n[[service]]\nname = \"s\"\n[[service.workload]]\nenvironment = \"x\"\nname = \"s\"\n",
            "unknown-reference",
            6,
            15,
            "x",
        ),
        (
            "format = 1\nname = \"a\"\n[[environment]]\nname = \"p\"\ntier = \"production\"\ncluster = \"c\"\nnamespaces = [\"n\"]\n\
             [[service]]\nname = \"s\"\n[[service.workload]]\nenvironment = \"p\"\nkind = \"deployment\"\nname = \"s\"\n",
            "wrong-value",
            12,
            8,
            "kind",
        ),
    ];

    #[test]
    fn a_wrong_value_is_an_error_at_its_line_and_column() {
        for (text, code, line, column, subject) in WRONG {
            let read = read(text);
            assert!(read.workspace.is_none(), "{text:?} must not be usable");
            let found = &read.problems[0];
            assert_eq!(
                (found.code.as_str(), found.line, found.column),
                (*code, *line, *column),
                "{text:?}"
            );
            assert!(
                subject.is_empty() || found.subject == *subject,
                "{text:?}: {}",
                found.subject
            );
        }
    }

    #[test]
    fn what_is_empty_names_what_would_be_right_only_where_few_words_are() {
        let expected = |text: &str| read(text).problems[0].expected.clone();
        assert_eq!(expected("format = 1\nname = \"\"\n"), None);
        let tier = "format = 1\nname = \"a\"\n[[environment]]\nname = \"p\"\ntier = \"\"\ncluster = \"c\"\nnamespaces = [\"n\"]\n";
        assert!(expected(tier).is_some_and(|words| words.contains("\"staging\"")));
    }

    /// What follows from a text that is no TOML is not told beside it.
    #[test]
    fn a_text_that_cannot_be_read_has_one_remark() {
        let read = read("name = \"a\"\n[[service");
        let told: Vec<(&str, u32)> = read
            .problems
            .iter()
            .map(|problem| (problem.code.as_str(), problem.line))
            .collect();
        assert_eq!(told, [("syntax", 2)]);
    }

    #[test]
    fn an_unknown_key_is_a_warning() {
        let read = read("format = 1\nname = \"a\"\ncolour = \"red\"\n");
        assert!(read.workspace.is_some(), "unknown keys do not stop anybody");
        assert_eq!(
            (read.problems[0].code.as_str(), read.problems[0].line),
            ("unknown-key", 3)
        );
    }
}
