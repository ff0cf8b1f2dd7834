//! What the window says of a ledger that is hurt, locked away or not ours to open (faults 7 to 10).

use std::fs::{self, File};
use std::path::PathBuf;

use anyhow::{Context, Result};
use chrono::Utc;
use ledger::{Intent, Ledger, OpenRequest};
use serde_json::{Value, json};
use tests::desktop::{App, Home, Options};

/// A home whose ledger knows one workspace; closed, so that nothing is left in SQLite's log.
fn home_with_ledger() -> Result<Home> {
    let home = Home::new()?;
    open(&home)?.note_opened_workspace(&home.path().join("tidemark.toml"), "Harbor retail", Utc::now())?;
    Ok(home)
}

fn open(home: &Home) -> Result<Ledger> {
    let request = OpenRequest::new(home.data(), Utc::now(), [7; 32]);
    Ok(Ledger::open(&request)?.ledger)
}

fn file(home: &Home) -> PathBuf {
    home.data().join("ledger.db")
}

fn zero_the_header(home: &Home) -> Result<()> {
    let mut bytes = fs::read(file(home))?;
    bytes.get_mut(..100).context("a header")?.fill(0);
    Ok(fs::write(file(home), bytes)?)
}

/// How the window is told that the ledger is.
fn health(app: &App) -> Result<Value> {
    Ok(app_state(app)?["ledger"].clone())
}

fn app_state(app: &App) -> Result<Value> {
    app.told("app_state", &Value::Null)
}

#[test]
fn fault_7_a_read_only_folder_is_said_and_what_is_in_it_is_shown() -> Result<()> {
    let home = home_with_ledger()?;
    let app = App::start_in(home, &Options::plain().on_read_only_data())?;
    app.see("The ledger cannot be written. History is not kept, and rollbacks are off.")?;
    assert_eq!(
        app_state(&app)?["recent"][0]["name"],
        "Harbor retail",
        "its rows are there"
    );
    assert_eq!(health(&app)?["state"], "read-only");
    assert_eq!(health(&app)?["newestUnread"], false);
    assert!(
        File::create(app.home().data().join("probe")).is_ok(),
        "for the app alone"
    );
    assert!(
        !app.home().data().join("logs").exists(),
        "not even a log was written"
    );
    Ok(())
}

#[test]
fn fault_7_rows_that_a_read_only_folder_locks_away_are_said() -> Result<()> {
    let home = home_with_ledger()?;
    let ledger = open(&home)?;
    let kept = home.path().join("kept");
    ledger.note_opened_workspace(&home.path().join("other.toml"), "Written last", Utc::now())?;
    fs::copy(home.data().join("ledger.db-wal"), &kept)?;
    drop(ledger);
    fs::remove_file(file(&home))?;
    let _ = open(&home)?;
    fs::copy(kept, home.data().join("ledger.db-wal"))?;
    let app = App::start_in(home, &Options::plain().on_read_only_data())?;
    app.see("What was written last cannot be read here")?;
    assert_eq!(health(&app)?["newestUnread"], true);
    Ok(())
}

#[test]
fn fault_8_a_damaged_file_gives_way_to_its_backup_and_that_is_said() -> Result<()> {
    let home = home_with_ledger()?;
    open(&home)?.back_up_daily(Utc::now())?;
    zero_the_header(&home)?;
    let app = App::start_in(home, &Options::demo())?;
    app.timeline_is_there()?;
    let demo = health(&app)?;
    assert_eq!(demo["state"], "ok", "the demo has a ledger of its own");
    assert!(
        demo["path"].as_str().is_some_and(|path| path.contains("/demo/")),
        "{demo}"
    );
    app.told("workspace_close", &Value::Null)?;
    app.see("The ledger was damaged; the backup of")?;
    app.see("The damaged file is kept at")?;
    assert_eq!(
        app_state(&app)?["recent"][0]["name"],
        "Harbor retail",
        "its rows are there"
    );
    let own = health(&app)?;
    assert_eq!(own["state"], "recovered");
    let aside = own["setAside"].as_str().context("where it was set aside")?;
    assert!(fs::read(aside)?.starts_with(&[0; 100]), "as it was found");
    Ok(())
}

#[test]
fn fault_8_a_damaged_file_without_a_backup_is_begun_anew_and_that_is_said() -> Result<()> {
    let home = home_with_ledger()?;
    zero_the_header(&home)?;
    let app = App::start_in(home, &Options::plain())?;
    app.see("there was no whole backup; a new one was begun")?;
    app.see("The damaged file is kept at")?;
    assert_eq!(health(&app)?["state"], "begun-anew");
    Ok(())
}

#[test]
fn fault_9_operations_that_are_gone_are_said() -> Result<()> {
    let home = home_with_ledger()?;
    let before = fs::read(file(&home))?;
    open(&home)?.write_intent(&Intent {
        id: "one".into(),
        workspace: "harbor".into(),
        service: "checkout".into(),
        environment: "prod-eu".into(),
        workload: "uid-checkout".into(),
        content: json!({}),
        at: Utc::now(),
    })?;
    fs::write(file(&home), before)?;
    let app = App::start_in(home, &Options::plain())?;
    app.see("altered outside Tidemark, or part of it is missing")?;
    assert_eq!(health(&app)?["chainIntact"], false);
    Ok(())
}

#[test]
fn fault_10_a_ledger_of_a_newer_tidemark_is_refused_in_the_window_and_left_as_it_is() -> Result<()> {
    let home = home_with_ledger()?;
    rusqlite::Connection::open(file(&home))?.pragma_update(None, "user_version", 999)?;
    let before = fs::read(file(&home))?;
    let app = App::start_in(home, &Options::plain())?;
    app.see("Tidemark could not start")?;
    app.see("The ledger was made by a newer Tidemark")?;
    assert_eq!(
        app.ask("app_state", &Value::Null)?.err().as_deref(),
        Some("ledger-newer")
    );
    assert!(fs::read(file(app.home()))? == before, "the file is untouched");
    app.ask_to_close()?;
    app.wait_until_ended().map(|_| ())
}
