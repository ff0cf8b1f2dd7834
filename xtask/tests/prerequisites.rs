//! What a machine lacks is said with the command that installs it, and counted as a failure.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of links to the programs of this machine, for the names that fit.
fn path_with(name: &str, fits: impl Fn(&str) -> bool) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("because Cargo gives tests a folder to write in");
    let path = std::env::var_os("PATH").expect("because Cargo itself was found on it");
    for entry in std::env::split_paths(&path)
        .filter_map(|folder| folder.read_dir().ok())
        .flatten()
        .flatten()
    {
        if entry.file_name().to_str().is_some_and(&fits) {
            // The first on the path wins, as for a shell.
            let _ = std::os::unix::fs::symlink(entry.path(), folder.join(entry.file_name()));
        }
    }
    folder
}

fn xtask(words: &[&str], path: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words)
        .env("PATH", path)
        .output()
        .expect("because Cargo has built it for this test")
}

#[test]
fn without_node_the_suite_of_the_window_says_how_to_get_it() {
    let path = path_with("without-node", |name| !matches!(name, "node" | "npm" | "npx"));
    let output = xtask(&["test", "ui"], &path);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "it has failed: {text}");
    assert!(
        text.contains("Node is missing; 20.19 or newer is needed"),
        "{text}"
    );
    assert!(
        text.contains("apt-get install -y nodejs"),
        "with the command: {text}"
    );
    let last = text.lines().rfind(|line| !line.is_empty()).unwrap_or_default();
    assert_eq!(last, "total: 0 passed, 1 failed", "{text}");
}

#[test]
fn without_the_systems_libraries_their_packages_are_named() {
    // Nothing but the programs themselves: no pkg-config, no compiler, no apt-get.
    let path = path_with("bare", |name| matches!(name, "sh" | "env" | "id"));
    let output = xtask(&["test", "demo"], &path);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success(), "it has failed: {text}");
    for package in ["build-essential", "pkg-config", "git", "libwebkit2gtk-4.1-dev"] {
        assert!(text.contains(package), "{package} is named: {text}");
    }
    assert!(
        text.contains("not run: what the build needs from the system is missing"),
        "{text}"
    );
}
