//! One instance for one person.

use anyhow::Result;
use tests::desktop::{App, Options};

#[test]
fn a_second_start_ends_and_leaves_the_first_as_it_is() -> Result<()> {
    let app = App::start(&Options::demo())?;
    app.timeline_is_there()?;
    let second = app.start_again(&["--demo"])?;
    assert!(second.success(), "it ends quietly: {second}");
    app.bar("1.42.0, deployment failed, prod-eu")?;
    let started = app.home().app_log()?.matches("started").count();
    assert_eq!(started, 1, "only the first has opened the data folder");
    Ok(())
}
