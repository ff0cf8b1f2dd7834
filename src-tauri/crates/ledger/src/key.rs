//! The key of the hashes of Secrets: made once, in a file that only its owner reads.
//!
//! Secrets are never stored. Whether one changed is told by a keyed hash, which is worthless without this file.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use domain::ids::ContentHash;

use crate::error::{LedgerError, Result};

/// The key, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// A key of these random bytes.
    pub fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    /// The bytes, for whoever hashes by them.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HMAC-SHA-256 of a Secret's content, in lower-case hexadecimal.
    pub fn hash(&self, content: &[u8]) -> ContentHash {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("because HMAC takes a key of any length");
        mac.update(content);
        ContentHash::new(hexadecimal(&mac.finalize().into_bytes()))
    }

    /// Tells which key made a hash, without telling the key.
    pub(crate) fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"tidemark key id");
        hash.update(self.0);
        hexadecimal(&hash.finalize()[..8])
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SecretKey({})", self.id())
    }
}

/// Bytes in lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            write!(text, "{byte:02x}").expect("because writing to a String never fails");
            text
        })
}

/// Reads the key, or makes the file of these random bytes where there is none.
pub(crate) fn read_or_make(path: &Path, random: [u8; 32]) -> Result<SecretKey> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    match make(path, random) {
        Ok(()) => Ok(SecretKey(random)),
        // Another process was faster: its key counts.
        Err(source) if source.kind() == std::io::ErrorKind::AlreadyExists => {
            Ok(read(path)?.unwrap_or(SecretKey(random)))
        }
        Err(source) => Err(LedgerError::io(path, "written", source)),
    }
}

/// The key of the file; `None` if there is none, or it is not a key.
pub(crate) fn read(path: &Path) -> Result<Option<SecretKey>> {
    match fs::read(path) {
        Ok(bytes) => Ok(bytes.try_into().ok().map(SecretKey)),
        Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(LedgerError::io(path, "read", source)),
    }
}

fn make(path: &Path, random: [u8; 32]) -> std::io::Result<()> {
    // A torn file of another length is no key; it has to go first.
    if path.exists() {
        fs::remove_file(path)?;
    }
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&random)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_hmac_sha_256() {
        // RFC 4231, test case 1, with the key padded to 32 bytes: zero padding is what HMAC does to a short key.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(
            SecretKey::new(key).hash(b"Hi There").as_str(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }

    #[test]
    fn the_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.key");
        let made = read_or_make(&path, [7; 32]).unwrap();
        assert_eq!(read_or_make(&path, [8; 32]).unwrap(), made, "the first one stays");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert!(!format!("{made:?}").contains("0707"), "a key is never shown");
    }
}
