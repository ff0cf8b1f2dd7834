//! The first view of a cluster with 1,000 Deployment objects and 10,000 ReplicaSets: time and memory.
//!
//! Each side is a process of its own, from its start to its end: ours connects and watches until everything is
//! known, `kubectl` prints everything. The two `kubectl get --raw`, one after the other, are what the server itself
//! needs to hand the same objects over, and hardly any more.
//!
//! At rest the whole backend is looked at: ledger, watches and the history of 1,000 services.

use std::path::PathBuf;
use std::process::Command;

use ::tests::cluster::{ControlPlane, Person, Program};
use anyhow::{Result, ensure};

use crate::Settings;
use crate::child::{Job, Usage};
use crate::large_cluster::{self, DEPLOYMENTS, REPLICA_SETS_EACH};
use crate::measure::{Samples, in_turn};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 5;
const TIME_GOAL: f64 = 0.1;
const RAW_TIME_GOAL: f64 = 1.5;
const MEMORY_GOAL: f64 = 0.1;
/// The nearest rival's whole backend at rest on as many objects, as it was published: not measured here.
const RIVAL_MIB: f64 = 249.0;
const REST_GOAL: f64 = 0.3;
const REST_ROUNDS: usize = 3;
const PATHS: [&str; 2] = ["/apis/apps/v1/deployments", "/apis/apps/v1/replicasets"];

pub fn run(_: &Settings) -> Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let cluster = Cluster {
        control_plane: runtime.block_on(large_cluster::start())?,
    };
    cluster.same_answer()?;
    let get = in_turn(ROUNDS, || cluster.ours(), || Usage::of(&cluster.get()))?;
    let raw = in_turn(ROUNDS, || cluster.ours(), || cluster.raw())?;
    let rest = (0..REST_ROUNDS)
        .map(|_| cluster.at_rest())
        .collect::<Result<Vec<f64>>>()?;
    let beside = "`kubectl get deploy,rs -A -o json`";
    Ok(vec![
        Row::new(
            "snapshot",
            beside,
            "ms",
            &time(&get.ours),
            &time(&get.theirs),
            TIME_GOAL,
        ),
        Row::new(
            "snapshot (raw)",
            "`kubectl get --raw` of both",
            "ms",
            &time(&raw.ours),
            &time(&raw.theirs),
            RAW_TIME_GOAL,
        ),
        Row::new(
            "snapshot (memory)",
            beside,
            "MiB",
            &memory(&get.ours),
            &memory(&get.theirs),
            MEMORY_GOAL,
        ),
        Row::new(
            "snapshot (at rest)",
            "Radar's backend: a published figure",
            "MiB",
            &Samples::new(rest),
            &Samples::new([RIVAL_MIB]),
            REST_GOAL,
        ),
    ])
}

fn time(usages: &[Usage]) -> Samples {
    Samples::new(usages.iter().map(|usage| usage.elapsed.as_secs_f64() * 1e3))
}

fn memory(usages: &[Usage]) -> Samples {
    #[expect(clippy::cast_precision_loss, reason = "a few million KiB are exact")]
    Samples::new(usages.iter().map(|usage| usage.peak_kib as f64 / 1024.0))
}

struct Cluster {
    control_plane: ControlPlane,
}

impl Cluster {
    fn kubeconfig(&self) -> PathBuf {
        self.control_plane.kubeconfig_for(Person::Admin)
    }

    fn ours(&self) -> Result<Usage> {
        Usage::of(&Job::FirstView(self.kubeconfig()).command()?)
    }

    /// How much memory our whole backend holds at rest, in MiB.
    fn at_rest(&self) -> Result<f64> {
        let printed = program::printed(&mut Job::AtRest(self.kubeconfig()).command()?)?;
        Ok(printed.trim().parse::<f64>()? / 1024.0)
    }

    fn kubectl(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.control_plane.programs().path(Program::Kubectl));
        command
            .arg("--kubeconfig")
            .arg(self.kubeconfig())
            .arg("--cache-dir")
            .arg(self.control_plane.folder().join("kubectl-cache"))
            .args(arguments);
        command
    }

    fn get(&self) -> Command {
        self.kubectl(&[
            "get",
            "deployments,replicasets",
            "--all-namespaces",
            "--output=json",
        ])
    }

    /// Both, one after the other: the time of both together, the memory of the greater.
    fn raw(&self) -> Result<Usage> {
        let [one, other] = PATHS.map(|path| Usage::of(&self.kubectl(&["get", "--raw", path])));
        let (one, other) = (one?, other?);
        Ok(Usage {
            elapsed: one.elapsed + other.elapsed,
            peak_kib: one.peak_kib.max(other.peak_kib),
        })
    }

    /// Proves that our view holds every object that was made.
    fn same_answer(&self) -> Result<()> {
        let ours = program::printed(&mut Job::FirstView(self.kubeconfig()).command()?)?;
        let expected = format!("{DEPLOYMENTS} {}", DEPLOYMENTS * REPLICA_SETS_EACH);
        ensure!(ours.trim() == expected, "we see {ours}, there are {expected}");
        let names =
            program::printed(&mut self.kubectl(&["get", "deployments,replicasets", "-A", "-o", "name"]))?;
        let theirs = names.lines().count();
        let all = DEPLOYMENTS * (1 + REPLICA_SETS_EACH);
        ensure!(theirs == all, "kubectl sees {theirs} objects, there are {all}");
        Ok(())
    }
}
