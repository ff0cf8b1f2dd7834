//! The SQLite file that keeps deployments, templates, notes and operations.
