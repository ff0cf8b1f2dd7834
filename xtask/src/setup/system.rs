//! Programs, libraries and fonts that come from the system's package manager.
//!
//! On Debian and its relatives what is missing is installed; elsewhere it is named. Presence is judged by the thing
//! itself (a program on the path, a library that pkg-config knows), never by the package, so that other ways of
//! having it count as well.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process;

/// What something is needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Compiling the app.
    Build,
    /// Showing its window where there is no display.
    VirtualDisplay,
    /// Driving its window from a test.
    Drive,
    /// The rivals in the benchmarks.
    Bench,
    /// Drawing the icons from their source.
    Icons,
}

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 5] = [
        Self::Build,
        Self::VirtualDisplay,
        Self::Drive,
        Self::Bench,
        Self::Icons,
    ];
}

/// How to see that something is there.
enum Probe {
    Program(&'static str),
    Library(&'static str),
    FontFor(&'static str),
}

struct Need {
    purpose: Purpose,
    probe: Probe,
    /// The Debian package that brings it.
    package: &'static str,
}

const NEEDS: [Need; 14] = [
    need(Purpose::Build, Probe::Program("cc"), "build-essential"),
    need(Purpose::Build, Probe::Program("pkg-config"), "pkg-config"),
    need(Purpose::Build, Probe::Program("git"), "git"),
    need(
        Purpose::Build,
        Probe::Library("webkit2gtk-4.1"),
        "libwebkit2gtk-4.1-dev",
    ),
    need(Purpose::VirtualDisplay, Probe::Program("Xvfb"), "xvfb"),
    need(
        Purpose::VirtualDisplay,
        Probe::Program("dbus-run-session"),
        "dbus-daemon",
    ),
    need(Purpose::VirtualDisplay, Probe::Program("fc-list"), "fontconfig"),
    need(Purpose::VirtualDisplay, Probe::FontFor("zh-cn"), "fonts-noto-cjk"),
    need(
        Purpose::Drive,
        Probe::Program("WebKitWebDriver"),
        "webkit2gtk-driver",
    ),
    need(Purpose::Drive, Probe::Program("xdotool"), "xdotool"),
    need(Purpose::Drive, Probe::Program("setpriv"), "util-linux"),
    need(Purpose::Bench, Probe::Program("sqlite3"), "sqlite3"),
    need(Purpose::Bench, Probe::Program("chromium"), "chromium"),
    need(Purpose::Icons, Probe::Program("rsvg-convert"), "librsvg2-bin"),
];

const fn need(purpose: Purpose, probe: Probe, package: &'static str) -> Need {
    Need {
        purpose,
        probe,
        package,
    }
}

impl Probe {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => process::find(name).is_some(),
            Self::Library(name) => process::answer("pkg-config", &["--exists", name]).is_some(),
            Self::FontFor(language) => process::answer("fc-list", &[&format!(":lang={language}")])
                .is_some_and(|fonts| !fonts.is_empty()),
        }
    }
}

/// Installs what is missing for these purposes, or fails with the command that would.
pub fn ensure(purposes: &[Purpose]) -> Result<()> {
    let packages = missing(purposes);
    if packages.is_empty() {
        return Ok(());
    }
    let list = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!("These are missing (by their Debian names); install them with your package manager: {list}");
    }
    let Some(privilege) = Privilege::found() else {
        bail!("These packages are missing. Install them and start again:\n  sudo apt-get install -y {list}");
    };
    println!("Missing here: {list}. Installing.");
    process::run(&mut privilege.apt_get(&["update", "-qq"]))?;
    process::run(
        privilege
            .apt_get(&["install", "-y", "-qq", "--no-install-recommends"])
            .args(&packages),
    )?;
    match missing(purposes).as_slice() {
        [] => Ok(()),
        still => bail!("installed, yet still not found: {}", still.join(" ")),
    }
}

fn missing(purposes: &[Purpose]) -> Vec<&'static str> {
    let wanted = NEEDS.iter().filter(|need| purposes.contains(&need.purpose));
    wanted
        .filter(|need| !need.probe.is_there())
        .map(|need| need.package)
        .collect()
}

/// How we may install packages.
enum Privilege {
    Root,
    Sudo,
}

impl Privilege {
    /// Root, or `sudo` that asks for no password; anything else would stop at a prompt.
    fn found() -> Option<Self> {
        if process::answer("id", &["-u"]).as_deref() == Some("0") {
            return Some(Self::Root);
        }
        process::answer("sudo", &["-n", "true"]).map(|_| Self::Sudo)
    }

    fn apt_get(&self, arguments: &[&str]) -> Command {
        let mut command = match self {
            Self::Root => Command::new("env"),
            Self::Sudo => {
                let mut sudo = Command::new("sudo");
                sudo.args(["-n", "env"]);
                sudo
            }
        };
        command
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
            .args(arguments);
        command
    }
}
