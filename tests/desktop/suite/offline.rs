//! A cluster goes away while the app looks.

use anyhow::Result;
use serde_json::json;
use tests::desktop::{App, Home, Options, ServedWorld};

#[test]
fn a_cluster_that_went_away_is_said_and_writing_is_off_there_alone() -> Result<()> {
    let home = Home::new()?;
    let world = ServedWorld::open(&home, &demo::cluster::Options::quick())?;
    let app = App::start_in(home, &world.options())?;
    world.bind(&app)?;
    app.open_failure_by_keys()?;
    let button = app.button_with("Roll back to")?;
    app.until("the button to be on", || button.is_enabled())?;
    world.cut("eu-west-1")?;
    app.see("eu-west-1 no longer answers")?;
    app.until("the button to be off", || Ok(!button.is_enabled()?))?;
    let bar = app.find("[role=gridcell][aria-label^=\"1.42.0\"]")?;
    assert!(
        bar.attribute("aria-label")?
            .is_some_and(|name| name.contains("prod-eu")),
        "what was last seen stays"
    );
    let matrix = app.told("matrix", &json!({ "reference": null }))?;
    let rows = matrix["rows"].as_array().into_iter().flatten();
    for cell in rows.filter_map(|row| row["cells"].as_array()).flatten() {
        if !cell["version"].is_null() {
            assert_eq!(
                cell["stale"],
                cell["environment"] == "prod-eu",
                "only there: {cell}"
            );
        }
    }
    let plan = |environment: &str| {
        let target =
            json!({ "service": "checkout", "environment": environment, "target": { "kind": "previous" } });
        app.ask("rollback_plan", &target)
    };
    assert_eq!(
        plan("prod-eu")?.err().as_deref(),
        Some("cluster-unreachable"),
        "the backend refuses too"
    );
    assert!(plan("staging")?.is_ok(), "the other clusters are as they were");
    assert_eq!(app.complaints()?, [""; 0]);
    Ok(())
}

#[test]
fn a_cluster_that_never_answered_leaves_the_rest_usable() -> Result<()> {
    let home = Home::new()?;
    let world = ServedWorld::open(&home, &demo::cluster::Options::quick())?;
    world.cut("us-east-1")?;
    let options: Options = world.options();
    let app = App::start_in(home, &options)?;
    world.bind(&app)?;
    app.see("us-east-1 does not answer")?;
    app.bar("1.42.0, deployment failed, prod-eu")?;
    app.press("Control+2")?;
    app.see("recommendations").map(|_| ())
}
