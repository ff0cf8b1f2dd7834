//! What a Git repository says about releases: tags, commits, changed files.
//!
//! Plain values. Reading them from a repository is the work of the crate `git`; which tag is which
//! version is said by [`crate::version`].

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::version::{TagRank, Version};

/// The last second that a date can say here: 9999-12-31T23:59:59Z.
const LATEST_SECOND: i64 = 253_402_300_799;

/// Turns a Git timestamp (seconds since 1970, UTC) into a date, clamped to 1970-01-01 … 9999-12-31.
///
/// Git stores whatever a client wrote: −5 and 99999999999999 are both seen in real repositories, and
/// neither must stop a listing or overflow an axis.
pub fn clamp_date(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds.clamp(0, LATEST_SECOND), 0)
        .expect("because every second of the years 1970 to 9999 is a valid date")
}

/// The name of a Git object: 40 lower-case hexadecimal digits (SHA-1).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(String);

/// What was given is not the name of a Git object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a Git object id: 40 hexadecimal digits are wanted")]
pub struct InvalidObjectId(pub String);

impl ObjectId {
    /// The name that these 20 bytes are.
    pub fn from_bytes(bytes: &[u8; 20]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
        ObjectId(
            bytes
                .iter()
                .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
                .collect(),
        )
    }

    /// The 40 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits, as people quote commits.
    pub fn short(&self) -> &str {
        &self.0[..7]
    }
}

impl FromStr for ObjectId {
    type Err = InvalidObjectId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        valid
            .then(|| ObjectId(text.to_ascii_lowercase()))
            .ok_or_else(|| InvalidObjectId(text.to_owned()))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ObjectId({})", self.0)
    }
}

/// Who wrote a commit or a tag, as Git keeps it; bytes that are not UTF-8 appear as U+FFFD.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Signature {
    /// The name, without line breaks; may be empty.
    pub name: String,
    /// The address, without its angle brackets; may be empty.
    pub email: String,
}

/// A tag's name below `refs/tags/`: text for people, and the exact bytes where these are not text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TagName {
    display: String,
    raw: Option<Vec<u8>>,
}

impl TagName {
    /// Takes the bytes that Git keeps. What is not UTF-8 is shown as U+FFFD and kept as it was.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => TagName {
                display: text.to_owned(),
                raw: None,
            },
            Err(_) => TagName {
                display: String::from_utf8_lossy(bytes).into_owned(),
                raw: Some(bytes.to_vec()),
            },
        }
    }

    /// The name as text; only to be shown and matched, since two names can look alike.
    pub fn as_str(&self) -> &str {
        &self.display
    }

    /// The name as Git knows it.
    pub fn as_bytes(&self) -> &[u8] {
        self.raw.as_deref().unwrap_or(self.display.as_bytes())
    }

    /// Whether the name is text, so that [`TagName::as_str`] says it exactly.
    pub fn is_text(&self) -> bool {
        self.raw.is_none()
    }
}

impl From<&str> for TagName {
    fn from(text: &str) -> Self {
        TagName {
            display: text.to_owned(),
            raw: None,
        }
    }
}

impl fmt::Display for TagName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.display)
    }
}

/// How a tag is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// A name for a commit, without an author, date or message of its own.
    Lightweight,
    /// A tag object that names the commit.
    Annotated,
    /// A tag object that names another tag object, and so on: `depth` objects until the commit (2 or more).
    Nested {
        /// How many tag objects lie between the name and the commit.
        depth: u32,
    },
}

/// A tag that leads to a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The name below `refs/tags/`.
    pub name: TagName,
    /// Lightweight, annotated or nested.
    pub kind: TagKind,
    /// The commit that it leads to in the end.
    pub commit: ObjectId,
    /// The tagger's date; for a tag without one, the committer's date of the commit. Clamped
    /// ([`clamp_date`]).
    pub date: DateTime<Utc>,
    /// The first paragraph of the tag's message on one line; for a lightweight tag, of the commit's.
    pub subject: String,
    /// The rest of the tag's own message; empty for a lightweight tag.
    pub body: String,
    /// Who made the tag, where that is recorded. The author of the version is the commit's.
    pub tagger: Option<Signature>,
}

/// A version at a Git tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The version that the tag's name says.
    pub version: Version,
    /// The tag.
    pub tag: Tag,
}

