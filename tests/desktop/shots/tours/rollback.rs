//! The main job on the demo: from the checks to the verdict, its opposite, and what Argo CD forbids.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::demo;
use crate::desktop::shots::Camera;
use crate::desktop::{App, Home, Point, SHEET};

const REASON: &str = "Errors at payment step since 2.4.1, incident 318";

pub(super) fn go(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let app = demo(home, 1)?;
    ready(&app, camera)?;
    holding(&app, camera)?;
    countdown(&app, camera)?;
    running(&app, camera)?;
    restore(&app, camera)?;
    operations(&app, camera)?;
    app.complaints()
}

/// With checks to acknowledge and a name to type, and then with all of it given.
fn ready(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.open_rollback_of("checkout", "prod-eu")?;
    app.sheet_is_planned()?;
    camera.take(app, "rollback-warnings")?;
    app.tick_all()?;
    camera.take(app, "rollback-guarded")?;
    app.give_reason_and_name(REASON, "checkout")?;
    app.gesture()?;
    camera.take(app, "rollback-ready")?;
    app.button_with("Whole manifest")?.click()?;
    camera.take(app, "rollback-manifest")?;
    app.press("Escape")?;
    app.until("the sheet to be closed", || Ok(app.find_all(SHEET)?.is_empty()))
}

/// The sheet with all that it asks for, whatever lay over the window before.
fn fill(app: &App) -> Result<()> {
    close(app)?;
    app.open_rollback_of("checkout", "prod-eu")?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name(REASON, "checkout")?;
    app.gesture().map(|_| ())
}

/// Escape stops a countdown, and closes a sheet.
fn close(app: &App) -> Result<()> {
    app.until("the sheet to be closed", || {
        let open = !app.find_all(SHEET)?.is_empty();
        if open {
            app.press("Escape")?;
        }
        Ok(!open)
    })
}

/// The phase of the gesture's button, where there is one.
fn phase(app: &App) -> Result<Option<String>> {
    match app.find_all(&format!("{SHEET} button[data-phase]"))?.first() {
        Some(button) => button.attribute("data-phase"),
        None => Ok(None),
    }
}

/// The button held, for less than it asks.
fn holding(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    camera.take_each(
        app,
        "rollback-holding",
        Duration::from_millis(850),
        || {
            fill(app)?;
            let middle = app.gesture()?.middle()?;
            app.press_and_hold_at(middle)
        },
        || {
            app.let_go_at(Point { x: 300.0, y: 60.0 })?;
            let was_held = phase(app)?.is_some();
            close(app)?;
            ensure!(was_held, "the hold was over");
            Ok(())
        },
    )
}

/// Three seconds, stopped each time: nothing is sent.
fn countdown(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    camera.take_each(
        app,
        "rollback-countdown",
        Duration::from_millis(1200),
        || {
            fill(app)?;
            app.hold_to_roll_back()?;
            app.countdown()
        },
        || {
            app.press("Escape")?;
            app.find(&format!("{SHEET} [data-tone]"))?;
            ensure!(
                app.newest_operation()?["state"] != "verified",
                "it was stopped in time"
            );
            Ok(())
        },
    )?;
    camera.take(app, "rollback-stopped")?;
    fill(app)
}

fn running(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.hold_to_roll_back()?;
    app.until("a pod of the target to answer", || {
        let operation = app.newest_operation()?;
        Ok(operation["state"] == "rolling-out" && operation["ready"].as_u64().unwrap_or(0) > 0)
    })?;
    camera.take(app, "rollback-running")?;
    app.operation_is("verifying")?;
    camera.take(app, "rollback-verifying")?;
    app.operation_is("verified")?;
    app.find(&format!("{SHEET} [data-tone=good]"))?;
    camera.take(app, "rollback-done")?;
    app.press("Escape")
}

/// What failed is taken back, and put back: it fails again, and the verdict is bad.
fn restore(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    const NAME: &str = "payments";
    app.open_rollback_of(NAME, "prod-eu")?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name("Pods never became ready, incident 319", NAME)?;
    app.hold_to_roll_back()?;
    app.until_within(Duration::from_secs(120), "payments to be verified", || {
        let operation = app.newest_operation()?;
        Ok(operation["service"] == NAME && operation["state"] == "verified")
    })?;
    app.element_with("[role=dialog] button", "1.42.0")?.click()?;
    app.sheet_is_planned()?;
    camera.take(app, "rollback-undo")?;
    app.tick_all()?;
    app.give_reason_and_name("To see whether the registry has it now", NAME)?;
    app.hold_to_roll_back()?;
    app.until("a pod to hang", || {
        let pods = app.newest_operation()?["pods"].clone();
        let pods = pods.as_array().context("no pods")?.clone();
        Ok(pods
            .iter()
            .any(|pod| !pod["reason"].is_null() && pod["reason"] != ""))
    })?;
    camera.take(app, "rollback-hanging")?;
    app.operation_has("verdict", "bad")?;
    app.find(&format!("{SHEET} [data-tone=bad]"))?;
    camera.take(app, "rollback-done-bad")?;
    app.press("Escape")
}

fn operations(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("Control+5")?;
    app.see("2.3.7")?;
    camera.take(app, "operations")?;
    app.press("Control+2")?;
    app.see("recommendations")?;
    camera.take(app, "environments-after-rollback")?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.press("Escape")?;
    camera.take(app, "timeline-after-rollback")
}

/// Argo CD would put it back.
pub(super) fn blocked(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let app = demo(home, 2)?;
    app.open_rollback_of("gateway", "prod-eu")?;
    app.find(&format!("{SHEET} section[role=alert]"))?;
    camera.take(&app, "rollback-blocked")?;
    app.complaints()
}
