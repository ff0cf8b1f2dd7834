//! What is written down before anything is sent: enough to show, judge and undo the operation for ever.

use chrono::{DateTime, Utc};
use domain::ids::{DeploymentId, TemplateHash};
use domain::plan::{ConfirmedPlan, PlanSide};
use domain::workload::{WorkloadIdentity, WorkloadKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use wire::rollback::Plan;

/// The content of an intent, as JSON in the ledger. Fields are only ever added, with a default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IntentContent {
    pub tier: String,
    pub guard: bool,
    pub cluster: String,
    pub context: String,
    pub namespace: String,
    pub kind: String,
    pub name: String,
    pub uid: String,
    pub account: String,
    pub from_version: String,
    pub from_template: String,
    pub from_deployment: Option<i64>,
    pub to_version: String,
    pub to_template: String,
    pub to_deployment: Option<i64>,
    pub digest: String,
    pub reason: Option<String>,
    pub replicas: u32,
    pub verify_seconds: u64,
    pub undo_of: Option<i64>,
    /// When it was confirmed, in milliseconds since 1970: seconds before the first step.
    #[serde(default)]
    pub confirmed_at: Option<i64>,
    /// The sheet that was confirmed, as the window showed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Value>,
}

impl IntentContent {
    pub fn of(confirmed: &ConfirmedPlan, undo_of: Option<i64>, sheet: &Plan, at: DateTime<Utc>) -> Self {
        let plan = confirmed.plan();
        let place = &plan.place;
        let deployment = |side: &PlanSide| side.deployment.map(|DeploymentId(id)| id);
        Self {
            tier: place.tier.as_str().to_owned(),
            guard: place.guard,
            cluster: place.cluster.to_string(),
            context: place.context.clone(),
            namespace: place.workload.namespace.to_string(),
            kind: place.workload.kind.as_str().to_owned(),
            name: place.workload.name.clone(),
            uid: place.workload.uid.to_string(),
            account: place.account.name.clone(),
            from_version: plan.from.version.label(),
            from_template: plan.from.template_hash.to_string(),
            from_deployment: deployment(&plan.from),
            to_version: plan.to.version.label(),
            to_template: plan.to.template_hash.to_string(),
            to_deployment: deployment(&plan.to),
            digest: plan.digest.to_string(),
            reason: confirmed.reason().map(str::to_owned),
            replicas: plan.replicas,
            verify_seconds: plan.verify_window.as_secs(),
            undo_of,
            confirmed_at: Some(at.timestamp_millis()),
            plan: serde_json::to_value(sheet).ok(),
        }
    }

    /// Reads what the ledger kept.
    pub fn read(content: &Value) -> Option<Self> {
        serde_json::from_value(content.clone()).ok()
    }

    /// When it was confirmed, if that was kept.
    pub fn confirmed_at(&self) -> Option<DateTime<Utc>> {
        self.confirmed_at.and_then(DateTime::from_timestamp_millis)
    }

    /// The sheet that was confirmed; one that says no kind is of the intent's. `None` where it was not kept, or by a
    /// version whose sheet had another form.
    pub fn sheet(&self) -> Option<Plan> {
        serde_json::from_value(with_kind(self.plan.clone()?, &self.kind)).ok()
    }

    /// The object that it changed; `None`: a kind that only a newer Tidemark knows.
    pub fn workload(&self) -> Option<WorkloadIdentity> {
        Some(WorkloadIdentity {
            kind: WorkloadKind::parse(&self.kind)?,
            namespace: self.namespace.as_str().into(),
            name: self.name.clone(),
            uid: self.uid.as_str().into(),
        })
    }

    pub fn origin_hash(&self) -> TemplateHash {
        TemplateHash::from(self.from_template.as_str())
    }

    pub fn target_hash(&self) -> TemplateHash {
        TemplateHash::from(self.to_template.as_str())
    }
}

/// Sheets said no kind as long as there was one alone.
fn with_kind(mut sheet: Value, kind: &str) -> Value {
    if let Some(sheet) = sheet.as_object_mut() {
        sheet.entry("kind").or_insert_with(|| kind.into());
    }
    sheet
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sheet_that_says_no_kind_is_of_the_intents() {
        let table = [
            (
                json!({"workload": "a"}),
                json!({"workload": "a", "kind": "Deployment"}),
            ),
            (json!({"kind": "Other"}), json!({"kind": "Other"})),
        ];
        for (kept, expected) in table {
            assert_eq!(with_kind(kept, "Deployment"), expected);
        }
    }
}
