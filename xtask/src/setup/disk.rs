//! Room for what is built: a full disk fails late, in the middle of a link, with an error that names nothing.

use std::path::Path;
use std::process::Command;

use crate::root;

/// GiB that a cold build of everything with its tests takes, with the control plane.
const WANTED: u64 = 10;

/// Says when there is little room where Cargo builds. No refusal: what is built already needs less.
pub fn look() {
    let place = root::target();
    let above = place.ancestors().find(|folder| folder.exists());
    let Some(free) = above.and_then(free) else { return };
    if free < WANTED {
        eprintln!(
            "{} has {free} GiB free, and a first build takes {WANTED}: make room (`cargo clean` drops what was built \
             before), or set CARGO_TARGET_DIR to a folder on a larger disk.",
            place.display()
        );
    }
}

/// Whole GiB free where this folder lies, as `df` says.
fn free(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    parse(&String::from_utf8_lossy(&output.stdout))
}

/// The fourth column of the second line is what is available, in KiB (POSIX, `df -P`).
fn parse(table: &str) -> Option<u64> {
    let kibibytes: u64 = table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kibibytes / (1024 * 1024))
}

#[cfg(test)]
mod tests {
    use super::{free, parse};

    #[test]
    fn what_is_available_is_read_from_the_table_of_df() {
        let table = "Filesystem 1024-blocks Used Available Capacity Mounted on\n\
                     /dev/vda 263174212 27262976 10485760 29% /\n";
        assert_eq!(parse(table), Some(10));
        assert_eq!(parse("Filesystem\n"), None);
        assert_eq!(parse("df: no such folder"), None);
    }

    #[test]
    #[cfg(unix)]
    fn this_folder_lies_on_some_disk() {
        assert!(free(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).is_some());
    }
}
