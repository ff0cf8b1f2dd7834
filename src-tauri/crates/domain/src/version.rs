//! Versions (SemVer 2.0.0) and how a tag's name says one.
//!
//! A tag that says no version is not an error: it stays visible as *unversioned*, in order of time.
//! Only a tag that says a version of *another* service of the same repository is left out.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

mod pattern;
mod suggest;

pub use pattern::{InvalidTagPattern, TagMatch, TagPattern};
pub use suggest::{PatternSuggestion, suggest};

/// A version of SemVer 2.0.0.
///
/// Ordered by precedence (SemVer, section 11): pre-releases before their release, numbers as numbers.
/// Build metadata, which has no precedence, decides last, so that an order is the same every time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(semver::Version);

/// What was given is no version of SemVer 2.0.0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a version of the form 1.2.3 (SemVer 2.0.0): {reason}")]
pub struct InvalidVersion {
    /// What was given, cut to 80 characters.
    pub text: String,
    /// What is wrong with it.
    pub reason: String,
}

/// How far one version is from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VersionStep {
    /// The same precedence.
    Same,
    /// Only the pre-release part differs.
    PreRelease,
    /// The third number differs.
    Patch,
    /// The second number differs.
    Minor,
    /// The first number differs.
    Major,
}

impl Version {
    /// A version without pre-release and build parts.
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Version(semver::Version::new(major, minor, patch))
    }

    /// The first number: changes break those who use it.
    pub fn major(&self) -> u64 {
        self.0.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.0.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.0.patch
    }

    /// The part after `-`, without it; empty for a release.
    pub fn pre_release(&self) -> &str {
        self.0.pre.as_str()
    }

    /// The part after `+`, without it; often empty.
    pub fn build(&self) -> &str {
        self.0.build.as_str()
    }

    /// Whether it is a pre-release such as `2.0.0-rc.1`.
    pub fn is_pre_release(&self) -> bool {
        !self.0.pre.is_empty()
    }

    /// The first part in which the two differ, build metadata aside.
    pub fn step_to(&self, other: &Version) -> VersionStep {
        let (a, b) = (&self.0, &other.0);
        if a.major != b.major {
            VersionStep::Major
        } else if a.minor != b.minor {
            VersionStep::Minor
        } else if a.patch != b.patch {
            VersionStep::Patch
        } else if a.pre != b.pre {
            VersionStep::PreRelease
        } else {
            VersionStep::Same
        }
    }
}

impl FromStr for Version {
    type Err = InvalidVersion;

    /// Strict: no leading `v`, no leading zeros, three numbers that fit 64 bits.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        semver::Version::parse(text)
            .map(Version)
            .map_err(|error| InvalidVersion {
                text: text.chars().take(80).collect(),
                reason: error.to_string(),
            })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

/// Where a tag stands in an ascending list: unversioned ones first, by time, then versions by
/// precedence. Reversed, the newest version leads. The tag's name decides last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagRank {
    /// A tag that says no version: its date and name.
    Unversioned(DateTime<Utc>, String),
    /// A tag that says this version: the version and the tag's name.
    Version(Version, String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn precedence_is_that_of_semver_section_11() {
        // The two chains of the specification itself.
        let chain = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "2.0.0",
            "2.1.0",
            "2.1.1",
            "2.10.0",
        ];
        for pair in chain.windows(2) {
            assert!(
                version(pair[0]) < version(pair[1]),
                "{} comes before {}",
                pair[0],
                pair[1]
            );
        }
    }

    #[test]
    fn build_metadata_only_breaks_ties() {
        let (plain, build) = (version("1.0.0"), version("1.0.0+b"));
        assert_eq!(plain.step_to(&build), VersionStep::Same);
        assert_ne!(plain, build);
        assert!(
            plain < build && build < version("1.0.1"),
            "the order is total and repeatable"
        );
        assert_eq!(build.to_string(), "1.0.0+b");
    }

    #[test]
    fn what_is_no_semver_is_refused_with_a_reason() {
        // Fault 43.
        for text in [
            "01.2",
            "01.2.3",
            "1.2",
            "v1.2.3",
            "1.2.3.4",
            "",
            "1.2.x",
            "1.0.0-01",
            &"9".repeat(400),
        ] {
            let error = text.parse::<Version>().unwrap_err();
            assert!(error.text.len() <= 80, "a message stays readable");
            assert!(!error.reason.is_empty());
        }
        let long = format!("1.0.0-{}", "9".repeat(400));
        assert!(
            version(&long) > version("1.0.0-10"),
            "400 digits of a pre-release are valid and sort as a number"
        );
    }

    #[test]
    fn unversioned_tags_stand_together_in_order_of_time() {
        let at = |seconds| crate::release::clamp_date(seconds);
        let mut ranks = [
            TagRank::Version(version("1.10.0"), "v1.10.0".into()),
            TagRank::Unversioned(at(20), "nightly".into()),
            TagRank::Version(version("1.9.0"), "v1.9.0".into()),
            TagRank::Unversioned(at(10), "zebra".into()),
        ];
        ranks.sort();
        let names: Vec<_> = ranks
            .iter()
            .map(|rank| match rank {
                TagRank::Unversioned(_, name) | TagRank::Version(_, name) => name.as_str(),
            })
            .collect();
        assert_eq!(names, ["zebra", "nightly", "v1.9.0", "v1.10.0"]);
    }

    #[test]
    fn the_step_names_the_first_difference() {
        let from = version("1.2.3-rc.1");
        for (to, step) in [
            ("2.2.3-rc.1", VersionStep::Major),
            ("1.3.3", VersionStep::Minor),
            ("1.2.4", VersionStep::Patch),
            ("1.2.3", VersionStep::PreRelease),
            ("1.2.3-rc.1+5", VersionStep::Same),
        ] {
            assert_eq!(from.step_to(&version(to)), step, "to {to}");
        }
    }
}
