//! Changed files and single files, beside `git diff --numstat --no-renames` and `git show`.

use std::collections::BTreeMap;

use domain::release::{FileChangeKind, LineCounts, ObjectId};
use git::GitError;

use crate::fixture::{Fixture, git_bytes, random_repository};

/// What `git` says of each path: the counts and the letter of `--name-status`.
fn by_git(fixture: &Fixture, from: &ObjectId, to: &ObjectId) -> BTreeMap<String, (LineCounts, char)> {
    let range = [from.as_str(), to.as_str()];
    let numstat = fixture.git(&["diff", "--numstat", "--no-renames", "-z", range[0], range[1]]);
    let status = fixture.git(&["diff", "--name-status", "--no-renames", "-z", range[0], range[1]]);
    let mut fields = status.split_terminator('\0');
    let mut letters = BTreeMap::new();
    while let (Some(letter), Some(path)) = (fields.next(), fields.next()) {
        letters.insert(path.to_owned(), letter.chars().next().unwrap());
    }
    numstat
        .split_terminator('\0')
        .map(|line| {
            let parts: Vec<&str> = line.splitn(3, '\t').collect();
            let lines = match (parts[0], parts[1]) {
                ("-", "-") => LineCounts::Binary,
                (added, removed) => LineCounts::Counted {
                    added: added.parse().unwrap(),
                    removed: removed.parse().unwrap(),
                },
            };
            (parts[2].to_owned(), (lines, letters[parts[2]]))
        })
        .collect()
}

fn by_us(fixture: &Fixture, from: &ObjectId, to: &ObjectId) -> BTreeMap<String, (LineCounts, char)> {
    let changes = fixture.open().changed_files(from, to).unwrap();
    let count = changes.len();
    let letter = |kind| match kind {
        FileChangeKind::Added => 'A',
        FileChangeKind::Modified => 'M',
        FileChangeKind::Removed => 'D',
        FileChangeKind::TypeChanged => 'T',
    };
    let map: BTreeMap<_, _> = changes
        .into_iter()
        .map(|c| (c.path, (c.lines, letter(c.kind))))
        .collect();
    assert_eq!(map.len(), count, "no path is told twice");
    map
}

#[test]
fn every_kind_of_change_is_counted_as_git_counts_it() {
    let fixture = Fixture::new();
    fixture.commit("kept.txt", "a\nb\nc\n", "one");
    fixture.commit("moved.txt", "x\ny\n", "two");
    fixture.commit("picture.bin", "\0\u{1}", "three");
    fixture.commit("script.sh", "#!/bin/sh\n", "four");
    fixture.commit("link", "was a file\n", "five");
    let from = fixture.commit("empty", "", "six");
    fixture.git(&["mv", "moved.txt", "renamed.txt"]);
    fixture.git(&["update-index", "--chmod=+x", "script.sh"]);
    std::fs::remove_file(fixture.path().join("link")).unwrap();
    std::os::unix::fs::symlink("kept.txt", fixture.path().join("link")).unwrap();
    fixture.git(&[
        "update-index",
        "--add",
        "--cacheinfo",
        "160000,1111111111111111111111111111111111111111,sub",
    ]);
    fixture.git(&["add", "link"]);
    std::fs::write(fixture.path().join("picture.bin"), "\0\u{2}").unwrap();
    std::fs::write(fixture.path().join("kept.txt"), "a\nB\nc\nd").unwrap();
    fixture.git(&["add", "picture.bin", "kept.txt"]);
    fixture.git(&["commit", "--quiet", "-m", "shuffle"]);
    let to = fixture.id("HEAD");

    let expected = by_git(&fixture, &from, &to);
    assert_eq!(expected.len(), 7, "the case holds all kinds: {expected:?}");
    assert_eq!(by_us(&fixture, &from, &to), expected);
    assert_eq!(
        by_us(&fixture, &to, &from),
        by_git(&fixture, &to, &from),
        "the other way round"
    );
    assert!(by_us(&fixture, &to, &to).is_empty());
}

#[test]
fn attributes_decide_what_is_binary() {
    let fixture = Fixture::new();
    fixture.commit(".gitattributes", "*.lock -diff\n*.dat binary\n", "attributes");
    let from = fixture.commit("a.lock", "1\n", "one");
    fixture.commit("a.lock", "2\n", "two");
    let to = fixture.commit("b.dat", "text\n", "three");
    assert_eq!(by_us(&fixture, &from, &to), by_git(&fixture, &from, &to));
}

#[test]
fn random_repositories_differ_as_git_says() {
    for seed in 1..=4 {
        let fixture = random_repository(seed, 45);
        let tags: Vec<ObjectId> = (1..=15).map(|n| fixture.id(&format!("t{n}"))).collect();
        for pair in tags
            .windows(2)
            .chain([[tags[0].clone(), tags[14].clone()].as_slice()])
        {
            let expected = by_git(&fixture, &pair[0], &pair[1]);
            assert_eq!(
                by_us(&fixture, &pair[0], &pair[1]),
                expected,
                "seed {seed}, {pair:?}"
            );
        }
    }
}

#[test]
fn a_file_is_read_as_it_was_at_a_commit() {
    let fixture = Fixture::new();
    let first = fixture.commit("docs/note.md", "first\r\n", "one");
    let second = fixture.commit("docs/note.md", "second\n", "two");
    let repository = fixture.open();
    let at = |commit: &ObjectId, file: &str| repository.file_at(commit, file, 1_000).unwrap();
    assert_eq!(
        at(&first, "docs/note.md").unwrap(),
        b"first\r\n",
        "bytes as kept, no filter"
    );
    let shown = git_bytes(&fixture.path(), &["show", &format!("{second}:docs/note.md")]);
    assert_eq!(at(&second, "docs/note.md").unwrap(), shown);
    for nothing in ["missing", "docs", "docs/note.md/x", "", "/", "../docs/note.md"] {
        assert_eq!(at(&second, nothing), None, "{nothing:?}");
    }
    let refused = repository.file_at(&first, "docs/note.md", 6).unwrap_err();
    assert!(
        matches!(
            refused,
            GitError::FileTooLarge {
                size: 7,
                limit: 6,
                ..
            }
        ),
        "{refused}"
    );
}
