//! A small repository, made by the real `git`.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

/// A repository in a new folder with a commit of that subject at each tag.
pub fn make(folder: &Path, releases: &[(&str, &str)]) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    git(folder, &["init", "--quiet"])?;
    for (tag, subject) in releases {
        git(folder, &["commit", "--quiet", "--allow-empty", "-m", subject])?;
        git(folder, &["tag", tag])?;
    }
    Ok(())
}

/// Runs `git` in a folder, away from the person's own settings.
pub fn git(folder: &Path, words: &[&str]) -> Result<()> {
    let status = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(words)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .status()?;
    ensure!(status.success(), "git {words:?}: {status}");
    Ok(())
}
