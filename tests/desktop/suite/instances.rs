//! One instance for one person.

use anyhow::Result;
use tests::desktop::{App, Options, SHEET};

use super::working;

#[test]
fn a_second_start_ends_and_leaves_the_first_as_it_is() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    let second = app.start_again(&["--demo"])?;
    assert!(second.success(), "it ends quietly: {second}");
    app.bar("1.42.0, deployment failed, prod-eu")?;
    let started = app.home().app_log()?.matches("started").count();
    assert_eq!(started, 1, "only the first has opened the data folder");
    Ok(())
}

#[test]
fn a_second_start_brings_a_hidden_window_back() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    working::begin(&app, "payments", "prod-eu")?;
    app.operation_is("rolling-out")?;
    app.ask_to_close()?;
    app.until("the window to be hidden", || Ok(!app.is_on_display()?))?;
    let second = app.start_again(&["--demo"])?;
    assert!(second.success(), "it ends quietly: {second}");
    app.until("the window to be back", || app.is_on_display())?;
    app.operation_is("verified")?;
    app.find(&format!("{SHEET} [data-tone=good]"))?;
    Ok(())
}

#[test]
fn a_second_start_opens_the_workspace_that_it_names() -> Result<()> {
    let app = App::start(&Options::plain())?;
    app.see("Open the demo")?;
    let file = app.home().path().join("tidemark.toml");
    std::fs::write(
        &file,
        "format = 1\nname = \"Orchard\"\n\n[[service]]\nname = \"apples\"\n",
    )?;
    let second = app.start_again(&["--workspace", &file.display().to_string()])?;
    assert!(second.success(), "it ends quietly: {second}");
    app.see("Orchard")?;
    std::fs::write(&file, "format = 1\nname =")?;
    app.start_again(&["--workspace", &file.display().to_string()])?;
    app.see("cannot be read as TOML")
}

#[test]
fn a_closed_window_lets_its_operation_end_and_then_the_program() -> Result<()> {
    let mut options = Options::demo();
    options.arguments.extend(["--demo-speed".into(), "4".into()]);
    let app = App::start(&options)?;
    app.timeline_is_there()?;
    let process = app.process()?;
    working::begin(&app, "payments", "prod-eu")?;
    app.operation_is("rolling-out")?;
    app.ask_to_close()?;
    app.until("the window to be hidden", || Ok(!app.is_on_display()?))?;
    let runs = || std::path::Path::new(&format!("/proc/{process}/exe")).exists();
    assert!(runs(), "the operation is not abandoned");
    app.until_within(std::time::Duration::from_secs(90), "the program to end", || {
        Ok(!runs())
    })?;
    let log = app.home().app_log()?;
    assert!(!log.contains("panicked"), "it ends well: {log}");
    Ok(())
}
