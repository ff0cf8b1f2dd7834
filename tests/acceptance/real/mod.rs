//! On the real control plane: simulated containers on real API server, etcd and controllers, with `kubectl` as oracle.

mod connections;
mod crash;
mod exec_plugin;
mod last_hour;
mod main_job;
mod oracle;
mod preflight;
mod progress;
mod renamed;
mod targets;
mod watching;
