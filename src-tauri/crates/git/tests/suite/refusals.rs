//! Repositories that lack something or cannot be read (faults 33, 34, 35, 41), and looking for them.

use std::fs;
use std::os::unix::fs::{chown, symlink};
use std::path::PathBuf;

use domain::release::{CommitRange, LineCounts, ObjectId};
use git::{
    FoundRepository, GitError, HistoryEnd, Repository, RepositoryKind, TagProblemReason, UnsupportedFormat,
    find_repositories,
};

use crate::fixture::{Fixture, git};

fn open_error(path: PathBuf) -> GitError {
    match Repository::open(&path) {
        Ok(_) => panic!("{} must not open", path.display()),
        Err(error) => error,
    }
}

/// A clone of the fixture beside it, made as `options` say.
fn cloned(fixture: &Fixture, options: &[&str]) -> PathBuf {
    fixture.git(&["config", "uploadpack.allowFilter", "true"]);
    let into = fixture.dir.path().join("clone");
    let from = format!("file://{}", fixture.path().display());
    git(
        fixture.dir.path(),
        &[&["clone", "--quiet"], options, &[&from, into.to_str().unwrap()]].concat(),
    );
    into
}

#[test]
fn a_blobless_clone_says_not_here_and_never_zero_lines() {
    // Fault 33.
    let fixture = Fixture::with_commits(3);
    fixture.tag("v1.0.0");
    let (from, to) = (fixture.id("HEAD~1"), fixture.id("HEAD"));
    let repository = Repository::open(cloned(&fixture, &["--bare", "--filter=blob:none"])).unwrap();
    let changes = repository.changed_files(&from, &to).unwrap();
    assert_eq!(changes.len(), 1, "the path is known");
    assert_eq!(
        (changes[0].path.as_str(), changes[0].lines),
        ("file3.txt", LineCounts::NotHere)
    );
    let error = repository.file_at(&to, "file3.txt", 100).unwrap_err();
    assert!(
        matches!(&error, GitError::NotHere { what, .. } if what.contains("file3.txt")),
        "{error}"
    );
    assert_eq!(
        repository.file_at(&to, "missing.txt", 100).unwrap(),
        None,
        "no such file is another answer"
    );
    assert_eq!(repository.tags().unwrap().tags.len(), 1);
    let range = CommitRange { from, to };
    assert_eq!(repository.commits(&range, None).unwrap().commits.len(), 1);
}

#[test]
fn a_treeless_clone_says_not_here_for_what_needs_folders() {
    let fixture = Fixture::with_commits(2);
    let (from, to) = (fixture.id("HEAD~1"), fixture.id("HEAD"));
    let repository = Repository::open(cloned(&fixture, &["--bare", "--filter=tree:0"])).unwrap();
    assert!(matches!(
        repository.changed_files(&from, &to).unwrap_err(),
        GitError::NotHere { .. }
    ));
    assert!(matches!(
        repository.file_at(&to, "file1.txt", 9).unwrap_err(),
        GitError::NotHere { .. }
    ));
    let range = CommitRange { from, to };
    assert!(matches!(
        repository.commits(&range, Some("file1.txt")).unwrap_err(),
        GitError::NotHere { .. }
    ));
}

#[test]
fn a_shallow_clone_says_where_its_history_ends() {
    // Fault 33.
    let fixture = Fixture::with_commits(6);
    let before: ObjectId = fixture.id("HEAD~4");
    let repository = Repository::open(cloned(&fixture, &["--depth", "3"])).unwrap();
    let head = repository.head().unwrap();
    let range = CommitRange {
        from: before.clone(),
        to: head.clone(),
    };
    let error = repository.commits(&range, None).unwrap_err();
    assert!(
        matches!(&error, GitError::NotHere { what, .. } if what.contains(before.as_str())),
        "{error}"
    );
    assert!(matches!(
        repository.changed_files(&before, &head).unwrap_err(),
        GitError::NotHere { .. }
    ));

    // Both ends are here, and the way between them is cut: an old tag was fetched by itself.
    git(
        repository.path(),
        &["fetch", "--quiet", "--depth", "1", "origin", before.as_str()],
    );
    let list = Repository::open(repository.path())
        .unwrap()
        .commits(&range, None)
        .unwrap();
    assert_eq!(list.commits.len(), 3, "what is here");
    assert_eq!(
        list.end,
        HistoryEnd::CutOff(vec![fixture.id("HEAD~2")]),
        "and that it is not all"
    );
    let whole = CommitRange {
        from: fixture.id("HEAD~1"),
        to: head,
    };
    assert_eq!(
        Repository::open(repository.path())
            .unwrap()
            .commits(&whole, None)
            .unwrap()
            .end,
        HistoryEnd::Complete
    );
}

