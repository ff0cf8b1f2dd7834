//! The log: one file a start beside the ledger, and standard error. Secrets never reach it: adapters redact
//! what they name.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How many log files are kept.
const KEPT: usize = 10;

/// Starts logging to `DATA/logs/tidemark-START.log`, and returns the folder.
pub fn start(data: &Path) -> io::Result<PathBuf> {
    let folder = data.join("logs");
    fs::create_dir_all(&folder)?;
    drop_oldest(&folder)?;
    let name = chrono::Utc::now()
        .format("tidemark-%Y%m%dT%H%M%S%.3fZ.log")
        .to_string();
    let file = File::create(folder.join(name))?;
    let filter = EnvFilter::try_from_env("TIDEMARK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::registry()
        .with(filter)
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_writer(file),
        )
        .with(tracing_subscriber::fmt::layer().with_writer(io::stderr))
        .init();
    Ok(folder)
}

fn drop_oldest(folder: &Path) -> io::Result<()> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let surplus = (files.len() + 1).saturating_sub(KEPT);
    files.iter().take(surplus).try_for_each(fs::remove_file)
}
