//! The other screens over the demo world: environments, compare, notes, settings, palette, drawer.

use anyhow::Result;

use super::demo;
use crate::desktop::shots::Camera;
use crate::desktop::{App, Home, SHEET};

pub(super) fn go(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let app = demo(home, 2)?;
    environments(&app, camera)?;
    compare(&app, camera)?;
    notes(&app, camera)?;
    app.press("Control+5")?;
    app.see("No operation")?;
    camera.take(&app, "operations-empty")?;
    settings(&app, camera)?;
    palette(&app, camera)?;
    drawer(&app, camera)?;
    app.complaints()
}

fn environments(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("Control+2")?;
    app.see("recommendations")?;
    camera.take(app, "environments")
}

fn compare(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("Control+3")?;
    app.find("main h2")?;
    camera.take(app, "compare-choose")?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.press("c")?;
    let tabs = [
        "compare",
        "compare-commits",
        "compare-files",
        "compare-manifests",
        "compare-configuration",
        "compare-notes",
    ];
    app.find("[role=tab]")?;
    for (at, name) in tabs.into_iter().enumerate() {
        app.find_all("[role=tab]")?[at].click()?;
        camera.take(app, name)?;
    }
    Ok(())
}

fn notes(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("Control+4")?;
    app.find("[role=option]")?;
    camera.take(app, "notes-choose")?;
    app.find_all("[role=option]")?[1].click()?;
    app.find("main textarea")?;
    for (mode, name) in [
        ("Write", "notes-write"),
        ("Read", "notes-preview"),
        ("Both", "notes"),
    ] {
        app.element_with("main [role=radio]", mode)?.click()?;
        camera.take(app, name)?;
    }
    app.find("main aside input")?.fill("voucher")?;
    app.until("the notes to be searched", || {
        Ok(!app.find_all("mark")?.is_empty())
    })?;
    camera.take(app, "notes-search")?;
    app.find("main aside input")?.fill("nothing is written so")?;
    app.until("no note to be found", || {
        Ok(app.find_all("main aside [role=option]")?.is_empty())
    })?;
    camera.take(app, "notes-search-empty")?;
    app.find("main aside input")?.fill("")?;
    app.find("main aside button:has(svg.lucide-plus)")?.click()?;
    app.find("[role=dialog]")?;
    camera.take(app, "notes-new")?;
    app.press("Escape")
}

/// Every section: the page is longer than the window.
fn settings(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("Control+,")?;
    app.find("[role=switch], input[type=checkbox]")?;
    let count = app.find_all("main section[aria-label]")?.len();
    for (name, section) in [
        ("settings", 0),
        ("settings-data", count / 2),
        ("settings-about", count - 1),
    ] {
        let body = "document.querySelectorAll('main section[aria-label]')[arguments[0]].scrollIntoView({ block: 'start' })";
        app.script(body, &[section.into()])?;
        camera.take(app, name)?;
    }
    app.press("Control+1")?;
    app.timeline_is_there()
}

fn palette(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("?")?;
    app.find(SHEET)?;
    camera.take(app, "keys")?;
    app.press("Escape")?;
    app.press("Control+k")?;
    app.find("[role=dialog] input")?;
    camera.take(app, "palette-empty")?;
    app.write("roll pay")?;
    app.element_with("[role=dialog] [role=option]", "payments")?;
    camera.take(app, "palette")?;
    app.find("[role=dialog] input")?.fill("1.41")?;
    app.element_with("[role=dialog] [role=option]", "1.41")?;
    camera.take(app, "palette-versions")?;
    app.find("[role=dialog] input")?.fill("nothing is called so")?;
    app.until("nothing to be found", || {
        Ok(app.find_all("[role=dialog] [role=option]")?.is_empty())
    })?;
    camera.take(app, "palette-nothing")?;
    app.press("Escape")?;
    app.press("Escape")
}

/// The cluster's own view: pods, log lines, events, YAML.
fn drawer(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    app.find("[data-open-cluster], button:has(svg.lucide-external-link)")?
        .click()?;
    app.find("[role=dialog] [role=tab]")?;
    for (at, name) in ["pods", "logs", "events", "yaml"].into_iter().enumerate() {
        app.find_all("[role=dialog] [role=tab]")?[at].click()?;
        camera.take(app, &format!("drawer-{name}"))?;
    }
    Ok(())
}
