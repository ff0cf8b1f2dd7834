//! Edits the text of a workspace file: only what a draft changes moves; comments, order and unknown keys stay, also
//! of what is renamed, and what names it follows.

use std::time::Duration;

use domain::workspace::Environment;
use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, TomlError, Value, value};
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
    let environments: Vec<Name<'_>> = draft
        .environments
        .iter()
        .map(|environment| Name::new(environment.was.as_deref(), &environment.name))
        .collect();
    let tables = tables(root, "environment", &environments);
    for (table, environment) in tables.iter_mut().zip(&draft.environments) {
        set_environment(table, environment);
    }
    let services: Vec<Name<'_>> = draft
        .services
        .iter()
        .map(|service| Name::new(service.was.as_deref(), &service.name))
        .collect();
    let tables = self::tables(root, "service", &services);
    for (table, service) in tables.iter_mut().zip(&draft.services) {
        set_service(table, service, &services);
        rename_environments(table, &environments);
    }
    drop_empty(root, "environment");
    drop_empty(root, "service");
    Ok(document.to_string())
}

/// What something is called, and what it was called in the text before the edit, if it stood there.
#[derive(Clone, Copy)]
struct Name<'d> {
    was: Option<&'d str>,
    now: &'d str,
}

impl<'d> Name<'d> {
    fn new(was: Option<&'d str>, now: &'d str) -> Self {
        Self { was, now }
    }
}

/// What a name that stood in the text before the edit is now.
fn renamed<'n>(names: &[Name<'n>], old: &'n str) -> &'n str {
    let found = names.iter().find(|name| name.was == Some(old));
    found.map_or(old, |name| name.now)
}

