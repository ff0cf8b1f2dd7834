//! What a rollback asks of a person, enforced by the backend and not by the window.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use app::commands;
use demo::cluster::{Account, Denial};
use serde_json::{Value, json};
use tests::cluster::until;
use wire::ErrorCode;
use wire::rollback::{
    FindingWord, GestureBegin, OperationRequest, OperationStateWord, Plan, PlanRequest, TargetRequest,
    VerdictWord,
};
use wire::settings::SwitchRequest;
use wire::timeline::MatrixRequest;
use wire::workspace::TierWord;

use crate::harness::demo_stage::NAMESPACE;
use crate::harness::gestures::{keys, open_findings, steps};
use crate::harness::{Answers, App, Care, DemoStage, sample_world};

const VERSIONS: [&str; 2] = ["1.0.0", "1.1.0"];

/// Nothing but the press of a button.
fn press() -> Answers {
    Answers {
        acknowledged: Vec::new(),
        reason: None,
        typed_name: None,
        held: Duration::ZERO,
    }
}

async fn refusal(app: &App, plan: &Plan, answers: Answers) -> ErrorCode {
    app.confirm(plan, answers).await.unwrap_err().code
}

async fn planned(stage: &DemoStage, care: Care) -> (App, Plan) {
    let app = stage.open(care).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    (app, plan)
}

#[tokio::test]
async fn level_0_is_a_button() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    assert_eq!(
        (plan.level, open_findings(&plan)),
        (Some(0), Vec::new()),
        "{:?}",
        plan.findings
    );
    let operation = app.confirm(&plan, press()).await.unwrap();
    let operation = app.ended(&operation.id).await;
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
}

#[tokio::test]
async fn level_1_is_held_for_as_long_as_our_own_clock_says() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Production)).await;
    assert_eq!(plan.level, Some(1), "{:?}", plan.findings);
    let short = Answers {
        held: Duration::from_millis(900),
        ..press()
    };
    assert_eq!(refusal(&app, &plan, short).await, ErrorCode::HeldTooShort);
    let held = Answers {
        held: Duration::from_millis(1_250),
        ..press()
    };
    let operation = app.confirm(&plan, held).await.unwrap();
    assert_eq!(operation.state, OperationStateWord::Waiting);
}

#[tokio::test]
async fn level_2_asks_for_each_warning() {
    let stage = DemoStage::running(&VERSIONS).await;
    autoscaler(&stage);
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    assert_eq!(
        (plan.level, open_findings(&plan)),
        (Some(2), vec!["autoscaler/checkout".to_owned()])
    );
    let all = Answers::all(&plan);
    let none = Answers {
        acknowledged: Vec::new(),
        ..all.clone()
    };
    assert_eq!(refusal(&app, &plan, none).await, ErrorCode::NotAcknowledged);
    let other = Answers {
        acknowledged: vec!["quota".to_owned()],
        ..all.clone()
    };
    assert_eq!(refusal(&app, &plan, other).await, ErrorCode::NotAcknowledged);
    let short = Answers {
        held: Duration::ZERO,
        ..all.clone()
    };
    assert_eq!(refusal(&app, &plan, short).await, ErrorCode::HeldTooShort);
    app.confirm(&plan, all).await.unwrap();
}

fn autoscaler(stage: &DemoStage) {
    let object = json!({
        "apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "checkout", "namespace": NAMESPACE},
        "spec": {
            "minReplicas": 2, "maxReplicas": 6,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout"},
        },
    });
    stage.cluster.load(vec![object]).unwrap();
}

