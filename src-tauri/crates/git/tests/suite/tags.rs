//! Tags beside `git for-each-ref`, and tags that are wrong (faults 36 to 40).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use domain::release::{ObjectId, Signature, Tag, TagKind, TagName, clamp_date};
use git::{Repository, RepositoryKind, TagList, TagMoved, TagProblemReason, TagScanner, compare_tags};

use crate::fixture::{Fixture, git_bytes, git_with_input, random_repository};

/// The tags as `git for-each-ref` tells them, and their commits as `git cat-file` peels them.
fn by_git(fixture: &Fixture) -> Vec<Tag> {
    let format = "--format=%(refname:strip=2)%01%(objecttype)%01%(creatordate:unix)%01%(subject)%01%(contents:body)%01%(taggername)%01%(taggeremail:trim)%00";
    let text = git_bytes(&fixture.path(), &["for-each-ref", "refs/tags", format]);
    text.split(|&byte| byte == 0)
        .map(|record| record.strip_prefix(b"\n").unwrap_or(record))
        .filter(|record| !record.is_empty())
        .map(|record| one_by_git(fixture, record))
        .collect()
}

fn one_by_git(fixture: &Fixture, record: &[u8]) -> Tag {
    let fields: Vec<&[u8]> = record.split(|&byte| byte == 1).collect();
    let text = |index: usize| String::from_utf8_lossy(fields[index]).into_owned();
    let annotated = fields[1] == b"tag";
    let peeled = [fields[0], b"^{commit}"].concat();
    let request = [b"refs/tags/", peeled.as_slice(), b"\n"].concat();
    let commit = git_with_input(
        &fixture.path(),
        &["cat-file", "--batch-check=%(objectname)"],
        &request,
    );
    let commit: ObjectId = String::from_utf8(commit).unwrap().trim().parse().unwrap();
    Tag {
        name: TagName::from_bytes(fields[0]),
        kind: if annotated {
            TagKind::Annotated
        } else {
            TagKind::Lightweight
        },
        commit,
        date: clamp_date(text(2).parse().unwrap()),
        // Git leaves blanks at the end here and strips them in `git log`; so do we everywhere.
        subject: text(3).trim_end().to_owned(),
        body: if annotated {
            text(4).trim_end().to_owned()
        } else {
            String::new()
        },
        tagger: annotated.then(|| Signature {
            name: text(5),
            email: text(6),
        }),
    }
}

fn tags(fixture: &Fixture) -> TagList {
    (*fixture.open().tags().unwrap()).clone()
}

fn tag<'a>(list: &'a TagList, name: &str) -> &'a Tag {
    list.tags
        .iter()
        .find(|tag| tag.name.as_str() == name)
        .unwrap_or_else(|| panic!("{name} in {list:#?}"))
}

fn reason<'a>(list: &'a TagList, name: &str) -> &'a TagProblemReason {
    let named = |name: &str| {
        list.problems
            .iter()
            .find(|p| p.name.as_ref().is_some_and(|n| n.as_str() == name))
    };
    &named(name)
        .unwrap_or_else(|| panic!("{name} in {list:#?}"))
        .reason
}

#[test]
fn tags_are_those_of_for_each_ref_loose_and_packed() {
    let fixture = Fixture::with_commits(4);
    fixture.git(&["tag", "light", "HEAD~1"]);
    fixture.git(&["tag", "services/payments/v1.0.0", "HEAD~2"]);
    fixture.git(&[
        "tag",
        "-a",
        "-m",
        "Two lines\nof subject\n\nAnd a body.\n\nMore.",
        "v1.0.0",
    ]);
    fixture.git(&["tag", "-a", "-m", "", "empty-message"]);
    fixture.git(&["pack-refs", "--all"]);
    fixture.git(&["tag", "-a", "-m", "loose", "v2.0.0", "HEAD~3"]);
    fixture.git(&["tag", "-f", "light", "HEAD"]);
    let list = tags(&fixture);
    assert_eq!(list.tags, by_git(&fixture));
    assert_eq!(list.tags.len(), 5);
    fixture.git(&["pack-refs", "--all"]);
    assert_eq!(
        tags(&fixture).tags,
        list.tags,
        "packed, with what Git wrote down that they lead to"
    );
    assert_eq!(list.problems, []);
}

#[test]
fn random_repositories_have_the_tags_that_git_says() {
    for seed in 41..=43 {
        let fixture = random_repository(seed, 60);
        assert_eq!(tags(&fixture).tags, by_git(&fixture), "seed {seed}");
    }
}

