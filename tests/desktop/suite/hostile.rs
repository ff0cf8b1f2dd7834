//! Hostile texts are shown, and do nothing.

use anyhow::Result;
use serde_json::json;
use tests::desktop::{App, Home, Options, ServedWorld};

use super::repository;

/// A tag that Git accepts, and a page would run.
const TAG: &str = "v1<img/src=x/onerror=window.broken=1>";

const MARKDOWN: &str = "# Harmless\n\n<script>window.broken = 1</script>\n\n\
    <img src=x onerror=\"window.broken = 1\">\n\n[a link](javascript:window.broken=1)\n\n\
    <svg onload=\"window.broken = 1\"></svg>\n\n![far](https://images.example/a.png)\n\n\
    <iframe src=\"data:text/html,<script>parent.broken=1</script>\"></iframe>\n\nlast words";

fn nothing_ran(app: &App) -> Result<()> {
    assert_eq!(
        app.script("return typeof window.broken", &[])?,
        "undefined",
        "no script has run"
    );
    let body = "return document.querySelectorAll('img, iframe, script:not([src]), [onerror], [onload], a[href^=javascript]').length";
    assert_eq!(app.script(body, &[])?, 0, "none of it is an element");
    let loaded = "return performance.getEntriesByType('resource').filter((one) => one.name.includes('images.example')).length";
    assert_eq!(app.script(loaded, &[])?, 0, "nothing is fetched");
    assert_eq!(app.complaints()?, [""; 0], "the policy had nothing to stop");
    Ok(())
}

#[test]
fn a_note_with_scripts_in_it_is_shown_and_inert() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    let note = json!({ "service": "payments", "version": "1.42.0", "markdown": MARKDOWN, "state": "draft" });
    app.told("note_save", &note)?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    app.press("n")?;
    app.element_with("h1, h2", "Harmless")?;
    app.see("last words")?;
    nothing_ran(&app)
}

#[test]
fn a_tag_that_looks_like_markup_is_shown_as_text() -> Result<()> {
    let home = Home::new()?;
    let clone = home.path().join("shop");
    let subject = "feat: <img src=x onerror=window.broken=1>";
    repository::make(&clone, &[("v1.0.0", subject), (TAG, subject)])?;
    let file = home.path().join("tidemark.toml");
    let text = "format = 1\nname = \"<b>Shop</b>\"\n[[environment]]\nname = \"prod\"\ntier = \"production\"\n\
        cluster = \"one\"\nnamespaces = [\"shop\"]\n[[service]]\nname = \"shop\"\n\
        repository = \"https://git.example/shop.git\"\n";
    std::fs::write(&file, text)?;
    let app = App::start_in(home, &Options::workspace(&file))?;
    app.see("<b>Shop</b>")?;
    let binding = json!({ "repository": "https://git.example/shop.git", "clone": clone });
    app.told("repository_bind", &binding)?;
    app.press("Control+4")?;
    app.button_with("Write a note")?.click()?;
    app.element_with("[role=dialog] button", "Choose")?.click()?;
    app.element_with("[role=option]", TAG)?.click()?;
    app.button_with("Write")?;
    app.see(TAG)?;
    nothing_ran(&app)
}

/// Looks like `v1 <b>…` read backwards: an override of the direction, and markup.
const TURNED: &str =
    "fix \u{202e}<b onclick=window.broken=1>seirots\u{2069} <img src=x onerror=window.broken=1>";
/// As it must be shown: every letter of the markup, and the marks by their number.
const TURNED_SHOWN: &str =
    "fix ‹U+202E›<b onclick=window.broken=1>seirots‹U+2069› <img src=x onerror=window.broken=1>";

#[test]
fn annotations_and_tag_messages_are_shown_as_text_with_their_marks() -> Result<()> {
    let home = Home::new()?;
    let world = ServedWorld::open(&home, &demo::cluster::Options::quick())?;
    let app = App::start_in(home, &world.options())?;
    world.bind(&app)?;
    let deploy = |version: &str, annotations: serde_json::Value| {
        let image = json!({ "name": "inventory", "image": format!("shop/inventory:{version}") });
        let template = json!({ "spec": { "containers": [image] } });
        let metadata = json!({ "annotations": annotations });
        let patch = json!({ "metadata": metadata, "spec": { "template": template } });
        world.change("stage", "shop", "inventory", &patch)
    };
    deploy("9.9.8", json!({ "kubernetes.io/change-cause": TURNED }))?;
    open_newest(&app, "9.9.8")?;
    app.see(TURNED_SHOWN)?;
    let clone = world.repository("inventory")?;
    repository::git(&clone, &["tag", "--annotate", "--message", TURNED, "v9.9.9"])?;
    deploy("9.9.9", json!({ "kubernetes.io/change-cause": null }))?;
    open_newest(&app, "9.9.9")?;
    app.see(TURNED_SHOWN)?;
    nothing_ran(&app)
}

/// Opens the details of a version that has just come to staging.
fn open_newest(app: &App, version: &str) -> Result<()> {
    app.wait_for("the deployment in the matrix", || {
        let matrix = app.told("matrix", &json!({ "reference": null }))?;
        let rows = matrix["rows"].as_array().into_iter().flatten();
        let mut cells = rows.filter_map(|row| row["cells"].as_array()).flatten();
        Ok(cells.find(|cell| cell["version"] == version).cloned())
    })?;
    app.find("main input")?.fill("inventory")?;
    app.press("Tab")?;
    let bar = app.zoom_until_bar(version)?;
    app.press_at(bar.middle()?, std::time::Duration::ZERO)?;
    app.element_with("aside", version).map(|_| ())
}

#[test]
fn a_note_with_turned_text_shows_its_marks() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    let note = json!({ "service": "payments", "version": "1.42.0", "markdown": format!("# Turned\n\n`{TURNED}`"), "state": "draft" });
    app.told("note_save", &note)?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    app.press("n")?;
    app.element_with("h1, h2", "Turned")?;
    app.element_with("code", TURNED_SHOWN)?;
    let field = app.find("main textarea")?;
    field.click()?;
    app.press("Control+End")?;
    app.write(" and on")?;
    app.until("the text to be kept with its own marks", || {
        let kept = app.told("note_get", &json!({ "service": "payments", "version": "1.42.0" }))?;
        let text = kept["markdown"].as_str().unwrap_or_default().to_owned();
        Ok(text.contains(TURNED) && text.ends_with(" and on"))
    })?;
    nothing_ran(&app)
}
