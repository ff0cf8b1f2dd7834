//! New tags are seen without a restart, in every kind of repository.

use std::path::Path;
use std::time::Duration;

use git::{GitError, RefsWatch, TagScanner, watch_refs};
use tokio::time::timeout;

use crate::fixture::Fixture;

/// Far more than a change needs; only a failure waits for so long.
const PATIENCE: Duration = Duration::from_secs(10);

async fn changed(watch: &mut RefsWatch) {
    timeout(PATIENCE, watch.changed())
        .await
        .expect("a change must be told")
        .unwrap();
}

async fn is_quiet(watch: &mut RefsWatch) -> bool {
    timeout(Duration::from_millis(600), watch.changed())
        .await
        .is_err()
}

fn count(path: &Path) -> usize {
    TagScanner::new(path).unwrap().scan().unwrap().tags.len()
}

#[tokio::test]
async fn a_new_a_moved_and_a_packed_tag_are_told_once_each() {
    let fixture = Fixture::with_commits(2);
    let mut watch = watch_refs(fixture.path()).unwrap();
    assert!(is_quiet(&mut watch).await);
    for number in 0..20 {
        fixture.git(&["tag", &format!("v1.{number}.0")]);
    }
    changed(&mut watch).await;
    while !is_quiet(&mut watch).await {}
    assert_eq!(count(&fixture.path()), 20);
    fixture.git(&["tag", "-f", "v1.0.0", "HEAD~1"]);
    changed(&mut watch).await;
    while !is_quiet(&mut watch).await {}
    fixture.git(&["pack-refs", "--all", "--prune"]);
    changed(&mut watch).await;
    while !is_quiet(&mut watch).await {}
    fixture.git(&["tag", "-d", "v1.0.0"]);
    changed(&mut watch).await;
    assert_eq!(count(&fixture.path()), 19);
    while !is_quiet(&mut watch).await {}
    std::fs::write(fixture.path().join("file1.txt"), "edited").unwrap();
    fixture.git(&["add", "--all"]);
    assert!(
        is_quiet(&mut watch).await,
        "work in the tree is no change of references"
    );
}

#[tokio::test]
async fn a_tag_in_a_folder_of_its_own_is_told() {
    let fixture = Fixture::with_commits(1);
    let mut watch = watch_refs(fixture.path()).unwrap();
    fixture.git(&["tag", "services/payments/v1.0.0"]);
    changed(&mut watch).await;
    assert_eq!(count(&fixture.path()), 1);
    while !is_quiet(&mut watch).await {}
    fixture.git(&["tag", "services/payments/v1.1.0"]);
    changed(&mut watch).await;
}

#[tokio::test]
async fn a_worktree_sees_the_tags_of_its_repository() {
    let fixture = Fixture::with_commits(1);
    fixture.git(&["worktree", "add", "--quiet", "--detach", "../linked"]);
    let mut watch = watch_refs(fixture.dir.path().join("linked")).unwrap();
    fixture.git(&["tag", "v1.0.0"]);
    changed(&mut watch).await;
}

#[tokio::test]
async fn a_cancelled_wait_loses_no_change() {
    let fixture = Fixture::with_commits(1);
    let mut watch = watch_refs(fixture.path()).unwrap();
    fixture.git(&["tag", "v1.0.0"]);
    // Long enough to take the notice, too short for the burst to be over.
    let early = timeout(Duration::from_millis(40), watch.changed()).await;
    if early.is_err() {
        changed(&mut watch).await;
    }
}

#[tokio::test]
async fn a_deleted_repository_is_told_as_gone() {
    // Fault 41.
    let fixture = Fixture::with_commits(1);
    let mut watch = watch_refs(fixture.path()).unwrap();
    std::fs::remove_dir_all(fixture.path()).unwrap();
    let error = timeout(PATIENCE, watch.changed()).await.unwrap().unwrap_err();
    assert!(matches!(error, GitError::Gone { .. }), "{error}");
    assert!(matches!(
        watch_refs(fixture.path()),
        Err(GitError::NotARepository { .. })
    ));
}
