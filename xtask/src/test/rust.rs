//! The suite `rust`: formatting, lints, every package's own tests, and the freshness of the generated TypeScript.

use super::build::{FEATURES, Programs};
use super::report::Report;
use super::watched;
use crate::{process, root};

/// `cargo fmt --check` over all packages of the workspace.
pub fn formatting(report: &mut Report) {
    report.check("cargo fmt", || {
        process::run(root::cargo().args(["fmt", "--all", "--check"]))
    });
}

/// Clippy over everything, warnings refused.
pub fn lints(report: &mut Report) {
    let arguments = ["clippy", "--workspace", "--all-targets", "--keep-going"];
    let strict = ["--", "-D", "warnings"];
    report.check("clippy", || {
        process::run(root::cargo().args(arguments).args(FEATURES).args(strict))
    });
}

/// The tests of each package, the examples in the documentation, and what is generated.
pub fn suite(programs: &Programs, report: &mut Report) {
    for program in programs.unit_tests() {
        let name = match program.kind.as_str() {
            "lib" | "rlib" => program.package.clone(),
            "test" => format!("{} tests/{}", program.package, program.name),
            kind => format!("{} {kind} {}", program.package, program.name),
        };
        report.program(&name, Some(program), &programs.environment(), &[]);
    }
    let documentation = ["test", "--workspace", "--doc", "--no-fail-fast"];
    report.tests("documentation", || {
        watched::run(root::cargo().args(documentation).args(FEATURES))
    });
    report.check("generated TypeScript is fresh", || {
        programs.start(programs.binary("wire", "export-types"), &["--check"])
    });
}
