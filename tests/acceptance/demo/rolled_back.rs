//! What the timeline says once the failing service of the sample world was taken back.

use std::sync::Arc;
use std::time::Duration;

use app::commands;
use k8s_openapi::api::apps::v1::Deployment;
use wire::rollback::{FindingWord, Operation, Plan, PlanRequest, TargetRequest, VerdictWord};
use wire::timeline::{EvidenceItem, KindWord, MatrixRequest, StatusWord, TimelineRequest};
use wire::workspace::TierWord;

use crate::harness::app::ENVIRONMENT;
use crate::harness::columns::{Columns, Span};
use crate::harness::gestures::keys;
use crate::harness::{App, Care, DemoStage, sample_world};

/// The columns' numbers of a status.
const FAILED: u8 = 3;

/// Where the sample world's failing rollout is: service, environment and its deployment, once it is seen to fail.
async fn failing(app: &App) -> (String, String, f64) {
    let ask = async || {
        let matrix = commands::matrix(&app.backend, MatrixRequest { reference: None })
            .await
            .unwrap();
        let mut found = None;
        for row in matrix.rows {
            for cell in row.cells {
                if cell.status == StatusWord::Failed {
                    found = cell
                        .deployment
                        .map(|id| (row.service.clone(), cell.environment, id));
                }
            }
        }
        Ok(found)
    };
    tests::cluster::until("a failing rollout", ask).await.unwrap()
}

/// The spans of one lane, found by one of its deployments.
async fn lane(app: &App, version: &str, deployment: f64) -> Vec<Span> {
    let request = TimelineRequest { from: None, to: None };
    let columns = Columns::read(&commands::timeline(&app.backend, request).await.unwrap());
    let here = columns
        .spans
        .iter()
        .find(|span| span.id == deployment && span.version == version);
    let lane = here.unwrap().lane;
    columns
        .spans
        .into_iter()
        .filter(|span| span.lane == lane)
        .collect()
}

#[tokio::test]
async fn one_deployment_failed_and_its_rollback_did_not() {
    let (app, _folder) = sample_world::open(Arc::new(|_| {})).await;
    let (service, environment, bad) = failing(&app).await;
    let before = app.details(bad).await;
    assert!(before.current);
    let count = lane(&app, &before.version, bad).await.len();
    let request = PlanRequest {
        service: service.clone(),
        environment: environment.clone(),
        target: TargetRequest::Previous,
    };
    let ask = async || Ok(commands::rollback_plan(&app.backend, request.clone()).await.ok());
    let plan: Plan = tests::cluster::until("a plan", ask).await.unwrap();
    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let how = plan.before.clone().unwrap();
    assert_eq!(
        how.ready, 0,
        "no pod of what is left ever answered; those of 1.41.2 are not its own: {how:?}"
    );
    assert!(
        how.endpoints.is_some_and(|before| before > 0),
        "the whole service's: {how:?}"
    );
    // What the cluster tells afterwards (conditions, pruned numbers) must not change the story.
    tokio::time::sleep(Duration::from_secs(3)).await;

    let spans = lane(&app, &before.version, bad).await;
    assert_eq!(
        spans.len(),
        count + 1,
        "the rollback is one deployment more: {spans:#?}"
    );
    let (old, new) = (&spans[spans.len() - 2], &spans[spans.len() - 1]);
    assert_eq!((old.id, old.version.as_str()), (bad, before.version.as_str()));
    assert!(old.failed.is_finite() && old.is_undone(), "{old:?}");
    let served = old.old_serves_until;
    assert!(
        served >= operation.sent_at.unwrap() - 1_000.0 && served <= new.settled,
        "1.41.2 served until its rollback took over: {old:?}"
    );
    assert_eq!(new.version, plan.to.version, "{new:?}");
    assert!(new.failed.is_nan() && new.status != FAILED, "{new:?}");
    assert!(new.settled.is_finite() && new.ended.is_nan(), "{new:?}");
    assert!(new.is_rollback(), "{new:?}");
    let target = spans
        .iter()
        .find(|span| Some(span.id) == plan.to.deployment)
        .unwrap();
    let arc = app.columns().await;
    let back_to = new.back_to.map(|at| arc.spans[at].id);
    assert_eq!(back_to, Some(target.id), "the arc leads to what came back");
    let gone = app.details(bad).await;
    let running = gone.running.clone().unwrap();
    assert_eq!(
        (gone.current, running.deployment, running.version.as_str()),
        (false, new.id, "1.41.2")
    );
    assert_eq!(
        gone.rollback.off.as_deref(),
        Some("never-settled"),
        "{:?}",
        gone.rollback
    );
    assert_eq!(gone.previous_served_until, Some(served));
    let came_back = app.details(target.id).await;
    assert_eq!(
        came_back.rollback.off.as_deref(),
        Some("runs-now"),
        "{:?}",
        came_back.rollback
    );
    let since = spans.iter().filter(|span| span.started >= old.started);
    assert_eq!(
        since.filter(|span| span.failed.is_finite()).count(),
        1,
        "{spans:#?}"
    );
}

#[tokio::test]
async fn what_serves_beside_a_failing_version_has_no_end() {
    let (app, _folder) = sample_world::open(Arc::new(|_| {})).await;
    let (_, _, bad) = failing(&app).await;
    let ask = async || {
        let told = app.details(bad).await;
        Ok(told.previous_serves.is_some().then_some(told))
    };
    let told = tests::cluster::until("that the old version serves", ask)
        .await
        .unwrap();
    assert_eq!(told.previous_serves.as_deref(), Some("1.41.2"));
    assert_eq!(told.previous_served_until, None);
    let ask = async || {
        let spans = lane(&app, &told.version, bad).await;
        let at = spans.iter().position(|span| span.id == bad).unwrap();
        Ok((spans[at].old_serves_until == f64::INFINITY).then_some((spans, at)))
    };
    let (spans, at) = tests::cluster::until("the strip of what serves", ask)
        .await
        .unwrap();
    let before = app.details(spans[at - 1].id).await;
    assert!(before.still_serves && !before.current, "{before:?}");
    let earlier = app.details(spans[at - 2].id).await;
    assert!(!earlier.still_serves, "only the one before: {earlier:?}");
}

