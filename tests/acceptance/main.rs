//! Use cases through the backend, without a window: on real Git repositories, the real control plane and the demo.
//!
//! Expectations come from the design, from `git` and from `kubectl`, never from what the app said before.
#![allow(clippy::unwrap_used, reason = "a test that fails may panic")]

mod demo;
mod harness;
mod real;
