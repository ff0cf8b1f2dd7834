//! `tidemark.toml`: what a team commits. Reads it with errors that name a line, edits it without losing
//! comments and order, and fetches or runs nothing of what stands in it.

mod duration;
mod edit;
mod place;
mod read;

pub use duration::{parse_duration, write_duration};
pub use edit::{apply_draft, new_text};
pub use read::{Read, read};

/// The `format` that this version reads and writes.
pub const FORMAT: i64 = 1;
/// The name of the file that a team commits.
pub const FILE_NAME: &str = "tidemark.toml";
/// Larger than any real workspace; a bound against hostile input.
pub const LARGEST: u64 = 4 * 1024 * 1024;