#[tokio::test]
async fn level_3_asks_for_the_name_and_a_reason() {
    let stage = DemoStage::running(&VERSIONS).await;
    let guarded = Care {
        guard: true,
        ..Care::of(TierWord::Staging)
    };
    let (app, plan) = planned(&stage, guarded).await;
    assert_eq!(plan.level, Some(3));
    let all = Answers::all(&plan);
    for typed in [None, Some("chekcout".to_owned())] {
        let wrong = Answers {
            typed_name: typed,
            ..all.clone()
        };
        assert_eq!(refusal(&app, &plan, wrong).await, ErrorCode::WrongName);
    }
    for reason in [None, Some("  ".to_owned())] {
        let silent = Answers {
            reason,
            ..all.clone()
        };
        assert_eq!(refusal(&app, &plan, silent).await, ErrorCode::ReasonNeeded);
    }
    let short = Answers {
        held: Duration::ZERO,
        ..all.clone()
    };
    assert_eq!(refusal(&app, &plan, short).await, ErrorCode::HeldTooShort);
    app.confirm(&plan, all).await.unwrap();
}

/// Fault 49: a script in the window that calls the command without a confirmation of ours.
#[tokio::test]
async fn fault_49_without_a_confirmation_that_the_backend_issued_nothing_begins() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    stage.cluster.faults().record();
    let made_up = app.end_gesture("made-up".to_owned(), &plan, press()).await;
    assert_eq!(made_up.unwrap_err().code, ErrorCode::NotConfirmed);
    let unseen = GestureBegin {
        digest: "0".repeat(64),
    };
    let unseen = commands::rollback_begin(&app.backend, unseen).await;
    assert_eq!(
        unseen.unwrap_err().code,
        ErrorCode::PlanGone,
        "only a plan that was shown can be confirmed"
    );

    let begin = async || {
        let digest = plan.digest.clone();
        commands::rollback_begin(&app.backend, GestureBegin { digest })
            .await
            .unwrap()
            .id
    };
    let other = Plan {
        digest: "0".repeat(64),
        ..plan.clone()
    };
    let moved = app.end_gesture(begin().await, &other, press()).await;
    assert_eq!(
        moved.unwrap_err().code,
        ErrorCode::PlanMoved,
        "another digest than the one on the screen"
    );
    let confirmation = begin().await;
    app.end_gesture(confirmation.clone(), &plan, press())
        .await
        .unwrap();
    let again = app.end_gesture(confirmation, &plan, press()).await;
    assert_eq!(
        again.unwrap_err().code,
        ErrorCode::NotConfirmed,
        "a confirmation is good once"
    );
    assert_eq!(
        stage.sent("PATCH", "/deployments/"),
        0,
        "still within its seconds"
    );
}

/// Fault 49 again: a script that asks for what ran elsewhere, whose template may fit nothing here.
#[tokio::test]
async fn fault_49_what_ran_elsewhere_is_no_target_here() {
    let (app, _folder) = sample_world::open(Arc::new(|_| {})).await;
    let running = async || {
        let request = MatrixRequest { reference: None };
        let matrix = commands::matrix(&app.backend, request).await.unwrap();
        let rows = matrix.rows.into_iter().flat_map(|row| {
            let service = row.service;
            row.cells
                .into_iter()
                .filter_map(move |cell| Some((service.clone(), cell.environment, cell.deployment?)))
        });
        let rows: Vec<(String, String, f64)> = rows.collect();
        Ok((rows.len() > 5).then_some(rows))
    };
    let running = until("what runs", running).await.unwrap();
    let (service, environment, id) = running[0].clone();
    let plan = async |target: TargetRequest| {
        let request = PlanRequest {
            service: service.clone(),
            environment: environment.clone(),
            target,
        };
        commands::rollback_plan(&app.backend, request).await
    };
    let here = plan(TargetRequest::Deployment { id }).await.unwrap();
    assert_eq!(here.to.deployment, Some(id), "what runs here can be asked for");
    let elsewhere: Vec<_> = running
        .iter()
        .filter(|(other, place, _)| (other == &service) != (place == &environment))
        .collect();
    let services = elsewhere.iter().filter(|(other, _, _)| other == &service).count();
    assert!(
        services > 0 && services < elsewhere.len(),
        "both kinds: {elsewhere:?}"
    );
    for (other, place, id) in elsewhere {
        let refused = plan(TargetRequest::Deployment { id: *id })
            .await
            .map(|plan| plan.to);
        assert_eq!(
            refused.map_err(|error| error.code),
            Err(ErrorCode::NoTarget),
            "{other} in {place}"
        );
    }
    let undo = async |place: &str| {
        let of_environment = running
            .iter()
            .find(|(other, env, _)| other == &service && env == place);
        let (service, environment, _) = of_environment.unwrap().clone();
        let previous = PlanRequest {
            service,
            environment,
            target: TargetRequest::Previous,
        };
        let shown = commands::rollback_plan(&app.backend, previous).await.unwrap();
        let begun = app.confirm(&shown, Answers::all(&shown)).await.unwrap();
        let request = OperationRequest { id: begun.id.clone() };
        commands::operation_cancel(&app.backend, request).await.unwrap();
        let operation = app.ended(&begun.id).await.id;
        plan(TargetRequest::UndoOf { operation })
            .await
            .map(|plan| plan.to)
    };
    let of_service = running.iter().filter(|(other, _, _)| other == &service);
    let other = of_service
        .map(|(_, place, _)| place)
        .find(|place| **place != environment);
    let refused = undo(other.unwrap()).await;
    assert_eq!(refused.map_err(|error| error.code), Err(ErrorCode::NoTarget));
}

