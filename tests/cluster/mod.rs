//! The control plane of the tests: a real etcd, API server, controller manager and scheduler on
//! loopback, with kwok in the kubelet's place. Simulated containers on a real control plane, never more.
//!
//! It exists because the truth about a cluster is what a real API server answers. It deliberately
//! lacks container runtimes and networks. `README.md` beside this file says how to use it.

mod control_plane;
mod folder;
mod kubeconfig;
mod kubectl;
mod launch;
mod people;
mod process;
mod programs;
mod shared;
mod simulation;
mod wait;

pub use control_plane::{CONTEXT, ControlPlane};
pub use kubectl::KubectlOutput;
pub use people::Person;
pub use programs::{BuildError, Program, Programs};
pub use shared::shared;
pub use simulation::{CONTAINER_LOG_LINES, PREVIOUS_LOG_LINES};
pub use wait::{until, until_within};
