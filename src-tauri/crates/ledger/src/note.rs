//! `note`: the release note that people write for a version, its earlier texts, and the search over all.
//!
//! What a person types is kept as `draft` beside the saved text, each time on the disk before the call returns, so
//! that a crash while typing loses nothing and a final note is not changed by half a sentence.
//! The index is kept by explicit statements in the same transaction: triggers were measured three times slower.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use domain::ids::{ServiceName, WorkspaceId};

use crate::Ledger;
use crate::column::{from_column, to_column, unreadable};
use crate::connection::Durability;
use crate::error::{Fault, Result};
use crate::search_text::{self, ExcerptPart, HIT_BEGIN, HIT_END};

/// How many earlier texts of a note are kept.
const KEPT_REVISIONS: u32 = 50;

/// Which note.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NoteKey {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Of which service.
    pub service: ServiceName,
    /// Of which version: its text, as a tag without its pattern.
    pub version: String,
}

/// How far a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteState {
    /// Being written.
    Draft,
    /// Ready to be read.
    Final,
}

impl NoteState {
    fn column(self) -> i64 {
        match self {
            Self::Draft => 0,
            Self::Final => 1,
        }
    }

    fn from_column(column: i64, id: i64) -> Result<Self, Fault> {
        match column {
            0 => Ok(Self::Draft),
            1 => Ok(Self::Final),
            other => Err(unreadable("note", id, "state of a note", other)),
        }
    }
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which.
    pub key: NoteKey,
    /// How far it is.
    pub state: NoteState,
    /// Markdown, as it was last saved; empty if it never was.
    pub body: String,
    /// What was typed since it was last saved.
    pub draft: Option<String>,
    /// Who wrote last.
    pub author: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last saved or typed in.
    pub updated_at: DateTime<Utc>,
}

/// An earlier text of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRevision {
    /// Markdown.
    pub body: String,
    /// Who saved it.
    pub author: String,
    /// When.
    pub saved_at: DateTime<Utc>,
}

/// A note that a search found, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteHit {
    /// Which note.
    pub key: NoteKey,
    /// How far it is.
    pub state: NoteState,
    /// The text around the first hit, cut at the hits; the text's beginning where only the title was hit.
    pub excerpt: Vec<ExcerptPart>,
}

/// A note as somebody saved it, to be kept with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedNote {
    /// Which.
    pub key: NoteKey,
    /// Markdown.
    pub body: String,
    /// How far it is.
    pub state: NoteState,
    /// Who saved it.
    pub author: String,
    /// When.
    pub at: DateTime<Utc>,
}

const COLUMNS: &str = "note.id, note.workspace, note.service, note.version, state, note.body, draft, author, created_at, updated_at";

impl Ledger {
    /// Keeps what a person is typing. When this returns, it is on the disk. Begins the note if there is none.
    pub fn autosave_note(&self, key: &NoteKey, text: &str, author: &str, now: DateTime<Utc>) -> Result<()> {
        self.write(Durability::Full, "kept a draft", |conn| {
            change(conn, key, author, now, |note| note.draft = Some(text.to_owned()))?;
            Ok(())
        })
    }

    /// Saves a note: its text becomes this one, what was typed is done with, and the text before stays in its
    /// revisions.
    pub fn save_note(
        &self,
        key: &NoteKey,
        body: &str,
        state: NoteState,
        author: &str,
        now: DateTime<Utc>,
    ) -> Result<Note> {
        self.write(Durability::Full, "saved a note", |conn| {
            save(conn, key, body, state, author, now)
        })
    }

    /// Saves many notes at once: all of them or none.
    pub fn save_notes(&self, notes: &[SavedNote]) -> Result<()> {
        self.write(Durability::Full, "saved notes", |conn| {
            for note in notes {
                save(conn, &note.key, &note.body, note.state, &note.author, note.at)?;
            }
            Ok(())
        })
    }

    /// Forgets what was typed since the note was last saved; a note that never was is gone.
    pub fn discard_draft(&self, key: &NoteKey) -> Result<()> {
        self.write(Durability::Full, "discarded a draft", |conn| {
            let Some((id, mut note)) = find(conn, key)? else {
                return Ok(());
            };
            unindex(conn, id)?;
            if revisions(conn, id)?.is_empty() {
                conn.execute("DELETE FROM note WHERE id = ?1", [id])?;
                return Ok(());
            }
            note.draft = None;
            conn.execute("UPDATE note SET draft = NULL WHERE id = ?1", [id])?;
            index(conn, id, &note)
        })
    }

    /// One note.
    pub fn note(&self, key: &NoteKey) -> Result<Option<Note>> {
        self.read("read a note", |conn| Ok(find(conn, key)?.map(|(_, note)| note)))
    }

