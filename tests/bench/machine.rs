//! What the numbers were measured on: without it they say nothing.

use std::fs;
use std::num::NonZero;
use std::thread;

/// One line: cores, processor, load of the last minute.
pub fn describe() -> String {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    format!(
        "{cores} cores, {}; load of the last minute {}",
        processor(),
        load()
    )
}

/// How many programs wanted to run at once, on average over the last minute, where the system tells.
pub fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}

fn processor() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    model.map_or_else(
        || std::env::consts::ARCH.to_owned(),
        |name| name.trim_start_matches([' ', '\t', ':']).to_owned(),
    )
}
