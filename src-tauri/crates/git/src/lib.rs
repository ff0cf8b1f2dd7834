//! Reads tags, commits and diffs of local repositories; clones and fetches by the person's own git.
//!
//! Reading is plain synchronous code on `git2` and never writes, runs no hook, no filter and no
//! helper; call it off the async threads. Only [`network`] starts a program: the installed `git`.
//!
//! Lacks on purpose: what a version is ([`domain::version`]), and any knowledge of clusters.

mod changes;
mod commits;
mod error;
mod files;
mod find;
mod layout;
mod libgit2;
pub mod network;
mod objects;
mod refs;
mod repository;
mod tag_events;
mod tags;
mod watch;

pub use commits::{AheadBehind, CommitList, HistoryEnd};
pub use error::{GitError, UnsupportedFormat};
pub use find::{FoundRepositories, FoundRepository, find_repositories};
pub use layout::RepositoryKind;
pub use libgit2::prepare;
pub use repository::Repository;
pub use tag_events::{TagChanges, TagMoved, compare_tags};
pub use tags::{TagList, TagProblem, TagProblemReason, TagScanner};
pub use watch::{RefsWatch, watch_refs};