#[tokio::test]
async fn what_moved_since_the_plan_stops_it_before_anything_is_written() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    let operation = app.confirm(&plan, press()).await.unwrap();
    stage.ground.set_tag("1.2.0").await.unwrap();
    stage.cluster.faults().record();
    let operation = app.ended(&operation.id).await;
    assert_eq!(operation.state, OperationStateWord::Failed);
    assert_eq!(operation.code.as_deref(), Some("plan-moved"), "{operation:?}");
    assert_eq!(
        operation.facts.get("moved").map(String::as_str),
        Some("live"),
        "{operation:?}"
    );
    assert_eq!(stage.sent("PATCH", "/deployments/"), 0);
    let kept = app.operation(&operation.id).await.unwrap();
    assert_eq!(
        steps(&kept),
        ["failed"],
        "it has no intent, and stands there all the same"
    );
    assert_eq!(
        (kept.state, kept.code, kept.sent_at),
        (OperationStateWord::Failed, operation.code, None)
    );
    let listed = commands::operation_list(&app.backend, ()).await.unwrap();
    assert_eq!((listed.operations.len(), listed.chain_intact), (1, true));
    assert!(listed.operations[0].number > 0.0);
}

/// A check that came out otherwise is named, so that the window can say which.
#[tokio::test]
async fn a_check_that_came_out_otherwise_since_the_plan_stops_it_and_is_named() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    let operation = app.confirm(&plan, press()).await.unwrap();
    stage
        .ground
        .merge(json!({"spec": {"paused": true}}))
        .await
        .unwrap();
    stage.cluster.faults().record();
    let operation = app.ended(&operation.id).await;
    assert_eq!(operation.code.as_deref(), Some("plan-moved"), "{operation:?}");
    let fact = |name: &str| operation.facts.get(name).cloned().unwrap_or_default();
    let listed = |name: &str| serde_json::from_str::<Vec<Value>>(&fact(name)).unwrap();
    assert_eq!(fact("moved"), "checks");
    let appeared = listed("appeared");
    assert_eq!(appeared.len(), 1, "{operation:?}");
    assert_eq!(
        (appeared[0]["code"].as_str(), appeared[0]["result"].as_str()),
        (Some("paused"), Some("block"))
    );
    assert_eq!(
        listed("gone"),
        Vec::<Value>::new(),
        "what passed before is no news"
    );
    assert_eq!(stage.sent("PATCH", "/deployments/"), 0);
}

