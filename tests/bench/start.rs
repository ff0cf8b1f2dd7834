//! From the start of the program to the first timeline of the demo, and the memory of all its processes then.
//!
//! Ours makes the demo world on the way: repositories, history, cluster. Chromium shows the same page as an app
//! (`--app`), from a server on this machine, with made-up data in the page, and with a profile that it has started on
//! before. Both have an X display of the same size and no GPU. The same lines of script tell in both when the lanes
//! have been drawn, by the page's own clock. Memory is the proportional set size, so that what processes share counts
//! once.

use std::path::Path;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::tests::desktop::{App, Options, processes};
use anyhow::{Context, Result};
use serde_json::Value;

use crate::Settings;
use crate::chromium::Chromium;
use crate::measure::{Samples, in_turn};
use crate::report::Row;

const ROUNDS: usize = 5;
const TIME_GOAL: f64 = 1.3;
const MEMORY_GOAL: f64 = 0.8;
pub const SIZE: (u32, u32) = (1280, 800);
/// What follows the first timeline at once has been done by then.
const CALM: Duration = Duration::from_secs(3);
/// Hands `done` the milliseconds since 1970 when lanes stand in the page and have been drawn.
pub const WHEN_DRAWN: &str = r#"
const look = () => {
  if (!document.querySelector('[role="rowheader"]')) return void requestAnimationFrame(look);
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.timeOrigin + performance.now())));
};
look();
"#;

/// What one start cost.
struct Start {
    milliseconds: f64,
    mebibytes: f64,
}

pub fn run(_: &Settings) -> Result<Vec<Row>> {
    let chromium = Chromium::new(&page()?)?;
    let pair = in_turn(ROUNDS, ours, || theirs(&chromium))?;
    let column = |starts: &[Start], of: fn(&Start) -> f64| Samples::new(starts.iter().map(of));
    let row = |name: &str, unit, of: fn(&Start) -> f64, goal| {
        let (ours, theirs) = (column(&pair.ours, of), column(&pair.theirs, of));
        Row::new(
            name,
            "Chromium `--app` on the same page",
            unit,
            &ours,
            &theirs,
            goal,
        )
    };
    Ok(vec![
        row("start", "ms", |start| start.milliseconds, TIME_GOAL),
        row("start (memory)", "MiB", |start| start.mebibytes, MEMORY_GOAL),
    ])
}

/// The window's page as it was built.
fn page() -> Result<std::path::PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    folder
        .canonicalize()
        .context("the window's page is not built; build it with: cd ui && npm run build")
}

fn ours() -> Result<Start> {
    let app = App::start(&Options::demo().sized(SIZE.0, SIZE.1))?;
    let script = format!("const done = arguments[arguments.length - 1]; {WHEN_DRAWN}");
    // The page may still change under the script; then it is asked again.
    let drawn = app.wait_for("the first timeline", || {
        Ok(app
            .script_async(&script, &[])
            .ok()
            .as_ref()
            .and_then(Value::as_f64))
    })?;
    let process = app.process()?;
    let start = Start {
        milliseconds: drawn - processes::started(process)?,
        mebibytes: calm_memory(process)?,
    };
    app.stop()?;
    Ok(start)
}

fn theirs(chromium: &Chromium) -> Result<Start> {
    let begun = now();
    let window = chromium.open()?;
    let drawn = window.drawn()?;
    Ok(Start {
        milliseconds: drawn - begun,
        mebibytes: calm_memory(window.process())?,
    })
}

fn calm_memory(process: u32) -> Result<f64> {
    thread::sleep(CALM);
    processes::mebibytes(process)
}

/// Milliseconds since 1970.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("because this year is after 1970").as_secs_f64() * 1e3
}
