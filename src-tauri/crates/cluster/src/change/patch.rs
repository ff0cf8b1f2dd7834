//! The one write of a rollback: a JSON Patch with preconditions, first as a dry run.

use chrono::{DateTime, Utc};
use domain::history::OperationMark;
use domain::ids::{OperationId, TemplateHash};
use domain::template::PodTemplate;
use serde_json::{Value, json};

use super::live::LiveWorkload;
use super::{CHANGE_CAUSE, FIELD_MANAGER, OPERATION_ANNOTATION, Rest};
use crate::error::Error;
use crate::workload::path;

/// What shall be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Patch {
    /// The target template.
    pub template: PodTemplate,
    /// Its hash.
    pub template_hash: TemplateHash,
    /// The reason that `kubectl rollout history` shows.
    pub change_cause: String,
    /// Our operation.
    pub operation: OperationId,
}

/// What the API server said to the dry run.
#[derive(Debug)]
pub enum DryRun {
    /// It would accept the patch.
    Accepted,
    /// Validation, an immutable field or a webhook refuses it: what they say.
    Refused {
        /// The API server's message.
        message: String,
        /// Field and message of each cause.
        causes: Vec<(String, String)>,
    },
    /// A precondition does not hold: read again.
    PreconditionFailed,
    /// A quota is exceeded: a 403 as a missing right is, but no missing right.
    QuotaExceeded(String),
    /// Not allowed.
    Forbidden(String),
    /// A webhook does not support dry runs, or the API server did not answer: nobody knows.
    Unknown(String),
}

/// What became of the patch.
#[derive(Debug)]
pub enum SendOutcome {
    /// Accepted: the object as it is now.
    Accepted(Box<LiveWorkload>),
    /// Refused; nothing was written.
    Refused(Error),
    /// Somebody else changed the template, or the object is another one; nothing was written.
    Superseded {
        /// Who wrote the template last.
        by: Option<String>,
        /// When that manager last wrote.
        at: Option<DateTime<Utc>>,
    },
    /// The object is gone; nothing was written.
    Gone,
    /// The answer was lost, and the object could not be read afterwards: it may have been written.
    Unknown(Error),
}

impl Patch {
    /// The JSON Patch for the object as it is now.
    pub fn body(&self, live: &LiveWorkload) -> Value {
        let mark = OperationMark {
            id: self.operation.clone(),
            template: self.template_hash.clone(),
            generation: live.generation + 1,
        };
        let annotations = [
            (CHANGE_CAUSE, self.change_cause.clone()),
            (OPERATION_ANNOTATION, mark.to_annotation()),
        ];
        let mut body = vec![
            json!({"op": "test", "path": "/metadata/uid", "value": live.workload.uid.as_str()}),
            json!({"op": "test", "path": "/metadata/generation", "value": live.generation}),
            json!({"op": "replace", "path": "/spec/template", "value": self.template.as_value()}),
        ];
        if live.has_annotations() {
            // Single keys: kubectl replaces all annotations by the ReplicaSet's and so loses the team's own.
            body.extend(annotations.iter().map(|(key, value)| {
                let path = format!(
                    "/metadata/annotations/{}",
                    key.replace('~', "~0").replace('/', "~1")
                );
                json!({"op": "add", "path": path, "value": value})
            }));
        } else {
            let map: Value = annotations
                .iter()
                .map(|(key, value)| ((*key).to_owned(), json!(value)))
                .collect();
            body.push(json!({"op": "add", "path": "/metadata/annotations", "value": map}));
        }
        Value::Array(body)
    }

    /// Sends it as a server-side dry run.
    pub async fn dry_run(&self, rest: &Rest, live: &LiveWorkload) -> DryRun {
        let path = format!("{}?dryRun=All&fieldManager={FIELD_MANAGER}", path(&live.workload));
        match rest.json_patch(&path, &self.body(live)).await {
            Ok(_) => DryRun::Accepted,
            Err(error) => DryRun::of(error),
        }
    }

    /// Sends it. One change at most: after an answer that proves that nothing was written, it is sent once more
    /// if only the generation moved (an autoscaler); after a lost answer the object is read, never written again.
    pub async fn send(&self, rest: &Rest, live: &LiveWorkload) -> SendOutcome {
        match self.send_once(rest, live).await {
            Ok(answer) => Self::accepted(live, answer),
            Err(error) if precondition_failed(&error) => self.send_again(rest, live).await,
            Err(Error::NotFound { .. }) => SendOutcome::Gone,
            Err(error) if nothing_was_written(&error) => SendOutcome::Refused(error),
            Err(error) => self.look(rest, live, error).await,
        }
    }

    async fn send_once(&self, rest: &Rest, live: &LiveWorkload) -> Result<Value, Error> {
        let path = format!("{}?fieldManager={FIELD_MANAGER}", path(&live.workload));
        rest.json_patch(&path, &self.body(live)).await
    }

