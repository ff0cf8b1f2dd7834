//! A service's repository, made on the spot by the real `git`, which is also the oracle for what is in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::contract::ground::APP;

/// What the workspace file names it.
pub const IDENTITY: &str = "https://git.example/shop/checkout.git";

/// A clone in a folder that its owner removes.
#[derive(Debug, Clone)]
pub struct Repository {
    pub path: PathBuf,
}

impl Repository {
    /// An empty repository below a folder.
    pub fn empty(folder: &Path) -> Self {
        let path = folder.join(APP);
        fs::create_dir_all(&path).unwrap();
        let repository = Self { path };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// Three releases: 1.0.0, 1.1.0 with a feature and a fix, 1.2.0 with a fix and something else.
    pub fn of_releases(folder: &Path) -> Self {
        let repository = Self::empty(folder);
        repository.release("1.0.0", &["feat: take orders"]);
        repository.release(
            "1.1.0",
            &["feat(cart): pay by card", "fix: round prices to the cent"],
        );
        repository.release(
            "1.2.0",
            &["fix: keep the basket after a reload", "chore: tidy the logs"],
        );
        repository
    }

    /// Commits, and the tag of a version on the last.
    pub fn release(&self, version: &str, subjects: &[&str]) {
        for subject in subjects {
            self.commit(&format!("src/{}.txt", subject.len()), subject);
        }
        let (tag, message) = (format!("v{version}"), format!("Release {version}"));
        self.git(&["tag", "-a", "-m", &message, &tag]);
    }

    /// A commit that changes one file.
    pub fn commit(&self, file: &str, subject: &str) {
        let path = self.path.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, format!("{before}{subject}\n")).unwrap();
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "-m", subject]);
    }

    /// What `git` prints.
    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(&self.path)
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_NAME"), "Ada Lovelace")))
            .envs(["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_EMAIL"), "ada@example.org")))
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {complaint}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The lines that `git` prints.
    pub fn lines(&self, arguments: &[&str]) -> Vec<String> {
        self.git(arguments).lines().map(str::to_owned).collect()
    }
}
