//! The domain's words as the wire's.

use domain::deployment::{Attribution, DeploymentKind, EvidenceKind, Moment, Status};
use wire::epoch_ms;
use wire::timeline::{Attribution as WireAttribution, EvidenceWord, KindWord, MomentRange, StatusWord};

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
