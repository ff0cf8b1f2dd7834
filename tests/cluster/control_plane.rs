//! A control plane of one's own: its processes, its people, and what a test asks of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Namespace;
use kube::api::PostParams;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use serde_json::json;

use super::folder::{free_ports, fresh_folder};
pub use super::kubeconfig::CONTEXT;
use super::kubeconfig::kubeconfig;
use super::kubectl::{self, KubectlOutput};
use super::launch::{self, Ports};
use super::people::{Person, token_file};
use super::process::{Nursery, Process};
use super::programs::{Program, Programs, tail};
use super::simulation;
use super::wait::until_within;

const PEOPLE: &str = include_str!("manifests/people.yaml");
const NODES: &str = include_str!("manifests/nodes.yaml");
const API_SERVER: &str = "api-server";
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A running control plane. Dropping it ends its processes and removes its folder, unless the thread
/// is panicking: then the logs stay and their place is printed.
#[derive(Debug)]
pub struct ControlPlane {
    folder: PathBuf,
    programs: Programs,
    ports: Ports,
    nursery: Nursery,
    processes: Mutex<Vec<Process>>,
    namespaces: AtomicU32,
}

impl ControlPlane {
    /// Builds what is missing, starts everything and proves that it works: every process lives, and a
    /// Deployment object gets a ReplicaSet and available pods. Blocks its thread for some seconds.
    pub fn start() -> Result<Self> {
        let programs = Programs::build(&mut |line| eprintln!("{line}"))?;
        let folder = fresh_folder()?;
        let control_plane = Self {
            folder,
            programs,
            ports: free_ports()?,
            nursery: Nursery::new()?,
            processes: Mutex::default(),
            namespaces: AtomicU32::new(1),
        };
        control_plane.write_files()?;
        // A test calls this from inside its runtime, which cannot be entered again on the same thread.
        thread::scope(|scope| scope.spawn(|| control_plane.bring_up()).join())
            .map_err(|_| anyhow!("the start of the control plane panicked"))?
            .with_context(|| control_plane.describe_logs())?;
        Ok(control_plane)
    }

    /// Where the logs, kubeconfigs and data are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The programs that it runs, `kubectl` among them.
    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// `https://127.0.0.1:PORT`; a private instance keeps it over a stop and start of the API server.
    pub fn server(&self) -> String {
        format!("https://127.0.0.1:{}", self.ports.api_server)
    }

    /// A kubeconfig whose only context is [`CONTEXT`], for somebody.
    pub fn kubeconfig_for(&self, person: Person) -> PathBuf {
        self.folder.join(format!("kubeconfig-{}", person.name()))
    }

    /// A client for somebody, without retries and bound to the calling runtime: make one in each test.
    pub async fn client_for(&self, person: Person) -> Result<Client> {
        let kubeconfig = Kubeconfig::read_from(self.kubeconfig_for(person))?;
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
        config.default_retry = false;
        config.proxy_url = None;
        Ok(Client::try_from(config)?)
    }

    /// Makes a namespace that nobody else uses, called `PREFIX-N`, and returns its name.
    pub async fn namespace(&self, prefix: &str) -> Result<String> {
        let number = self.namespaces.fetch_add(1, Ordering::Relaxed);
        let name = format!("{prefix}-{number}");
        let namespace: Namespace = serde_json::from_value(json!({"metadata": {"name": name}}))?;
        let api: Api<Namespace> = Api::all(self.client_for(Person::Admin).await?);
        api.create(&PostParams::default(), &namespace)
            .await
            .with_context(|| self.describe_logs())?;
        Ok(name)
    }

    /// Runs `kubectl` as somebody.
    pub async fn kubectl(&self, person: Person, arguments: &[&str]) -> Result<KubectlOutput> {
        let program = self.programs.path(Program::Kubectl);
        kubectl::run(
            &program,
            &self.kubeconfig_for(person),
            &self.folder.join("kubectl-cache"),
            arguments,
        )
        .await
    }

    /// Kills the API server, as an outage does: connections break off. For a private instance only.
    pub fn stop_api_server(&self) -> Result<()> {
        let mut processes = self.lock_processes();
        let place = processes.iter().position(|process| process.name == API_SERVER);
        let mut process = processes.remove(place.context("the API server is stopped already")?);
        process.end().context("cannot end the API server")
    }

    /// Starts the API server again on the same port with the same data, and waits until it is ready.
    pub async fn start_api_server(&self) -> Result<()> {
        self.launch(
            API_SERVER,
            Program::ApiServer,
            launch::api_server(&self.folder, self.ports),
        )?;
        self.wait_for_api_server().await
    }

    /// An error when one of the processes has ended.
    pub fn assert_alive(&self) -> Result<()> {
        for process in self.lock_processes().iter_mut() {
            if let Some(status) = process.ended()? {
                let log = fs::read_to_string(&process.log).unwrap_or_default();
                bail!(
                    "{} has ended ({status}); its last lines:\n{}",
                    process.name,
                    tail(&log, 10)
                );
            }
        }
        Ok(())
    }

