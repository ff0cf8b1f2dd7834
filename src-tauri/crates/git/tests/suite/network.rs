//! Clone and fetch with the real `git`: what works, what is refused, and what hangs (faults 38, 42).

use std::future::pending;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use git::Repository;
use git::network::{FetchOutcome, GitProgram, Limits, NetworkError, Progress, RemoteAddress};
use tempfile::TempDir;

use crate::fixture::{Fixture, git};

fn program() -> GitProgram {
    patient(Duration::from_secs(60))
}

fn patient(silence: Duration) -> GitProgram {
    let limits = Limits {
        silence,
        total: Duration::from_secs(60),
    };
    GitProgram::new("git", limits)
        .with_variable("GIT_CONFIG_GLOBAL", "/dev/null")
        .with_variable("GIT_CONFIG_NOSYSTEM", "1")
}

fn address(text: &str) -> RemoteAddress {
    text.parse().unwrap()
}

fn file_address(path: &Path) -> RemoteAddress {
    address(&format!("file://{}", path.display()))
}

async fn clone(program: &GitProgram, from: &RemoteAddress, into: &Path) -> Result<(), NetworkError> {
    program.clone(from, into, |_| {}, pending()).await
}

async fn fetch(program: &GitProgram, repository: &Path) -> Result<FetchOutcome, NetworkError> {
    program.fetch(repository, "origin", |_| {}, pending()).await
}

/// An executable script in `dir`.
fn script(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    path
}

/// A server on loopback that asks everybody for a password.
fn asking_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(
                b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    });
    format!("http://{address}/a.git")
}

fn is_alive(pid_file: &Path) -> bool {
    let pid = std::fs::read_to_string(pid_file).expect("because the program ran and wrote its id");
    let status = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    // A zombie that nobody has waited for yet is dead.
    status.is_ok_and(|status| {
        !status
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .trim_start()
            .starts_with('Z')
    })
}

