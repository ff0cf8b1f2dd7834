//! `shots [NAME…]`: goes on the tours through the app, or on those whose name starts with a NAME, and photographs.
//! `TIDEMARK_SHOTS_LOOK` limits it to the looks whose name holds that text, as in `dark-en-1280x800`.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on standard output"
)]

use std::path::PathBuf;

use anyhow::{Result, bail};
use tests::desktop::shots::{Look, TOURS, Tour, take};

fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let folder =
        std::env::var_os("TIDEMARK_SHOTS").map_or_else(|| PathBuf::from("target/shots"), PathBuf::from);
    let only = std::env::var("TIDEMARK_SHOTS_LOOK").unwrap_or_default();
    let tours = chosen(&names)?;
    let (mut pictures, mut failures) = (0_usize, 0_usize);
    for look in Look::all().filter(|look| look.to_string().contains(&only)) {
        for tour in &tours {
            match shot(tour, look, &folder) {
                Ok(taken) => pictures += taken,
                Err(error) => {
                    println!("{}-{look}: {error:#}", tour.name);
                    failures += 1;
                }
            }
        }
    }
    println!(
        "{} tours, {pictures} pictures in {}",
        tours.len(),
        folder.display()
    );
    if failures > 0 {
        bail!("{failures} tours failed, or the page complained on the way");
    }
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<&'static Tour>> {
    let fits =
        |tour: &&Tour| names.is_empty() || names.iter().any(|name| tour.name.starts_with(name.as_str()));
    let tours: Vec<_> = TOURS.iter().filter(fits).collect();
    if tours.is_empty() {
        let known: Vec<_> = TOURS.iter().map(|tour| tour.name).collect();
        bail!("no tour is named so; there are: {}", known.join(", "));
    }
    Ok(tours)
}

fn shot(tour: &Tour, look: Look, folder: &std::path::Path) -> Result<usize> {
    let taken = take(tour, look, folder)?;
    taken.names.iter().for_each(|name| println!("{name}"));
    if !taken.complaints.is_empty() {
        bail!("the page complained: {:?}", taken.complaints);
    }
    Ok(taken.names.len())
}
