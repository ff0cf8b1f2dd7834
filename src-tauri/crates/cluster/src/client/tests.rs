//! The limits of each client, and every way in which a connection goes wrong, by name.

use std::io::ErrorKind;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use chrono::Utc;

use super::*;
use crate::double::{Answer, Double};
use crate::kubeconfig::KubeconfigFiles;

async fn read(clients: &Clients) -> Result<Value, Error> {
    clients.get("reading", "/api/v1/namespaces").await
}

/// Answers with each of these in turn, then with an empty object.
fn in_turn(answers: Vec<fn() -> Answer>) -> Double {
    let next = AtomicUsize::new(0);
    Double::new(move |_| {
        let at = next.fetch_add(1, Ordering::SeqCst);
        answers
            .get(at)
            .map_or_else(|| Answer::json(json!({})), |answer| answer())
    })
}

fn busy() -> Answer {
    Answer::Whole(429, vec![("retry-after", "2".into())], "slow down".into())
}

fn unavailable() -> Answer {
    Answer::status(503, "ServiceUnavailable", "starting")
}

/// Fault 15.
#[tokio::test(start_paused = true)]
async fn retry_after_is_honoured_on_reads() {
    let double = in_turn(vec![busy]);
    let begun = tokio::time::Instant::now();
    read(&double.clients()).await.unwrap();
    assert_eq!(double.requests().len(), 2);
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_pause_longer_than_the_time_limit_is_not_waited_for() {
    let double = in_turn(vec![|| {
        Answer::Whole(429, vec![("retry-after", "600".into())], String::new())
    }]);
    let begun = tokio::time::Instant::now();
    let error = read(&double.clients()).await.unwrap_err();
    assert_eq!(error.code(), "cluster-too-busy");
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn three_tries_and_no_more() {
    let double = in_turn(vec![unavailable; 9]);
    let error = read(&double.clients()).await.unwrap_err();
    assert!(matches!(error, Error::ServerFailed { code: 503, .. }), "{error}");
    assert_eq!(double.requests().len(), 3);
}

/// Faults 16 and 17: whatever the answer, a change is sent once.
#[tokio::test(start_paused = true)]
async fn the_client_that_changes_never_retries() {
    for answer in [
        busy,
        unavailable,
        || Answer::status(504, "Timeout", "late"),
        || Answer::Error(ErrorKind::ConnectionReset),
    ] {
        let double = in_turn(vec![answer; 9]);
        let request = http::Request::patch("/api/v1/namespaces/a")
            .body(Vec::new())
            .unwrap();
        double.clients().mutate.request_text(request).await.unwrap_err();
        assert_eq!(double.requests().len(), 1);
    }
}

/// Fault 14.
#[tokio::test(start_paused = true)]
async fn a_server_that_never_answers_is_named_within_fifteen_seconds() {
    let double = Double::new(|_| Answer::Never);
    let begun = tokio::time::Instant::now();
    let error = read(&double.clients()).await.unwrap_err();
    assert!(matches!(error, Error::TimedOut { .. }), "{error}");
    assert!(begun.elapsed() <= Duration::from_millis(15_100));
    let request = http::Request::patch("/api/v1/namespaces/a")
        .body(Vec::new())
        .unwrap();
    let clients = double.clients();
    let error = clients.mutate.request_text(request).await.unwrap_err();
    assert_eq!(clients.error("patching", error).code(), "cluster-timed-out");
}

/// Fault 21.
#[tokio::test(start_paused = true)]
async fn a_truncated_answer_is_named() {
    let double = Double::new(|_| Answer::Whole(200, vec![], r#"{"items": [{"token": "s3cret"#.into()));
    let error = read(&double.clients()).await.unwrap_err();
    assert_eq!(error.code(), "cluster-bad-answer", "{error}");
    assert!(
        error.to_string().contains("cut short") && !error.to_string().contains("s3cret"),
        "{error}"
    );
    let double = Double::new(|_| Answer::Broken(r#"{"items": ["#.into()));
    let error = read(&double.clients()).await.unwrap_err();
    assert_eq!(error.code(), "cluster-bad-answer", "{error}");
    assert_eq!(double.requests().len(), 3, "a broken connection is tried again");
}

#[tokio::test]
async fn the_client_that_reads_refuses_to_write() {
    let double = Double::new(|_| Answer::json(json!({})));
    let clients = double.clients();
    for (method, path) in [
        ("PATCH", "/api/v1/x"),
        ("DELETE", "/api/v1/x"),
        ("POST", "/api/v1/namespaces/a/pods"),
        ("PUT", "/x"),
    ] {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .body(Vec::new())
            .unwrap();
        let error = clients.error("x", clients.read.request_text(request).await.unwrap_err());
        assert_eq!(error.code(), "cluster-would-write", "{error}");
    }
    assert!(double.requests().is_empty(), "nothing was sent");
    clients.account().await.unwrap();
    assert_eq!(
        double.requests().len(),
        1,
        "a review is a POST that stores nothing"
    );
}

/// Faults 22 and 23, and the statuses of kubernetes.md.
#[tokio::test(start_paused = true)]
async fn every_status_has_its_name() {
    let table = [
        (401, "cluster-unauthorized"),
        (403, "cluster-forbidden"),
        (404, "cluster-not-found"),
        (409, "cluster-conflict"),
        (410, "cluster-list-too-old"),
        (422, "cluster-invalid"),
        (500, "cluster-server-failed"),
    ];
    for (status, code) in table {
        let double = Double::new(move |_| Answer::status(status, "Some", "because"));
        let error = read(&double.clients()).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains("double"), "{error} names the cluster");
        assert!(!error.hint().is_empty());
    }
}

#[tokio::test]
async fn the_causes_of_a_validation_are_kept() {
    let double = Double::new(|_| {
        let body = json!({"kind": "Status", "status": "Failure", "code": 422, "reason": "Invalid", "message": "m",
            "details": {"causes": [{"reason": "FieldValueInvalid", "message": "bad", "field": "spec.x"}]}});
        Answer::Whole(422, vec![], body.to_string())
    });
    let Error::Invalid { causes, .. } = read(&double.clients()).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(causes, [("spec.x".to_owned(), "bad".to_owned())]);
}

#[tokio::test]
async fn the_account_is_what_the_cluster_says_or_marked_as_the_kubeconfigs() {
    let answer = json!({"status": {"userInfo": {"username": "ana", "groups": ["release-managers"]}}});
    let says = Double::new(move |_| Answer::json(answer.clone()));
    let account = says.clients().account().await.unwrap();
    assert_eq!(
        (account.name.as_str(), account.source),
        ("ana", AccountSource::Cluster)
    );
    let silent = Double::new(|_| Answer::status(404, "NotFound", "no such API"));
    assert_eq!(
        silent.clients().account().await.unwrap().source,
        AccountSource::Kubeconfig
    );
    let refuses = Double::new(|_| Answer::status(401, "Unauthorized", "no"));
    assert_eq!(
        refuses.clients().account().await.unwrap_err().code(),
        "cluster-unauthorized"
    );
}

/// Fault 31.
#[tokio::test]
async fn the_offset_of_the_clock_comes_from_the_answers() {
    let day = Utc::now() + TimeDelta::days(1);
    let header = day.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let double = Double::new(move |_| Answer::Whole(200, vec![("date", header.clone())], "{}".into()));
    let clients = double.clients();
    assert_eq!(clients.clock_offset(), None);
    read(&clients).await.unwrap();
    let offset = clients.clock_offset().unwrap() - TimeDelta::days(1);
    assert!(offset.num_seconds().abs() <= 2, "{offset}");
}

fn kubeconfig(server: &str, user: Value, cluster: Value) -> Contexts {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let mut cluster = cluster;
    cluster["server"] = json!(server);
    let text = json!({"clusters": [{"name": "c", "cluster": cluster}], "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}]});
    std::fs::write(&file, text.to_string()).unwrap();
    KubeconfigFiles::these([file]).load()
}

fn connect(contexts: &Contexts, search: &[PathBuf], allow: bool) -> Result<Clients, Error> {
    let options = ConnectOptions {
        search,
        allow: &|_| allow,
        limits: PluginLimits::default(),
        proxies: Proxies::default(),
    };
    Clients::connect(contexts, "x", &options)
}

/// A proxy on this machine that writes down how each connection to it begins, and ends it.
async fn proxy() -> (
    std::net::SocketAddr,
    tokio::sync::mpsc::UnboundedReceiver<Vec<u8>>,
) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, heard) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut begin = vec![0; 256];
            let length = stream.read(&mut begin).await.unwrap_or_default();
            begin.truncate(length);
            let _ = sender.send(begin);
        }
    });
    (address, heard)
}

#[tokio::test]
async fn a_server_is_reached_through_its_proxy_or_past_it() {
    let (address, mut heard) = proxy().await;
    let environment = |none: &str| Proxies {
        https: Some(format!("http://{address}")),
        none: Some(none.to_owned()),
        ..Proxies::default()
    };
    let server = "https://no-such-host.invalid:6443";
    let ask = async |named: Option<String>, proxies: Proxies| {
        let cluster = named.map_or(json!({}), |named| json!({"proxy-url": named}));
        let options = ConnectOptions {
            search: &[],
            allow: &|_| true,
            limits: PluginLimits::default(),
            proxies,
        };
        let clients = Clients::connect(&kubeconfig(server, json!({}), cluster), "x", &options)?;
        read(&clients).await
    };
    ask(None, environment("elsewhere.example")).await.unwrap_err();
    let begin = heard.try_recv().unwrap();
    assert!(
        begin.starts_with(b"CONNECT no-such-host.invalid:6443 "),
        "{begin:?}"
    );
    while heard.try_recv().is_ok() {}

    let past = ask(None, environment("127.0.0.1,.invalid")).await.unwrap_err();
    assert_eq!(past.code(), "cluster-name-not-found", "{past:?}");
    assert!(heard.try_recv().is_err(), "the proxy was not asked");

    ask(Some(format!("socks5://{address}")), environment("*"))
        .await
        .unwrap_err();
    assert_eq!(
        heard.try_recv().unwrap().first(),
        Some(&5),
        "the protocol's version"
    );

    let refused = ask(Some(format!("socks9://{address}")), Proxies::default())
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "cluster-settings", "{refused:?}");
    assert!(refused.is_refusal());
}

/// What `kubectl` takes, and `kube` by itself does not. A process has one environment, so that this one runs itself.
#[tokio::test]
async fn an_empty_entry_in_no_proxy_is_passed_over() {
    const ITSELF: &str = "client::tests::an_empty_entry_in_no_proxy_is_passed_over";
    if std::env::var_os("TIDEMARK_TEST_INNER").is_some() {
        let proxies = Proxies::from_environment(|name| std::env::var(name).ok());
        let options = ConnectOptions {
            search: &[],
            allow: &|_| true,
            limits: PluginLimits::default(),
            proxies,
        };
        let file = kubeconfig("https://no-such-host.invalid:6443", json!({}), json!({}));
        let clients = Clients::connect(&file, "x", &options).unwrap();
        let error = read(&clients).await.unwrap_err();
        assert_eq!(
            error.code(),
            "cluster-name-not-found",
            "{error:?}: past the proxy"
        );
        return;
    }
    let inner = std::process::Command::new(std::env::current_exe().unwrap())
        .args([ITSELF, "--exact", "--nocapture"])
        .env("TIDEMARK_TEST_INNER", "1")
        .env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("NO_PROXY", "elsewhere.example,,.invalid,<local>,")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&inner.stdout);
    assert!(inner.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let clients = connect(
        &kubeconfig(&format!("https://{free}"), json!({}), json!({})),
        &[],
        true,
    )
    .unwrap();
    let error = read(&clients).await.unwrap_err();
    assert_eq!(error.code(), "cluster-refused", "{error:?}");
    assert!(error.to_string().contains(&free.to_string()));
    let clients = connect(
        &kubeconfig("https://no-such-host.invalid:6443", json!({}), json!({})),
        &[],
        true,
    )
    .unwrap();
    let error = read(&clients).await.unwrap_err();
    assert_eq!(error.code(), "cluster-name-not-found", "{error:?}");
}

/// A real TLS server with a certificate for these names; returns its port and the certificate as PEM.
async fn tls_server(names: &[&str]) -> (u16, String) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
                    .await;
                let _ = stream.shutdown().await;
            });
        }
    });
    (port, made.cert.pem())
}

