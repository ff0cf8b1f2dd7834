//! Odd and broken repositories, as far as the app shows them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use app::{MakeDemo, commands};
use git::network::{GitProgram, Limits};
use tests::cluster::until;
use wire::ErrorCode;
use wire::compare::{CompareRequest, Comparison, SideRequest};
use wire::note::VersionInfo;
use wire::settings::PathRequest;
use wire::task::TaskState;
use wire::workspace::{
    CloneRequest, FoundRepository, MovedTag, MovedTags, SaveRequest, ServiceRequest, TierWord,
};

use crate::harness::repository::IDENTITY;
use crate::harness::stage::draft;
use crate::harness::{App, Care, DemoStage, Repository};

async fn versions(app: &App) -> Vec<VersionInfo> {
    let service = "checkout".to_owned();
    commands::versions(&app.backend, ServiceRequest { service })
        .await
        .unwrap()
        .versions
}

async fn compare(app: &App, a: &str, b: &str) -> Comparison {
    let side = |version: &str| SideRequest::Version {
        service: "checkout".to_owned(),
        version: version.to_owned(),
    };
    let request = CompareRequest {
        a: side(a),
        b: side(b),
    };
    commands::compare(&app.backend, request).await.unwrap()
}

async fn found(app: &App, folder: &Path) -> FoundRepository {
    let path = folder.display().to_string();
    let mut found = commands::repositories_find(&app.backend, PathRequest { path })
        .await
        .unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

/// Faults 36, 37, 38, 39 and 43: whatever a tag is called or points at, the rest is listed and nothing is run.
#[tokio::test]
async fn fault_36_to_39_and_43_odd_tags_are_shown_as_text_and_the_rest_is_listed() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let repository = &stage.repository;
    let marker = stage.folder.path().join("touched");
    let long = "x".repeat(240);
    let digits = format!("v{}.0.0", "9".repeat(400));
    let command = format!(
        "$(touch${{IFS}}{})",
        marker.display().to_string().replace("/.", "/")
    );
    let unversioned = [
        "<img/src=x/onerror=alert(1)>",
        command.as_str(),
        "--upload-pack=touch",
        "🚀",
        long.as_str(),
        "v01.2",
    ];
    for name in unversioned.iter().copied().chain(["v1.0.1+b"]) {
        repository.git(&["update-ref", &format!("refs/tags/{name}"), "HEAD"]);
    }
    let blob = repository.git(&["hash-object", "-w", "--", "src/17.txt"]);
    repository.git(&["update-ref", "refs/tags/v9.0.0", blob.trim()]);
    fs::write(
        repository.path.join(".git/refs/tags/v9.1.0"),
        format!("{}\n", "1".repeat(40)),
    )
    .unwrap();
    fs::write(repository.path.join(".git/refs/tags/v9.2.0"), "garbage\n").unwrap();
    let head = repository.git(&["rev-parse", "HEAD"]);
    for (version, tagger) in [
        ("3.0.0", ""),
        ("3.1.0", "tagger A <a@b.example> 99999999999999 +0000\n"),
        ("3.2.0", "tagger A <a@b.example> -5 +0000\n"),
    ] {
        let object = format!(
            "object {}\ntype commit\ntag v{version}\n{tagger}\nmessage\n",
            head.trim()
        );
        let file = stage.folder.path().join("tag");
        fs::write(&file, object).unwrap();
        let id = repository.git(&[
            "hash-object",
            "-t",
            "tag",
            "-w",
            "--literally",
            &file.display().to_string(),
        ]);
        repository.git(&["update-ref", &format!("refs/tags/v{version}"), id.trim()]);
    }
    repository.git(&["tag", "-a", "-m", "nested", "v4.0.0", "v3.0.0"]);
    fs::write(
        repository.path.join(".git").join("packed-refs"),
        format!("{} refs/tags/{digits}\n", head.trim()),
    )
    .unwrap();

    let app = stage.open_staging().await;
    let listed = versions(&app).await;
    let names = |unversioned: bool| -> Vec<&str> {
        let these = listed.iter().filter(|one| one.unversioned == unversioned);
        these.filter_map(|one| one.tag.as_deref()).collect()
    };
    for name in unversioned {
        assert!(
            names(true).contains(&name),
            "{name} stays visible, as it is: {:?}",
            names(true)
        );
    }
    let sorted: Vec<&str> = names(false).into_iter().filter(|name| name.len() < 20).collect();
    let expected = [
        "v4.0.0", "v3.2.0", "v3.1.0", "v3.0.0", "v1.2.0", "v1.1.0", "v1.0.1+b", "v1.0.0",
    ];
    assert_eq!(sorted, expected, "by SemVer, newest first");
    for time in listed.iter().filter_map(|one| one.at) {
        assert!(time.abs() < 8.64e15, "a time that a window can show: {time}");
    }
    assert!(
        listed
            .iter()
            .any(|one| one.tag.as_deref() == Some(digits.as_str())),
        "400 digits"
    );
    assert!(
        found(&app, &repository.path).await.warnings >= 2,
        "what can't be read is counted"
    );
    assert!(!marker.exists(), "nothing was run");
}

