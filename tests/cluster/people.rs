//! The people who use the control plane, each with a token and rights of their own, so that a refusal
//! in a test is a refusal by the server. Their rights stand in `manifests/people.yaml`.

/// Somebody with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    /// Everything, by the group `system:masters`.
    Admin,
    /// What a release manager needs: reads (Secrets by name), patches of Deployment objects, Events,
    /// and Pods to be created in a dry run.
    Releaser,
    /// Reads everything but Secrets, writes nothing.
    Viewer,
    /// As `Releaser`, but ReplicaSets are refused: a history that cannot be read.
    NoReplicaSets,
    /// Reads and patches Deployment objects; may create neither Pods nor Events.
    Bare,
}

impl Person {
    /// Everybody.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Releaser,
        Self::Viewer,
        Self::NoReplicaSets,
        Self::Bare,
    ];

    /// The user name that the server knows, and which RBAC and managedFields show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Releaser => "releaser",
            Self::Viewer => "viewer",
            Self::NoReplicaSets => "no-replicasets",
            Self::Bare => "bare",
        }
    }

    /// The bearer token: no secret, since the server listens on loopback for one test run.
    pub(super) fn token(self) -> String {
        format!("token-of-{}", self.name())
    }

    fn group(self) -> &'static str {
        match self {
            Self::Admin => "system:masters",
            Self::Releaser | Self::Viewer | Self::NoReplicaSets | Self::Bare => "people",
        }
    }
}

/// The file for `--token-auth-file`: token, user, uid, groups.
pub(super) fn token_file() -> String {
    Person::ALL
        .map(|person| {
            format!(
                "{},{},uid-{},{}\n",
                person.token(),
                person.name(),
                person.name(),
                person.group()
            )
        })
        .concat()
}
