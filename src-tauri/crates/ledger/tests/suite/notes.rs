//! Notes: what is typed is never lost, and all of it is found, in Chinese too.

use crate::world::{open_quietly, time, workspace};
use ledger::{Ledger, NoteKey, NoteState, SavedNote};

fn key(service: &str, version: &str) -> NoteKey {
    NoteKey {
        workspace: workspace(),
        service: service.into(),
        version: version.to_owned(),
    }
}

fn save(ledger: &Ledger, service: &str, version: &str, body: &str) {
    ledger
        .save_note(&key(service, version), body, NoteState::Final, "mara", time(1))
        .unwrap();
}

/// Which notes a search finds, and what it marks in them.
fn search(ledger: &Ledger, typed: &str) -> Vec<(String, Vec<String>)> {
    let hits = ledger.search_notes(&workspace(), typed, 10).unwrap();
    hits.into_iter()
        .map(|hit| {
            let marked = hit
                .excerpt
                .into_iter()
                .filter(|part| part.is_hit)
                .map(|part| part.text);
            (
                format!("{} {}", hit.key.service, hit.key.version),
                marked.collect(),
            )
        })
        .collect()
}

#[test]
fn a_draft_stands_beside_the_saved_text() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let key = key("checkout", "2.4.1");
    assert_eq!(ledger.note(&key).unwrap(), None);
    ledger.autosave_note(&key, "## Fix", "mara", time(1)).unwrap();
    let note = ledger.note(&key).unwrap().unwrap();
    assert_eq!(
        (note.state, note.body.as_str(), note.draft.as_deref()),
        (NoteState::Draft, "", Some("## Fix"))
    );
    let saved = ledger
        .save_note(&key, "## Fixes", NoteState::Final, "mara", time(2))
        .unwrap();
    assert_eq!((saved.body.as_str(), saved.draft), ("## Fixes", None));
    ledger
        .autosave_note(&key, "## Fixes and f", "li", time(3))
        .unwrap();
    let note = ledger.note(&key).unwrap().unwrap();
    assert_eq!(
        (note.state, note.body.as_str()),
        (NoteState::Final, "## Fixes"),
        "half a sentence does not change a final note"
    );
    assert_eq!(
        (note.author.as_str(), note.created_at, note.updated_at),
        ("li", time(1), time(3))
    );
    ledger.discard_draft(&key).unwrap();
    assert_eq!(ledger.note(&key).unwrap().unwrap().draft, None);
}

#[test]
fn a_note_that_was_never_saved_goes_with_its_draft() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let key = key("checkout", "2.4.1");
    ledger.autosave_note(&key, "typo", "mara", time(1)).unwrap();
    ledger.discard_draft(&key).unwrap();
    assert_eq!(ledger.note(&key).unwrap(), None);
    assert!(search(&ledger, "typo").is_empty(), "and from the index");
}

#[test]
fn each_saved_text_stays_a_revision_and_the_oldest_go() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let key = key("checkout", "2.4.1");
    for second in 0..60 {
        let body = format!("text {}", second / 2); // each saved twice
        ledger
            .save_note(&key, &body, NoteState::Draft, "mara", time(second))
            .unwrap();
    }
    let revisions = ledger.note_revisions(&key).unwrap();
    assert_eq!(revisions.len(), 30, "the same text again is no revision");
    assert_eq!(
        (revisions[0].body.as_str(), revisions[29].body.as_str()),
        ("text 29", "text 0")
    );
    for second in 60..120 {
        let body = format!("text {second}");
        ledger
            .save_note(&key, &body, NoteState::Draft, "mara", time(second))
            .unwrap();
    }
    assert_eq!(ledger.note_revisions(&key).unwrap().len(), 50);
}

