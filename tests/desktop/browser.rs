//! What the app runs in: a display, a session bus, and the driver that starts it.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use super::child::OwnedChild;
use super::home::Home;
use super::protocol::{self, Session};

/// How long the driver may take to answer for the first time.
const DRIVER_READY: Duration = Duration::from_secs(20);

/// How the driver starts the app: it ends with the driver, and what it says goes line by line to the home's log (the
/// driver would throw it away).
const WRAPPER: &str = r#"exec setpriv --pdeathsig KILL -- stdbuf -oL -- "$@" >>"$HOME/app.log" 2>&1"#;

/// Mounts a folder read-only over itself and goes on as what follows it.
const READ_ONLY: &str = r#"set -e; mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift
exec setpriv --pdeathsig KILL -- "$@""#;

/// A bus on which everybody may say everything, and nothing is started.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A session and the processes under it. The fields end in this order: driver and app first, display last.
#[derive(Debug)]
pub struct Browser {
    pub session: Session,
    driver: OwnedChild,
    _bus: OwnedChild,
    _display: OwnedChild,
    display_name: String,
    bus_address: String,
}

impl Browser {
    /// Starts all of it, and in it the program that the command's first word names.
    pub fn start(
        command: &[String],
        size: (u32, u32),
        environment: &[(String, String)],
        home: &Home,
    ) -> Result<Self> {
        let (display, display_name) = display(size, &home.display())?;
        let (bus, bus_address) = bus(home)?;
        let own = [
            ("DISPLAY", display_name.clone()),
            ("DBUS_SESSION_BUS_ADDRESS", bus_address.clone()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let (mut driver, port) = driver(&[&own, environment].concat(), home)?;
        let script = ["-c", WRAPPER, "app"].into_iter().map(str::to_owned);
        let arguments: Vec<String> = script.chain(command.iter().cloned()).collect();
        let session = Session::open(port, "/bin/sh", &arguments)?;
        driver.still_runs()?;
        Ok(Self {
            session,
            driver,
            _bus: bus,
            _display: display,
            display_name,
            bus_address,
        })
    }

    /// The display, by the name that X clients use.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// The variables that lead to this display and this bus.
    pub fn own_environment(&self) -> [(&'static str, &str); 2] {
        [
            ("DISPLAY", &self.display_name),
            ("DBUS_SESSION_BUS_ADDRESS", &self.bus_address),
        ]
    }

    /// The app's process: the driver's child.
    pub fn app_process(&self) -> Result<u32> {
        let driver = self.driver.id();
        let file = format!("/proc/{driver}/task/{driver}/children");
        let children = std::fs::read_to_string(&file).with_context(|| format!("could not read {file}"))?;
        let first = children.split_whitespace().next();
        first
            .and_then(|id| id.parse().ok())
            .ok_or_else(|| anyhow!("the app does not run"))
    }
}

/// The words before a command that let it see a folder as on a read-only disk: in namespaces of its own, as the same
/// user.
pub fn read_only(folder: String) -> impl Iterator<Item = String> {
    let flags = ["--user", "--map-current-user", "--keep-caps", "--mount", "--"];
    let words = ["unshare"]
        .into_iter()
        .chain(flags)
        .chain(["sh", "-c", READ_ONLY, "sh"]);
    words.map(str::to_owned).chain([folder])
}

/// A display that exactly holds the window; there is no window manager on it.
fn display((width, height): (u32, u32), folder: &Path) -> Result<(OwnedChild, String)> {
    let screen = format!("{width}x{height}x24");
    let mut command = OwnedChild::command("Xvfb");
    command.args([
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
        "-noreset",
        "-nocursor",
        "-screen",
        "0",
        &screen,
        "-fbdir",
    ]);
    command.arg(folder);
    let (display, number) = OwnedChild::start_and_hear(command.stderr(Stdio::null()), "Xvfb")?;
    Ok((display, format!(":{number}")))
}

/// A session bus, so that a second app on this machine is not taken for the same one. It starts no services: portals
/// and the like would come with processes and mounts of their own that outlive it.
fn bus(home: &Home) -> Result<(OwnedChild, String)> {
    let settings = home.path().join("bus.conf");
    let socket = home.path().join("run/bus");
    std::fs::write(&settings, BUS.replace("SOCKET", &socket.display().to_string()))?;
    let mut command = OwnedChild::command("dbus-daemon");
    command
        .arg(format!("--config-file={}", settings.display()))
        .args(["--nofork", "--print-address=1"]);
    OwnedChild::start_and_hear(command.stderr(Stdio::null()), "dbus-daemon")
}

/// The driver on a free port of the loopback interface.
fn driver(environment: &[(String, String)], home: &Home) -> Result<(OwnedChild, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = OwnedChild::command("WebKitWebDriver");
    command.arg(format!("--port={port}")).envs(home.environment());
    for name in [
        "WAYLAND_DISPLAY",
        "KUBECONFIG",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env_remove(name);
    }
    command
        .env("TAURI_AUTOMATION", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true");
    // The one locale that every machine has; and nothing answers on the accessibility bus.
    command
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
        .env("NO_AT_BRIDGE", "1");
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut driver = OwnedChild::start(&mut command, "WebKitWebDriver")?;
    let start = Instant::now();
    while !protocol::answers(port) {
        driver.still_runs()?;
        if start.elapsed() > DRIVER_READY {
            bail!(
                "WebKitWebDriver did not answer on port {port} within {} s",
                DRIVER_READY.as_secs()
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((driver, port))
}

/// The app's program: `TIDEMARK_BINARY`, or what Cargo has built beside this test program.
pub fn app_program() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("TIDEMARK_BINARY") {
        return Ok(named.into());
    }
    let own = std::env::current_exe()?;
    let folders = own.ancestors().skip(1).take(2);
    let found = folders
        .map(|folder| folder.join("tidemark"))
        .find(|file| file.is_file());
    found.ok_or_else(|| anyhow!("the app is not built; build it with: cargo xtask test desktop"))
}