#[test]
fn seven_thousand_tags_are_those_of_for_each_ref() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("repository");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/many_tags.sh");
    assert!(
        Command::new(script)
            .arg(&path)
            .args(["7000", "8000"])
            .status()
            .unwrap()
            .success()
    );
    let list = Repository::open(&path).unwrap().tags().unwrap();
    let format = "--format=%(refname:strip=2) %(creatordate:unix) %(objecttype) %(subject)";
    let expected = String::from_utf8(git_bytes(&path, &["for-each-ref", "refs/tags", format])).unwrap();
    let ours: Vec<String> = list
        .tags
        .iter()
        .map(|tag| {
            let kind = if tag.kind == TagKind::Lightweight {
                "commit"
            } else {
                "tag"
            };
            format!("{} {} {kind} {}", tag.name, tag.date.timestamp(), tag.subject)
        })
        .collect();
    assert_eq!(ours, expected.lines().collect::<Vec<_>>());
    assert_eq!(ours.len(), 7_000);
    let peeled = String::from_utf8(git_bytes(&path, &["show-ref", "--tags", "--dereference"])).unwrap();
    let commits: BTreeMap<&str, &str> = peeled
        .lines()
        .filter_map(|line| line.split_once(" refs/tags/"))
        .map(|(id, name)| (name.trim_end_matches("^{}"), id))
        .collect();
    assert!(
        list.tags
            .iter()
            .all(|tag| commits[tag.name.as_str()] == tag.commit.as_str()),
        "peeled as git peels"
    );
}

#[test]
fn bare_repositories_and_worktrees_have_the_same_tags() {
    let fixture = Fixture::with_commits(2);
    fixture.tag("v1.0.0");
    let expected = by_git(&fixture);
    fixture.git(&["worktree", "add", "--quiet", "--detach", "../linked"]);
    fixture.git(&["clone", "--quiet", "--bare", ".", "../bare"]);
    let beside = |name: &str| fixture.dir.path().join(name);
    for (path, kind) in [
        (fixture.path(), RepositoryKind::Ordinary),
        (fixture.path().join(".git"), RepositoryKind::Ordinary),
        (beside("linked"), RepositoryKind::Linked),
        (beside("bare"), RepositoryKind::Bare),
    ] {
        let repository = Repository::open(&path).unwrap();
        assert_eq!(repository.kind(), kind, "{path:?}");
        assert_eq!(repository.tags().unwrap().tags, expected, "{path:?}");
    }
}

#[test]
fn broken_tags_are_counted_and_hide_no_other() {
    // Fault 36.
    let fixture = Fixture::with_commits(2);
    fixture.tag("v1.0.0");
    fixture.tag("v2.0.0");
    fixture.git(&["tag", "a-tree", "HEAD^{tree}"]);
    fixture.git(&["tag", "-a", "-m", "x", "a-blob", "HEAD:file1.txt"]);
    fixture.git(&["pack-refs", "--all"]);
    let packed = fixture.git_file("packed-refs");
    let text = std::fs::read_to_string(&packed).unwrap();
    std::fs::write(&packed, format!("{text}this is junk\n")).unwrap();
    fixture.write_ref("refs/tags/dangling", &format!("{}\n", "1".repeat(40)));
    fixture.write_ref("refs/tags/garbage", "not an id\n");
    fixture.write_ref("refs/tags/empty", "");
    fixture.write_ref("refs/tags/zero", &format!("{}\n", "0".repeat(40)));
    fixture.write_ref("refs/tags/nowhere", "ref: refs/heads/missing\n");
    fixture.write_ref("refs/tags/bad name", &format!("{}\n", "1".repeat(40)));
    fixture.write_ref("refs/tags/being-written.lock", "");
    let list = tags(&fixture);
    let names: Vec<&str> = list.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["v1.0.0", "v2.0.0"]);
    assert!(matches!(reason(&list, "dangling"), TagProblemReason::Dangling(_)));
    for name in ["garbage", "empty", "zero", "nowhere", "bad name"] {
        assert!(
            matches!(reason(&list, name), TagProblemReason::Garbage(_)),
            "{name}"
        );
    }
    assert_eq!(
        reason(&list, "a-tree"),
        &TagProblemReason::NotACommit("tree".into())
    );
    assert_eq!(
        reason(&list, "a-blob"),
        &TagProblemReason::NotACommit("blob".into())
    );
    let junk: Vec<_> = list
        .problems
        .iter()
        .filter(|problem| problem.name.is_none())
        .collect();
    assert_eq!(junk.len(), 1);
    assert!(junk[0].reason.to_string().contains("packed-refs"));
    assert_eq!(list.problems.len(), 9);
}

