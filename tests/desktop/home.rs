//! A home folder of the app's own: its data, its settings, and nothing of the machine's.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// A temporary home. It can outlive an [`App`](super::App), to start a second one on what the first has left.
#[derive(Debug)]
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// An empty home.
    pub fn new() -> Result<Self> {
        let folder = TempDir::with_prefix("tidemark-home-").context("could not make a temporary folder")?;
        for name in ["data", "config", "share", "cache", "run", "display"] {
            std::fs::create_dir(folder.path().join(name))?;
        }
        Ok(Self { folder })
    }

    /// The folder itself, for files that a test puts there.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// What the app gets as `--data-dir`.
    pub fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// Where the display keeps what it shows.
    pub(super) fn display(&self) -> PathBuf {
        self.path().join("display")
    }

    /// What the app has said on its standard output and error so far, over all its starts in this home.
    pub fn app_log(&self) -> Result<String> {
        match std::fs::read(self.path().join("app.log")) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error).context("could not read the app's output"),
        }
    }

    /// The variables that lead every library here instead of to the person's own folders.
    pub(super) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let inside = |name: &str| self.path().join(name);
        vec![
            ("HOME", self.path().to_path_buf()),
            ("XDG_CONFIG_HOME", inside("config")),
            ("XDG_DATA_HOME", inside("share")),
            ("XDG_CACHE_HOME", inside("cache")),
            ("XDG_RUNTIME_DIR", inside("run")),
        ]
    }
}