    /// The notes of a workspace, of one service or of all; newest first.
    pub fn notes(&self, workspace: &WorkspaceId, service: Option<&ServiceName>) -> Result<Vec<Note>> {
        self.read("listed notes", |conn| {
            let sql = format!(
                "SELECT {COLUMNS} FROM note WHERE workspace = ?1 AND (?2 IS NULL OR service = ?2)
                 ORDER BY updated_at DESC, id DESC"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let mut rows = statement.query(params![workspace.as_str(), service.map(ServiceName::as_str)])?;
            let mut notes = Vec::new();
            while let Some(row) = rows.next()? {
                notes.push(read(row)?.1);
            }
            Ok(notes)
        })
    }

    /// The texts that a note had each time it was saved, newest first; the last 50 are kept.
    pub fn note_revisions(&self, key: &NoteKey) -> Result<Vec<NoteRevision>> {
        self.read("read the revisions of a note", |conn| match find(conn, key)? {
            Some((id, _)) => revisions(conn, id),
            None => Ok(Vec::new()),
        })
    }

    /// Notes with all the words that were typed, in their text or in their service and version; best first.
    ///
    /// Of words in spaced scripts the beginning is enough; Chinese is found by any run of its characters.
    pub fn search_notes(&self, workspace: &WorkspaceId, typed: &str, limit: u32) -> Result<Vec<NoteHit>> {
        let Some(query) = search_text::query(typed) else {
            return Ok(Vec::new());
        };
        self.read("searched the notes", |conn| {
            let sql = format!(
                "SELECT {COLUMNS}, highlight(note_search, 1, ?3, ?4)
                 FROM note_search JOIN note ON note.id = note_search.rowid
                 WHERE note_search MATCH ?1 AND workspace = ?2
                 ORDER BY bm25(note_search, 4.0, 1.0), updated_at DESC LIMIT ?5"
            );
            let mut statement = conn.prepare_cached(&sql)?;
            let marks = [HIT_BEGIN.to_string(), HIT_END.to_string()];
            let mut rows = statement.query(params![query, workspace.as_str(), marks[0], marks[1], limit])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let marked: String = row.get(10)?;
                let (_, note) = read(row)?;
                let text = note.draft.unwrap_or(note.body);
                found.push(NoteHit {
                    key: note.key,
                    state: note.state,
                    excerpt: search_text::excerpt(&text, &search_text::hits(&text, &marked)),
                });
            }
            Ok(found)
        })
    }
}

fn save(
    conn: &Connection,
    key: &NoteKey,
    body: &str,
    state: NoteState,
    author: &str,
    now: DateTime<Utc>,
) -> Result<Note, Fault> {
    let (id, note) = change(conn, key, author, now, |note| {
        note.body = body.to_owned();
        note.state = state;
        note.draft = None;
    })?;
    keep_revision(conn, id, &note)?;
    Ok(note)
}

/// Changes a note, or begins it, and its entry in the index.
fn change(
    conn: &Connection,
    key: &NoteKey,
    author: &str,
    now: DateTime<Utc>,
    edit: impl FnOnce(&mut Note),
) -> Result<(i64, Note), Fault> {
    let found = find(conn, key)?;
    let (id, mut note) = match found {
        Some((id, note)) => (Some(id), note),
        None => (None, begin(key, now)),
    };
    author.clone_into(&mut note.author);
    note.updated_at = now;
    edit(&mut note);
    let id = match id {
        Some(id) => {
            unindex(conn, id)?;
            update(conn, id, &note)?;
            id
        }
        None => insert(conn, &note)?,
    };
    index(conn, id, &note)?;
    Ok((id, note))
}

fn begin(key: &NoteKey, now: DateTime<Utc>) -> Note {
    Note {
        key: key.clone(),
        state: NoteState::Draft,
        body: String::new(),
        draft: None,
        author: String::new(),
        created_at: now,
        updated_at: now,
    }
}

fn find(conn: &Connection, key: &NoteKey) -> Result<Option<(i64, Note)>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM note WHERE workspace = ?1 AND service = ?2 AND version = ?3");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![key.workspace.as_str(), key.service.as_str(), key.version])?;
    rows.next()?.map(read).transpose()
}

fn read(row: &Row<'_>) -> Result<(i64, Note), Fault> {
    let id: i64 = row.get(0)?;
    let note = Note {
        key: NoteKey {
            workspace: row.get::<_, String>(1)?.into(),
            service: row.get::<_, String>(2)?.into(),
            version: row.get(3)?,
        },
        state: NoteState::from_column(row.get(4)?, id)?,
        body: row.get(5)?,
        draft: row.get(6)?,
        author: row.get(7)?,
        created_at: from_column(row.get(8)?),
        updated_at: from_column(row.get(9)?),
    };
    Ok((id, note))
}

fn insert(conn: &Connection, note: &Note) -> Result<i64, Fault> {
    conn.execute(
        "INSERT INTO note (workspace, service, version, state, body, draft, author, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            note.key.workspace.as_str(),
            note.key.service.as_str(),
            note.key.version,
            note.state.column(),
            note.body,
            note.draft,
            note.author,
            to_column(note.created_at),
            to_column(note.updated_at),
        ],
    )?;
    Ok(conn.last_insert_rowid())
}

