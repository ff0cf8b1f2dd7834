//! The ledger on real files and real disks.

#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

#[cfg(unix)]
mod crash;
mod damage;
mod deployments;
#[cfg(target_os = "linux")]
mod disk;
mod ends;
mod notes;
mod operations;
mod releases;
mod renames;
mod settings;
mod world;
