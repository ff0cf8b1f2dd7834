//! The pointer: moves and presses as the protocol writes them (W3C WebDriver, section 17.4.3), and the wheel.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// A place in the window, in CSS pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    /// The place so much to the right and below.
    #[must_use]
    pub fn plus(self, right: f64, down: f64) -> Self {
        Self {
            x: self.x + right,
            y: self.y + down,
        }
    }
}

/// Which way the wheel turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wheel {
    Up,
    Down,
    Left,
    Right,
}

impl Wheel {
    /// The button that X means by it.
    fn button(self) -> &'static str {
        match self {
            Self::Up => "4",
            Self::Down => "5",
            Self::Left => "6",
            Self::Right => "7",
        }
    }
}

/// Moves there and presses for a time.
pub(super) fn press(at: Point, held: Duration) -> Value {
    source(vec![move_to(at, 0), down(), pause(held), up()])
}

/// Moves there and presses; the pointer stays down.
pub(super) fn press_and_hold(at: Point) -> Value {
    source(vec![move_to(at, 0), down()])
}

/// Moves there and lets go.
pub(super) fn let_go(at: Point) -> Value {
    source(vec![move_to(at, 0), up()])
}

/// Moves there and leaves the pointer there.
pub(super) fn hover(at: Point) -> Value {
    source(vec![move_to(at, 0)])
}

/// Presses at one place and lets go at another, through the middle, as a hand would.
pub(super) fn drag(from: Point, to: Point) -> Value {
    let middle = Point {
        x: f64::midpoint(from.x, to.x),
        y: f64::midpoint(from.y, to.y),
    };
    source(vec![
        move_to(from, 0),
        down(),
        move_to(middle, 60),
        move_to(to, 60),
        up(),
    ])
}

/// Turns the wheel by real X events: WebKit's driver for GTK takes wheel actions and does nothing with them.
pub(super) fn wheel(display: &str, at: Point, turn: Wheel, notches: u32, held: Option<&str>) -> Result<()> {
    let (x, y, notches) = (
        whole(at.x).to_string(),
        whole(at.y).to_string(),
        notches.to_string(),
    );
    let beside = (whole(at.x) + 1).to_string();
    // GTK takes no wheel from a pointer that has only just come into the window.
    let mut words = vec![
        "mousemove",
        &beside,
        &y,
        "sleep",
        "0.1",
        "mousemove",
        &x,
        &y,
        "sleep",
        "0.1",
    ];
    words.extend(held.into_iter().flat_map(|key| ["keydown", key]));
    words.extend(["click", "--repeat", &notches, "--delay", "30", turn.button()]);
    words.extend(held.into_iter().flat_map(|key| ["keyup", key]));
    let status = Command::new("xdotool")
        .args(&words)
        .env("DISPLAY", display)
        .status();
    let status = status.context("could not start xdotool, which turns the wheel")?;
    if status.success() {
        Ok(())
    } else {
        bail!("xdotool {} ended with {status}", words.join(" "))
    }
}

/// Types a path into a file dialog of GTK's: not a page, so not the driver's business.
pub(super) fn choose_path(display: &str, title: &str, path: &Path) -> Result<()> {
    let start = Instant::now();
    let window = loop {
        let found = tool(display, &["search", "--onlyvisible", "--name", title]);
        if let Some(window) = found.ok().and_then(|ids| ids.lines().last().map(str::to_owned)) {
            break window;
        }
        if start.elapsed() > Duration::from_secs(20) {
            bail!("no dialog with '{title}' in its title came");
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    tool(display, &["windowfocus", "--sync", &window])?;
    // A folder's dialog opens its field with a slash, a file's has one and fills it with Ctrl+L; both swallow what is
    // typed before the field is there.
    let text = path.display().to_string();
    let (open, rest): (&[&str], &str) = if path.is_dir() {
        (&["key", "slash"], text.strip_prefix('/').unwrap_or(&text))
    } else {
        (&["key", "ctrl+l", "sleep", "1", "key", "ctrl+a"], &text)
    };
    tool(display, &[&["sleep", "0.5"], open, &["sleep", "1.2"]].concat())?;
    tool(display, &["type", "--delay", "30", rest])?;
    // What the field proposes to go on with is dropped; a Return that came too early for the dialog is repeated.
    tool(display, &["sleep", "0.7", "key", "Delete"])?;
    for _ in 0..10 {
        tool(display, &["sleep", "0.5", "key", "Return", "sleep", "0.5"])?;
        let open = tool(display, &["search", "--onlyvisible", "--name", title]);
        if !open.is_ok_and(|ids| ids.lines().any(|id| id == window)) {
            return Ok(());
        }
    }
    bail!("the dialog '{title}' did not take {text}")
}

fn tool(display: &str, words: &[&str]) -> Result<String> {
    let output = Command::new("xdotool")
        .args(words)
        .env("DISPLAY", display)
        .output();
    let output = output.context("could not start xdotool")?;
    if !output.status.success() {
        bail!("xdotool {} ended with {}", words.join(" "), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn source(actions: Vec<Value>) -> Value {
    let mouse = json!({ "pointerType": "mouse" });
    json!({ "actions": [{ "type": "pointer", "id": "mouse", "parameters": mouse, "actions": actions }] })
}

fn move_to(at: Point, milliseconds: u64) -> Value {
    let (x, y) = (whole(at.x), whole(at.y));
    json!({ "type": "pointerMove", "duration": milliseconds, "x": x, "y": y, "origin": "viewport" })
}

fn down() -> Value {
    json!({ "type": "pointerDown", "button": 0 })
}

fn up() -> Value {
    json!({ "type": "pointerUp", "button": 0 })
}

fn pause(time: Duration) -> Value {
    json!({ "type": "pause", "duration": u64::try_from(time.as_millis()).unwrap_or(u64::MAX) })
}

/// The driver takes whole pixels only.
#[expect(
    clippy::cast_possible_truncation,
    reason = "places in a window are far below 2^53"
)]
fn whole(pixels: f64) -> i64 {
    pixels.round() as i64
}
