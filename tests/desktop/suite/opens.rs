//! The window opens and holds the app.

use anyhow::Result;
use tests::desktop::{App, Options};

#[test]
fn the_window_opens_and_shows_the_app() -> Result<()> {
    let app = App::start(&Options::plain())?;
    let root = app.find("#root > *")?;
    assert!(
        root.is_shown()?,
        "the page's root holds something that a person can see"
    );
    assert_eq!(
        app.script("return [innerWidth, innerHeight]", &[])?,
        serde_json::json!([1280, 800]),
        "it fills the display"
    );
    assert_eq!(
        app.complaints()?,
        [""; 0],
        "nothing breaks the content security policy or throws"
    );
    Ok(())
}

#[test]
fn the_window_opens_no_larger_than_its_screen() -> Result<()> {
    let app = App::start(&Options::plain().at_its_own_size())?;
    app.find("#root > *")?;
    app.until("the window to fit the screen of 1280 by 800", || {
        Ok(app.script("return [innerWidth, innerHeight]", &[])? == serde_json::json!([1280, 800]))
    })
}
