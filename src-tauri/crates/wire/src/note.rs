//! Release notes.

use crate::EpochMs;
use crate::compare::Commit;

words! {
    /// Whether a note says that it is finished.
    pub enum NoteState { Draft, Final, }
}

dto! {
    /// A note in a list.
    pub struct NoteInfo {
        service: String,
        version: String,
        title: String,
        /// The best passage, with `\u{2}` and `\u{3}` around what was found.
        excerpt: String,
        state: NoteState,
        author: Option<String>,
        updated_at: EpochMs,
        /// The version was taken back somewhere.
        rolled_back: bool,
    }
    /// Which notes.
    pub struct NoteSearch {
        text: String,
        state: Option<NoteState>,
        service: Option<String>,
    }
    /// The notes that were found.
    pub struct Notes { notes: Vec<NoteInfo>, }
    /// A version's note.
    pub struct NoteRequest {
        service: String,
        version: String,
    }
    /// A note, whole.
    pub struct Note {
        service: String,
        version: String,
        /// Empty: there is none yet.
        markdown: String,
        html: String,
        state: NoteState,
        author: Option<String>,
        updated_at: Option<EpochMs>,
        previous_version: Option<String>,
        released_at: Option<EpochMs>,
        /// Commits since the previous version, newest first.
        commits: Vec<Commit>,
        /// The tag's own message.
        tag_message: Option<String>,
    }
    /// A note to keep.
    pub struct NoteSave {
        service: String,
        version: String,
        markdown: String,
        state: NoteState,
    }
    /// A note was kept.
    pub struct NoteSaved { updated_at: EpochMs, }
    /// Headings of a draft, in the person's language.
    pub struct DraftRequest {
        service: String,
        version: String,
        breaking: String,
        features: String,
        fixes: String,
        other: String,
    }
    /// A draft made of commits.
    pub struct NoteDraft {
        markdown: String,
        commits: u32,
        unavailable: Option<String>,
        /// The workspace file names a template that the last commit of its repository does not have.
        template_missing: bool,
    }
    /// Markdown to render.
    pub struct MarkdownRequest { markdown: String, }
    /// Rendered and sanitised.
    pub struct Html { html: String, }
    /// The versions of a service, newest first.
    pub struct Versions { versions: Vec<VersionInfo>, }
    /// A version of a service.
    pub struct VersionInfo {
        version: String,
        tag: Option<String>,
        at: Option<EpochMs>,
        /// No SemVer version: sorted by time.
        unversioned: bool,
        has_note: bool,
        /// Environments where it runs now.
        live_in: Vec<String>,
    }
}
