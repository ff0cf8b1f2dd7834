//! Reads tags, commits and diffs of local repositories; clones and fetches by the person's own git.
