//! Commits of a range and their counts, beside `git log` and `git rev-list`.

use std::collections::BTreeSet;

use domain::release::{Commit, CommitRange, ObjectId};
use git::{AheadBehind, GitError, HistoryEnd};

use crate::fixture::{Fixture, git_bytes, random_repository};

/// The commits as `git log` tells them, field by field.
fn by_git(fixture: &Fixture, range: &CommitRange, more: &[&str]) -> Vec<Commit> {
    let span = format!("{}..{}", range.from, range.to);
    let mut arguments = vec![
        "log",
        "--date-order",
        "-z",
        "--format=%H%x01%P%x01%an%x01%ae%x01%at%x01%s%x01%b",
        &span,
    ];
    arguments.extend(more);
    let text = String::from_utf8(git_bytes(&fixture.path(), &arguments)).unwrap();
    text.split_terminator('\0')
        .map(|record| {
            let fields: Vec<&str> = record.split('\u{1}').collect();
            Commit {
                id: fields[0].parse().unwrap(),
                parents: fields[1]
                    .split_whitespace()
                    .map(|id| id.parse().unwrap())
                    .collect(),
                author: domain::release::Signature {
                    name: fields[2].into(),
                    email: fields[3].into(),
                },
                date: domain::release::clamp_date(fields[4].parse().unwrap()),
                subject: fields[5].into(),
                body: fields[6].trim_end().into(),
            }
        })
        .collect()
}

fn ids(commits: &[Commit]) -> BTreeSet<ObjectId> {
    commits.iter().map(|commit| commit.id.clone()).collect()
}

/// Git lists a merge that differs from one parent as well; of these, the ones that `-c` shows a file of.
fn touching_by_git(fixture: &Fixture, range: &CommitRange, path: &str) -> BTreeSet<ObjectId> {
    let changes_a_file = |commit: &Commit| {
        let arguments = [
            "diff-tree",
            "-c",
            "-r",
            "--no-commit-id",
            "--name-only",
            "--no-renames",
        ];
        let merge = [commit.id.as_str(), "--", path];
        !fixture.git(&[&arguments[..], &merge[..]].concat()).is_empty()
    };
    let listed = by_git(fixture, range, &["--full-history", "--", path]);
    listed
        .into_iter()
        .filter(|commit| !commit.is_merge() || changes_a_file(commit))
        .map(|commit| commit.id)
        .collect()
}

fn pairs(fixture: &Fixture, tags: u32) -> Vec<CommitRange> {
    let tag = |n: u32| fixture.id(&format!("t{n}"));
    let mut ranges: Vec<_> = (1..tags)
        .map(|n| CommitRange {
            from: tag(n),
            to: tag(n + 1),
        })
        .collect();
    ranges.push(CommitRange {
        from: tag(1),
        to: tag(tags),
    });
    ranges.extend(ranges.clone().iter().map(CommitRange::reversed));
    ranges
}

#[test]
fn the_commits_of_random_ranges_are_those_of_git_log() {
    for seed in 11..=13 {
        let fixture = random_repository(seed, 60);
        let repository = fixture.open();
        for range in pairs(&fixture, 20) {
            let list = repository.commits(&range, None).unwrap();
            assert_eq!(
                list.commits,
                by_git(&fixture, &range, &[]),
                "seed {seed}, {range:?}"
            );
            assert_eq!(list.end, HistoryEnd::Complete);
            for commit in &list.commits {
                assert_eq!(
                    &repository.commit(&commit.id).unwrap(),
                    commit,
                    "one by one as well"
                );
            }
        }
    }
}

#[test]
fn a_path_keeps_only_the_commits_that_change_it() {
    for seed in 21..=23 {
        let fixture = random_repository(seed, 60);
        let repository = fixture.open();
        for range in pairs(&fixture, 20) {
            for path in ["services/payments", "services/cart/f1", "a b/", "missing"] {
                let list = repository.commits(&range, Some(path)).unwrap();
                let expected = touching_by_git(&fixture, &range, path);
                assert_eq!(ids(&list.commits), expected, "seed {seed}, {range:?}, {path}");
            }
        }
    }
}

