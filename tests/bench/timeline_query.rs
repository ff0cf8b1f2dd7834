//! Every deployment of a workspace as columns, ready to be drawn, out of 100,000.
//!
//! `sqlite3` runs the same SQL on the same file and prints the rows, which are read and thrown away.

use std::process::Command;

use anyhow::{Result, ensure};
use ledger::TIMELINE_SQL;
use tempfile::TempDir;

use crate::Settings;
use crate::ledger_rows::{COUNT, deployments, open, workspace};
use crate::measure::{Samples, in_turn, time};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 11;
const GOAL: f64 = 1.2;

pub fn run(_: &Settings) -> Result<Vec<Row>> {
    let folder = TempDir::new()?;
    let ledger = open(folder.path())?;
    let workspace = workspace();
    ledger.ingest(&workspace, &deployments())?;
    let sql = TIMELINE_SQL.replace("?1", &format!("'{workspace}'"));
    let sqlite = || {
        let mut command = Command::new("sqlite3");
        command.arg("-readonly").arg(ledger.path()).arg(&sql);
        command
    };
    let rows = program::printed(&mut sqlite())?.lines().count();
    let columns = ledger.timeline(&workspace)?.len();
    ensure!(
        rows == COUNT && columns == COUNT,
        "rows: {rows}, columns: {columns}"
    );
    let pair = in_turn(
        ROUNDS,
        || time(|| Ok(ledger.timeline(&workspace)?)),
        || program::timed(&mut sqlite()),
    )?;
    Ok(vec![Row::new(
        "timeline-query",
        format!("`sqlite3` with the same SQL, {COUNT} deployments"),
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}
