//! What other programs do between seeing a reference and reading its object.

use std::cell::Cell;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use super::*;

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(folder)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(arguments);
    let output = git.env("GIT_CONFIG_GLOBAL", "/dev/null").output().unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn repository_with_tags() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet"]);
    for name in ["v1.0.0", "v2.0.0"] {
        git(dir.path(), &["commit", "--quiet", "--allow-empty", "-m", name]);
        git(dir.path(), &["tag", "-a", "-m", name, name]);
    }
    dir
}

fn names(list: &TagList) -> Vec<&str> {
    list.tags.iter().map(|tag| tag.name.as_str()).collect()
}

#[test]
fn a_repack_in_mid_scan_loses_nothing() {
    // Fault 41.
    let dir = repository_with_tags();
    let mut scanner = TagScanner::new(dir.path()).unwrap();
    let list = scanner
        .scan_observed(|| git(dir.path(), &["gc", "--quiet", "--prune=now"]))
        .unwrap();
    assert_eq!(names(&list), ["v1.0.0", "v2.0.0"]);
    assert_eq!(list.problems, []);
}

#[test]
fn a_tag_deleted_and_pruned_in_mid_scan_is_simply_gone() {
    // Fault 41: the first attempt meets a missing object, the second one the references as they are.
    let dir = repository_with_tags();
    let mut scanner = TagScanner::new(dir.path()).unwrap();
    let attempts = Cell::new(0);
    let list = scanner
        .scan_observed(|| {
            attempts.set(attempts.get() + 1);
            if attempts.get() == 1 {
                git(dir.path(), &["tag", "-d", "v1.0.0"]);
                git(dir.path(), &["gc", "--quiet", "--prune=now"]);
            }
        })
        .unwrap();
    assert_eq!(attempts.get(), 2, "one retry");
    assert_eq!(names(&list), ["v2.0.0"]);
    assert_eq!(list.problems, [], "a deleted tag is no warning");
}

#[test]
fn a_repository_deleted_in_mid_scan_is_named() {
    // Fault 41.
    let dir = repository_with_tags();
    let mut scanner = TagScanner::new(dir.path()).unwrap();
    let error = scanner
        .scan_observed(|| std::fs::remove_dir_all(dir.path()).unwrap())
        .unwrap_err();
    assert!(matches!(error, GitError::Gone { .. }), "{error}");
    let error = scanner.scan().unwrap_err();
    assert!(
        matches!(error, GitError::Gone { .. }),
        "never an empty list: {error}"
    );
}

#[test]
fn an_unchanged_repository_is_not_read_again() {
    let dir = repository_with_tags();
    let mut scanner = TagScanner::new(dir.path()).unwrap();
    let first = scanner.scan().unwrap();
    let second = scanner
        .scan_observed(|| panic!("nothing changed, so nothing may be read"))
        .unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    git(dir.path(), &["pack-refs", "--all"]);
    assert_eq!(
        *scanner.scan().unwrap(),
        *first,
        "packing moves references and changes none"
    );
    git(dir.path(), &["tag", "v3.0.0"]);
    assert_eq!(names(&scanner.scan().unwrap()), ["v1.0.0", "v2.0.0", "v3.0.0"]);
    git(dir.path(), &["tag", "-d", "v1.0.0"]);
    assert_eq!(names(&scanner.scan().unwrap()), ["v2.0.0", "v3.0.0"]);
}
