//! What is personal, and tags once seen.

use std::path::Path;

use crate::world::{open_quietly, time};
use ledger::{MovedTag, TagChange, TagTarget};
use serde_json::json;

#[test]
fn settings_are_kept_by_scope() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let binding = "workspace:harbor/cluster";
    ledger
        .set_setting(binding, "eu-west-1", &json!("admin@eu"), time(0))
        .unwrap();
    ledger
        .set_setting(binding, "stage", &json!({"context": "集群"}), time(0))
        .unwrap();
    ledger.set_setting("app", "stage", &json!(1.5), time(0)).unwrap();
    ledger
        .set_setting(binding, "eu-west-1", &json!("viewer@eu"), time(1))
        .unwrap();
    assert_eq!(
        ledger.setting(binding, "eu-west-1").unwrap(),
        Some(json!("viewer@eu"))
    );
    ledger.remove_setting(binding, "eu-west-1").unwrap();
    assert_eq!(ledger.setting(binding, "eu-west-1").unwrap(), None);
    assert_eq!(
        ledger.settings(binding).unwrap(),
        [("stage".to_owned(), json!({"context": "集群"}))]
    );
}

#[test]
fn opened_workspaces_are_listed_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    for second in 0..25 {
        let path = format!("/home/mara/{second}/tidemark.toml");
        ledger
            .note_opened_workspace(Path::new(&path), "Harbor", time(second))
            .unwrap();
    }
    ledger
        .note_opened_workspace(Path::new("/home/mara/7/tidemark.toml"), "Harbor retail", time(99))
        .unwrap();
    let recent = ledger.recent_workspaces().unwrap();
    assert_eq!(recent.len(), 20);
    assert_eq!(
        (recent[0].name.as_str(), recent[0].opened_at),
        ("Harbor retail", time(99))
    );
    ledger.forget_opened_workspace(&recent[0].path).unwrap();
    assert_eq!(ledger.recent_workspaces().unwrap()[0].opened_at, time(24));
}

#[test]
fn a_moved_tag_is_an_event_and_the_old_commit_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let tag = |name: &[u8], commit: &str| TagTarget {
        name: name.to_vec(),
        commit: commit.to_owned(),
    };
    let (old, moved, odd) = (
        tag(b"v1.0.0", "aa11"),
        tag(b"v1.0.0", "bb22"),
        tag(b"v\xff<img>", "cc33"),
    );
    let record = |tags: &[TagTarget], second| {
        ledger
            .record_tags("git.example/shop", tags, time(second))
            .unwrap()
    };
    assert_eq!(
        record(&[old.clone(), odd.clone()], 0),
        [TagChange::New(old.clone()), TagChange::New(odd.clone())]
    );
    assert_eq!(
        record(&[old.clone(), odd.clone()], 1),
        [],
        "seen again is no event"
    );
    let change = TagChange::Moved {
        tag: moved.clone(),
        from: "aa11".to_owned(),
    };
    assert_eq!(record(&[moved.clone(), odd.clone()], 2), [change]);
    assert_eq!(record(std::slice::from_ref(&moved), 3), [TagChange::Gone(odd)]);
    let history = ledger.tag_history("git.example/shop", b"v1.0.0").unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|seen| (seen.commit.as_str(), seen.gone_at))
        .collect();
    assert_eq!(told, [("bb22", None), ("aa11", Some(time(2)))]);
    let lost = MovedTag {
        name: b"v1.0.0".to_vec(),
        from: "aa11".to_owned(),
        to: "bb22".to_owned(),
        at: time(2),
    };
    assert_eq!(
        ledger.moved_tags("git.example/shop").unwrap(),
        [lost],
        "a tag that is gone was not moved"
    );
    assert_eq!(
        ledger.tags_of_commit("git.example/shop", "AA1").unwrap(),
        [old],
        "found by a commit that it no longer names"
    );
}
