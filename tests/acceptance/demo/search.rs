//! What the palette finds in the sample world: words in any order, and commits.

use std::sync::Arc;

use app::commands;
use wire::compare::{CompareRequest, SideRequest};
use wire::note::{NoteSave, NoteState};
use wire::timeline::{SearchHit, SearchKind, SearchRequest, StatusWord};

use crate::harness::{App, sample_world};

async fn find(app: &App, text: &str) -> Vec<SearchHit> {
    let request = SearchRequest {
        text: text.into(),
        limit: 40,
    };
    commands::search(&app.backend, request).await.unwrap().hits
}

fn of(hits: &[SearchHit], kind: SearchKind) -> Vec<&SearchHit> {
    hits.iter().filter(|hit| hit.kind == kind).collect()
}

#[tokio::test]
async fn the_palette_finds_services_and_commits() {
    let (app, _folder) = sample_world::open(Arc::new(|_| {})).await;
    let failing = async || {
        let hits = find(&app, "roll pay").await;
        let lanes = hits
            .into_iter()
            .find(|hit| hit.title == "payments")
            .map(|hit| hit.lanes);
        let failed = |lanes: &Vec<_>| {
            let is = |lane: &wire::timeline::SearchLane| {
                lane.environment == "prod-eu" && lane.status == StatusWord::Failed
            };
            lanes.iter().any(is)
        };
        Ok(lanes.filter(failed))
    };
    let lanes = tests::cluster::until("payments to be seen failing", failing)
        .await
        .unwrap();
    let lane = lanes.iter().find(|lane| lane.environment == "prod-eu").unwrap();
    assert_eq!(
        (lane.version.as_str(), lane.back_to.as_deref()),
        ("1.42.0", Some("1.41.2"))
    );

    let note = NoteSave {
        service: "payments".into(),
        version: "1.41.2".into(),
        markdown: "# Vouchers for partial orders\n".into(),
        state: NoteState::Final,
    };
    commands::note_save(&app.backend, note).await.unwrap();
    for text in ["pay roll", "roll pay"] {
        let hits = find(&app, text).await;
        assert_eq!(of(&hits, SearchKind::Service)[0].title, "payments", "{text}");
        assert!(
            of(&hits, SearchKind::Rollback)
                .iter()
                .any(|hit| hit.service.as_deref() == Some("payments")),
            "its last rollback comes with it: {text}"
        );
        let [note] = of(&hits, SearchKind::Note)[..] else {
            panic!("its newest note: {text}");
        };
        assert_eq!(note.title, "Vouchers for partial orders");
    }

    let side = |version: &str| SideRequest::Version {
        service: "payments".into(),
        version: version.into(),
    };
    let request = CompareRequest {
        a: side("1.41.2"),
        b: side("1.42.0"),
    };
    let compared = commands::compare(&app.backend, request).await.unwrap();
    let commits = compared.commits.added;
    assert!(commits.len() > 2);
    for commit in &commits {
        let hits = find(&app, &commit.id[..9]).await;
        let [hit] = of(&hits, SearchKind::Version)[..] else {
            panic!("{}: {hits:?}", commit.subject);
        };
        assert!(
            hit.title.starts_with("payments 1.42.0"),
            "{} was brought by it, or by its candidate before: {}",
            commit.subject,
            hit.title
        );
        assert!(hit.subtitle.contains(&commit.id[..7]));
    }
    assert!(of(&find(&app, "ffffffffff").await, SearchKind::Version).is_empty());

    let of_version = find(&app, "prod-us 1.41.2 payments").await;
    let deployments = of(&of_version, SearchKind::Deployment);
    assert!(!deployments.is_empty());
    for hit in deployments {
        let place = (hit.title.as_str(), hit.environment.as_deref());
        assert_eq!(place, ("payments 1.41.2", Some("prod-us")), "the names narrow");
    }
}
