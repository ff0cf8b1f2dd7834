//! The settings that libgit2 keeps for the whole process.
//!
//! Nothing else in this crate is process-wide. The settings never change after the first call.

use std::sync::Once;

static PREPARED: Once = Once::new();

/// Sets libgit2 up for reading, once; later calls do nothing.
///
/// Every function here that opens a repository calls it. A program that also uses `git2` from other
/// threads on its own calls it first thing, since libgit2 reads these settings without a lock.
pub fn prepare() {
    PREPARED.call_once(|| {
        // Reading thousands of tags spends a quarter of its time on hashing what Git hashed when it
        // wrote; `git` itself does not check on reading either.
        git2::opts::strict_hash_verification(false);
        accept_partial_clones();
        keep_no_tags();
    });
}

/// A clone without blobs says so in `extensions.partialclone`, which libgit2 refuses to open unless it
/// is told that the caller copes with missing objects. This crate does: they are "not here".
#[expect(unsafe_code, reason = "libgit2 has no other way to accept an extension")]
fn accept_partial_clones() {
    // SAFETY: the call must not race with another one that opens repositories. `Once` lets no other
    // thread of this crate past `prepare` until it is done, and `prepare` says what other users owe.
    let accepted = unsafe { git2::opts::set_extensions(&["partialclone"]) };
    if let Err(error) = accepted {
        tracing::warn!(%error, "partial clones will be refused");
    }
}

/// Tag objects are read once and kept here, in a smaller form; libgit2's own cache of them only costs.
#[expect(
    unsafe_code,
    reason = "libgit2 has no other way to leave a kind of object out of its cache"
)]
fn keep_no_tags() {
    // SAFETY: as for the extensions above: nobody reads the limit while it is set.
    let set = unsafe { git2::opts::set_cache_object_limit(git2::ObjectType::Tag, 0) };
    if let Err(error) = set {
        tracing::warn!(%error, "tag objects are cached twice");
    }
}
