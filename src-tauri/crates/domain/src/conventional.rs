//! Conventional Commits 1.0.0: what a commit's message says about the change, and a draft of a note.
//!
//! A commit that does not follow the convention is not wrong: it is counted and drafted as *other*.
//! The headings of a draft come from outside, in the reader's language.

use crate::release::Commit;

mod draft;

pub use draft::{Headings, draft};

/// A subject that follows the convention: `type(scope)!: description`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConventionalSubject {
    /// The type as written, for example `feat`.
    pub kind: String,
    /// The scope, without its parentheses.
    pub scope: Option<String>,
    /// Whether `!` stands before the colon.
    pub marked_breaking: bool,
    /// What follows the colon.
    pub description: String,
}

/// What a change means for those who use the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeClass {
    /// It breaks something: `!`, or a `BREAKING CHANGE` footer, whatever the type.
    Breaking,
    /// A `feat`.
    Feature,
    /// A `fix`.
    Fix,
    /// Anything else.
    Other,
}

/// A commit with what its message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifiedCommit<'a> {
    /// The commit.
    pub commit: &'a Commit,
    /// What it means.
    pub class: ChangeClass,
    /// The parts of its subject, where that follows the convention.
    pub subject: Option<ConventionalSubject>,
    /// What breaks, in the words of its footer.
    pub breaking: Option<String>,
}

/// How many commits of each class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChangeCounts {
    /// Breaking changes.
    pub breaking: u32,
    /// Features that break nothing.
    pub features: u32,
    /// Fixes that break nothing.
    pub fixes: u32,
    /// All others.
    pub others: u32,
}

/// Reads a commit's subject; `None` where it does not follow the convention.
pub fn parse_subject(subject: &str) -> Option<ConventionalSubject> {
    let (head, description) = subject.split_once(": ")?;
    let (head, marked_breaking) = match head.strip_suffix('!') {
        Some(rest) => (rest, true),
        None => (head, false),
    };
    let (kind, scope) = match head.split_once('(') {
        Some((kind, rest)) => (kind, Some(rest.strip_suffix(')')?)),
        None => (head, None),
    };
    let is_word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    let scope_fits = scope.is_none_or(|scope| !scope.trim().is_empty() && !scope.contains(['(', ')']));
    let description = description.trim();
    (is_word(kind) && scope_fits && !description.is_empty()).then(|| ConventionalSubject {
        kind: kind.to_owned(),
        scope: scope.map(str::to_owned),
        marked_breaking,
        description: description.to_owned(),
    })
}

/// The text of a `BREAKING CHANGE: ` or `BREAKING-CHANGE: ` footer, its continuation lines joined.
///
/// The words must be in capitals (rule 15). The footer ends at an empty line or at the next footer.
pub fn breaking_footer(body: &str) -> Option<String> {
    let mut lines = body
        .lines()
        .skip_while(|line| after_breaking_token(line).is_none());
    let first = after_breaking_token(lines.next()?)?;
    let rest = lines.take_while(|line| !line.trim().is_empty() && !is_footer(line));
    let text: Vec<&str> = std::iter::once(first)
        .chain(rest)
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    Some(text.join(" "))
}

/// Reads one commit.
pub fn classify(commit: &Commit) -> ClassifiedCommit<'_> {
    let subject = parse_subject(&commit.subject);
    let breaking = breaking_footer(&commit.body);
    let class = if breaking.is_some() || subject.as_ref().is_some_and(|s| s.marked_breaking) {
        ChangeClass::Breaking
    } else {
        subject
            .as_ref()
            .map_or(ChangeClass::Other, |subject| class_of_type(&subject.kind))
    };
    ClassifiedCommit {
        commit,
        class,
        subject,
        breaking,
    }
}

/// Counts the classes. Merge commits only join what is counted already, and are left out.
pub fn count<'a>(commits: impl IntoIterator<Item = &'a Commit>) -> ChangeCounts {
    let mut counts = ChangeCounts::default();
    for commit in commits.into_iter().filter(|commit| !commit.is_merge()) {
        match classify(commit).class {
            ChangeClass::Breaking => counts.breaking += 1,
            ChangeClass::Feature => counts.features += 1,
            ChangeClass::Fix => counts.fixes += 1,
            ChangeClass::Other => counts.others += 1,
        }
    }
    counts
}

/// Types are not case-sensitive (rule 15).
fn class_of_type(kind: &str) -> ChangeClass {
    if kind.eq_ignore_ascii_case("feat") {
        ChangeClass::Feature
    } else if kind.eq_ignore_ascii_case("fix") {
        ChangeClass::Fix
    } else {
        ChangeClass::Other
    }
}

