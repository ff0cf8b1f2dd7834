//! What each program is started with.

use std::path::Path;

/// Names that the manager of 1.36 knows. One unknown name makes it exit at once.
const CONTROLLERS: [&str; 13] = [
    "deployment-controller",
    "replicaset-controller",
    "statefulset-controller",
    "daemonset-controller",
    "job-controller",
    "cronjob-controller",
    "garbage-collector-controller",
    "namespace-controller",
    "endpointslice-controller",
    "resourcequota-controller",
    "disruption-controller",
    "horizontal-pod-autoscaler-controller",
    // Without it a new node keeps its not-ready taint and nothing is scheduled.
    "node-lifecycle-controller",
];

/// The ports of one control plane, all on 127.0.0.1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    pub(super) etcd: u16,
    pub(super) etcd_peer: u16,
    pub(super) api_server: u16,
    pub(super) kubelet: u16,
}

pub(super) fn etcd(folder: &Path, ports: Ports) -> Vec<String> {
    let client = format!("http://127.0.0.1:{}", ports.etcd);
    let peer = format!("http://127.0.0.1:{}", ports.etcd_peer);
    vec![
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
        "--unsafe-no-fsync".into(),
        "--log-level=warn".into(),
    ]
}

pub(super) fn api_server(folder: &Path, ports: Ports) -> Vec<String> {
    let in_folder = |name: &str| folder.join(name).display().to_string();
    vec![
        format!("--etcd-servers=http://127.0.0.1:{}", ports.etcd),
        "--bind-address=127.0.0.1".into(),
        "--advertise-address=127.0.0.1".into(),
        format!("--secure-port={}", ports.api_server),
        format!("--cert-dir={}", in_folder("certificates")),
        "--service-account-issuer=https://kubernetes.default.svc".into(),
        format!("--service-account-key-file={}", in_folder("service-account.pub")),
        format!(
            "--service-account-signing-key-file={}",
            in_folder("service-account.key")
        ),
        "--service-cluster-ip-range=10.0.0.0/24".into(),
        "--endpoint-reconciler-type=none".into(),
        "--authorization-mode=RBAC".into(),
        format!("--token-auth-file={}", in_folder("tokens.csv")),
        "--disable-admission-plugins=ServiceAccount".into(),
        "--kubelet-preferred-address-types=InternalIP".into(),
    ]
}

pub(super) fn controller_manager(folder: &Path) -> Vec<String> {
    vec![
        format!("--kubeconfig={}", folder.join("kubeconfig-admin").display()),
        "--leader-elect=false".into(),
        "--secure-port=0".into(),
        "--use-service-account-credentials=false".into(),
        format!(
            "--service-account-private-key-file={}",
            folder.join("service-account.key").display()
        ),
        format!("--controllers={}", CONTROLLERS.join(",")),
    ]
}

pub(super) fn scheduler(folder: &Path) -> Vec<String> {
    vec![
        format!("--kubeconfig={}", folder.join("kubeconfig-admin").display()),
        "--leader-elect=false".into(),
        "--secure-port=0".into(),
    ]
}

pub(super) fn kwok(folder: &Path, ports: Ports) -> Vec<String> {
    let in_folder = |name: &str| folder.join(name).display().to_string();
    vec![
        format!("--kubeconfig={}", in_folder("kubeconfig-admin")),
        format!("--config={}", in_folder("kwok.yaml")),
        "--manage-all-nodes=false".into(),
        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake".into(),
        "--cidr=10.64.0.1/16".into(),
        "--node-ip=127.0.0.1".into(),
        format!("--node-port={}", ports.kubelet),
        format!("--server-address=127.0.0.1:{}", ports.kubelet),
        format!("--tls-cert-file={}", in_folder("certificates/apiserver.crt")),
        format!(
            "--tls-private-key-file={}",
            in_folder("certificates/apiserver.key")
        ),
    ]
}
