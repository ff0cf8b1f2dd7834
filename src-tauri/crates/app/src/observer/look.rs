//! How a workload is at one look, and what happened since the look before: by its own counts and condition alone.

use chrono::{DateTime, Utc};
use cluster::records::WorkloadRecord;
use domain::deployment::Status;
use domain::ids::TemplateHash;

/// How a workload was when it was looked at last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    template: TemplateHash,
    settled: bool,
    failed: bool,
    pub status: Status,
    /// When the condition was last written that speaks of the template before this one.
    old_news: Option<DateTime<Utc>>,
    /// It failed, and pods of the template before are still ready.
    old_serves: bool,
}

/// What happened since the last look, by our own watch.
#[derive(Debug, Clone, Default)]
pub(super) struct Observed {
    pub started: bool,
    /// The template of the deployment before, which gave way before it had settled or its deadline had come.
    pub given_way: Option<TemplateHash>,
    pub settled: bool,
    pub failed: Option<DateTime<Utc>>,
    /// The last ready pods of the deployment before went while this one was failing.
    pub old_gone: bool,
    /// This one took over from one that was failing while the one before that still served.
    pub taken_over: bool,
}

/// What one look sees of a workload, and what is known of it beside.
pub(super) struct Look<'a> {
    pub record: &'a WorkloadRecord,
    /// The name of the revision of the template that the object wants.
    pub own: Option<&'a str>,
    /// Ready pods of other templates.
    pub old_ready: u32,
    /// The ledger has it as failed before its deadline: an operation's verdict gave it up.
    pub given_up: bool,
}

/// How it is now, and what happened since `before`.
pub(super) fn look(before: Option<&Seen>, now_is: &Look<'_>, now: DateTime<Utc>) -> (Seen, Observed) {
    let record = now_is.record;
    let same = before.filter(|before| before.template == record.template);
    let complete = record.is_complete();
    let condition = record.rollout.progressing.as_ref();
    let told = condition.and_then(|condition| condition.updated);
    let old_news = match (before, same) {
        (_, Some(same)) => same.old_news,
        (Some(_), None) => told,
        (None, None) => None,
    };
    let deadline = condition.filter(|condition| {
        condition.reason == "ProgressDeadlineExceeded"
            && record.observed()
            && !condition.is_of_another(now_is.own)
            && (old_news.is_none() || condition.updated != old_news)
    });
    let was_settled = same.is_some_and(|before| before.settled);
    let failed = !complete && (deadline.is_some() || (now_is.given_up && !was_settled));
    let status = match (complete, was_settled, failed) {
        (true, _, _) => Status::Healthy,
        (false, _, true) => Status::Failed,
        (false, true, false) => Status::Degraded,
        (false, false, false) => Status::InProgress,
    };
    let old_serves = failed && now_is.old_ready > 0;
    let seen = Seen {
        template: record.template.clone(),
        settled: complete || was_settled,
        failed,
        status,
        old_news,
        old_serves,
    };
    let is_news = before.is_some() && failed && !now_is.given_up && !same.is_some_and(|before| before.failed);
    let observed = Observed {
        started: before.is_some() && same.is_none(),
        given_way: before
            .filter(|before| same.is_none() && !before.settled && !before.failed)
            .map(|before| before.template.clone()),
        settled: before.is_some() && complete && !was_settled,
        failed: is_news.then(|| deadline.and_then(|condition| condition.updated).unwrap_or(now)),
        old_gone: same.is_some_and(|before| before.old_serves) && !old_serves,
        taken_over: before.is_some_and(|before| before.old_serves) && same.is_none(),
    };
    (seen, observed)
}

#[cfg(test)]
mod tests;
