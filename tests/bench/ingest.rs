//! 100,000 deployments into an empty ledger, with their evidence.
//!
//! `sqlite3` imports the very rows that came out of ours: `lane`, `workload`, `deployment` and `evidence`, from CSV, into
//! the same tables with the same indexes, journal and sync settings. Its copy is not `STRICT`, because `.import` writes
//! an empty text where ours has NULL. Ours joins each deployment to what is known as well; theirs only stores.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use crate::Settings;
use crate::ledger_rows::{COUNT, deployments, open, workspace};
use crate::measure::{Samples, in_turn, time};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 7;
const GOAL: f64 = 1.0;
const TABLES: [&str; 4] = ["lane", "workload", "deployment", "evidence"];
/// As the ledger sets its writing connection.
const PRAGMAS: &str = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;";

pub fn run(_: &Settings) -> Result<Vec<Row>> {
    let told = deployments();
    let workspace = workspace();
    let rival = Rival::prepare(|folder| {
        open(folder)?.ingest(&workspace, &told)?;
        Ok(())
    })?;
    let pair = in_turn(
        ROUNDS,
        || {
            let folder = TempDir::new()?;
            let ledger = open(folder.path())?;
            time(|| Ok(ledger.ingest(&workspace, &told)?))
        },
        || rival.import(),
    )?;
    Ok(vec![Row::new(
        "ingest",
        format!("`sqlite3 .import`, {COUNT} deployments and their evidence"),
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}

/// What `sqlite3` starts from: an empty database with our tables, and our rows as CSV.
struct Rival {
    folder: TempDir,
    import: String,
}

impl Rival {
    fn prepare(fill: impl FnOnce(&Path) -> Result<()>) -> Result<Self> {
        let folder = TempDir::new()?;
        let source = folder.path().join("source");
        fill(&source)?;
        let ledger = source.join("ledger.db");
        for table in TABLES {
            let rows = format!("SELECT * FROM {table};");
            let csv = program::printed(Command::new("sqlite3").args(["-csv"]).arg(&ledger).arg(rows))?;
            fs::write(folder.path().join(format!("{table}.csv")), csv)?;
        }
        let schema = program::printed(Command::new("sqlite3").arg(&ledger).arg(schema()))?;
        let empty = format!(
            "{PRAGMAS}\n{}",
            schema.replace(") STRICT", ")").replace("), WITHOUT", ") WITHOUT")
        );
        program::printed(
            Command::new("sqlite3")
                .arg(folder.path().join("empty.db"))
                .arg(empty),
        )?;
        let imports: Vec<String> = TABLES
            .iter()
            .map(|table| {
                format!(
                    ".import \"{}\" {table}",
                    folder.path().join(format!("{table}.csv")).display()
                )
            })
            .collect();
        let import = format!("{PRAGMAS}\n.mode csv\n{}\n", imports.join("\n"));
        let rival = Self { folder, import };
        rival.same_rows()?;
        Ok(rival)
    }

    /// Imports into a copy of the empty database, and says how long that took.
    fn import(&self) -> Result<std::time::Duration> {
        let database = self.fresh()?;
        let script = self.folder.path().join("import.sql");
        fs::write(&script, &self.import)?;
        let read = format!(".read \"{}\"", script.display());
        program::timed(Command::new("sqlite3").arg("-bail").arg(database).arg(read))
    }

    fn fresh(&self) -> Result<std::path::PathBuf> {
        let database = self.folder.path().join("rival.db");
        for name in ["rival.db", "rival.db-wal", "rival.db-shm"] {
            let file = self.folder.path().join(name);
            if file.exists() {
                fs::remove_file(file)?;
            }
        }
        fs::copy(self.folder.path().join("empty.db"), &database)
            .context("could not copy the empty database")?;
        Ok(database)
    }

    /// Proves that the rival's tables hold as many rows as ours.
    fn same_rows(&self) -> Result<()> {
        self.import()?;
        for table in TABLES {
            let count = |database: &Path| {
                let query = format!("SELECT count(*) FROM {table};");
                program::printed(Command::new("sqlite3").arg(database).arg(query))
            };
            let ours = count(&self.folder.path().join("source/ledger.db"))?;
            let theirs = count(&self.folder.path().join("rival.db"))?;
            ensure!(ours == theirs, "{table}: ours has {ours} rows, theirs {theirs}");
        }
        Ok(())
    }
}

/// Asks for the statements that made the tables and their indexes.
fn schema() -> String {
    let names = TABLES.map(|table| format!("'{table}'")).join(", ");
    format!(
        "SELECT sql || ';' FROM sqlite_schema WHERE tbl_name IN ({names}) AND sql IS NOT NULL ORDER BY rowid;"
    )
}
