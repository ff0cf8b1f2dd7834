//! Markdown to HTML that can do nothing: rendered by `comrak`, then cleaned by `ammonia`.
//!
//! No script, no style, no form, no image (so no request leaves the app), and links of three schemes only.
//! The time is bounded: a text beyond [`LARGEST`] or nested beyond [`DEEPEST`] is shown as it was written.

use std::collections::{HashMap, HashSet};

use comrak::nodes::{NodeLink, NodeValue};
use comrak::{Arena, Node, Options, format_html, parse_document};
use domain::workspace::IssueLink;
use regex::{Captures, Regex, RegexBuilder};

/// Bytes beyond which a text is shown as it was written.
pub const LARGEST: usize = 512 * 1024;
/// Nesting (block quotes, brackets, list indentation) beyond which a text is shown as it was written.
pub const DEEPEST: usize = 60;

/// Bytes that a compiled pattern of the workspace file may take.
pub const LARGEST_PATTERN: usize = 1 << 20;

/// Renders a note; `issue_link` says what else in its words is a link.
pub fn render(markdown: &str, issue_link: Option<&IssueLink>) -> String {
    if markdown.len() > LARGEST || nesting(markdown) > DEEPEST {
        return plain(markdown);
    }
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.autolink = true;
    options.render.escape = true;
    let arena = Arena::new();
    let document = parse_document(&arena, markdown, &options);
    if let Some(link) = issue_link {
        link_issues(&arena, document, link);
    }
    let mut html = String::new();
    // It writes into memory, which does not fail.
    let _ = format_html(document, &options, &mut html);
    clean(&html)
}

/// Turns the keys of issues in the text into links: not in code, and not inside another link.
fn link_issues<'a>(arena: &'a Arena<'a>, document: Node<'a>, link: &IssueLink) {
    let Ok(pattern) = pattern(&link.pattern) else {
        return;
    };
    let is_link = |node: &Node<'a>| matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_));
    let texts: Vec<(Node<'a>, String)> = document
        .descendants()
        .filter(|node| !node.ancestors().any(|above| is_link(&above)))
        .filter_map(|node| Some((node, node.data().value.text()?.to_string())))
        .collect();
    for (node, text) in texts {
        let mut end = 0;
        for found in pattern.captures_iter(&text) {
            let whole = found.get_match();
            if whole.is_empty() {
                continue;
            }
            let words =
                |text: &str| -> Node<'a> { arena.alloc(NodeValue::Text(text.to_owned().into()).into()) };
            node.insert_before(words(&text[end..whole.start()]));
            let issue = arena.alloc(NodeValue::Link(Box::new(to_issue(&found, &link.url))).into());
            issue.append(words(whole.as_str()));
            node.insert_before(issue);
            end = whole.end();
        }
        if end > 0 {
            node.data_mut().value = NodeValue::Text(text[end..].to_owned().into());
        }
    }
}

fn to_issue(found: &Captures<'_>, url: &str) -> NodeLink {
    let mut address = String::new();
    found.expand(url, &mut address);
    NodeLink {
        url: address,
        title: String::new(),
    }
}

/// The pattern of a workspace file as a regular expression, within bounds.
pub fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(LARGEST_PATTERN).build()
}

/// The text itself, in a block that keeps its lines.
fn plain(markdown: &str) -> String {
    let mut end = markdown.len().min(LARGEST);
    while !markdown.is_char_boundary(end) {
        end -= 1;
    }
    let mut html = String::from("<pre>");
    html.push_str(&ammonia::clean_text(&markdown[..end]));
    html.push_str("</pre>");
    html
}

