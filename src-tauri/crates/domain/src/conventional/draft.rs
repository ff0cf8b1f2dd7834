//! A Markdown draft of a release note. A person edits it; nothing is published as it is.

use super::{ChangeClass, ClassifiedCommit, classify};
use crate::release::Commit;

/// The headings of a draft, in the language of its readers, without `#`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Headings<'a> {
    /// Over what breaks.
    pub breaking: &'a str,
    /// Over what is new.
    pub features: &'a str,
    /// Over what is fixed.
    pub fixes: &'a str,
    /// Over the rest.
    pub others: &'a str,
}

/// Drafts a note from the commits, in their order; merge commits are left out, empty headings too.
///
/// Commit messages are plain text: what Markdown or HTML would read into them is escaped, except in
/// `code spans`, which people write on purpose.
pub fn draft<'a>(commits: impl IntoIterator<Item = &'a Commit>, headings: &Headings<'_>) -> String {
    let classified: Vec<_> = commits
        .into_iter()
        .filter(|commit| !commit.is_merge())
        .map(classify)
        .collect();
    let sections = [
        (ChangeClass::Breaking, headings.breaking),
        (ChangeClass::Feature, headings.features),
        (ChangeClass::Fix, headings.fixes),
        (ChangeClass::Other, headings.others),
    ];
    let parts: Vec<String> = sections
        .iter()
        .filter_map(|(class, heading)| section(&classified, *class, heading))
        .collect();
    parts.join("\n")
}

fn section(commits: &[ClassifiedCommit<'_>], class: ChangeClass, heading: &str) -> Option<String> {
    let lines: String = commits
        .iter()
        .filter(|commit| commit.class == class)
        .map(entry)
        .collect();
    (!lines.is_empty()).then(|| format!("## {heading}\n\n{lines}"))
}

fn entry(commit: &ClassifiedCommit<'_>) -> String {
    let text = match &commit.subject {
        Some(subject) => {
            let scope = subject
                .scope
                .as_deref()
                .map(|scope| format!("**{}:** ", escape(scope)));
            format!("{}{}", scope.unwrap_or_default(), escape(&subject.description))
        }
        None => escape(&commit.commit.subject),
    };
    let breaking = commit.breaking.as_deref().filter(|text| !text.is_empty());
    let detail = breaking
        .map(|text| format!("  {}\n", escape(text)))
        .unwrap_or_default();
    format!("- {text} ({})\n{detail}", commit.commit.id.short())
}

/// Backslashes before what CommonMark would read as markup, outside code spans. An odd backtick opens
/// no span and is escaped itself.
fn escape(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    let closed = pieces.len() % 2 == 1;
    let mut escaped = String::with_capacity(text.len() + 8);
    for (index, piece) in pieces.iter().enumerate() {
        if index > 0 {
            let is_last_of_odd = !closed && index == pieces.len() - 1;
            escaped.push_str(if is_last_of_odd { "\\`" } else { "`" });
        }
        let in_code = index % 2 == 1 && (closed || index < pieces.len() - 1);
        if in_code {
            escaped.push_str(piece)
        } else {
            escape_plain(piece, &mut escaped)
        }
    }
    escaped
}

fn escape_plain(text: &str, escaped: &mut String) {
    let characters: Vec<char> = text.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1);
        let marks_up = match character {
            '<' | '*' | '[' | ']' | '\\' | '~' => true,
            // Inside a word an underscore is only an underscore.
            '_' => {
                let before = index.checked_sub(1).and_then(|at| characters.get(at));
                !(before.is_some_and(|c| c.is_alphanumeric()) && next.is_some_and(|c| c.is_alphanumeric()))
            }
            '&' => next.is_some_and(|c| c.is_ascii_alphanumeric() || *c == '#'),
            // At the start of an entry these open a heading, a quotation or a list.
            '#' | '>' | '+' | '-' => index == 0 && escaped.is_empty(),
            _ => false,
        };
        if marks_up {
            escaped.push('\\');
        }
        escaped.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::commit;
    use super::*;

    const HEADINGS: Headings<'_> = Headings {
        breaking: "Breaking changes",
        features: "New",
        fixes: "Fixed",
        others: "Other",
    };

    #[test]
    fn a_draft_stands_under_its_headings_in_order() {
        let commits = [
            commit("fix(card): round half to even", ""),
            commit("tidy the build", ""),
            commit("feat: pay by `SEPA`", ""),
            commit(
                "feat(api)!: drop v1",
                "BREAKING CHANGE: clients must use v2\n\nRefs: #1",
            ),
        ];
        let expected = "\
## Breaking changes

- **api:** drop v1 (0123456)
  clients must use v2

## New

- pay by `SEPA` (0123456)

## Fixed

- **card:** round half to even (0123456)

## Other

- tidy the build (0123456)
";
        assert_eq!(draft(&commits, &HEADINGS), expected);
    }

    #[test]
    fn no_commits_make_no_headings() {
        assert_eq!(draft(&[], &HEADINGS), "");
    }

    #[test]
    fn markup_in_a_message_stays_text() {
        for (message, written) in [
            ("<img onerror=x>", "\\<img onerror=x>"),
            ("[x](javascript:y)", "\\[x\\](javascript:y)"),
            ("keep snake_case and _this_", "keep snake_case and \\_this\\_"),
            ("use `Vec<T>` not <T>", "use `Vec<T>` not \\<T>"),
            ("an odd ` mark <b>", "an odd \\` mark \\<b>"),
            ("a & b, &lt;", "a & b, \\&lt;"),
            ("# no heading", "\\# no heading"),
            ("发布 2.0 版本", "发布 2.0 版本"),
        ] {
            assert_eq!(escape(message), written);
        }
    }
}
