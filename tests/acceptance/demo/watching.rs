//! What a watch tells of how deployments end (history.md).

use k8s_openapi::api::apps::v1::Deployment;
use kube::api::DeleteParams;
use serde_json::json;
use tests::cluster::until;
use tests::contract::ground::APP;
use wire::timeline::StatusWord;

use crate::harness::DemoStage;
use crate::harness::app::ENVIRONMENT;
use crate::harness::columns::Span;

/// The columns' number of a status.
const FAILED: u8 = 3;

#[tokio::test]
async fn a_deployment_object_deleted_before_our_eyes_ends_then() {
    let stage = DemoStage::running(&["1.0.0", "1.1.0"]).await;
    let app = stage.open_staging().await;
    let running = app.runs("1.1.0").await;
    let api = stage.ground.api::<Deployment>();
    api.delete(APP, &DeleteParams::background()).await.unwrap();
    until("its end", async || {
        let cell = app.cell(ENVIRONMENT).await.unwrap();
        Ok(cell.version.is_none().then_some(()))
    })
    .await
    .unwrap();
    let details = app.details(running).await;
    let ended = details.ended.clone().unwrap();
    assert_eq!(ended.earliest, Some(ended.latest), "it was seen: {ended:?}");
    let open = app
        .columns()
        .await
        .spans
        .into_iter()
        .filter(|span| span.ended.is_nan());
    assert_eq!(open.count(), 0, "nothing runs there any more");
}

#[tokio::test]
async fn what_is_replaced_before_it_settled_has_failed() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let app = stage.open_staging().await;
    app.runs("1.0.0").await;
    stage.ground.set_tag("1.1.0-pullfail").await.unwrap();
    let given_up = app
        .shows(ENVIRONMENT, "1.1.0-pullfail", StatusWord::InProgress)
        .await;
    stage.ground.roll("1.2.0").await.unwrap();
    let next = app.runs("1.2.0").await;
    let columns = app.columns().await;
    let span = |id: f64| columns.spans.iter().find(|span| span.id == id).unwrap();
    let (given_up, next): (&Span, &Span) = (span(given_up), span(next));
    assert_eq!(given_up.status, FAILED, "{given_up:?}");
    assert!(
        given_up.settled.is_nan() && given_up.ended.is_finite(),
        "{given_up:?}"
    );
    assert_eq!(given_up.failed, next.started, "when the next one began");
    assert!(next.failed.is_nan() && next.settled.is_finite(), "{next:?}");
}

/// The pods of the version before go while the new one fails: that is seen, and is the end of what served.
#[tokio::test]
async fn the_end_of_what_served_beside_a_failing_version_is_seen() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let quick = json!({"spec": {"progressDeadlineSeconds": 2}});
    stage.ground.merge(quick).await.unwrap();
    let app = stage.open_staging().await;
    let served = app.runs("1.0.0").await;
    stage.ground.set_tag("1.1.0-pullfail").await.unwrap();
    let failing = app.shows(ENVIRONMENT, "1.1.0-pullfail", StatusWord::Failed).await;
    let serves = async || Ok(app.details(served).await.still_serves.then_some(()));
    until("the old version still serves", serves).await.unwrap();
    assert_eq!(app.details(served).await.ended, None);
    let none_needed = json!({"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": "100%"}}}});
    stage.ground.merge(none_needed).await.unwrap();
    let ended = until("its end", async || Ok(app.details(served).await.ended))
        .await
        .unwrap();
    assert_eq!(ended.earliest, Some(ended.latest), "it was seen: {ended:?}");
    let failing = app.details(failing).await;
    assert_eq!(failing.previous_served_until, Some(ended.latest), "{failing:?}");
}
