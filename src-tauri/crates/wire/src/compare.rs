//! A comparison: everything that differs between two sides.

use crate::EpochMs;
use crate::note::NoteInfo;
use crate::timeline::StatusWord;

/// One side of a comparison, as it is asked for.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum SideRequest {
    /// A deployment of the ledger.
    Deployment { id: f64 },
    /// A version by its tag, wherever it ran.
    Version { service: String, version: String },
    /// What runs, or ran at a time, in an environment.
    Environment {
        service: String,
        environment: String,
        at: Option<EpochMs>,
    },
}

words! {
    /// What kind of change a commit says it is.
    pub enum CommitKind { Feature, Fix, Other, }
    /// What kind of thing differs in two pod templates.
    pub enum DifferenceKind { Image, Setting, Resource, Command, Probe, Port, Volume, Metadata, Container, Other, }
    /// How a line of a diff is.
    pub enum LineKind { Context, Added, Removed, }
}

dto! {
    /// Which two sides.
    pub struct CompareRequest {
        a: SideRequest,
        b: SideRequest,
    }
    /// Everything that differs.
    pub struct Comparison {
        a: SideInfo,
        b: SideInfo,
        commits: CommitSet,
        files: FileSet,
        /// `null` where one template is not known.
        template: Option<TemplateDifference>,
        configuration: Vec<ConfigurationDifference>,
        /// ConfigMaps of one side that were never read, by name.
        configuration_unknown: Vec<String>,
        notes: Vec<NoteInfo>,
        migrations: Vec<String>,
    }
    /// One side.
    pub struct SideInfo {
        service: String,
        environment: Option<String>,
        version: String,
        deployment: Option<f64>,
        status: Option<StatusWord>,
        from: Option<EpochMs>,
        to: Option<EpochMs>,
        /// The neighbours in its lane, oldest first.
        strip: Vec<StripSpan>,
        commit: Option<String>,
        tag: Option<String>,
    }
    /// A span of the strip under a side.
    pub struct StripSpan {
        version: String,
        from: EpochMs,
        to: Option<EpochMs>,
        here: bool,
        deployment: f64,
    }
    /// The commits between, in both directions.
    pub struct CommitSet {
        /// In B and not in A, newest first.
        added: Vec<Commit>,
        /// In A and not in B, newest first.
        removed: Vec<Commit>,
        authors: u32,
        /// Why there are none: `no-repository`, `no-tag`, `not-available-here`, `other-repository`.
        unavailable: Option<String>,
        /// More than are listed.
        truncated: bool,
    }
    /// A commit.
    pub struct Commit {
        id: String,
        subject: String,
        author: String,
        at: EpochMs,
        kind: CommitKind,
        scope: Option<String>,
        breaking: bool,
        /// The lowest release between the two whose history holds it; `null`: none, or it is not known.
        release: Option<String>,
    }
    /// The changed files.
    pub struct FileSet {
        files: Vec<FileChange>,
        added: u32,
        removed: u32,
        unavailable: Option<String>,
    }
    /// A changed file; `null` counts: binary, or not in this clone.
    pub struct FileChange {
        path: String,
        added: Option<u32>,
        removed: Option<u32>,
        /// The content is not in this clone: the lines can't be counted, and are not 0.
        not_here: bool,
    }
    /// What differs in two pod templates.
    pub struct TemplateDifference {
        differences: Vec<Difference>,
        images: u32,
        settings: u32,
        yaml_a: String,
        yaml_b: String,
    }
    /// One difference in words; `null`: not there on that side.
    pub struct Difference {
        kind: DifferenceKind,
        container: Option<String>,
        /// `LOG_LEVEL`, `limits.memory`, `image`.
        name: String,
        old: Option<String>,
        new: Option<String>,
    }
    /// A line of a diff.
    pub struct DiffLine {
        kind: LineKind,
        text: String,
    }
    /// A ConfigMap or Secret that differs.
    pub struct ConfigurationDifference {
        /// `ConfigMap` or `Secret`.
        kind: String,
        name: String,
        keys: Vec<KeyDifference>,
    }
    /// A key that differs; a Secret's values are never shown.
    pub struct KeyDifference {
        key: String,
        old: Option<String>,
        new: Option<String>,
    }
}
