//! A process and its descendants, as Linux tells of them.

use std::fs;

use anyhow::{Context, Result};

/// When a process was started, in milliseconds since 1970; exact to 10 ms.
pub fn started(process: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in brackets, may hold anything; field 22 of proc(5) is the twentieth after it.
    let fields = text
        .rsplit_once(')')
        .map(|(_, fields)| fields)
        .unwrap_or_default();
    let ticks: f64 = fields
        .split_whitespace()
        .nth(19)
        .context("no start time")?
        .parse()?;
    let boot = boot_milliseconds()?;
    Ok(boot + ticks * 10.0)
}

/// Since 1970; from the two clocks, as `btime` has whole seconds only.
fn boot_milliseconds() -> Result<f64> {
    let up = fs::read_to_string("/proc/uptime")?;
    let up: f64 = up.split_whitespace().next().context("no uptime")?.parse()?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(now.as_secs_f64() * 1e3 - up * 1e3)
}

/// The memory of a process and all its descendants, what is shared counted once.
pub fn mebibytes(process: u32) -> Result<f64> {
    let own = proportional_kib(process)?;
    let descendants: u64 = descendants(process)
        .into_iter()
        .filter_map(|id| proportional_kib(id).ok())
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "a few million KiB are exact")]
    Ok((own + descendants) as f64 / 1024.0)
}

fn proportional_kib(process: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let digits = line
        .and_then(|line| line.split_whitespace().next())
        .context("no Pss")?;
    Ok(digits.parse()?)
}

/// All that a process started, and what these started.
pub fn descendants(process: u32) -> Vec<u32> {
    let mut found = Vec::new();
    let mut open = vec![process];
    while let Some(parent) = open.pop() {
        let children = children(parent);
        found.extend(&children);
        open.extend(children);
    }
    found
}

/// Of all its threads; one that ended meanwhile has none.
fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    threads
        .filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok())
        .flat_map(|ids| {
            ids.split_whitespace()
                .filter_map(|id| id.parse().ok())
                .collect::<Vec<u32>>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_counts_with_its_parent() {
        let mut child = std::process::Command::new("sleep").arg("30").spawn().unwrap();
        let own = std::process::id();
        assert!(descendants(own).contains(&child.id()));
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap();
        let age = now.as_secs_f64() * 1e3 - started(child.id()).unwrap();
        assert!(
            (-50.0..20_000.0).contains(&age),
            "it was started just now: {age} ms"
        );
        assert!(mebibytes(own).unwrap() > 0.5);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
