//! `shots [NAME…]`: photographs the states of the app, or those whose name starts with a NAME.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on standard output"
)]

use std::path::PathBuf;

use anyhow::{Result, bail};
use tests::desktop::shots::{Look, STATES, State, take};

fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let folder =
        std::env::var_os("TIDEMARK_SHOTS").map_or_else(|| PathBuf::from("target/shots"), PathBuf::from);
    let states = chosen(&names)?;
    let mut failures = 0_usize;
    for state in &states {
        for look in Look::all() {
            failures += usize::from(!shot_well(state, look, &folder));
        }
    }
    println!(
        "{} states, {} pictures in {}",
        states.len(),
        states.len() * Look::all().count(),
        folder.display()
    );
    if failures > 0 {
        bail!("{failures} pictures failed, or the page complained on the way");
    }
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<&'static State>> {
    let fits =
        |state: &&State| names.is_empty() || names.iter().any(|name| state.name.starts_with(name.as_str()));
    let states: Vec<_> = STATES.iter().filter(fits).collect();
    if states.is_empty() {
        let known: Vec<_> = STATES.iter().map(|state| state.name).collect();
        bail!("no state is named so; there are: {}", known.join(", "));
    }
    Ok(states)
}

fn shot_well(state: &State, look: Look, folder: &std::path::Path) -> bool {
    match take(state, look, folder) {
        Ok(shot) => {
            println!("{}", shot.name);
            shot.complaints
                .iter()
                .for_each(|complaint| println!("  the page complained: {complaint}"));
            shot.complaints.is_empty()
        }
        Err(error) => {
            println!("{}-{look}: {error:#}", state.name);
            false
        }
    }
}
