//! The tag pattern: `v{version}`, `{service}/v{version}`, `{service}-{version}`, or a team's own.

use std::fmt;
use std::str::FromStr;

use super::Version;

const VERSION: &str = "{version}";
const SERVICE: &str = "{service}";

/// How a service's tags say its versions. Holds exactly one `{version}` and at most one `{service}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagPattern {
    text: String,
    before: Side,
    after: Side,
}

/// What stands on one side of `{version}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Side {
    Literal(String),
    WithService { left: String, right: String },
}

/// What a tag's name is for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagMatch {
    /// A version of this service.
    Version(Version),
    /// No version: shown, in order of time.
    Unversioned,
    /// A version of another service in the same repository: not this service's.
    Foreign,
}

/// Why a text is no tag pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTagPattern {
    /// `{version}` is missing.
    #[error("the tag pattern \"{0}\" has no {VERSION}; write for example v{VERSION}")]
    NoVersion(String),
    /// A placeholder stands there more than once.
    #[error("the tag pattern \"{pattern}\" has {placeholder} more than once; keep one")]
    Repeated {
        /// The whole pattern.
        pattern: String,
        /// The placeholder that is repeated.
        placeholder: &'static str,
    },
    /// The two placeholders touch, so that nobody could tell where one ends.
    #[error(
        "the tag pattern \"{0}\" needs something between {SERVICE} and {VERSION}, for example {SERVICE}/v{VERSION}"
    )]
    Touching(String),
    /// Braces with something else in them.
    #[error("the tag pattern \"{0}\" has braces that are neither {VERSION} nor {SERVICE}")]
    UnknownPlaceholder(String),
    /// Text that no Git tag can contain.
    #[error("the tag pattern \"{pattern}\" can match no tag: Git allows no {what} in a name")]
    ImpossibleName {
        /// The whole pattern.
        pattern: String,
        /// What Git does not allow.
        what: String,
    },
}

impl Default for TagPattern {
    fn default() -> Self {
        "v{version}"
            .parse()
            .expect("because the default pattern is valid")
    }
}

impl TagPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Says what `tag` (a name below `refs/tags/`) is for `service`.
    ///
    /// For a pattern without `{service}`, whose text itself names the service (`payments/v{version}`),
    /// a tag of the same shape with another name (`identity/v1.0.0`) is foreign as well.
    pub fn match_tag(&self, tag: &str, service: &str) -> TagMatch {
        if let Some(version) = self.own_version(tag, service) {
            return TagMatch::Version(version);
        }
        if self.is_version_of_another(tag) {
            TagMatch::Foreign
        } else {
            TagMatch::Unversioned
        }
    }

    /// The name of the tag that says `version` of `service`.
    pub fn tag_name(&self, version: &Version, service: &str) -> String {
        format!(
            "{}{version}{}",
            self.before.with(service),
            self.after.with(service)
        )
    }

    fn own_version(&self, tag: &str, service: &str) -> Option<Version> {
        tag.strip_prefix(self.before.with(service).as_str())?
            .strip_suffix(self.after.with(service).as_str())?
            .parse()
            .ok()
    }

    fn is_version_of_another(&self, tag: &str) -> bool {
        match (self.before.opened(), &self.after) {
            (Side::WithService { left, right }, Side::Literal(after)) => {
                let middle = tag
                    .strip_prefix(left.as_str())
                    .and_then(|rest| rest.strip_suffix(after.as_str()));
                middle.is_some_and(|middle| {
                    splits(middle, &right).any(|(name, rest)| !name.is_empty() && is_version(rest))
                })
            }
            (Side::Literal(before), Side::WithService { left, right }) => {
                let middle = tag
                    .strip_prefix(before.as_str())
                    .and_then(|rest| rest.strip_suffix(right.as_str()));
                middle.is_some_and(|middle| {
                    splits(middle, left).any(|(rest, name)| !name.is_empty() && is_version(rest))
                })
            }
            (Side::Literal(_), Side::Literal(_)) => false,
            (Side::WithService { .. }, Side::WithService { .. }) => false,
        }
    }
}

