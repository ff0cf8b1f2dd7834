//! The other objects that a release manager's view reads: ConfigMaps, Secrets, Events, logs, kinds.

use anyhow::{Context, Result, ensure};
use k8s_openapi::api::core::v1::{ConfigMap, Event, Namespace, Pod, Secret};
use kube::api::{DeleteParams, ListParams, LogParams, Patch, PatchParams};
use kube::{Api, ResourceExt};
use serde_json::json;

use super::Ground;
use super::ground::{APP, refusal};

pub async fn config_maps_are_kept(ground: Ground) -> Result<()> {
    let data = json!({"LOG_LEVEL": "info", "empty": ""});
    let made: ConfigMap = ground
        .create(json!({"metadata": {"name": "settings"}, "data": data}))
        .await?;
    let api = ground.api::<ConfigMap>();
    ensure!(
        api.get("settings").await? == made,
        "it is read as it was answered"
    );
    let change = Patch::Merge(json!({"data": {"LOG_LEVEL": "debug", "empty": null}}));
    let changed = api.patch("settings", &PatchParams::default(), &change).await?;
    ensure!(
        serde_json::to_value(&changed.data)? == json!({"LOG_LEVEL": "debug"}),
        "{:?}",
        changed.data
    );
    ensure!(
        changed.metadata.generation.is_none(),
        "a ConfigMap has no generation"
    );
    ensure!(
        changed.resource_version() != made.resource_version(),
        "its version moves"
    );
    api.delete("settings", &DeleteParams::default()).await?;
    refusal(api.get("settings").await, 404, "NotFound").map(drop)
}

pub async fn secrets_are_kept_as_bytes(ground: Ground) -> Result<()> {
    let secret =
        json!({"metadata": {"name": "keys"}, "stringData": {"plain": "a b"}, "data": {"raw": "/wA="}});
    let made: Secret = ground.create(secret).await?;
    ensure!(made.string_data.is_none(), "texts are turned into bytes");
    let read = ground.api::<Secret>().get("keys").await?;
    let data = read.data.context("it has data")?;
    ensure!(
        data.get("plain").is_some_and(|value| value.0 == b"a b"),
        "{:?}",
        data.keys()
    );
    ensure!(
        data.get("raw").is_some_and(|value| value.0 == [0xff, 0x00]),
        "{:?}",
        data.keys()
    );
    ensure!(read.type_.as_deref() == Some("Opaque"), "{:?}", read.type_);
    Ok(())
}

pub async fn events_are_found_by_the_uid_they_speak_of(ground: Ground) -> Result<()> {
    let app = ground.rolled_out("1.0.0", 1).await?;
    let uid = app.uid().context("an object has a uid")?;
    let event = json!({
        "metadata": {"generateName": "checkout."},
        "involvedObject": {
            "apiVersion": "apps/v1", "kind": "Deployment", "name": APP, "namespace": ground.namespace, "uid": uid,
        },
        "type": "Normal", "reason": "RolledBack", "message": "by a test",
        "source": {"component": "tidemark"}, "count": 1,
        "firstTimestamp": "2026-01-01T00:00:00Z", "lastTimestamp": "2026-01-01T00:00:00Z",
    });
    let made: Event = ground.create(event).await?;
    ensure!(made.name_any().starts_with("checkout."), "{}", made.name_any());
    let of_app = ListParams::default().fields(&format!("involvedObject.uid={uid}"));
    let found = ground.api::<Event>().list(&of_app).await?.items;
    ensure!(
        found
            .iter()
            .any(|event| event.reason.as_deref() == Some("RolledBack")),
        "ours: {found:?}"
    );
    ensure!(
        found
            .iter()
            .any(|event| event.reason.as_deref() == Some("ScalingReplicaSet")),
        "the controller's: {found:?}"
    );
    ensure!(
        found
            .iter()
            .all(|event| event.involved_object.uid.as_deref() == Some(&uid)),
        "of nothing else"
    );
    Ok(())
}

pub async fn a_log_has_its_last_lines(ground: Ground) -> Result<()> {
    ground.rolled_out("1.0.0", 1).await?;
    let pods = ground.pods().await?;
    let name = pods.first().context("one pod runs")?.name_any();
    let api = ground.api::<Pod>();
    let container = Some("app".to_owned());
    let tail = LogParams {
        container: container.clone(),
        tail_lines: Some(100),
        ..LogParams::default()
    };
    let log = api.logs(&name, &tail).await?;
    ensure!(
        log.lines().count() <= 100 && !log.trim().is_empty(),
        "at most what was asked for: {log}"
    );
    let fewer = api
        .logs(
            &name,
            &LogParams {
                container,
                tail_lines: Some(1),
                ..LogParams::default()
            },
        )
        .await?;
    ensure!(
        log.lines().last() == fewer.lines().last(),
        "the last lines, not the first: {fewer}"
    );
    let unknown = LogParams {
        container: Some("nobody".into()),
        ..LogParams::default()
    };
    let status = refusal(api.logs(&name, &unknown).await, 400, "BadRequest")?;
    ensure!(status.message.contains("nobody"), "{status:?}");
    refusal(api.logs("nobody", &LogParams::default()).await, 404, "NotFound").map(drop)
}

pub async fn the_server_says_its_version_and_kinds(ground: Ground) -> Result<()> {
    let version = ground.client.apiserver_version().await?;
    ensure!(
        version.major == "1" && version.minor.parse::<u32>().is_ok(),
        "{version:?}"
    );
    let kinds = ground.client.list_api_group_resources("apps/v1").await?.resources;
    let deployments = kinds
        .iter()
        .find(|kind| kind.name == "deployments")
        .context("apps/v1 has deployments")?;
    ensure!(
        deployments.namespaced && deployments.verbs.iter().any(|verb| verb == "patch"),
        "{deployments:?}"
    );
    let core = ground.client.list_core_api_resources("v1").await?.resources;
    ensure!(
        core.iter().any(|kind| kind.name == "pods/log"),
        "sub-resources are listed too"
    );
    let namespaces: Api<Namespace> = Api::all(ground.client.clone());
    ensure!(
        namespaces
            .get(&ground.namespace)
            .await?
            .status
            .is_some_and(|status| status.phase.as_deref() == Some("Active"))
    );
    Ok(())
}
