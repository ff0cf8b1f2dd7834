//! Child processes that never outlive us.
//!
//! `setpriv` asks the kernel to end the process with the thread that started it; a process group of its own lets us
//! end its children with it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};

/// A process and all that it started; ended when this is dropped.
#[derive(Debug)]
pub struct OwnedChild {
    child: Child,
    name: String,
}

impl OwnedChild {
    /// Prepares a program that ends with this thread.
    pub fn command(program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program)
            .process_group(0)
            .stdin(Stdio::null());
        command
    }

    /// Starts what [`Self::command`] prepared.
    pub fn start(command: &mut Command, name: &str) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        Ok(Self {
            child,
            name: name.to_owned(),
        })
    }

    /// Starts it and waits for the one line that it says when it is ready.
    pub fn start_and_hear(command: &mut Command, name: &str) -> Result<(Self, String)> {
        let mut own = Self::start(command.stdout(Stdio::piped()), name)?;
        let mut line = String::new();
        if let Some(output) = own.child.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match line.trim() {
            "" => bail!("{name} ended before it was ready"),
            ready => Ok((own, ready.to_owned())),
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails when it has ended by itself.
    pub fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("{} has ended: {status}", self.name),
        }
    }
}

impl Drop for OwnedChild {
    fn drop(&mut self) {
        // Either may be gone already, which is what is wanted.
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}
