//! What is kept over a restart, and over the end of the power.

use anyhow::Result;
use serde_json::json;
use tests::desktop::{App, Options};

fn open_note(app: &App) -> Result<()> {
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    app.press("n")?;
    app.see("payments 1.42.0").or_else(|_| app.see("1.42.0"))
}

#[test]
fn a_note_survives_the_death_of_the_app() -> Result<()> {
    let app = App::start(&Options::demo())?;
    open_note(&app)?;
    app.button_with("Back to draft")?.click()?;
    let field = app.find("main textarea")?;
    app.until("the note to be open for writing", || {
        Ok(field.attribute("readonly")?.is_none())
    })?;
    field.click()?;
    app.press("Control+End")?;
    app.write("typed just before the power went")?;
    let request = json!({ "service": "payments", "version": "1.42.0" });
    app.until("the last letters to be kept", || {
        let note = app.told("note_get", &request)?;
        Ok(note["markdown"]
            .as_str()
            .is_some_and(|text| text.contains("the power went")))
    })?;
    let home = app.kill()?;
    let app = App::start_in(home, &Options::demo())?;
    open_note(&app)?;
    let field = app.find("main textarea")?;
    app.until("the text to be back", || {
        let text = app.script("return arguments[0].value", &[field.as_argument()])?;
        Ok(text
            .as_str()
            .is_some_and(|text| text.contains("typed just before the power went")))
    })
}

#[test]
fn zoom_and_filters_come_back_with_the_next_start() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    app.press("Control+=")?;
    app.until("the settings to be kept", || {
        let zoom = app.told("app_state", &json!(null))?["settings"]["zoom"].as_f64();
        Ok(zoom.is_some_and(|zoom| zoom > 1.0))
    })?;
    app.press("/")?;
    app.write("check")?;
    app.until("only one service to be left", || {
        Ok(app
            .find_all("[role=gridcell][aria-label^=\"1.42.0\"]")?
            .is_empty())
    })?;
    let width = app.script("return innerWidth", &[])?;
    app.until("the filter to be kept", || {
        let kept = app.told("view_get", &json!({ "name": "timeline.memory" }))?;
        Ok(kept["value"]
            .as_str()
            .is_some_and(|value| value.contains("check")))
    })?;
    let home = app.stop()?;
    let app = App::start_in(home, &Options::demo())?;
    app.timeline_is_there()?;
    app.until("the zoom to be back", || {
        Ok(app.script("return innerWidth", &[])? == width)
    })?;
    let filter = app.find("main input")?;
    let text = app.script("return arguments[0].value", &[filter.as_argument()])?;
    assert_eq!(text, "check", "the filter stands where it stood");
    assert!(
        app.find_all("[role=gridcell][aria-label^=\"1.42.0\"]")?
            .is_empty(),
        "and filters"
    );
    Ok(())
}
