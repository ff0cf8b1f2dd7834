//! The same tags asked for again, when nothing has changed.

use std::sync::Arc;

use anyhow::{Result, ensure};
use git::TagScanner;

use crate::Settings;
use crate::git_repository::GitRepository;
use crate::measure::{Samples, in_turn, time};
use crate::report::Row;
use crate::{program, tags};

const ROUNDS: usize = 15;
const GOAL: f64 = 0.1;

pub fn run(settings: &Settings) -> Result<Vec<Row>> {
    let repository = GitRepository::with_many_tags(settings)?;
    let count = tags::same_answer(&repository)?;
    let mut scanner = TagScanner::new(repository.path())?;
    let first = scanner.scan()?;
    let pair = in_turn(
        ROUNDS,
        || {
            let mut same = false;
            // The very same list: whoever sorted it has nothing to sort again.
            let elapsed = time(|| {
                same = Arc::ptr_eq(&scanner.scan()?, &first);
                Ok(())
            })?;
            ensure!(same, "the list was read again although nothing had changed");
            Ok(elapsed)
        },
        || program::timed(&mut tags::for_each_ref(&repository)),
    )?;
    Ok(vec![Row::new(
        "rescan",
        format!("`git for-each-ref`, {count} tags"),
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}
