//! A test program that is shown as it runs, counted, and ended when it hangs.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::tally::Tally;
use crate::process;

/// No program of tests may take longer; the slowest takes a few minutes on two cores.
const LONGEST: Duration = Duration::from_secs(25 * 60);
/// How long a pipe may stay open after its program ended (a child left behind may hold it).
const GRACE: Duration = Duration::from_secs(5);
/// What an ignored test says that is a part of another, which starts it as a process of its own: it is not left out.
const STARTED_BY_ANOTHER: &str = "... ignored, is started by ";

/// Runs a test program, shows each line of its output at once, and counts its summary lines.
pub fn run(command: &mut Command) -> Result<Tally> {
    let line = process::describe(command);
    println!("$ {line}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {line}"))?;
    let output = child
        .stdout
        .take()
        .expect("because it was asked for a line above");
    let (send, receive) = mpsc::channel();
    thread::spawn(move || show_and_count(output, &send));
    let status = wait(&mut child)?;
    let mut tally = Tally::default();
    while let Ok(counted) = receive.recv_timeout(GRACE) {
        tally += counted;
    }
    match status {
        Some(status) if !status.success() => println!("{line} ended with {status}"),
        Some(_) => {}
        None => println!(
            "{line} was ended: it ran longer than {} minutes",
            LONGEST.as_secs() / 60
        ),
    }
    Ok(tally.ended(status.is_some_and(|status| status.success())))
}

fn show_and_count(output: impl Read, counted: &mpsc::Sender<Tally>) {
    let mut children = 0;
    for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if line.contains(STARTED_BY_ANOTHER) {
            children += 1;
        }
        if let Some(mut tally) = Tally::of_rust_line(&line) {
            tally.skipped = tally.skipped.saturating_sub(std::mem::take(&mut children));
            if counted.send(tally).is_err() {
                return;
            }
        }
    }
}

/// How the program ended, or `None` when it had to be ended.
fn wait(child: &mut Child) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if start.elapsed() > LONGEST {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{Tally, run};

    fn shell(script: &str) -> Tally {
        run(Command::new("sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn summaries_are_added_up_and_a_bad_end_is_a_failure() {
        let line = "echo 'test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out'";
        let twice = Tally {
            passed: 4,
            failed: 0,
            skipped: 2,
        };
        assert_eq!(shell(&format!("{line}; {line}")), twice);
        assert_eq!(
            shell(&format!("{line}; {line}; exit 3")),
            Tally { failed: 1, ..twice }
        );
        assert_eq!(
            shell("kill -9 $$"),
            Tally {
                failed: 1,
                ..Tally::default()
            },
            "a crash before any summary"
        );
    }

    #[test]
    fn what_another_test_starts_is_not_left_out() {
        let names = "echo 'test child_writes ... ignored, is started by the test below';
            echo 'test slow ... ignored'; echo 'test here ... ok'";
        let line = "echo 'test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 0 filtered out'";
        assert_eq!(
            shell(&format!("{names}; {line}")),
            Tally {
                passed: 1,
                failed: 0,
                skipped: 1
            }
        );
    }

    #[test]
    fn a_child_left_behind_does_not_hold_us_up() {
        let start = std::time::Instant::now();
        assert_eq!(shell("sleep 60 & exit 0").failed, 0);
        assert!(
            start.elapsed().as_secs() < 30,
            "the pipe that the child holds is given up"
        );
    }
}
