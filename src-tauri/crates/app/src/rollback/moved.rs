//! What is not as it was confirmed, when the plan made again is another.

use domain::finding::{Finding, FindingResult};
use domain::plan::RollbackPlan;
use serde_json::{Value, json};

use super::plan;

/// The facts of an operation that ended because its plan moved. `moved` is `object`, `live`, `target`, or `checks`; then
/// `appeared` and `gone` are the findings that one plan has and the other has not, as the window knows them.
pub(super) fn facts(before: &RollbackPlan, now: &RollbackPlan) -> Value {
    if before.place.workload.uid != now.place.workload.uid {
        return json!({"moved": "object"});
    }
    if before.from.template_hash != now.from.template_hash {
        return json!({"moved": "live"});
    }
    if before.to.template_hash != now.to.template_hash {
        return json!({"moved": "target"});
    }
    json!({
        "moved": "checks",
        "appeared": without(&now.findings, &before.findings),
        "gone": without(&before.findings, &now.findings),
    })
}

/// The findings of one side that the other lacks, but for those that passed: they ask for nothing.
fn without(side: &[Finding], other: &[Finding]) -> Vec<wire::rollback::Finding> {
    let is_there = |one: &Finding| {
        other
            .iter()
            .any(|known| known.result == one.result && known.key() == one.key())
    };
    side.iter()
        .filter(|one| one.result != FindingResult::Pass && !is_there(one))
        .map(plan::finding)
        .collect()
}