/// A side branch that was merged late, and a release made on a branch of its own, are told as `git tag --contains` tells.
#[tokio::test]
async fn each_commit_names_the_release_that_brought_it() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let repository = &stage.repository;
    repository.git(&["checkout", "--quiet", "-b", "side", "v1.0.0"]);
    repository.commit("side.txt", "feat: begun before 1.1.0");
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--no-edit", "side"]);
    repository.release("1.3.0-rc.1", &["fix: seen in a candidate first"]);
    repository.release("1.3.0", &["fix: the last of 1.3.0"]);
    repository.git(&["checkout", "--quiet", "-b", "hot", "v1.2.0"]);
    repository.release("1.2.1", &["fix: hot"]);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.git(&["merge", "--quiet", "--no-ff", "--no-edit", "hot"]);
    repository.release("2.0.0-rc.1", &["feat: not released yet"]);

    let app = stage.open_staging().await;
    let checked = |commits: &[wire::compare::Commit], releases: &[&str]| {
        for commit in commits {
            let holds = repository.lines(&["tag", "--contains", &commit.id]);
            let first = releases
                .iter()
                .find(|version| holds.contains(&format!("v{version}")));
            assert_eq!(
                commit.release.as_deref(),
                first.copied(),
                "{} is in {holds:?}",
                commit.subject
            );
        }
    };
    let forth = compare(&app, "1.0.0", "2.0.0-rc.1").await.commits;
    assert!(forth.added.len() >= 10 && forth.removed.is_empty());
    checked(&forth.added, &["1.1.0", "1.2.0", "1.2.1", "1.3.0", "2.0.0-rc.1"]);
    let back = compare(&app, "1.3.0", "1.1.0").await.commits;
    assert!(back.added.is_empty() && back.removed.len() >= 5);
    checked(&back.removed, &["1.2.0", "1.3.0"]);
}

/// Fault 40: the old commit is kept.
#[tokio::test]
async fn fault_40_a_tag_that_was_moved_by_force_keeps_its_old_commit() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let app = stage.open_staging().await;
    let ledger = app.backend.session().unwrap().ledger.clone();
    let key = format!("{IDENTITY}#checkout");
    let history = async |count: usize| {
        let ask = async || {
            let seen = ledger.tag_history(&key, b"v1.1.0")?;
            Ok((seen.len() == count).then_some(seen))
        };
        until("the history of the tag", ask).await.unwrap()
    };
    let commit = |name: &str| stage.repository.git(&["rev-parse", name]).trim().to_owned();
    let before = commit("v1.1.0^{commit}");
    assert_eq!(history(1).await[0].commit, before);
    stage
        .repository
        .git(&["tag", "--force", "-a", "-m", "moved", "v1.1.0", "v1.2.0^{commit}"]);
    let seen = history(2).await;
    assert_eq!(
        (seen[0].commit.clone(), seen[0].gone_at),
        (commit("v1.2.0^{commit}"), None)
    );
    assert_eq!(seen[1].commit, before);
    assert!(seen[1].gone_at.is_some());

    let expected = (
        Some("1.1.0"),
        before.as_str(),
        commit("v1.2.0^{commit}"),
        "checkout",
    );
    let heard = until("the window hears of it", async || {
        Ok(app.events("tags_moved").pop())
    });
    let heard: MovedTags = serde_json::from_value(heard.await.unwrap()).unwrap();
    let fields = |one: &MovedTag| {
        let (version, to) = (one.version.clone(), one.to.clone());
        (version, one.from.clone(), to, one.service.clone())
    };
    let (version, from, to, service) = fields(&heard.tags[0]);
    assert_eq!(
        (version.as_deref(), from.as_str(), to, service.as_str()),
        expected
    );
    let listed = commands::moved_tags(&app.backend, ()).await.unwrap();
    assert_eq!(listed, heard);
}

