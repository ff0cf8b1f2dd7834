//! The checks of a plan that need the ledger, Git or the workspace; those that ask the cluster are its preflight.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::failure::failure;
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::plan::{LostCommit, ReleaseDelta, RemovedCommits, TargetOrigin};
use domain::workspace::Environment;
use wire::compare::{CommitKind, CommitSet};

use super::Read;
use crate::backend::blocking;
use crate::comparison::between;
use crate::configuration;
use crate::error::{self, Answer};
use crate::rollback::targets::Target;
use crate::session::Session;

/// The checks that need the ledger, Git or the workspace.
pub(super) async fn own_findings(
    session: &Arc<Session>,
    environment: &Environment,
    found: &Read,
    running: Option<String>,
    now: DateTime<Utc>,
) -> Answer<(Vec<Finding>, ReleaseDelta)> {
    let link = session.link(environment)?;
    let result = |blocked: bool| {
        if blocked {
            FindingResult::Block
        } else {
            FindingResult::Pass
        }
    };
    let mut findings = vec![
        Finding::new(FindingCode::ReadOnly, result(session.is_read_only())),
        Finding::new(
            FindingCode::Connection,
            result(
                !link
                    .sight(found.live.workload.kind, &found.live.workload.namespace)
                    .live,
            ),
        )
        .about(environment.cluster.to_string()),
        target_finding(&found.target),
    ];
    let ledger = session.ledger.clone();
    let probe = blocking(move || ledger.probe_write().map_err(error::ledger)).await;
    findings.push(match probe {
        Ok(()) => Finding::new(FindingCode::Ledger, FindingResult::Pass),
        Err(problem) => {
            Finding::new(FindingCode::Ledger, FindingResult::Block).with("reason", problem.details)
        }
    });
    findings.push(match running {
        Some(number) => Finding::new(FindingCode::InFlight, FindingResult::Block).with("number", number),
        None => Finding::new(FindingCode::InFlight, FindingResult::Pass),
    });
    findings.extend(failed_finding(&found.target, now));
    findings.extend(configuration::findings(session, environment, &found.live, &found.target).await?);
    let (migrations, delta) = delta(session, found).await?;
    findings.push(migrations);
    Ok((findings, delta))
}

fn target_finding(target: &Target) -> Finding {
    let finding =
        Finding::new(FindingCode::Target, FindingResult::Pass).with("version", target.version.label());
    match &target.origin {
        TargetOrigin::Revision { kind, name } => finding
            .with("origin", "cluster")
            .with("kind", kind)
            .with("name", name),
        TargetOrigin::Ledger => finding.with("origin", "ledger"),
    }
}

/// What the ledger knows of how the target failed when it ran: going back to that looks harmless to every other check.
fn failed_finding(target: &Target, now: DateTime<Utc>) -> Option<Finding> {
    let known = failure(target.deployment.as_ref()?, now)?;
    let facts = [
        ("at", known.at.map(|at| at.timestamp_millis().to_string())),
        ("ran", known.ran.map(|ran| ran.as_millis().to_string())),
        ("reason", known.why.as_ref().map(|why| why.reason.clone())),
        ("message", known.why.map(|why| why.message)),
    ];
    let finding = Finding::new(FindingCode::Failed, FindingResult::Warn);
    let told = facts.into_iter().filter_map(|(name, fact)| Some((name, fact?)));
    Some(told.fold(finding, |finding, (name, fact)| finding.with(name, fact)))
}

/// What goes away with the rollback: commits of the versions that are left, and migrations between.
async fn delta(session: &Arc<Session>, found: &Read) -> Answer<(Finding, ReleaseDelta)> {
    let (service, from, to) = (
        found.current.service.clone(),
        found.current.version.label(),
        found.target.version.label(),
    );
    let session = Arc::clone(session);
    blocking(move || {
        let between = between(&session, &service, &to, &service, &from);
        let known = between.files.unavailable.is_none();
        let finding = match (known, between.migrations.is_empty()) {
            (false, _) => Finding::new(FindingCode::Migrations, FindingResult::Unknown)
                .with("reason", between.files.unavailable.clone().unwrap_or_default()),
            (true, true) => Finding::new(FindingCode::Migrations, FindingResult::Pass),
            (true, false) => Finding::new(FindingCode::Migrations, FindingResult::Warn)
                .about(between.migrations.join(", "))
                .with("count", between.migrations.len())
                .with("files", between.migrations.join(", ")),
        };
        let delta = ReleaseDelta {
            removed: if from == to {
                Some(RemovedCommits::default())
            } else {
                removed(&between.commits)
            },
            migrations: known.then(|| between.migrations.clone()),
        };
        Ok((finding, delta))
    })
    .await
}

/// The commits that only the version before has; `None` where the repository does not say.
fn removed(commits: &CommitSet) -> Option<RemovedCommits> {
    let of = |kind: CommitKind| {
        let found = commits.added.iter().filter(|commit| commit.kind == kind);
        found
            .map(|commit| LostCommit {
                subject: commit.subject.clone(),
                release: commit.release.clone(),
            })
            .collect()
    };
    commits.unavailable.is_none().then(|| RemovedCommits {
        fixes: of(CommitKind::Fix),
        features: of(CommitKind::Feature),
        truncated: commits.truncated,
    })
}

#[cfg(test)]
mod tests {
    use wire::compare::Commit;

    use super::*;

    #[test]
    fn what_goes_away_is_known_at_least_or_not_at_all() {
        let commit = |subject: &str, kind| Commit {
            id: subject.to_owned(),
            subject: subject.to_owned(),
            author: "lena".to_owned(),
            at: 0.0,
            kind,
            scope: None,
            breaking: false,
            release: Some("2.4.1".to_owned()),
        };
        let lost = |subject: &str| LostCommit {
            subject: subject.to_owned(),
            release: Some("2.4.1".to_owned()),
        };
        let set = |unavailable: Option<&str>, truncated| CommitSet {
            added: vec![
                commit("basket", CommitKind::Fix),
                commit("gifts", CommitKind::Feature),
                commit("words", CommitKind::Other),
            ],
            removed: vec![commit("older", CommitKind::Fix)],
            authors: 1,
            unavailable: unavailable.map(str::to_owned),
            truncated,
        };
        let found = |truncated| {
            Some(RemovedCommits {
                fixes: vec![lost("basket")],
                features: vec![lost("gifts")],
                truncated,
            })
        };
        assert_eq!(removed(&set(None, false)), found(false));
        assert_eq!(removed(&set(None, true)), found(true), "there are more");
        assert_eq!(
            removed(&set(Some("no-tag"), false)),
            None,
            "not none, but not known"
        );
    }
}