fn update(conn: &Connection, id: i64, note: &Note) -> Result<(), Fault> {
    conn.execute(
        "UPDATE note SET state = ?2, body = ?3, draft = ?4, author = ?5, updated_at = ?6 WHERE id = ?1",
        params![
            id,
            note.state.column(),
            note.body,
            note.draft,
            note.author,
            to_column(note.updated_at)
        ],
    )?;
    Ok(())
}

fn keep_revision(conn: &Connection, id: i64, note: &Note) -> Result<(), Fault> {
    let newest: Option<String> = conn
        .query_row(
            "SELECT body FROM note_revision WHERE note_id = ?1 ORDER BY id DESC LIMIT 1",
            [id],
            |row| row.get(0),
        )
        .optional()?;
    if newest.as_deref() == Some(note.body.as_str()) {
        return Ok(());
    }
    conn.execute(
        "INSERT INTO note_revision (note_id, body, author, saved_at) VALUES (?1, ?2, ?3, ?4)",
        params![id, note.body, note.author, to_column(note.updated_at)],
    )?;
    conn.execute(
        "DELETE FROM note_revision WHERE note_id = ?1 AND id NOT IN
           (SELECT id FROM note_revision WHERE note_id = ?1 ORDER BY id DESC LIMIT ?2)",
        params![id, KEPT_REVISIONS],
    )?;
    Ok(())
}

/// Gives the notes of a service to another, but for versions of which that one has a note.
pub(crate) fn give(
    conn: &Connection,
    workspace: &WorkspaceId,
    from: &ServiceName,
    to: &ServiceName,
) -> Result<(), Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM note WHERE workspace = ?1 AND service = ?2 AND version NOT IN
           (SELECT version FROM note WHERE workspace = ?1 AND service = ?3)"
    );
    let mut given = Vec::new();
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([workspace.as_str(), from.as_str(), to.as_str()])?;
    while let Some(row) = rows.next()? {
        given.push(read(row)?);
    }
    for (id, mut note) in given {
        note.key.service = to.clone();
        unindex(conn, id)?;
        conn.execute(
            "UPDATE note SET service = ?2 WHERE id = ?1",
            params![id, to.as_str()],
        )?;
        index(conn, id, &note)?;
    }
    Ok(())
}

fn revisions(conn: &Connection, id: i64) -> Result<Vec<NoteRevision>, Fault> {
    let mut statement = conn.prepare_cached(
        "SELECT body, author, saved_at FROM note_revision WHERE note_id = ?1 ORDER BY id DESC",
    )?;
    let revisions = statement.query_map([id], |row| {
        Ok(NoteRevision {
            body: row.get(0)?,
            author: row.get(1)?,
            saved_at: from_column(row.get(2)?),
        })
    })?;
    Ok(revisions.collect::<rusqlite::Result<_>>()?)
}

/// What the index holds of a note: its title and what a person sees of it now.
fn indexed(note: &Note) -> (String, String) {
    let title = format!("{} {}", note.key.service, note.key.version);
    let text = note.draft.as_deref().unwrap_or(&note.body);
    (search_text::spaced(&title), search_text::spaced(text))
}

fn index(conn: &Connection, id: i64, note: &Note) -> Result<(), Fault> {
    let (title, body) = indexed(note);
    conn.execute(
        "INSERT INTO note_search (rowid, title, body) VALUES (?1, ?2, ?3)",
        params![id, title, body],
    )?;
    Ok(())
}

fn unindex(conn: &Connection, id: i64) -> Result<(), Fault> {
    conn.execute("DELETE FROM note_search WHERE rowid = ?1", [id])?;
    Ok(())
}

/// Holds every note against the index; the first difference in words. `conn` must be able to write.
pub(crate) fn check_search(conn: &Connection) -> Result<Option<String>, Fault> {
    conn.execute(
        "INSERT INTO note_search (note_search, rank) VALUES ('integrity-check', 1)",
        [],
    )?;
    let sql = format!(
        "SELECT {COLUMNS}, note_search.title, note_search.body
         FROM note LEFT JOIN note_search ON note_search.rowid = note.id"
    );
    let mut statement = conn.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, note) = read(row)?;
        let held: (Option<String>, Option<String>) = (row.get(10)?, row.get(11)?);
        let (title, body) = indexed(&note);
        if held != (Some(title), Some(body)) {
            return Ok(Some(format!(
                "note {id} of {} {}",
                note.key.service, note.key.version
            )));
        }
    }
    let orphans: i64 = conn.query_row(
        "SELECT count(*) FROM note_search WHERE rowid NOT IN (SELECT id FROM note)",
        [],
        |row| row.get(0),
    )?;
    Ok((orphans > 0).then(|| format!("{orphans} entries without a note")))
}
