//! The differences of two pod templates, in words first.

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {}
