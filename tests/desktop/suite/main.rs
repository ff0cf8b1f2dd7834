//! The built app in a real window.

mod opens;
