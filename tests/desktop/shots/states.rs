//! The table of states: one line each. Extend it with every screen that appears.

use anyhow::Result;

use super::demo;
use crate::desktop::{App, Options};

/// A state of the app that has a picture.
#[derive(Debug)]
pub struct State {
    /// The picture's name.
    pub name: &'static str,
    /// How the app is started for it.
    pub start: fn() -> Options,
    /// What leads there, after the start.
    pub steps: fn(&App) -> Result<()>,
}

/// Every state, in the order in which a person would meet them.
pub const STATES: &[State] = &[
    State {
        name: "welcome",
        start: Options::plain,
        steps: |app| app.find("h1").map(|_| ()),
    },
    State {
        name: "timeline",
        start: demo,
        steps: timeline,
    },
];

fn timeline(app: &App) -> Result<()> {
    app.find("[role=treegrid]").map(|_| ())
}
