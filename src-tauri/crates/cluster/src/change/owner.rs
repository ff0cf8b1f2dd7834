//! Who owns a workload and would undo a change made behind its back (kubernetes.md, "Who owns it").

use serde_json::Value;

use super::live::LiveDeployment;

/// What kind of owner it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnerKind {
    /// An Argo CD Application.
    ArgoCd,
    /// A Flux Kustomization.
    FluxKustomization,
    /// A Flux HelmRelease.
    FluxHelmRelease,
    /// A Helm release.
    Helm,
    /// Another controller, by ownerReferences.
    Controller,
}

impl OwnerKind {
    /// As people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArgoCd => "Argo CD Application",
            Self::FluxKustomization => "Flux Kustomization",
            Self::FluxHelmRelease => "Flux HelmRelease",
            Self::Helm => "Helm release",
            Self::Controller => "controller",
        }
    }
}

/// An owner and how it was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// What it is.
    pub kind: OwnerKind,
    /// Its name: of the Application, the release, the Kustomization.
    pub name: String,
    /// The annotation, label or reference that says so.
    pub evidence: String,
}

impl Owner {
    /// "Argo CD Application shop-checkout".
    pub fn in_words(&self) -> String {
        format!("{} {}", self.kind.as_str(), self.name)
    }
}

const ARGO_TRACKING: &str = "argocd.argoproj.io/tracking-id";
const INSTANCE: &str = "app.kubernetes.io/instance";

/// The outermost owner that the object itself names.
///
/// `app.kubernetes.io/instance` alone proves nothing (Helm charts and people set it too): it counts where
/// `argo_application` says that an Application of that name is there.
pub fn owner(live: &LiveDeployment, argo_application: Option<&str>) -> Option<Owner> {
    argo(live, argo_application)
        .or_else(|| flux(live))
        .or_else(|| helm(live))
        .or_else(|| controller(&live.object))
}

/// The Application's name that a tracking id or the instance label would mean; for the look-up before [`owner`].
pub fn argo_candidate(live: &LiveDeployment) -> Option<&str> {
    match live.annotation(ARGO_TRACKING) {
        Some(tracking) => tracking.split(':').next(),
        None => live.label(INSTANCE),
    }
}

fn argo(live: &LiveDeployment, application: Option<&str>) -> Option<Owner> {
    if let Some(tracking) = live.annotation(ARGO_TRACKING) {
        let name = tracking.split(':').next().unwrap_or(tracking);
        let evidence = format!("annotation {ARGO_TRACKING}: {tracking}");
        return Some(Owner {
            kind: OwnerKind::ArgoCd,
            name: name.to_owned(),
            evidence,
        });
    }
    let name = live.label(INSTANCE).filter(|name| Some(*name) == application)?;
    let evidence = format!("label {INSTANCE}: {name}, and an Application of that name");
    Some(Owner {
        kind: OwnerKind::ArgoCd,
        name: name.to_owned(),
        evidence,
    })
}

fn flux(live: &LiveDeployment) -> Option<Owner> {
    let kinds = [
        (OwnerKind::FluxKustomization, "kustomize.toolkit.fluxcd.io/name"),
        (OwnerKind::FluxHelmRelease, "helm.toolkit.fluxcd.io/name"),
    ];
    kinds.into_iter().find_map(|(kind, label)| {
        let name = live.label(label)?.to_owned();
        let evidence = format!("label {label}: {name}");
        Some(Owner { kind, name, evidence })
    })
}

fn helm(live: &LiveDeployment) -> Option<Owner> {
    let key = "meta.helm.sh/release-name";
    let name = live.annotation(key)?.to_owned();
    let evidence = format!("annotation {key}: {name}");
    Some(Owner {
        kind: OwnerKind::Helm,
        name,
        evidence,
    })
}

fn controller(object: &Value) -> Option<Owner> {
    let references = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let reference = references
        .iter()
        .find(|reference| reference.get("controller") == Some(&Value::Bool(true)))?;
    let text = |name: &str| reference.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{} {}", text("kind"), text("name"));
    Some(Owner {
        kind: OwnerKind::Controller,
        evidence: format!("ownerReferences: {name}"),
        name,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn live(metadata: Value) -> LiveDeployment {
        let mut object = json!({
            "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 1, "resourceVersion": "1"},
            "spec": {"selector": {}, "template": {"spec": {"containers": []}}},
        });
        for (key, value) in metadata.as_object().unwrap() {
            object["metadata"][key] = value.clone();
        }
        LiveDeployment::read(object).unwrap()
    }

    #[test]
    fn the_outermost_owner_is_found() {
        let release = json!({"meta.helm.sh/release-name": "shop"});
        let both = json!({"meta.helm.sh/release-name": "shop", "argocd.argoproj.io/tracking-id": "web:apps/Deployment:n/a"});
        let cases = [
            (json!({}), None, None),
            (
                json!({"annotations": release.clone()}),
                None,
                Some("Helm release shop"),
            ),
            (
                json!({"annotations": both}),
                None,
                Some("Argo CD Application web"),
            ),
            (
                json!({"labels": {"app.kubernetes.io/instance": "web"}}),
                None,
                None,
            ),
            (
                json!({"labels": {"app.kubernetes.io/instance": "web"}}),
                Some("web"),
                Some("Argo CD Application web"),
            ),
            (
                json!({"annotations": release, "labels": {"helm.toolkit.fluxcd.io/name": "shop"}}),
                None,
                Some("Flux HelmRelease shop"),
            ),
            (
                json!({"ownerReferences": [{"kind": "Operator", "name": "x", "controller": true}]}),
                None,
                Some("controller Operator x"),
            ),
        ];
        for (metadata, application, expected) in cases {
            let found = owner(&live(metadata.clone()), application).map(|owner| owner.in_words());
            assert_eq!(found.as_deref(), expected, "{metadata}");
        }
    }
}