fn clean(html: &str) -> String {
    let tags: HashSet<&str> = [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
    .into();
    ammonia::Builder::default()
        .tags(tags)
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .generic_attributes(HashSet::new())
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer"))
        .clean(html)
        .to_string()
}

/// How deep a text can nest at most: of each line its quote marks, brackets and list markers, and of the whole
/// text its indentation.
fn nesting(markdown: &str) -> usize {
    let line_depth = |line: &str| {
        let indentation = line.chars().take_while(|character| *character == ' ').count() / 2;
        let marks = line
            .chars()
            .filter(|character| matches!(character, '>' | '[' | '(' | '*' | '_' | '~'))
            .count();
        let lists = line
            .split(' ')
            .take_while(|word| matches!(*word, "-" | "*" | "+" | "1." | "" | ">"))
            .count();
        indentation
            .max(lists)
            .max(longest_run(line))
            .max(if marks > 4_000 { marks } else { 0 })
    };
    markdown.lines().map(line_depth).max().unwrap_or(0)
}

/// The longest run of marks that can open a nested construct.
fn longest_run(line: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in line.chars() {
        match character {
            '>' | '[' | '(' | '!' => run += 1,
            ' ' => {}
            _ => run = 0,
        }
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_note_is_rendered() {
        let html = render(
            "# Title\n\n- **one** `two`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
            None,
        );
        for expected in [
            "<h1>Title</h1>",
            "<strong>one</strong>",
            "<code>two</code>",
            "<td>1</td>",
        ] {
            assert!(html.contains(expected), "{expected} is missing in {html}");
        }
    }

    fn issues(pattern: &str, url: &str) -> IssueLink {
        IssueLink {
            pattern: pattern.to_owned(),
            url: url.to_owned(),
        }
    }

    #[test]
    fn keys_of_issues_are_links_in_words_and_nowhere_else() {
        let link = issues(r"PAY-(\d+)", "https://issues.example/PAY-$1");
        let to = |number: u32| {
            format!(
                "<a href=\"https://issues.example/PAY-{number}\" rel=\"noopener noreferrer\">PAY-{number}</a>"
            )
        };
        let table = [
            (
                "fixes PAY-1, **PAY-2** & PAY-3.",
                format!("fixes {}, <strong>{}</strong> &amp; {}.", to(1), to(2), to(3)),
            ),
            ("`PAY-1`", "<code>PAY-1</code>".to_owned()),
            ("PAY-", "PAY-".to_owned()),
        ];
        for (markdown, html) in table {
            assert_eq!(render(markdown, Some(&link)).trim(), format!("<p>{html}</p>"));
        }
        let own = render(
            "[see PAY-1](https://x.test/PAY-2) https://x.test/PAY-3",
            Some(&link),
        );
        assert!(!own.contains("issues.example"), "a link stays one: {own}");
        let code = render("```\nPAY-1\n```\n", Some(&link));
        assert!(!code.contains("<a"), "{code}");
    }

    #[test]
    fn a_hostile_issue_link_is_inert() {
        for (pattern, url) in [
            (r"\S+", "javascript:alert(1)//$0"),
            (r"\S+", "data:text/html,$0"),
            (r"", "https://x.test/"),
            (r"(", "https://x.test/"),
        ] {
            let html = render("word", Some(&issues(pattern, url)));
            assert!(!html.contains("href"), "{html}");
        }
        let html = render("a\"onclick=b", Some(&issues(r"\S+", "https://x.test/$0")));
        assert!(html.contains("href=\"https://x.test/a%22onclick=b\""), "{html}");
    }

    #[test]
    fn hostile_markdown_is_inert() {
        let hostile = [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![remote](https://example.test/pixel.png)",
            "![data](data:image/svg+xml;base64,AAAA)",
            "[link](javascript:alert(1))",
            "[link](JaVaScRiPt:alert(1))",
            "[link](data:text/html,<script>alert(1)</script>)",
            "[link](vbscript:x)",
            "[link](file:///etc/passwd)",
            "<svg onload=alert(1)><use href='#a'/></svg>",
            "<a href=\"https://x.test\" onclick=\"alert(1)\">x</a>",
            "<iframe src=https://x.test></iframe>",
            "<style>@import 'https://x.test'</style>",
            "<form action=https://x.test><input></form>",
            "<https://x.test/\"onmouseover=alert(1)>",
        ];
        for markdown in hostile {
            let html = render(markdown, None);
            // Escaped text may say anything; only what an HTML parser takes for a tag or an attribute can act.
            for tag in html.split('<').skip(1).filter_map(|part| part.split('>').next()) {
                let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                let name = name.trim_start_matches('/');
                assert!(
                    ["p", "a", "pre", "code"].contains(&name),
                    "<{name}> in {html} of {markdown}"
                );
                for (at, part) in attributes
                    .split('"')
                    .enumerate()
                    .filter(|(_, part)| !part.trim().is_empty())
                {
                    let allowed = match at % 2 {
                        0 => ["href=", "rel="].contains(&part.trim()),
                        _ => part.starts_with("https://") || part == "noopener noreferrer",
                    };
                    assert!(allowed, "{part} in {html} of {markdown}");
                }
            }
        }
    }

    #[test]
    fn deep_and_large_texts_take_bounded_time() {
        let deep = [
            ">".repeat(100_000),
            "[".repeat(100_000),
            "- ".repeat(50_000),
            "*a ".repeat(60_000),
            "a".repeat(5 * 1024 * 1024),
            (0..2_000)
                .map(|depth| format!("{}- x\n", " ".repeat(depth * 2)))
                .collect(),
            "![".repeat(50_000),
            "<b>".repeat(100_000),
        ];
        for text in deep {
            let begin = Instant::now();
            let html = render(&text, Some(&issues("(a)|x", "https://issues.example/$1")));
            // Not a measurement: without the bounds these take minutes or overflow the stack.
            assert!(
                begin.elapsed() < Duration::from_secs(20),
                "{} … took {:?}",
                &text[..6],
                begin.elapsed()
            );
            assert!(!html.is_empty());
        }
    }
}
