//! The one build that all suites share, and the programs that come out of it.
//!
//! `--workspace` with one set of features keeps Cargo from building a package a second time: it unifies features over
//! the packages selected, so a build of one package alone is another build.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::report::folder_of;
use super::suite::Suite;
use crate::{process, root};

/// The features of every build here: the app carries its window's files.
pub const FEATURES: [&str; 2] = ["--features", "tidemark/custom-protocol"];

/// What to build.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    arguments: Vec<String>,
}

impl Wanted {
    /// What these suites start, as far as such targets exist; one that does not is reported by the suite.
    pub fn by(suites: &[Suite]) -> Result<Self> {
        if suites.contains(&Suite::Rust) {
            return Ok(Self {
                arguments: vec!["--tests".into(), "--bins".into()],
            });
        }
        let there = targets()?;
        let (tests, binaries) = names(suites);
        let tests = tests
            .into_iter()
            .filter(|name| there.contains(&("test".into(), (*name).into())));
        let binaries = binaries
            .into_iter()
            .filter(|name| there.contains(&("bin".into(), (*name).into())));
        let flags = tests
            .map(|name| ("--test", name))
            .chain(binaries.map(|name| ("--bin", name)));
        Ok(Self {
            arguments: flags
                .flat_map(|(flag, name)| [flag.to_owned(), name.to_owned()])
                .collect(),
        })
    }
}

/// The test targets and programs of these suites.
fn names(suites: &[Suite]) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut tests, mut binaries) = (Vec::new(), Vec::new());
    for suite in suites {
        match suite {
            Suite::Ui | Suite::Rust => {}
            Suite::Demo => tests.extend(["demo", "acceptance"]),
            Suite::Cluster => {
                tests.extend(["cluster", "acceptance"]);
                binaries.push("control-plane");
            }
            Suite::Desktop => {
                tests.push("desktop");
                binaries.push("tidemark");
            }
        }
    }
    (tests, binaries)
}

/// Every target of the workspace as `(kind, name)`.
fn targets() -> Result<Vec<(String, String)>> {
    let output = root::cargo()
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    Ok(targets
        .map(|target| (text(&target["kind"][0]), text(&target["name"])))
        .collect())
}

/// A program that the build made.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// The package's name.
    pub package: String,
    /// `lib`, `bin` or `test`.
    pub kind: String,
    /// The target's name.
    pub name: String,
    /// Whether it is the test harness of its target.
    pub is_test: bool,
    /// The executable.
    pub file: PathBuf,
    /// The package's folder, in which Cargo would start its tests.
    pub folder: PathBuf,
}

/// What came out of the build.
#[derive(Debug, Default)]
pub struct Programs(Vec<Program>);

impl Programs {
    /// An integration test of a package.
    pub fn test(&self, package: &str, name: &str) -> Option<&Program> {
        let fits = |program: &&Program| program.package == package && program.name == name;
        self.0
            .iter()
            .filter(fits)
            .find(|program| program.kind == "test" && program.is_test)
    }

    /// A program of a package.
    pub fn binary(&self, package: &str, name: &str) -> Option<&Program> {
        let fits = |program: &&Program| program.package == package && program.name == name;
        self.0
            .iter()
            .filter(fits)
            .find(|program| program.kind == "bin" && !program.is_test)
    }

    /// The tests of all packages that need no other: all but the integration tests of the package `tests`.
    pub fn unit_tests(&self) -> impl Iterator<Item = &Program> {
        self.0
            .iter()
            .filter(|program| program.is_test && (program.package != "tests" || program.kind != "test"))
    }

    /// What the tests are told by environment: where the app is.
    pub fn environment(&self) -> BTreeMap<String, String> {
        let app = self.binary("tidemark", "tidemark");
        app.map(|app| ("TIDEMARK_BINARY".to_owned(), app.file.display().to_string()))
            .into_iter()
            .collect()
    }

    /// Runs a program that is no test.
    pub fn start(&self, program: Option<&Program>, arguments: &[&str]) -> Result<()> {
        let program =
            program.ok_or_else(|| anyhow!("its program was not built, or its target does not exist"))?;
        let mut command = Command::new(&program.file);
        command
            .args(arguments)
            .envs(self.environment())
            .current_dir(&program.folder);
        process::run(command.env("CARGO_MANIFEST_DIR", &program.folder))
    }
}

/// Builds what is wanted and collects every program that came out, even when something else did not compile.
pub fn build(wanted: &Wanted, programs: &mut Programs) -> Result<()> {
    if wanted.arguments.is_empty() {
        return Ok(());
    }
    let mut command = root::cargo();
    command.args([
        "build",
        "--workspace",
        "--keep-going",
        "--message-format=json-render-diagnostics",
    ]);
    command
        .args(FEATURES)
        .args(&wanted.arguments)
        .stdout(Stdio::piped());
    let line = process::describe(&command);
    println!("$ {line}");
    let mut cargo = command.spawn().context("could not start cargo")?;
    let messages = cargo
        .stdout
        .take()
        .expect("because it was asked for a line above");
    for message in BufReader::new(messages).lines() {
        programs.0.extend(program(&message?));
    }
    let status = cargo.wait()?;
    if !status.success() {
        bail!("{line} ended with {status}");
    }
    Ok(())
}

/// The program that one of Cargo's messages tells of, if it tells of one.
fn program(message: &str) -> Option<Program> {
    let message: Value = serde_json::from_str(message).ok()?;
    let file = message["executable"].as_str()?;
    let folder = folder_of(message["manifest_path"].as_str()?).to_path_buf();
    let target = &message["target"];
    let package = package_name(message["package_id"].as_str()?);
    let is_test = message["profile"]["test"].as_bool().unwrap_or(false);
    Some(Program {
        package,
        kind: text(&target["kind"][0]),
        name: text(&target["name"]),
        is_test,
        file: file.into(),
        folder,
    })
}

/// `path+file:///…/tests#0.1.0`, or `path+file:///…/src-tauri#tidemark@0.1.0` where folder and name differ.
fn package_name(id: &str) -> String {
    let (path, fragment) = id.rsplit_once('#').unwrap_or((id, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => path.rsplit('/').next().unwrap_or(path).to_owned(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Programs, package_name, program};

    #[test]
    fn packages_are_named_as_cargo_writes_their_ids() {
        assert_eq!(package_name("path+file:///a/tests#0.1.0"), "tests");
        assert_eq!(
            package_name("path+file:///a/src-tauri#tidemark@0.1.0"),
            "tidemark"
        );
    }

    #[test]
    fn a_message_without_a_program_is_passed_over() {
        assert_eq!(program(r#"{"reason":"build-finished","success":true}"#), None);
        assert_eq!(program("warning: something for people"), None);
    }

    #[test]
    fn a_unit_test_is_told_from_the_program_itself() {
        let message = |test: bool, kind: &str| {
            format!(
                r#"{{"package_id":"path+file:///a/wire#0.1.0","manifest_path":"/a/wire/Cargo.toml","executable":"/x",
                "target":{{"kind":["{kind}"],"name":"export-types"}},"profile":{{"test":{test}}}}}"#
            )
        };
        let built = Programs(
            [message(true, "bin"), message(false, "bin")]
                .iter()
                .filter_map(|m| program(m))
                .collect(),
        );
        assert!(
            built
                .binary("wire", "export-types")
                .is_some_and(|program| !program.is_test)
        );
        assert_eq!(built.unit_tests().count(), 1, "only the harness holds tests");
        assert!(
            built.test("wire", "export-types").is_none(),
            "a program is no integration test"
        );
    }
}
