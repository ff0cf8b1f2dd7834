//! The files that differ between two commits, with their lines.

use anyhow::{Context, Result, ensure};
use domain::release::{FileChange, LineCounts, ObjectId};
use git::Repository;

use crate::Settings;
use crate::git_repository::GitRepository;
use crate::measure::{Samples, in_turn, time};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 15;
const GOAL: f64 = 1.0;
/// Of a real repository: this many tags back.
const TAGS_BACK: usize = 10;

pub fn run(settings: &Settings) -> Result<Vec<Row>> {
    let repository = GitRepository::with_two_releases(settings)?;
    let (from, to) = two_tags(&repository)?;
    let arguments = ["diff", "--numstat", "--no-renames", from.as_str(), to.as_str()];
    let count = same_answer(&repository, &from, &to, &arguments)?;
    let pair = in_turn(
        ROUNDS,
        || time(|| Ok(Repository::open(repository.path())?.changed_files(&from, &to)?)),
        || program::timed(&mut repository.git(&arguments)),
    )?;
    Ok(vec![Row::new(
        "diffstat",
        format!("`git diff --numstat --no-renames`, {count} files"),
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}

/// `before` and `after` of the made repository; of a real one the newest tag and the tenth before it.
fn two_tags(repository: &GitRepository) -> Result<(ObjectId, ObjectId)> {
    let format = "--format=%(refname)";
    let printed =
        program::printed(&mut repository.git(&["for-each-ref", "--sort=creatordate", format, "refs/tags"]))?;
    let tags: Vec<&str> = printed.lines().collect();
    let newest = tags.len().checked_sub(1).context("the repository has no tags")?;
    let from = repository.commit(tags[newest.saturating_sub(TAGS_BACK)])?;
    Ok((from, repository.commit(tags[newest])?))
}

fn same_answer(
    repository: &GitRepository,
    from: &ObjectId,
    to: &ObjectId,
    arguments: &[&str],
) -> Result<usize> {
    let files = Repository::open(repository.path())?.changed_files(from, to)?;
    let ours: Vec<String> = files.iter().map(line).collect();
    let printed =
        program::printed(&mut repository.git(&[&["-c", "core.quotePath=false"], arguments].concat()))?;
    let theirs: Vec<&str> = printed.lines().collect();
    ensure!(
        ours == theirs,
        "ours and git's files differ: {} and {}",
        ours.len(),
        theirs.len()
    );
    Ok(ours.len())
}

/// As `--numstat` writes it.
fn line(file: &FileChange) -> String {
    match file.lines {
        LineCounts::Counted { added, removed } => format!("{added}\t{removed}\t{}", file.path),
        LineCounts::Binary => format!("-\t-\t{}", file.path),
        LineCounts::NotHere => format!("?\t?\t{}", file.path),
    }
}
