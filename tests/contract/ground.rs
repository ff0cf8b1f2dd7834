//! What a clause stands on: a client, a namespace, and the few moves that every clause needs.

use anyhow::{Context, Result, bail, ensure};
use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::{Deployment, DeploymentStatus, ReplicaSet};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{ListParams, Patch, PatchParams, PostParams};
use kube::core::Status;
use kube::{Api, Client, Resource, ResourceExt};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::cluster::until;

/// The name of the Deployment object that most clauses work on.
pub const APP: &str = "checkout";

/// A client with full rights in a namespace that nobody else uses.
#[derive(Clone)]
pub struct Ground {
    pub client: Client,
    pub namespace: String,
}

impl std::fmt::Debug for Ground {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Ground")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

impl Ground {
    /// The objects of a kind in this namespace.
    pub fn api<K>(&self) -> Api<K>
    where
        K: Resource<Scope = NamespaceResourceScope>,
        K::DynamicType: Default,
    {
        Api::namespaced(self.client.clone(), &self.namespace)
    }

    /// Creates an object from JSON.
    pub async fn create<K>(&self, object: Value) -> Result<K>
    where
        K: Resource<Scope = NamespaceResourceScope>
            + Clone
            + std::fmt::Debug
            + DeserializeOwned
            + serde::Serialize,
        K::DynamicType: Default,
    {
        Ok(self
            .api::<K>()
            .create(&PostParams::default(), &serde_json::from_value(object)?)
            .await?)
    }

    /// Creates [`APP`] with this tag and waits until it has rolled out.
    pub async fn rolled_out(&self, tag: &str, replicas: u32) -> Result<Deployment> {
        self.create::<Deployment>(deployment(tag, replicas)).await?;
        self.settled().await
    }

    pub async fn app(&self) -> Result<Deployment> {
        Ok(self.api::<Deployment>().get(APP).await?)
    }

    /// Sends a merge patch to [`APP`].
    pub async fn merge(&self, patch: Value) -> Result<Deployment> {
        Ok(self
            .api()
            .patch(APP, &PatchParams::default(), &Patch::Merge(patch))
            .await?)
    }

    /// Sends a JSON Patch to [`APP`] as the field manager `tidemark`.
    pub async fn json_patch(&self, operations: Value) -> kube::Result<Deployment> {
        let parameters = PatchParams {
            field_manager: Some("tidemark".into()),
            ..PatchParams::default()
        };
        self.api()
            .patch(APP, &parameters, &json_patch_of(operations))
            .await
    }

    /// As `kubectl set image`: a strategic merge, which finds the container by its name.
    pub async fn set_tag(&self, tag: &str) -> Result<Deployment> {
        let containers = json!([{"name": "app", "image": image(tag)}]);
        let patch = json!({"spec": {"template": {"spec": {"containers": containers}}}});
        Ok(self
            .api()
            .patch(APP, &PatchParams::default(), &Patch::Strategic(patch))
            .await?)
    }

    /// Sets the tag and waits until it has rolled out.
    pub async fn roll(&self, tag: &str) -> Result<Deployment> {
        self.set_tag(tag).await?;
        self.settled().await
    }

    /// Waits until [`APP`] has rolled out by the rules of `kubectl rollout status`.
    pub async fn settled(&self) -> Result<Deployment> {
        self.app_when("the rollout is complete", is_complete).await
    }

    /// Waits until [`APP`] is as `condition` wants it.
    pub async fn app_when(&self, what: &str, condition: impl Fn(&Deployment) -> bool) -> Result<Deployment> {
        let mut last = None;
        let waited = until(what, async || {
            let app = self.app().await?;
            let holds = condition(&app);
            last = app.status.clone();
            Ok(holds.then_some(app))
        })
        .await;
        waited.with_context(|| format!("the last status of {APP}: {last:?}"))
    }

    /// The pods of [`APP`].
    pub async fn pods(&self) -> Result<Vec<Pod>> {
        Ok(self
            .api::<Pod>()
            .list(&ListParams::default().labels("app=checkout"))
            .await?
            .items)
    }

    /// The ReplicaSets of [`APP`], by revision, oldest first.
    pub async fn replica_sets(&self) -> Result<Vec<ReplicaSet>> {
        let mut sets = self
            .api::<ReplicaSet>()
            .list(&ListParams::default().labels("app=checkout"))
            .await?
            .items;
        sets.sort_by_key(|set| revision(set).unwrap_or_default());
        Ok(sets)
    }
}

/// [`APP`] with one container `app`.
pub fn deployment(tag: &str, replicas: u32) -> Value {
    json!({
        "metadata": {"name": APP, "labels": {"app": APP}},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": APP}},
            "template": {
                "metadata": {"labels": {"app": APP}},
                "spec": {"containers": [{"name": "app", "image": image(tag)}]},
            },
        },
    })
}

/// The image of [`APP`] at a tag.
pub fn image(tag: &str) -> String {
    format!("registry.example/checkout:{tag}")
}

/// A JSON Patch for any kind.
pub fn json_patch_of(operations: Value) -> Patch<()> {
    Patch::Json(serde_json::from_value(operations).expect("because clauses write well-formed JSON Patches"))
}

/// The revision that the Deployment controller has given.
pub fn revision(object: &impl ResourceExt) -> Option<u64> {
    object
        .annotations()
        .get("deployment.kubernetes.io/revision")?
        .parse()
        .ok()
}

/// The image of the first container of the template.
pub fn template_image(app: &Deployment) -> Option<&str> {
    app.spec
        .as_ref()?
        .template
        .spec
        .as_ref()?
        .containers
        .first()?
        .image
        .as_deref()
}

/// The status of a condition, when it is there.
pub fn condition<'a>(status: &'a DeploymentStatus, type_: &str) -> Option<(&'a str, &'a str)> {
    let conditions = status.conditions.as_deref().unwrap_or_default();
    let found = conditions.iter().find(|condition| condition.type_ == type_)?;
    Some((&found.status, found.reason.as_deref().unwrap_or_default()))
}

/// The rule of `kubectl rollout status`, without its deadline.
pub fn is_complete(app: &Deployment) -> bool {
    let (Some(spec), Some(status)) = (&app.spec, &app.status) else {
        return false;
    };
    let wanted = spec.replicas.unwrap_or(1);
    let updated = status.updated_replicas.unwrap_or(0);
    status.observed_generation >= app.metadata.generation
        && updated >= wanted
        && status.replicas.unwrap_or(0) <= updated
        && status.available_replicas.unwrap_or(0) >= updated
}

/// The refusal that an answer must be, with this code and reason.
pub fn refusal<T: std::fmt::Debug>(answer: kube::Result<T>, code: u16, reason: &str) -> Result<Box<Status>> {
    match answer {
        Err(kube::Error::Api(status)) => {
            ensure!(
                (status.code, status.reason.as_str()) == (code, reason),
                "expected {code} {reason}, the server answered {status:?}"
            );
            Ok(status)
        }
        other => bail!("expected {code} {reason}, the server answered {other:?}"),
    }
}
