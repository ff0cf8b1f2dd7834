//! Repositories that are made on the spot by the real `git`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::release::ObjectId;
use git::Repository;
use tempfile::TempDir;

/// A temporary folder with a repository in `repository`.
pub struct Fixture {
    pub dir: TempDir,
}

impl Fixture {
    pub fn new() -> Fixture {
        Fixture::with(&[])
    }

    pub fn with(options: &[&str]) -> Fixture {
        let fixture = Fixture {
            dir: tempfile::tempdir().unwrap(),
        };
        let mut arguments = vec!["init", "--quiet", "--initial-branch=main"];
        arguments.extend(options);
        fs::create_dir(fixture.path()).unwrap();
        fixture.git(&arguments);
        fixture
    }

    /// The commits 1 to `count` on main, a minute apart, each with a file of its own.
    pub fn with_commits(count: usize) -> Fixture {
        let fixture = Fixture::new();
        for number in 1..=count {
            fixture.commit(
                &format!("file{number}.txt"),
                &format!("{number}\n"),
                &format!("Commit {number}"),
            );
        }
        fixture
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("repository")
    }

    pub fn open(&self) -> Repository {
        Repository::open(self.path()).unwrap()
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.path(), arguments)
    }

    /// Writes a file and commits it; each commit is a minute younger than the one before.
    pub fn commit(&self, file: &str, content: &str, message: &str) -> ObjectId {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.id("HEAD")
    }

    pub fn id(&self, revision: &str) -> ObjectId {
        self.git(&["rev-parse", "--verify", "--end-of-options", revision])
            .trim()
            .parse()
            .unwrap()
    }

    pub fn tag(&self, name: &str) {
        self.git(&["tag", "-a", "-m", &format!("Release {name}"), "--", name]);
    }

    /// Stores an object as it stands, however wrong it is.
    pub fn hash_object(&self, kind: &str, content: &[u8]) -> String {
        let arguments = ["hash-object", "-t", kind, "-w", "--stdin", "--literally"];
        String::from_utf8(git_with_input(&self.path(), &arguments, content))
            .unwrap()
            .trim()
            .to_owned()
    }

    pub fn git_file(&self, path: &str) -> PathBuf {
        let dot_git = self.path().join(".git");
        if dot_git.is_dir() {
            dot_git.join(path)
        } else {
            self.path().join(path)
        }
    }

    pub fn write_ref(&self, name: &str, content: &str) {
        let path = self.git_file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// Runs `git` apart from the settings of whoever runs the tests.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(git_bytes(folder, arguments)).unwrap()
}

pub fn git_bytes(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    git_with_input(folder, arguments, b"")
}

pub fn git_with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = isolated(Command::new("git"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("because the tests need git");
    // The input is small or git reads all of it before it writes.
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

fn isolated(mut command: Command) -> Command {
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("LC_ALL", "C")
        .env("TZ", "UTC")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("GIT_COMMITTER_NAME", "Bob")
        .env("GIT_COMMITTER_EMAIL", "bob@example.org");
    command
}

/// A small generator with a fixed start: the same numbers on every machine.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// A repository with branches, merges, binary files, links, modes, submodules, moved and removed
/// files, and tags `t0`, `t1`, … at every third commit.
pub fn random_repository(seed: u64, commits: u64) -> Fixture {
    let fixture = Fixture::with(&["--bare"]);
    let stream = random_history(&mut Numbers(seed), commits);
    git_with_input(&fixture.path(), &["fast-import", "--quiet"], &stream);
    fixture
}

fn random_history(numbers: &mut Numbers, commits: u64) -> Vec<u8> {
    let mut stream = Vec::new();
    let branches = ["main", "side", "fix/deep"];
    let mut tips: [Option<u64>; 3] = [None; 3];
    for mark in 1..=commits {
        let branch = if mark < 4 { 0 } else { numbers.below(3) as usize };
        let at = 1_600_000_000 + mark * 60;
        let who = numbers.below(5);
        writeln!(stream, "commit refs/heads/{}\nmark :{mark}", branches[branch]).unwrap();
        writeln!(stream, "author Ünï {who} <a{who}@example.org> {} +0100", at - 30).unwrap();
        writeln!(stream, "committer Bob <bob@example.org> {at} +0000").unwrap();
        data(&mut stream, message(numbers, mark).as_bytes());
        let first = tips[branch].or(tips[0]);
        if let Some(parent) = first {
            writeln!(stream, "from :{parent}").unwrap();
        }
        if let Some(other) =
            tips[numbers.below(3) as usize].filter(|other| Some(*other) != first && numbers_say_merge(mark))
        {
            writeln!(stream, "merge :{other}").unwrap();
        }
        for _ in 0..=numbers.below(3) {
            change(&mut stream, numbers);
        }
        tips[branch] = Some(mark);
        if mark % 3 == 0 {
            writeln!(stream, "reset refs/tags/t{}\nfrom :{mark}\n", mark / 3).unwrap();
        }
    }
    stream
}

fn numbers_say_merge(mark: u64) -> bool {
    mark.is_multiple_of(4)
}

fn message(numbers: &mut Numbers, mark: u64) -> String {
    match numbers.below(5) {
        0 => format!("feat(api): change {mark}"),
        1 => format!("A subject\nover two lines {mark}\n\nA body.\n\nMore of it.\n"),
        2 => format!("\n\n  indented {mark}  \n\n\nbody after blank lines\n\n"),
        3 => format!("Umlaut äöü 版本 {mark}\r\n\r\nwindows\r\n"),
        _ => format!("fix!: change {mark}\n\nBREAKING CHANGE: x"),
    }
}

fn change(stream: &mut Vec<u8>, numbers: &mut Numbers) {
    let folder = ["", "services/payments/", "services/cart/", "a b/"][numbers.below(4) as usize];
    let path = format!("{folder}f{}", numbers.below(6));
    match numbers.below(10) {
        0 => writeln!(stream, "D \"{path}\"").unwrap(),
        1 => {
            writeln!(stream, "M 120000 inline \"{path}\"").unwrap();
            data(stream, format!("target{}", numbers.below(9)).as_bytes());
        }
        2 => writeln!(stream, "M 160000 {:040x} \"{path}\"", numbers.below(1_000) + 1).unwrap(),
        3 => {
            writeln!(stream, "M 100644 inline \"{path}\"").unwrap();
            data(stream, &[0, 1, numbers.below(250) as u8, b'\n', 0]);
        }
        mode => {
            let mode = if mode == 4 { "100755" } else { "100644" };
            writeln!(stream, "M {mode} inline \"{path}\"").unwrap();
            let lines: String = (0..numbers.below(40))
                .map(|_| format!("line {}\n", numbers.below(6)))
                .collect();
            let end = if numbers.below(4) == 0 { "no newline" } else { "" };
            data(stream, format!("{lines}{end}").as_bytes());
        }
    }
}

fn data(stream: &mut Vec<u8>, content: &[u8]) {
    writeln!(stream, "data {}", content.len()).unwrap();
    stream.extend_from_slice(content);
    stream.push(b'\n');
}
