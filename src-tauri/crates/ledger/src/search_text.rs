//! Text as the full-text index of notes sees it, and back.
//!
//! SQLite's `unicode61` takes a run of Chinese, Japanese or Korean characters for one word, and its trigram tokenizer
//! finds nothing shorter than three characters, while most Chinese words have two. So a space is put around every such
//! character before it is indexed, and a run of them is searched as a phrase: any substring is found, of one character
//! too. Other scripts are searched by the beginnings of words.

use std::fmt::Write as _;
use std::ops::Range;

/// Marks around a hit, as the index's `highlight` puts them; control characters that no note holds after [`spaced`].
pub(crate) const HIT_BEGIN: char = '\u{2}';
/// See [`HIT_BEGIN`].
pub(crate) const HIT_END: char = '\u{3}';

/// A piece of a note's text in a search result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExcerptPart {
    /// As the person wrote it.
    pub text: String,
    /// Whether it is what was searched for.
    pub is_hit: bool,
}

/// Whether a character is a word by itself: Han, kana, Hangul.
fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{2fdf}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}'
        | '\u{3130}'..='\u{318f}'
        | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ffdc}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The text with a space between any two characters of which one stands alone, and without our marks.
pub(crate) fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 2);
    let mut before: Option<char> = None;
    for character in text.chars().map(unmarked) {
        if before.is_some_and(|before| parts(before, character)) {
            spaced.push(' ');
        }
        spaced.push(character);
        before = Some(character);
    }
    spaced
}

fn unmarked(character: char) -> char {
    match character {
        HIT_BEGIN | HIT_END | '\0' => ' ',
        other => other,
    }
}

fn parts(before: char, after: char) -> bool {
    (stands_alone(before) || stands_alone(after)) && before != ' ' && after != ' '
}

/// What a person typed, as a query of the index; `None` if there is no word in it.
///
/// Every word must be there; of the words in Latin and other spaced scripts the beginning is enough.
pub(crate) fn query(typed: &str) -> Option<String> {
    let mut query = String::new();
    for word in typed.split(|c: char| !(c.is_alphanumeric() || stands_alone(c))) {
        for run in runs(word) {
            let alone = run.chars().next().is_some_and(stands_alone);
            let star = if alone { "" } else { "*" };
            write!(query, "\"{}\"{star} ", spaced(run)).expect("because writing to a String never fails");
        }
    }
    let query = query.trim_end();
    (!query.is_empty()).then(|| query.to_owned())
}

/// A word cut where it changes between characters that stand alone and others.
fn runs(word: &str) -> Vec<&str> {
    let mut runs = Vec::new();
    let mut begin = 0;
    let mut before: Option<bool> = None;
    for (at, character) in word.char_indices() {
        let alone = stands_alone(character);
        if before.is_some_and(|before| before != alone) {
            runs.push(&word[begin..at]);
            begin = at;
        }
        before = Some(alone);
    }
    if begin < word.len() {
        runs.push(&word[begin..]);
    }
    runs
}

/// Where the hits stand in the original text, in bytes, given its spaced and marked form.
///
/// [`spaced`] puts a space only between two characters that are none, so a space in the marked text is ours exactly
/// where the original has another character.
pub(crate) fn hits(original: &str, marked: &str) -> Vec<Range<usize>> {
    let mut hits = Vec::new();
    let mut begin = None;
    let mut rest = original.char_indices().peekable();
    for character in marked.chars() {
        let at = rest.peek().map_or(original.len(), |(at, _)| *at);
        match character {
            HIT_BEGIN => begin = Some(at),
            HIT_END => hits.extend(begin.take().map(|begin| begin..at)),
            other => {
                rest.next_if(|(_, wanted)| unmarked(*wanted) == other);
            }
        }
    }
    hits
}

/// How many characters stand before the first hit of an excerpt: few, since a list is narrow.
const LEAD: usize = 24;
/// How many characters an excerpt has at most.
const EXCERPT: usize = 200;

