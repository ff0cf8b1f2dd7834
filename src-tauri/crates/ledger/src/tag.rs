//! `tag`: every tag once seen, with every commit that it named. A tag moved by force is an event, and the old commit
//! is kept.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use crate::Ledger;
use crate::column::{from_column, to_column};
use crate::connection::Durability;
use crate::error::{Fault, Result};

/// A tag as a repository shows it now.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagTarget {
    /// Its name without `refs/tags/`, as bytes: Git asks for no encoding.
    pub name: Vec<u8>,
    /// The object id of the commit that it names in the end, in hexadecimal.
    pub commit: String,
}

/// What differs from what was seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagChange {
    /// Not seen before.
    New(TagTarget),
    /// It names another commit than before.
    Moved {
        /// The tag as it is now.
        tag: TagTarget,
        /// The commit that it named before.
        from: String,
    },
    /// It is not there any more.
    Gone(TagTarget),
}

/// A commit that a tag named, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagSeen {
    /// The commit.
    pub commit: String,
    /// When it was first seen.
    pub seen_at: DateTime<Utc>,
    /// When the tag was first seen to name another one, or none; `None`: it is what the tag names.
    pub gone_at: Option<DateTime<Utc>>,
}

/// A tag that named another commit before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTag {
    /// Its name, as bytes.
    pub name: Vec<u8>,
    /// The commit that it named.
    pub from: String,
    /// The commit that it names now.
    pub to: String,
    /// When it was first seen to name another one.
    pub at: DateTime<Utc>,
}

impl Ledger {
    /// Holds all tags of a repository against those seen before, and keeps what is new.
    ///
    /// `repository` is its identity in the workspace. Nothing is written where nothing changed.
    pub fn record_tags(
        &self,
        repository: &str,
        tags: &[TagTarget],
        now: DateTime<Utc>,
    ) -> Result<Vec<TagChange>> {
        let before = self.read("read the tags", |conn| current(conn, repository))?;
        if differences(&before, tags).is_empty() {
            return Ok(Vec::new());
        }
        self.write(Durability::Normal, "kept the tags", |conn| {
            let changes = differences(&current(conn, repository)?, tags);
            for change in &changes {
                apply(conn, repository, change, now)?;
            }
            Ok(changes)
        })
    }

    /// Every commit that a tag named, newest first.
    pub fn tag_history(&self, repository: &str, name: &[u8]) -> Result<Vec<TagSeen>> {
        self.read("read the history of a tag", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT target, seen_at, gone_at FROM tag WHERE repository = ?1 AND name = ?2
                 ORDER BY gone_at IS NOT NULL, seen_at DESC",
            )?;
            let found = statement.query_map(params![repository, name], |row| {
                Ok(TagSeen {
                    commit: row.get(0)?,
                    seen_at: from_column(row.get(1)?),
                    gone_at: row.get::<_, Option<i64>>(2)?.map(from_column),
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Every tag of a repository that is there and named another commit before, the one that moved last first; a tag
    /// that moved often comes as often.
    pub fn moved_tags(&self, repository: &str) -> Result<Vec<MovedTag>> {
        self.read("listed the tags that moved", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT name, before.target, now.target, before.gone_at
                 FROM tag AS before JOIN tag AS now USING (repository, name)
                 WHERE repository = ?1 AND before.gone_at IS NOT NULL AND now.gone_at IS NULL
                 ORDER BY before.gone_at DESC, name",
            )?;
            let found = statement.query_map([repository], |row| {
                Ok(MovedTag {
                    name: row.get(0)?,
                    from: row.get(1)?,
                    to: row.get(2)?,
                    at: from_column(row.get(3)?),
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The names of the tags that name, or named, a commit whose id begins with these hexadecimal digits.
    pub fn tags_of_commit(&self, repository: &str, prefix: &str) -> Result<Vec<TagTarget>> {
        self.read("searched the tags", |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT name, target FROM tag WHERE repository = ?1 AND substr(target, 1, length(?2)) = ?2 ORDER BY name",
            )?;
            let found = statement.query_map(params![repository, prefix.to_ascii_lowercase()], |row| {
                Ok(TagTarget {
                    name: row.get(0)?,
                    commit: row.get(1)?,
                })
            })?;
            Ok(found.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// What each tag of a repository named when it was last looked at.
fn current(conn: &Connection, repository: &str) -> Result<HashMap<Vec<u8>, String>, Fault> {
    let mut statement =
        conn.prepare_cached("SELECT name, target FROM tag WHERE repository = ?1 AND gone_at IS NULL")?;
    let rows = statement.query_map([repository], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn differences(before: &HashMap<Vec<u8>, String>, tags: &[TagTarget]) -> Vec<TagChange> {
    let mut left = before.clone();
    let mut changes = Vec::new();
    for tag in tags {
        match left.remove(&tag.name) {
            None => changes.push(TagChange::New(tag.clone())),
            Some(from) if from != tag.commit => changes.push(TagChange::Moved {
                tag: tag.clone(),
                from,
            }),
            Some(_) => {}
        }
    }
    let mut gone: Vec<TagTarget> = left
        .into_iter()
        .map(|(name, commit)| TagTarget { name, commit })
        .collect();
    gone.sort_by(|a, b| a.name.cmp(&b.name));
    changes.extend(gone.into_iter().map(TagChange::Gone));
    changes
}

fn apply(conn: &Connection, repository: &str, change: &TagChange, now: DateTime<Utc>) -> Result<(), Fault> {
    match change {
        TagChange::New(tag) => appear(conn, repository, tag, now),
        TagChange::Moved { tag, from } => {
            leave(conn, repository, &tag.name, from, now)?;
            appear(conn, repository, tag, now)
        }
        TagChange::Gone(tag) => leave(conn, repository, &tag.name, &tag.commit, now),
    }
}

/// A commit that the tag named before and names again keeps the time at which it was first seen.
fn appear(conn: &Connection, repository: &str, tag: &TagTarget, now: DateTime<Utc>) -> Result<(), Fault> {
    conn.prepare_cached(
        "INSERT INTO tag (repository, name, target, seen_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (repository, name, target) DO UPDATE SET gone_at = NULL",
    )?
    .execute(params![repository, tag.name, tag.commit, to_column(now)])?;
    Ok(())
}

fn leave(
    conn: &Connection,
    repository: &str,
    name: &[u8],
    commit: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    conn.prepare_cached("UPDATE tag SET gone_at = ?4 WHERE repository = ?1 AND name = ?2 AND target = ?3")?
        .execute(params![repository, name, commit, to_column(now)])?;
    Ok(())
}
