//! The audit chain over `operation` and `operation_step`.
//!
//! Both tables count by one sequence, and each row carries the SHA-256 of the row before and of itself: an edited
//! row, a removed row and a lost tail all show. The form that is hashed is fixed here and must never change for
//! rows that are written: a field's type byte, its length in bytes (8, big-endian), its content.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::error::Fault;

/// The end of the chain: its last sequence (0: no rows) and that row's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Counts from 1 over both tables.
    pub sequence: i64,
    /// SHA-256 of the row and of the hash before it.
    pub hash: [u8; 32],
}

impl Link {
    /// Before the first row.
    pub(crate) const NONE: Self = Self {
        sequence: 0,
        hash: [0; 32],
    };

    /// The link that a row makes when it is put after this one.
    pub(crate) fn then(self, table: Table, fields: &[Field<'_>]) -> Self {
        let sequence = self.sequence + 1;
        let mut hash = Sha256::new();
        hash.update(self.hash);
        Field::Text(table.name()).feed(&mut hash);
        Field::Integer(sequence).feed(&mut hash);
        fields.iter().for_each(|field| field.feed(&mut hash));
        Self {
            sequence,
            hash: hash.finalize().into(),
        }
    }
}

/// The tables of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Operation,
    Step,
}

impl Table {
    fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Step => "operation_step",
        }
    }
}

/// One column of a row, as it is hashed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field<'a> {
    Integer(i64),
    Text(&'a str),
}

impl Field<'_> {
    fn feed(self, hash: &mut Sha256) {
        let (tag, bytes): (u8, &[u8]) = match &self {
            Self::Integer(number) => (b'i', &number.to_be_bytes()),
            Self::Text(text) => (b't', text.as_bytes()),
        };
        hash.update([tag]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
}

/// What a look at the whole chain found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainState {
    /// Every row follows from the one before, and the head file agrees.
    Whole {
        /// The last link.
        head: Link,
    },
    /// A row's content, hash or link to the row before is not what it was.
    Edited {
        /// The first such row.
        sequence: i64,
    },
    /// A sequence number is missing in the middle.
    Removed {
        /// The first missing number.
        sequence: i64,
    },
    /// The rows end before the link that the head file names.
    TailLost {
        /// The last link that was written once.
        expected: Link,
        /// The last link that is there.
        found: Link,
    },
}

/// A row of either table as the walk reads it.
struct ChainedRow {
    sequence: i64,
    previous: Vec<u8>,
    hash: Vec<u8>,
    content: RowContent,
}

enum RowContent {
    Operation {
        number: i64,
        texts: [String; 6],
    },
    Step {
        operation: i64,
        kind: String,
        at: i64,
        facts: String,
    },
}

impl RowContent {
    fn follow(&self, link: Link) -> Link {
        match self {
            Self::Operation { number, texts } => {
                let mut fields = vec![Field::Integer(*number)];
                fields.extend(texts.iter().map(|text| Field::Text(text)));
                link.then(Table::Operation, &fields)
            }
            Self::Step {
                operation,
                kind,
                at,
                facts,
            } => link.then(
                Table::Step,
                &[
                    Field::Integer(*operation),
                    Field::Text(kind),
                    Field::Integer(*at),
                    Field::Text(facts),
                ],
            ),
        }
    }
}

/// Every row of both tables, by sequence; columns that a kind of row lacks are null.
const WALK: &str = "
  SELECT sequence, previous, hash, number, id, workspace, service, environment, workload, intent, NULL AS at, 1
  FROM operation
  UNION ALL
  SELECT sequence, previous, hash, operation, kind, facts, NULL, NULL, NULL, NULL, at, 2 FROM operation_step
  ORDER BY sequence";

/// Walks the whole chain and holds it against the head file's link.
pub(crate) fn verify(conn: &Connection, head: Option<Link>) -> Result<ChainState, Fault> {
    let mut statement = conn.prepare(WALK)?;
    let mut rows = statement.query([])?;
    let mut link = Link::NONE;
    let mut head_met = head.is_none_or(|head| head == Link::NONE);
    while let Some(row) = rows.next()? {
        let row = read_row(row)?;
        if row.sequence > link.sequence + 1 {
            let sequence = link.sequence + 1;
            return Ok(ChainState::Removed { sequence });
        }
        let next = row.content.follow(link);
        let as_written = row.sequence == next.sequence && row.previous == link.hash && row.hash == next.hash;
        let as_headed = head.is_none_or(|head| head.sequence != next.sequence || head.hash == next.hash);
        if !as_written || !as_headed {
            let sequence = row.sequence;
            return Ok(ChainState::Edited { sequence });
        }
        head_met |= head == Some(next);
        link = next;
    }
    Ok(match head {
        Some(expected) if !head_met => ChainState::TailLost {
            expected,
            found: link,
        },
        Some(_) | None => ChainState::Whole { head: link },
    })
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<ChainedRow> {
    let content = match row.get::<_, i64>(11)? {
        1 => RowContent::Operation {
            number: row.get(3)?,
            texts: [
                row.get(4)?,
                row.get(5)?,
                row.get(6)?,
                row.get(7)?,
                row.get(8)?,
                row.get(9)?,
            ],
        },
        _ => RowContent::Step {
            operation: row.get(3)?,
            kind: row.get(4)?,
            facts: row.get(5)?,
            at: row.get(10)?,
        },
    };
    Ok(ChainedRow {
        sequence: row.get(0)?,
        previous: row.get(1)?,
        hash: row.get(2)?,
        content,
    })
}

/// The last link of the chain, without walking it.
pub(crate) fn last(conn: &Connection) -> Result<Link, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT sequence, hash FROM (
           SELECT * FROM (SELECT sequence, hash FROM operation ORDER BY sequence DESC LIMIT 1)
           UNION ALL
           SELECT * FROM (SELECT sequence, hash FROM operation_step ORDER BY sequence DESC LIMIT 1)
         ) ORDER BY sequence DESC LIMIT 1",
    )?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(Link::NONE);
    };
    Ok(Link {
        sequence: row.get(0)?,
        hash: row.get(1)?,
    })
}
