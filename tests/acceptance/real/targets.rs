//! What can be gone back to.

use std::time::Duration;

use chrono::Utc;
use serde_json::json;
use tests::cluster::Person;
use wire::rollback::{OriginWord, TargetRequest, VerdictWord};
use wire::timeline::RollbackCandidate;
use wire::workspace::TierWord;

use crate::harness::{Care, Stage};

fn staging() -> Care {
    Care::of(TierWord::Staging)
}

/// rollback.md: a `rollout restart` is no deployment of another version, and `kubectl rollout undo` would take it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn previous_skips_restarts_and_changes_of_settings() {
    let stage = Stage::running("restarted", &["1.0.0", "1.1.0"]).await;
    stage
        .kubectl(&["rollout", "restart", "deployment/checkout"])
        .await;
    stage.ground.settled().await.unwrap();
    stage
        .kubectl(&["set", "env", "deployment/checkout", "LOG_LEVEL=debug"])
        .await;
    stage.ground.settled().await.unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.1.0").await;
    let columns = app.columns().await;
    assert_eq!(
        columns.versions(),
        ["1.0.0", "1.1.0"],
        "a restart and a setting are no versions"
    );
    assert_eq!(columns.marks, [1, 0], "a restart, then a configuration change");
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(plan.to.version, "1.0.0");
    let named: Vec<&str> = plan.differences.iter().map(|one| one.name.as_str()).collect();
    assert!(
        named.contains(&"image") && named.contains(&"LOG_LEVEL"),
        "{named:?}"
    );
    assert_eq!((plan.sentence.images, plan.sentence.settings), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_specified_version_and_the_last_known_good_one() {
    let stage = Stage::running("chosen", &["1.0.0"]).await;
    let care = Care {
        known_good: "5s",
        ..staging()
    };
    let app = stage.open(Person::Releaser, care).await;
    app.runs("1.0.0").await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    for version in ["1.1.0", "1.2.0"] {
        stage.ground.roll(version).await.unwrap();
    }
    let deployment = app.runs("1.2.0").await;
    let offer = app.details(deployment).await.rollback;
    let known: Vec<(&str, bool)> = offer
        .targets
        .iter()
        .map(|one| (one.version.as_str(), one.known_good))
        .collect();
    assert_eq!(
        known,
        [("1.1.0", false), ("1.0.0", true)],
        "only one ran for five seconds"
    );
    assert_eq!(
        (offer.version.as_deref(), offer.known_good),
        (Some("1.0.0"), true)
    );
    let good = app.plan(TargetRequest::LastKnownGood).await;
    assert_eq!(
        (good.to.version.as_str(), good.choice.as_str()),
        ("1.0.0", "last-known-good")
    );
    let previous = app.plan(TargetRequest::Previous).await;
    assert_eq!(previous.to.version, "1.1.0");
    let specified = app
        .plan(TargetRequest::Deployment {
            id: offer.targets[1].deployment,
        })
        .await;
    assert_eq!(
        (specified.to.version.as_str(), specified.choice.as_str()),
        ("1.0.0", "specified")
    );
    let operation = app.carry_out(&specified).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert!(stage.image().await.ends_with(":1.0.0"));
}

/// Fault 24: what the cluster has pruned is offered from the ledger, and marked so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_24_a_pruned_target_comes_from_the_ledger() {
    let stage = Stage::running("pruned", &["1.0.0"]).await;
    stage
        .ground
        .merge(json!({"spec": {"revisionHistoryLimit": 1}}))
        .await
        .unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.0.0").await;
    for version in ["1.1.0", "1.2.0"] {
        stage.ground.roll(version).await.unwrap();
        app.runs(version).await;
    }
    let gone = async || {
        let history = stage
            .kubectl(&["rollout", "history", "deployment/checkout"])
            .await;
        Ok((!history.lines().any(|line| line.starts_with("1 "))).then_some(()))
    };
    tests::cluster::until("revision 1 is pruned", gone).await.unwrap();
    let deployment = app.runs("1.2.0").await;
    let offered = app.details(deployment).await.rollback.targets;
    let oldest: &RollbackCandidate = offered.iter().find(|one| one.version == "1.0.0").unwrap();
    let plan = app
        .plan(TargetRequest::Deployment {
            id: oldest.deployment,
        })
        .await;
    assert_eq!((plan.origin, plan.to.revision), (OriginWord::Ledger, None));
    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    assert!(stage.image().await.ends_with(":1.0.0"));
}

/// history.md, "Gaps": what ReplicaSets still tell is inferred, the rest is said and not guessed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_happened_while_the_app_was_closed_is_inferred_or_said() {
    let stage = Stage::running("closed", &["1.0.0"]).await;
    stage
        .ground
        .merge(json!({"spec": {"revisionHistoryLimit": 1}}))
        .await
        .unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.0.0").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let closed = Utc::now().timestamp_millis() as f64;
    app::commands::workspace_close(&app.backend, ()).await.unwrap();
    drop(app);
    for version in ["1.1.0", "1.2.0", "1.3.0"] {
        stage.ground.roll(version).await.unwrap();
    }
    let pruned = async || {
        let sets = stage.kubectl(&["get", "replicasets", "-o", "name"]).await;
        Ok((sets.lines().count() == 2).then_some(()))
    };
    tests::cluster::until("all but two ReplicaSets are pruned", pruned)
        .await
        .unwrap();
    let app = stage.open(Person::Releaser, staging()).await;
    app.runs("1.3.0").await;
    let columns = app.columns().await;
    assert_eq!(
        columns.versions(),
        ["1.0.0", "1.2.0", "1.3.0"],
        "what was seen once is kept"
    );
    assert_eq!(columns.gaps, [1], "revision 2 left nothing");
    let since = columns.gaps_from[0];
    assert!(
        (since - closed).abs() < 1_500.0,
        "nobody looked from then on, not from its last change: {since}, {closed}"
    );
    let ended = columns.spans[0].ended;
    assert!(ended.is_finite(), "{columns:?}");
}
