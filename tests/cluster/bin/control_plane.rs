//! `control-plane build` builds the programs and says where they are; `control-plane run` also starts
//! them, prints a kubeconfig for each person, and ends them on Ctrl-C.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use tests::cluster::{ControlPlane, Person, Program, Programs};

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("build") => build(),
        Some("run") => run(),
        _ => {
            eprintln!("usage: cargo run -p tests --bin control-plane -- build|run");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<()> {
    let programs = Programs::build(&mut |line| eprintln!("{line}"))?;
    writeln!(io::stdout(), "{}", programs.folder().display())?;
    Ok(())
}

fn run() -> Result<()> {
    let control_plane = ControlPlane::start()?;
    let mut out = io::stdout().lock();
    for person in Person::ALL {
        writeln!(
            out,
            "{:>15}: {}",
            person.name(),
            control_plane.kubeconfig_for(person).display()
        )?;
    }
    writeln!(
        out,
        "{:>15}: {}",
        "kubectl",
        control_plane.programs().path(Program::Kubectl).display()
    )?;
    writeln!(
        out,
        "Simulated containers on a real control plane at {}. Ctrl-C ends it.",
        control_plane.server()
    )?;
    out.flush()?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(tokio::signal::ctrl_c())?;
    Ok(())
}