    fn write_files(&self) -> Result<()> {
        let key = rcgen::KeyPair::generate()?;
        let container_log = self.folder.join("container.log");
        let previous_log = self.folder.join("previous-container.log");
        let authority = self
            .folder
            .join("certificates/apiserver.crt")
            .display()
            .to_string();
        let kwok = simulation::kwok_configuration(&container_log, &previous_log);
        let mut files = vec![
            (self.folder.join("service-account.key"), key.serialize_pem()),
            (self.folder.join("service-account.pub"), key.public_key_pem()),
            (self.folder.join("tokens.csv"), token_file()),
            (self.folder.join("objects.yaml"), format!("{PEOPLE}---\n{NODES}")),
            (self.folder.join("kwok.yaml"), kwok),
            (
                container_log,
                simulation::container_log(simulation::CONTAINER_LOG_LINES, "container"),
            ),
            (
                previous_log,
                simulation::container_log(simulation::PREVIOUS_LOG_LINES, "previous container"),
            ),
        ];
        files.extend(Person::ALL.map(|person| {
            (
                self.kubeconfig_for(person),
                kubeconfig(person, &self.server(), &authority),
            )
        }));
        for (path, text) in files {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Runs on a thread of its own, with a runtime of its own.
    fn bring_up(&self) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            self.launch("etcd", Program::Etcd, launch::etcd(&self.folder, self.ports))?;
            self.age_etcd().await?;
            self.start_api_server().await?;
            let objects = self.folder.join("objects.yaml").display().to_string();
            let create = ["create", "--validate=false", "-f", objects.as_str()];
            self.launch(
                "controller-manager",
                Program::ControllerManager,
                launch::controller_manager(&self.folder),
            )?;
            self.launch("scheduler", Program::Scheduler, launch::scheduler(&self.folder))?;
            self.launch("kwok", Program::Kwok, launch::kwok(&self.folder, self.ports))?;
            self.kubectl(Person::Admin, &create).await?.ok()?;
            self.prove().await
        })
    }

    /// Gives etcd a past. The server's watches then begin after version 1, as on every cluster that has
    /// been used, and a watch from there is answered with 410.
    async fn age_etcd(&self) -> Result<()> {
        let mut config = Config::new(format!("http://127.0.0.1:{}", self.ports.etcd).parse()?);
        config.proxy_url = None;
        let client = Client::try_from(config)?;
        for _ in 0..10 {
            until_within(READY_WITHIN, "etcd takes a value", async || {
                self.assert_alive()?;
                // Key and value are bytes in base64, as etcd's JSON gateway wants them.
                let put = http::Request::post("/v3/kv/put")
                    .body(br#"{"key": "YWdl", "value": "MQ=="}"#.to_vec())?;
                Ok(client.request_text(put).await.ok())
            })
            .await?;
        }
        Ok(())
    }

    fn launch(&self, name: &'static str, program: Program, arguments: Vec<String>) -> Result<()> {
        let log = self.folder.join(format!("{name}.log"));
        let process = self
            .nursery
            .start(name, &self.programs.path(program), arguments, log)
            .with_context(|| {
                format!("cannot start {name} (on Linux it is started by `setpriv` of util-linux)")
            })?;
        self.lock_processes().push(process);
        Ok(())
    }

    async fn wait_for_api_server(&self) -> Result<()> {
        let certificate = self.folder.join("certificates/apiserver.crt");
        until_within(READY_WITHIN, "the API server is ready", async || {
            self.assert_alive()?;
            if !certificate.is_file() {
                return Ok(None);
            }
            // The file may be half written, and the port still closed: both pass.
            let Ok(client) = self.client_for(Person::Admin).await else {
                return Ok(None);
            };
            let request = http::Request::get("/readyz").body(Vec::new())?;
            Ok(client.request_text(request).await.ok())
        })
        .await
        .map(drop)
    }

    /// A manager with one unknown controller exits, a node without its controller stays tainted: only a
    /// Deployment object that comes up shows that all parts work together.
    async fn prove(&self) -> Result<()> {
        let namespace = self.namespace("proof").await?;
        let api: Api<Deployment> = Api::namespaced(self.client_for(Person::Admin).await?, &namespace);
        let deployment: Deployment = serde_json::from_value(json!({
            "metadata": {"name": "proof"},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": {"app": "proof"}},
                "template": {
                    "metadata": {"labels": {"app": "proof"}},
                    "spec": {"containers": [{"name": "app", "image": "registry.example/proof:1.0.0"}]},
                },
            },
        }))?;
        api.create(&PostParams::default(), &deployment).await?;
        until_within(
            READY_WITHIN,
            "the pods of a first Deployment object are available",
            async || {
                self.assert_alive()?;
                let status = api.get("proof").await?.status.unwrap_or_default();
                Ok((status.available_replicas == Some(2)).then_some(()))
            },
        )
        .await?;
        let namespaces: Api<Namespace> = Api::all(self.client_for(Person::Admin).await?);
        namespaces
            .delete(&namespace, &kube::api::DeleteParams::default())
            .await?;
        Ok(())
    }

    fn describe_logs(&self) -> String {
        format!("the control plane's logs are in {}", self.folder.display())
    }

    fn lock_processes(&self) -> std::sync::MutexGuard<'_, Vec<Process>> {
        self.processes
            .lock()
            .expect("because nothing panics while it holds this lock")
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        self.lock_processes().clear();
        if thread::panicking() {
            eprintln!("{}", self.describe_logs());
        } else {
            // What is left is swept by the next start.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}
