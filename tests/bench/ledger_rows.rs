//! A ledger of 100,000 deployments, the same every time: 40 services in 5 environments, 500 deployments each.

use std::path::Path;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use domain::deployment::{
    Deployment, DeploymentKind, Evidence, EvidenceKind, KeptEvidence, Moment, Moments, RunningVersion, Status,
};
use domain::ids::WorkspaceId;
use domain::template::VersionSource;
use domain::version::Version;
use domain::workload::{WorkloadIdentity, WorkloadKind};
use ledger::{Ledger, OpenRequest};

const SERVICES: usize = 40;
const ENVIRONMENTS: [&str; 5] = ["dev", "test", "staging", "prod-eu", "prod-us"];
const DEPLOYMENTS: usize = 500;

/// How many there are.
pub const COUNT: usize = SERVICES * ENVIRONMENTS.len() * DEPLOYMENTS;

pub fn workspace() -> WorkspaceId {
    WorkspaceId::new("harbor")
}

/// A new ledger in a folder.
pub fn open(folder: &Path) -> Result<Ledger> {
    Ok(Ledger::open(&OpenRequest::new(folder, start(), [7; 32]))?.ledger)
}

/// The deployments, lane by lane as an observer tells them.
pub fn deployments() -> Vec<Deployment> {
    let lanes = (0..SERVICES).flat_map(|service| ENVIRONMENTS.map(|environment| (service, environment)));
    lanes
        .flat_map(|(service, environment)| {
            (0..DEPLOYMENTS).map(move |number| deployment(service, environment, number))
        })
        .collect()
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).expect("because it is a second of the year 2023")
}

fn deployment(service: usize, environment: &str, number: usize) -> Deployment {
    let name = format!("service-{service}");
    let version = Version::new(number as u64 / 100, number as u64 / 10 % 10, number as u64 % 10);
    let moments = moments(service, number);
    let image = format!("registry.example/harbor/{name}:{version}");
    Deployment {
        id: None,
        service: name.as_str().into(),
        environment: environment.into(),
        workload: Some(WorkloadIdentity {
            kind: WorkloadKind::Deployment,
            namespace: format!("harbor-{environment}").into(),
            name: name.clone(),
            uid: format!("0b6f1c9e-7c53-4c5e-{service:04}-{environment:0>12}").into(),
        }),
        template: Some(format!("{:064x}", service * DEPLOYMENTS + number).into()),
        revision: i64::try_from(number).ok(),
        version: RunningVersion::Version(version),
        version_evidence: vec![KeptEvidence::For {
            source: VersionSource::ImageTag,
            value: image.clone(),
        }],
        image: Some(image),
        digest: Some(format!("sha256:{:064x}", number * SERVICES + service)),
        kind: match number % 11 {
            3 => DeploymentKind::Configuration,
            7 => DeploymentKind::Restart,
            _ => DeploymentKind::Version,
        },
        status: if number % 17 == 5 {
            Status::Failed
        } else {
            Status::Healthy
        },
        moments,
        previous_served_until: None,
        rollback: None,
        who: None,
        why: None,
        operation: None,
        evidence: vec![Evidence {
            kind: EvidenceKind::Observed,
            source: "watch".to_owned(),
            seen_at: start(),
            moments,
        }],
    }
}

/// A deployment every six hours; each ends as the next one settles.
fn moments(service: usize, number: usize) -> Moments {
    let at = |number: usize, seconds: i64| {
        let hours = i64::try_from(number * 6).expect("because there are 500");
        let offset = i64::try_from(service * 61).expect("because there are 40");
        Some(Moment::At(
            start() + TimeDelta::hours(hours) + TimeDelta::seconds(offset + seconds),
        ))
    };
    let failed = number % 17 == 5;
    Moments {
        started: at(number, 0),
        settled: if failed { None } else { at(number, 40) },
        failed: if failed { at(number, 600) } else { None },
        ended: at(number + 1, 40),
    }
}