#[test]
fn a_tag_beyond_a_shallow_clone_is_not_here_rather_than_broken() {
    let fixture = Fixture::with_commits(3);
    let old = fixture.id("HEAD~2");
    let clone = cloned(&fixture, &["--depth", "1"]);
    fs::create_dir_all(clone.join(".git/refs/tags")).unwrap();
    fs::write(clone.join(".git/refs/tags/old"), old.as_str()).unwrap();
    let list = Repository::open(&clone).unwrap().tags().unwrap();
    assert_eq!(
        list.problems[0].reason,
        TagProblemReason::NotHere(old.to_string())
    );
}

#[test]
fn reftable_and_sha256_are_unsupported_by_name() {
    // Fault 34.
    let fixture = Fixture::with_commits(1);
    fixture.tag("v1.0.0");
    for version in ["0", "1"] {
        fixture.git(&["config", "core.repositoryformatversion", version]);
        let config = fixture.git_file("config");
        let before = fs::read_to_string(&config).unwrap();
        fs::write(
            &config,
            format!("{before}[extensions]\n\trefstorage = reftable\n"),
        )
        .unwrap();
        let error = open_error(fixture.path());
        let format = UnsupportedFormat::RefStorage("reftable".into());
        assert!(
            matches!(&error, GitError::Unsupported { format: found, .. } if *found == format),
            "{error}"
        );
        assert!(error.to_string().contains("reftable"));
        fs::write(&config, before).unwrap();
    }
    assert_eq!(
        fixture.open().tags().unwrap().tags.len(),
        1,
        "and with its own configuration it reads"
    );

    let sha256 = Fixture::with(&["--object-format=sha256"]);
    sha256.git(&["commit", "--quiet", "--allow-empty", "-m", "x"]);
    let error = open_error(sha256.path());
    let format = UnsupportedFormat::ObjectFormat("sha256".into());
    assert!(
        matches!(&error, GitError::Unsupported { format: found, .. } if *found == format),
        "{error}"
    );

    let future = Fixture::new();
    future.git(&["config", "core.repositoryformatversion", "1"]);
    future.git(&["config", "extensions.fromTheFuture", "true"]);
    assert!(matches!(
        open_error(future.path()),
        GitError::Unsupported {
            format: UnsupportedFormat::Other(_),
            ..
        }
    ));
}

#[test]
fn a_foreign_owner_is_explained_and_not_trusted() {
    // Fault 35. Only root can give a folder away; git's own tests need root here as well.
    let fixture = Fixture::with_commits(1);
    if chown(fixture.path(), Some(12_345), None).is_err() {
        println!("skipped: only root can give a folder to another user");
        return;
    }
    let _ = chown(fixture.path().join(".git"), Some(12_345), None);
    let error = open_error(fixture.path());
    assert!(matches!(error, GitError::ForeignOwner { .. }), "{error}");
    let message = error.to_string();
    assert!(
        message.contains("safe.directory") && message.contains(fixture.path().to_str().unwrap()),
        "{message}"
    );
}

#[test]
fn what_is_no_repository_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(
        open_error(dir.path().to_owned()),
        GitError::NotARepository { .. }
    ));
    assert!(matches!(
        open_error(dir.path().join("missing")),
        GitError::NotARepository { .. }
    ));
    fs::write(dir.path().join(".git"), "gitdir: /nowhere\n").unwrap();
    assert!(matches!(
        open_error(dir.path().to_owned()),
        GitError::NotARepository { .. }
    ));
    let fixture = Fixture::with_commits(1);
    let inside = fixture.path().join("services/payments");
    fs::create_dir_all(&inside).unwrap();
    assert!(
        matches!(open_error(inside.clone()), GitError::NotARepository { .. }),
        "folders above are not taken silently"
    );
    assert_eq!(Repository::enclosing(&inside), Some(fixture.path()));
    assert_eq!(Repository::enclosing(dir.path().parent().unwrap()), None);
}

