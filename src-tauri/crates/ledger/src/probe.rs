//! Whether the data folder can be written to, found out by writing.
//!
//! Asking for permissions or free blocks first tells less: quotas, read-only mounts and reserved blocks only show
//! when something is written and synced.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::error::{LedgerError, Result};
use crate::open::ReadOnlyReason;

/// How much the probe writes: more than a whole operation with all its steps takes in the log.
const PROBE_BYTES: usize = 1 << 20;

/// Writes, syncs and removes a file of a mebibyte in the folder.
pub(crate) fn write_file(folder: &Path) -> Result<()> {
    let path = folder.join(format!("write-probe-{}", std::process::id()));
    let written = write_synced(&path);
    let removed = fs::remove_file(&path);
    written
        .and(removed)
        .map_err(|source| LedgerError::io(&path, "written", source))
}

fn write_synced(path: &Path) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(&vec![0x5a; PROBE_BYTES])?;
    file.sync_all()
}

/// The reason for which a folder that refuses the probe is opened read-only; `None` is another failure.
pub(crate) fn read_only_reason(error: &LedgerError) -> Option<ReadOnlyReason> {
    match error {
        LedgerError::DiskFull { .. } => Some(ReadOnlyReason::DiskFull),
        LedgerError::Io { source, .. }
            if matches!(
                source.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            Some(ReadOnlyReason::Folder)
        }
        _ => None,
    }
}

/// Free bytes for this user on the disk of the folder, where the system tells.
#[cfg(unix)]
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    rustix::fs::statvfs(folder)
        .ok()
        .map(|found| found.f_bavail.saturating_mul(found.f_frsize))
}

/// Free bytes for this user on the disk of the folder, where the system tells: here it is not asked.
#[cfg(not(unix))]
pub(crate) fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}
