//! What several suites share.

pub mod cluster;
