//! One deployment out of two tellings of it: the best evidence wins, and all of it is kept.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use domain::deployment::{
    Attribution, AttributionSource, Deployment, Evidence, EvidenceKind, KeptEvidence, Moment, Moments,
    RollbackLink, RunningVersion, Status,
};
use domain::template::VersionSource;

/// What is known after `told` was told as well. `known` carries all its evidence.
pub(super) fn merge(known: Deployment, told: &Deployment) -> Deployment {
    let is_better = told.best_evidence() >= known.best_evidence();
    let evidence = join_evidence(&known.evidence, &told.evidence);
    let (version, version_evidence) = version(&known, told, is_better);
    let moments = moments(&known, told, &evidence, is_better);
    Deployment {
        id: known.id,
        service: known.service.clone(),
        environment: known.environment.clone(),
        workload: known.workload.clone().or_else(|| told.workload.clone()),
        template: known.template.clone().or_else(|| told.template.clone()),
        revision: prefer(&known.revision, &told.revision, is_better),
        version,
        version_evidence,
        image: prefer(&known.image, &told.image, is_better),
        digest: prefer(&known.digest, &told.digest, is_better),
        kind: if is_better { told.kind } else { known.kind },
        status: outcome(status(known.status, told.status, is_better), &moments),
        moments,
        previous_served_until: prefer(
            &known.previous_served_until,
            &told.previous_served_until,
            is_better,
        ),
        rollback: rollback(known.rollback, told.rollback),
        who: attribution(&known.who, &told.who, is_better),
        why: attribution(&known.why, &told.why, is_better),
        operation: known.operation.clone().or_else(|| told.operation.clone()),
        evidence,
    }
}

fn prefer<T: Clone>(known: &Option<T>, told: &Option<T>, is_better: bool) -> Option<T> {
    let (first, second) = if is_better { (told, known) } else { (known, told) };
    first.clone().or_else(|| second.clone())
}

/// A version beats what is none, whoever tells it: it was only resolved later.
fn version(known: &Deployment, told: &Deployment, is_better: bool) -> (RunningVersion, Vec<KeptEvidence>) {
    let is_version = |d: &Deployment| matches!(d.version, RunningVersion::Version(_));
    let of = |d: &Deployment| (d.version.clone(), d.version_evidence.clone());
    let (first, second) = match (is_version(known), is_version(told)) {
        (true, false) => (known, told),
        (false, true) => (told, known),
        (true, true) | (false, false) if is_better => (told, known),
        (true, true) | (false, false) => (known, told),
    };
    let (version, mut evidence) = of(first);
    // Only a pod tells what was pulled: templates, which are told again and again, do not.
    let is_by_pod = |one: &KeptEvidence| match one {
        KeptEvidence::For { source, .. } | KeptEvidence::Against { source, .. } => {
            *source == VersionSource::PodDigest
        }
        KeptEvidence::Words(_) => false,
    };
    if !evidence.iter().any(is_by_pod) {
        evidence.extend(
            second
                .version_evidence
                .iter()
                .filter(|one| is_by_pod(one))
                .cloned(),
        );
    }
    (version, evidence)
}

fn status(known: Status, told: Status, is_better: bool) -> Status {
    match (known, told) {
        (known, Status::Unknown) => known,
        // What was still going on when it was last seen gives way to whoever knows how it went on.
        (Status::Unknown | Status::InProgress, told) => told,
        (_, told) if is_better => told,
        (known, _) => known,
    }
}

/// What has ended is not in progress: it failed, where that is known, and else nothing says how it came out.
fn outcome(status: Status, moments: &Moments) -> Status {
    match status {
        Status::InProgress if moments.ended.is_none() => Status::InProgress,
        Status::InProgress if moments.failed.is_some() => Status::Failed,
        Status::InProgress => Status::Unknown,
        told => told,
    }
}

