//! Contexts as `kubectl` merges them, and files that are hostile or broken (fault 44).

use std::fs;
use std::time::{Duration, Instant};

use super::*;

fn config(context: &str, server: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Config\ncurrent-context: {context}\n\
         clusters:\n- name: {context}-cluster\n  cluster: {{server: \"{server}\", certificate-authority: ca.pem}}\n\
         users:\n- name: {context}-user\n  user: {{token: secret-{context}}}\n\
         contexts:\n- name: {context}\n  context: {{cluster: {context}-cluster, user: {context}-user, namespace: shop}}\n"
    )
}

fn load_text(text: &[u8]) -> Contexts {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, text).unwrap();
    KubeconfigFiles::these([file]).load()
}

fn problem(text: &[u8]) -> KubeconfigError {
    let begun = Instant::now();
    let mut found = load_text(text);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "it took {:?}",
        begun.elapsed()
    );
    assert_eq!(found.problems.len(), 1, "{:?}", found.contexts);
    found.problems.remove(0)
}

#[test]
fn the_list_of_files_is_merged_and_the_first_wins() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    fs::write(&a, config("one", "https://one:6443")).unwrap();
    let mut second = config("two", "https://two:6443");
    second.push_str("- name: one\n  context: {cluster: two-cluster, user: two-user}\n");
    fs::write(&b, second).unwrap();
    let list = std::env::join_paths([a.clone(), PathBuf::new(), folder.path().join("missing"), b]).unwrap();
    let found = KubeconfigFiles::from_environment(Some(&list), None).load();
    assert_eq!(found.problems, []);
    let names: Vec<_> = found
        .contexts
        .iter()
        .map(|one| (one.name.as_str(), one.current))
        .collect();
    assert_eq!(names, [("one", true), ("two", false)]);
    let one = found.find("one").unwrap();
    assert_eq!(one.server.as_deref(), Some("https://one:6443"));
    assert_eq!(one.namespace.as_deref(), Some("shop"));
    assert_eq!(one.file.as_deref(), Some(a.as_path()));
    let ca = &found.cluster_of("one").unwrap().certificate_authority;
    assert_eq!(
        PathBuf::from(ca.as_deref().unwrap()),
        folder.path().join("ca.pem"),
        "relative to its file"
    );
    assert!(
        !format!("{found:?}").contains("secret-"),
        "credentials are never printed"
    );
}

#[test]
fn without_the_variable_it_is_the_file_at_home() {
    let home = Path::new("/home/someone");
    for variable in [None, Some(OsStr::new(""))] {
        let files = KubeconfigFiles::from_environment(variable, Some(home));
        assert_eq!(files.files(), [home.join(".kube/config")]);
    }
    assert!(
        KubeconfigFiles::from_environment(None, None)
            .load()
            .contexts
            .is_empty()
    );
}

#[test]
fn a_broken_file_does_not_hide_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let (bad, good) = (folder.path().join("bad"), folder.path().join("good"));
    fs::write(&bad, "contexts: [").unwrap();
    fs::write(&good, config("one", "https://one")).unwrap();
    let found = KubeconfigFiles::these([bad.clone(), good]).load();
    assert_eq!(found.contexts.len(), 1);
    assert!(matches!(&found.problems[..], [KubeconfigError::Malformed { file, .. }] if *file == bad));
}

#[test]
fn a_key_that_stands_twice_is_named_with_its_line() {
    let text = config("one", "https://one") + "contexts: []\n";
    let error = problem(text.as_bytes());
    let KubeconfigError::Malformed { line, .. } = &error else {
        panic!("{error}")
    };
    assert_eq!(*line, 13, "{error}");
}

#[test]
fn a_nul_byte_and_broken_text_are_named_with_their_line() {
    let nul = problem(b"apiVersion: v1\nkind: \0Config\n");
    assert!(
        matches!(
            nul,
            KubeconfigError::NotText {
                line: 2,
                what: "a NUL byte",
                ..
            }
        ),
        "{nul}"
    );
    let latin = problem(b"apiVersion: v1\n\nkind: \xff\n");
    assert!(
        matches!(latin, KubeconfigError::NotText { line: 3, .. }),
        "{latin}"
    );
}