/// Fault 40 while the app was closed: it is told at the next start, and at every one after it.
#[tokio::test]
async fn fault_40_a_tag_that_was_moved_while_nobody_looked_is_told_after_each_start() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::of_releases(folder.path());
    let (data, file) = (folder.path().join("data"), folder.path().join("tidemark.toml"));
    let clone = repository.path.display().to_string();
    let start = async || {
        let app = App::start(&data, &[]);
        let request = SaveRequest {
            draft: draft("shop", &clone, None, Care::of(TierWord::Staging)),
            text: None,
            path: Some(file.display().to_string()),
        };
        commands::workspace_save(&app.backend, request).await.unwrap();
        app
    };
    let moved = async |app: &App, count: usize| {
        let ask = async || {
            let tags = commands::moved_tags(&app.backend, ()).await.unwrap().tags;
            let ledger = app.backend.session().unwrap().ledger.clone();
            let seen = ledger.tag_history(&format!("{IDENTITY}#checkout"), b"v1.2.0")?;
            Ok((!seen.is_empty() && tags.len() == count).then_some(tags))
        };
        until("the tags that moved", ask).await.unwrap()
    };
    assert_eq!(moved(&start().await, 0).await, []);
    repository.git(&["tag", "--force", "v1.2.0", "v1.0.0^{commit}"]);
    let told = moved(&start().await, 1).await;
    assert_eq!(told[0].version.as_deref(), Some("1.2.0"));
    assert_eq!(moved(&start().await, 1).await, told, "and again");
}

/// A clone that is not there yet, goes away and comes back as another one is followed each time.
#[tokio::test]
async fn a_clone_that_comes_back_is_followed_again() {
    let folder = tempfile::tempdir().unwrap();
    let there = Repository::of_releases(folder.path());
    let here = Repository {
        path: folder.path().join("clone"),
    };
    let clone = || {
        let cloned = Command::new("git")
            .args(["clone", "--quiet"])
            .args([&there.path, &here.path])
            .status();
        assert!(cloned.unwrap().success());
    };
    let app = App::start(&folder.path().join("data"), &[]);
    let request = SaveRequest {
        draft: draft(
            "shop",
            &here.path.display().to_string(),
            None,
            Care::of(TierWord::Staging),
        ),
        text: None,
        path: Some(folder.path().join("tidemark.toml").display().to_string()),
    };
    commands::workspace_save(&app.backend, request).await.unwrap();
    let kept = async |tag: &str| {
        let seen = until("the tag to be kept", async || {
            let ledger = app.backend.session().unwrap().ledger.clone();
            let seen = ledger.tag_history(&format!("{IDENTITY}#checkout"), tag.as_bytes())?;
            Ok((!seen.is_empty()).then_some(()))
        });
        seen.await.unwrap();
    };
    clone();
    kept("v1.2.0").await;
    fs::remove_dir_all(&here.path).unwrap();
    there.release("1.3.0", &["feat: gift cards"]);
    clone();
    kept("v1.3.0").await;
    here.git(&["tag", "v1.4.0"]);
    kept("v1.4.0").await;
}

/// Fault 42: ssh hangs on a question that nobody sees. It is ended, and the window is told what that looks like.
#[tokio::test]
async fn fault_42_a_hidden_question_ends_in_time_and_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let script = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    };
    let hangs = script("hangs", "exec sleep 600");
    let unknown = script("unknown", "echo 'Host key verification failed.' >&2; exit 255");
    let denied = script(
        "denied",
        "echo 'lena@git.example: Permission denied (publickey).' >&2; exit 255",
    );
    let limits = Limits {
        silence: Duration::from_secs(2),
        total: Duration::from_secs(20),
    };
    for (ssh, code) in [
        (hangs, ErrorCode::GitTimeout),
        (unknown, ErrorCode::GitHostKey),
        (denied, ErrorCode::GitNotSignedIn),
    ] {
        let git = GitProgram::new("git", limits).with_variable("GIT_SSH_COMMAND", ssh.as_os_str());
        let no_demo: MakeDemo = Arc::new(|_, _| Box::pin(async { Err("no demo here".to_owned()) }));
        let data = folder.path().join(format!("{code:?}"));
        let app = App::start_by(&data, &[], no_demo, Arc::new(|_| {}), git).unwrap();
        let request = CloneRequest {
            url: "git@git.example:shop/checkout.git".to_owned(),
            into: data.join("clone").display().to_string(),
        };
        commands::repository_clone(&app.backend, request).await.unwrap();
        let ended = until("the task ends", async || {
            let tasks = commands::task_list(&app.backend, ()).await.unwrap().tasks;
            Ok(tasks.into_iter().find(|task| task.state == TaskState::Failed))
        });
        assert_eq!(ended.await.unwrap().error.unwrap().code, code);
    }
}

