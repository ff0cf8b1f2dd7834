//! Newtypes for names and identifiers, so that a service name is never taken for an environment's.

use std::fmt;
use std::sync::Arc;

/// Declares a newtype over a shared, immutable string.
macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text as it is; nothing is trimmed or checked.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::new(text)
            }
        }
    };
}

name_type!(
    /// The identity of a workspace: rows of the ledger are keyed by it.
    WorkspaceId
);
name_type!(
    /// The name of a service, unique in its workspace.
    ServiceName
);
name_type!(
    /// The name of an environment, unique in its workspace.
    EnvironmentName
);
name_type!(
    /// The name that a workspace file gives a cluster; each person binds it to a kube context.
    ClusterName
);
name_type!(
    /// A Kubernetes namespace.
    Namespace
);
name_type!(
    /// The `metadata.uid` of a Kubernetes object.
    Uid
);
name_type!(
    /// SHA-256, in lower-case hexadecimal, of a pod template's canonical JSON without `pod-template-hash`.
    TemplateHash
);
name_type!(
    /// SHA-256 of a ConfigMap's content, or the keyed hash of a Secret's; lower-case hexadecimal.
    ContentHash
);
name_type!(
    /// The digest of a plan: SHA-256 in lower-case hexadecimal. A person confirms exactly this.
    PlanDigest
);
name_type!(
    /// The identity of an operation: a UUID, written to the cluster as well.
    OperationId
);

/// The row of a deployment in the ledger; stable for the ledger's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeploymentId(pub i64);
