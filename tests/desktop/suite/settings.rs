//! Language, theme, time zone, and what is handed out as a file.

use anyhow::Result;
use serde_json::json;
use tests::desktop::{App, Options, Role};

#[test]
fn language_and_theme_change_at_once_and_stay() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    app.press("Control+,")?;
    app.by_role(Role::Radio, "简体中文")?.click()?;
    app.see("设置")?;
    app.element_with("[role=radio]", "浅色")?.click()?;
    app.until("the light theme", || {
        Ok(app.script("return document.documentElement.dataset.theme", &[])? == "light")
    })?;
    let home = app.stop()?;
    let app = App::start_in(home, &Options::demo())?;
    app.timeline_is_there()?;
    assert_eq!(
        app.script(
            "return [document.documentElement.dataset.theme, document.documentElement.lang]",
            &[]
        )?,
        json!(["light", "zh-CN"]),
        "the next start looks and speaks the same"
    );
    assert_eq!(app.complaints()?, [""; 0]);
    Ok(())
}

#[test]
fn times_are_local_until_somebody_asks_for_utc() -> Result<()> {
    let app = App::start(&Options::demo().with("TZ", "Asia/Tokyo"))?;
    app.timeline_is_there()?;
    let moment = app.told("app_state", &json!(null))?["now"]
        .as_f64()
        .unwrap_or_default();
    let clock = |zone: &str| {
        let body = "return new Date(arguments[0]).toLocaleTimeString('en-GB', { hour: '2-digit', timeZone: arguments[1] })";
        app.script(body, &[json!(moment), json!(zone)])
    };
    assert_ne!(clock("Asia/Tokyo")?, clock("UTC")?, "the two zones differ");
    app.press("Control+,")?;
    app.see("Local, Asia/Tokyo")?;
    app.by_role(Role::Radio, "UTC")?.click()?;
    app.until("the time to be in UTC", || Ok(app.page_text()?.contains(" UTC.")))?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    let matrix = app.told("matrix", &json!({ "reference": "prod-eu" }))?;
    let rows = matrix["rows"].as_array().into_iter().flatten();
    let cells = rows
        .filter(|row| row["service"] == "payments")
        .flat_map(|row| row["cells"].as_array());
    let since = cells
        .flatten()
        .find(|cell| cell["environment"] == "prod-eu")
        .map(|cell| cell["since"].clone());
    let body = "return new Date(arguments[0]).toISOString().slice(11, 19)";
    let began = app.script(body, &[since.unwrap_or_default()])?;
    app.see(began.as_str().unwrap_or("no time"))
}

/// Whether the table is there, and how many of its rows have a cell that is not below its column's name.
const ROWS_OUT_OF_LINE: &str = "
    const lefts = (row) => [...row.querySelectorAll('[data-column]')]
      .map((cell) => Math.round(cell.getBoundingClientRect().left)).join();
    const [head, ...rows] = document.querySelectorAll('[role=grid] [role=row]');
    return [rows.length > 5, rows.filter((row) => lefts(row) !== lefts(head)).length]";

#[test]
fn what_is_shown_is_written_as_csv() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    let matrix = app.told("matrix", &json!({ "reference": "prod-eu" }))?;
    let rows = matrix["rows"].as_array().into_iter().flatten();
    let cells: Vec<_> = rows
        .filter(|row| row["service"] == "payments")
        .flat_map(|row| row["cells"].as_array().cloned().unwrap_or_default())
        .collect();
    let file = app.home().path().join("shown.csv");
    app.find_all("[role=radio]")?[3].click()?;
    app.until("the columns of every row to stand below their names", || {
        Ok(app.script(ROWS_OUT_OF_LINE, &[])? == json!([true, 0]))
    })?;
    app.button_with("CSV")?.click()?;
    app.choose_path("CSV", &file)?;
    app.until("the file to be written", || Ok(file.is_file()))?;
    let text = std::fs::read_to_string(&file)?;
    let heading = text.lines().next().unwrap_or_default();
    assert!(heading.ends_with(",Commit,Digest,Evidence"), "{heading}");
    assert!(
        text.lines().count() > cells.len(),
        "a heading and a line for each deployment: {text}"
    );
    for cell in cells {
        let version = cell["version"].as_str().unwrap_or("no version");
        let environment = cell["environment"].as_str().unwrap_or("no environment");
        let fits =
            |line: &&str| line.contains(version) && line.contains(environment) && line.contains("payments");
        assert!(
            text.lines().any(|line| fits(&line)),
            "{version} in {environment}: {text}"
        );
    }
    Ok(())
}
