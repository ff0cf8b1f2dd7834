//! What goes wrong while the app looks: the same services as the demo's, in clusters that the tour can slow down,
//! change behind the app's back, and cut off.

use std::time::Duration;

use anyhow::Result;
use demo::cluster::{Aim, Fault, Options as ClusterOptions, Times};
use serde_json::json;

use super::start;
use crate::desktop::shots::Camera;
use crate::desktop::{App, Home, SHEET, ServedWorld};

const EU: &str = "eu-west-1";

pub(super) fn go(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let world = ServedWorld::open(&home, &ClusterOptions::lifelike())?;
    let app = start(home, &world.options())?;
    world.bind(&app)?;
    planning(&app, &world, camera)?;
    plain(&app, camera)?;
    superseded(&app, &world, camera)?;
    inconclusive(&app, &world, camera)?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    offline(&app, &world, camera)?;
    app.complaints()
}

/// The cluster takes its time to answer.
fn planning(app: &App, world: &ServedWorld, camera: &mut Camera<'_>) -> Result<()> {
    let faults = world.cluster(EU)?.faults();
    faults.push(
        Aim::at("GET", "/deployments/checkout"),
        Fault::Delay(Duration::from_secs(12)),
        Times::Always,
    );
    app.open_rollback_of("checkout", "prod-eu")?;
    app.find(SHEET)?;
    camera.take(app, "rollback-planning")?;
    faults.clear();
    app.press("Escape")?;
    app.until("the sheet to be closed", || Ok(app.find_all(SHEET)?.is_empty()))
}

/// Not guarded, not production: a button.
fn plain(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.open_rollback_of("inventory", "staging")?;
    app.sheet_is_planned()?;
    camera.take(app, "rollback-staging")?;
    app.press("Escape")?;
    app.until("the sheet to be closed", || Ok(app.find_all(SHEET)?.is_empty()))
}

fn begin(app: &App, service: &str) -> Result<()> {
    app.open_rollback_of(service, "prod-us")?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name("Errors at the payment step, incident 320", service)?;
    app.hold_to_roll_back()
}

/// Somebody else sets another image while it is being followed.
fn superseded(app: &App, world: &ServedWorld, camera: &mut Camera<'_>) -> Result<()> {
    begin(app, "pricing")?;
    app.until_within(Duration::from_secs(60), "the rollout", || {
        let state = app.newest_operation()?["state"].clone();
        Ok(state == "rolling-out" || state == "verifying")
    })?;
    let image = json!({ "name": "pricing", "image": "money/pricing:0.49.0" });
    world.change(
        "us-east-1",
        "money-us",
        "pricing",
        &json!({ "spec": { "template": { "spec": { "containers": [image] } } } }),
    )?;
    app.operation_is("superseded")?;
    app.find(&format!("{SHEET} [data-tone]"))?;
    camera.take(app, "rollback-superseded")?;
    app.press("Escape")
}

/// The cluster stops answering while the rollback is being verified.
fn inconclusive(app: &App, world: &ServedWorld, camera: &mut Camera<'_>) -> Result<()> {
    begin(app, "search")?;
    app.until_within(Duration::from_secs(180), "the rollout", || {
        Ok(app.newest_operation()?["state"] == "verifying")
    })?;
    let refuse = Fault::Refuse {
        status: 503,
        retry_after: None,
    };
    let faults = world.cluster("us-east-1")?.faults();
    faults.push(Aim::lists(""), refuse, Times::Always);
    app.operation_has("verdict", "inconclusive")?;
    app.find(&format!("{SHEET} [data-tone]"))?;
    camera.take(app, "rollback-inconclusive")?;
    faults.clear();
    app.press("Escape")
}

/// One of three clusters goes away: what was last seen is hatched from there on, and writing is off.
fn offline(app: &App, world: &ServedWorld, camera: &mut Camera<'_>) -> Result<()> {
    app.open_failure_by_keys()?;
    world.cut(EU)?;
    app.see("no longer answers")?;
    camera.take(app, "offline")?;
    app.press("Control+2")?;
    app.see("recommendations")?;
    camera.take(app, "environments-offline")?;
    app.open_rollback_of("checkout", "prod-eu")?;
    app.find(&format!("{SHEET} [role=alert], {SHEET} [data-phase]"))?;
    camera.take(app, "rollback-offline")?;
    app.press("Escape")?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.told("read_only_set", &json!({ "on": true }))?;
    camera.take(app, "read-only")
}
