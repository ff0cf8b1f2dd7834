//! The table of tours. Extend it with every screen and state that appears.

use anyhow::Result;
use serde_json::json;

use super::Camera;
use crate::desktop::{App, Home, Options, SHEET};

/// A way through the app with pictures on it.
#[derive(Debug)]
pub struct Tour {
    /// What it is asked for by.
    pub name: &'static str,
    /// How the app is started for it, in a home that may be furnished first.
    pub start: fn(&Home) -> Result<Options>,
    /// Where it goes after the start.
    pub steps: fn(&App, &mut Camera<'_>) -> Result<()>,
}

/// Every tour, in the order in which a person would meet what it shows.
pub const TOURS: &[Tour] = &[
    Tour {
        name: "welcome",
        start: |_| Ok(Options::plain()),
        steps: welcome,
    },
    Tour {
        name: "timeline",
        start: demo,
        steps: timeline,
    },
    Tour {
        name: "screens",
        start: demo,
        steps: screens,
    },
    Tour {
        name: "rollback",
        start: demo,
        steps: rollback,
    },
    Tour {
        name: "workspace",
        start: own_workspace,
        steps: workspace,
    },
];

/// The demo world, somewhat faster than life.
fn demo(_: &Home) -> Result<Options> {
    let mut options = Options::demo();
    options.arguments.extend(["--demo-speed".into(), "2".into()]);
    Ok(options)
}

fn welcome(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.find("h1")?;
    camera.take(app, "welcome")?;
    app.press("Control+,")?;
    app.find("[role=switch], input[type=checkbox]")?;
    camera.take(app, "settings-without-workspace")
}

fn timeline(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.timeline_is_there()?;
    camera.take(app, "timeline")?;
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    camera.take(app, "timeline-inspector")?;
    app.press("Escape")?;
    let bar = app.find("[role=gridcell][aria-label^=\"2.3.7\"]")?.middle()?;
    app.hover(bar.plus(0.0, -20.0))?;
    camera.take(app, "timeline-hover")?;
    app.find_all("[role=radio]")?[1].click()?;
    app.timeline_is_there()?;
    camera.take(app, "timeline-by-environment")?;
    app.find_all("[role=radio]")?[0].click()?;
    app.find_all("[role=radio]")?[3].click()?;
    app.find("table, [role=grid]")?;
    camera.take(app, "timeline-table")?;
    app.find_all("[role=radio]")?[2].click()?;
    app.timeline_is_there()?;
    app.find("main input[type=search], main input")?
        .fill("nothing is called so")?;
    app.until("the lanes to be gone", || {
        Ok(app
            .find_all("[role=gridcell][aria-label^=\"1.42.0\"]")?
            .is_empty())
    })?;
    camera.take(app, "timeline-filter-empty")
}

fn screens(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.timeline_is_there()?;
    app.press("Control+2")?;
    app.see("recommendations")?;
    camera.take(app, "environments")?;
    app.press("Control+3")?;
    app.find("main h2")?;
    camera.take(app, "compare-choose")?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.press("c")?;
    app.find("[role=tab]")?;
    for (at, name) in [
        "summary",
        "commits",
        "files",
        "manifests",
        "configuration",
        "notes",
    ]
    .into_iter()
    .enumerate()
    {
        app.find_all("[role=tab]")?[at].click()?;
        camera.take(app, &format!("compare-{name}"))?;
    }
    app.press("Control+4")?;
    app.find("[role=option]")?;
    camera.take(app, "notes")?;
    app.find_all("[role=option]")?[1].click()?;
    app.find("main textarea, main [contenteditable]")?;
    camera.take(app, "notes-both")?;
    app.press("Control+5")?;
    app.find("main")?;
    camera.take(app, "operations-empty")?;
    app.press("Control+,")?;
    app.find("[role=switch], input[type=checkbox]")?;
    camera.take(app, "settings")?;
    app.press("Escape")?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.press("?")?;
    app.find(SHEET)?;
    camera.take(app, "keys")?;
    app.press("Escape")?;
    app.press("Control+k")?;
    app.find("[role=dialog] input")?;
    app.write("pay")?;
    app.find("[role=dialog] [role=option]")?;
    camera.take(app, "palette")?;
    app.press("Escape")?;
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    drawer(app, camera)
}

/// The cluster's own view: pods, log lines, events, YAML.
fn drawer(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.find("[data-open-cluster], button:has(svg.lucide-external-link)")?
        .click()?;
    app.find("[role=dialog] [role=tab]")?;
    for (at, name) in ["pods", "logs", "events", "yaml"].into_iter().enumerate() {
        app.find_all("[role=dialog] [role=tab]")?[at].click()?;
        camera.take(app, &format!("drawer-{name}"))?;
    }
    Ok(())
}

/// The main job, its opposite, and what Argo CD forbids.
fn rollback(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.element_with("button", "1.41.2")?;
    app.press("r")?;
    app.find(SHEET)?;
    camera.take(app, "rollback-planning")?;
    app.sheet_is_planned()?;
    camera.take(app, "rollback-ready")?;
    app.tick_all()?;
    app.give_reason_and_name("Pods never became ready, incident 318", "payments")?;
    app.gesture()?;
    camera.take(app, "rollback-filled")?;
    app.hold_to_roll_back()?;
    app.countdown()?;
    camera.take(app, "rollback-countdown")?;
    app.find("[role=dialog] [role=progressbar]")?;
    camera.take(app, "rollback-running")?;
    app.operation_is("verifying")?;
    camera.take(app, "rollback-verifying")?;
    app.operation_is("verified")?;
    app.see("1.41.2")?;
    camera.take(app, "rollback-done-good")?;
    restore(app, camera)?;
    app.press("Control+5")?;
    app.see("1.41.2")?;
    camera.take(app, "operations")?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.press("Escape")?;
    camera.take(app, "timeline-after-rollback")?;
    blocked(app, camera)
}

/// Going back to what failed fails again: the verdict is bad.
fn restore(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.element_with("[role=dialog] button", "1.42.0")?.click()?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name("To see whether the registry has it now", "payments")?;
    app.hold_to_roll_back()?;
    app.operation_has("verdict", "bad")?;
    camera.take(app, "rollback-done-bad")?;
    app.press("Escape")
}

fn blocked(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.press("Control+k")?;
    app.find("[role=dialog] input")?;
    app.write("gateway")?;
    app.until("the palette to find it", || {
        let first = app.find_all("[role=dialog] [role=option]")?;
        Ok(first
            .first()
            .map(|one| one.text())
            .transpose()?
            .is_some_and(|text| text.contains("gateway")))
    })?;
    app.press("Enter")?;
    app.find(&format!("{SHEET} section[role=alert]"))?;
    camera.take(app, "rollback-blocked")
}

/// A workspace of a team whose one cluster does not answer.
fn own_workspace(home: &Home) -> Result<Options> {
    let kube = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "shop-eu",
        "clusters": [{ "name": "shop-eu", "cluster": { "server": "https://127.0.0.1:9" } }],
        "users": [{ "name": "lena", "user": { "token": "none" } }],
        "contexts": [{ "name": "shop-eu", "context": { "cluster": "shop-eu", "user": "lena" } }],
    });
    let (kubeconfig, file) = (home.path().join("kubeconfig"), home.path().join("tidemark.toml"));
    std::fs::write(&kubeconfig, kube.to_string())?;
    std::fs::write(&file, WORKSPACE)?;
    Ok(Options::workspace(&file).with("KUBECONFIG", kubeconfig.display().to_string()))
}