impl Side {
    fn with(&self, service: &str) -> String {
        match self {
            Side::Literal(text) => text.clone(),
            Side::WithService { left, right } => format!("{left}{service}{right}"),
        }
    }

    /// A literal such as `payments/v` names a service as well: the same with that name left open.
    fn opened(&self) -> Side {
        let Side::Literal(text) = self else {
            return self.clone();
        };
        match text.rfind('/') {
            Some(at) if at > 0 => Side::WithService {
                left: String::new(),
                right: text[at..].to_owned(),
            },
            Some(_) | None => self.clone(),
        }
    }
}

impl FromStr for TagPattern {
    type Err = InvalidTagPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let whole = || text.to_owned();
        refuse_repeated(text, VERSION)?;
        refuse_repeated(text, SERVICE)?;
        let (before, after) = text
            .split_once(VERSION)
            .ok_or_else(|| InvalidTagPattern::NoVersion(whole()))?;
        if before.ends_with(SERVICE) || after.starts_with(SERVICE) {
            return Err(InvalidTagPattern::Touching(whole()));
        }
        let (before, after) = (side(before), side(after));
        for literal in before.literals().chain(after.literals()) {
            if literal.contains(['{', '}']) {
                return Err(InvalidTagPattern::UnknownPlaceholder(whole()));
            }
        }
        refuse_impossible_name(text)?;
        Ok(TagPattern {
            text: whole(),
            before,
            after,
        })
    }
}

impl Side {
    fn literals(&self) -> impl Iterator<Item = &str> {
        match self {
            Side::Literal(text) => [text.as_str(), ""].into_iter(),
            Side::WithService { left, right } => [left.as_str(), right.as_str()].into_iter(),
        }
    }
}

fn side(text: &str) -> Side {
    match text.split_once(SERVICE) {
        None => Side::Literal(text.to_owned()),
        Some((left, right)) => Side::WithService {
            left: left.to_owned(),
            right: right.to_owned(),
        },
    }
}

fn refuse_repeated(text: &str, placeholder: &'static str) -> Result<(), InvalidTagPattern> {
    if text.matches(placeholder).count() > 1 {
        return Err(InvalidTagPattern::Repeated {
            pattern: text.to_owned(),
            placeholder,
        });
    }
    Ok(())
}

/// The rules of git-check-ref-format(1) that a pattern can break, tried on an example.
fn refuse_impossible_name(pattern: &str) -> Result<(), InvalidTagPattern> {
    let example = pattern.replace(VERSION, "1.0.0").replace(SERVICE, "service");
    let refuse = |what: &str| {
        Err(InvalidTagPattern::ImpossibleName {
            pattern: pattern.to_owned(),
            what: what.to_owned(),
        })
    };
    if let Some(bad) = example
        .chars()
        .find(|c| c.is_ascii_control() || " ~^:?*[\\".contains(*c))
    {
        return refuse(&format!("{bad:?}"));
    }
    for sequence in ["..", "//", "@{"] {
        if example.contains(sequence) {
            return refuse(&format!("\"{sequence}\""));
        }
    }
    if example
        .split('/')
        .any(|part| part.is_empty() || part.starts_with('.') || part.ends_with(".lock"))
    {
        return refuse("part between slashes that is empty, starts with \".\" or ends with \".lock\"");
    }
    if example.ends_with('.') {
        return refuse("\".\" at the end");
    }
    Ok(())
}

/// All ways to cut `text` at `separator`.
fn splits<'a>(text: &'a str, separator: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    text.match_indices(separator)
        .map(move |(at, found)| (&text[..at], &text[at + found.len()..]))
}

fn is_version(text: &str) -> bool {
    text.parse::<Version>().is_ok()
}

