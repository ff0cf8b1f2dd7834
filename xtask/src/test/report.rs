//! What was run, how it came out, how long it took.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use super::build::Program;
use super::tally::Tally;
use super::watched;

/// One line of the report.
#[derive(Debug)]
struct Step {
    name: String,
    tally: Tally,
    took: Duration,
    why: Option<String>,
}

/// The steps so far. Its display ends with the total, alone on the last line.
#[derive(Debug, Default)]
pub struct Report {
    steps: Vec<Step>,
}

impl Report {
    /// Something that must be there before a suite can run. It counts only when it fails.
    pub fn prepare(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.step(name, || work().map(|()| Tally::default()))
    }

    /// A check that is no test: it counts as one.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        self.step(name, || work().map(|()| Tally::of(true)))
    }

    /// Tests that count themselves. An error counts as one that failed.
    pub fn tests(&mut self, name: &str, work: impl FnOnce() -> Result<Tally>) {
        self.step(name, work);
    }

    /// A suite's own program: like [`Self::program`], but one that runs no test has failed.
    pub fn suite(
        &mut self,
        name: &str,
        program: Option<&Program>,
        environment: &BTreeMap<String, String>,
        arguments: &[&str],
    ) {
        self.tests(name, || match start(program, environment, arguments)? {
            tally if tally == Tally::default() => Err(anyhow!("it ran no test at all")),
            tally => Ok(tally),
        });
    }

    /// A test program that was built; when it is missing, that is a failure.
    pub fn program(
        &mut self,
        name: &str,
        program: Option<&Program>,
        environment: &BTreeMap<String, String>,
        arguments: &[&str],
    ) {
        self.tests(name, || start(program, environment, arguments));
    }

    /// Something that could not be run at all: a failure that says why.
    pub fn blocked(&mut self, name: &str, why: &str) {
        self.tests(name, || Err(anyhow!("not run: {why}")));
    }

    /// The sum over all steps.
    pub fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        self.steps.iter().for_each(|step| sum += step.tally);
        sum
    }

    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Tally>) -> bool {
        println!("\n── {name}");
        let start = Instant::now();
        let (tally, why) = match work() {
            Ok(tally) => (tally, None),
            Err(error) => (Tally::of(false), Some(format!("{error:#}"))),
        };
        if let Some(why) = &why {
            println!("{name}: {why}");
        }
        self.steps.push(Step {
            name: name.to_owned(),
            tally,
            took: start.elapsed(),
            why,
        });
        tally.failed == 0
    }
}

fn start(
    program: Option<&Program>,
    environment: &BTreeMap<String, String>,
    arguments: &[&str],
) -> Result<Tally> {
    let program =
        program.ok_or_else(|| anyhow!("its program was not built, or its target does not exist"))?;
    let mut command = Command::new(&program.file);
    command
        .args(arguments)
        .envs(environment)
        .current_dir(&program.folder);
    command.env("CARGO_MANIFEST_DIR", &program.folder);
    watched::run(&mut command)
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n── summary")?;
        for step in &self.steps {
            let Tally {
                passed,
                failed,
                skipped,
            } = step.tally;
            let mark = if failed > 0 { "FAILED" } else { "ok" };
            let seconds = step.took.as_secs_f64();
            write!(out, "{mark:<7}{:<32}{seconds:>8.1} s  {passed} passed", step.name)?;
            if failed > 0 {
                write!(out, ", {failed} failed")?;
            }
            if skipped > 0 {
                write!(out, ", {skipped} skipped")?;
            }
            match &step.why {
                Some(why) => writeln!(out, ": {}", why.lines().next().unwrap_or_default())?,
                None => writeln!(out)?,
            }
        }
        let Tally {
            passed,
            failed,
            skipped,
        } = self.tally();
        write!(out, "total: {passed} passed, {failed} failed")?;
        if skipped > 0 {
            write!(out, ", {skipped} skipped")
        } else {
            Ok(())
        }
    }
}

/// The folder that Cargo starts a package's tests in.
pub fn folder_of(manifest: &str) -> &Path {
    Path::new(manifest)
        .parent()
        .expect("because a manifest is a file in a folder")
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::{Report, Tally};

    #[test]
    fn the_total_is_the_last_line_and_counts_what_could_not_run() {
        let mut report = Report::default();
        assert!(report.prepare("packages", || Ok(())), "prepared");
        report.check("formatting", || Ok(()));
        report.tests("unit", || {
            Ok(Tally {
                passed: 3,
                failed: 0,
                skipped: 0,
            })
        });
        assert_eq!(
            report.to_string().lines().last(),
            Some("total: 4 passed, 0 failed")
        );
        assert!(
            !report.check("lints", || bail!("clippy ended with 101\nand more")),
            "a failure is said"
        );
        report.program("desktop", None, &std::collections::BTreeMap::new(), &[]);
        report.tests("ui", || {
            Ok(Tally {
                passed: 0,
                failed: 0,
                skipped: 2,
            })
        });
        let text = report.to_string();
        assert_eq!(
            text.lines().last(),
            Some("total: 4 passed, 2 failed, 2 skipped"),
            "a missing program fails"
        );
    }
}
