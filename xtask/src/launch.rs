//! `cargo xtask run`: from a fresh machine to a running window.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::display::{self, VirtualDisplay};
use crate::setup::system::{self, Purpose};
use crate::setup::{node_modules, tools};
use crate::{process, root};

/// Builds the app and opens it: on the demo world, or with the arguments given.
pub fn run(arguments: &[String]) -> Result<()> {
    if display::is_there() {
        system::ensure(&[Purpose::Build])?;
    } else {
        system::ensure(&[Purpose::Build, Purpose::VirtualDisplay])?;
    }
    let program = build()?;
    let demo = [String::from("--demo")];
    let arguments = if arguments.is_empty() {
        &demo[..]
    } else {
        arguments
    };
    if display::is_there() {
        return process::run(Command::new(program).args(arguments));
    }
    on_virtual_display(&program, arguments)
}

/// The window's files and the program that carries them, in one build of their own.
fn build() -> Result<PathBuf> {
    tools::node()?;
    node_modules::ensure()?;
    node_modules::script("build")?;
    process::run(root::cargo().args(["build", "--package", "tidemark", "--features", "custom-protocol"]))?;
    Ok(root::target().join("debug/tidemark"))
}

fn on_virtual_display(program: &PathBuf, arguments: &[String]) -> Result<()> {
    let display = VirtualDisplay::start(1440, 900)?;
    let name = display.name();
    println!("This machine has no display: the window opens on the virtual display {name}.");
    println!(
        "To see it: x11vnc -localhost -display {name}   (package x11vnc), then a VNC viewer on localhost:5900."
    );
    println!("Or take a picture of every screen: cargo xtask shots. Ctrl+C ends it.");
    let mut command = Command::new("dbus-run-session");
    command
        .arg("--")
        .arg(program)
        .args(arguments)
        .env("DISPLAY", name);
    process::run(&mut command)
}
