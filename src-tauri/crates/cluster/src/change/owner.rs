//! Who owns a workload and would undo a change made behind its back (kubernetes.md, "Who owns it").

use serde_json::Value;

use super::live::LiveWorkload;

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
    /// As its project calls it; `controller` for any other.
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
    /// Its name: of the Application, the release, the Kustomization; of another controller with its kind before it.
    pub name: String,
    /// What says so.
    pub evidence: OwnerEvidence,
}

/// What names an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerEvidence {
    /// Where it stands.
    pub kind: OwnerEvidenceKind,
    /// The key of the annotation or label; of a reference the owner's kind.
    pub key: String,
    /// What it says; of a reference the owner's name.
    pub value: String,
}

/// Where an object names its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnerEvidenceKind {
    /// An annotation.
    Annotation,
    /// A label.
    Label,
    /// A label, and an Argo CD Application of that name is there.
    LabelOfApplication,
    /// `ownerReferences`.
    Reference,
}

impl OwnerEvidenceKind {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Annotation => "annotation",
            Self::Label => "label",
            Self::LabelOfApplication => "label-of-application",
            Self::Reference => "reference",
        }
    }
}

impl Owner {
    fn named(kind: OwnerKind, name: &str, says: OwnerEvidenceKind, key: &str, value: &str) -> Self {
        let evidence = OwnerEvidence {
            kind: says,
            key: key.to_owned(),
            value: value.to_owned(),
        };
        Self {
            kind,
            name: name.to_owned(),
            evidence,
        }
    }

    /// "Argo CD Application shop-checkout"; of another controller its kind and name.
    pub fn in_words(&self) -> String {
        match self.kind {
            OwnerKind::Controller => self.name.clone(),
            kind @ (OwnerKind::ArgoCd
            | OwnerKind::FluxKustomization
            | OwnerKind::FluxHelmRelease
            | OwnerKind::Helm) => format!("{} {}", kind.as_str(), self.name),
        }
    }
}

const ARGO_TRACKING: &str = "argocd.argoproj.io/tracking-id";
const INSTANCE: &str = "app.kubernetes.io/instance";

/// The outermost owner that the object itself names.
///
/// `app.kubernetes.io/instance` alone proves nothing (Helm charts and people set it too): it counts where
/// `argo_application` says that an Application of that name is there.
pub fn owner(live: &LiveWorkload, argo_application: Option<&str>) -> Option<Owner> {
    argo(live, argo_application)
        .or_else(|| flux(live))
        .or_else(|| helm(live))
        .or_else(|| controller(&live.object))
}

/// The Application's name that a tracking id or the instance label would mean; for the look-up before [`owner`].
pub fn argo_candidate(live: &LiveWorkload) -> Option<&str> {
    match live.annotation(ARGO_TRACKING) {
        Some(tracking) => tracking.split(':').next(),
        None => live.label(INSTANCE),
    }
}

fn argo(live: &LiveWorkload, application: Option<&str>) -> Option<Owner> {
    let argo = |name, says, key, value| Owner::named(OwnerKind::ArgoCd, name, says, key, value);
    if let Some(tracking) = live.annotation(ARGO_TRACKING) {
        let name = tracking.split(':').next().unwrap_or(tracking);
        return Some(argo(name, OwnerEvidenceKind::Annotation, ARGO_TRACKING, tracking));
    }
    let name = live.label(INSTANCE).filter(|name| Some(*name) == application)?;
    Some(argo(name, OwnerEvidenceKind::LabelOfApplication, INSTANCE, name))
}

fn flux(live: &LiveWorkload) -> Option<Owner> {
    let kinds = [
        (OwnerKind::FluxKustomization, "kustomize.toolkit.fluxcd.io/name"),
        (OwnerKind::FluxHelmRelease, "helm.toolkit.fluxcd.io/name"),
    ];
    kinds.into_iter().find_map(|(kind, label)| {
        let name = live.label(label)?;
        Some(Owner::named(kind, name, OwnerEvidenceKind::Label, label, name))
    })
}

fn helm(live: &LiveWorkload) -> Option<Owner> {
    let key = "meta.helm.sh/release-name";
    let name = live.annotation(key)?;
    let says = OwnerEvidenceKind::Annotation;
    Some(Owner::named(OwnerKind::Helm, name, says, key, name))
}

fn controller(object: &Value) -> Option<Owner> {
    let references = object.pointer("/metadata/ownerReferences")?.as_array()?;
    let reference = references
        .iter()
        .find(|reference| reference.get("controller") == Some(&Value::Bool(true)))?;
    let text = |name: &str| reference.get(name).and_then(Value::as_str).unwrap_or_default();
    let (kind, name) = (text("kind"), text("name"));
    let shown = format!("{kind} {name}");
    let says = OwnerEvidenceKind::Reference;
    Some(Owner::named(OwnerKind::Controller, &shown, says, kind, name))
}

#[cfg(test)]
mod tests {
    use domain::workload::WorkloadKind;
    use serde_json::json;

    use super::*;

    fn live(metadata: Value) -> LiveWorkload {
        let mut object = json!({
            "metadata": {"name": "a", "namespace": "n", "uid": "u", "generation": 1, "resourceVersion": "1"},
            "spec": {"selector": {}, "template": {"spec": {"containers": []}}},
        });
        for (key, value) in metadata.as_object().unwrap() {
            object["metadata"][key] = value.clone();
        }
        LiveWorkload::read(WorkloadKind::Deployment, object).unwrap()
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
                Some(("Helm release shop", "annotation meta.helm.sh/release-name=shop")),
            ),
            (
                json!({"annotations": both}),
                None,
                Some((
                    "Argo CD Application web",
                    "annotation argocd.argoproj.io/tracking-id=web:apps/Deployment:n/a",
                )),
            ),
            (
                json!({"labels": {"app.kubernetes.io/instance": "web"}}),
                None,
                None,
            ),
            (
                json!({"labels": {"app.kubernetes.io/instance": "web"}}),
                Some("web"),
                Some((
                    "Argo CD Application web",
                    "label-of-application app.kubernetes.io/instance=web",
                )),
            ),
            (
                json!({"annotations": release, "labels": {"helm.toolkit.fluxcd.io/name": "shop"}}),
                None,
                Some(("Flux HelmRelease shop", "label helm.toolkit.fluxcd.io/name=shop")),
            ),
            (
                json!({"ownerReferences": [{"kind": "Operator", "name": "x", "uid": "o", "controller": true}]}),
                None,
                Some(("Operator x", "reference Operator=x")),
            ),
        ];
        for (metadata, application, expected) in cases {
            let found = owner(&live(metadata.clone()), application).map(|owner| {
                let OwnerEvidence { kind, key, value } = &owner.evidence;
                (owner.in_words(), format!("{} {key}={value}", kind.as_str()))
            });
            let found = found
                .as_ref()
                .map(|(words, evidence)| (words.as_str(), evidence.as_str()));
            assert_eq!(found, expected, "{metadata}");
        }
    }
}