#[test]
fn a_path_that_leads_out_is_touched_by_nothing() {
    // Fault 52: the path comes from a file that somebody else wrote.
    let fixture = Fixture::with_commits(2);
    let range = CommitRange {
        from: fixture.id("HEAD~1"),
        to: fixture.id("HEAD"),
    };
    for path in ["../x", "/etc/passwd", "", "/", "a\0b", "--all", ":(glob)**"] {
        let list = fixture.open().commits(&range, Some(path)).unwrap();
        assert_eq!(list.commits, [], "{path:?}");
    }
}

#[test]
fn ahead_and_behind_are_those_of_rev_list() {
    let fixture = random_repository(31, 60);
    let repository = fixture.open();
    for range in pairs(&fixture, 20) {
        let span = format!("{}...{}", range.from, range.to);
        let counted = fixture.git(&["rev-list", "--left-right", "--count", &span]);
        let numbers: Vec<usize> = counted.split_whitespace().map(|n| n.parse().unwrap()).collect();
        let ours = repository.ahead_behind(&range.from, &range.to, None).unwrap();
        assert_eq!(
            ours,
            AheadBehind {
                ahead: numbers[0],
                behind: numbers[1]
            },
            "{range:?}"
        );

        let path = "services/payments";
        let ours = repository
            .ahead_behind(&range.from, &range.to, Some(path))
            .unwrap();
        assert_eq!(
            ours.behind,
            touching_by_git(&fixture, &range, path).len(),
            "{range:?}"
        );
    }
}

#[test]
fn containing_is_being_an_ancestor() {
    let fixture = Fixture::with_commits(3);
    let (old, new) = (fixture.id("HEAD~2"), fixture.id("HEAD"));
    let repository = fixture.open();
    assert!(repository.contains(&new, &old).unwrap());
    assert!(repository.contains(&new, &new).unwrap());
    assert!(!repository.contains(&old, &new).unwrap());
}

#[test]
fn names_in_an_old_encoding_are_read() {
    let fixture = Fixture::with_commits(1);
    let from = fixture.id("HEAD");
    let tree = fixture.git(&["rev-parse", "HEAD^{tree}"]);
    let mut raw = format!("tree {}\nparent {from}\nauthor J", tree.trim()).into_bytes();
    raw.extend(b"\xf6rg <j@example.org> 1700000000 +0000\ncommitter J\xf6rg <j@example.org> 1700000000 +0000\nencoding ISO-8859-1\n\n\xc4ndern\n");
    let to: ObjectId = fixture.hash_object("commit", &raw).parse().unwrap();
    let range = CommitRange { from, to };
    let list = fixture.open().commits(&range, None).unwrap();
    assert_eq!(list.commits[0].author.name, "Jörg");
    assert_eq!(list.commits, by_git(&fixture, &range, &[]));
}

#[test]
fn what_is_no_commit_is_named() {
    let fixture = Fixture::with_commits(1);
    let commit = fixture.id("HEAD");
    let tree = fixture.id("HEAD^{tree}");
    let missing: ObjectId = "1".repeat(40).parse().unwrap();
    let repository = fixture.open();
    let error = |to: &ObjectId| {
        repository
            .commits(
                &CommitRange {
                    from: commit.clone(),
                    to: to.clone(),
                },
                None,
            )
            .unwrap_err()
    };
    assert!(matches!(error(&tree), GitError::NotACommit { found, .. } if found == "tree"));
    assert!(
        matches!(error(&missing), GitError::Damaged { .. }),
        "a full clone should have it"
    );
}

#[test]
fn a_commit_is_found_by_the_beginning_of_its_id_as_git_does() {
    let fixture = random_repository(41, 40);
    let repository = fixture.open();
    for id in fixture.git(&["rev-list", "--all"]).lines() {
        for digits in [7, 12, 40] {
            let found = repository.commit_beginning(&id[..digits]).unwrap().unwrap();
            assert_eq!(found.id.as_str(), id, "{digits} digits");
        }
    }
    assert_eq!(
        repository.commit_beginning("0000000").unwrap(),
        None,
        "no such commit"
    );
    let tree = fixture.git(&["rev-parse", "HEAD^{tree}"]);
    assert_eq!(
        repository.commit_beginning(tree.trim()).unwrap(),
        None,
        "a tree is no commit"
    );
}
