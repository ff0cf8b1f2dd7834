//! Counting, from what the test programs themselves say.

use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde_json::Value;

/// How many tests and checks came out which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Came out as they should.
    pub passed: usize,
    /// Did not, or could not be run.
    pub failed: usize,
    /// Were left out on purpose.
    pub skipped: usize,
}

impl Tally {
    /// One check that passed or failed.
    pub fn of(passed: bool) -> Self {
        Self {
            passed: usize::from(passed),
            failed: usize::from(!passed),
            skipped: 0,
        }
    }

    /// Rust's summary line: `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; …`.
    pub fn of_rust_line(line: &str) -> Option<Self> {
        let counts = line.strip_prefix("test result: ")?;
        let count = |word: &str| {
            let before = counts.split("; ").find_map(|part| part.strip_suffix(word))?;
            before.rsplit(' ').next()?.parse().ok()
        };
        Some(Self {
            passed: count(" passed")?,
            failed: count(" failed")?,
            skipped: count(" ignored")?,
        })
    }

    /// Vitest's JSON report.
    pub fn of_vitest(report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("Vitest's report is no JSON")?;
        let count = |name: &str| {
            let number = report[name]
                .as_u64()
                .with_context(|| format!("Vitest's report lacks {name}"))?;
            usize::try_from(number).context("a count beyond this machine")
        };
        Ok(Self {
            passed: count("numPassedTests")?,
            failed: count("numFailedTests")?,
            skipped: count("numPendingTests")? + count("numTodoTests")?,
        })
    }

    /// A program that failed without naming a failed test has failed all the same.
    pub fn ended(mut self, well: bool) -> Self {
        if !well && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn a_summary_line_of_rust_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 7 filtered out; finished in 0.03s";
        assert_eq!(
            Tally::of_rust_line(line),
            Some(Tally {
                passed: 12,
                failed: 3,
                skipped: 1
            })
        );
        assert_eq!(
            Tally::of_rust_line("test domain::order ... ok"),
            None,
            "single tests are not counted twice"
        );
    }

    #[test]
    fn a_report_of_vitest_is_counted() {
        let report = r#"{"numPassedTests":5,"numFailedTests":1,"numPendingTests":2,"numTodoTests":1}"#;
        assert_eq!(
            Tally::of_vitest(report).unwrap(),
            Tally {
                passed: 5,
                failed: 1,
                skipped: 3
            }
        );
        assert!(
            Tally::of_vitest("{}").is_err(),
            "a report without counts is no proof of anything"
        );
    }

    #[test]
    fn a_crash_counts_as_a_failure_once() {
        let all_well = Tally {
            passed: 2,
            failed: 0,
            skipped: 0,
        };
        assert_eq!(
            all_well.ended(false).failed,
            1,
            "it ended badly without naming a test"
        );
        assert_eq!(
            Tally {
                failed: 2,
                ..all_well
            }
            .ended(false)
            .failed,
            2,
            "it named the tests itself"
        );
        assert_eq!(all_well.ended(true), all_well);
    }
}
