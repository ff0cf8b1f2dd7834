//! What the cluster's Events tell of the hour before the start (history.md): read once, and missed with words.

use demo::cluster::{Account, Denial};
use tests::cluster::until;
use wire::timeline::{DeploymentDetails, EventsGapWord, EvidenceWord, StatusWord};
use wire::workspace::TierWord;

use crate::harness::app::ENVIRONMENT;
use crate::harness::{App, Care, DemoStage};

fn lena() -> Account {
    Account::named("lena", &["release-managers"])
}

/// A version whose image can't be had, while nobody looked.
async fn failing() -> DemoStage {
    let stage = DemoStage::running(&["1.0.0"]).await;
    stage.ground.set_tag("1.1.0-pullfail").await.unwrap();
    until("the kubelet has backed off", async || {
        let events = stage.ground.api::<k8s_openapi::api::core::v1::Event>();
        let all = events.list(&Default::default()).await?;
        let backed_off = all
            .items
            .iter()
            .any(|one| one.reason.as_deref() == Some("BackOff"));
        Ok(backed_off.then_some(()))
    })
    .await
    .unwrap();
    stage
}

async fn newest(app: &App, fits: impl Fn(&DeploymentDetails) -> bool) -> DeploymentDetails {
    let id = app
        .shows(ENVIRONMENT, "1.1.0-pullfail", StatusWord::InProgress)
        .await;
    let mut last = None;
    let waited = until("the evidence", async || {
        let details = app.details(id).await;
        last = Some(details.clone());
        Ok(fits(&details).then_some(details))
    });
    let waited = waited.await;
    waited.unwrap_or_else(|error| panic!("{error}: {last:?}"))
}

fn of_events(details: &DeploymentDetails) -> Vec<&str> {
    let events = details.evidence_items.iter();
    let events = events.filter(|item| item.source.starts_with("Event "));
    events.map(|item| item.source.as_str()).collect()
}

#[tokio::test]
async fn why_a_deployment_failed_before_the_start_is_among_its_evidence() {
    let stage = failing().await;
    stage.cluster.faults().record();
    let app = stage.open_as(lena(), Care::of(TierWord::Staging)).await;
    let details = newest(&app, |details| !of_events(details).is_empty()).await;
    assert!(
        of_events(&details)
            .iter()
            .any(|event| event.starts_with("Event BackOff of Pod checkout-")
                && event.contains("1.1.0-pullfail")),
        "{:?}",
        of_events(&details)
    );
    assert_eq!(details.events_gap, None);
    assert_eq!(
        details.evidence,
        EvidenceWord::Inferred,
        "an Event of the kubelet does not date a deployment"
    );
    assert_eq!(details.failed, None, "its deadline has not passed");
    stage.ground.roll("1.0.0").await.unwrap();
    app.runs("1.0.0").await;
    assert_eq!(
        stage.sent("GET", "/namespaces/shop/events"),
        1,
        "read once, at the start"
    );
}

#[tokio::test]
async fn without_the_right_to_list_events_the_rest_goes_on_and_it_is_said() {
    let stage = failing().await;
    let lena = lena().without(Denial::of("list", "events"));
    let app = stage.open_as(lena, Care::of(TierWord::Staging)).await;
    let details = newest(&app, |details| details.events_gap.is_some()).await;
    assert_eq!(details.events_gap, Some(EventsGapWord::Forbidden));
    assert_eq!(of_events(&details), Vec::<&str>::new());
    stage.ground.roll("1.0.0").await.unwrap();
    app.runs("1.0.0").await;
}
