//! The use cases of Tidemark, over Git, clusters and the ledger. Knows nothing of Tauri.
//!
//! Use cases answer in the words of the command table (`wire`): a second set of the same structs would only
//! be copied.

mod backend;
mod bindings;
pub mod commands;
mod comparison;
mod configuration;
mod connection;
mod contexts;
mod details;
mod error;
mod files;
mod markdown;
mod matrix;
pub mod memory;
mod moved_tags;
mod notes;
mod object;
mod observer;
mod redaction;
mod releases;
mod repositories;
mod repository_commands;
mod rollback;
mod search;
mod session;
mod settings;
mod suggestion;
mod tasks;
mod timeline;
mod words;
mod workspace;
mod workspace_draft;
pub mod workspace_file;

pub use backend::{AtStart, Backend, Emit, Host, MakeDemo, Setup};
pub use redaction::redact;
pub use repositories::WriteClones;
pub use session::{DemoNote, DemoPast, DemoWorld, Session};
