//! All tags with peeled commit, date, subject, message and tagger, sorted by version, read for the first time.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Result, ensure};
use domain::release::Tag;
use domain::version::{TagMatch, TagPattern};
use git::{TagList, TagScanner};

use crate::Settings;
use crate::git_repository::GitRepository;
use crate::measure::{Samples, in_turn, time};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 15;
const GOAL: f64 = 0.8;
/// The fields of `domain::release::Tag`.
const FIELDS: &str = "--format=%(refname:strip=2)%00%(objecttype)%00%(objectname)%00%(*objectname)%00\
     %(creatordate:unix)%00%(contents:subject)%00%(contents:body)%00%(taggername)%00%(taggeremail)";

pub fn run(settings: &Settings) -> Result<Vec<Row>> {
    let repository = GitRepository::with_many_tags(settings)?;
    let count = same_answer(&repository)?;
    let pair = in_turn(
        ROUNDS,
        || time(|| listed(&mut TagScanner::new(repository.path())?)),
        || program::timed(&mut for_each_ref(&repository)),
    )?;
    Ok(vec![Row::new(
        "tags",
        format!("`git for-each-ref`, {count} tags"),
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}

/// The same fields from git, sorted by version with pre-releases before their release.
pub fn for_each_ref(repository: &GitRepository) -> Command {
    repository.git(&[
        "-c",
        "versionsort.suffix=-",
        "for-each-ref",
        "--sort=version:refname",
        FIELDS,
        "refs/tags",
    ])
}

/// Reads the tags and sorts them by SemVer.
pub fn listed(scanner: &mut TagScanner) -> Result<Vec<Tag>> {
    Ok(sorted(&*scanner.scan()?))
}

fn sorted(list: &TagList) -> Vec<Tag> {
    let pattern = TagPattern::default();
    let mut tags = list.tags.clone();
    tags.sort_by_cached_key(|tag| {
        let version = match pattern.match_tag(tag.name.as_str(), "") {
            TagMatch::Version(version) => Some(version),
            TagMatch::Unversioned | TagMatch::Foreign => None,
        };
        tag.rank(version)
    });
    tags
}

/// Proves that both sides see the same tags at the same commits, and says how many.
pub fn same_answer(repository: &GitRepository) -> Result<usize> {
    let listed = listed(&mut TagScanner::new(repository.path())?)?;
    let ours: BTreeSet<String> = listed
        .iter()
        .map(|tag| format!("{} {}", tag.name, tag.commit))
        .collect();
    let format = "--format=%(if)%(*objectname)%(then)%(refname:strip=2) %(*objectname)%(else)\
                  %(refname:strip=2) %(objectname)%(end)";
    let printed = program::printed(&mut repository.git(&["for-each-ref", format, "refs/tags"]))?;
    let theirs: BTreeSet<String> = printed.lines().map(str::to_owned).collect();
    ensure!(
        ours == theirs,
        "ours and git's tags differ: {} and {}",
        ours.len(),
        theirs.len()
    );
    Ok(ours.len())
}
