//! What crosses the border to the window: the command table, DTOs, error codes, TypeScript export.
