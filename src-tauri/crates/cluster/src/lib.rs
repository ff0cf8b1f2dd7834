//! Reads and changes Kubernetes clusters: contexts, watches, history, dry runs, patches, progress.
//!
//! Slim types of its own everywhere: a cluster's objects are folded into what Tidemark needs as they arrive, and no
//! whole object is kept. Lacks on purpose: services, environments and the ledger, which are `app`'s; and Tauri.

pub mod change;
pub mod client;
pub mod configuration;
#[cfg(test)]
mod double;
pub mod drawer;
pub mod error;
pub mod events;
pub mod exec_plugin;
pub mod history;
pub mod kubeconfig;
mod query;
pub mod rbac;
pub mod records;
pub mod summary;
pub mod watch;
pub mod workload;

pub use client::{Account, AccountSource, Clients, ConnectOptions, Proxies, Purpose};
pub use error::Error;
pub use records::{OwnerMarks, RevisionRecord, Rollout, Strategy, WorkloadRecord, template_facts};
pub use watch::{ClusterChange, ClusterView, ClusterWatch, Condition, Scope, WatchOptions, Watched, watch};
