//! What the command line asks for.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::{ALL, Benchmark, Settings};

/// The benchmarks to run and what they are told.
pub struct Arguments {
    pub chosen: Vec<&'static Benchmark>,
    pub settings: Settings,
}

impl Arguments {
    /// `[--repository DIR] [NAME…]`; without a name, all. `TIDEMARK_BENCH_REPOSITORY` says the same as the option.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut repository = std::env::var_os("TIDEMARK_BENCH_REPOSITORY").map(PathBuf::from);
        let mut chosen = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--repository" {
                let folder = rest.next().context("--repository needs a folder")?;
                repository = Some(PathBuf::from(folder));
            } else {
                chosen.push(named(argument)?);
            }
        }
        if chosen.is_empty() {
            chosen = ALL.iter().collect();
        }
        Ok(Self {
            chosen,
            settings: Settings { repository },
        })
    }
}

fn named(name: &str) -> Result<&'static Benchmark> {
    if let Some(found) = ALL.iter().find(|benchmark| benchmark.name == name) {
        return Ok(found);
    }
    let names: Vec<_> = ALL.iter().map(|benchmark| benchmark.name).collect();
    bail!(
        "there is no benchmark named {name}; there are: {}",
        names.join(", ")
    )
}
