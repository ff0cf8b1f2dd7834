//! Kubeconfig files: every context that `kubectl` would find, read within bounds.
//!
//! All files of `KUBECONFIG`, else `~/.kube/config`; the first file that names something wins, as `kubectl` merges.
//! Unlike `kubectl`, one broken file is named and the others are still read. Nothing in a file is run by reading it.

mod bounded;
mod watch;

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use kube::config::{AuthInfo, AuthProviderConfig, Cluster, ExecConfig, Kubeconfig};
use serde_json::json;
use sha2::{Digest, Sha256};

pub use watch::{KubeconfigWatch, watch};

/// A kubeconfig that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KubeconfigError {
    /// The file can't be opened or read.
    #[error("{}: it can't be read: {detail}", .file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// It is a folder, a pipe or a device.
    #[error("{}: it is no regular file", .file.display())]
    NotAFile {
        /// The file.
        file: PathBuf,
    },
    /// It is larger than any kubeconfig.
    #[error("{}: it is larger than {} MiB and was not read", .file.display(), .limit >> 20)]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// It holds bytes that are no text.
    #[error("{}, line {line}: it holds {what}, which no kubeconfig does", .file.display())]
    NotText {
        /// The file.
        file: PathBuf,
        /// The line of the first such byte, from 1.
        line: usize,
        /// "a NUL byte", "bytes that are no UTF-8".
        what: &'static str,
    },
    /// It is no YAML, has a key twice, aliases without end, or is no kubeconfig.
    #[error("{}, line {line}, column {column}: {detail}", .file.display())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// The line, from 1; 0 where none can be told.
        line: u64,
        /// The column, from 1; 0 where none can be told.
        column: u64,
        /// What is wrong there.
        detail: String,
    },
    /// Two files contradict each other in what they are.
    #[error("{}: it does not go with the files before it: {detail}", .file.display())]
    NotMergeable {
        /// The file.
        file: PathBuf,
        /// In what.
        detail: String,
    },
    /// The context is in none of the files.
    #[error("the context \"{context}\" is in none of these files: {}", list(.files))]
    NoSuchContext {
        /// The context.
        context: String,
        /// The files.
        files: Vec<PathBuf>,
    },
    /// The context names a cluster that is in none of the files, or its settings can't be used.
    #[error("the context \"{context}\" can't be used: {detail}")]
    IncompleteContext {
        /// The context.
        context: String,
        /// What is wrong.
        detail: String,
    },
    /// `auth-provider` with a command: Kubernetes removed it in 1.26, and it would run without consent.
    #[error(
        "the user of the context \"{context}\" signs in by the auth-provider \"{provider}\", which Kubernetes removed in 1.26"
    )]
    AuthProvider {
        /// The context.
        context: String,
        /// The provider.
        provider: String,
    },
}

impl KubeconfigError {
    /// A stable code, the same in every language.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "kubeconfig-unreadable",
            Self::NotAFile { .. } => "kubeconfig-not-a-file",
            Self::TooLarge { .. } => "kubeconfig-too-large",
            Self::NotText { .. } => "kubeconfig-not-text",
            Self::Malformed { .. } => "kubeconfig-malformed",
            Self::NotMergeable { .. } => "kubeconfig-not-mergeable",
            Self::NoSuchContext { .. } => "kubeconfig-no-such-context",
            Self::IncompleteContext { .. } => "kubeconfig-incomplete-context",
            Self::AuthProvider { .. } => "kubeconfig-auth-provider",
        }
    }

    /// What to do next, in English.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "Check the file's permissions.",
            Self::NotAFile { .. } => "Name a regular file in KUBECONFIG.",
            Self::TooLarge { .. } => "Name a kubeconfig; this is something else.",
            Self::NotText { .. } | Self::Malformed { .. } => {
                "Correct the file at that line, or take it out of KUBECONFIG."
            }
            Self::NotMergeable { .. } => "Take one of the files out of KUBECONFIG.",
            Self::NoSuchContext { .. } => "Bind this cluster to one of the contexts that are there.",
            Self::IncompleteContext { .. } => "Correct the context in the kubeconfig.",
            Self::AuthProvider { .. } => {
                "Use an exec plugin of your provider instead (gke-gcloud-auth-plugin, kubelogin)."
            }
        }
    }
}

/// Where kubeconfig files are looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeconfigFiles {
    files: Vec<PathBuf>,
}

impl KubeconfigFiles {
    /// As `kubectl` looks for them: the list in `KUBECONFIG`, empty names ignored, else `~/.kube/config`.
    pub fn from_environment(kubeconfig: Option<&OsStr>, home: Option<&Path>) -> Self {
        let listed: Vec<PathBuf> = kubeconfig
            .map(|list| {
                std::env::split_paths(list)
                    .filter(|path| !path.as_os_str().is_empty())
                    .collect()
            })
            .unwrap_or_default();
        let default = || home.map(|home| home.join(".kube").join("config"));
        Self {
            files: if listed.is_empty() {
                default().into_iter().collect()
            } else {
                listed
            },
        }
    }