impl fmt::Display for TagPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pattern: &str, tag: &str) -> String {
        match pattern.parse::<TagPattern>().unwrap().match_tag(tag, "payments") {
            TagMatch::Version(version) => version.to_string(),
            TagMatch::Unversioned => "unversioned".into(),
            TagMatch::Foreign => "foreign".into(),
        }
    }

    #[test]
    fn tags_are_read_by_their_pattern() {
        for (pattern, tag, expected) in [
            ("v{version}", "v1.2.3", "1.2.3"),
            ("v{version}", "v1.0.0+b", "1.0.0+b"),
            ("v{version}", "v2.0.0-rc.1", "2.0.0-rc.1"),
            ("v{version}", "1.2.3", "unversioned"),
            ("v{version}", "v01.2", "unversioned"),
            ("v{version}", "identity/v1.2.3", "unversioned"),
            ("v{version}", "nightly", "unversioned"),
            ("{service}/v{version}", "payments/v1.2.3", "1.2.3"),
            ("{service}/v{version}", "identity/v1.2.3", "foreign"),
            ("{service}/v{version}", "identity/latest", "unversioned"),
            ("{service}/v{version}", "v1.2.3", "unversioned"),
            ("{service}-{version}", "payments-1.2.3-rc.1", "1.2.3-rc.1"),
            ("{service}-{version}", "payments-api-1.2.3", "foreign"),
            ("{service}-{version}", "api-payments-1.2.3", "foreign"),
            ("{service}-{version}", "build-20240101", "unversioned"),
            ("payments/v{version}", "payments/v3.0.0", "3.0.0"),
            ("payments/v{version}", "identity/v3.0.0", "foreign"),
            ("payments/v{version}", "v3.0.0", "unversioned"),
            ("{version}@{service}", "1.2.3@payments", "1.2.3"),
            ("{version}@{service}", "1.2.3@identity", "foreign"),
            ("release-{version}-final", "release-1.2.3-final", "1.2.3"),
        ] {
            assert_eq!(said(pattern, tag), expected, "{tag} by {pattern}");
        }
    }

    #[test]
    fn hostile_names_are_only_text() {
        // Faults 37, 38 and 43.
        for tag in [
            "$(touch x)",
            "--upload-pack=x",
            "<img onerror=x>",
            "v",
            "",
            "🚀",
            &format!("v{}", "9".repeat(400)),
        ] {
            assert_eq!(said("v{version}", tag), "unversioned", "{tag}");
            assert_eq!(said("{service}-{version}", tag), "unversioned", "{tag}");
        }
    }

    #[test]
    fn a_wrong_pattern_is_refused_by_its_own_name() {
        let error = |text: &str| text.parse::<TagPattern>().unwrap_err();
        assert!(matches!(error("v"), InvalidTagPattern::NoVersion(_)));
        assert!(matches!(
            error("{version}{version}"),
            InvalidTagPattern::Repeated {
                placeholder: VERSION,
                ..
            }
        ));
        assert!(matches!(
            error("{service}/{service}/{version}"),
            InvalidTagPattern::Repeated {
                placeholder: SERVICE,
                ..
            }
        ));
        assert!(matches!(
            error("{service}{version}"),
            InvalidTagPattern::Touching(_)
        ));
        assert!(matches!(
            error("{version}{service}"),
            InvalidTagPattern::Touching(_)
        ));
        assert!(matches!(
            error("{team}/{version}"),
            InvalidTagPattern::UnknownPlaceholder(_)
        ));
        for impossible in [
            "v {version}",
            "v*{version}",
            "a..{version}",
            "/{version}",
            "{version}.lock",
            ".{version}",
            "a:{version}",
        ] {
            assert!(
                matches!(error(impossible), InvalidTagPattern::ImpossibleName { .. }),
                "{impossible}"
            );
        }
        assert_eq!(
            error("v").to_string(),
            "the tag pattern \"v\" has no {version}; write for example v{version}"
        );
    }

    #[test]
    fn the_name_of_a_version_is_read_back() {
        let version: Version = "1.2.3-rc.1+7".parse().unwrap();
        for pattern in [
            "v{version}",
            "{service}/v{version}",
            "{service}-{version}",
            "x-{version}-y",
            "{version}-of-{service}",
        ] {
            let parsed: TagPattern = pattern.parse().unwrap();
            let name = parsed.tag_name(&version, "payments");
            assert_eq!(
                parsed.match_tag(&name, "payments"),
                TagMatch::Version(version.clone()),
                "{pattern}"
            );
        }
    }
}
