//! Looks for repositories below a folder, opening none of them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::layout::{Layout, RepositoryKind};

/// Folders of other people's code, which only cost time.
const SKIPPED: [&str; 4] = ["node_modules", "target", "vendor", "__pycache__"];

/// A repository that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRepository {
    /// Its place.
    pub path: PathBuf,
    /// How it lies there.
    pub kind: RepositoryKind,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoundRepositories {
    /// The repositories, by path.
    pub repositories: Vec<FoundRepository>,
    /// Folders that may not be read.
    pub unreadable: Vec<PathBuf>,
}

/// Looks in `folder` and `depth` levels below it (0: only `folder` itself). Hidden folders, symbolic
/// links and folders inside a found repository are not searched.
pub fn find_repositories(folder: &Path, depth: usize) -> FoundRepositories {
    let mut found = FoundRepositories::default();
    search(folder, depth, &mut found);
    found.repositories.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn search(folder: &Path, depth: usize, found: &mut FoundRepositories) {
    if let Some(layout) = Layout::at(folder) {
        found.repositories.push(FoundRepository {
            path: work_tree(folder).unwrap_or(folder).to_owned(),
            kind: layout.kind,
        });
        return;
    }
    if depth == 0 {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else {
        found.unreadable.push(folder.to_owned());
        return;
    };
    for entry in entries.flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if is_folder && !name.starts_with('.') && !SKIPPED.contains(&name.as_ref()) {
            search(&entry.path(), depth - 1, found);
        }
    }
}

/// The folder whose files a `.git` folder keeps: what a repository is called by.
fn work_tree(folder: &Path) -> Option<&Path> {
    let is_git_folder = folder.file_name().is_some_and(|name| name == ".git");
    folder
        .parent()
        .filter(|above| is_git_folder && !above.as_os_str().is_empty())
}
