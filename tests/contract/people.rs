//! Who asks, and what they may do.

use anyhow::{Result, ensure};
use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::SelfSubjectAccessReview;
use kube::Api;
use kube::api::PostParams;
use serde_json::json;

use super::Ground;

pub async fn a_self_subject_review_names_somebody(ground: Ground) -> Result<()> {
    let api: Api<SelfSubjectReview> = Api::all(ground.client);
    let answer = api
        .create(&PostParams::default(), &SelfSubjectReview::default())
        .await?;
    let user = answer
        .status
        .and_then(|status| status.user_info)
        .unwrap_or_default();
    ensure!(
        user.username.as_ref().is_some_and(|name| !name.is_empty()),
        "{user:?}"
    );
    let groups = user.groups.unwrap_or_default();
    ensure!(
        groups.iter().any(|group| group == "system:authenticated"),
        "{groups:?}"
    );
    Ok(())
}

pub async fn an_access_review_allows_and_echoes_the_question(ground: Ground) -> Result<()> {
    let question = json!({"spec": {"resourceAttributes": {
        "namespace": ground.namespace, "verb": "patch", "group": "apps", "resource": "deployments", "name": "checkout",
    }}});
    let api: Api<SelfSubjectAccessReview> = Api::all(ground.client);
    let answer = api
        .create(&PostParams::default(), &serde_json::from_value(question)?)
        .await?;
    let status = answer.status.unwrap_or_default();
    ensure!(status.allowed && status.denied != Some(true), "{status:?}");
    let asked = answer.spec.resource_attributes.unwrap_or_default();
    ensure!(
        asked.verb.as_deref() == Some("patch") && asked.resource.as_deref() == Some("deployments"),
        "{asked:?}"
    );
    Ok(())
}