#[test]
fn a_tag_that_was_dangling_is_listed_once_its_object_is_there() {
    let fixture = Fixture::with_commits(1);
    let commit = fixture.git(&["cat-file", "commit", "HEAD"]);
    let later = commit.replace("Commit 1", "Later");
    let id = String::from_utf8(git_with_input(
        &fixture.path(),
        &["hash-object", "-t", "commit", "--stdin"],
        later.as_bytes(),
    ))
    .unwrap();
    fixture.write_ref("refs/tags/early", &id);
    let mut scanner = TagScanner::new(fixture.path()).unwrap();
    assert!(matches!(
        reason(&scanner.scan().unwrap(), "early"),
        TagProblemReason::Dangling(_)
    ));
    fixture.hash_object("commit", later.as_bytes());
    assert_eq!(tag(&scanner.scan().unwrap(), "early").subject, "Later");
}

#[test]
fn strange_names_are_text() {
    // Faults 37 and 38.
    let fixture = Fixture::with_commits(1);
    let long = "x".repeat(240);
    let names = [
        "🚀-1.0.0",
        "<img-onerror=alert(1)>",
        "$(touch${IFS}pwned)",
        "`touch${IFS}pwned`",
        "--upload-pack=touch",
        "a;b|c&d",
        "v1.0.0'\"",
        &long,
    ];
    for name in names {
        fixture.git(&["update-ref", &format!("refs/tags/{name}"), "HEAD"]);
    }
    let raw = std::ffi::OsString::from(Path::new("v9-").as_os_str());
    let bytes: Vec<u8> = [raw.as_encoded_bytes(), b"\xff\xfe"].concat();
    let line = [b"create refs/tags/", bytes.as_slice(), b" HEAD\n"].concat();
    git_with_input(&fixture.path(), &["update-ref", "--stdin"], &line);
    let before = listing(fixture.dir.path());

    for packed in [false, true] {
        if packed {
            fixture.git(&["pack-refs", "--all"]);
        }
        let list = tags(&fixture);
        assert_eq!(list.tags, by_git(&fixture), "packed: {packed}");
        assert_eq!(list.problems, []);
        for name in names {
            assert!(tag(&list, name).name.is_text());
        }
        assert_eq!(tag(&list, "v9-\u{fffd}\u{fffd}").name.as_bytes(), bytes);
    }
    assert!(
        before.iter().all(|path| !path.ends_with("pwned")),
        "no name was ever run"
    );
    assert!(!fixture.path().join("pwned").exists() && !Path::new("pwned").exists());
}

#[test]
fn nested_tags_no_tagger_and_impossible_dates_are_listed() {
    // Fault 39.
    let fixture = Fixture::with_commits(1);
    let commit = fixture.id("HEAD");
    fixture.git(&["tag", "-a", "-m", "inner", "inner"]);
    fixture.git(&[
        "-c",
        "advice.nestedTag=false",
        "tag",
        "-a",
        "-m",
        "outer",
        "outer",
        "inner",
    ]);
    fixture.git(&[
        "-c",
        "advice.nestedTag=false",
        "tag",
        "-a",
        "-m",
        "outermost",
        "outermost",
        "outer",
    ]);
    let write = |name: &str, tagger: &str| {
        let object = format!("object {commit}\ntype commit\ntag {name}\n{tagger}\nmessage of {name}\n");
        let id = fixture.hash_object("tag", object.as_bytes());
        fixture.write_ref(&format!("refs/tags/{name}"), &format!("{id}\n"));
    };
    write("no-tagger", "");
    write("early", "tagger A <a@example.org> -5 +0000\n");
    write("late", "tagger A <a@example.org> 99999999999999 +0000\n");
    write(
        "absurd",
        &format!("tagger A <a@example.org> {} +9999\n", "9".repeat(400)),
    );
    write("broken", "tagger nobody\n");
    let list = tags(&fixture);
    assert_eq!(list.problems, []);
    assert!(list.tags.iter().all(|tag| tag.commit == commit));
    assert_eq!(tag(&list, "inner").kind, TagKind::Annotated);
    assert_eq!(tag(&list, "outer").kind, TagKind::Nested { depth: 2 });
    assert_eq!(tag(&list, "outermost").kind, TagKind::Nested { depth: 3 });
    assert_eq!(
        tag(&list, "outermost").subject,
        "outermost",
        "the outermost tag speaks"
    );
    let committed: i64 = fixture
        .git(&["log", "-1", "--format=%ct"])
        .trim()
        .parse()
        .unwrap();
    assert_eq!(tag(&list, "no-tagger").date, clamp_date(committed));
    assert_eq!(tag(&list, "no-tagger").tagger, None);
    assert_eq!(tag(&list, "early").date, clamp_date(0));
    assert_eq!(tag(&list, "late").date, clamp_date(i64::MAX));
    assert_eq!(
        tag(&list, "absurd").date,
        clamp_date(i64::MAX),
        "huge is late, not 1970"
    );
    assert_eq!(tag(&list, "broken").date, clamp_date(0));
}