fn rollback(known: Option<RollbackLink>, told: Option<RollbackLink>) -> Option<RollbackLink> {
    match (known, told) {
        (Some(RollbackLink { to: None }) | None, Some(told)) => Some(told),
        (known, _) => known,
    }
}

/// The better source wins; of the same source the better evidence.
fn attribution(
    known: &Option<Attribution>,
    told: &Option<Attribution>,
    is_better: bool,
) -> Option<Attribution> {
    let rank = |who: &Option<Attribution>| who.as_ref().map(|who| source_rank(who.source));
    match rank(told).cmp(&rank(known)) {
        std::cmp::Ordering::Greater => told.clone(),
        std::cmp::Ordering::Less => known.clone(),
        std::cmp::Ordering::Equal => prefer(known, told, is_better),
    }
}

/// The order of history.md, "Who and why": the higher the better. A file that was imported names who deployed; a field
/// manager is the name of a program.
fn source_rank(source: AttributionSource) -> u8 {
    match source {
        AttributionSource::Operation => 6,
        AttributionSource::ChangeCause => 5,
        AttributionSource::ArgoCd => 4,
        AttributionSource::Helm => 3,
        AttributionSource::Imported => 2,
        AttributionSource::FieldManager => 1,
        AttributionSource::VersionAuthor => 0,
    }
}

/// All evidence; what one source tells again is brought up to date, without losing what it told better before.
fn join_evidence(known: &[Evidence], told: &[Evidence]) -> Vec<Evidence> {
    let mut all = known.to_vec();
    for evidence in told {
        let same = all
            .iter_mut()
            .find(|known| known.kind == evidence.kind && known.source == evidence.source);
        match same {
            Some(known) => {
                known.moments = each(|pick| better(pick(&known.moments), pick(&evidence.moments)));
                known.seen_at = known.seen_at.max(evidence.seen_at);
            }
            None => all.push(evidence.clone()),
        }
    }
    all
}

/// For each moment the best evidence that speaks of it; where none does, what the deployments themselves say.
fn moments(known: &Deployment, told: &Deployment, evidence: &[Evidence], is_better: bool) -> Moments {
    each(|pick| {
        let best = evidence
            .iter()
            .filter_map(|evidence| Some((evidence, pick(&evidence.moments)?)))
            .max_by_key(|(evidence, moment)| rank(evidence, *moment))
            .map(|(_, moment)| moment);
        best.or_else(|| prefer(&pick(&known.moments), &pick(&told.moments), is_better))
    })
}

/// The better kind wins; of one kind the more certain; of two as certain the later told.
fn rank(evidence: &Evidence, moment: Moment) -> (EvidenceKind, Reverse<Doubt>, DateTime<Utc>) {
    (evidence.kind, Reverse(doubt(moment)), evidence.seen_at)
}

/// Of two tellings by one source the more certain; of two as certain the later told.
fn better(known: Option<Moment>, told: Option<Moment>) -> Option<Moment> {
    match (known, told) {
        (Some(known), Some(told)) if doubt(known) < doubt(told) => Some(known),
        (known, told) => told.or(known),
    }
}

/// How uncertain a moment is: the width of its range, and of ranges as wide the upper bound, which says more the
/// earlier it is (the time in `managedFields` only ever moves on).
type Doubt = (TimeDelta, Option<DateTime<Utc>>);

fn doubt(moment: Moment) -> Doubt {
    match moment {
        Moment::At(_) => (TimeDelta::zero(), None),
        Moment::Between {
            earliest: Some(earliest),
            latest,
        } => (latest - earliest, Some(latest)),
        Moment::Between {
            earliest: None,
            latest,
        } => (TimeDelta::MAX, Some(latest)),
    }
}

/// The four moments, each chosen by the same rule.
fn each(choose: impl Fn(fn(&Moments) -> Option<Moment>) -> Option<Moment>) -> Moments {
    Moments {
        started: choose(|moments| moments.started),
        settled: choose(|moments| moments.settled),
        failed: choose(|moments| moments.failed),
        ended: choose(|moments| moments.ended),
    }
}
