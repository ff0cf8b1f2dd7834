//! Exec plugins: programs that a kubeconfig names to get credentials. Never run without consent, never unbounded.
//!
//! `kube` would run them itself, without asking, for as long as they like and with all of their output in memory.
//! So they are taken out of the settings before `kube` sees them, found on the PATH of the login shell as well,
//! shown to the person as an [`ExecConsent`], and run here with a time limit and a limit on what they print.

mod login_path;
mod run;

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kube::config::ExecConfig;
use sha2::{Digest, Sha256};

use crate::kubeconfig::Contexts;

pub use login_path::login_shell_path;
pub(crate) use run::{Credentials, run};

/// Why an exec plugin gave no credentials.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExecPluginError {
    /// The person has not yet allowed it, or it changed since.
    #[error("the context \"{context}\" signs in by running {}, which was not allowed yet", .consent.command_line())]
    NotAllowed {
        /// The context.
        context: String,
        /// What would run: show it and ask.
        consent: Box<ExecConsent>,
    },
    /// It is nowhere to be found.
    #[error("the context \"{context}\" signs in by \"{command}\", which is in none of these folders: {}", folders(.searched))]
    Missing {
        /// The context.
        context: String,
        /// The command as the kubeconfig names it.
        command: String,
        /// The folders that were searched.
        searched: Vec<PathBuf>,
        /// What the kubeconfig says about installing it (`installHint`).
        install_hint: Option<String>,
    },
    /// It could not be started.
    #[error("{}: it could not be started: {detail}", .program.display())]
    NotStarted {
        /// The program.
        program: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// It ran longer than allowed and was stopped.
    #[error("{}: it gave no credentials within {} s and was stopped", .program.display(), .after.as_secs())]
    TimedOut {
        /// The program.
        program: PathBuf,
        /// How long it was waited for.
        after: Duration,
    },
    /// It printed more than allowed and was stopped.
    #[error("{}: it printed more than {} KiB and was stopped", .program.display(), .limit >> 10)]
    TooMuchOutput {
        /// The program.
        program: PathBuf,
        /// The limit in bytes.
        limit: usize,
    },
    /// It ended with an error.
    #[error("{}: it ended with {status}: {message}", .program.display())]
    Failed {
        /// The program.
        program: PathBuf,
        /// "exit status: 1", "signal: 9".
        status: String,
        /// The end of what it printed as errors.
        message: String,
    },
    /// What it printed are no credentials.
    #[error("{}: what it printed are no credentials: {detail}", .program.display())]
    NoCredentials {
        /// The program.
        program: PathBuf,
        /// What is wrong; never what it printed.
        detail: String,
    },
}

impl ExecPluginError {
    /// A stable code, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => "exec-plugin-not-allowed",
            Self::Missing { .. } => "exec-plugin-missing",
            Self::NotStarted { .. } => "exec-plugin-not-started",
            Self::TimedOut { .. } => "exec-plugin-timed-out",
            Self::TooMuchOutput { .. } => "exec-plugin-too-much-output",
            Self::Failed { .. } => "exec-plugin-failed",
            Self::NoCredentials { .. } => "exec-plugin-no-credentials",
        }
    }

    /// What to do next, in English.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAllowed { .. } => {
                "Look at the program and its arguments, and allow it if you trust them."
            }
            Self::Missing { .. } => "Install it, or write its absolute path into the kubeconfig.",
            Self::NotStarted { .. } => "Check that the program may be run.",
            Self::TimedOut { .. } => {
                "It may wait for a sign-in: sign in with it in a terminal once, then try again."
            }
            Self::TooMuchOutput { .. } | Self::NoCredentials { .. } => {
                "Run it in a terminal and look at what it prints."
            }
            Self::Failed { .. } => "Sign in with it in a terminal once, then try again.",
        }
    }
}