impl Tag {
    /// Where this tag stands in a list: by `version` where its name says one, else by its time.
    pub fn rank(&self, version: Option<Version>) -> TagRank {
        match version {
            Some(version) => TagRank::Version(version, self.name.as_str().to_owned()),
            None => TagRank::Unversioned(self.date, self.name.as_str().to_owned()),
        }
    }
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its object id.
    pub id: ObjectId,
    /// The parents in order: none for a root, two or more for a merge.
    pub parents: Vec<ObjectId>,
    /// Who wrote it.
    pub author: Signature,
    /// The author's date, clamped ([`clamp_date`]).
    pub date: DateTime<Utc>,
    /// The first paragraph of the message on one line (Git's `%s`).
    pub subject: String,
    /// The rest of the message (Git's `%b`), without trailing line breaks.
    pub body: String,
}

impl Commit {
    /// Whether it joins two lines of history.
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// The commits that `to` has and `from` has not: Git's `from..to`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CommitRange {
    /// The excluded side.
    pub from: ObjectId,
    /// The included side.
    pub to: ObjectId,
}

impl CommitRange {
    /// The same two commits, seen from the other side.
    pub fn reversed(&self) -> CommitRange {
        CommitRange {
            from: self.to.clone(),
            to: self.from.clone(),
        }
    }
}

/// What happened to a file between two commits. Renames are told as a removal and an addition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileChangeKind {
    /// Only the newer side has it.
    Added,
    /// Both sides have it, with different content or a different mode.
    Modified,
    /// Only the older side has it.
    Removed,
    /// Another kind of thing: a file became a link or a submodule, or the other way round.
    TypeChanged,
}

/// How many lines of a file changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineCounts {
    /// Counted.
    Counted {
        /// Lines that only the newer side has.
        added: u32,
        /// Lines that only the older side has.
        removed: u32,
    },
    /// A binary file: lines mean nothing.
    Binary,
    /// The content is not in this clone (it is shallow or without blobs): never shown as 0 lines.
    NotHere,
}

/// A changed file with its counts, as `git diff --numstat --no-renames` tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// The path from the top of the repository, with `/`; bytes that are not UTF-8 appear as U+FFFD.
    pub path: String,
    /// Lines added and removed, where they can be counted.
    pub lines: LineCounts,
    /// What happened.
    pub kind: FileChangeKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_out_of_range_are_clamped_not_refused() {
        // Fault 39: dates of −5 and 99999999999999.
        assert_eq!(clamp_date(-5).to_rfc3339(), "1970-01-01T00:00:00+00:00");
        assert_eq!(clamp_date(i64::MIN), clamp_date(0));
        assert_eq!(
            clamp_date(99_999_999_999_999).to_rfc3339(),
            "9999-12-31T23:59:59+00:00"
        );
        assert_eq!(clamp_date(i64::MAX), clamp_date(LATEST_SECOND));
        assert_eq!(
            clamp_date(1_700_000_000).to_rfc3339(),
            "2023-11-14T22:13:20+00:00"
        );
    }

    #[test]
    fn a_name_that_is_no_text_keeps_its_bytes() {
        let name = TagName::from_bytes(b"v1.0.0-\xff");
        assert_eq!(name.as_str(), "v1.0.0-\u{fffd}", "people see a replacement mark");
        assert_eq!(
            name.as_bytes(),
            b"v1.0.0-\xff",
            "Git must be asked with the exact bytes"
        );
        assert!(!name.is_text());
        assert_ne!(
            name,
            TagName::from("v1.0.0-\u{fffd}"),
            "two names that look alike stay two"
        );
    }

    #[test]
    fn an_object_id_is_forty_hexadecimal_digits() {
        let digits = "0123456789ABCDEF0123456789abcdef01234567";
        let id: ObjectId = digits.parse().unwrap();
        assert_eq!(id.as_str(), digits.to_ascii_lowercase());
        assert_eq!(id.short(), "0123456");
        let bytes = std::array::from_fn(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap());
        assert_eq!(ObjectId::from_bytes(&bytes), id);
        for wrong in ["", "HEAD", "--upload-pack=x", &digits[1..], &format!("{digits}0")] {
            assert!(wrong.parse::<ObjectId>().is_err(), "{wrong} must be refused");
        }
    }
}
