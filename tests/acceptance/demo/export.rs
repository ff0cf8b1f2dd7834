//! What an export says of each deployment, beside what the timeline shows.

use std::sync::Arc;

use app::commands;
use wire::timeline::{DeploymentRequest, SearchKind, SearchRequest, SourcesRequest};

use crate::harness::sample_world;

#[tokio::test]
async fn an_export_names_commit_digest_and_evidence_of_each_deployment_that_is_known() {
    let (app, _folder) = sample_world::open(Arc::new(|_| {})).await;
    let request = SearchRequest {
        text: "prod-us 1.41.2 payments".into(),
        limit: 40,
    };
    let hits = commands::search(&app.backend, request).await.unwrap().hits;
    let id = hits
        .iter()
        .filter(|hit| hit.kind == SearchKind::Deployment)
        .find_map(|hit| hit.deployment)
        .expect("the sample world ran it there");
    let details = commands::deployment_details(&app.backend, DeploymentRequest { id })
        .await
        .unwrap();

    let request = SourcesRequest { ids: vec![id, -1.0] };
    let sources = commands::deployment_sources(&app.backend, request).await.unwrap();
    let [source] = &sources[..] else {
        panic!("one is known, the other is none: {sources:?}");
    };
    assert_eq!(source.id, id);
    let commit = source.commit.as_deref().expect("its version has a tag");
    assert_eq!(commit.len(), 40, "the whole hash: {commit}");
    assert_eq!(source.commit, details.release.map(|release| release.commit));
    assert_eq!(source.digest, details.digest);
    assert_eq!(source.evidence, details.evidence);
}