/// What a person is asked to allow: exactly this program with exactly these arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecConsent {
    /// The program's absolute path.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Names of the environment variables that the kubeconfig sets for it.
    pub environment: Vec<String>,
    /// SHA-256 over path, arguments, and names and values of the environment: keep this; another key asks again.
    pub key: String,
}

impl ExecConsent {
    /// As one would type it; for reading only, nothing is quoted for a shell.
    pub fn command_line(&self) -> String {
        let words: Vec<String> = std::iter::once(self.program.display().to_string())
            .chain(self.arguments.iter().cloned())
            .collect();
        words.join(" ")
    }
}

/// Limits for a plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PluginLimits {
    /// How long it may take.
    pub time: Duration,
    /// How many bytes it may print; credentials are a few KiB.
    pub output: usize,
}

impl Default for PluginLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            output: 1 << 20,
        }
    }
}

/// An exec plugin that was found and may run.
#[derive(Debug, Clone)]
pub(crate) struct AllowedPlugin {
    pub(crate) consent: ExecConsent,
    pub(crate) config: ExecConfig,
    pub(crate) search: Vec<PathBuf>,
    pub(crate) limits: PluginLimits,
}

/// What the plugin of that context would run, to be shown before anybody allows it. `None`: it has no plugin.
///
/// `search` are the folders of PATH: this process's own, then the login shell's ([`login_shell_path`]).
pub fn consent_for(
    contexts: &Contexts,
    context: &str,
    search: &[PathBuf],
) -> Result<Option<ExecConsent>, ExecPluginError> {
    contexts
        .exec_of(context)
        .map(|exec| consent(context, exec, search))
        .transpose()
}

pub(crate) fn consent(
    context: &str,
    exec: &ExecConfig,
    search: &[PathBuf],
) -> Result<ExecConsent, ExecPluginError> {
    let command = exec.command.as_deref().unwrap_or_default();
    let program = locate(command, search).ok_or_else(|| ExecPluginError::Missing {
        context: context.to_owned(),
        command: command.to_owned(),
        searched: if command.contains('/') {
            Path::new(command)
                .parent()
                .map(Path::to_owned)
                .into_iter()
                .collect()
        } else {
            search.to_vec()
        },
        install_hint: exec.install_hint.clone(),
    })?;
    let arguments = exec.args.clone().unwrap_or_default();
    let variables = variables(exec);
    Ok(ExecConsent {
        key: key(&program, &arguments, &variables),
        program,
        arguments,
        environment: variables.into_iter().map(|(name, _)| name.to_owned()).collect(),
    })
}

/// The environment variables that the kubeconfig sets for the plugin.
pub(crate) fn variables(exec: &ExecConfig) -> Vec<(&str, &str)> {
    exec.env
        .iter()
        .flatten()
        .filter_map(|entry| Some((entry.get("name")?.as_str(), entry.get("value")?.as_str())))
        .collect()
}

/// A command with a slash is taken as it stands (relative ones are absolute by now); any other is searched.
fn locate(command: &str, search: &[PathBuf]) -> Option<PathBuf> {
    if command.is_empty() {
        return None;
    }
    if command.contains('/') {
        return Some(PathBuf::from(command)).filter(|path| path.is_absolute() && is_program(path));
    }
    search
        .iter()
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(command))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

fn key(program: &Path, arguments: &[String], variables: &[(&str, &str)]) -> String {
    let mut hash = Sha256::new();
    // Each part with its length, so that no two lists read the same.
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    };
    add(program.as_os_str().as_encoded_bytes());
    arguments.iter().for_each(|argument| add(argument.as_bytes()));
    add(b"environment");
    for (name, value) in variables {
        add(name.as_bytes());
        add(value.as_bytes());
    }
    let mut hex = String::with_capacity(64);
    for byte in hash.finalize() {
        write!(hex, "{byte:02x}").expect("because writing to a String never fails");
    }
    hex
}

fn folders(searched: &[PathBuf]) -> String {
    let names: Vec<String> = searched
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
