//! A plan in the words of the command table: what the sheet shows of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::difference::counts;
use domain::finding::{Finding, FindingCode, FindingResult};
use domain::plan::{LostCommit, PlanSide, RemovedCommits, RollbackPlan, TargetChoice, TargetOrigin};
use wire::epoch_ms;
use wire::rollback::{
    Finding as WireFinding, FindingWord, LostCommit as WireLost, OriginWord, Plan, PlanSide as WireSide,
    Sentence, Stays,
};

use crate::backend::blocking;
use crate::comparison;
use crate::error::Answer;
use crate::notes;
use crate::rollback::Shown;
use crate::session::Session;

/// The plan as the sheet shows it.
pub(crate) async fn answer(session: &Arc<Session>, shown: &Shown) -> Answer<Plan> {
    let (session, shown) = (Arc::clone(session), shown.clone());
    blocking(move || {
        let plan = &shown.plan;
        let counted = counts(&plan.differences);
        let changed = plan.findings.iter().filter(|finding| {
            finding.code == FindingCode::Configuration && finding.result == FindingResult::Warn
        });
        let removed = plan.delta.removed.as_ref();
        let count = |list: fn(&RemovedCommits) -> &[LostCommit]| removed.map(|all| list(all).len() as u32);
        let sentence = Sentence {
            images: counted.images as u32,
            settings: counted.settings as u32,
            replicas: plan.replicas,
            migrations: plan.delta.migrations.as_ref().map(|files| files.len() as u32),
            configuration: changed.count() as u32,
            fixes: count(|all| &all.fixes),
            features: count(|all| &all.features),
            at_least: removed.is_some_and(|all| all.truncated),
        };
        let place = &plan.place;
        Ok(Plan {
            digest: plan.digest.to_string(),
            service: place.service.to_string(),
            environment: place.environment.to_string(),
            tier: crate::workspace_draft::tier(place.tier),
            guard: place.guard,
            cluster: place.cluster.to_string(),
            context: place.context.clone(),
            namespace: place.workload.namespace.to_string(),
            account: place.account.name.clone(),
            groups: place.account.groups.clone(),
            account_confirmed: place.account.confirmed,
            kind: place.workload.kind.as_str().to_owned(),
            workload: place.workload.name.clone(),
            from: side(&plan.from),
            to: side(&plan.to),
            origin: match plan.origin {
                TargetOrigin::Revision { .. } => OriginWord::Cluster,
                TargetOrigin::Ledger => OriginWord::Ledger,
            },
            choice: choice(&plan.choice).to_owned(),
            sentence,
            differences: plan.differences.iter().map(comparison::difference).collect(),
            lines: comparison::diff_lines(&plan.from.template, &plan.to.template),
            findings: plan.findings.iter().map(finding).collect(),
            level: plan.level().map(domain::plan::Level::number),
            stays: stays(plan),
            fixes: removed.map(|all| lost(&all.fixes)).unwrap_or_default(),
            features: removed.map(|all| lost(&all.features)).unwrap_or_default(),
            notes: notes_between(&session, plan)?,
            verify_window: plan.verify_window.as_millis() as f64,
            made_at: epoch_ms(plan.made_at),
            before: shown.before,
        })
    })
    .await
}

fn lost(commits: &[LostCommit]) -> Vec<WireLost> {
    let commits = commits.iter().cloned();
    commits
        .map(|LostCommit { subject, release }| WireLost { subject, release })
        .collect()
}

fn notes_between(session: &Session, plan: &RollbackPlan) -> Answer<Vec<wire::note::NoteInfo>> {
    use comparison::sides::version;
    match (version(&plan.from.version), version(&plan.to.version)) {
        (Some(a), Some(b)) => notes::of_range(session, &plan.place.service, a.min(b), a.max(b)),
        (_, _) => Ok(Vec::new()),
    }
}

fn side(side: &PlanSide) -> WireSide {
    WireSide {
        version: side.version.label(),
        deployment: side.deployment.map(|id| id.0 as f64),
        revision: side.revision.map(|revision| revision as f64),
        since: side.since.map(epoch_ms),
        ran: side.ran.map(|ran| ran.as_millis() as f64),
        template: side.template_hash.to_string(),
    }
}

fn choice(choice: &TargetChoice) -> &'static str {
    match choice {
        TargetChoice::Previous => "previous",
        TargetChoice::Specified(_) => "specified",
        TargetChoice::LastKnownGood => "last-known-good",
        TargetChoice::Origin { .. } => "undo",
    }
}

pub(crate) fn finding(finding: &Finding) -> WireFinding {
    WireFinding {
        code: finding.code.as_str().to_owned(),
        result: match finding.result {
            FindingResult::Pass => FindingWord::Pass,
            FindingResult::Warn => FindingWord::Warn,
            FindingResult::Unknown => FindingWord::Unknown,
            FindingResult::Block => FindingWord::Block,
        },
        subject: finding.subject.clone(),
        facts: finding
            .parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        key: finding.key(),
    }
}

/// What does not come back.
fn stays(plan: &RollbackPlan) -> Vec<Stays> {
    let of = |kind: &str, subject: String, facts: BTreeMap<String, String>| Stays {
        kind: kind.to_owned(),
        subject,
        facts,
    };
    let mut stays = Vec::new();
    match &plan.delta.migrations {
        Some(files) if files.is_empty() => {}
        Some(files) => {
            let facts = BTreeMap::from([("files".to_owned(), files.join(", "))]);
            stays.push(of("database", files.len().to_string(), facts));
        }
        None => stays.push(of("unknown-database", String::new(), BTreeMap::new())),
    }
    for finding in plan
        .findings
        .iter()
        .filter(|finding| finding.code == FindingCode::Configuration)
    {
        if let (FindingResult::Warn, Some(subject)) = (finding.result, &finding.subject) {
            let facts = finding
                .parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()));
            stays.push(of("configuration", subject.clone(), facts.collect()));
        }
    }
    stays.push(of("replicas", plan.replicas.to_string(), BTreeMap::new()));
    stays
}
