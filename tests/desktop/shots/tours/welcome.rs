//! The first screen: nothing found, repositories and clusters tested on the spot, what wants to run, the suggestion.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use anyhow::Result;
use serde_json::{Value, json};

use super::start;
use crate::desktop::shots::Camera;
use crate::desktop::{App, Home, Options, SHEET, ServedWorld};

pub(super) fn go(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let world = ServedWorld::open(&home, &demo::cluster::Options::lifelike())?;
    let kubeconfig = home.path().join("all-contexts");
    let contexts = with_troubled_contexts(&std::fs::read(world.kubeconfig())?, &home)?;
    let folder = home.path().join("world/repositories");
    let app = start(
        home,
        &Options::plain().with("KUBECONFIG", kubeconfig.display().to_string()),
    )?;
    app.find("h1")?;
    camera.take(&app, "welcome-first")?;
    app.press("Control+,")?;
    app.find("[role=switch], input[type=checkbox]")?;
    camera.take(&app, "settings-without-workspace")?;
    app.press("Escape")?;
    app.find("h1")?;
    sheets(&app, camera)?;
    std::fs::write(&kubeconfig, contexts.to_string())?;
    app.find("button:has(svg.lucide-refresh-cw)")?.click()?;
    app.see("eu-west-1")?;
    app.button_with("Add folder")?.click()?;
    app.choose_path("folder", &folder)?;
    app.see("version tags")?;

    let go_on = app.button_with("Continue with these")?;
    app.until("the suggestion", || go_on.is_enabled())?;
    camera.take(&app, "welcome")?;
    consent(&app, camera)?;
    go_on.click()?;
    app.see("Suggested from what was found")?;
    camera.take(&app, "workspace-suggested")?;
    app.complaints()
}

fn sheets(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.button_with("Clone")?.click()?;
    app.find(SHEET)?;
    camera.take(app, "welcome-clone")?;
    app.press("Escape")?;
    app.until("the sheet to be closed", || Ok(app.find_all(SHEET)?.is_empty()))
}

/// A kubeconfig wants to run a program: shown whole, before it runs.
fn consent(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.button_with("Look and allow")?.click()?;
    app.find(SHEET)?;
    camera.take(app, "consent")?;
    app.press("Escape")?;
    app.until("the sheet to be closed", || Ok(app.find_all(SHEET)?.is_empty()))
}

/// Beside the clusters that answer, one that signs in by a program and one that nobody answers for.
fn with_troubled_contexts(kubeconfig: &[u8], home: &Home) -> Result<Value> {
    let program = home.path().join("cloud-login");
    std::fs::write(&program, "#!/bin/sh\nexit 1\n")?;
    std::fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    let mut all: Value = serde_json::from_slice(kubeconfig)?;
    let mut add = |list: &str, entry: Value| {
        if let Some(entries) = all[list].as_array_mut() {
            entries.push(entry);
        }
    };
    add(
        "clusters",
        json!({ "name": "ap-south-1", "cluster": { "server": "https://127.0.0.1:9" } }),
    );
    let arguments = ["token", "--cluster", "ap-south-1", "--role", "release-manager"];
    let exec = json!({
        "apiVersion": "client.authentication.k8s.io/v1", "command": program, "args": arguments,
        "interactiveMode": "Never",
    });
    add("users", json!({ "name": "by-program", "user": { "exec": exec } }));
    add(
        "contexts",
        json!({ "name": "ap-south-1", "context": { "cluster": "ap-south-1", "user": "by-program" } }),
    );
    add(
        "contexts",
        json!({ "name": "old-lab", "context": { "cluster": "ap-south-1", "user": "lena" } }),
    );
    Ok(all)
}
