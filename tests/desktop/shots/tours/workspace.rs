//! A team's own workspace: nothing seen yet, a cluster that never answered, the editor and what is wrong in the file.

use anyhow::Result;
use serde_json::json;

use super::start;
use crate::desktop::shots::Camera;
use crate::desktop::{App, Home, Options};

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

pub(super) fn go(home: Home, camera: &mut Camera<'_>) -> Result<Vec<String>> {
    let options = own_workspace_options(&home)?;
    let app = start(home, &options)?;
    app.see("Shop")?;
    camera.take(&app, "empty")?;
    app.told(
        "cluster_bind",
        &json!({ "cluster": "eu-west-1", "context": "shop-eu" }),
    )?;
    app.see("shop-eu")?;
    camera.take(&app, "empty-never-reached")?;
    for (keys, name) in [
        ("Control+2", "environments-empty"),
        ("Control+3", "compare-empty"),
        ("Control+4", "notes-empty"),
    ] {
        app.press(keys)?;
        app.find("main")?;
        camera.take(&app, name)?;
    }
    editor(&app, camera)?;
    app.complaints()
}

fn editor(app: &App, camera: &mut Camera<'_>) -> Result<()> {
    app.find_all("header button, nav button")?[0].click()?;
    app.find("[role=menuitem]")?;
    camera.take(app, "workspace-menu")?;
    app.find("[role=menuitem]:has(svg.lucide-pencil)")?.click()?;
    app.find("main h2")?;
    camera.take(app, "workspace-editor")?;
    app.element_with("main [role=radio]", "Text")?.click()?;
    let wrong = WORKSPACE
        .replace("tier = \"staging\"", "tier = \"stagin\"")
        .replace("[\"shop\"]", "\"shop\"");
    app.find("main textarea:not([readonly])")?.fill(&wrong)?;
    app.see("stagin")?;
    app.until("the mistakes to be named", || {
        Ok(!app.find_all("main [data-problem=error]")?.is_empty())
    })?;
    camera.take(app, "workspace-mistakes")
}

/// One cluster is not bound, and nobody answers for the other.
fn own_workspace_options(home: &Home) -> Result<Options> {
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
