//! Small jobs that this program does in a process of its own, so that their memory can be told.
//!
//! `bench --child measure PROGRAM ARGUMENT…` runs a program and prints what it used. The system counts the memory of
//! whoever starts a program as the program's own until it runs; this launcher is small, the benchmarks are not.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use serde::{Deserialize, Serialize};

use crate::{at_rest, first_view, program};

/// The first argument of such a process.
const FLAG: &str = "--child";
const MEASURE: &str = "measure";
const FIRST_VIEW: &str = "first-view";
const AT_REST: &str = "at-rest";

/// What a process is to do.
#[derive(Debug)]
pub enum Job {
    /// Runs a program with arguments and prints its [`Usage`].
    Measure(Vec<String>),
    /// Has the first view of the cluster of a kubeconfig.
    FirstView(PathBuf),
    /// Runs the whole backend on the cluster of a kubeconfig until it rests, and prints the resident KiB.
    AtRest(PathBuf),
}

/// What a program used.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Usage {
    /// From its start to its end.
    pub elapsed: Duration,
    /// The most memory that was resident at once, in KiB.
    pub peak_kib: i64,
}

impl Job {
    /// The job, if the command line names one.
    pub fn parse(arguments: &[String]) -> Option<Result<Self>> {
        let (flag, rest) = arguments.split_first()?;
        (flag == FLAG).then(|| match rest.split_first() {
            Some((name, program)) if name == MEASURE => Ok(Self::Measure(program.to_vec())),
            Some((name, [file])) if name == FIRST_VIEW => Ok(Self::FirstView(file.into())),
            Some((name, [file])) if name == AT_REST => Ok(Self::AtRest(file.into())),
            _ => bail!("{FLAG} is for this program's own use"),
        })
    }

    pub fn run(self) -> Result<()> {
        match self {
            Self::Measure(program) => measure(&program),
            Self::FirstView(kubeconfig) => first_view::run(&kubeconfig),
            Self::AtRest(kubeconfig) => at_rest::run(&kubeconfig),
        }
    }

    /// This program, told to do it.
    pub fn command(&self) -> Result<Command> {
        let own = std::env::current_exe().context("this program's own file is unknown")?;
        let mut command = Command::new(own);
        command.arg(FLAG);
        match self {
            Self::Measure(program) => command.arg(MEASURE).args(program),
            Self::FirstView(kubeconfig) => command.arg(FIRST_VIEW).arg(kubeconfig),
            Self::AtRest(kubeconfig) => command.arg(AT_REST).arg(kubeconfig),
        };
        Ok(command)
    }
}

impl Usage {
    /// Runs a program in a process of its own. What it prints is read and thrown away.
    pub fn of(command: &Command) -> Result<Self> {
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let program = words.map(|word| word.to_string_lossy().into_owned()).collect();
        let printed = program::printed(&mut Job::Measure(program).command()?)?;
        serde_json::from_str(&printed).with_context(|| format!("no measurement: {printed}"))
    }
}

fn measure(program: &[String]) -> Result<()> {
    let (name, arguments) = program.split_first().context("which program?")?;
    let start = Instant::now();
    let mut child = Command::new(name)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {name}"))?;
    let mut output = child.stdout.take().expect("because it was asked for");
    std::io::copy(&mut output, &mut std::io::sink())?;
    let status = child.wait()?;
    let elapsed = start.elapsed();
    ensure!(status.success(), "{name} failed: {status}");
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let usage = Usage {
        elapsed,
        peak_kib: used.max_rss(),
    };
    println!("{}", serde_json::to_string(&usage)?);
    Ok(())
}
