//! The timeline: what is selected, pinned, filtered, shown as a table.

use std::time::Duration;

use anyhow::Result;
use chrono::{TimeDelta, Utc};

use super::demo;
use crate::desktop::shots::Camera;
use crate::desktop::{App, Home};

pub(super) fn go(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let app = demo(home, 2)?;
    camera.take(&app, "timeline-plain")?;
    hover(&app, camera)?;
    pinned(&app, camera)?;
    others(&app, camera)?;
    pair(&app, camera)?;
    views(&app, camera)?;
    app.complaints()
}

fn hover(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    // Where a lane lies depends on the size of the window, so the pointer goes there for each look.
    camera.take_each(
        app,
        "timeline-hover",
        Duration::from_millis(400),
        || {
            let bar = app.find("[role=gridcell][aria-label^=\"2.3.7\"]")?.middle()?;
            app.hover(bar)?;
            app.find("canvas").map(|_| ())
        },
        || Ok(()),
    )
}

/// A failure with its details, and what ran at a moment before it: the picture of the design.
fn pinned(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    camera.take(app, "timeline-inspector")?;
    app.press("Escape")?;
    app.pin_moment(&hours_ago(6))?;
    camera.take(app, "timeline-pinned")?;
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    camera.take(app, "timeline")?;
    app.press("Escape")?;
    app.press("Escape")
}

/// As the field of the moment writes it, in UTC.
fn hours_ago(hours: i64) -> String {
    let moment = Utc::now() - TimeDelta::hours(hours);
    moment.format("%Y-%m-%d %H:%M").to_string()
}

/// Other versions to go back to, the chosen period, and the exact range.
fn others(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    app.find("aside button:has(svg.lucide-chevron-down)")?.click()?;
    app.find("[role=menuitem]")?;
    camera.take(app, "timeline-other-targets")?;
    app.press("Escape")?;
    app.press("Escape")?;
    app.find("button:has(svg.lucide-calendar)")?.click()?;
    app.find("[role=menuitemradio]")?;
    camera.take(app, "timeline-period")?;
    app.press("Escape")?;
    app.find("button:has(svg.lucide-server)")?.click()?;
    app.find("[role=menuitemcheckbox]")?;
    camera.take(app, "timeline-environments")?;
    app.press("Escape")?;
    app.open_range()?;
    camera.take(app, "timeline-range")?;
    app.press("Escape")
}

fn pair(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.open_failure_by_keys()?;
    app.press("Escape")?;
    app.press("Space")?;
    app.press("ArrowLeft")?;
    app.press("Space")?;
    app.find("[role=treegrid]")?;
    camera.take(app, "timeline-pair")?;
    app.press("Escape")?;
    app.press("Escape")
}

fn views(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.element_with("[role=radio]", "By environment")?.click()?;
    app.timeline_is_there()?;
    camera.take(app, "timeline-by-environment")?;
    app.element_with("[role=radio]", "By service")?.click()?;
    app.find("[role=radio]:has(svg.lucide-table-2)")?.click()?;
    app.find("table, [role=grid]")?;
    camera.take(app, "timeline-table")?;
    app.find("[role=radio]:has(svg.lucide-chart-gantt), [role=radio]:has(svg.lucide-gantt-chart)")?
        .click()?;
    app.timeline_is_there()?;
    app.find("main input")?.fill("nothing is called so")?;
    app.until("the lanes to be gone", || {
        Ok(app
            .find_all("[role=gridcell][aria-label^=\"1.42.0\"]")?
            .is_empty())
    })?;
    camera.take(app, "timeline-filter-empty")
}
