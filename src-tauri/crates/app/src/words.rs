//! The domain's words as the wire's.

use domain::deployment::{Attribution, DeploymentKind, EvidenceKind, KeptEvidence, Moment, Status};
use domain::template::VersionSource;
use wire::epoch_ms;
use wire::timeline::{
    Attribution as WireAttribution, EvidenceWord, KindWord, MomentRange, StatusWord, VersionEvidence,
    VersionSourceWord,
};

pub(crate) fn status(status: Status) -> StatusWord {
    match status {
        Status::InProgress => StatusWord::InProgress,
        Status::Healthy => StatusWord::Healthy,
        Status::Degraded => StatusWord::Degraded,
        Status::Failed => StatusWord::Failed,
        Status::RolledBack => StatusWord::RolledBack,
        Status::Unknown => StatusWord::Unknown,
    }
}

pub(crate) fn kind(kind: DeploymentKind) -> KindWord {
    match kind {
        DeploymentKind::Version => KindWord::Version,
        DeploymentKind::Configuration => KindWord::Configuration,
        DeploymentKind::Restart => KindWord::Restart,
    }
}

pub(crate) fn evidence(kind: EvidenceKind) -> EvidenceWord {
    match kind {
        EvidenceKind::Observed => EvidenceWord::Observed,
        EvidenceKind::Recorded => EvidenceWord::Recorded,
        EvidenceKind::Inferred => EvidenceWord::Inferred,
        EvidenceKind::Imported => EvidenceWord::Imported,
    }
}

pub(crate) fn version_evidence(kept: &KeptEvidence) -> VersionEvidence {
    let (source, value, against) = match kept {
        KeptEvidence::For { source, value } => (Some(*source), value, false),
        KeptEvidence::Against { source, says } => (Some(*source), says, true),
        KeptEvidence::Words(text) => (None, text, false),
    };
    VersionEvidence {
        source: source.map(version_source),
        value: value.clone(),
        against,
    }
}

fn version_source(source: VersionSource) -> VersionSourceWord {
    match source {
        VersionSource::ImageTag => VersionSourceWord::ImageTag,
        VersionSource::ImageDigest => VersionSourceWord::ImageDigest,
        VersionSource::PodDigest => VersionSourceWord::PodDigest,
        VersionSource::VersionLabel => VersionSourceWord::VersionLabel,
        VersionSource::ChartLabel => VersionSourceWord::ChartLabel,
        VersionSource::OciAnnotation => VersionSourceWord::OciAnnotation,
        VersionSource::GitOpsCommit => VersionSourceWord::GitOpsCommit,
    }
}

pub(crate) fn moment(moment: Moment) -> MomentRange {
    MomentRange {
        earliest: moment.earliest().map(epoch_ms),
        latest: epoch_ms(moment.latest()),
    }
}

pub(crate) fn attribution(attribution: &Attribution) -> WireAttribution {
    WireAttribution {
        text: attribution.text.clone(),
        source: attribution.source.as_str().to_owned(),
    }
}