/// Fault 40 on the server: the person's tag stays as it is, and the fetch says that the two differ.
#[tokio::test]
async fn fault_40_a_tag_that_was_moved_on_the_server_is_told_by_a_fetch() {
    let server = DemoStage::running(&["1.0.0"]).await;
    let there = server.repository.path.clone();
    let clone = server.folder.path().join("clone");
    let cloned = Command::new("git")
        .args(["clone", "--quiet"])
        .args([&there, &clone])
        .status();
    assert!(cloned.unwrap().success());
    server
        .repository
        .git(&["tag", "--force", "-a", "-m", "moved", "v1.1.0", "v1.2.0^{commit}"]);
    let stage = server.clone_of(Repository { path: clone }).await;
    let app = stage.open_staging().await;
    let service = "checkout".to_owned();
    commands::repository_fetch(&app.backend, ServiceRequest { service })
        .await
        .unwrap();
    let done = until("the fetch", async || {
        let tasks = commands::task_list(&app.backend, ()).await.unwrap().tasks;
        Ok(tasks
            .into_iter()
            .find(|task| !matches!(task.state, TaskState::Queued | TaskState::Running)))
    });
    let done = done.await.unwrap();
    assert_eq!((done.state, &done.error), (TaskState::Succeeded, &None));
    let remark = done.remark.unwrap();
    assert_eq!(remark.code, ErrorCode::TagsMovedThere);
    assert_eq!(remark.parameters["tags"], "v1.1.0");
}

#[tokio::test]
async fn fault_33_what_a_clone_lacks_is_not_available_here_and_never_zero() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    stage
        .repository
        .git(&["config", "uploadpack.allowFilter", "true"]);
    let source = format!("file://{}", stage.repository.path.display());
    let clone = |name: &str, option: &str| {
        let path = stage.folder.path().join(name);
        let arguments = ["clone", "--quiet", "--no-checkout", option, &source];
        let cloned = Command::new("git").args(arguments).arg(&path).status().unwrap();
        assert!(cloned.success());
        Repository { path }
    };
    let mut shallow = stage.clone_of(clone("shallow", "--depth=1")).await;
    shallow
        .repository
        .git(&["fetch", "--quiet", "--depth=1", "origin", "tag", "v1.0.0"]);
    let app = shallow.open_staging().await;
    let comparison = compare(&app, "1.0.0", "1.2.0").await;
    assert_eq!(
        comparison.commits.unavailable.as_deref(),
        Some("not-available-here"),
        "{comparison:?}"
    );

    shallow.repository = clone("blobless", "--filter=blob:none");
    shallow.data = shallow.folder.path().join("blobless-data");
    let app = shallow.open_staging().await;
    let comparison = compare(&app, "1.0.0", "1.2.0").await;
    assert_eq!(comparison.commits.unavailable, None, "the commits are there");
    assert!(!comparison.files.files.is_empty());
    for file in &comparison.files.files {
        assert_eq!(
            (file.added, file.removed, file.not_here),
            (None, None, true),
            "{file:?}"
        );
    }
}

#[tokio::test]
async fn fault_34_reftable_and_sha_256_are_named_and_never_zero_tags() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let app = stage.open_staging().await;
    stage
        .repository
        .git(&["config", "core.repositoryformatversion", "1"]);
    stage
        .repository
        .git(&["config", "extensions.refstorage", "reftable"]);
    let reftable = found(&app, &stage.repository.path).await.error.unwrap();
    assert_eq!(reftable.code, ErrorCode::RepositoryUnsupported, "{reftable:?}");
    let folder = stage.folder.path().join("sha256");
    let made = Command::new("git")
        .args(["init", "--quiet", "--object-format=sha256"])
        .arg(&folder)
        .status();
    assert!(made.unwrap().success());
    let sha256 = found(&app, &folder).await.error.unwrap();
    assert_eq!(sha256.code, ErrorCode::RepositoryUnsupported, "{sha256:?}");
}

#[tokio::test]
async fn fault_41_a_repository_that_goes_away_is_named_and_the_rest_goes_on() {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    let app = stage.open_staging().await;
    app.runs("1.1.0").await;
    fs::remove_dir_all(&stage.repository.path).unwrap();
    let comparison = compare(&app, "1.0.0", "1.1.0").await;
    assert!(
        comparison.commits.unavailable.is_some(),
        "{:?}",
        comparison.commits
    );
    app.runs("1.1.0").await;
    assert_eq!(
        app.columns().await.versions(),
        ["1.0.0", "1.1.0"],
        "what ran is no matter of Git"
    );
}