/// Fault 26 and the table of preflight: nothing overrides a block.
#[tokio::test]
async fn fault_26_a_block_cannot_be_confirmed() {
    let paused = json!({"spec": {"paused": true}});
    let argo = json!({"metadata": {"annotations":
        {"argocd.argoproj.io/tracking-id": "shop-checkout:apps/Deployment:shop/checkout"}}});
    let helm = json!({"metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}}});
    let cases: [(&str, Value); 3] = [
        ("paused", paused),
        ("owner/Argo CD Application shop-checkout", argo),
        ("owner/Helm release shop", helm),
    ];
    futures::future::join_all(cases.map(|(key, patch)| is_blocked(key, patch))).await;
}

async fn is_blocked(key: &str, patch: Value) {
    let stage = DemoStage::running(&VERSIONS).await;
    stage.ground.merge(patch).await.unwrap();
    let app = stage.open_staging().await;
    let plan = planned_when_known(&app).await;
    assert_eq!((keys(&plan, FindingWord::Block), plan.level), (vec![key], None));
    stage.cluster.faults().record();
    assert_eq!(
        refusal(&app, &plan, Answers::all(&plan)).await,
        ErrorCode::PlanBlocked
    );
    assert_eq!(stage.sent("PATCH", "/deployments/"), 0);
}

/// A plan as soon as the history was read.
async fn planned_when_known(app: &App) -> Plan {
    until("a plan", async || {
        Ok(app.try_plan(TargetRequest::Previous).await.ok())
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn a_secret_that_the_target_names_and_that_is_gone_blocks() {
    let stage = DemoStage::running(&["1.0.0"]).await;
    let secret =
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bank", "namespace": NAMESPACE}});
    stage.cluster.load(vec![secret]).unwrap();
    let environment = |from: Value| {
        json!({"spec": {"template": {"spec": {"containers": [
            {"name": "app", "image": "registry.example/checkout:1.1.0", "envFrom": from}]}}}})
    };
    stage
        .ground
        .merge(environment(json!([{"secretRef": {"name": "bank"}}])))
        .await
        .unwrap();
    stage.ground.settled().await.unwrap();
    let next = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "app", "image": "registry.example/checkout:1.2.0"}]}}}});
    stage.ground.merge(next).await.unwrap();
    stage.ground.settled().await.unwrap();
    let secrets: kube::Api<k8s_openapi::api::core::v1::Secret> = stage.ground.api();
    secrets
        .delete("bank", &kube::api::DeleteParams::default())
        .await
        .unwrap();
    let app = stage.open_staging().await;
    app.runs("1.2.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        keys(&plan, FindingWord::Block),
        ["references/Secret bank"],
        "{:?}",
        plan.findings
    );
    assert_eq!(
        refusal(&app, &plan, Answers::all(&plan)).await,
        ErrorCode::PlanBlocked
    );
}

#[tokio::test]
async fn an_account_that_may_not_patch_is_blocked_with_the_verb_named() {
    let stage = DemoStage::running(&VERSIONS).await;
    let viewer = Account::named("viewer", &[]).without(Denial::of("patch", "deployments"));
    let app = stage.open_as(viewer, Care::of(TierWord::Staging)).await;
    app.runs("1.1.0").await;
    let plan = app.plan(TargetRequest::Previous).await;
    let blocks = keys(&plan, FindingWord::Block);
    assert!(
        blocks
            .iter()
            .any(|key| key.starts_with("permission/") && key.contains("patch")),
        "{blocks:?}"
    );
    assert_eq!(
        refusal(&app, &plan, Answers::all(&plan)).await,
        ErrorCode::PlanBlocked
    );
}

#[tokio::test]
async fn a_read_only_workspace_changes_nothing_not_even_what_was_planned_before() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    commands::read_only_set(&app.backend, SwitchRequest { on: true })
        .await
        .unwrap();
    assert_eq!(refusal(&app, &plan, press()).await, ErrorCode::ReadOnly);
    let again = app.plan(TargetRequest::Previous).await;
    assert_eq!(keys(&again, FindingWord::Block), ["read-only"]);
    commands::read_only_set(&app.backend, SwitchRequest { on: false })
        .await
        .unwrap();
    app.confirm(&plan, press()).await.unwrap();
}

