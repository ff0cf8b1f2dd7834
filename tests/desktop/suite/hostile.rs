//! Hostile texts are shown, and do nothing.

use anyhow::Result;
use serde_json::json;
use tests::desktop::{App, Home, Options};

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
    app.button_with("Choose")?.click()?;
    app.element_with("[role=option]", TAG)?.click()?;
    app.button_with("Write")?;
    app.see(TAG)?;
    nothing_ran(&app)
}
