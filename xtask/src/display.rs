//! A display to open the window on: the person's own, or a virtual one where there is none.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

/// A virtual X display that lives as long as this value.
#[derive(Debug)]
pub struct VirtualDisplay {
    server: Child,
    name: String,
}

/// Whether somebody sits in front of a display.
pub fn is_there() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("DISPLAY") || set("WAYLAND_DISPLAY")
}

impl VirtualDisplay {
    /// Starts Xvfb on the first free display; `setpriv` ends it with us, however we end.
    pub fn start(width: u32, height: u32) -> Result<Self> {
        let screen = format!("{width}x{height}x24");
        let mut server = Command::new("setpriv")
            .args([
                "--pdeathsig",
                "TERM",
                "Xvfb",
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
                &screen,
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start Xvfb")?;
        let mut number = String::new();
        if let Some(output) = server.stdout.as_mut() {
            BufReader::new(output).read_line(&mut number)?;
        }
        if number.trim().is_empty() {
            bail!("Xvfb ended without a display; try: Xvfb :99");
        }
        Ok(Self {
            server,
            name: format!(":{}", number.trim()),
        })
    }

    /// The display's name for `DISPLAY`.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for VirtualDisplay {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody left to tell.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
