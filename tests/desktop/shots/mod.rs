//! Pictures of every screen and state of the app, over the demo world.
//!
//! `tours.rs` is the table to extend: a tour starts the app once and takes a picture wherever it stops.

mod look;
mod tours;

pub use look::{Language, Look, Theme};
pub use tours::{TOURS, Tour};

use std::path::Path;

use anyhow::{Context, Result};

use super::{App, Home};

/// Takes the pictures of one tour.
#[derive(Debug)]
pub struct Camera<'a> {
    look: Look,
    folder: &'a Path,
    taken: Vec<String>,
}

/// What came of a tour.
#[derive(Debug)]
pub struct Taken {
    /// The files' names.
    pub names: Vec<String>,
    /// What the page complained about on the way.
    pub complaints: Vec<String>,
}

impl Camera<'_> {
    /// Photographs what is shown as `{state}-{theme}-{language}-{width}x{height}.png`.
    pub fn take(&mut self, app: &App, state: &str) -> Result<()> {
        let name = format!("{state}-{}.png", self.look);
        settle(app)?;
        app.photograph(&self.folder.join(&name))?;
        self.taken.push(name);
        Ok(())
    }
}

/// Goes on a tour in one look.
pub fn take(tour: &Tour, look: Look, folder: &Path) -> Result<Taken> {
    let (width, height) = look.size;
    let home = Home::new()?;
    let options = (tour.start)(&home)?.sized(width, height);
    let app = App::start_in(home, &options).with_context(|| format!("starting for {}", tour.name))?;
    look.apply(&app)
        .with_context(|| format!("preparing {}", tour.name))?;
    let mut camera = Camera {
        look,
        folder,
        taken: Vec::new(),
    };
    (tour.steps)(&app, &mut camera)
        .with_context(|| format!("on the tour {} after {:?}", tour.name, camera.taken.last()))?;
    Ok(Taken {
        names: camera.taken,
        complaints: app.complaints()?,
    })
}

/// Waits until fonts are there and the page has been drawn with them.
fn settle(app: &App) -> Result<()> {
    let body = "const done = arguments[arguments.length - 1];
        const frames = (n) => (n === 0 ? done(true) : requestAnimationFrame(() => frames(n - 1)));
        document.fonts.ready.then(() => setTimeout(() => frames(2), 350));";
    app.script_async(body, &[]).map(|_| ())
}
