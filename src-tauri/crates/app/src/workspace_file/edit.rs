//! Edits the text of a workspace file: only what a draft changes moves; comments, order and unknown keys stay.

use std::time::Duration;

use domain::workspace::Environment;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TomlError, value};
use wire::workspace::{DraftEnvironment, DraftService, TierWord, WorkspaceDraft};

use super::FORMAT;
use super::duration::parse_duration;

/// The text of a new file that says what the draft says.
pub fn new_text(draft: &WorkspaceDraft) -> String {
    apply_draft("", draft).expect("because an empty text is valid TOML")
}

/// The text that says what the draft says, made from a text that is there.
pub fn apply_draft(text: &str, draft: &WorkspaceDraft) -> Result<String, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let root = document.as_table_mut();
    if root.get("format").is_none() {
        root.insert("format", value(FORMAT));
    }
    set_text(root, "name", Some(&draft.name));
    set_text(root, "time-zone", draft.time_zone.as_deref());
    let environments: Vec<&str> = draft
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    let tables = tables(root, "environment", &environments);
    for (table, environment) in tables.iter_mut().zip(&draft.environments) {
        set_environment(table, environment);
    }
    let services: Vec<&str> = draft
        .services
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    let tables = self::tables(root, "service", &services);
    for (table, service) in tables.iter_mut().zip(&draft.services) {
        set_service(table, service);
    }
    drop_empty(root, "environment");
    drop_empty(root, "service");
    Ok(document.to_string())
}

/// One table for each name, in the order of the names: those that are there keep what stands in them.
fn tables<'t>(root: &'t mut Table, key: &str, names: &[&str]) -> &'t mut ArrayOfTables {
    let old = root
        .remove(key)
        .and_then(|item| item.into_array_of_tables().ok())
        .unwrap_or_default();
    let mut new = ArrayOfTables::new();
    for name in names {
        let kept = old
            .iter()
            .find(|table| table.get("name").and_then(Item::as_str) == Some(name));
        new.push(kept.cloned().unwrap_or_default());
    }
    root.insert(key, Item::ArrayOfTables(new));
    root[key]
        .as_array_of_tables_mut()
        .expect("because it was inserted as one")
}

fn drop_empty(root: &mut Table, key: &str) {
    if root
        .get(key)
        .and_then(Item::as_array_of_tables)
        .is_some_and(ArrayOfTables::is_empty)
    {
        root.remove(key);
    }
}

fn set_environment(table: &mut Table, environment: &DraftEnvironment) {
    set_text(table, "name", Some(&environment.name));
    set_text(table, "tier", Some(tier(environment.tier)));
    set_flag(table, "guard", environment.guard);
    set_text(table, "cluster", Some(&environment.cluster));
    set_texts(table, "namespaces", &environment.namespaces, true);
    let (verify, good) = (
        Environment::DEFAULT_VERIFY_WINDOW,
        Environment::DEFAULT_KNOWN_GOOD_AFTER,
    );
    set_duration(
        table,
        ("verify", "window"),
        environment.verify_window.as_deref(),
        verify,
    );
    set_duration(
        table,
        ("known-good", "after"),
        environment.known_good_after.as_deref(),
        good,
    );
}

fn set_service(table: &mut Table, service: &DraftService) {
    set_text(table, "name", Some(&service.name));
    set_text(table, "team", service.team.as_deref());
    set_text(table, "repository", service.repository.as_deref());
    set_text(table, "path", service.path.as_deref());
    set_text(table, "tags", service.tags.as_deref());
    set_text(table, "container", service.container.as_deref());
    set_texts(table, "depends-on", &service.depends_on, false);
}

fn tier(tier: TierWord) -> &'static str {
    match tier {
        TierWord::Production => "production",
        TierWord::Staging => "staging",
        TierWord::Development => "development",
    }
}

/// Sets a text, or removes the key; a value that says the same keeps its form and comment.
fn set_text(table: &mut Table, key: &str, text: Option<&str>) {
    match text {
        Some(text) if table.get(key).and_then(Item::as_str) == Some(text) => {}
        Some(text) => replace(table, key, text.into()),
        None => {
            table.remove(key);
        }
    }
}

fn set_flag(table: &mut Table, key: &str, on: bool) {
    let current = table.get(key).and_then(Item::as_bool);
    if current.unwrap_or(false) != on {
        replace(table, key, on.into());
    }
}

fn set_texts(table: &mut Table, key: &str, texts: &[String], keep_empty: bool) {
    let current: Option<Vec<&str>> = table
        .get(key)
        .and_then(Item::as_array)
        .map(|array| array.iter().filter_map(toml_edit::Value::as_str).collect());
    if current
        .as_deref()
        .is_some_and(|current| current.iter().eq(texts.iter()))
    {
        return;
    }
    if texts.is_empty() && !keep_empty {
        table.remove(key);
        return;
    }
    replace(table, key, texts.iter().collect::<Array>().into());
}

/// Sets a duration; one that says the same in other words, or the default where the draft has none, stays.
fn set_duration(table: &mut Table, (key, inner): (&str, &str), text: Option<&str>, default: Duration) {
    let current = table
        .get(key)
        .and_then(|item| item.get(inner))
        .and_then(Item::as_str);
    let said = text.and_then(parse_duration).unwrap_or(default);
    if current.and_then(parse_duration) == Some(said) {
        return;
    }
    let Some(text) = text else {
        table.remove(key);
        return;
    };
    let mut settings = InlineTable::new();
    settings.insert(inner, text.into());
    replace(table, key, settings.into());
}

/// Replaces a value, keeping the comment that follows the old one.
fn replace(table: &mut Table, key: &str, mut new: toml_edit::Value) {
    if let Some(old) = table.get(key).and_then(Item::as_value) {
        *new.decor_mut() = old.decor().clone();
    }
    table.insert(key, Item::Value(new));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace_file::read;

    const WHOLE: &str = include_str!("../../tests/workspace/whole.toml");

    fn draft() -> WorkspaceDraft {
        crate::workspace_draft::of(&read(WHOLE).workspace.unwrap())
    }

    #[test]
    fn a_draft_that_changes_nothing_changes_no_byte() {
        assert_eq!(apply_draft(WHOLE, &draft()).unwrap(), WHOLE);
    }

    #[test]
    fn an_edit_keeps_comments_order_and_unknown_keys() {
        let text = WHOLE.replace(
            "team = \"Money\"",
            "team = \"Money\"  # since spring\ncolour = \"red\"",
        );
        let mut changed = draft();
        changed.services[0].team = Some("Treasury".to_owned());
        changed.environments[1].guard = true;
        let edited = apply_draft(&text, &changed).unwrap();
        assert!(
            edited.contains("team = \"Treasury\"  # since spring\ncolour = \"red\""),
            "{edited}"
        );
        assert!(edited.contains("# default for the axis"), "comments stay");
        assert!(
            edited.contains("[[service.workload]]"),
            "what a draft does not hold stays"
        );
        let again = read(&edited).workspace.unwrap();
        assert!(again.environments[1].guard);
    }

    #[test]
    fn a_new_text_reads_back() {
        let text = new_text(&draft());
        let read = read(&text);
        assert_eq!(read.problems, vec![], "{text}");
        assert_eq!(crate::workspace_draft::of(&read.workspace.unwrap()), draft());
    }

    #[test]
    fn a_removed_service_goes_and_the_others_stay() {
        let mut changed = draft();
        changed.services.remove(0);
        let edited = apply_draft(WHOLE, &changed).unwrap();
        assert!(
            !edited.contains("payments.git") && edited.contains("name = \"identity\""),
            "{edited}"
        );
    }
}
