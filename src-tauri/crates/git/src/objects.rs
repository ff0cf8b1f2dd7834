//! Commit and tag objects from their bytes (gitformat: header lines, an empty line, the message).
//!
//! Read here rather than through `git2`'s own types, which parse more than is shown and stop at a
//! date or name that is out of order; a listing must survive both.

use chrono::{DateTime, Utc};
use domain::release::{Signature, clamp_date};
use encoding_rs::{Encoding, UTF_8};
use git2::Oid;

/// The parts of a commit object that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommitFacts {
    pub parents: Vec<Oid>,
    pub author: Signature,
    pub author_date: DateTime<Utc>,
    pub committer_date: DateTime<Utc>,
    pub subject: String,
    pub body: String,
}

/// The parts of a tag object that are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TagFacts {
    pub target: Oid,
    /// Whether it says that its target is a commit, rather than another tag or a file.
    pub tags_a_commit: bool,
    pub tagger: Option<(Signature, DateTime<Utc>)>,
    pub subject: String,
    pub body: String,
}

/// Where Git starts the signature of a tag (gpg-interface.c).
const SIGNATURE_MARKS: [&[u8]; 4] = [
    b"-----BEGIN PGP SIGNATURE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"-----BEGIN SIGNED MESSAGE-----",
    b"-----BEGIN SSH SIGNATURE-----",
];

/// Reads a commit. Missing or broken parts become empty: whoever wrote them, the commit is there.
pub(crate) fn parse_commit(data: &[u8]) -> CommitFacts {
    let (header, message) = split_header(data);
    let encoding = field(header, b"encoding ")
        .and_then(Encoding::for_label)
        .unwrap_or(UTF_8);
    let (author, author_date) = identity(field(header, b"author ").unwrap_or_default(), encoding);
    let (_, committer_date) = identity(field(header, b"committer ").unwrap_or_default(), encoding);
    let (subject, body) = subject_and_body(message, encoding);
    let parents = lines(header)
        .filter_map(|line| line.strip_prefix(b"parent "))
        .filter_map(hex_oid)
        .collect();
    CommitFacts {
        parents,
        author,
        author_date,
        committer_date,
        subject,
        body,
    }
}

/// Reads a tag; `None` when it does not say what it tags.
pub(crate) fn parse_tag(data: &[u8]) -> Option<TagFacts> {
    let (header, message) = split_header(data);
    let target = field(header, b"object ").and_then(hex_oid)?;
    let tags_a_commit = field(header, b"type ") == Some(b"commit");
    let tagger = field(header, b"tagger ").map(|line| identity(line, UTF_8));
    let (subject, body) = subject_and_body(without_signature(message), UTF_8);
    Some(TagFacts {
        target,
        tags_a_commit,
        tagger,
        subject,
        body,
    })
}

fn split_header(data: &[u8]) -> (&[u8], &[u8]) {
    match find(data, b"\n\n") {
        Some(at) => (&data[..at + 1], &data[at + 2..]),
        None => (data, &[]),
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n')
}

fn field<'a>(header: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    lines(header).find_map(|line| line.strip_prefix(key))
}

fn hex_oid(text: &[u8]) -> Option<Oid> {
    let text = std::str::from_utf8(text.get(..40)?).ok()?;
    Oid::from_str(text).ok()
}

/// Splits `Name <address> seconds zone`. A date that is no number is 1970, as Git shows it.
fn identity(line: &[u8], encoding: &'static Encoding) -> (Signature, DateTime<Utc>) {
    let open = line.iter().position(|&byte| byte == b'<').unwrap_or(line.len());
    let rest = line.get(open + 1..).unwrap_or_default();
    let close = rest.iter().position(|&byte| byte == b'>').unwrap_or(rest.len());
    let after = line
        .iter()
        .rposition(|&byte| byte == b'>')
        .map_or(&[][..], |at| &line[at + 1..]);
    let text = |bytes: &[u8]| decode(bytes, encoding).trim().to_owned();
    let signature = Signature {
        name: text(&line[..open]),
        email: text(&rest[..close]),
    };
    (signature, date(after))
}

fn date(text: &[u8]) -> DateTime<Utc> {
    let text = std::str::from_utf8(text).unwrap_or_default().trim_start();
    let digits = text.split(' ').next().unwrap_or_default();
    // Digits that 64 bits do not hold are a late date, not 1970.
    let is_huge = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    clamp_date(digits.parse().unwrap_or(if is_huge { i64::MAX } else { 0 }))
}

/// Git's `%s` and `%b`: the first paragraph on one line, and what follows it.
fn subject_and_body(message: &[u8], encoding: &'static Encoding) -> (String, String) {
    let is_blank = |line: &[u8]| line.iter().all(u8::is_ascii_whitespace);
    let mut rest = message;
    let mut subject: Vec<&[u8]> = Vec::new();
    while !rest.is_empty() {
        let end = rest
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if is_blank(line) {
            if !subject.is_empty() {
                break;
            }
        } else {
            subject.push(line.trim_ascii_end());
        }
        rest = after;
    }
    while let Some(at) = rest.iter().position(|&byte| byte == b'\n') {
        if !is_blank(&rest[..at]) {
            break;
        }
        rest = &rest[at + 1..];
    }
    (
        decode(&subject.join(&b' '), encoding),
        decode(rest.trim_ascii_end(), encoding),
    )
}

fn without_signature(message: &[u8]) -> &[u8] {
    let starts_line = |at: usize| at == 0 || message[at - 1] == b'\n';
    let start = SIGNATURE_MARKS
        .iter()
        .filter_map(|mark| find(message, mark))
        .filter(|&at| starts_line(at))
        .min();
    &message[..start.unwrap_or(message.len())]
}

fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
