//! The table of tours. Extend it with every screen and state that appears; where the design has a picture of a state
//! (`rollback-ready`, `offline`, …), the state has its name here, so that they can be laid side by side.

mod rollback;
mod screens;
mod timeline;
mod trouble;
mod welcome;
mod workspace;

use anyhow::Result;

use super::{Camera, Look};
use crate::desktop::{App, Home, Options};

/// A way through the app with pictures on it.
#[derive(Debug)]
pub struct Tour {
    /// What it is asked for by.
    pub name: &'static str,
    /// Goes it, from the start of the app in this home, and says what the page complained about.
    pub go: fn(Home, &mut Camera<'_>) -> Result<Vec<String>>,
}

/// Every tour; the longest first, since two go on at a time.
pub const TOURS: &[Tour] = &[
    Tour {
        name: "rollback",
        go: rollback::go,
    },
    Tour {
        name: "trouble",
        go: trouble::go,
    },
    Tour {
        name: "screens",
        go: screens::go,
    },
    Tour {
        name: "timeline",
        go: timeline::go,
    },
    Tour {
        name: "welcome",
        go: welcome::go,
    },
    Tour {
        name: "workspace",
        go: workspace::go,
    },
    Tour {
        name: "blocked",
        go: rollback::blocked,
    },
];

/// Starts the app on a display that holds every look, as it is driven.
fn start(home: Home, options: &Options) -> Result<App> {
    let (width, height) = Look::DISPLAY;
    let app = App::start_in(home, &options.clone().sized(width, height))?;
    app.find("#root > *")?;
    Look::DRIVEN.apply(&app)?;
    Ok(app)
}

/// The demo world, so many times faster than life.
fn demo(home: Home, speed: u32) -> Result<App> {
    let mut options = Options::demo();
    options
        .arguments
        .extend(["--demo-speed".into(), speed.to_string()]);
    let app = start(home, &options)?;
    app.timeline_is_there()?;
    Ok(app)
}
