//! Pictures of every screen and state of the app, over the demo world.
//!
//! `states.rs` is the table to extend: a name, how to start, and the steps that lead there.

mod look;
mod states;

pub use look::{Language, Look, Theme};
pub use states::{STATES, State};

use std::path::Path;

use anyhow::{Context, Result};

use super::{App, Options};

/// What came of one picture.
#[derive(Debug)]
pub struct Shot {
    /// The file's name.
    pub name: String,
    /// What the page complained about on the way there.
    pub complaints: Vec<String>,
}

/// Leads the app into a state and photographs it as `{state}-{theme}-{language}-{width}x{height}.png`.
pub fn take(state: &State, look: Look, folder: &Path) -> Result<Shot> {
    let name = format!("{}-{look}.png", state.name);
    let (width, height) = look.size;
    let app =
        App::start(&(state.start)().sized(width, height)).with_context(|| format!("starting for {name}"))?;
    look.apply(&app).with_context(|| format!("preparing {name}"))?;
    (state.steps)(&app).with_context(|| format!("on the way to {name}"))?;
    settle(&app)?;
    app.photograph(&folder.join(&name))?;
    let complaints = app.complaints()?;
    Ok(Shot { name, complaints })
}

/// Waits until fonts are there and the page has been drawn with them.
fn settle(app: &App) -> Result<()> {
    let body = "const done = arguments[arguments.length - 1];
        const frames = (n) => (n === 0 ? done(true) : requestAnimationFrame(() => frames(n - 1)));
        document.fonts.ready.then(() => setTimeout(() => frames(2), 250));";
    app.script_async(body, &[]).map(|_| ())
}

/// Starts on the demo world, whose cluster runs at its own pace.
fn demo() -> Options {
    Options::demo()
}
