//! The side that changes: preflight, dry run, patch with preconditions, progress, verification, trace.
//!
//! Mechanics from kubernetes.md. Everything that writes takes the *mutating* client, which never retries, and a
//! write is made of one JSON Patch with `test` operations over uid and generation. Nothing here decides whether
//! an operation was confirmed: that is the type of what `app` passes on.

pub mod follow;
pub mod live;
pub mod owner;
pub mod patch;
pub mod preflight;
pub mod rest;
pub mod revisions;
pub mod trace;

pub use domain::history::{CHANGE_CAUSE, OPERATION_ANNOTATION};
pub use follow::{Observation, PodFacts, PodPhase, Progress, RolloutWatch, observe};
pub use live::LiveWorkload;
pub use patch::{DryRun, Patch, SendOutcome};
pub use rest::Rest;
pub use revisions::{KeptRevision, revisions};

/// The field manager of everything that we write.
pub const FIELD_MANAGER: &str = "tidemark";
