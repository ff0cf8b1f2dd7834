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

use crate::setup::disk;
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
    disk::look();
    let ready = report.prepare("Debian packages", || system::ensure(&purposes(&suites)));
    // Said before minutes of building, not after them.
    let on_cluster = |suite: &Suite| matches!(suite, Suite::Cluster | Suite::Desktop);
    let go = !suites.iter().any(on_cluster) || report.prepare("Go", tools::go);
    if suites.contains(&Suite::Rust) {
        rust::formatting(&mut report);
    }
    let carries_window = |suite: &Suite| matches!(suite, Suite::Rust | Suite::Desktop);
    let mut built: Vec<Suite> = suites
        .iter()
        .copied()
        .filter(|suite| *suite != Suite::Ui)
        .collect();
    if suites.len() > built.len() || built.iter().any(carries_window) {
        let window_ready = prepare_window(&suites, &mut report);
        if !window_ready && built.iter().any(carries_window) {
            built.retain(|suite| !carries_window(suite));
            report.blocked(
                "rust, desktop",
                "the window's files, which the app carries, could not be made",
            );
        }
    }
    if !ready && !built.is_empty() {
        report.blocked(
            "every suite that is built",
            "what the build needs from the system is missing",
        );
    } else if !built.is_empty() {
        run_built(&built, go, &mut report);
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
fn run_built(suites: &[Suite], go: bool, report: &mut Report) {
    if suites.contains(&Suite::Rust) {
        rust::lints(report);
    }
    let mut programs = Programs::default();
    report.prepare("build", || build::build(&Wanted::by(suites)?, &mut programs));
    for suite in suites {
        match suite {
            Suite::Rust => rust::suite(&programs, report),
            Suite::Ui => {}
            Suite::Demo => demo(&programs, report),
            Suite::Cluster if !go => report.blocked("cluster, acceptance", WITHOUT_GO),
            Suite::Cluster => cluster(&programs, report),
            Suite::Desktop => desktop(&programs, go, report),
        }
    }
}

/// Why what runs on the real control plane can't be run.
const WITHOUT_GO: &str = "the control plane is built by Go, which is missing";

/// The window; what it does on the real control plane only where there is one.
fn desktop(programs: &Programs, go: bool, report: &mut Report) {
    let arguments: &[&str] = if go { &[] } else { &["--skip", "real_cluster::"] };
    report.suite(
        "desktop",
        programs.test("tests", "desktop"),
        &programs.environment(),
        arguments,
    );
    if !go {
        report.blocked("desktop on the control plane", WITHOUT_GO);
    }
}

/// The demo world: what it must be like, and the acceptance tests that use it.
fn demo(programs: &Programs, report: &mut Report) {
    report.suite(
        "demo",
        programs.test("tests", "demo"),
        &programs.environment(),
        &[],
    );
    report.suite(
        "acceptance on the demo",
        programs.test("tests", "acceptance"),
        &programs.environment(),
        &["demo::"],
    );
}

/// The real control plane: what a cluster does, and the acceptance tests that use it.
fn cluster(programs: &Programs, report: &mut Report) {
    let there = report.prepare("control plane", || {
        programs.start(programs.binary("tests", "control-plane"), &["build"])
    });
    if !there {
        return report.blocked("cluster, acceptance", "there is no control plane to run on");
    }
    report.suite(
        "cluster",
        programs.test("tests", "cluster"),
        &programs.environment(),
        &[],
    );
    let without_demo = ["--skip", "demo::"];
    report.suite(
        "acceptance",
        programs.test("tests", "acceptance"),
        &programs.environment(),
        &without_demo,
    );
}