fn after_breaking_token(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix("BREAKING CHANGE")
        .or_else(|| line.strip_prefix("BREAKING-CHANGE"))?;
    rest.strip_prefix(": ")
        .or_else(|| rest.strip_prefix(" #"))
        .or_else(|| (rest == ":").then_some(""))
}

/// A footer is `Word-Token: value` or `Word-Token #value` (rule 8).
fn is_footer(line: &str) -> bool {
    if after_breaking_token(line).is_some() {
        return true;
    }
    let end = line
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .unwrap_or(line.len());
    end > 0 && (line[end..].starts_with(": ") || line[end..].starts_with(" #"))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::release::{Signature, clamp_date};

    pub(crate) fn commit(subject: &str, body: &str) -> Commit {
        Commit {
            id: "0123456789abcdef0123456789abcdef01234567".parse().unwrap(),
            parents: Vec::new(),
            author: Signature {
                name: "Ada".into(),
                email: "ada@example.org".into(),
            },
            date: clamp_date(0),
            subject: subject.into(),
            body: body.into(),
        }
    }

    fn class(subject: &str, body: &str) -> ChangeClass {
        classify(&commit(subject, body)).class
    }

    #[test]
    fn the_examples_of_the_specification_are_read() {
        // conventionalcommits.org/en/v1.0.0, "Examples".
        let footer =
            "BREAKING CHANGE: `extends` key in config file is now used for extending other config files";
        use ChangeClass::{Breaking, Feature, Fix, Other};
        assert_eq!(
            class(
                "feat: allow provided config object to extend other configs",
                footer
            ),
            Breaking
        );
        assert_eq!(
            class(
                "feat!: send an email to the customer when a product is shipped",
                ""
            ),
            Breaking
        );
        assert_eq!(
            class(
                "feat(api)!: send an email to the customer when a product is shipped",
                ""
            ),
            Breaking
        );
        assert_eq!(
            class(
                "chore!: drop support for Node 6",
                "BREAKING CHANGE: use JavaScript features not available in Node 6."
            ),
            Breaking
        );
        assert_eq!(class("docs: correct spelling of CHANGELOG", ""), Other);
        assert_eq!(class("feat(lang): add Polish language", ""), Feature);
        assert_eq!(
            class(
                "fix: prevent racing of requests",
                "Introduce a request id.\n\nReviewed-by: Z\nRefs: #123"
            ),
            Fix
        );
        assert_eq!(class("FEAT: types are not case-sensitive", ""), Feature);
        assert_eq!(class("fix: x", "breaking change: must be in capitals"), Fix);
        assert_eq!(class("fix: x", "BREAKING-CHANGE: is the same"), Breaking);
    }

    #[test]
    fn what_does_not_follow_the_convention_is_other() {
        for subject in [
            "",
            "Merge branch 'x'",
            "feat:no space",
            "feat : space",
            ": nothing",
            "feat(: x",
            "feat(): x",
            "feat!!: x",
            "fix:",
            "fix: ",
            "two words: x",
            "feat(a)(b): x",
            "Revert \"feat: x\"",
            "https://x: y",
        ] {
            assert_eq!(parse_subject(subject), None, "{subject}");
            assert_eq!(class(subject, ""), ChangeClass::Other, "{subject}");
        }
    }

    #[test]
    fn a_footer_ends_at_the_next_one() {
        let body = "Why.\n\nBREAKING CHANGE: the key\n  is renamed\nReviewed-by: Z\n";
        assert_eq!(breaking_footer(body).as_deref(), Some("the key is renamed"));
        assert_eq!(
            breaking_footer("BREAKING CHANGE #12\nRefs #3").as_deref(),
            Some("12")
        );
        assert_eq!(breaking_footer("not BREAKING CHANGE: inside a line"), None);
    }

    #[test]
    fn every_commit_but_a_merge_is_counted_once() {
        let mut merge = commit("feat: merged", "");
        merge.parents = vec![merge.id.clone(), merge.id.clone()];
        let commits = [
            commit("feat: a", ""),
            commit("feat: b", ""),
            commit("fix: c", ""),
            commit("fix!: d", ""),
            commit("e", ""),
            merge,
        ];
        assert_eq!(
            count(&commits),
            ChangeCounts {
                breaking: 1,
                features: 2,
                fixes: 1,
                others: 1
            }
        );
    }
}
