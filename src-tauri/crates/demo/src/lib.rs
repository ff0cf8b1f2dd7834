//! The demo world: sample repositories and an in-process cluster behind an ordinary kube client.
//!
//! The code under test never knows that it is a demo: it gets real Git repositories and a real
//! `kube::Client`. Nothing here can reach a real cluster.

pub mod cluster;
pub mod world;
