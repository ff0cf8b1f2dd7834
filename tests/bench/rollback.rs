//! A rollback on a real control plane: from the end of the three seconds to the accepted patch.
//!
//! Ours plans again, writes its intent down, dry-runs and patches, on the whole backend without a window, and none of
//! it comes from a cache. `kubectl rollout undo` looks the history up and patches. Each round takes a Deployment object
//! of its own back, since an operation goes on to watch its rollout.

use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::tests::cluster::{ControlPlane, Person, Program, until};
use anyhow::{Context, Result, bail};
use app::{Backend, Emit, commands};
use futures::{StreamExt, TryStreamExt, stream};
use tempfile::TempDir;
use wire::Event;
use wire::rollback::{FindingWord, GestureBegin, GestureEnd, Plan, PlanRequest, TargetRequest};

use crate::Settings;
use crate::headless::{self, CLUSTER, said};
use crate::measure::{Samples, in_turn};
use crate::program;
use crate::report::Row;

const ROUNDS: usize = 9;
const GOAL: f64 = 0.5;
const SERVICE: &str = "web";
/// Longer than the longest hold that a gesture asks for.
const HELD: Duration = Duration::from_millis(1_300);

pub fn run(_: &Settings) -> Result<Vec<Row>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let control_plane = ControlPlane::start()?;
    let (ours, theirs) = runtime.block_on(async {
        anyhow::Ok((
            namespaces(&control_plane, "ours").await?,
            namespaces(&control_plane, "theirs").await?,
        ))
    })?;
    let folder = TempDir::new()?;
    let clock = Arc::new(OperationClock::default());
    let backend = runtime.block_on(headless::open(
        folder.path(),
        &control_plane.kubeconfig_for(Person::Releaser),
        &workspace(&ours),
        Arc::clone(&clock).emit(),
    ))?;
    let (mut ours, mut theirs) = (ours.iter(), theirs.iter());
    let pair = in_turn(
        ROUNDS,
        || {
            let namespace = ours.next().context("every round has its own")?;
            runtime.block_on(roll_back(&backend, &clock, namespace))
        },
        || {
            let namespace = theirs.next().context("every round has its own")?;
            program::timed(&mut undo(&control_plane, namespace))
        },
    )?;
    Ok(vec![Row::new(
        "rollback",
        "`kubectl rollout undo`",
        "ms",
        &Samples::milliseconds(&pair.ours),
        &Samples::milliseconds(&pair.theirs),
        GOAL,
    )])
}

/// A namespace for each round, with a Deployment object that has two versions and has settled.
async fn namespaces(control_plane: &ControlPlane, prefix: &str) -> Result<Vec<String>> {
    let all = stream::iter(0..=ROUNDS).map(|_| async {
        let namespace = control_plane.namespace(prefix).await?;
        let image = |version: &str| format!("registry.example/{SERVICE}:{version}");
        let (first, second) = (image("1.0.0"), format!("{SERVICE}={}", image("1.1.0")));
        let object = format!("deployment/{SERVICE}");
        let create = ["create", "deployment", SERVICE, "--replicas=2", "--image", &first];
        let change = ["set", "image", &object, &second];
        let settle = ["rollout", "status", &object, "--timeout=120s"];
        for arguments in [&create[..], &settle, &change, &settle] {
            let arguments = [&["--namespace", &namespace], arguments].concat();
            control_plane.kubectl(Person::Admin, &arguments).await?.ok()?;
        }
        anyhow::Ok(namespace)
    });
    all.buffered(3).try_collect().await
}

/// A workspace with an environment for each namespace, so that each has its own operation.
fn workspace(namespaces: &[String]) -> String {
    let environments = namespaces.iter().map(|namespace| {
        format!(
            "[[environment]]\nname = \"{namespace}\"\ntier = \"production\"\ncluster = \"{CLUSTER}\"\n\
             namespaces = [\"{namespace}\"]\n\n"
        )
    });
    let environments: String = environments.collect();
    format!("format = 1\nname = \"Bench\"\n\n{environments}[[service]]\nname = \"{SERVICE}\"\n")
}

