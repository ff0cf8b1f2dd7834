//! `kubectl` of the same version as the server: the oracle where it says what we say.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use tokio::process::Command;

/// What a run of `kubectl` printed and how it ended.
#[derive(Clone, Debug)]
pub struct KubectlOutput {
    /// The exit code was zero.
    pub success: bool,
    pub stdout: String,
    pub stderr: String,
}

impl KubectlOutput {
    /// What was printed, or an error with what `kubectl` complained of.
    pub fn ok(self) -> Result<String> {
        ensure!(self.success, "kubectl failed: {}", self.stderr.trim());
        Ok(self.stdout)
    }
}

pub(super) async fn run(
    program: &Path,
    kubeconfig: &Path,
    cache: &Path,
    arguments: &[&str],
) -> Result<KubectlOutput> {
    let output = Command::new(program)
        .arg("--kubeconfig")
        .arg(kubeconfig)
        .arg("--cache-dir")
        .arg(cache)
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| format!("cannot run {}", program.display()))?;
    Ok(KubectlOutput {
        success: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}
