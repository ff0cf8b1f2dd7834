//! The main job: from the welcome screen to "rolled back and verified", by mouse, and again by keyboard alone.

use anyhow::Result;
use tests::desktop::{App, Options, Role, SHEET};

/// The demo opens from the welcome screen and runs faster than life.
fn welcome() -> Options {
    let mut options = Options::plain();
    options.arguments.extend(["--demo-speed".into(), "4".into()]);
    options
}

/// What stands in the window, in the ledger and in the cluster when it is done.
fn it_is_rolled_back(app: &App) -> Result<()> {
    app.operation_is("verified")?;
    app.see("Good: payments runs 1.41.2 again in prod-eu")?;
    let operation = app.newest_operation()?;
    assert_eq!(operation["verdict"], "good");
    assert_eq!(
        operation["reason"], "Pods never became ready",
        "the reason is kept with it"
    );
    let request = serde_json::json!({ "service": "payments", "environment": "prod-eu" });
    let object = app.told("cluster_object", &request)?;
    let yaml = object["yaml"].as_str().unwrap_or_default();
    assert!(
        yaml.contains("image: money/payments:1.41.2"),
        "the cluster has the old image: {yaml}"
    );
    assert_eq!(object["ready"], object["replicas"], "all pods answer");
    let matrix = app.told("matrix", &serde_json::json!({ "reference": "prod-eu" }))?;
    let rows = matrix["rows"].as_array().into_iter().flatten();
    let row = rows
        .filter(|row| row["service"] == "payments")
        .flat_map(|row| row["cells"].as_array().cloned());
    let cell = row.flatten().find(|cell| cell["environment"] == "prod-eu");
    assert_eq!(
        cell.map(|cell| (cell["version"].clone(), cell["rolledBack"].clone())),
        Some(("1.41.2".into(), true.into())),
        "the matrix shows it as taken back"
    );
    assert_eq!(app.complaints()?, [""; 0], "the page has not complained");
    Ok(())
}

#[test]
fn a_failed_version_is_taken_back_by_mouse() -> Result<()> {
    let app = App::start(&welcome())?;
    app.by_role(Role::Button, "Open the demo")?.click()?;
    app.timeline_is_there()?;
    let failed = app.place_of_bar("1.42.0, deployment failed, prod-eu")?;
    app.press_at(failed, std::time::Duration::ZERO)?;
    app.button_with("Roll back to 1.41.2")?.click()?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name("Pods never became ready", "payments")?;
    app.hold_to_roll_back()?;
    it_is_rolled_back(&app)
}

#[test]
fn a_failed_version_is_taken_back_by_keyboard_alone() -> Result<()> {
    let app = App::start(&welcome())?;
    app.by_role(Role::Button, "Open the demo")?;
    app.tab_to_button("Open the demo")?;
    app.press("Enter")?;
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    app.open_sheet_by_key()?;
    let box_left = format!("{SHEET} input[type=checkbox]:not(:checked)");
    while !app.find_all(&box_left)?.is_empty() {
        app.tab_to("input[type=checkbox]:not(:checked)")?;
        app.press("Space")?;
    }
    app.tab_to("input:not([type=checkbox])")?;
    app.write("Pods never became ready")?;
    app.press("Tab")?;
    app.write("payments")?;
    app.press_twice_to_roll_back()?;
    it_is_rolled_back(&app)
}

#[test]
fn three_seconds_are_left_to_stop_it() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    app.open_sheet_by_key()?;
    app.tick_all()?;
    app.give_reason_and_name("Thought better of it", "payments")?;
    app.hold_to_roll_back()?;
    app.find(&format!("{SHEET} button:has(svg.lucide-square)"))?;
    app.press("Escape")?;
    app.see("Stopped: nothing was sent")?;
    let request = serde_json::json!({ "service": "payments", "environment": "prod-eu" });
    let object = app.told("cluster_object", &request)?;
    let yaml = object["yaml"].as_str().unwrap_or_default();
    assert!(yaml.contains("image: money/payments:1.42.0"), "nothing was sent");
    Ok(())
}
