//! `cargo xtask bench`: sets the machine up and hands over to the benchmarks of the package `tests`.

use anyhow::Result;

use crate::setup::{
    node_modules,
    system::{self, Purpose},
    tools,
};
use crate::{process, root};

/// Runs the benchmarks with these names, or all. They are built for release, as their rivals are.
pub fn run(names: &[String]) -> Result<()> {
    system::ensure(&[Purpose::Build, Purpose::VirtualDisplay, Purpose::Bench])?;
    tools::node()?;
    tools::go()?;
    node_modules::ensure()?;
    node_modules::script("build")?;
    let features = ["--features", "tidemark/custom-protocol"];
    let build = [
        "build",
        "--release",
        "--workspace",
        "--bin",
        "tidemark",
        "--bin",
        "bench",
        "--bin",
        "control-plane",
    ];
    process::run(root::cargo().args(build).args(features))?;
    let release = root::target().join("release");
    let mut bench = std::process::Command::new(release.join("bench"));
    bench
        .args(names)
        .env("TIDEMARK_BINARY", release.join("tidemark"))
        .current_dir(root::root());
    process::run(&mut bench)
}
