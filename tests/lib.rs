//! What several suites share.

pub mod cluster;
pub mod contract;
pub mod desktop;
