//! Between a workspace and the draft that the editor works on.

use domain::workspace::{Environment, Service, Tier, Workspace};
use wire::workspace::{DraftEnvironment, DraftService, TierWord, WorkspaceDraft};

use crate::workspace_file::write_duration;

/// The draft that says what a workspace says; bindings are filled in by the caller, who knows the person.
pub fn of(workspace: &Workspace) -> WorkspaceDraft {
    WorkspaceDraft {
        name: workspace.name.clone(),
        time_zone: workspace.time_zone.clone(),
        environments: workspace.environments.iter().map(environment).collect(),
        services: workspace.services.iter().map(service).collect(),
    }
}

fn environment(environment: &Environment) -> DraftEnvironment {
    let unless = |value, default| (value != default).then(|| write_duration(value));
    DraftEnvironment {
        name: environment.name.to_string(),
        was: Some(environment.name.to_string()),
        tier: tier(environment.tier),
        guard: environment.guard,
        cluster: environment.cluster.to_string(),
        namespaces: environment
            .namespaces
            .iter()
            .map(|pattern| pattern.as_str().to_owned())
            .collect(),
        context: None,
        verify_window: unless(environment.verify_window, Environment::DEFAULT_VERIFY_WINDOW),
        known_good_after: unless(
            environment.known_good_after,
            Environment::DEFAULT_KNOWN_GOOD_AFTER,
        ),
    }
}

fn service(service: &Service) -> DraftService {
    let pattern = service.tags.as_str();
    DraftService {
        name: service.name.to_string(),
        was: Some(service.name.to_string()),
        team: service.team.clone(),
        repository: service.repository.clone(),
        clone: None,
        path: service.path.clone(),
        tags: (service.tags != domain::version::TagPattern::default()).then(|| pattern.to_owned()),
        container: service.container.clone(),
        depends_on: service.depends_on.iter().map(ToString::to_string).collect(),
    }
}

/// The wire's word for a tier.
pub fn tier(tier: Tier) -> TierWord {
    match tier {
        Tier::Production => TierWord::Production,
        Tier::Staging => TierWord::Staging,
        Tier::Development => TierWord::Development,
    }
}
