//! The words of Tidemark as types, and the pure rules between them.
//!
//! Lacks on purpose: I/O, async, a clock, and a serialisation for the wire. What crosses to the window
//! has its own types in `wire`; what is stored has its own rows in `ledger`.

pub mod conventional;
pub mod deployment;
pub mod difference;
pub mod failure;
pub mod finding;
pub mod history;
pub mod ids;
pub mod known_good;
pub mod migration_paths;
pub mod operation;
pub mod plan;
pub mod release;
pub mod template;
pub mod version;
pub mod workload;
pub mod workspace;
