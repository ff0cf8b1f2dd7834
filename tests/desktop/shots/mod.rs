//! Pictures of every screen and state of the app, over the demo world and over troubled clusters.
//!
//! `tours/` is the table to extend: a tour starts the app once and stops at the states on its way. At each stop the
//! window goes through all looks, as a person changes them in the settings, and is photographed in each.

mod look;
mod tours;

pub use look::{Language, Look, Theme};
pub use tours::{TOURS, Tour};

use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use super::{App, Home, Picture};

/// Takes the pictures of one tour.
#[derive(Debug)]
pub struct Camera<'a> {
    looks: &'a [Look],
    folder: &'a Path,
    taken: Vec<String>,
    /// Pictures are written beside the tour: what they show may not last as long as that takes.
    writing: Vec<JoinHandle<Result<()>>>,
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
    /// Photographs what is shown, in every look, as `{state}-{theme}-{language}-{width}x{height}.png`.
    pub fn take(&mut self, app: &App, state: &str) -> Result<()> {
        let mut shown = Look::DRIVEN;
        for look in self.looks {
            let before = app.picture(look.size)?;
            look.apply(app)?;
            settle(app)?;
            drawn(app, *look, (shown != *look).then_some(&before))?;
            shown = *look;
            self.photograph(app, state, *look)?;
        }
        Look::DRIVEN.apply(app)
    }

    /// The same for a state that does not last: it is reached and left again for each look, and photographed so long after it
    /// was reached, when it has been drawn. On a busy machine it may be over by then; then `leave` fails, and it is tried
    /// once more. Not enlarged: the driver's pointer takes no heed of the zoom on the way there.
    pub fn take_each(
        &mut self,
        app: &App,
        state: &str,
        after: Duration,
        mut reach: impl FnMut() -> Result<()>,
        mut leave: impl FnMut() -> Result<()>,
    ) -> Result<()> {
        let mut shown = Look::DRIVEN;
        for look in self.looks.iter().filter(|look| look.zoom == Look::DRIVEN.zoom) {
            let before = app.picture(look.size)?;
            look.apply(app)?;
            drawn(app, *look, (shown != *look).then_some(&before))?;
            shown = *look;
            let mut tries = 0;
            loop {
                reach().with_context(|| format!("on the way to {state}"))?;
                std::thread::sleep(after);
                self.photograph(app, state, *look)?;
                tries += 1;
                match leave() {
                    Ok(()) => break,
                    Err(error) if tries >= TRIES => {
                        return Err(error.context(format!("on the way from {state}")));
                    }
                    Err(_) => {
                        self.taken.pop();
                    }
                }
            }
        }
        Look::DRIVEN.apply(app)
    }

    fn photograph(&mut self, app: &App, state: &str, look: Look) -> Result<()> {
        let name = format!("{state}-{look}.png");
        let (picture, file) = (app.picture(look.size)?, self.folder.join(&name));
        self.writing
            .push(std::thread::spawn(move || picture.write(&file)));
        self.taken.push(name);
        Ok(())
    }
}

/// Longer than any transition of the window (`LOOK.md`: a sheet takes 220 ms).
const SETTLE: u32 = 320;
/// How often a state that does not last is tried.
const TRIES: usize = 4;

/// Goes on a tour.
pub fn take(tour: &Tour, looks: &[Look], folder: &Path) -> Result<Taken> {
    let home = Home::new()?;
    let mut camera = Camera {
        looks,
        folder,
        taken: Vec::new(),
        writing: Vec::new(),
    };
    let going = (tour.go)(home, &mut camera);
    for writing in camera.writing {
        writing
            .join()
            .map_err(|_| anyhow!("a picture could not be written"))??;
    }
    let complaints =
        going.with_context(|| format!("on the tour {} after {:?}", tour.name, camera.taken.last()))?;
    Ok(Taken {
        names: camera.taken,
        complaints,
    })
}

/// Less than this share of the picture changes by clocks, spinners and stripes, and more by any other look.
const QUIET: f64 = 0.002;
/// Between two looks at the display.
const BEAT: Duration = Duration::from_millis(90);
/// A busy machine may draw late; a state that never rests is taken as it is.
const PATIENCE: Duration = Duration::from_secs(6);

/// Waits until the display itself, which follows the page, has left the look before and rests.
fn drawn(app: &App, look: Look, before: Option<&Picture>) -> Result<()> {
    let start = Instant::now();
    let mut last = app.picture(look.size)?;
    while start.elapsed() < PATIENCE {
        std::thread::sleep(BEAT);
        let now = app.picture(look.size)?;
        let left = before.is_none_or(|before| now.differs_from(before) > QUIET);
        if left && now.differs_from(&last) < QUIET {
            break;
        }
        last = now;
    }
    Ok(())
}

/// Waits until fonts are there, motions have ended, and the page has been drawn.
fn settle(app: &App) -> Result<()> {
    let body = "const [time, done] = arguments;
        const frames = (n) => (n === 0 ? done(true) : requestAnimationFrame(() => frames(n - 1)));
        document.fonts.ready.then(() => setTimeout(() => frames(2), time));";
    app.script_async(body, &[SETTLE.into()]).map(|_| ())
}
