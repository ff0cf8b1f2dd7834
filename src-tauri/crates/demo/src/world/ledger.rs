//! The three months as the ledger would have written them down: deployments with their moments, who and
//! why, and the ConfigMaps that went with them.

use chrono::{DateTime, Duration, Utc};
use domain::deployment::{
    Attribution, AttributionSource, Deployment, DeploymentKind, Evidence, EvidenceKind, KeptEvidence, Moment,
    Moments, RollbackLink, RunningVersion, Status,
};
use domain::ids::{EnvironmentName, Namespace, ServiceName, Uid};
use domain::template::{PodTemplate, VersionSource};
use domain::workload::{WorkloadIdentity, WorkloadKind};
use serde_json::{Map, Value};

use super::history::{Event, Lane, Outcome};
use super::objects;
use super::profile::{Place, Profile};
use super::templates::{config_maps, secrets, template};
use crate::cluster::image_digest;

/// A deployment of the demo's past.
#[derive(Debug, Clone)]
pub struct PastDeployment {
    /// As the ledger takes it; without an id.
    pub deployment: Deployment,
    /// For a rollback: the place of the deployment that came back, in the same list.
    pub back_to: Option<usize>,
    /// The template that it ran.
    pub template: PodTemplate,
    /// The ConfigMaps that the template names, as they were then.
    pub config_maps: Vec<PastConfigMap>,
    /// The Secrets that the template names, as the cluster serves them: `data` in base64.
    pub secrets: Vec<PastConfigMap>,
}

/// A ConfigMap or Secret as it was when a deployment began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastConfigMap {
    /// Where.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its `data`.
    pub data: Map<String, Value>,
}

/// identity in prod-us is known from what the cluster still keeps, and from nothing else.
pub(crate) fn is_unwritten(profile: &Profile, place: Place) -> bool {
    profile.name == "identity" && place == Place::ProdUs
}

/// Adds a lane's past to the list.
pub(crate) fn write(profile: &Profile, lane: &Lane, list: &mut Vec<PastDeployment>) {
    let first = list.len();
    for (place, event) in lane.events.iter().enumerate() {
        let next = lane.events.get(place + 1);
        list.push(past(profile, lane, place, event, next, first));
    }
}

fn past(
    profile: &Profile,
    lane: &Lane,
    place: usize,
    event: &Event,
    next: Option<&Event>,
    first: usize,
) -> PastDeployment {
    let value = template(profile, lane.place, &event.version, event.config);
    let template = PodTemplate::new(value).expect("because templates.rs writes containers");
    let image = format!("{}:{}", profile.image(), event.version);
    let moments = moments(event, next, lane.events.get(place.wrapping_sub(1)));
    let deployment = Deployment {
        id: None,
        service: ServiceName::new(profile.name),
        environment: EnvironmentName::new(lane.place.environment()),
        workload: Some(WorkloadIdentity {
            kind: WorkloadKind::Deployment,
            namespace: Namespace::new(profile.namespace(lane.place)),
            name: profile.name.to_owned(),
            uid: Uid::new(objects::deployment_uid(profile, lane.place)),
        }),
        template: Some(template.hash()),
        revision: i64::try_from(place + 1).ok(),
        version: event.version.parse().map_or_else(
            |_| RunningVersion::Unversioned(event.version.clone()),
            RunningVersion::Version,
        ),
        version_evidence: vec![KeptEvidence::For {
            source: VersionSource::ImageTag,
            value: image.clone(),
        }],
        digest: matches!(event.outcome, Outcome::Settled(_) | Outcome::TakenBack(_))
            .then(|| image_digest(&image)),
        image: Some(image),
        kind: if event.is_config {
            DeploymentKind::Configuration
        } else {
            DeploymentKind::Version
        },
        status: status(event),
        moments,
        previous_served_until: served_until(event, next),
        rollback: event.back_to.map(|_| RollbackLink { to: None }),
        who: who(event),
        why: Some(Attribution {
            text: event.why.clone(),
            source: AttributionSource::ChangeCause,
        }),
        operation: None,
        evidence: vec![evidence(profile, lane.place, event, moments)],
    };
    let namespace = profile.namespace(lane.place);
    let kept = |(name, data)| PastConfigMap {
        namespace: namespace.to_owned(),
        name,
        data,
    };
    let config_maps = config_maps(profile, lane.place, event.config);
    PastDeployment {
        deployment,
        back_to: event.back_to.map(|place| first + place),
        template,
        config_maps: config_maps.into_iter().map(kept).collect(),
        secrets: secrets(profile).into_iter().map(kept).collect(),
    }
}

fn settled_at(event: &Event) -> Option<DateTime<Utc>> {
    match event.outcome {
        Outcome::Settled(after) | Outcome::TakenBack(after) => Some(event.at + after),
        Outcome::Failed(_) | Outcome::Open => None,
    }
}

fn moments(event: &Event, next: Option<&Event>, before: Option<&Event>) -> Moments {
    let failed = match event.outcome {
        Outcome::Failed(after) => Some(Moment::At(event.at + after)),
        Outcome::Settled(_) | Outcome::TakenBack(_) | Outcome::Open => None,
    };
    let exact = Moments {
        started: Some(Moment::At(event.at)),
        settled: settled_at(event).map(Moment::At),
        failed,
        ended: next.and_then(settled_at).map(Moment::At),
    };
    if !event.inferred {
        return exact;
    }
    let earliest = before.map(|before| before.at);
    let between = |latest: DateTime<Utc>| Moment::Between { earliest, latest };
    Moments {
        started: Some(between(event.at)),
        settled: settled_at(event).map(between),
        failed: None,
        ended: exact.ended,
    }
}

fn status(event: &Event) -> Status {
    match event.outcome {
        Outcome::Settled(_) => Status::Healthy,
        Outcome::TakenBack(_) => Status::RolledBack,
        Outcome::Failed(_) => Status::Failed,
        Outcome::Open => Status::InProgress,
    }
}

/// The version before goes on serving until the next one has settled; until then it has no end.
fn served_until(event: &Event, next: Option<&Event>) -> Option<DateTime<Utc>> {
    match event.outcome {
        Outcome::Failed(_) => next.and_then(settled_at),
        Outcome::Settled(_) | Outcome::TakenBack(_) | Outcome::Open => None,
    }
}

fn who(event: &Event) -> Option<Attribution> {
    if event.inferred {
        return None;
    }
    Some(match event.pipeline {
        Some(run) => Attribution {
            text: format!("{} by pipeline {run}", event.who.short),
            source: AttributionSource::Imported,
        },
        None => Attribution {
            text: event.who.short.to_owned(),
            source: AttributionSource::Operation,
        },
    })
}

fn evidence(profile: &Profile, place: Place, event: &Event, moments: Moments) -> Evidence {
    if event.inferred {
        let set = objects::set_name(profile, place, &event.version, event.config);
        return Evidence {
            kind: EvidenceKind::Inferred,
            source: format!("ReplicaSet {set}"),
            seen_at: event.at + Duration::minutes(5),
            moments,
        };
    }
    Evidence {
        kind: EvidenceKind::Observed,
        source: "watch".to_owned(),
        seen_at: event.at,
        moments,
    }
}
