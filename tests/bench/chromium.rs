//! Chromium showing the window's page as an app, on a display of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use ::tests::desktop::OwnedChild;
use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::page_server::PageServer;
use crate::start::SIZE;

const DRAWN_WITHIN: Duration = Duration::from_secs(60);

/// What all starts share: the display, the page, and the profile, which the first start makes.
pub struct Chromium {
    _display: OwnedChild,
    display_name: String,
    server: PageServer,
    folder: TempDir,
}

/// A running one; ended when this is dropped.
pub struct Window<'a> {
    child: OwnedChild,
    drawn: &'a Receiver<f64>,
}

impl Chromium {
    pub fn new(page: &Path) -> Result<Self> {
        let mut display = OwnedChild::command("Xvfb");
        let screen = format!("{}x{}x24", SIZE.0, SIZE.1);
        display.args([
            "-displayfd",
            "1",
            "-nolisten",
            "tcp",
            "-noreset",
            "-screen",
            "0",
            &screen,
        ]);
        let (display, number) = OwnedChild::start_and_hear(display.stderr(Stdio::null()), "Xvfb")?;
        Ok(Self {
            _display: display,
            display_name: format!(":{number}"),
            server: PageServer::start(page)?,
            folder: TempDir::with_prefix("tidemark-chromium-")?,
        })
    }

    /// Starts it on the demo.
    pub fn open(&self) -> Result<Window<'_>> {
        let mut command = OwnedChild::command("chromium");
        command
            .arg(format!("--app={}/?start=demo", self.server.address()))
            .arg(format!("--user-data-dir={}", self.profile().display()))
            .arg(format!("--window-size={},{}", SIZE.0, SIZE.1))
            .args([
                "--window-position=0,0",
                "--no-first-run",
                "--no-default-browser-check",
            ])
            // Its sandbox refuses to run as root, and a benchmark may well run so.
            .arg("--no-sandbox")
            .env("DISPLAY", &self.display_name)
            .env("HOME", self.folder.path())
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Ok(Window {
            child: OwnedChild::start(&mut command, "chromium")?,
            drawn: self.server.drawn(),
        })
    }

    fn profile(&self) -> PathBuf {
        self.folder.path().join("profile")
    }
}

impl Window<'_> {
    /// When its page had drawn the lanes, in milliseconds since 1970.
    pub fn drawn(&self) -> Result<f64> {
        self.drawn
            .recv_timeout(DRAWN_WITHIN)
            .context("chromium has shown no timeline")
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }
}