#[test]
fn a_repository_that_is_deleted_while_it_is_open_is_gone() {
    // Fault 41.
    let fixture = Fixture::with_commits(2);
    let (from, to) = (fixture.id("HEAD~1"), fixture.id("HEAD"));
    let repository = fixture.open();
    fs::remove_dir_all(fixture.path()).unwrap();
    let range = CommitRange {
        from: from.clone(),
        to: to.clone(),
    };
    assert!(matches!(
        repository.commits(&range, None).unwrap_err(),
        GitError::Gone { .. }
    ));
    assert!(matches!(
        repository.changed_files(&from, &to).unwrap_err(),
        GitError::Gone { .. }
    ));
    assert!(matches!(
        repository.tags().unwrap_err(),
        GitError::NotARepository { .. } | GitError::Gone { .. }
    ));
}

#[test]
fn a_repository_that_is_repacked_while_it_is_open_still_reads() {
    // Fault 41.
    let fixture = Fixture::with_commits(3);
    fixture.git(&["repack", "-adq"]);
    let range = CommitRange {
        from: fixture.id("HEAD~1"),
        to: fixture.id("HEAD"),
    };
    let repository = fixture.open();
    assert_eq!(
        repository.file_at(&range.to, "file1.txt", 9).unwrap().unwrap(),
        b"1\n"
    );
    fixture.commit("later.txt", "x", "Later");
    fixture.git(&["repack", "-adfq"]);
    fixture.git(&["prune-packed"]);
    assert_eq!(repository.commits(&range, None).unwrap().commits.len(), 1);
    assert_eq!(repository.changed_files(&range.from, &range.to).unwrap().len(), 1);
    assert_eq!(
        repository
            .file_at(&fixture.id("HEAD"), "later.txt", 9)
            .unwrap()
            .unwrap(),
        b"x"
    );
}

#[test]
fn a_damaged_object_is_named() {
    let fixture = Fixture::with_commits(2);
    let (from, to) = (fixture.id("HEAD~1"), fixture.id("HEAD"));
    let tree = fixture.id("HEAD^{tree}");
    let object = fixture.git_file(&format!(
        "objects/{}/{}",
        &tree.as_str()[..2],
        &tree.as_str()[2..]
    ));
    fs::remove_file(&object).unwrap();
    let error = fixture.open().changed_files(&from, &to).unwrap_err();
    assert!(
        matches!(&error, GitError::Damaged { what, .. } if what.contains(to.as_str())),
        "{error}"
    );
    assert!(error.to_string().contains("git fsck"), "what to do next: {error}");
}

#[test]
fn repositories_are_found_below_a_folder_and_no_further() {
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name);
    for (name, bare) in [
        ("a", false),
        ("team/b.git", true),
        ("team/deep/er/c", false),
        (".hidden/d", false),
        ("x/node_modules/e", false),
    ] {
        fs::create_dir_all(place(name)).unwrap();
        git(
            &place(name),
            if bare {
                &["init", "--quiet", "--bare"]
            } else {
                &["init", "--quiet"]
            },
        );
    }
    git(&place("a"), &["commit", "--quiet", "--allow-empty", "-m", "x"]);
    git(&place("a"), &["worktree", "add", "--quiet", "../linked"]);
    symlink(place("a"), place("again")).unwrap();
    symlink(dir.path(), place("loop")).unwrap();
    let found = |depth| find_repositories(dir.path(), depth).repositories;
    let at = |name: &str, kind| FoundRepository {
        path: place(name),
        kind,
    };
    let near = [
        at("a", RepositoryKind::Ordinary),
        at("linked", RepositoryKind::Linked),
        at("team/b.git", RepositoryKind::Bare),
    ];
    assert_eq!(found(2), near);
    assert_eq!(found(0), []);
    assert_eq!(found(9).len(), 4, "and the deep one");
    for chosen in ["a", "a/.git"] {
        let found = find_repositories(&place(chosen), 0).repositories;
        assert_eq!(found, [at("a", RepositoryKind::Ordinary)], "{chosen}");
    }
    let found = find_repositories(&place("team/b.git"), 0).repositories;
    assert_eq!(
        found,
        [at("team/b.git", RepositoryKind::Bare)],
        "it has no other folder"
    );
    assert_eq!(
        find_repositories(&place("missing"), 3).unreadable,
        [place("missing")]
    );
}

#[test]
fn the_address_of_a_remote_hides_its_password() {
    let fixture = Fixture::with_commits(1);
    fixture.git(&[
        "remote",
        "add",
        "origin",
        "https://ada:s3cret@git.example/harbor/payments.git",
    ]);
    let repository = fixture.open();
    assert_eq!(repository.remotes(), ["origin"]);
    assert_eq!(
        repository.remote_url("origin").unwrap(),
        "https://ada@git.example/harbor/payments.git"
    );
    assert_eq!(repository.remote_url("missing"), None);
}
