//! The table of kinds that the demo cluster serves: names, groups, scope and subresources.
//!
//! Kinds with controllers (Deployment, ReplicaSet, Pod and what follows them) behave; the others are
//! stored as they come, so that a list of them answers like a cluster in which nobody made any.

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// Empty for the core group.
    pub group: &'static str,
    /// The one version served.
    pub version: &'static str,
    /// As it stands in `kind:`.
    pub kind: &'static str,
    /// As it stands in paths.
    pub plural: &'static str,
    /// Lies in a namespace.
    pub namespaced: bool,
    /// Has `/status`, so that a plain write leaves `status` alone.
    pub status: bool,
    /// Has `/scale`.
    pub scale: bool,
    /// `metadata.generation` counts changes of `spec`.
    pub generation: bool,
    /// Comes from a CustomResourceDefinition and is served only where that is installed.
    pub custom: bool,
}

const fn kind(group: &'static str, version: &'static str, kind: &'static str, plural: &'static str) -> Kind {
    Kind {
        group,
        version,
        kind,
        plural,
        namespaced: true,
        status: false,
        scale: false,
        generation: false,
        custom: false,
    }
}

const fn cluster_wide(mut kind: Kind) -> Kind {
    kind.namespaced = false;
    kind
}

const fn with_status(mut kind: Kind) -> Kind {
    kind.status = true;
    kind
}

const fn counted(mut kind: Kind) -> Kind {
    kind.status = true;
    kind.generation = true;
    kind
}

const fn scaled(mut kind: Kind) -> Kind {
    kind.status = true;
    kind.generation = true;
    kind.scale = true;
    kind
}

const fn custom(mut kind: Kind) -> Kind {
    kind.custom = true;
    kind.generation = true;
    kind
}

/// Every kind that the cluster can serve, in the order of discovery.
pub(crate) static KINDS: &[Kind] = &[
    kind("", "v1", "ConfigMap", "configmaps"),
    kind("", "v1", "Event", "events"),
    cluster_wide(with_status(kind("", "v1", "Namespace", "namespaces"))),
    cluster_wide(with_status(kind("", "v1", "Node", "nodes"))),
    with_status(kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims")),
    counted(kind("", "v1", "Pod", "pods")),
    with_status(kind("", "v1", "ResourceQuota", "resourcequotas")),
    kind("", "v1", "Secret", "secrets"),
    kind("", "v1", "ServiceAccount", "serviceaccounts"),
    with_status(kind("", "v1", "Service", "services")),
    kind("", "v1", "LimitRange", "limitranges"),
    cluster_wide(counted(kind(
        "apiextensions.k8s.io",
        "v1",
        "CustomResourceDefinition",
        "customresourcedefinitions",
    ))),
    kind("apps", "v1", "ControllerRevision", "controllerrevisions"),
    counted(kind("apps", "v1", "DaemonSet", "daemonsets")),
    scaled(kind("apps", "v1", "Deployment", "deployments")),
    scaled(kind("apps", "v1", "ReplicaSet", "replicasets")),
    scaled(kind("apps", "v1", "StatefulSet", "statefulsets")),
    with_status(kind(
        "autoscaling",
        "v2",
        "HorizontalPodAutoscaler",
        "horizontalpodautoscalers",
    )),
    counted(kind("batch", "v1", "CronJob", "cronjobs")),
    counted(kind("batch", "v1", "Job", "jobs")),
    kind("coordination.k8s.io", "v1", "Lease", "leases"),
    kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
    kind("events.k8s.io", "v1", "Event", "events"),
    counted(kind("networking.k8s.io", "v1", "Ingress", "ingresses")),
    counted(kind(
        "policy",
        "v1",
        "PodDisruptionBudget",
        "poddisruptionbudgets",
    )),
    custom(kind("argoproj.io", "v1alpha1", "Application", "applications")),
];

impl Kind {
    /// The kind under that group, version and plural, if it is in the table.
    pub fn find(group: &str, version: &str, plural: &str) -> Option<&'static Self> {
        KINDS
            .iter()
            .find(|row| row.group == group && row.version == version && row.plural == plural)
    }

    /// The kind of an object's `apiVersion` and `kind`, if it is in the table.
    pub fn of(api_version: &str, kind: &str) -> Option<&'static Self> {
        KINDS
            .iter()
            .find(|row| row.api_version() == api_version && row.kind == kind)
    }

    /// A core kind or one of `apps` and the like, by its plural alone.
    ///
    /// # Panics
    /// On a plural that is not in the table: only the crate's own literals come here.
    pub fn named(plural: &str) -> &'static Self {
        KINDS
            .iter()
            .find(|row| row.plural == plural)
            .expect("because every literal plural in this crate stands in the table")
    }

    /// `apps/v1`, or `v1` for the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.to_owned()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// `deployments.apps`, as messages name a resource.
    pub fn resource(&self) -> String {
        if self.group.is_empty() {
            self.plural.to_owned()
        } else {
            format!("{}.{}", self.plural, self.group)
        }
    }

    /// `Deployment.apps`, as validation messages name a kind.
    pub fn qualified(&self) -> String {
        if self.group.is_empty() {
            self.kind.to_owned()
        } else {
            format!("{}.{}", self.kind, self.group)
        }
    }

    /// Where its objects are kept: `events.k8s.io` shows the objects of core `events`.
    pub fn stored_as(&'static self) -> &'static Self {
        if self.group == "events.k8s.io" {
            Self::named("events")
        } else {
            self
        }
    }

    /// Whether it is the `events.k8s.io` face of an Event.
    pub fn is_new_event(&self) -> bool {
        self.group == "events.k8s.io"
    }
}
