//! Where things lie in the source tree.

use std::path::{Path, PathBuf};

/// The top of the workspace: the folder above `xtask/`.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent()
        .expect("because xtask/ lies inside the workspace")
        .to_path_buf()
}

/// The window's sources.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Where Cargo puts what it builds: `CARGO_TARGET_DIR`, or `target/` at the top.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The Cargo that runs us, so that a toolchain override holds for what we start, too.
pub fn cargo() -> std::process::Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = std::process::Command::new(program);
    command.current_dir(root());
    command
}