/// Whether it ends by itself soon: a signal that was sent takes its time to arrive.
fn ends(pid_file: &Path) -> bool {
    let start = Instant::now();
    while is_alive(pid_file) {
        if start.elapsed() > Duration::from_secs(5) {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

#[tokio::test]
async fn a_clone_has_all_tags_and_tells_its_progress() {
    let fixture = Fixture::with_commits(3);
    fixture.tag("v1.0.0");
    let into = fixture.dir.path().join("new folder/clone");
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let keep = seen.clone();
    let progress = move |step| keep.lock().unwrap().push(step);
    program()
        .clone(&file_address(&fixture.path()), &into, progress, pending())
        .await
        .unwrap();
    let ours = Repository::open(&into).unwrap();
    assert_eq!(ours.tags().unwrap(), fixture.open().tags().unwrap());
    assert_eq!(ours.head(), fixture.open().head());
    let seen = seen.lock().unwrap();
    let receiving: Vec<u8> = seen
        .iter()
        .filter(|p| p.phase == "Receiving objects")
        .map(|p| p.percent)
        .collect();
    assert_eq!(receiving.last(), Some(&100), "{seen:?}");
    assert!(receiving.is_sorted());
    let left: Vec<_> = std::fs::read_dir(into.parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing but the clone is left: {left:?}");
}

#[tokio::test]
async fn a_fetch_brings_new_tags_and_moves_none() {
    let fixture = Fixture::with_commits(2);
    fixture.tag("v1.0.0");
    let into = fixture.dir.path().join("clone");
    clone(&program(), &file_address(&fixture.path()), &into)
        .await
        .unwrap();
    assert_eq!(fetch(&program(), &into).await.unwrap(), FetchOutcome::UpToDate);

    fixture.commit("new.txt", "x", "New");
    fixture.tag("v2.0.0");
    assert_eq!(
        fetch(&program(), &into).await.unwrap(),
        FetchOutcome::Updated { references: 2 }
    );
    assert_eq!(
        Repository::open(&into).unwrap().tags().unwrap(),
        fixture.open().tags().unwrap()
    );

    // Fault 40, seen from a clone: theirs moved, ours stays, and what else is new arrives.
    let before = Repository::open(&into).unwrap().tags().unwrap();
    fixture.git(&["tag", "-f", "-a", "-m", "moved", "v1.0.0", "HEAD"]);
    fixture.tag("v3.0.0");
    let outcome = fetch(&program(), &into).await.unwrap();
    assert_eq!(
        outcome,
        FetchOutcome::TagsMovedThere {
            tags: vec!["v1.0.0".into()]
        }
    );
    let after = Repository::open(&into).unwrap().tags().unwrap();
    assert_eq!(after.tags[..2], before.tags[..2]);
    assert_eq!(after.tags.len(), 3);
}

#[tokio::test]
async fn a_hung_credential_helper_is_ended_with_all_it_started() {
    // Fault 42.
    let dir = tempfile::tempdir().unwrap();
    let pid = dir.path().join("pid");
    let grandchild = dir.path().join("grandchild");
    let helper = script(
        dir.path(),
        "helper",
        &format!(
            "trap '' TERM\nsleep 600 & echo $! > {}\necho $$ > {}\nwait\nwait",
            grandchild.display(),
            pid.display()
        ),
    );
    let program = patient(Duration::from_secs(2))
        .with_variable("GIT_CONFIG_COUNT", "1")
        .with_variable("GIT_CONFIG_KEY_0", "credential.helper")
        .with_variable("GIT_CONFIG_VALUE_0", format!("!{}", helper.display()));
    let into = dir.path().join("clone");
    let start = Instant::now();
    let error = clone(&program, &address(&asking_server()), &into)
        .await
        .unwrap_err();
    assert!(
        matches!(error, NetworkError::TimedOut { silent: true, .. }),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    assert!(
        ends(&pid),
        "the helper, which ignores the polite signal, is ended"
    );
    assert!(ends(&grandchild), "and what it started");
    assert_nothing_left(&dir, &into);
}

fn assert_nothing_left(dir: &TempDir, into: &Path) {
    assert!(!into.exists());
    let partial = std::fs::read_dir(dir.path())
        .unwrap()
        .any(|e| e.unwrap().file_name().to_string_lossy().contains("tidemark"));
    assert!(!partial, "no half clone is left");
}

#[tokio::test]
async fn a_hung_ssh_is_ended_and_was_told_not_to_ask() {
    // Fault 42.
    let dir = tempfile::tempdir().unwrap();
    let (pid, arguments) = (dir.path().join("pid"), dir.path().join("arguments"));
    let ssh = script(
        dir.path(),
        "ssh",
        &format!(
            "echo $$ > {}\necho \"$@\" > {}\nexec sleep 600",
            pid.display(),
            arguments.display()
        ),
    );
    let program = patient(Duration::from_secs(2))
        .with_variable("GIT_SSH_COMMAND", format!("{} -p 2222", ssh.display()));
    let into = dir.path().join("clone");
    let error = clone(&program, &address("git@host.example:team/a.git"), &into)
        .await
        .unwrap_err();
    assert!(matches!(error, NetworkError::TimedOut { .. }), "{error}");
    let arguments = std::fs::read_to_string(arguments).unwrap();
    assert!(arguments.contains("BatchMode=yes"), "{arguments}");
    assert!(
        arguments.contains("-p 2222"),
        "the person's own command is kept: {arguments}"
    );
    assert!(ends(&pid));
}

#[tokio::test]
async fn nobody_is_asked_for_a_password() {
    // Fault 42: no terminal, no window of any askpass program.
    let dir = tempfile::tempdir().unwrap();
    let marker = dir.path().join("asked");
    let askpass = script(
        dir.path(),
        "askpass",
        &format!("touch {}\necho secret", marker.display()),
    );
    let program = program()
        .with_variable("GIT_ASKPASS", askpass.as_os_str())
        .with_variable("SSH_ASKPASS", askpass.as_os_str())
        .with_variable("DISPLAY", ":0")
        .with_variable("GIT_CONFIG_COUNT", "1")
        .with_variable("GIT_CONFIG_KEY_0", "core.askPass")
        .with_variable("GIT_CONFIG_VALUE_0", askpass.as_os_str());
    let url = asking_server().replace("http://", "http://ada@");
    let error = clone(&program, &address(&url), &dir.path().join("clone"))
        .await
        .unwrap_err();
    assert!(matches!(error, NetworkError::NotAuthenticated { .. }), "{error}");
    assert!(!marker.exists());
}

#[tokio::test]
async fn cancelling_or_dropping_ends_git() {
    let dir = tempfile::tempdir().unwrap();
    let pid = dir.path().join("pid");
    let ssh = script(
        dir.path(),
        "ssh",
        &format!("echo $$ > {}\nexec sleep 600", pid.display()),
    );
    let program = program().with_variable("GIT_SSH_COMMAND", ssh.as_os_str());
    let into = dir.path().join("clone");
    let started = async {
        while !pid.exists() || std::fs::read(&pid).unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let error = program
        .clone(&address("host:a"), &into, |_| {}, started)
        .await
        .unwrap_err();
    assert!(matches!(error, NetworkError::Cancelled { .. }), "{error}");
    assert!(ends(&pid));
    assert_nothing_left(&dir, &into);

    std::fs::remove_file(&pid).unwrap();
    let dropped =
        tokio::time::timeout(Duration::from_secs(2), clone(&program, &address("host:a"), &into)).await;
    assert!(dropped.is_err());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(ends(&pid), "a dropped future leaves nobody behind");
    assert_nothing_left(&dir, &into);
}

#[tokio::test]
async fn nothing_that_an_address_or_a_repository_names_is_run() {
    // Fault 38 and 52.
    let fixture = Fixture::with_commits(1);
    let into = fixture.dir.path().join("clone");
    clone(&program(), &file_address(&fixture.path()), &into)
        .await
        .unwrap();
    let marker = fixture.dir.path().join("ran");
    let touch = format!("touch {}", marker.display());
    for hook in ["reference-transaction", "post-checkout", "pre-auto-gc"] {
        script(&into.join("hooks"), hook, &touch);
    }
    fixture.tag("v1.0.0");
    fetch(&program(), &into).await.unwrap();
    assert!(!marker.exists(), "no hook runs");

    git(&into, &["config", "protocol.allow", "always"]);
    git(&into, &["config", "remote.origin.url", &format!("ext::{touch}")]);
    let error = fetch(&program(), &into).await.unwrap_err();
    assert!(matches!(error, NetworkError::Protocol { .. }), "{error}");
    assert!(!marker.exists(), "no transport that runs a command");

    for remote in [
        format!("--upload-pack={touch}"),
        format!("ext::{touch}"),
        "../x".into(),
        "/srv/x".into(),
        String::new(),
        "a b".into(),
    ] {
        let error = program()
            .fetch(&into, &remote, |_| {}, pending())
            .await
            .unwrap_err();
        assert!(
            matches!(error, NetworkError::BadRemote { .. }),
            "{remote}: {error}"
        );
    }
}

#[tokio::test]
async fn a_bad_place_is_refused_before_git_runs() {
    let fixture = Fixture::with_commits(1);
    let from = file_address(&fixture.path());
    let dashed = fixture.dir.path().join("--upload-pack=x");
    for into in [
        fixture.path(),
        PathBuf::from("relative"),
        dashed,
        PathBuf::from("/"),
    ] {
        let error = clone(&program(), &from, &into).await.unwrap_err();
        assert!(
            matches!(error, NetworkError::BadTarget { .. }),
            "{into:?}: {error}"
        );
    }
    let empty = fixture.dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    clone(&program(), &from, &empty).await.unwrap();
    let error = fetch(&program(), fixture.dir.path()).await.unwrap_err();
    assert!(matches!(error, NetworkError::NotARepository { .. }), "{error}");
}

#[tokio::test]
async fn failures_are_told_apart() {
    let fixture = Fixture::with_commits(1);
    let into = fixture.dir.path().join("clone");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let missing = GitProgram::new("/nowhere/git", Limits::default());
    let error = clone(&missing, &file_address(&fixture.path()), &into)
        .await
        .unwrap_err();
    assert!(matches!(error, NetworkError::GitMissing { .. }), "{error}");
    let error = clone(&program(), &file_address(&fixture.dir.path().join("none")), &into)
        .await
        .unwrap_err();
    assert!(matches!(error, NetworkError::NoSuchRepository { .. }), "{error}");
    let url = format!("http://ada:s3cret@{closed}/a.git");
    let error = clone(&program(), &address(&url), &into).await.unwrap_err();
    assert!(matches!(error, NetworkError::Unreachable { .. }), "{error}");
    assert!(
        !format!("{error} {error:?}").contains("s3cret"),
        "no password in a message: {error:?}"
    );
    let script = script(
        fixture.dir.path(),
        "git",
        "yes fatal: words without end | head -c 5000000 >&2\nexit 7",
    );
    let loud = GitProgram::new(script.as_os_str(), Limits::default());
    let error = clone(&loud, &file_address(&fixture.path()), &into)
        .await
        .unwrap_err();
    assert!(matches!(&error, NetworkError::Failed { .. }), "{error}");
    assert!(
        error.to_string().len() < 1_000,
        "a flood of words stays a message"
    );
}
