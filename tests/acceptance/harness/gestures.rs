//! Plans, gestures and operations, as a person at the window would make them.

use std::time::Duration;

use app::commands;
use tests::cluster::until_within;
use tests::contract::ground::APP;
use wire::WireError;
use wire::rollback::{
    FindingWord, GestureBegin, GestureEnd, Operation, OperationRequest, Plan, PlanRequest, TargetRequest,
};

use super::App;
use super::app::ENVIRONMENT;

/// A little longer than the hold that the design asks for (1.2 s).
pub const HOLD: Duration = Duration::from_millis(1_250);
/// The longest that an operation of the tests takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a person answers on the sheet.
#[derive(Debug, Clone)]
pub struct Answers {
    pub acknowledged: Vec<String>,
    pub reason: Option<String>,
    pub typed_name: Option<String>,
    pub held: Duration,
}

impl Answers {
    /// Everything that the sheet asks for.
    pub fn all(plan: &Plan) -> Self {
        Self {
            acknowledged: open_findings(plan),
            reason: Some("orders fail".to_owned()),
            typed_name: Some(plan.service.clone()),
            held: HOLD,
        }
    }
}

/// The keys of what must be acknowledged.
pub fn open_findings(plan: &Plan) -> Vec<String> {
    let open = |word: FindingWord| matches!(word, FindingWord::Warn | FindingWord::Unknown);
    let found = plan.findings.iter().filter(|finding| open(finding.result));
    found.map(|finding| finding.key.clone()).collect()
}

/// The keys of the findings with that result.
pub fn keys(plan: &Plan, result: FindingWord) -> Vec<&str> {
    let found = plan.findings.iter().filter(|finding| finding.result == result);
    found.map(|finding| finding.key.as_str()).collect()
}

/// The kinds of an operation's steps.
pub fn steps(operation: &Operation) -> Vec<&str> {
    operation.steps.iter().map(|step| step.kind.as_str()).collect()
}

impl App {
    /// A plan for the service in [`ENVIRONMENT`].
    pub async fn plan(&self, target: TargetRequest) -> Plan {
        self.try_plan(target).await.unwrap()
    }

    /// The same, or why there is none.
    pub async fn try_plan(&self, target: TargetRequest) -> Result<Plan, WireError> {
        let request = PlanRequest {
            service: APP.to_owned(),
            environment: ENVIRONMENT.to_owned(),
            target,
        };
        commands::rollback_plan(&self.backend, request).await
    }

    /// Confirms a plan with these answers.
    pub async fn confirm(&self, plan: &Plan, answers: Answers) -> Result<Operation, WireError> {
        let digest = plan.digest.clone();
        let begun = commands::rollback_begin(&self.backend, GestureBegin { digest }).await?;
        tokio::time::sleep(answers.held).await;
        self.end_gesture(begun.id, plan, answers).await
    }

    /// Ends a gesture that was begun.
    pub async fn end_gesture(
        &self,
        confirmation: String,
        plan: &Plan,
        answers: Answers,
    ) -> Result<Operation, WireError> {
        let request = GestureEnd {
            confirmation,
            digest: plan.digest.clone(),
            acknowledged: answers.acknowledged,
            reason: answers.reason,
            typed_name: answers.typed_name,
        };
        commands::rollback_confirm(&self.backend, request).await
    }

    /// Confirms a plan as it asks, and waits for the end.
    pub async fn carry_out(&self, plan: &Plan) -> Operation {
        let operation = self.confirm(plan, Answers::all(plan)).await.unwrap();
        self.ended(&operation.id).await
    }

    /// Plans, confirms, waits.
    pub async fn roll_back(&self, target: TargetRequest) -> Operation {
        let plan = self.plan(target).await;
        self.carry_out(&plan).await
    }

    /// Waits until the window was told that the operation has ended, and that no other runs.
    pub async fn ended(&self, id: &str) -> Operation {
        self.told_that(id, "it ended", |operation| operation.ended_at.is_some())
            .await;
        let free = async || Ok((!self.backend.operation_runs()).then_some(()));
        until_within(PATIENCE, "no operation runs", free).await.unwrap();
        self.told(id).pop().unwrap()
    }

    /// Waits until the window was told of the operation in a form that fits.
    pub async fn told_that(&self, id: &str, what: &str, fits: impl Fn(&Operation) -> bool) -> Operation {
        let ask = async || Ok(self.told(id).into_iter().find(|operation| fits(operation)));
        let waited = until_within(PATIENCE, what, ask).await;
        waited.unwrap_or_else(|error| panic!("{error}: {:?}", self.told(id).pop()))
    }

    /// The operation as the ledger keeps it.
    pub async fn operation(&self, id: &str) -> Result<Operation, WireError> {
        commands::operation_get(&self.backend, OperationRequest { id: id.to_owned() }).await
    }
}