const WORKSPACE: &str = r#"format = 1
name = "Shop"
time-zone = "Europe/Berlin"

[[environment]]
name = "prod-eu"
tier = "production"
guard = true
cluster = "eu-west-1"
namespaces = ["shop"]

[[environment]]
name = "staging"
tier = "staging"
cluster = "stage"
namespaces = ["shop"]

[[service]]
name = "payments"
team = "Money"
repository = "https://git.example/shop/payments.git"

[[service]]
name = "checkout"
team = "Storefront"
repository = "https://git.example/shop/checkout.git"
colour = "red"
"#;

fn workspace(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.see("Shop")?;
    app.told(
        "cluster_bind",
        &json!({ "cluster": "eu-west-1", "context": "shop-eu" }),
    )?;
    app.find("[role=treegrid], main")?;
    camera.take(app, "timeline-offline")?;
    app.told("read_only_set", &json!({ "on": true }))?;
    app.press("Control+2")?;
    app.find("main")?;
    camera.take(app, "environments-offline")?;
    app.find_all("header button, nav button")?[0].click()?;
    app.find("[role=menuitem]")?;
    camera.take(app, "workspace-menu")?;
    app.find("[role=menuitem]:has(svg.lucide-pencil)")?.click()?;
    app.find("main h2")?;
    camera.take(app, "workspace-editor")
}
