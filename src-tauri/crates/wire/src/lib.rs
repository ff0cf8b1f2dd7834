//! What crosses the border to the window.
//!
//! One table names every command with its request and reply ([`command_table!`]), a second one every event.
//! The rim expands the tables to native handlers, [`typescript`] exports them, so that a missing or mistyped
//! handler does not compile. Times are milliseconds since 1970 UTC; no number here exceeds 2⁵³.

/// The derives and naming that every DTO has.
macro_rules! dto {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* $field:ident : $ty:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "camelCase")]
            pub struct $name { $($(#[$fmeta])* pub $field: $ty,)* }
        )*
    };
}

/// The derives and naming of an enum that crosses as a word.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize, ts_rs::TS)]
            #[serde(rename_all = "kebab-case")]
            pub enum $name { $($(#[$vmeta])* $variant,)* }

            impl $name {
                /// Every word.
                pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            }
        )*
    };
}

pub mod cluster;
pub mod compare;
pub mod error;
pub mod note;
pub mod rollback;
pub mod settings;
pub mod table;
pub mod task;
pub mod timeline;
pub mod typescript;
pub mod workspace;

pub use error::{ErrorCode, WireError};
pub use table::Event;

/// Milliseconds since 1970-01-01T00:00Z.
pub type EpochMs = f64;

/// The wire's form of a time.
pub fn epoch_ms(time: chrono::DateTime<chrono::Utc>) -> EpochMs {
    time.timestamp_millis() as f64
}
