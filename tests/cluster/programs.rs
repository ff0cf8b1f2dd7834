//! Builds the programs of the control plane once and keeps them outside the source tree.
//!
//! The folder is named by a hash of `go.mod`, `go.sum` and the linker flags, so that a clean clone on
//! the same machine builds nothing again, and a changed pin builds anew.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

/// A program of the control plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    Etcd,
    ApiServer,
    ControllerManager,
    Scheduler,
    Kwok,
    Kubectl,
}

impl Program {
    /// Every program, in the order in which they are built.
    pub const ALL: [Self; 6] = [
        Self::Etcd,
        Self::ApiServer,
        Self::ControllerManager,
        Self::Scheduler,
        Self::Kwok,
        Self::Kubectl,
    ];

    /// The Go package that it is built from.
    fn package(self) -> &'static str {
        match self {
            Self::Etcd => "go.etcd.io/etcd/server/v3",
            Self::ApiServer => "k8s.io/kubernetes/cmd/kube-apiserver",
            Self::ControllerManager => "k8s.io/kubernetes/cmd/kube-controller-manager",
            Self::Scheduler => "k8s.io/kubernetes/cmd/kube-scheduler",
            Self::Kwok => "sigs.k8s.io/kwok/cmd/kwok",
            Self::Kubectl => "k8s.io/kubernetes/cmd/kubectl",
        }
    }

    /// The name of the file that `go build` writes. For etcd this is `server`, the last part of its
    /// package that is no version.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Etcd => "server",
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kwok => "kwok",
            Self::Kubectl => "kubectl",
        }
    }
}

/// Why the programs could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(
        "Go was not found, and the control plane of the tests is built with it. \
         Install Go 1.26 or newer from https://go.dev/dl/ (unpack it to /usr/local/go), \
         then run `cargo run -p tests --bin control-plane -- build` again"
    )]
    NoGo,
    #[error("the home folder is unknown: set HOME or XDG_CACHE_HOME, where the programs are kept")]
    NoHome,
    #[error("{path} names no k8s.io/kubernetes version: pin it in a `require` line")]
    NoKubernetesVersion { path: PathBuf },
    #[error("cannot {action} {path}")]
    File {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("`go build` failed for the control plane ({status}); its last lines:\n{tail}\nAll of it: {log}")]
    Go {
        status: std::process::ExitStatus,
        tail: String,
        log: PathBuf,
    },
}

/// The built programs, all of them present.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds what the cache lacks, which takes about eight minutes on two cores the first time, and
    /// milliseconds afterwards. Two builders at once wait for each other. `say` gets lines for people.
    pub fn build(say: &mut dyn FnMut(&str)) -> Result<Self, BuildError> {
        let module = Path::new(env!("CARGO_MANIFEST_DIR")).join("cluster");
        let recipe = Recipe::read(&module)?;
        let cache = cache_folder()?;
        let folder = cache.join(&recipe.key);
        if !folder.is_dir() {
            create_folder(&cache)?;
            let _lock = lock(&cache.join(format!("{}.lock", recipe.key)))?;
            // Somebody else may have built it while we waited for the lock.
            if !folder.is_dir() {
                say("building the control plane of the tests; the first time takes about eight minutes");
                recipe.build_into(&folder)?;
            }
        }
        Ok(Self { folder })
    }

    /// Where a program lies.
    pub fn path(&self, program: Program) -> PathBuf {
        self.folder.join(program.file_name())
    }

    /// The folder that holds all of them.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// What decides the bytes of the programs.
struct Recipe {
    module: PathBuf,
    linker_flags: String,
    key: String,
}

