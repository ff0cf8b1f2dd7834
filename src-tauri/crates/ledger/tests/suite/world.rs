//! What the tests share: a data folder, times, and deployments to store.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::deployment::{
    Deployment, DeploymentKind, Evidence, EvidenceKind, KeptEvidence, Moment, Moments, RunningVersion, Status,
};
use domain::ids::{OperationId, WorkspaceId};
use domain::operation::{OperationStep, StepKind};
use domain::template::VersionSource;
use domain::workload::{WorkloadIdentity, WorkloadKind};
use ledger::{Intent, Ledger, OpenRequest, Opened};

/// A second of the year 2026.
pub fn time(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + second, 0).unwrap()
}

pub fn workspace() -> WorkspaceId {
    WorkspaceId::new("harbor")
}

pub fn request(folder: &Path) -> OpenRequest {
    OpenRequest {
        busy_wait: Duration::from_millis(300),
        ..OpenRequest::new(folder, time(0), [7; 32])
    }
}

pub fn open(folder: &Path) -> Opened {
    Ledger::open(&request(folder)).unwrap()
}

/// A ledger that nothing needs to be said about.
pub fn open_quietly(folder: &Path) -> Ledger {
    let opened = open(folder);
    assert_eq!(opened.recovered, None);
    assert_eq!(opened.read_only, None);
    assert_eq!(opened.chain_gap, None);
    opened.ledger
}

pub fn workload(name: &str) -> WorkloadIdentity {
    WorkloadIdentity {
        kind: WorkloadKind::Deployment,
        namespace: "shop".into(),
        name: name.to_owned(),
        uid: format!("uid-{name}").into(),
    }
}

pub fn evidence(kind: EvidenceKind, source: &str, moments: Moments) -> Evidence {
    Evidence {
        kind,
        source: source.to_owned(),
        seen_at: time(0),
        moments,
    }
}

/// Live from a second to another, as our watch saw it.
pub fn observed(service: &str, environment: &str, version: &str, revision: i64, from: i64) -> Deployment {
    let moments = Moments {
        started: Some(Moment::At(time(from))),
        settled: Some(Moment::At(time(from + 5))),
        ..Moments::default()
    };
    told(
        service,
        environment,
        version,
        revision,
        EvidenceKind::Observed,
        "watch",
        moments,
    )
}

pub fn told(
    service: &str,
    environment: &str,
    version: &str,
    revision: i64,
    kind: EvidenceKind,
    source: &str,
    moments: Moments,
) -> Deployment {
    Deployment {
        id: None,
        service: service.into(),
        environment: environment.into(),
        workload: Some(workload(&format!("{service}-{environment}"))),
        template: Some(format!("template-{service}-{version}").into()),
        revision: Some(revision),
        version: RunningVersion::Version(version.parse().unwrap()),
        version_evidence: vec![KeptEvidence::For {
            source: VersionSource::ImageTag,
            value: format!("shop/{service}:{version}"),
        }],
        image: Some(format!("shop/{service}:{version}")),
        digest: None,
        kind: DeploymentKind::Version,
        status: Status::Healthy,
        moments,
        previous_served_until: None,
        rollback: None,
        who: None,
        why: None,
        operation: None,
        evidence: vec![evidence(kind, source, moments)],
    }
}

pub fn intent(id: &str) -> Intent {
    Intent {
        id: OperationId::new(id),
        workspace: workspace(),
        service: "checkout".into(),
        environment: "prod-eu".into(),
        workload: "uid-checkout".into(),
        content: serde_json::json!({"from": "2.4.1", "to": "2.3.7", "reason": "errors rose"}),
        at: time(1),
    }
}

pub fn step(kind: StepKind) -> OperationStep {
    OperationStep {
        kind,
        at: time(2),
        facts: serde_json::Map::new(),
    }
}
