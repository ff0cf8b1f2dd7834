//! On in-process clusters of the demo, where faults and people can be had on demand.

mod drawer;
mod export;
mod faults;
mod git;
mod guards;
mod hostile;
mod last_hour;
mod left_open;
mod notes;
mod preflight;
mod raced;
mod rolled_back;
mod search;
mod verdicts;
mod watching;
mod workloads;
