//! What is kept over a restart, and over the end of the power.

use anyhow::Result;
use serde_json::json;
use tests::desktop::{App, Home, Options, ServedWorld};

use super::{repository, working};

const TYPED: &str = "typed just before the power went";

/// A team's workspace with one repository; nothing of it is made anew at a start.
fn home_with_workspace() -> Result<(Home, Options)> {
    let home = Home::new()?;
    let file = home.path().join("tidemark.toml");
    let text = "format = 1\nname = \"Shop\"\n[[environment]]\nname = \"prod\"\ntier = \"production\"\n\
        cluster = \"one\"\nnamespaces = [\"shop\"]\n[[service]]\nname = \"shop\"\n\
        repository = \"https://git.example/shop.git\"\n";
    std::fs::write(&file, text)?;
    let clone = home.path().join("shop");
    repository::make(&clone, &[("v1.0.0", "feat: take orders")])?;
    let options = Options::workspace(&file);
    Ok((home, options))
}

#[test]
fn a_note_survives_the_death_of_the_app() -> Result<()> {
    let (home, options) = home_with_workspace()?;
    let clone = home.path().join("shop");
    let app = App::start_in(home, &options)?;
    app.see("Shop")?;
    app.told(
        "repository_bind",
        &json!({ "repository": "https://git.example/shop.git", "clone": clone }),
    )?;
    app.press("Control+4")?;
    app.button_with("Write a note")?.click()?;
    app.element_with("[role=dialog] button", "Choose")?.click()?;
    app.element_with("[role=option]", "1.0.0")?.click()?;
    app.element_with("[role=dialog] button", "Write")?.click()?;
    app.find("main textarea")?.click()?;
    app.press("Control+End")?;
    app.write(TYPED)?;
    let request = json!({ "service": "shop", "version": "1.0.0" });
    app.until("the last letters to be kept", || {
        let note = app.told("note_get", &request)?;
        Ok(note["markdown"].as_str().is_some_and(|text| text.contains(TYPED)))
    })?;
    let home = app.kill()?;
    let app = App::start_in(home, &options)?;
    app.see("Shop")?;
    app.press("Control+4")?;
    app.element_with("[role=option]", "1.0.0")?.click()?;
    let field = app.find("main textarea")?;
    app.until("the text to be back", || {
        let text = app.script("return arguments[0].value", &[field.as_argument()])?;
        Ok(text.as_str().is_some_and(|text| text.contains(TYPED)))
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
            .is_some_and(|value| value.contains(r#""text":"check""#)))
    })?;
    let home = app.stop()?;
    let app = App::start_in(home, &Options::demo())?;
    app.timeline_is_there()?;
    app.until("the zoom to be back", || {
        Ok(app.script("return innerWidth", &[])? == width)
    })?;
    let filter = app.find("main input")?;
    app.until("the filter to stand where it stood", || {
        Ok(app.script("return arguments[0].value", &[filter.as_argument()])? == "check")
    })?;
    assert!(
        app.find_all("[role=gridcell][aria-label^=\"1.42.0\"]")?
            .is_empty(),
        "and filters"
    );
    Ok(())
}

#[test]
fn the_window_comes_back_at_its_size() -> Result<()> {
    let options = Options::demo().sized(1600, 1000);
    let app = App::start(&options)?;
    app.timeline_is_there()?;
    app.resize((1111, 777), 100)?;
    app.ask_to_close()?;
    let home = app.wait_until_ended()?;
    let app = App::start_in(home, &options.at_its_own_size())?;
    app.until("the window to be as large as it was", || {
        Ok(app.script("return [innerWidth, innerHeight]", &[])? == json!([1111, 777]))
    })
}

#[test]
fn the_window_of_a_larger_screen_comes_back_no_larger_than_this_one() -> Result<()> {
    let app = App::start(&Options::plain().sized(1600, 1000))?;
    app.find("#root > *")?;
    app.ask_to_close()?;
    let home = app.wait_until_ended()?;
    let app = App::start_in(home, &Options::plain().sized(1100, 700).at_its_own_size())?;
    app.until("the window to fit the screen", || {
        Ok(app.script("return [innerWidth, innerHeight]", &[])? == json!([1100, 700]))
    })
}

#[test]
fn an_operation_is_told_truthfully_after_the_death_of_the_app() -> Result<()> {
    let home = Home::new()?;
    let world = ServedWorld::open(&home, &demo::cluster::Options::lifelike())?;
    let app = App::start_in(home, &world.options())?;
    world.bind(&app)?;
    working::begin(&app, "search", "prod-us")?;
    app.operation_is("rolling-out")?;
    let begun = app.newest_operation()?;
    let home = app.kill()?;
    let faults = world.cluster("us-east-1")?.faults();
    faults.record();
    let app = App::start_in(home, &world.options())?;
    app.timeline_is_there()?;
    app.press("Control+5")?;
    app.until_within(
        std::time::Duration::from_secs(90),
        "the operation to be settled",
        || {
            let operation = app.newest_operation()?;
            assert_eq!(operation["id"], begun["id"], "there is no other operation");
            Ok(operation["state"] == "verified")
        },
    )?;
    app.see(begun["toVersion"].as_str().unwrap_or("no version"))?;
    let written: Vec<_> = faults
        .seen()
        .into_iter()
        .filter(|seen| seen.method == "PATCH" && !seen.query.contains("dryRun"))
        .collect();
    let image = "shop/search:";
    let object = app.told(
        "cluster_object",
        &json!({ "service": "search", "environment": "prod-us" }),
    )?;
    let yaml = object["yaml"].as_str().unwrap_or_default();
    let version = begun["toVersion"].as_str().unwrap_or("no version");
    assert!(
        yaml.contains(&format!("{image}{version}")),
        "what was sent has arrived: {yaml}"
    );
    assert!(
        written.len() <= 1,
        "at most our entry in managedFields is dropped; nothing is sent again: {written:?}"
    );
    Ok(())
}
