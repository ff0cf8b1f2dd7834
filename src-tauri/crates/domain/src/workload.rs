//! The objects that run a service, by kind, and what the cluster keeps their revisions in.
//!
//! Lacks on purpose: how a kind is read, changed and followed, which is `cluster`'s part.

use std::fmt;

use crate::ids::{Namespace, Uid};

/// A kind of object that runs a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WorkloadKind {
    /// `apps/v1` Deployment.
    Deployment,
}

impl WorkloadKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Deployment];

    /// As Kubernetes writes it; the word stands in the ledger, the workspace file and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
        }
    }

    /// The kind of that word, if it is one that is known here.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }

    /// What the cluster keeps its revisions in.
    pub fn revisions(self) -> RevisionKind {
        match self {
            Self::Deployment => RevisionKind::ReplicaSet,
        }
    }
}

impl fmt::Display for WorkloadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A kind of object that keeps a template that a workload had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RevisionKind {
    /// `apps/v1` ReplicaSet: numbered and annotated anew each time that its template comes back.
    ReplicaSet,
}

impl RevisionKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::ReplicaSet];

    /// As Kubernetes writes it; the word stands in the ledger and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReplicaSet => "ReplicaSet",
        }
    }

    /// The kind of that word, if it is one that is known here.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for RevisionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The object that runs a service in an environment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct WorkloadIdentity {
    /// Its kind.
    pub kind: WorkloadKind,
    /// Its namespace.
    pub namespace: Namespace,
    /// Its object name.
    pub name: String,
    /// Its uid: a deleted and re-created object of the same name is another one.
    pub uid: Uid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_back_from_its_word_and_others_are_unknown() {
        for kind in WorkloadKind::ALL {
            assert_eq!(WorkloadKind::parse(kind.as_str()), Some(*kind));
        }
        for kind in RevisionKind::ALL {
            assert_eq!(RevisionKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(WorkloadKind::parse("deployment"), None, "as Kubernetes writes it");
        assert_eq!(WorkloadKind::parse("Pod"), None, "which runs no service for long");
    }
}
