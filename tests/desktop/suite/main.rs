//! The built app in a real window.

mod guards;
mod hostile;
mod instances;
mod keeping;
mod main_job;
mod opens;
mod real_cluster;
mod repository;
mod settings;
