//! What came out: a table for people, Markdown for the documents, JSON for programs.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::measure::Samples;

/// One thing that was measured on both sides.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The benchmark, and in brackets what of it, where there are several.
    name: String,
    /// Our median.
    ours: f64,
    /// Their median.
    theirs: f64,
    /// Of both medians.
    unit: &'static str,
    /// Ours by theirs: below 1 is better than they are.
    ratio: f64,
    /// What the ratio should not exceed.
    goal: f64,
    met: bool,
    /// Who they are.
    beside: String,
    /// The least and the greatest of ours.
    ours_spread: (f64, f64),
    /// The least and the greatest of theirs.
    theirs_spread: (f64, f64),
    /// The load of the machine when it was over.
    load: String,
}

impl Row {
    pub fn new(
        name: impl Into<String>,
        beside: impl Into<String>,
        unit: &'static str,
        ours: &Samples,
        theirs: &Samples,
        goal: f64,
    ) -> Self {
        let ratio = ours.median() / theirs.median();
        Self {
            name: name.into(),
            ours: ours.median(),
            theirs: theirs.median(),
            unit,
            ratio,
            goal,
            met: ratio <= goal,
            beside: beside.into(),
            ours_spread: ours.spread(),
            theirs_spread: theirs.spread(),
            load: crate::machine::load(),
        }
    }
}

/// Says the rows of one benchmark.
pub fn print(rows: &[Row]) {
    for row in rows {
        println!(
            "  {:<20} ours {:>10} {unit} ({} … {})   {} {:>10} {unit} ({} … {})   ratio {} (goal {}): {}",
            row.name,
            number(row.ours),
            number(row.ours_spread.0),
            number(row.ours_spread.1),
            row.beside,
            number(row.theirs),
            number(row.theirs_spread.0),
            number(row.theirs_spread.1),
            number(row.ratio),
            row.goal,
            verdict(row.met),
            unit = row.unit,
        );
    }
}

/// `target/bench/NAME.json`: one object, or a list where a benchmark has several rows.
pub fn write(name: &str, rows: &[Row]) -> Result<()> {
    let folder = folder();
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    let file = folder.join(format!("{name}.json"));
    let text = match rows {
        [row] => serde_json::to_string_pretty(row),
        rows => serde_json::to_string_pretty(rows),
    }?;
    fs::write(&file, text + "\n").with_context(|| format!("could not write {}", file.display()))
}

/// All rows as a table in Markdown.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| benchmark | beside | ours | theirs | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        writeln!(
            text,
            "| {} | {} | {} {unit} ({} … {}) | {} {unit} ({} … {}) | {} | ≤ {} | {} |",
            row.name,
            row.beside,
            number(row.ours),
            number(row.ours_spread.0),
            number(row.ours_spread.1),
            number(row.theirs),
            number(row.theirs_spread.0),
            number(row.theirs_spread.1),
            number(row.ratio),
            row.goal,
            verdict(row.met),
            unit = row.unit,
        )
        .expect("because a String takes everything");
    }
    text
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "not met" }
}

/// Three digits that say something.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        size if size >= 0.01 => format!("{value:.3}"),
        _ => format!("{value:.5}"),
    }
}

/// `bench` in Cargo's target folder, wherever the reader has put that.
fn folder() -> PathBuf {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("because tests/ lies inside the workspace");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top.join("target"), |folder| top.join(folder));
    target.join("bench")
}