#[test]
fn a_yaml_bomb_is_stopped() {
    let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let before = level - 1;
        let list = vec![format!("*a{before}"); 10].join(",");
        bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    let error = problem(bomb.as_bytes());
    assert_eq!(error.code(), "kubeconfig-malformed", "{error}");
    let deep = "[".repeat(100_000);
    assert_eq!(problem(deep.as_bytes()).code(), "kubeconfig-malformed");
}

#[test]
fn fifty_megabytes_are_not_read() {
    let error = problem(&vec![b'#'; 50 << 20]);
    assert_eq!(error.code(), "kubeconfig-too-large", "{error}");
}

#[test]
fn what_is_no_file_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let found = KubeconfigFiles::these([folder.path().to_owned()]).load();
    assert!(matches!(found.problems[..], [KubeconfigError::NotAFile { .. }]));
    let found = KubeconfigFiles::these([PathBuf::from("/dev/zero")]).load();
    assert!(matches!(found.problems[..], [KubeconfigError::NotAFile { .. }]));
}

#[tokio::test]
async fn a_change_is_noticed_even_by_renaming_onto_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, config("one", "https://one")).unwrap();
    let files = KubeconfigFiles::these([file.clone()]);
    let mut watched = watch(&files).unwrap();
    let replacement = folder.path().join("new");
    fs::write(&replacement, config("two", "https://two")).unwrap();
    fs::rename(&replacement, &file).unwrap();
    tokio::time::timeout(Duration::from_secs(5), watched.changed())
        .await
        .expect("a change is told")
        .unwrap();
    assert!(files.load().find("two").is_some());
}

#[tokio::test]
async fn a_file_is_noticed_whose_folders_were_not_there_and_again_after_they_were_gone() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("a").join(".kube");
    let file = folder.join("config");
    let files = KubeconfigFiles::these([file.clone()]);
    let mut watched = watch(&files).unwrap();
    for name in ["one", "two"] {
        fs::create_dir_all(&folder).unwrap();
        told(&mut watched, || folder.is_dir()).await;
        fs::write(&file, config(name, "https://one")).unwrap();
        told(&mut watched, || files.load().find(name).is_some()).await;
        fs::remove_dir_all(home.path().join("a")).unwrap();
        told(&mut watched, || files.load().find(name).is_none()).await;
    }
}

/// Waits until a change was told after which something is so.
async fn told(watched: &mut KubeconfigWatch, so: impl Fn() -> bool) {
    loop {
        tokio::time::timeout(Duration::from_secs(5), watched.changed())
            .await
            .expect("a change is told")
            .unwrap();
        if so() {
            break;
        }
    }
}

#[test]
fn a_digest_is_of_what_one_context_needs_and_of_nothing_else() {
    let text = |server: &str, token: &str, current: &str| {
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: {current}\n\
             clusters: [{{name: a, cluster: {{server: '{server}'}}}}, {{name: b, cluster: {{server: 'https://b'}}}}]\n\
             users: [{{name: ua, user: {{token: '{token}'}}}}, {{name: ub, user: {{}}}}]\n\
             contexts: [{{name: a, context: {{cluster: a, user: ua}}}}, {{name: b, context: {{cluster: b, user: ub}}}}]\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let digests = |text: String| {
        fs::write(&file, text).unwrap();
        let found = KubeconfigFiles::these([file.clone()]).load();
        ["a", "b", "c"].map(|context| found.digest(context))
    };
    let [a, b, none] = digests(text("https://a", "secret", "a"));
    assert!(a.is_some() && a != b && none.is_none());
    assert_eq!(
        digests(text("https://a", "secret", "b")),
        [a, b, None],
        "another current context"
    );
    for other in [
        text("https://c", "secret", "a"),
        text("https://a", "renewed", "a"),
    ] {
        let [changed, same, _] = digests(other);
        assert!(changed != a && same == b);
    }
}
