//! `bench [--repository DIR] [NAME…]`: measures Tidemark side by side with what people use today.
//!
//! Each benchmark runs both sides in turn (ours, theirs, ours, theirs …) on the same input, once unmeasured and then
//! some rounds, and compares medians: what else the machine does meanwhile falls on both. It first proves that both
//! sides give the same answer. Lacks on purpose: any limit that fails a build. A goal that is missed is said, no more.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on standard output"
)]

mod arguments;
mod at_rest;
mod child;
mod chromium;
mod diffstat;
mod first_view;
mod git_repository;
mod headless;
mod ingest;
mod large_cluster;
mod ledger_rows;
mod log;
mod machine;
mod measure;
mod page_server;
mod program;
mod report;
mod rescan;
mod rollback;
mod snapshot;
mod start;
mod tags;
mod timeline_query;

use std::process::ExitCode;

use anyhow::Result;

use arguments::Arguments;
use report::Row;

/// What a benchmark may be told.
#[derive(Debug, Default)]
struct Settings {
    /// A real repository instead of the made one.
    repository: Option<std::path::PathBuf>,
}

/// One benchmark: it makes its input, measures, and tells one row for each thing that has a goal.
struct Benchmark {
    name: &'static str,
    run: fn(&Settings) -> Result<Vec<Row>>,
}

/// Every benchmark, in the order in which they run.
const ALL: [Benchmark; 9] = [
    benchmark("tags", tags::run),
    benchmark("rescan", rescan::run),
    benchmark("log", log::run),
    benchmark("diffstat", diffstat::run),
    benchmark("snapshot", snapshot::run),
    benchmark("rollback", rollback::run),
    benchmark("ingest", ingest::run),
    benchmark("timeline-query", timeline_query::run),
    benchmark("start", start::run),
];

const fn benchmark(name: &'static str, run: fn(&Settings) -> Result<Vec<Row>>) -> Benchmark {
    Benchmark { name, run }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match child::Job::parse(&arguments) {
        Some(job) => job.and_then(child::Job::run),
        None => Arguments::parse(&arguments).and_then(|arguments| run(&arguments)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs what was asked for. One that cannot run is told and does not stop the others.
fn run(arguments: &Arguments) -> Result<()> {
    println!("{}", machine::describe());
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for benchmark in &arguments.chosen {
        println!("\n{} …", benchmark.name);
        match (benchmark.run)(&arguments.settings) {
            Ok(found) => {
                report::print(&found);
                report::write(benchmark.name, &found)?;
                rows.extend(found);
            }
            Err(error) => {
                eprintln!("{}: {error:#}", benchmark.name);
                failed.push(benchmark.name);
            }
        }
    }
    println!("\n{}\n{}", machine::describe(), report::markdown(&rows));
    anyhow::ensure!(failed.is_empty(), "could not be measured: {}", failed.join(", "));
    Ok(())
}
