//! The head of the audit chain, kept in a file of its own, so that a lost tail of the chain shows.
//!
//! It is no proof against the file's owner, who can write both files; it tells accidents and careless edits.
//! Two slots are written in turn, each with its own checksum: a torn write leaves the other.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::chain::Link;
use crate::error::{LedgerError, Result};

/// sequence (8) + hash (32) + checksum (32).
const SLOT: usize = 72;

/// Writes the link that the chain now ends with; synced when this returns.
pub(crate) fn write(path: &Path, link: Link) -> Result<()> {
    let fail = |source| LedgerError::io(path, "written", source);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(fail)?;
    let slot = u64::try_from(link.sequence).expect("because sequences count from 0") % 2;
    file.seek(SeekFrom::Start(slot * SLOT as u64)).map_err(fail)?;
    file.write_all(&encode(link)).map_err(fail)?;
    file.sync_data().map_err(fail)
}

/// Makes this link the only one, when the chain was found to be shorter than the head said.
pub(crate) fn reset(path: &Path, link: Link) -> Result<()> {
    let fail = |source| LedgerError::io(path, "written", source);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(fail)?;
    file.set_len(0).map_err(fail)?;
    drop(file);
    write(path, link)
}

/// The newest link of the file; `None` if there is no file or no slot is whole.
pub(crate) fn read(path: &Path) -> Result<Option<Link>> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(mut file) => file
            .read_to_end(&mut bytes)
            .map_err(|source| LedgerError::io(path, "read", source))?,
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(LedgerError::io(path, "read", source)),
    };
    Ok(bytes
        .chunks(SLOT)
        .filter_map(decode)
        .max_by_key(|link| link.sequence))
}

fn encode(link: Link) -> [u8; SLOT] {
    let mut slot = [0; SLOT];
    slot[..8].copy_from_slice(&link.sequence.to_be_bytes());
    slot[8..40].copy_from_slice(&link.hash);
    let checksum: [u8; 32] = Sha256::digest(&slot[..40]).into();
    slot[40..].copy_from_slice(&checksum);
    slot
}

fn decode(slot: &[u8]) -> Option<Link> {
    let (content, checksum) = slot.split_at_checked(40)?;
    let whole = Sha256::digest(content).as_slice() == checksum;
    let sequence = i64::from_be_bytes(content[..8].try_into().ok()?);
    let hash = content[8..].try_into().ok()?;
    whole.then_some(Link { sequence, hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(sequence: i64) -> Link {
        Link {
            sequence,
            hash: [u8::try_from(sequence).unwrap(); 32],
        }
    }

    #[test]
    fn the_newest_of_the_two_slots_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        assert_eq!(read(&path).unwrap(), None, "a new ledger has no head");
        for sequence in 1..=5 {
            write(&path, link(sequence)).unwrap();
            assert_eq!(read(&path).unwrap(), Some(link(sequence)));
        }
    }

    #[test]
    fn a_torn_write_leaves_the_link_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        write(&path, link(1)).unwrap();
        write(&path, link(2)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[20] ^= 1; // slot 0 holds link 2
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read(&path).unwrap(), Some(link(1)));
    }

    #[test]
    fn a_reset_forgets_the_links_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        write(&path, link(7)).unwrap();
        write(&path, link(8)).unwrap();
        reset(&path, link(3)).unwrap();
        assert_eq!(read(&path).unwrap(), Some(link(3)));
    }
}
