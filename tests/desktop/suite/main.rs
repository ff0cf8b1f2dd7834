//! The built app in a real window.

mod finding;
mod guards;
mod hostile;
mod instances;
mod keeping;
mod ledger;
mod main_job;
mod offline;
mod opens;
mod real_cluster;
mod repository;
mod settings;
mod working;
