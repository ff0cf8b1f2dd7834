//! The references below `refs/tags/`, read from their files.
//!
//! libgit2 refuses a whole repository for one junk line in `packed-refs`, and cannot say cheaply that
//! nothing changed. Both matter here: one broken tag must not hide the others, and a listing is
//! repeated all day.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use git2::Oid;

use crate::error::GitError;

const TAGS: &[u8] = b"refs/tags/";
/// Deeper folders are no real tags, and a bound keeps a mistake from walking a disk.
const DEEPEST: usize = 32;

/// What a tag's reference says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RefValue {
    /// An object; and what it leads to in the end, where Git wrote that down when it packed the
    /// reference.
    Object(Oid, Option<Oid>),
    /// Another reference, by its full name.
    Symbolic(Vec<u8>),
    /// Nothing that can be read.
    Garbage(String),
}

/// All references below `refs/tags/`, by the name below it.
#[derive(Debug, Default)]
pub(crate) struct TagRefs {
    pub values: BTreeMap<Vec<u8>, RefValue>,
    /// Lines of `packed-refs` that are no references, counted from 1.
    pub junk_lines: Vec<usize>,
}

/// What tells, without reading a reference, whether one changed: the files, and of each its inode,
/// size and times to the nanosecond (Git writes a reference by renaming a new file into place).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RefsStamp {
    packed: Option<FileStamp>,
    loose: Vec<(PathBuf, FileStamp)>,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
struct FileStamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl RefsStamp {
    /// Looks at the files of the repository with this common folder, opening none of them.
    pub fn take(common_dir: &Path) -> Result<RefsStamp, GitError> {
        let packed = match fs::metadata(common_dir.join("packed-refs")) {
            Ok(metadata) => Some(FileStamp::of(&metadata)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => {
                return Err(GitError::Unreadable {
                    path: common_dir.join("packed-refs"),
                    source,
                });
            }
        };
        let mut loose = Vec::new();
        collect_loose(&common_dir.join("refs/tags"), 0, &mut loose)?;
        loose.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(RefsStamp { packed, loose })
    }
}

impl FileStamp {
    fn of(metadata: &Metadata) -> FileStamp {
        FileStamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl TagRefs {
    /// Reads the references of the files that `stamp` names; a loose one hides a packed one.
    pub fn read(common_dir: &Path, stamp: &RefsStamp) -> Result<TagRefs, GitError> {
        let mut refs = TagRefs::default();
        if stamp.packed.is_some() {
            refs.read_packed(&common_dir.join("packed-refs"))?;
        }
        let tags_dir = common_dir.join("refs/tags");
        for (path, _) in &stamp.loose {
            refs.read_loose(&tags_dir, path)?;
        }
        Ok(refs)
    }

    fn read_packed(&mut self, path: &Path) -> Result<(), GitError> {
        let Some(text) = read_if_there(path)? else {
            return Ok(());
        };
        let mut last: Option<Vec<u8>> = None;
        for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
            match packed_line(line) {
                PackedLine::Reference(name, oid) => {
                    last = name.strip_prefix(TAGS).map(<[u8]>::to_vec);
                    if let Some(name) = &last {
                        self.values.insert(name.clone(), RefValue::Object(oid, None));
                    }
                }
                PackedLine::Peeled(peeled) => {
                    let tag = last.take().and_then(|name| self.values.get_mut(&name));
                    if let Some(RefValue::Object(_, known)) = tag {
                        *known = Some(peeled);
                    }
                }
                PackedLine::Silent => {}
                PackedLine::Junk => self.junk_lines.push(index + 1),
            }
        }
        Ok(())
    }

    fn read_loose(&mut self, tags_dir: &Path, path: &Path) -> Result<(), GitError> {
        let relative = path
            .strip_prefix(tags_dir)
            .expect("because the walk started at the tags folder");
        let name = relative.as_os_str().as_bytes().to_vec();
        // Gone since the walk: packed meanwhile, or deleted. The next look at the stamp sees it.
        let Some(text) = read_if_there(path)? else {
            return Ok(());
        };
        let value = if is_valid_name(&name) {
            loose_value(&text)
        } else {
            RefValue::Garbage("its name is not allowed in Git".into())
        };
        self.values.insert(name, value);
        Ok(())
    }
}

fn collect_loose(dir: &Path, depth: usize, found: &mut Vec<(PathBuf, FileStamp)>) -> Result<(), GitError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => {
            return Err(GitError::Unreadable {
                path: dir.to_owned(),
                source,
            });
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            if depth < DEEPEST {
                collect_loose(&path, depth + 1, found)?;
            }
        } else if !path.as_os_str().as_bytes().ends_with(b".lock") {
            // Vanished since it was listed: then it is not there.
            if let Ok(metadata) = fs::metadata(&path)
                && metadata.is_file()
            {
                found.push((path, FileStamp::of(&metadata)));
            }
        }
    }
    Ok(())
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, GitError> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(GitError::Unreadable {
            path: path.to_owned(),
            source,
        }),
    }
}

enum PackedLine<'a> {
    Reference(&'a [u8], Oid),
    /// What the object of the line before leads to.
    Peeled(Oid),
    /// The header, or an empty line.
    Silent,
    Junk,
}

fn packed_line(line: &[u8]) -> PackedLine<'_> {
    match line.first() {
        None | Some(b'#') => return PackedLine::Silent,
        Some(b'^') => return hex_oid(&line[1..]).map_or(PackedLine::Junk, PackedLine::Peeled),
        Some(_) => {}
    }
    match (line.get(..40).and_then(hex_oid), line.get(40), line.get(41..)) {
        (Some(oid), Some(b' '), Some(name)) if name.starts_with(b"refs/") && is_valid_name(name) => {
            PackedLine::Reference(name, oid)
        }
        _ => PackedLine::Junk,
    }
}

fn loose_value(text: &[u8]) -> RefValue {
    let text = text.trim_ascii_end();
    if let Some(target) = text.strip_prefix(b"ref:") {
        return RefValue::Symbolic(target.trim_ascii().to_vec());
    }
    match hex_oid(text) {
        Some(oid) => RefValue::Object(oid, None),
        None => RefValue::Garbage("its file holds no object id".into()),
    }
}

fn hex_oid(text: &[u8]) -> Option<Oid> {
    let text = std::str::from_utf8(text).ok().filter(|text| text.len() == 40)?;
    Oid::from_str(text).ok().filter(|oid| !oid.is_zero())
}

/// The rules of git-check-ref-format(1) that a file's name or a line can break.
fn is_valid_name(name: &[u8]) -> bool {
    let has = |wanted: &[u8]| name.windows(wanted.len()).any(|window| window == wanted);
    let bad_byte = |byte: &u8| byte.is_ascii_control() || b" ~^:?*[\\".contains(byte);
    !name.is_empty()
        && !name.iter().any(bad_byte)
        && !has(b"..")
        && !has(b"@{")
        && !name.ends_with(b".")
        && name
            .split(|&byte| byte == b'/')
            .all(|part| !part.is_empty() && !part.starts_with(b".") && !part.ends_with(b".lock"))
}
