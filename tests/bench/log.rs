//! The commits between two, with parents, author, date, subject and body.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use domain::release::CommitRange;
use git::Repository;

use crate::Settings;
use crate::git_repository::GitRepository;
use crate::measure::{Samples, in_turn, time};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 15;
const GOAL: f64 = 1.0;
const COMMITS: usize = 2_000;
/// The fields of `domain::release::Commit`.
const FIELDS: &str = "--format=%H%x00%P%x00%an%x00%ae%x00%at%x00%s%x00%b";

pub fn run(settings: &Settings) -> Result<Vec<Row>> {
    let repository = GitRepository::with_many_tags(settings)?;
    let range = newest(&repository)?;
    let arguments = format!("{}..{}", range.from, range.to);
    let count = same_answer(&repository, &range, &arguments)?;
    let pair = in_turn(
        ROUNDS,
        || time(|| Ok(Repository::open(repository.path())?.commits(&range, None)?)),
        || program::timed(&mut repository.git(&["log", FIELDS, &arguments])),
    )?;
    Ok(vec![Row::new(
        "log",
        format!("`git log`, {count} commits"),
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}

/// From the commit 2,000 before `HEAD`, or from the oldest where there are fewer.
fn newest(repository: &GitRepository) -> Result<CommitRange> {
    let most = format!("--max-count={}", COMMITS + 1);
    let printed = program::printed(&mut repository.git(&["rev-list", "--first-parent", &most, "HEAD"]))?;
    let oldest = printed.lines().last().context("the repository has no commits")?;
    Ok(CommitRange {
        from: repository.commit(oldest)?,
        to: repository.commit("HEAD")?,
    })
}

fn same_answer(repository: &GitRepository, range: &CommitRange, arguments: &str) -> Result<usize> {
    let list = Repository::open(repository.path())?.commits(range, None)?;
    let ours: BTreeSet<String> = list
        .commits
        .iter()
        .map(|commit| format!("{} {}", commit.id, commit.subject))
        .collect();
    let printed = program::printed(&mut repository.git(&["log", "--format=%H %s", arguments]))?;
    let theirs: BTreeSet<String> = printed.lines().map(str::to_owned).collect();
    ensure!(
        ours == theirs,
        "ours and git's commits differ: {} and {}",
        ours.len(),
        theirs.len()
    );
    Ok(ours.len())
}