/// The line around the first hit without the marks it begins with, or the text's beginning, cut at the hits.
pub(crate) fn excerpt(text: &str, hits: &[Range<usize>]) -> Vec<ExcerptPart> {
    let first = hits.first().map_or(0, |hit| hit.start);
    let (begin, is_cut) = beginning(text, first);
    let line_end = text[first..].find('\n').map_or(text.len(), |at| first + at);
    let end = text[begin..line_end]
        .char_indices()
        .nth(EXCERPT - 1)
        .map_or(line_end, |(at, _)| begin + at);
    let mut parts = Vec::new();
    push(&mut parts, if is_cut { "…" } else { "" }, false);
    let mut at = begin;
    for hit in hits.iter().filter(|hit| hit.end <= end) {
        push(&mut parts, &text[at..hit.start], false);
        push(&mut parts, &text[hit.clone()], true);
        at = hit.end;
    }
    push(&mut parts, &text[at..end], false);
    parts
}

/// Where an excerpt begins, and whether that is inside its line: at a word, where there are spaces.
fn beginning(text: &str, first: usize) -> (usize, bool) {
    let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let words = text[line..first].trim_start_matches(['#', '-', '*', '+', '>', ' ', '\t']);
    let begin = first - words.len();
    let Some((lead, _)) = text[begin..first].char_indices().rev().nth(LEAD) else {
        return (begin, false);
    };
    let lead = begin + lead;
    let word = text[lead..first].find(' ').map_or(lead, |at| lead + at + 1);
    (word, true)
}

fn push(parts: &mut Vec<ExcerptPart>, text: &str, is_hit: bool) {
    if !text.is_empty() {
        parts.push(ExcerptPart {
            text: text.to_owned(),
            is_hit,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_stand_alone_are_spaced() {
        let cases = [
            ("支付服务", "支 付 服 务"),
            ("修复payments超时", "修 复 payments 超 时"),
            ("fix timeout", "fix timeout"),
            ("a\u{2}b", "a b"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(spaced(text), expected);
        }
    }

    #[test]
    fn a_query_is_phrases_and_beginnings() {
        let cases = [
            ("支付", Some("\"支 付\"")),
            ("pay 超时", Some("\"pay\"* \"超 时\"")),
            ("v2支付", Some("\"v2\"* \"支 付\"")),
            ("\" OR NEAR(", Some("\"OR\"* \"NEAR\"*")),
            ("…!", None),
        ];
        for (typed, expected) in cases {
            assert_eq!(query(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn hits_are_told_in_the_original_text() {
        let original = "修复 payments支付超时\u{2}。";
        let marked = spaced(original).replace("支 付", "\u{2}支 付\u{3}");
        let hits = hits(original, &marked);
        let found: Vec<&str> = hits.iter().map(|hit| &original[hit.clone()]).collect();
        assert_eq!(
            found,
            ["支付"],
            "the person's own space stays, ours does not count"
        );
    }

    #[test]
    fn an_excerpt_is_short_and_has_its_hit() {
        let text = format!("{}支付{}", "前".repeat(500), "后".repeat(500));
        let at = text.find("支付").unwrap();
        let parts = excerpt(&text, std::slice::from_ref(&(at..at + "支付".len())));
        let whole: String = parts.iter().map(|part| part.text.as_str()).collect();
        assert!(whole.chars().count() <= EXCERPT);
        assert!(parts.iter().any(|part| part.is_hit && part.text == "支付"));
    }

    #[test]
    fn an_excerpt_is_the_line_of_its_hit_from_a_word_on() {
        let excerpts = |text: &str, word: &str| -> String {
            let at = text.find(word).unwrap();
            let parts = excerpt(text, std::slice::from_ref(&(at..at + word.len())));
            parts.iter().map(|part| part.text.as_str()).collect()
        };
        let note =
            "# Vouchers\n\n## Fixed\n- A voucher applied twice\n- A race when two people change the basket\n";
        assert_eq!(excerpts(note, "Vouchers"), "Vouchers");
        assert_eq!(excerpts(note, "voucher"), "A voucher applied twice");
        assert_eq!(excerpts(note, "basket"), "…two people change the basket");
    }
}
