//! The suite `ui`: types, lint and unit tests of the window, each by the scripts of `ui/package.json`.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::report::Report;
use super::tally::Tally;
use crate::setup::{node_modules, tools};
use crate::{process, root};

/// Node, and the packages that the window needs.
pub fn packages() -> Result<()> {
    tools::node()?;
    node_modules::ensure()
}

/// The files that the app carries, in `ui/dist/`.
pub fn files() -> Result<()> {
    node_modules::script("build")
}

/// Types and lint count as one check each; Vitest counts its tests.
pub fn suite(report: &mut Report) {
    if !report.prepare("messages", || node_modules::script("messages")) {
        return report.blocked("tsc, biome, vitest", "the messages did not compile");
    }
    report.check("tsc", || tool(&["tsc", "--noEmit"]));
    report.check("biome", || tool(&["biome", "check", "."]));
    report.tests("vitest", vitest);
}

/// Runs a program of the window's own packages; npm must not fetch one that is missing.
fn tool(words: &[&str]) -> Result<()> {
    process::run(
        Command::new("npm")
            .args(["exec", "--no", "--"])
            .args(words)
            .current_dir(root::ui()),
    )
}

fn vitest() -> Result<Tally> {
    let file = root::target().join("vitest.json");
    // A report of an earlier run must not speak for this one; it may not be there.
    let _ = fs::remove_file(&file);
    let mut command = Command::new("npm");
    command.args(["test", "--silent", "--", "--reporter=default", "--reporter=json"]);
    command
        .arg(format!("--outputFile.json={}", file.display()))
        .current_dir(root::ui());
    let outcome = process::run(&mut command);
    let report = fs::read_to_string(&file).with_context(|| format!("Vitest left no report: {outcome:?}"))?;
    Ok(Tally::of_vitest(&report)?.ended(outcome.is_ok()))
}
