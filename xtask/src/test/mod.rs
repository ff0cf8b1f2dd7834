//! `cargo xtask test`: the suites, cheap failures first, all of them whatever fails, one total at the end.
//!
//! Everything in Rust is built by one command with one set of features (`build.rs` here), and each suite then starts
//! the programs that came out of it. Cargo itself would build most of it again for each selection of packages,
//! because the selection changes the features.

mod build;
mod report;
mod rust;
mod suite;
mod tally;
mod watched;
mod window;

use std::process::ExitCode;

use anyhow::Result;

use crate::setup::system::{self, Purpose};
use crate::setup::tools;
use build::{Programs, Wanted};
use report::Report;
use suite::Suite;

/// Runs the suites with these names, or all. Whatever fails is in the report, whose last line is the total; an error
/// means that nothing was run.
pub fn run(names: &[String]) -> Result<ExitCode> {
    let suites = Suite::parse(names)?;
    let mut report = Report::default();
    let ready = report.prepare("Debian packages", || system::ensure(&purposes(&suites)));
    if suites.contains(&Suite::Rust) {
        rust::formatting(&mut report);
    }
    let window_ready = prepare_window(&suites, &mut report);
    if ready && window_ready {
        run_built(&suites, &mut report);
    } else {
        report.blocked(
            "the suites that need a build",
            "what they need could not be prepared",
        );
    }
    println!("{report}");
    Ok(if report.tally().failed > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn purposes(suites: &[Suite]) -> Vec<Purpose> {
    let mut purposes = vec![Purpose::Build];
    if suites.contains(&Suite::Desktop) {
        purposes.extend([Purpose::VirtualDisplay, Purpose::Drive]);
    }
    purposes
}

/// The window's own suite, and its files, which the app carries: without them it does not compile.
fn prepare_window(suites: &[Suite], report: &mut Report) -> bool {
    if !suites
        .iter()
        .any(|suite| matches!(suite, Suite::Ui | Suite::Rust | Suite::Desktop))
    {
        return true;
    }
    if !report.prepare("npm packages", window::packages) {
        return false;
    }
    if suites.contains(&Suite::Ui) {
        window::suite(report);
    }
    report.prepare("the window's files", window::files)
}

/// All suites that are made of programs that Cargo builds.
fn run_built(suites: &[Suite], report: &mut Report) {
    let built: Vec<Suite> = suites
        .iter()
        .copied()
        .filter(|suite| *suite != Suite::Ui)
        .collect();
    if built.is_empty() {
        return;
    }
    if built.contains(&Suite::Rust) {
        rust::lints(report);
    }
    let mut programs = Programs::default();
    report.prepare("build", || build::build(&Wanted::by(&built)?, &mut programs));
    for suite in built {
        match suite {
            Suite::Rust => rust::suite(&programs, report),
            Suite::Ui => {}
            Suite::Demo => demo(&programs, report),
            Suite::Cluster => cluster(&programs, report),
            Suite::Desktop => report.program(
                "desktop",
                programs.test("tests", "desktop"),
                &programs.environment(),
                &[],
            ),
        }
    }
}

/// The demo world: what it must be like, and the acceptance tests that use it.
fn demo(programs: &Programs, report: &mut Report) {
    report.program(
        "demo",
        programs.test("tests", "demo"),
        &programs.environment(),
        &[],
    );
    report.program(
        "acceptance on the demo",
        programs.test("tests", "acceptance"),
        &programs.environment(),
        &["demo::"],
    );
}

/// The real control plane: what a cluster does, and the acceptance tests that use it.
fn cluster(programs: &Programs, report: &mut Report) {
    let there = report.prepare("control plane", || {
        tools::go()?;
        programs.start(programs.binary("tests", "control-plane"), &["build"])
    });
    if !there {
        return report.blocked("cluster, acceptance", "there is no control plane to run on");
    }
    report.program(
        "cluster",
        programs.test("tests", "cluster"),
        &programs.environment(),
        &[],
    );
    let without_demo = ["--skip", "demo::"];
    report.program(
        "acceptance",
        programs.test("tests", "acceptance"),
        &programs.environment(),
        &without_demo,
    );
}
