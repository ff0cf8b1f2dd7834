//! The repositories of the benchmarks: made by a script with a fixed seed, or a real one that was named.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use domain::release::ObjectId;
use tempfile::TempDir;

use crate::{Settings, program};

/// Commits and tags: 10,000 and 7,000.
const MANY_TAGS: &str = "../src-tauri/crates/git/tests/fixtures/many_tags.sh";
/// Two tags, `before` and `after`, with a thousand files changed between them.
const TWO_RELEASES: &str = "fixtures/two_releases.sh";

/// A repository, and its folder if it was made for this run.
pub struct GitRepository {
    path: PathBuf,
    _made: Option<TempDir>,
}

impl GitRepository {
    /// The real repository, or one with many tags and commits.
    pub fn with_many_tags(settings: &Settings) -> Result<Self> {
        Self::real_or_made(settings, MANY_TAGS)
    }

    /// The real repository, or one with two very different releases.
    pub fn with_two_releases(settings: &Settings) -> Result<Self> {
        Self::real_or_made(settings, TWO_RELEASES)
    }

    fn real_or_made(settings: &Settings, script: &str) -> Result<Self> {
        if let Some(path) = &settings.repository {
            return Ok(Self {
                path: path.clone(),
                _made: None,
            });
        }
        let folder = tempfile::tempdir().context("could not make a temporary folder")?;
        let path = folder.path().join("repository.git");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
        program::timed(Command::new("sh").arg(script).arg(&path))?;
        Ok(Self {
            path,
            _made: Some(folder),
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// `git` in this repository, without the settings of whoever runs the benchmark.
    pub fn git(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.path)
            .args(arguments)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("LC_ALL", "C");
        command
    }

    /// The commit that a revision leads to.
    pub fn commit(&self, revision: &str) -> Result<ObjectId> {
        let peeled = format!("{revision}^{{commit}}");
        let printed =
            program::printed(&mut self.git(&["rev-parse", "--verify", "--end-of-options", &peeled]))?;
        Ok(printed.trim().parse()?)
    }
}
