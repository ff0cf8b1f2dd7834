//! What keeps a rollback from happening by mistake, or by a script.

use anyhow::{Result, anyhow};
use serde_json::json;
use tests::desktop::{App, Options, SHEET};

fn open_sheet(app: &App) -> Result<()> {
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    app.button_with("Roll back to 1.41.2")?;
    app.open_sheet_by_key()
}

#[test]
fn a_guarded_environment_asks_for_everything_first() -> Result<()> {
    let app = App::start(&Options::demo())?;
    open_sheet(&app)?;
    app.see("Production, guarded")?;
    let off = format!("{SHEET} button[data-phase][aria-disabled]");
    app.see("to acknowledge first")?;
    let button = app.find(&off)?.middle()?;
    app.press_at(button, std::time::Duration::from_millis(1500))?;
    app.tick_all()?;
    app.find(&off)?;
    app.give_reason_and_name("Pods never became ready", "payment")?;
    app.find(&off)?;
    app.see("payments")?;
    app.give_reason_and_name("Pods never became ready", "payments")?;
    let gesture = app.gesture()?.middle()?;
    app.press_at(gesture, std::time::Duration::from_millis(200))?;
    app.gesture()?;
    assert_eq!(
        app.told("operation_list", &json!(null))?["operations"],
        json!([]),
        "neither holding the locked button nor a short press has begun anything"
    );
    Ok(())
}

#[test]
fn what_argo_cd_owns_is_refused_with_the_reason() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    app.press("Control+k")?;
    app.find("[role=dialog] input")?;
    app.write("gateway")?;
    app.element_with("[role=dialog] [role=option]", "Roll back gateway")?;
    app.press("Enter")?;
    app.find(&format!("{SHEET} section[role=alert]"))?;
    app.see("Argo CD would put 7.0.4 back")?;
    app.see("Argo CD Application shop-gateway")?;
    assert!(
        app.find_all(&format!("{SHEET} button[data-phase]"))?.is_empty(),
        "there is no gesture to make"
    );
    app.button_with("Hand over")?;
    Ok(())
}

#[test]
fn a_script_in_the_window_cannot_confirm_what_no_person_confirmed() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    let target = json!({ "service": "payments", "environment": "prod-eu", "target": { "kind": "previous" } });
    let plan = app.told("rollback_plan", &target)?;
    let digest = plan["digest"].clone();
    let end = |confirmation: &str| {
        json!({
            "confirmation": confirmation, "digest": digest, "acknowledged": [],
            "reason": "a script", "typedName": "payments",
        })
    };
    let invented = app.ask("rollback_confirm", &end("00000000-0000-0000-0000-000000000000"))?;
    assert_eq!(
        invented.err().as_deref(),
        Some("not-confirmed"),
        "an invented one"
    );
    let begun = app.told("rollback_begin", &json!({ "digest": digest }))?;
    let id = begun["id"]
        .as_str()
        .ok_or_else(|| anyhow!("no confirmation: {begun}"))?;
    let early = app.ask("rollback_confirm", &end(id))?;
    assert!(
        matches!(
            early.as_ref().err().map(String::as_str),
            Some("held-too-short" | "not-acknowledged")
        ),
        "one that nobody held: {early:?}"
    );
    assert_eq!(app.told("operation_list", &json!(null))?["operations"], json!([]));
    let object = json!({ "service": "payments", "environment": "prod-eu" });
    let yaml = app.told("cluster_object", &object)?["yaml"].clone();
    assert!(
        yaml.as_str()
            .is_some_and(|yaml| yaml.contains("money/payments:1.42.0")),
        "nothing was sent"
    );
    Ok(())
}

#[test]
fn a_read_only_workspace_says_why_the_button_is_off() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    app.press("Control+,")?;
    app.element_with("label", "Read-only: change nothing")?.click()?;
    app.press("Control+1")?;
    app.timeline_is_there()?;
    app.open_failure_by_keys()?;
    let button = app.button_with("Roll back to 1.41.2")?;
    app.until("the button to be off", || Ok(!button.is_enabled()?))?;
    app.see("read-only")?;
    let target = json!({ "service": "payments", "environment": "prod-eu", "target": { "kind": "previous" } });
    let plan = app.told("rollback_plan", &target)?;
    let findings = plan["findings"].as_array().cloned().unwrap_or_default();
    let blocks = findings
        .iter()
        .any(|one| one["code"] == "read-only" && one["result"] == "block");
    assert!(blocks, "the backend refuses too: {findings:?}");
    Ok(())
}
