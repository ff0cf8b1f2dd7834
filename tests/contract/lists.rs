//! Reading many: metadata only, in pages, selected.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::api::ListParams;
use serde_json::json;

use super::Ground;
use super::ground::{APP, refusal};

pub async fn metadata_only_answers_have_no_spec(ground: Ground) -> Result<()> {
    let whole = ground.rolled_out("1.0.0", 1).await?;
    let slim = ground.api::<Deployment>().get_metadata(APP).await?;
    let types = slim.types.clone().context("it says what it is")?;
    let named = (types.api_version.as_str(), types.kind.as_str());
    ensure!(named == ("meta.k8s.io/v1", "PartialObjectMetadata"), "{types:?}");
    ensure!(slim.metadata.uid == whole.metadata.uid, "{:?}", slim.metadata);
    ensure!(
        slim.metadata.annotations == whole.metadata.annotations,
        "all of the metadata comes"
    );
    Ok(())
}

pub async fn metadata_only_lists_have_no_spec(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    let path = format!("/apis/apps/v1/namespaces/{}/replicasets", ground.namespace);
    let request = http::Request::get(path)
        .header(
            "Accept",
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        )
        .body(Vec::new())?;
    let answer: serde_json::Value = ground.client.request(request).await?;
    ensure!(
        answer["kind"] == "PartialObjectMetadataList",
        "{}",
        answer["kind"]
    );
    let items = answer["items"].as_array().context("a list has items")?;
    ensure!(
        items.len() == 1 && items[0].get("spec").is_none() && items[0].get("status").is_none(),
        "{items:?}"
    );
    let typed = ground
        .api::<ReplicaSet>()
        .list_metadata(&ListParams::default())
        .await?;
    let owner = typed.items[0]
        .owner_references()
        .first()
        .context("the owner is metadata")?;
    ensure!(owner.kind == "Deployment" && owner.name == APP, "{owner:?}");
    Ok(())
}

pub async fn pages_give_each_object_once(ground: Ground) -> Result<()> {
    make_config_maps(&ground, 5).await?;
    let api = ground.api::<ConfigMap>();
    let ours = ListParams::default().labels("page=yes").limit(2);
    let (mut names, mut versions, mut token) = (Vec::new(), BTreeSet::new(), String::new());
    loop {
        let page = api
            .list(&ListParams {
                continue_token: (!token.is_empty()).then_some(token),
                ..ours.clone()
            })
            .await?;
        ensure!(page.items.len() <= 2, "a page has at most two");
        names.extend(page.items.iter().map(ResourceExt::name_any));
        versions.insert(page.metadata.resource_version.clone());
        token = page.metadata.continue_.unwrap_or_default();
        if token.is_empty() {
            break;
        }
        if names.len() == 2 {
            // Made between two pages: it belongs to a later version of the list.
            make_config_map(&ground, "page-9").await?;
        }
    }
    ensure!(
        names == ["page-0", "page-1", "page-2", "page-3", "page-4"],
        "{names:?}"
    );
    ensure!(versions.len() == 1, "all pages are of one version: {versions:?}");
    Ok(())
}

pub async fn a_malformed_continue_token_is_400(ground: Ground) -> Result<()> {
    let parameters = ListParams::default().limit(2).continue_token("nonsense");
    refusal(
        ground.api::<ConfigMap>().list(&parameters).await,
        400,
        "BadRequest",
    )
    .map(drop)
}

pub async fn selectors_filter(ground: Ground) -> Result<()> {
    make_config_maps(&ground, 3).await?;
    let api = ground.api::<ConfigMap>();
    let names = async |parameters: ListParams| -> Result<Vec<String>> {
        Ok(api
            .list(&parameters)
            .await?
            .items
            .iter()
            .map(ResourceExt::name_any)
            .collect())
    };
    let by_name = names(ListParams::default().fields("metadata.name=page-1")).await?;
    ensure!(by_name == ["page-1"], "{by_name:?}");
    let by_set = names(ListParams::default().labels("page in (yes,maybe),number!=0")).await?;
    ensure!(by_set == ["page-1", "page-2"], "{by_set:?}");
    let none = names(ListParams::default().labels("!page,number=1")).await?;
    ensure!(none.is_empty(), "{none:?}");
    let unknown = ListParams::default().fields("data.key=value");
    refusal(api.list(&unknown).await, 400, "BadRequest").map(drop)
}

async fn make_config_maps(ground: &Ground, count: usize) -> Result<()> {
    for number in 0..count {
        make_config_map(ground, &format!("page-{number}")).await?;
    }
    Ok(())
}

async fn make_config_map(ground: &Ground, name: &str) -> Result<()> {
    let labels = json!({"page": "yes", "number": name.trim_start_matches("page-")});
    ground
        .create::<ConfigMap>(json!({"metadata": {"name": name, "labels": labels}}))
        .await
        .map(drop)
}