    fn accepted(before: &LiveWorkload, answer: Value) -> SendOutcome {
        let kind = before.workload.kind;
        match LiveWorkload::read(kind, answer) {
            Some(live) => SendOutcome::Accepted(Box::new(live)),
            None => SendOutcome::Unknown(Error::BadAnswer {
                cluster: String::new(),
                what: "PATCH".to_owned(),
                detail: format!("the answer to the patch is no {kind}"),
            }),
        }
    }

    /// A precondition failed, so nothing was written: reads what moved.
    async fn send_again(&self, rest: &Rest, before: &LiveWorkload) -> SendOutcome {
        let now = match LiveWorkload::find(rest, &before.workload).await {
            Ok(Some(now)) => now,
            Ok(None) => return SendOutcome::Gone,
            Err(error) => return SendOutcome::Refused(error),
        };
        if now.workload.uid != before.workload.uid || now.template != before.template {
            return superseded(&now);
        }
        match self.send_once(rest, &now).await {
            Ok(answer) => Self::accepted(before, answer),
            Err(error) if precondition_failed(&error) => refused_again(rest, &now, error).await,
            Err(Error::NotFound { .. }) => SendOutcome::Gone,
            Err(error) if nothing_was_written(&error) => SendOutcome::Refused(error),
            Err(error) => self.look(rest, &now, error).await,
        }
    }

    /// The answer was lost: what is there now says whether the patch arrived.
    async fn look(&self, rest: &Rest, before: &LiveWorkload, lost: Error) -> SendOutcome {
        match LiveWorkload::find(rest, &before.workload).await {
            Ok(Some(now)) if now.template == self.template && now.workload.uid == before.workload.uid => {
                SendOutcome::Accepted(Box::new(now))
            }
            Ok(Some(now)) if now.template == before.template => SendOutcome::Refused(lost),
            Ok(Some(now)) => superseded(&now),
            Ok(None) => SendOutcome::Gone,
            Err(_) => SendOutcome::Unknown(lost),
        }
    }
}

/// It moved a second time: what it is now says whether by another template, or only by another scale. It is not sent
/// a third time.
async fn refused_again(rest: &Rest, before: &LiveWorkload, error: Error) -> SendOutcome {
    match LiveWorkload::find(rest, &before.workload).await {
        Ok(Some(now)) if now.workload.uid == before.workload.uid && now.template == before.template => {
            SendOutcome::Refused(error)
        }
        Ok(Some(now)) => superseded(&now),
        Ok(None) => SendOutcome::Gone,
        Err(_) => SendOutcome::Refused(error),
    }
}

/// Whether a test of the patch did not hold, which proves that nothing was written.
fn precondition_failed(error: &Error) -> bool {
    match error {
        Error::Invalid { causes, .. } => causes.is_empty(),
        error => matches!(error, Error::Conflict { .. }),
    }
}

fn superseded(now: &LiveWorkload) -> SendOutcome {
    let writer = now.template_writer();
    SendOutcome::Superseded {
        by: writer.map(|manager| manager.name.clone()),
        at: writer.and_then(|manager| manager.time),
    }
}

/// Whether an error proves that the API server did not write.
fn nothing_was_written(error: &Error) -> bool {
    matches!(
        error,
        Error::Unauthorized { .. }
            | Error::Forbidden { .. }
            | Error::Invalid { .. }
            | Error::Refused { .. }
            | Error::NameNotFound { .. }
            | Error::TlsNameMismatch { .. }
            | Error::TlsUntrusted { .. }
            | Error::TooManyRequests { .. }
            | Error::WouldWrite { .. }
            | Error::Settings { .. }
            | Error::Kubeconfig(_)
            | Error::ExecPlugin(_)
    )
}

impl DryRun {
    /// What an error of a dry-run request means.
    pub fn of(error: Error) -> Self {
        match error {
            Error::Invalid { causes, .. } if causes.is_empty() => Self::PreconditionFailed,
            Error::Invalid { message, causes, .. } => Self::Refused { message, causes },
            Error::Conflict { .. } => Self::PreconditionFailed,
            Error::Forbidden { message, .. } if message.contains("exceeded quota") => {
                Self::QuotaExceeded(message)
            }
            Error::Forbidden { message, .. }
                if message.contains("admission webhook") || message.contains("violates PodSecurity") =>
            {
                Self::Refused {
                    message,
                    causes: Vec::new(),
                }
            }
            Error::Forbidden { message, .. } => Self::Forbidden(message),
            // A webhook answers with any status it likes; only these words tell the cases apart.
            Error::ServerFailed { message, .. } if message.contains("does not support dry run") => {
                Self::Unknown(message)
            }
            Error::ServerFailed { message, code, .. }
                if code == 400 || message.contains("denied the request") =>
            {
                Self::Refused {
                    message,
                    causes: Vec::new(),
                }
            }
            other => Self::Unknown(other.to_string()),
        }
    }
}
