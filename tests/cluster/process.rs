//! Child processes that never outlive the tests.
//!
//! On Linux each child asks the kernel to be killed when its parent dies (`setpriv --pdeathsig`), so that
//! a panic, an abort or a `kill -9` of the test leaves nothing behind. The kernel counts the *thread*
//! that started the child as its parent: a test's thread ends long before the test binary does, hence
//! the one thread here that starts every child and lives as long as they do.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

/// The thread that starts children.
#[derive(Debug)]
pub(super) struct Nursery {
    jobs: mpsc::Sender<Job>,
}

impl Nursery {
    pub(super) fn new() -> io::Result<Self> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name("control-plane".into())
            .spawn(move || inbox.into_iter().for_each(|job| job()))?;
        Ok(Self { jobs })
    }

    /// Starts a program with its output in `log`.
    pub(super) fn start(
        &self,
        name: &'static str,
        program: &Path,
        arguments: Vec<String>,
        log: PathBuf,
    ) -> io::Result<Process> {
        let (reply, answer) = mpsc::channel();
        let mut command = dying_with_us(program);
        let output = File::options().create(true).append(true).open(&log)?;
        command
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output);
        let job = move || {
            // The receiver waits below; a failed send would mean that it is gone with its thread.
            let _ = reply.send(command.spawn());
        };
        self.jobs
            .send(Box::new(job))
            .map_err(|_| io::Error::other("the thread that starts children is gone"))?;
        let child = answer.recv().map_err(io::Error::other)??;
        Ok(Process { name, child, log })
    }
}

/// A running child and where it logs. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) name: &'static str,
    child: Child,
    pub(super) log: PathBuf,
}

impl Process {
    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> io::Result<Option<String>> {
        Ok(self.child.try_wait()?.map(|status| status.to_string()))
    }

    /// Ends it at once and waits until it is gone. Ending one that has ended is fine.
    pub(super) fn end(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // There is nobody left to tell; the kernel ends the child with us at the latest.
        let _ = self.end();
    }
}

#[cfg(target_os = "linux")]
fn dying_with_us(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

/// Elsewhere a killed test leaves its children; `ControlPlane` ends them in every other case.
#[cfg(not(target_os = "linux"))]
fn dying_with_us(program: &Path) -> Command {
    Command::new(program)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::time::Duration;

    fn sleeper(nursery: &Nursery) -> Process {
        nursery
            .start("sleep", Path::new("sleep"), vec!["60".into()], "/dev/null".into())
            .unwrap()
    }

    #[test]
    fn a_child_outlives_the_thread_that_asked_for_it() {
        let nursery = Nursery::new().unwrap();
        let mut child = thread::scope(|scope| scope.spawn(|| sleeper(&nursery)).join().unwrap());
        thread::sleep(Duration::from_millis(200));
        assert_eq!(
            child.ended().unwrap(),
            None,
            "a test's thread ends before its binary does"
        );
    }

    #[test]
    fn the_kernel_ends_a_child_whose_parent_is_gone() {
        let nursery = Nursery::new().unwrap();
        let mut child = sleeper(&nursery);
        // `setpriv` must have had its turn: before it there is nothing that the kernel would do.
        thread::sleep(Duration::from_millis(200));
        drop(nursery);
        let ended = (0..100).find_map(|_| {
            thread::sleep(Duration::from_millis(50));
            child.ended().unwrap()
        });
        assert!(
            ended.is_some_and(|status| status.contains("9")),
            "by SIGKILL, and by nobody here"
        );
    }
}