#[tokio::test]
async fn one_operation_an_environment_and_cancel_writes_nothing() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    let before = stage.ground.app().await.unwrap();
    stage.cluster.faults().record();
    let first = app.confirm(&plan, press()).await.unwrap();
    assert_eq!(refusal(&app, &plan, press()).await, ErrorCode::OperationRunning);
    let beside = app.plan(TargetRequest::Previous).await;
    assert_eq!(keys(&beside, FindingWord::Block), ["in-flight"]);

    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let request = OperationRequest { id: first.id.clone() };
    commands::operation_cancel(&app.backend, request).await.unwrap();
    let cancelled = app.ended(&first.id).await;
    assert_eq!(cancelled.state, OperationStateWord::Cancelled);
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    assert_eq!(stage.sent("PATCH", "/deployments/"), 0);
    assert_eq!(
        stage.ground.app().await.unwrap().metadata.generation,
        before.metadata.generation
    );
    let listed = commands::operation_list(&app.backend, ()).await.unwrap();
    let kept = listed.operations.first().unwrap();
    assert_eq!(
        (kept.state, steps(kept)),
        (OperationStateWord::Cancelled, vec!["cancelled"])
    );
    assert_eq!(
        (kept.sent_at, kept.undoable, listed.chain_intact),
        (None, false, true)
    );
    let waited = kept.ended_at.unwrap() - kept.confirmed_at;
    assert!(
        (2_000.0..3_000.0).contains(&waited),
        "confirmed {waited} ms before it was cancelled"
    );

    let second = app.confirm(&plan, press()).await.unwrap();
    let sent = |state| state != OperationStateWord::Waiting;
    app.told_that(&second.id, "it begins", |operation| sent(operation.state))
        .await;
    let late = commands::operation_cancel(
        &app.backend,
        OperationRequest {
            id: second.id.clone(),
        },
    )
    .await;
    assert_eq!(late.unwrap_err().code, ErrorCode::TooLate);
    assert_eq!(app.ended(&second.id).await.verdict, Some(VerdictWord::Good));
}

/// architecture.md, "Tasks": quitting asks. What is still within its seconds is cancelled by it, and written down.
#[tokio::test]
async fn quitting_asks_while_an_operation_runs() {
    let stage = DemoStage::running(&VERSIONS).await;
    let (app, plan) = planned(&stage, Care::of(TierWord::Staging)).await;
    let quit = async |on| commands::quit(&app.backend, SwitchRequest { on }).await;
    let has_ended = || app.ended.swap(false, Ordering::SeqCst);
    let first = app.confirm(&plan, press()).await.unwrap();
    assert_eq!(quit(false).await.unwrap_err().code, ErrorCode::OperationRunning);
    assert!(!has_ended());
    stage.cluster.faults().record();
    quit(true).await.unwrap();
    assert!(has_ended());
    let kept = app.operation(&first.id).await.unwrap();
    assert_eq!(
        (kept.state, steps(&kept)),
        (OperationStateWord::Cancelled, vec!["cancelled"])
    );
    assert_eq!(stage.sent("PATCH", "/deployments/"), 0);

    let second = app.confirm(&plan, press()).await.unwrap();
    let sent = |operation: &wire::rollback::Operation| operation.sent_at.is_some();
    app.told_that(&second.id, "it was sent", sent).await;
    let refused = quit(false).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::OperationRunning);
    assert_eq!(refused.parameters["number"], "2", "{refused:?}");
    quit(true).await.unwrap();
    assert!(has_ended());
    let kept = app.operation(&second.id).await.unwrap();
    assert!(
        kept.ended_at.is_none() || kept.verdict.is_some(),
        "no end is made up: {kept:?}"
    );
    app.ended(&second.id).await;
    quit(false).await.unwrap();
    assert!(has_ended(), "nothing runs, nothing is asked");
}
