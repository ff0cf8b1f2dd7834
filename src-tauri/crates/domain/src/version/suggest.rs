//! Which tag patterns a repository's tags suggest, best first.

use std::collections::{BTreeMap, BTreeSet};

use super::{TagPattern, Version};

/// Names before a version that are words of their own rather than a service's.
const NO_SERVICE: [&str; 6] = ["release", "releases", "rel", "version", "ver", "tag"];

/// A pattern that fits some of the tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternSuggestion {
    /// The pattern.
    pub pattern: TagPattern,
    /// How many tags say a version by it.
    pub matches: usize,
    /// The services that its `{service}` stood for, sorted; empty for a pattern without it.
    pub services: Vec<String>,
}

/// The patterns that fit, the one that fits most tags first; ties go to the shorter pattern.
pub fn suggest<'a>(tags: impl IntoIterator<Item = &'a str>) -> Vec<PatternSuggestion> {
    let mut found: BTreeMap<Shape, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (prefix, _) in tags.into_iter().filter_map(split_at_version) {
        let (shape, service) = shape(prefix);
        let entry = found.entry(shape).or_default();
        entry.0 += 1;
        entry.1.extend(service);
    }
    let mut suggestions: Vec<_> = found
        .into_iter()
        .filter_map(|(shape, (matches, services))| suggestion(&shape, matches, &services))
        .collect();
    suggestions.sort_by(|a, b| {
        let length = |s: &PatternSuggestion| s.pattern.as_str().len();
        b.matches.cmp(&a.matches).then(length(a).cmp(&length(b)))
    });
    suggestions
}

/// What stands before the version, with a name left open.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    Literal(String),
    Service { right: String },
}

/// Cuts a tag before the first place from which the rest is a version.
fn split_at_version(tag: &str) -> Option<(&str, Version)> {
    let bytes = tag.as_bytes();
    (0..bytes.len())
        .filter(|&at| bytes[at].is_ascii_digit())
        .filter(|&at| at == 0 || !(bytes[at - 1].is_ascii_digit() || bytes[at - 1] == b'.'))
        .find_map(|at| Some((&tag[..at], tag[at..].parse().ok()?)))
}

fn shape(prefix: &str) -> (Shape, Option<&str>) {
    let bare = prefix.strip_suffix('v').unwrap_or(prefix);
    match bare.strip_suffix(['/', '-', '@', '_']) {
        Some(name) if !name.is_empty() && !NO_SERVICE.contains(&name) => (
            Shape::Service {
                right: prefix[name.len()..].to_owned(),
            },
            Some(name),
        ),
        Some(_) | None => (Shape::Literal(prefix.to_owned()), None),
    }
}

/// One name alone is written out; `{service}` is for several.
fn suggestion(shape: &Shape, matches: usize, services: &BTreeSet<&str>) -> Option<PatternSuggestion> {
    let names: Vec<&str> = services.iter().copied().collect();
    let (text, services) = match (shape, names.as_slice()) {
        (Shape::Literal(prefix), _) => (format!("{prefix}{{version}}"), Vec::new()),
        (Shape::Service { right }, [only]) => (format!("{only}{right}{{version}}"), Vec::new()),
        (Shape::Service { right }, several) => (
            format!("{{service}}{right}{{version}}"),
            several.iter().map(|name| (*name).to_owned()).collect(),
        ),
    };
    // A prefix with braces of its own can't be written as a pattern; it is not suggested.
    Some(PatternSuggestion {
        pattern: text.parse().ok()?,
        matches,
        services,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(tags: &[&str]) -> Vec<(String, usize)> {
        suggest(tags.iter().copied())
            .into_iter()
            .map(|s| (s.pattern.to_string(), s.matches))
            .collect()
    }

    #[test]
    fn the_pattern_that_fits_most_comes_first() {
        let tags = [
            "v1.0.0",
            "v1.1.0-rc.1",
            "1.0.0",
            "nightly",
            "v2.0.0+b",
            "release-1.0.0",
        ];
        assert_eq!(
            patterns(&tags),
            [
                ("v{version}".into(), 3),
                ("{version}".into(), 1),
                ("release-{version}".into(), 1)
            ]
        );
    }

    #[test]
    fn several_names_become_a_service_and_one_stays_itself() {
        let monorepo = [
            "payments/v1.0.0",
            "identity/v1.0.0",
            "identity/v1.1.0",
            "cart-2.0.0",
        ];
        let suggestions = suggest(monorepo);
        assert_eq!(suggestions[0].pattern.as_str(), "{service}/v{version}");
        assert_eq!(suggestions[0].services, ["identity", "payments"]);
        assert_eq!(suggestions[1].pattern.as_str(), "cart-{version}");
        assert!(suggestions[1].services.is_empty());
    }

    #[test]
    fn tags_without_a_version_suggest_nothing() {
        assert_eq!(
            patterns(&["nightly", "v01.2", "2024-01-01", "$(touch x)", "", "{x}1.0.0"]),
            []
        );
    }

    #[test]
    fn a_suggestion_reads_the_tags_it_came_from() {
        let tags = ["a-b/v1.0.0-rc.1", "c@2.0.0", "web_v3.0.0", "x/y/v1.0.0"];
        for suggestion in suggest(tags) {
            let read = tags.iter().filter(|tag| {
                matches!(
                    suggestion.pattern.match_tag(tag, ""),
                    super::super::TagMatch::Version(_)
                )
            });
            if suggestion.services.is_empty() {
                assert_eq!(read.count(), suggestion.matches, "{}", suggestion.pattern);
            }
        }
    }
}