impl Recipe {
    fn read(module: &Path) -> Result<Self, BuildError> {
        let go_mod = read(&module.join("go.mod"))?;
        let go_sum = read(&module.join("go.sum"))?;
        let version = kubernetes_version(&go_mod).ok_or_else(|| BuildError::NoKubernetesVersion {
            path: module.join("go.mod"),
        })?;
        let linker_flags = linker_flags(version);
        let mut hash = Sha256::new();
        for part in [&go_mod, &go_sum, &linker_flags] {
            hash.update(part.as_bytes());
        }
        let key = hash
            .finalize()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Self {
            module: module.to_owned(),
            linker_flags,
            key,
        })
    }

    /// Builds beside the target and renames, so that the target is either complete or absent.
    fn build_into(&self, folder: &Path) -> Result<(), BuildError> {
        let unfinished = folder.with_extension("unfinished");
        let log = folder.with_extension("log");
        create_folder(&unfinished)?;
        let output = Command::new(go())
            .current_dir(&self.module)
            .args(["build", "-trimpath", "-ldflags", &self.linker_flags, "-o"])
            .arg(&unfinished)
            .args(Program::ALL.map(Program::package))
            .stdin(Stdio::null())
            .output()
            .map_err(|source| match source.kind() {
                io::ErrorKind::NotFound => BuildError::NoGo,
                _ => BuildError::File {
                    action: "run",
                    path: go(),
                    source,
                },
            })?;
        fs::write(&log, &output.stderr).map_err(|source| BuildError::File {
            action: "write",
            path: log.clone(),
            source,
        })?;
        if !output.status.success() {
            let tail = tail(&String::from_utf8_lossy(&output.stderr), 15);
            return Err(BuildError::Go {
                status: output.status,
                tail,
                log,
            });
        }
        fs::rename(&unfinished, folder).map_err(|source| BuildError::File {
            action: "rename",
            path: unfinished,
            source,
        })
    }
}

/// Without these, `kubectl version` cannot parse what the server says of itself.
fn linker_flags(version: &str) -> String {
    let mut numbers = version.trim_start_matches('v').split('.');
    let major = numbers.next().unwrap_or_default();
    let minor = numbers.next().unwrap_or_default();
    let package = "k8s.io/component-base/version";
    format!(
        "-s -w -X {package}.gitVersion={version} -X {package}.gitMajor={major} -X {package}.gitMinor={minor}"
    )
}

fn kubernetes_version(go_mod: &str) -> Option<&str> {
    go_mod
        .lines()
        .map(str::trim)
        .filter_map(|line| line.strip_prefix("k8s.io/kubernetes "))
        .find_map(|rest| rest.split_whitespace().next())
}

/// `go` of the path, else where its installer puts it.
fn go() -> PathBuf {
    let on_path = env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join("go").is_file()));
    let installed = Path::new("/usr/local/go/bin/go");
    if !on_path && installed.is_file() {
        installed.to_owned()
    } else {
        "go".into()
    }
}

fn cache_folder() -> Result<PathBuf, BuildError> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env::var_os("HOME").ok_or(BuildError::NoHome)?).join(".cache"),
    };
    Ok(base.join("tidemark").join("control-plane"))
}

fn create_folder(path: &Path) -> Result<(), BuildError> {
    fs::create_dir_all(path).map_err(|source| BuildError::File {
        action: "create",
        path: path.to_owned(),
        source,
    })
}

/// Held until the file is dropped, or the process ends in any way.
fn lock(path: &Path) -> Result<File, BuildError> {
    let held = File::create(path).and_then(|file| file.lock().map(|()| file));
    held.map_err(|source| BuildError::File {
        action: "lock",
        path: path.to_owned(),
        source,
    })
}

fn read(path: &Path) -> Result<String, BuildError> {
    fs::read_to_string(path).map_err(|source| BuildError::File {
        action: "read",
        path: path.to_owned(),
        source,
    })
}

/// The last `count` lines.
pub(super) fn tail(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_is_told_the_version_that_go_mod_pins() {
        let go_mod = "require (\n\tk8s.io/api v0.36.3 // indirect\n\tk8s.io/kubernetes v1.36.3\n)\n";
        let version = kubernetes_version(go_mod).expect("because the line above pins it");
        assert_eq!(version, "v1.36.3");
        assert!(
            linker_flags(version).contains(".gitMinor=36"),
            "kubectl parses the minor number"
        );
    }
}