fn undo(control_plane: &ControlPlane, namespace: &str) -> Command {
    let mut command = Command::new(control_plane.programs().path(Program::Kubectl));
    command
        .arg("--kubeconfig")
        .arg(control_plane.kubeconfig_for(Person::Releaser))
        .arg("--cache-dir")
        .arg(control_plane.folder().join("kubectl-cache"))
        .args(["--namespace", namespace, "rollout", "undo"])
        .arg(format!("deployment/{SERVICE}"));
    command
}

/// Plans, confirms as a person would, and says how long it took from the end of the three seconds.
async fn roll_back(backend: &Arc<Backend>, clock: &OperationClock, environment: &str) -> Result<Duration> {
    let plan = planned(backend, environment).await?;
    let begin = GestureBegin {
        digest: plan.digest.clone(),
    };
    let confirmation = commands::rollback_begin(backend, begin).await.map_err(said)?;
    tokio::time::sleep(HELD).await;
    let acknowledged = plan
        .findings
        .iter()
        .filter(|finding| matches!(finding.result, FindingWord::Warn | FindingWord::Unknown));
    let end = GestureEnd {
        confirmation: confirmation.id,
        digest: plan.digest.clone(),
        acknowledged: acknowledged.map(|finding| finding.key.clone()).collect(),
        reason: Some("measured".to_owned()),
        typed_name: Some(SERVICE.to_owned()),
    };
    let operation = commands::rollback_confirm(backend, end).await.map_err(said)?;
    until("the patch is accepted", async || {
        clock.time_to_patch(&operation.id)
    })
    .await
}

/// The plan, as soon as the history that it needs has been read.
async fn planned(backend: &Arc<Backend>, environment: &str) -> Result<Plan> {
    until("a plan that can be confirmed", async || {
        let request = PlanRequest {
            service: SERVICE.to_owned(),
            environment: environment.to_owned(),
            target: TargetRequest::Previous,
        };
        let plan = commands::rollback_plan(backend, request).await.ok();
        Ok(plan.filter(|plan| plan.level.is_some()))
    })
    .await
}

/// Tells from the events to the window when operations began and when their patch was accepted.
#[derive(Debug, Default)]
struct OperationClock {
    seen: Mutex<Vec<Seen>>,
}

#[derive(Debug)]
struct Seen {
    at: Instant,
    operation: String,
    state: String,
}

impl OperationClock {
    fn emit(self: Arc<Self>) -> Emit {
        Arc::new(move |event: Event| {
            let text = |name: &str| {
                event
                    .payload
                    .get(name)
                    .and_then(|value| value.as_str().map(str::to_owned))
            };
            if let (Some(operation), Some(state)) = (text("id"), text("state")) {
                let seen = Seen {
                    at: Instant::now(),
                    operation,
                    state,
                };
                self.lock().push(seen);
            }
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From the end of the wait, when it begins to prepare, until the rollout began. An error when it ended otherwise.
    fn time_to_patch(&self, operation: &str) -> Result<Option<Duration>> {
        let seen = self.lock();
        let first = |state: &str| {
            let mut of = seen.iter().filter(|one| one.operation == operation);
            of.find(|one| one.state == state).map(|one| one.at)
        };
        if let Some(end) = ["failed", "superseded", "never-arrived"]
            .into_iter()
            .find(|end| first(end).is_some())
        {
            bail!("the rollback ended as {end}");
        }
        let (Some(begin), Some(accepted)) = (first("preparing"), first("rolling-out")) else {
            return Ok(None);
        };
        Ok(Some(accepted - begin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_runs_from_the_wait_to_the_accepted_patch() {
        let clock = Arc::new(OperationClock::default());
        let emit = Arc::clone(&clock).emit();
        for state in ["waiting", "preparing", "preparing", "sent"] {
            let payload = serde_json::json!({"id": "one", "state": state});
            emit(Event {
                name: "operation",
                payload,
            });
        }
        assert_eq!(clock.time_to_patch("one").unwrap(), None, "not accepted yet");
        let payload = serde_json::json!({"id": "one", "state": "rolling-out"});
        emit(Event {
            name: "operation",
            payload,
        });
        assert!(clock.time_to_patch("one").unwrap().is_some());
        assert_eq!(clock.time_to_patch("other").unwrap(), None);
    }
}
