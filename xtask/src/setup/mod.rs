//! What the commands need on this machine. Each piece is idempotent, and quick when nothing is missing.

pub mod disk;
pub mod node_modules;
pub mod system;
pub mod tools;

use anyhow::Result;

use system::Purpose;

/// `cargo xtask setup`: all that any command of this project needs.
pub fn everything() -> Result<()> {
    system::ensure(&Purpose::ALL)?;
    tools::node()?;
    tools::go()?;
    node_modules::ensure()?;
    println!("Everything is here.");
    Ok(())
}
