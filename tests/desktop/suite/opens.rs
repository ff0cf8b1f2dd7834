//! The window opens and holds the app.

use std::fs;

use anyhow::Result;
use tests::desktop::{App, Options, processes};

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

/// Compositing in software takes twice the time for a frame and hundreds of megabytes.
#[test]
fn only_with_a_gpu_is_the_page_composited() -> Result<()> {
    let app = App::start(&Options::plain())?;
    app.find("#root > *")?;
    let pages: Vec<u32> = processes::descendants(app.process()?)
        .into_iter()
        .filter(|id| {
            fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.starts_with("WebKitWebProc"))
        })
        .collect();
    assert!(!pages.is_empty(), "a process draws the page");
    let has_gpu = fs::read_dir("/dev/dri").is_ok_and(|mut cards| cards.next().is_some());
    for page in pages {
        let environment = fs::read(format!("/proc/{page}/environ"))?;
        let off = String::from_utf8_lossy(&environment)
            .split('\0')
            .any(|variable| variable == "WEBKIT_DISABLE_COMPOSITING_MODE=1");
        assert_eq!(off, !has_gpu, "compositing is off without a GPU, and only then");
    }
    Ok(())
}