#[test]
fn chinese_is_found_by_any_run_of_characters() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    save(
        &ledger,
        "checkout",
        "2.4.1",
        "修复支付服务在 prod-eu 的超时问题。",
    );
    save(&ledger, "payments", "1.42.0", "新增:退款接口。付款方式支持银行卡");
    let found = |typed: &str| search(&ledger, typed);
    assert_eq!(
        found("支付"),
        [("checkout 2.4.1".to_owned(), vec!["支付".to_owned()])]
    );
    let mut both = found("付");
    both.sort();
    let marked = |times: usize| vec!["付".to_owned(); times];
    assert_eq!(
        both,
        [
            ("checkout 2.4.1".to_owned(), marked(1)),
            ("payments 1.42.0".to_owned(), marked(1))
        ],
        "one character is enough"
    );
    assert_eq!(
        found("超时 prod"),
        [(
            "checkout 2.4.1".to_owned(),
            vec!["prod".to_owned(), "超时".to_owned()]
        )]
    );
    assert!(found("付支").is_empty(), "in that order nowhere");
}

#[test]
fn words_are_found_by_their_beginning_without_case_or_accents() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    save(
        &ledger,
        "checkout",
        "2.4.1",
        "Fixes a timeout in the Café flow, see PAY-881.",
    );
    let marked = |typed: &str| {
        search(&ledger, typed)
            .into_iter()
            .flat_map(|(_, marked)| marked)
            .collect::<Vec<_>>()
    };
    assert_eq!(marked("TIME"), ["timeout"]);
    assert_eq!(marked("cafe"), ["Café"]);
    assert_eq!(marked("PAY-881"), ["PAY", "881"]);
    assert_eq!(
        search(&ledger, "checkout 2.4.1").len(),
        1,
        "service and version count as text"
    );
    assert!(
        search(&ledger, "timeout refund").is_empty(),
        "every word must be there"
    );
    assert!(
        search(&ledger, "meout").is_empty(),
        "the middle of a word is none"
    );
}

#[test]
fn the_language_of_the_index_is_never_reached() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    save(&ledger, "checkout", "2.4.1", "text");
    for typed in [
        "\"",
        "text OR",
        "NEAR(a b)",
        "title:text",
        "text*",
        "-text",
        "^text",
        "(",
        "{a b}: c",
        "\0",
    ] {
        ledger.search_notes(&workspace(), typed, 10).unwrap();
    }
}

#[test]
fn what_is_typed_is_found_and_what_was_replaced_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    save(&ledger, "checkout", "2.4.1", "alpha");
    ledger
        .autosave_note(&key("checkout", "2.4.1"), "beta", "mara", time(2))
        .unwrap();
    assert!(search(&ledger, "alpha").is_empty());
    assert_eq!(search(&ledger, "beta").len(), 1);
    assert_eq!(
        ledger.search_notes(&"other".into(), "beta", 10).unwrap(),
        [],
        "a workspace sees its own notes"
    );
}

#[test]
fn notes_are_listed_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    save(&ledger, "checkout", "2.3.7", "a");
    save(&ledger, "payments", "1.0.0", "b");
    ledger
        .save_note(&key("checkout", "2.4.1"), "c", NoteState::Draft, "mara", time(9))
        .unwrap();
    let listed = |service: Option<&str>| -> Vec<String> {
        let notes = ledger
            .notes(&workspace(), service.map(Into::into).as_ref())
            .unwrap();
        notes.into_iter().map(|note| note.key.version).collect()
    };
    assert_eq!(listed(None), ["2.4.1", "1.0.0", "2.3.7"]);
    assert_eq!(listed(Some("checkout")), ["2.4.1", "2.3.7"]);
}

#[test]
fn notes_saved_together_are_each_as_if_saved_alone() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open_quietly(folder.path());
    let note = |version: &str, body: &str| SavedNote {
        key: key("checkout", version),
        body: body.to_owned(),
        state: NoteState::Final,
        author: "mara".to_owned(),
        at: time(1),
    };
    let notes = [note("2.4.0", "Vouchers"), note("2.4.1", "Gift notes")];
    ledger.save_notes(&notes).unwrap();
    for saved in &notes {
        let alone = ledger.note(&saved.key).unwrap().unwrap();
        assert_eq!((alone.body, alone.draft), (saved.body.clone(), None));
        assert_eq!((alone.state, alone.author.as_str()), (NoteState::Final, "mara"));
        assert_eq!(ledger.note_revisions(&saved.key).unwrap().len(), 1);
    }
    assert_eq!(
        search(&ledger, "vouch"),
        [("checkout 2.4.0".to_owned(), vec!["Vouchers".to_owned()])]
    );
}
