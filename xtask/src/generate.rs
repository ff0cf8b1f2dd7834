//! `cargo xtask gen`: the files that are made from others and committed all the same.

use anyhow::{Result, bail};

use crate::setup::system::{self, Purpose};
use crate::{icons, process, root};

/// Regenerates the TypeScript of the wire tables and the icons. With `--check`, only says whether the TypeScript is
/// stale; the icons are left out there, because renderers of different versions differ in single bits.
pub fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => {
            typescript(&[])?;
            system::ensure(&[Purpose::Icons])?;
            icons::draw(&root::root().join("icons"))
        }
        [only] if only == "--check" => typescript(&["--check"]),
        [only] if only == "icons" => {
            system::ensure(&[Purpose::Icons])?;
            icons::draw(&root::root().join("icons"))
        }
        [only] if only == "types" => typescript(&[]),
        _ => bail!("gen takes nothing, 'types', 'icons' or --check"),
    }
}

fn typescript(arguments: &[&str]) -> Result<()> {
    let base = [
        "run",
        "--quiet",
        "--package",
        "wire",
        "--bin",
        "export-types",
        "--",
    ];
    process::run(root::cargo().args(base).args(arguments))
}
