//! Watching: what comes, in which order, and when a watch must begin anew.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures::{Stream, StreamExt};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::ResourceExt;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, WatchEvent, WatchParams};
use serde_json::json;
use tokio::time::timeout;

use super::Ground;

const PATIENCE: Duration = Duration::from_secs(15);
/// Restricts a watch to what the clause makes: a namespace may come with objects of its own.
const OURS: &str = "watched=yes";

pub async fn changes_arrive_in_order(ground: Ground) -> Result<()> {
    let from = version_now(&ground).await?;
    let stream = ground
        .api::<ConfigMap>()
        .watch(&WatchParams::default().labels(OURS), &from)
        .await?;
    tokio::pin!(stream);
    live_through_a_life(&ground, "first").await?;
    let mut seen = Vec::new();
    while seen.len() < 3 {
        match next(&mut stream).await? {
            WatchEvent::Added(object) => seen.push(("added", object)),
            WatchEvent::Modified(object) => seen.push(("modified", object)),
            WatchEvent::Deleted(object) => seen.push(("deleted", object)),
            WatchEvent::Bookmark(_) => {}
            WatchEvent::Error(status) => bail!("{status:?}"),
        }
    }
    let kinds: Vec<_> = seen.iter().map(|(kind, _)| *kind).collect();
    ensure!(kinds == ["added", "modified", "deleted"], "{kinds:?}");
    ensure!(
        seen.iter().all(|(_, object)| object.name_any() == "first"),
        "only what was asked for"
    );
    let versions: Vec<_> = seen
        .iter()
        .filter_map(|(_, object)| object.resource_version())
        .collect();
    ensure!(
        versions.len() == 3 && versions[0] != versions[1] && versions[1] != versions[2],
        "{versions:?}"
    );
    let value = |place: usize| {
        seen[place]
            .1
            .data
            .as_ref()
            .and_then(|data| data.get("key").cloned())
    };
    ensure!(
        (value(0), value(1)) == (Some("1".into()), Some("2".into())),
        "whole objects come"
    );
    Ok(())
}

pub async fn metadata_only_changes_arrive(ground: Ground) -> Result<()> {
    let from = version_now(&ground).await?;
    let stream = ground
        .api::<ConfigMap>()
        .watch_metadata(&WatchParams::default().labels(OURS), &from)
        .await?;
    tokio::pin!(stream);
    make(&ground, "slim").await?;
    match next(&mut stream).await? {
        WatchEvent::Added(object) => {
            let kind = object.types.map(|types| types.kind).unwrap_or_default();
            ensure!(
                kind == "PartialObjectMetadata" && object.metadata.name.as_deref() == Some("slim"),
                "{kind}"
            );
            Ok(())
        }
        other => bail!("{other:?}"),
    }
}

/// A bookmark comes two seconds before the timeout of a watch, if there is anything to pass over.
pub async fn a_bookmark_passes_over_what_the_watch_does_not_select(ground: Ground) -> Result<()> {
    let from = version_now(&ground).await?;
    let parameters = WatchParams::default().labels(OURS).timeout(6);
    let stream = ground.api::<ConfigMap>().watch(&parameters, &from).await?;
    tokio::pin!(stream);
    let other: ConfigMap = ground.create(json!({"metadata": {"name": "other"}})).await?;
    match next(&mut stream).await? {
        WatchEvent::Bookmark(bookmark) => {
            let (reached, passed) = (
                number(&bookmark.metadata.resource_version)?,
                number(&other.resource_version().unwrap_or_default())?,
            );
            ensure!(
                reached >= passed,
                "all up to {reached} has been seen, {passed} too"
            );
        }
        unexpected => bail!("nothing of ours has changed, yet {unexpected:?} came"),
    }
    while let Some(event) = timeout(PATIENCE, stream.next())
        .await
        .context("a watch ends at its timeout")?
    {
        ensure!(
            matches!(event, Ok(WatchEvent::Bookmark(_))),
            "it ends without an error: {event:?}"
        );
    }
    Ok(())
}

pub async fn a_streaming_list_ends_with_a_bookmark(ground: Ground) -> Result<()> {
    make(&ground, "one").await?;
    make(&ground, "two").await?;
    let parameters = WatchParams::streaming_lists().labels(OURS).timeout(30);
    let stream = ground.api::<ConfigMap>().watch(&parameters, "0").await?;
    tokio::pin!(stream);
    let mut names = Vec::new();
    loop {
        match next(&mut stream).await? {
            WatchEvent::Added(object) => names.push(object.name_any()),
            WatchEvent::Bookmark(bookmark) => {
                let end = bookmark
                    .metadata
                    .annotations
                    .get("k8s.io/initial-events-end")
                    .map(String::as_str);
                ensure!(end == Some("true"), "{:?}", bookmark.metadata.annotations);
                break;
            }
            other => bail!("{other:?}"),
        }
    }
    names.sort();
    ensure!(names == ["one", "two"], "what is there comes first: {names:?}");
    Ok(())
}

pub async fn a_version_long_gone_is_410(ground: Ground) -> Result<()> {
    make(&ground, "late").await?;
    let status = match ground
        .api::<ConfigMap>()
        .watch(&WatchParams::default(), "1")
        .await
    {
        Err(kube::Error::Api(status)) => status,
        Err(error) => return Err(error.into()),
        Ok(stream) => {
            tokio::pin!(stream);
            match next(&mut stream).await {
                Ok(WatchEvent::Error(status)) => status,
                other => bail!("{other:?}"),
            }
        }
    };
    ensure!(
        (status.code, status.reason.as_str()) == (410, "Expired"),
        "{status:?}"
    );
    Ok(())
}

async fn version_now(ground: &Ground) -> Result<String> {
    let list = ground.api::<ConfigMap>().list(&ListParams::default()).await?;
    list.metadata
        .resource_version
        .context("a list has a version to watch from")
}

/// Versions are numbers since Kubernetes 1.35, and may be compared.
fn number(version: &str) -> Result<u64> {
    version
        .parse()
        .with_context(|| format!("the version {version:?} is no number"))
}

async fn live_through_a_life(ground: &Ground, name: &str) -> Result<()> {
    make(ground, name).await?;
    let change = Patch::Merge(json!({"data": {"key": "2"}}));
    ground
        .api::<ConfigMap>()
        .patch(name, &PatchParams::default(), &change)
        .await?;
    ground
        .api::<ConfigMap>()
        .delete(name, &DeleteParams::default())
        .await?;
    Ok(())
}

async fn make(ground: &Ground, name: &str) -> Result<()> {
    let object = json!({"metadata": {"name": name, "labels": {"watched": "yes"}}, "data": {"key": "1"}});
    ground.create::<ConfigMap>(object).await.map(drop)
}

async fn next<K>(
    stream: &mut (impl Stream<Item = kube::Result<WatchEvent<K>>> + Unpin),
) -> Result<WatchEvent<K>> {
    let event = timeout(PATIENCE, stream.next())
        .await
        .context("waited in vain for a watch event")?;
    Ok(event.context("the watch ended")??)
}
