//! The crate on real repositories, with `git` itself as the measure.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod changes;
mod fixture;
mod history;
mod network;
mod refusals;
mod tags;
mod watch;