    /// Exactly these files.
    pub fn these(files: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            files: files.into_iter().collect(),
        }
    }

    /// The files, in the order in which they win.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Reads them all. A missing file is no error, as for `kubectl`; a broken one is in [`Contexts::problems`].
    pub fn load(&self) -> Contexts {
        let mut merged = Kubeconfig::default();
        let mut problems = Vec::new();
        let mut origin = Vec::new();
        for file in &self.files {
            match bounded::read(file) {
                Ok(None) => {}
                Ok(Some(config)) => {
                    let names: Vec<String> = config.contexts.iter().map(|one| one.name.clone()).collect();
                    match merged.clone().merge(config) {
                        Ok(both) => {
                            merged = both;
                            origin.extend(names.into_iter().map(|name| (name, file.clone())));
                        }
                        Err(error) => problems.push(KubeconfigError::NotMergeable {
                            file: file.clone(),
                            detail: error.to_string(),
                        }),
                    }
                }
                Err(error) => problems.push(error),
            }
        }
        Contexts {
            contexts: context_list(&merged, &origin),
            files: self.files.clone(),
            problems,
            merged,
        }
    }
}

/// A context as it is listed for choosing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextEntry {
    /// Its name.
    pub name: String,
    /// The name of its cluster entry.
    pub cluster: String,
    /// The API server's address, if the cluster entry is there.
    pub server: Option<String>,
    /// The name of its user entry.
    pub user: Option<String>,
    /// Its namespace, if it names one.
    pub namespace: Option<String>,
    /// Whether it is `current-context`.
    pub current: bool,
    /// The file that it comes from.
    pub file: Option<PathBuf>,
    /// Whether its user signs in by an exec plugin, which asks for consent first.
    pub exec_plugin: bool,
    /// Whether the server's certificate is not checked (`insecure-skip-tls-verify`): worth a warning.
    pub insecure: bool,
}

/// What a context says, to be held against what it says later. It holds no credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContextDigest([u8; 32]);

/// Everything that the kubeconfig files hold.
#[derive(Clone)]
pub struct Contexts {
    /// All contexts, in the order of the files.
    pub contexts: Vec<ContextEntry>,
    /// The files that were looked at.
    pub files: Vec<PathBuf>,
    /// Files that could not be read; the others were.
    pub problems: Vec<KubeconfigError>,
    merged: Kubeconfig,
}

impl fmt::Debug for Contexts {
    /// Leaves the merged kubeconfig out: it holds credentials.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contexts")
            .field("contexts", &self.contexts)
            .field("files", &self.files)
            .field("problems", &self.problems)
            .finish_non_exhaustive()
    }
}

impl Contexts {
    /// The context of that name.
    pub fn find(&self, name: &str) -> Option<&ContextEntry> {
        self.contexts.iter().find(|context| context.name == name)
    }

    /// The current context.
    pub fn current(&self) -> Option<&ContextEntry> {
        self.contexts.iter().find(|context| context.current)
    }

    /// The entry of that context's cluster.
    pub(crate) fn cluster_of(&self, context: &str) -> Option<&Cluster> {
        let name = &self.find(context)?.cluster;
        let named = self.merged.clusters.iter().find(|named| named.name == *name)?;
        named.cluster.as_ref()
    }

    /// The entry of that context's user; like `kubectl`, a user that is named and not there is nobody.
    pub(crate) fn user_of(&self, context: &str) -> Option<&AuthInfo> {
        let user = self.find(context)?.user.as_deref()?;
        let named = self.merged.auth_infos.iter().find(|named| named.name == user)?;
        named.auth_info.as_ref()
    }

    /// The exec plugin of that context's user, if it has one.
    pub(crate) fn exec_of(&self, context: &str) -> Option<&ExecConfig> {
        self.user_of(context)?.exec.as_ref()
    }

    /// A digest of all that connecting to that context depends on; `None`: there is no such context.
    pub fn digest(&self, context: &str) -> Option<ContextDigest> {
        let entry = self.find(context)?;
        let (merged, user) = (&self.merged, entry.user.as_deref());
        let parts = json!({
            "context": merged.contexts.iter().find(|named| named.name == context),
            "cluster": merged.clusters.iter().find(|named| named.name == entry.cluster),
            "user": merged.auth_infos.iter().find(|named| Some(named.name.as_str()) == user),
        });
        Some(ContextDigest(Sha256::digest(parts.to_string()).into()))
    }

    pub(crate) fn auth_provider_of(&self, context: &str) -> Option<&AuthProviderConfig> {
        self.user_of(context)?.auth_provider.as_ref()
    }
}

fn context_list(merged: &Kubeconfig, origin: &[(String, PathBuf)]) -> Vec<ContextEntry> {
    merged
        .contexts
        .iter()
        .filter_map(|named| {
            let context = named.context.as_ref()?;
            let cluster = merged
                .clusters
                .iter()
                .find(|one| one.name == context.cluster)
                .and_then(|one| one.cluster.as_ref());
            let user = context.user.as_deref().filter(|user| !user.is_empty());
            let auth = merged
                .auth_infos
                .iter()
                .find(|one| Some(one.name.as_str()) == user)
                .and_then(|one| one.auth_info.as_ref());
            Some(ContextEntry {
                name: named.name.clone(),
                cluster: context.cluster.clone(),
                server: cluster.and_then(|cluster| cluster.server.clone()),
                user: user.map(str::to_owned),
                namespace: context
                    .namespace
                    .clone()
                    .filter(|namespace| !namespace.is_empty()),
                current: merged.current_context.as_deref() == Some(named.name.as_str()),
                file: origin
                    .iter()
                    .find(|(name, _)| *name == named.name)
                    .map(|(_, file)| file.clone()),
                exec_plugin: auth.is_some_and(|auth| auth.exec.is_some()),
                insecure: cluster.and_then(|cluster| cluster.insecure_skip_tls_verify) == Some(true),
            })
        })
        .collect()
}

fn list(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
