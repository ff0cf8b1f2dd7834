//! `shots [NAME…]`: goes on the tours through the app, or on those whose name starts with a NAME, and photographs.
//! `TIDEMARK_SHOTS_LOOK` limits it to the looks whose name holds that text, as in `dark-en-1280x800`.
#![allow(
    clippy::print_stdout,
    reason = "a command line program speaks on standard output"
)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Result, bail};
use tests::desktop::shots::{Look, TOURS, Tour, take};

/// Tours that go on at the same time. A tour mostly waits for what it photographs.
const AT_ONCE: usize = 2;

fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let folder =
        std::env::var_os("TIDEMARK_SHOTS").map_or_else(|| PathBuf::from("target/shots"), PathBuf::from);
    let only = std::env::var("TIDEMARK_SHOTS_LOOK").unwrap_or_default();
    let looks: Vec<Look> = Look::all()
        .filter(|look| look.to_string().contains(&only))
        .collect();
    let tours = chosen(&names)?;
    let (next, pictures, failures) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(tours.len()) {
            scope.spawn(|| {
                while let Some(tour) = tours.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let start = Instant::now();
                    match shot(tour, &looks, &folder) {
                        Ok(taken) => {
                            pictures.fetch_add(taken, Ordering::Relaxed);
                            println!(
                                "{}: {taken} pictures in {:.0} s",
                                tour.name,
                                start.elapsed().as_secs_f64()
                            );
                        }
                        Err(error) => {
                            failures.fetch_add(1, Ordering::Relaxed);
                            println!("{}: FAILED: {error:#}", tour.name);
                        }
                    }
                }
            });
        }
    });
    let (pictures, failures) = (pictures.into_inner(), failures.into_inner());
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

fn shot(tour: &Tour, looks: &[Look], folder: &Path) -> Result<usize> {
    let taken = take(tour, looks, folder)?;
    if !taken.complaints.is_empty() {
        bail!("the page complained: {:?}", taken.complaints);
    }
    Ok(taken.names.len())
}