#[tokio::test]
async fn what_runs_elsewhere_has_no_end_there_whatever_changed_its_configuration() {
    let (app, _folder) = sample_world::open(Arc::new(|_| {})).await;
    failing(&app).await;
    let request = MatrixRequest { reference: None };
    let matrix = commands::matrix(&app.backend, request).await.unwrap();
    let mut split = 0;
    for row in &matrix.rows {
        for cell in &row.cells {
            let Some(id) = cell.deployment else { continue };
            for place in app.details(id).await.elsewhere {
                let there = row.cells.iter().find(|one| one.environment == place.environment);
                let runs = there.filter(|there| there.version == cell.version);
                if let Some(runs) = runs {
                    assert_eq!((place.to, place.deployment), (None, runs.deployment), "{place:?}");
                    split +=
                        usize::from(app.details(runs.deployment.unwrap()).await.kind != KindWord::Version);
                }
            }
        }
    }
    assert!(
        0 < split,
        "the sample world has versions whose configuration changed"
    );
}

#[tokio::test]
async fn an_undo_that_goes_forward_is_no_rollback() {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    let app = stage.open(Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let back = app.runs("1.0.0").await;
    let undo = TargetRequest::UndoOf {
        operation: operation.id,
    };
    let undone = app.roll_back(undo).await;
    assert_eq!(undone.verdict, Some(VerdictWord::Good), "{undone:?}");
    let forward = app.runs("1.1.0").await;
    let spans = app.columns().await.spans;
    let of = |id: f64| spans.iter().find(|span| span.id == id).unwrap();
    assert!(of(back).is_rollback() && !of(back).is_undone(), "{spans:#?}");
    assert!(!of(forward).is_rollback(), "{spans:#?}");
}

/// The cluster's own deadline is ten minutes away.
#[tokio::test]
async fn a_rollout_that_was_judged_bad_is_failing_at_once_and_no_harmless_target_later() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    stage.ground.set_tag("1.1.0-pullfail").await.unwrap();
    let is_updating = |app: &Deployment| {
        let status = app.status.as_ref();
        status.is_some_and(|status| status.updated_replicas == Some(1))
    };
    let hangs = stage.ground.app_when("one of two pods is of 1.1.0", is_updating);
    hangs.await.unwrap();
    stage.ground.roll("1.2.0").await.unwrap();
    let app = stage.open_staging().await;
    app.runs("1.2.0").await;
    let operation = app.roll_back(TargetRequest::Previous).await;
    assert_eq!(
        operation.to_version, "1.1.0-pullfail",
        "nothing told yet how that went"
    );
    assert_eq!(operation.verdict, Some(VerdictWord::Bad), "{operation:?}");

    let bad = app.shows(ENVIRONMENT, "1.1.0-pullfail", StatusWord::Failed).await;
    let spans = app.columns().await.spans;
    let here = spans.iter().find(|span| span.id == bad).unwrap();
    assert_eq!(here.status, FAILED, "{here:?}");
    let (sent, judged) = (operation.sent_at.unwrap(), operation.ended_at.unwrap());
    assert!(
        sent < here.failed && here.failed <= judged,
        "when that was judged: {here:?}"
    );
    let why = async || {
        let told = app.details(bad).await;
        let said = |item: &EvidenceItem| item.source.starts_with("pods ImagePullBackOff: ");
        Ok(told.evidence_items.iter().any(said).then_some(told))
    };
    let told = tests::cluster::until("why its pods hang", why).await.unwrap();
    assert_eq!(told.previous_serves.as_deref(), Some("1.2.0"), "{told:?}");
    let spans = app.columns().await.spans;
    let here = spans.iter().find(|span| span.id == bad).unwrap();
    assert_eq!(
        here.old_serves_until,
        f64::INFINITY,
        "1.2.0 serves beside it: {here:?}"
    );

    let undo = |of: &Operation| TargetRequest::UndoOf {
        operation: of.id.clone(),
    };
    let undone = app.roll_back(undo(&operation)).await;
    assert_eq!(undone.verdict, Some(VerdictWord::Good), "{undone:?}");
    let again = app.plan(undo(&undone)).await;
    assert_eq!(again.to.version, "1.1.0-pullfail");
    let known = again
        .findings
        .iter()
        .find(|finding| finding.code == "failed")
        .unwrap();
    assert_eq!(known.result, FindingWord::Warn);
    assert_eq!(known.facts["reason"], "ImagePullBackOff");
    assert_eq!(known.facts["at"].parse(), Ok(here.failed));
    assert!(!known.facts.contains_key("ran"), "it never settled: {known:?}");
    assert_eq!(again.level, Some(2), "it is to be acknowledged");
    let previous = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        previous.to.version, "1.0.0",
        "what never went live is none to go back to"
    );
    assert_eq!(
        keys(&previous, FindingWord::Warn),
        [""; 0],
        "{:?}",
        previous.findings
    );
    let now = app.runs("1.2.0").await;
    let offered = app.details(now).await.rollback.targets;
    let marks: Vec<(&str, bool)> = offered
        .iter()
        .map(|one| (one.version.as_str(), one.failed))
        .collect();
    assert_eq!(marks, [("1.1.0-pullfail", true), ("1.0.0", false)]);
}
