//! Services by any word of what was typed: what runs of them, where a rollback would go, and what was rolled back.

use chrono::{DateTime, Utc};
use domain::deployment::{Deployment, RunningVersion, Status};
use domain::known_good::{last_known_good, previous};
use domain::workspace::{Environment, Service};
use wire::timeline::{SearchHit, SearchKind, SearchLane, StatusWord};

use super::{EACH, Typed, blank, of_deployment};
use crate::comparison::sides;
use crate::error::Answer;
use crate::session::Session;
use crate::words;

/// Services that a word names, those whose name begins with it first.
pub(super) fn named<'a>(session: &'a Session, typed: &Typed) -> Vec<&'a Service> {
    let rank = |service: &Service| {
        let name = service.name.as_str().to_lowercase();
        let ranks = typed
            .words
            .iter()
            .filter_map(|word| match name.find(word.as_str()) {
                Some(0) if name == *word => Some(0),
                Some(0) => Some(1),
                Some(_) => Some(2),
                None => None,
            });
        ranks.min()
    };
    let mut found: Vec<(u8, &Service)> = session
        .workspace
        .services
        .iter()
        .filter_map(|service| Some((rank(service)?, service)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.truncate(EACH);
    found.into_iter().map(|(_, service)| service).collect()
}

/// The services themselves, then what was rolled back of them, newest first.
pub(super) fn found(session: &Session, typed: &Typed, now: DateTime<Utc>) -> Answer<Vec<SearchHit>> {
    let (mut services, mut rolled_back) = (Vec::new(), Vec::new());
    for service in named(session, typed) {
        let mut lanes = Vec::new();
        let mut history = Vec::new();
        for environment in &session.workspace.environments {
            let lane = sides::lane(session, &service.name, environment.name.as_str())?;
            let place = (service.name.clone(), environment.name.clone());
            let several = session
                .link(environment)
                .is_ok_and(|link| link.workloads(&place).len() > 1);
            lanes.extend(if several {
                run_by_several(environment, &lane)
            } else {
                runs(environment, &lane, now)
            });
            history.extend(lane);
        }
        let team = service.team.clone().unwrap_or_default();
        services.push(SearchHit {
            service: Some(service.name.to_string()),
            lanes,
            ..blank(SearchKind::Service, service.name.to_string(), team)
        });
        let newest = |fits: fn(&Deployment) -> bool| {
            let fitting = history.iter().filter(|deployment| fits(deployment));
            fitting.max_by_key(|deployment| {
                let moments = &deployment.moments;
                moments.settled.or(moments.started).map(|at| at.latest())
            })
        };
        let back = newest(|deployment| deployment.rollback.is_some());
        rolled_back.extend(back.map(|one| of_deployment(SearchKind::Rollback, one)));
        let taken = newest(|deployment| deployment.status == Status::RolledBack);
        rolled_back.extend(taken.map(|one| of_deployment(SearchKind::RolledBack, one)));
    }
    services.extend(rolled_back);
    Ok(services)
}

/// What runs in a lane, and the version that a rollback would go back to.
fn runs(environment: &Environment, lane: &[Deployment], now: DateTime<Utc>) -> Option<SearchLane> {
    let current = lane.iter().rev().find(|one| one.moments.ended.is_none())?;
    let back_to = last_known_good(lane, environment.known_good_after, now)
        .map(|good| good.deployment)
        .or_else(|| previous(lane));
    let status: StatusWord = words::status(current.status);
    Some(SearchLane {
        environment: environment.name.to_string(),
        version: current.version.label(),
        status,
        back_to: back_to.map(|deployment| deployment.version.label()),
    })
}

/// The same where several workloads run the service: every version that runs. Which of them would go back has to be
/// said first, so no way back is offered.
fn run_by_several(environment: &Environment, lane: &[Deployment]) -> Option<SearchLane> {
    let live = || lane.iter().rev().filter(|one| one.moments.ended.is_none());
    let newest = live().next()?;
    let worst = live().find(|one| one.status == Status::Failed).unwrap_or(newest);
    let mut labels: Vec<String> = Vec::new();
    for label in live().map(|one| one.version.label()) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let version = if labels.len() > 1 {
        RunningVersion::Mixed(labels).label()
    } else {
        newest.version.label()
    };
    Some(SearchLane {
        environment: environment.name.to_string(),
        version,
        status: words::status(worst.status),
        back_to: None,
    })
}