fn encoded(pem: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(pem)
}

/// Fault 30.
#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (port, pem) = tls_server(&["api.elsewhere.example"]).await;
    let server = format!("https://127.0.0.1:{port}");
    let ca = json!({"certificate-authority-data": encoded(&pem)});
    let clients = connect(&kubeconfig(&server, json!({}), ca.clone()), &[], true).unwrap();
    let error = read(&clients).await.unwrap_err();
    assert_eq!(error.code(), "cluster-tls-name", "{error:?}");
    assert!(!error.is_retryable());
    let mut named = ca;
    named["tls-server-name"] = json!("api.elsewhere.example");
    let clients = connect(&kubeconfig(&server, json!({}), named), &[], true).unwrap();
    read(&clients)
        .await
        .expect("the kubeconfig says that this name is right");
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused() {
    let (port, _) = tls_server(&["127.0.0.1"]).await;
    let (_, other) = tls_server(&["127.0.0.1"]).await;
    let ca = json!({"certificate-authority-data": encoded(&other)});
    let clients = connect(
        &kubeconfig(&format!("https://127.0.0.1:{port}"), json!({}), ca),
        &[],
        true,
    )
    .unwrap();
    let error = read(&clients).await.unwrap_err();
    assert_eq!(error.code(), "cluster-tls-untrusted", "{error:?}");
}