#[test]
fn a_signature_is_no_part_of_the_message() {
    let fixture = Fixture::with_commits(1);
    let commit = fixture.id("HEAD");
    let object = format!(
        "object {commit}\ntype commit\ntag signed\ntagger A <a@example.org> 1700000000 +0000\n\nSubject\n\nBody.\n\
         -----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n"
    );
    let id = fixture.hash_object("tag", object.as_bytes());
    fixture.write_ref("refs/tags/signed", &id);
    assert_eq!(tags(&fixture).tags, by_git(&fixture));
    assert_eq!(tag(&tags(&fixture), "signed").body, "Body.");
}

#[test]
fn a_tag_moved_by_force_is_an_event_with_both_commits() {
    // Fault 40.
    let fixture = Fixture::with_commits(3);
    fixture.tag("v1.0.0");
    fixture.git(&["tag", "-a", "-m", "x", "v2.0.0", "HEAD~1"]);
    fixture.git(&["tag", "gone"]);
    let mut scanner = TagScanner::new(fixture.path()).unwrap();
    let known: BTreeMap<TagName, ObjectId> = scanner
        .scan()
        .unwrap()
        .tags
        .iter()
        .map(|tag| (tag.name.clone(), tag.commit.clone()))
        .collect();
    assert!(compare_tags(&known, &scanner.scan().unwrap()).is_empty());
    let (old, new) = (fixture.id("HEAD"), fixture.id("HEAD~2"));
    fixture.git(&["tag", "-f", "-a", "-m", "moved", "v1.0.0", "HEAD~2"]);
    fixture.git(&["tag", "-f", "-a", "-m", "the same commit", "v2.0.0", "HEAD~1"]);
    fixture.git(&["tag", "-d", "gone"]);
    fixture.git(&["tag", "v3.0.0"]);
    fixture.write_ref("refs/tags/broken", "junk");
    let mut known = known;
    known.insert(TagName::from("broken"), old.clone());

    let changes = compare_tags(&known, &scanner.scan().unwrap());
    assert_eq!(
        changes.moved,
        [TagMoved {
            tag: TagName::from("v1.0.0"),
            old,
            new
        }]
    );
    assert_eq!(changes.added, [TagName::from("v3.0.0")]);
    assert_eq!(
        changes.removed,
        [TagName::from("gone")],
        "an unreadable tag is not a removed one"
    );
}

#[test]
fn reading_writes_nothing_and_runs_no_hook() {
    let fixture = Fixture::with_commits(2);
    fixture.tag("v1.0.0");
    let (from, to) = (fixture.id("HEAD~1"), fixture.id("HEAD"));
    let marker = fixture.dir.path().join("hook-ran");
    for hook in [
        "post-checkout",
        "reference-transaction",
        "fsmonitor",
        "post-index-change",
    ] {
        let path = fixture.git_file(&format!("hooks/{hook}"));
        std::fs::write(&path, format!("#!/bin/sh\ntouch {}\n", marker.display())).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let before = listing(&fixture.path());
    let repository = fixture.open();
    repository.tags().unwrap();
    repository
        .commits(
            &domain::release::CommitRange {
                from: from.clone(),
                to: to.clone(),
            },
            Some("file2.txt"),
        )
        .unwrap();
    repository.changed_files(&from, &to).unwrap();
    repository.file_at(&to, "file1.txt", 100).unwrap().unwrap();
    assert_eq!(listing(&fixture.path()), before);
    assert!(!marker.exists());
}

/// Every file below a folder with its length and time.
fn listing(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let metadata = entry.metadata().unwrap();
        if metadata.is_dir() {
            found.extend(listing(&entry.path()));
        }
        found.push(entry.path());
        found.push(format!("{} {:?}", metadata.len(), metadata.modified().unwrap()).into());
    }
    found.sort();
    found
}
