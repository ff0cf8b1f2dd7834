//! `cargo xtask shots`: the real app, driven over the demo world and photographed.

use std::process::Command;

use anyhow::Result;

use crate::setup::{
    node_modules,
    system::{self, Purpose},
    tools,
};
use crate::{process, root};

/// Photographs the states with these names, or all, into `target/shots/`.
pub fn run(names: &[String]) -> Result<()> {
    system::ensure(&[Purpose::Build, Purpose::VirtualDisplay, Purpose::Drive])?;
    tools::node()?;
    node_modules::ensure()?;
    node_modules::script("build")?;
    let build = ["build", "--workspace", "--bin", "tidemark", "--bin", "shots"];
    process::run(
        root::cargo()
            .args(build)
            .args(["--features", "tidemark/custom-protocol"]),
    )?;
    let debug = root::target().join("debug");
    let mut shots = Command::new(debug.join("shots"));
    shots.args(names).current_dir(root::root());
    shots
        .env("TIDEMARK_BINARY", debug.join("tidemark"))
        .env("TIDEMARK_SHOTS", root::target().join("shots"));
    process::run(&mut shots)
}