/// A plain server that answers with the Authorization header that it got.
async fn echo_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut text = vec![0; 8192];
                let count = stream.read(&mut text).await.unwrap_or(0);
                let text = String::from_utf8_lossy(&text[..count]).into_owned();
                let header = text
                    .lines()
                    .find_map(|line| line.strip_prefix("authorization: "))
                    .unwrap_or_default();
                let body = json!({"authorization": header}).to_string();
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            });
        }
    });
    format!("http://{address}")
}

/// Fault 45: a plugin runs only after consent, and once for many requests.
#[tokio::test]
async fn a_plugin_signs_in_only_when_it_is_allowed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (program, runs) = (folder.path().join("sign-in"), folder.path().join("runs"));
    let body = format!(
        "#!/bin/sh\necho run >> {}\necho '{{\"status\": {{\"token\": \"abc\"}}}}'\n",
        runs.display()
    );
    std::fs::write(&program, body).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let user = json!({"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": "sign-in"}});
    let contexts = kubeconfig(&echo_server().await, user, json!({}));
    let search = [
        folder.path().to_owned(),
        PathBuf::from("/usr/bin"),
        PathBuf::from("/bin"),
    ];

    let error = connect(&contexts, &search, false).unwrap_err();
    let Error::ExecPlugin(ExecPluginError::NotAllowed { consent, .. }) = &error else {
        panic!("{error}")
    };
    assert_eq!(consent.program, program);
    assert!(!runs.exists(), "nothing ran");

    let clients = connect(&contexts, &search, true).unwrap();
    assert!(!runs.exists(), "nothing runs before it is needed");
    for _ in 0..3 {
        assert_eq!(read(&clients).await.unwrap()["authorization"], "Bearer abc");
    }
    assert_eq!(
        std::fs::read_to_string(&runs).unwrap(),
        "run\n",
        "one run for all requests"
    );
}

#[tokio::test]
async fn an_auth_provider_with_a_command_is_refused() {
    let user =
        json!({"auth-provider": {"name": "gcp", "config": {"cmd-path": "/bin/touch", "cmd-args": "/tmp/x"}}});
    let error = connect(&kubeconfig("https://h", user, json!({})), &[], true).unwrap_err();
    assert_eq!(error.code(), "kubeconfig-auth-provider");
}

/// Fault 32: lists come in pages, and an answer that is no page is not taken into memory.
#[tokio::test]
async fn an_answer_without_end_is_stopped_and_named() {
    let double = Double::new(|_| Answer::Whole(200, vec![], " ".repeat((64 << 20) + 1)));
    let error = read(&double.clients()).await.unwrap_err();
    assert_eq!(error.code(), "cluster-answer-too-large", "{error}");
    assert_eq!(double.requests().len(), 1, "it would be as large again");
}
