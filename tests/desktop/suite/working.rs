//! Steps that several tests take.

use anyhow::Result;
use tests::desktop::App;

/// Opens the sheet of a service in an environment, gives what it asks for, and holds its button.
pub fn begin(app: &App, service: &str, environment: &str) -> Result<()> {
    app.open_rollback_of(service, environment)?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name("Pods never became ready", service)?;
    app.hold_to_roll_back()
}
