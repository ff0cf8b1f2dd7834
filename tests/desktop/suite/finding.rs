//! Found by what a person has in hand: a version, a commit; and taken along as text.

use std::process::Command;

use anyhow::Result;
use tests::desktop::{App, Home, ServedWorld};

fn served() -> Result<(App, ServedWorld)> {
    let home = Home::new()?;
    let world = ServedWorld::open(&home, &demo::cluster::Options::quick())?;
    let app = App::start_in(home, &world.options())?;
    world.bind(&app)?;
    Ok((app, world))
}

/// Types into the palette and waits for a line that names the service and its version.
fn finds(app: &App, typed: &str, service: &str, version: &str) -> Result<()> {
    app.press("Control+k")?;
    app.find("[role=dialog] input")?.fill(typed)?;
    app.until(&format!("{service} {version} to be found by {typed}"), || {
        for line in app.find_all("[role=dialog] [role=option]")? {
            let text = line.text()?;
            if text.contains(service) && text.contains(version) {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    app.press("Escape")?;
    app.until("the palette to be closed", || {
        Ok(app.find_all("[role=dialog]")?.is_empty())
    })
}

#[test]
fn versions_are_found_by_number_and_commit() -> Result<()> {
    let (app, world) = served()?;
    finds(&app, "1.41.2", "payments", "1.41.2")?;
    let commit = Command::new("git")
        .arg("-C")
        .arg(world.repository("payments")?)
        .args(["rev-parse", "v1.41.2^{commit}"])
        .output()?;
    let commit = String::from_utf8(commit.stdout)?;
    finds(&app, &commit.trim()[..10], "payments", "1.41.2")
}

#[test]
fn a_report_is_taken_along_as_text() -> Result<()> {
    let (app, _world) = served()?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to")?;
    app.press("c")?;
    app.find("[role=tab]")?;
    app.element_with("button", "Copy report")?.click()?;
    app.see("Copied")?;
    app.press("Control+4")?;
    app.find("main aside input")?.click()?;
    app.press("Control+v")?;
    app.until("the report to be pasted", || {
        let text = app.script("return document.activeElement.value", &[])?;
        let text = text.as_str().unwrap_or_default();
        Ok(text.contains("payments 1.42.0") && text.contains("Features"))
    })
}