/// One table for each name, in the order of the names: those that are there keep what stands in them.
fn tables<'t>(root: &'t mut Table, key: &str, names: &[Name<'_>]) -> &'t mut ArrayOfTables {
    let old = root
        .remove(key)
        .and_then(|item| item.into_array_of_tables().ok())
        .unwrap_or_default();
    let mut new = ArrayOfTables::new();
    for name in names {
        let stood = |table: &&Table| table.get("name").and_then(Item::as_str) == name.was;
        let kept = old.iter().find(stood).filter(|_| name.was.is_some());
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
    let namespaces: Vec<&str> = environment.namespaces.iter().map(String::as_str).collect();
    set_texts(table, "namespaces", &namespaces, true);
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

fn set_service(table: &mut Table, service: &DraftService, services: &[Name<'_>]) {
    let stood: Vec<String> = texts(table, "depends-on")
        .unwrap_or_default()
        .into_iter()
        .map(str::to_owned)
        .collect();
    // What a person has typed since speaks of the names as they are now.
    let depends_on: Vec<&str> = service
        .depends_on
        .iter()
        .map(|name| {
            if stood.contains(name) {
                renamed(services, name)
            } else {
                name
            }
        })
        .collect();
    set_text(table, "name", Some(&service.name));
    set_text(table, "team", service.team.as_deref());
    set_text(table, "repository", service.repository.as_deref());
    set_text(table, "path", service.path.as_deref());
    set_text(table, "tags", service.tags.as_deref());
    set_text(table, "container", service.container.as_deref());
    set_texts(table, "depends-on", &depends_on, false);
}

/// A draft knows nothing of a service's workloads; they name environments.
fn rename_environments(service: &mut Table, environments: &[Name<'_>]) {
    let workloads = service.get_mut("workload").and_then(Item::as_array_of_tables_mut);
    for workload in workloads.into_iter().flat_map(ArrayOfTables::iter_mut) {
        let old = workload.get("environment").and_then(Item::as_str);
        if let Some(old) = old.map(str::to_owned) {
            set_text(workload, "environment", Some(renamed(environments, &old)));
        }
    }
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

fn texts<'t>(table: &'t Table, key: &str) -> Option<Vec<&'t str>> {
    let array = table.get(key).and_then(Item::as_array)?;
    Some(array.iter().filter_map(Value::as_str).collect())
}

fn set_texts(table: &mut Table, key: &str, wanted: &[&str], keep_empty: bool) {
    if texts(table, key).as_deref() == Some(wanted) {
        return;
    }
    if wanted.is_empty() && !keep_empty {
        table.remove(key);
        return;
    }
    replace(table, key, wanted.iter().copied().collect::<Array>().into());
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

/// Replaces a value, keeping what stands around the old one: indent and comment.
fn replace(table: &mut Table, key: &str, mut new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
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
    fn a_renamed_service_keeps_what_stands_in_it_and_others_still_depend_on_it() {
        let text = WHOLE.replace(
            "name = \"identity\"",
            "name = \"identity\"  # who is who\ncolour = \"red\"",
        );
        let mut changed = draft();
        let identity = changed
            .services
            .iter_mut()
            .find(|one| one.name == "identity")
            .unwrap();
        identity.name = "people".to_owned();
        let edited = apply_draft(&text, &changed).unwrap();
        assert_eq!(
            edited,
            text.replace("\"identity\"", "\"people\""),
            "the name and every place that names it, and nothing else"
        );
        assert_eq!(
            read(&edited).workspace.unwrap().services.len(),
            changed.services.len()
        );
    }

    #[test]
    fn a_renamed_environment_keeps_what_stands_in_it_and_workloads_are_still_in_it() {
        let text = WHOLE.replace("name = \"prod-eu\"", "name = \"prod-eu\"  # Frankfurt");
        let mut changed = draft();
        assert_eq!(changed.environments[0].name, "prod-eu");
        changed.environments[0].name = "frankfurt".to_owned();
        let edited = apply_draft(&text, &changed).unwrap();
        assert_eq!(edited, text.replace("\"prod-eu\"", "\"frankfurt\""));
        assert_eq!(read(&edited).problems, read(&text).problems, "{edited}");
    }

    #[test]
    fn names_that_change_places_take_what_stands_under_them_along() {
        let text = "format = 1\nname = \"a\"\n[[service]]\nname = \"one\"\nteam = \"red\"\n\
                    [[service]]\nname = \"two\"\ndepends-on = [\"one\"]\n[[service.workload]]\nenvironment = \"p\"\nname = \"x\"\n\
                    [[environment]]\nname = \"p\"\ntier = \"staging\"\ncluster = \"c\"\nnamespaces = [\"n\"]\n";
        let mut changed = crate::workspace_draft::of(&read(text).workspace.unwrap());
        (changed.services[0].name, changed.services[1].name) = ("two".to_owned(), "one".to_owned());
        changed.environments[0].name = "q".to_owned();
        changed.services[0].depends_on = vec!["one".to_owned()];
        let edited = apply_draft(text, &changed).unwrap();
        let services = read(&edited).workspace.unwrap().services;
        let told: Vec<_> = services
            .iter()
            .map(|one| (one.name.as_str(), one.team.as_deref(), one.depends_on[0].as_str()))
            .collect();
        assert_eq!(told, [("two", Some("red"), "one"), ("one", None, "two")]);
        assert_eq!(services[1].workloads[0].environment.as_str(), "q");
    }

    #[test]
    fn a_new_service_does_not_take_over_what_stands_under_a_name_that_was_given_up() {
        let mut changed = draft();
        let new = DraftService {
            was: None,
            repository: None,
            ..changed.services[0].clone()
        };
        changed.services[0].name = "money".to_owned();
        changed.services.push(new);
        let edited = apply_draft(WHOLE, &changed).unwrap();
        let services = read(&edited).workspace.unwrap().services;
        assert_eq!(services[0].workloads.len(), draft_workloads());
        assert_eq!(services.last().unwrap().workloads.len(), 0, "{edited}");
    }

    fn draft_workloads() -> usize {
        read(WHOLE).workspace.unwrap().services[0].workloads.len()
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
