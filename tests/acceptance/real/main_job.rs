//! The main job: see what ran where, compare two versions, take one service back, and undo it.

use std::time::{Duration, Instant};

use app::commands;
use serde_json::{Value, json};
use tests::cluster::{Person, until};
use wire::compare::{CompareRequest, SideRequest};
use wire::note::{DraftRequest, NoteSave, NoteSearch, NoteState};
use wire::rollback::{
    FindingWord, OperationRequest, OperationStateWord, OriginWord, TargetRequest, VerdictWord,
};
use wire::timeline::EvidenceWord;
use wire::workspace::{ServiceRequest, TierWord};

use crate::harness::app::ENVIRONMENT;
use crate::harness::columns::Span;
use crate::harness::gestures::{keys, steps};
use crate::harness::{App, Care, Stage};

/// Bits of a span's flags, as `columns.ts` numbers them.
const ROLLBACK: u8 = 1;

fn version(version: &str) -> SideRequest {
    SideRequest::Version {
        service: "checkout".to_owned(),
        version: version.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ran_is_shown_in_order_and_a_live_change_within_two_seconds() {
    let stage = Stage::running("reading", &["1.0.0", "1.1.0"]).await;
    stage.kubectl_roll("1.2.0").await;
    let app = stage.open(Person::Releaser, Care::of(TierWord::Production)).await;
    app.runs("1.2.0").await;
    let columns = app.columns().await;
    assert_eq!(columns.versions(), ["1.0.0", "1.1.0", "1.2.0"]);
    assert!(columns.spans.is_sorted_by_key(|span| span.started), "{columns:?}");
    let live: Vec<bool> = columns.spans.iter().map(|span| span.ended.is_nan()).collect();
    assert_eq!(
        live,
        [false, false, true],
        "what a later one followed has ended: {columns:?}"
    );

    // A tag that comes while the app runs, and the version that it names.
    stage.repository.release("1.3.0", &["feat: gift cards"]);
    until("the new tag is there", async || {
        let service = "checkout".to_owned();
        let versions = commands::versions(&app.backend, ServiceRequest { service })
            .await
            .unwrap();
        Ok(versions
            .versions
            .iter()
            .any(|one| one.version == "1.3.0")
            .then_some(()))
    })
    .await
    .unwrap();
    let image = "app=registry.example/checkout:1.3.0";
    stage
        .kubectl(&["set", "image", "deployment/checkout", image])
        .await;
    let begin = Instant::now();
    until("the new span is there", async || {
        Ok((app.columns().await.versions().last() == Some(&"1.3.0")).then_some(()))
    })
    .await
    .unwrap();
    assert!(
        begin.elapsed() < Duration::from_secs(2),
        "shown after {:?}",
        begin.elapsed()
    );

    let deployment = app.runs("1.3.0").await;
    the_inspector_says_what_git_and_kubectl_say(&stage, &app, deployment).await;
    a_comparison_says_what_git_says(&stage, &app).await;
    a_note_is_drafted_kept_and_found(&stage, &app).await;
}

async fn the_inspector_says_what_git_and_kubectl_say(stage: &Stage, app: &App, deployment: f64) {
    let details = app.details(deployment).await;
    let commit = stage.repository.git(&["rev-parse", "v1.3.0^{commit}"]);
    let release = details.release.expect("it is a release");
    assert_eq!(
        (release.tag.as_str(), release.commit.as_str()),
        ("v1.3.0", commit.trim())
    );
    assert_eq!(release.author, "Ada Lovelace", "the author of the version");
    assert_eq!(release.subject, "Release 1.3.0");
    assert_eq!(details.image.as_deref(), Some(stage.image().await.as_str()));
    assert_eq!(details.evidence, EvidenceWord::Observed, "it was seen to come");
    let started = details.started.expect("its start was seen");
    assert_eq!(
        started.earliest,
        Some(started.latest),
        "an observed start is exact"
    );
    let revision = stage
        .kubectl(&[
            "get",
            "deployment",
            "checkout",
            "-o",
            "jsonpath={.metadata.annotations.deployment\\.kubernetes\\.io/revision}",
        ])
        .await;
    let workload = details.workload.expect("a Deployment object runs it");
    assert_eq!(workload.revision.map(|number| number.to_string()), Some(revision));
    let live = details.live.expect("it is what runs now");
    assert_eq!((live.replicas, live.ready, live.stale), (2, 2, false));
    assert_eq!(details.rollback.version.as_deref(), Some("1.2.0"));
    assert_eq!(details.rollback.off, None);
}

async fn a_comparison_says_what_git_says(stage: &Stage, app: &App) {
    let request = CompareRequest {
        a: version("1.0.0"),
        b: version("1.3.0"),
    };
    let comparison = commands::compare(&app.backend, request).await.unwrap();
    let ids: Vec<String> = comparison
        .commits
        .added
        .iter()
        .map(|commit| commit.id.clone())
        .collect();
    assert_eq!(
        ids,
        stage.repository.lines(&["log", "--format=%H", "v1.0.0..v1.3.0"])
    );
    assert!(comparison.commits.removed.is_empty());
    let files: Vec<String> = comparison
        .files
        .files
        .iter()
        .map(|file| {
            format!(
                "{}\t{}\t{}",
                file.added.unwrap(),
                file.removed.unwrap(),
                file.path
            )
        })
        .collect();
    assert_eq!(
        files,
        stage.repository.lines(&["diff", "--numstat", "v1.0.0", "v1.3.0"])
    );
    let template = comparison.template.expect("both templates ran here");
    let image = template
        .differences
        .iter()
        .find(|one| one.name == "image")
        .unwrap();
    assert_eq!((template.images, template.settings), (1, 0));
    assert!(image.old.as_deref().unwrap().ends_with("1.0.0"), "{image:?}");
    assert!(image.new.as_deref().unwrap().ends_with("1.3.0"), "{image:?}");
}

async fn a_note_is_drafted_kept_and_found(stage: &Stage, app: &App) {
    let heading = str::to_owned;
    let request = DraftRequest {
        service: heading("checkout"),
        version: heading("1.1.0"),
        breaking: heading("Breaking"),
        features: heading("New"),
        fixes: heading("Fixed"),
        other: heading("Other"),
    };
    let draft = commands::note_draft(&app.backend, request).await.unwrap();
    let subjects = stage.repository.lines(&["log", "--format=%s", "v1.0.0..v1.1.0"]);
    assert_eq!(draft.commits as usize, subjects.len());
    for words in ["New", "pay by card", "Fixed", "round prices to the cent"] {
        assert!(
            draft.markdown.contains(words),
            "{words} is missing in {}",
            draft.markdown
        );
    }
    let save = NoteSave {
        service: heading("checkout"),
        version: heading("1.1.0"),
        markdown: draft.markdown,
        state: NoteState::Final,
    };
    commands::note_save(&app.backend, save).await.unwrap();
    let search = NoteSearch {
        text: heading("card"),
        state: None,
        service: None,
    };
    let found = commands::note_list(&app.backend, search).await.unwrap().notes;
    assert_eq!(
        found.iter().map(|note| note.version.as_str()).collect::<Vec<_>>(),
        ["1.1.0"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_is_rolled_back_and_verified_and_the_rollback_undone() {
    let stage = Stage::running("main-job", &["1.0.0", "1.1.0", "1.2.0"]).await;
    stage
        .kubectl(&["annotate", "deployment", "checkout", "team.example/owner=money"])
        .await;
    let app = stage.open(Person::Releaser, Care::of(TierWord::Production)).await;
    app.runs("1.2.0").await;
    let before = stage.object().await;
    let target = template_of_revision(&stage, "2").await;

    let plan = app.plan(TargetRequest::Previous).await;
    assert_eq!(
        (plan.from.version.as_str(), plan.to.version.as_str()),
        ("1.2.0", "1.1.0")
    );
    assert_eq!((plan.origin, plan.to.revision), (OriginWord::Cluster, Some(2.0)));
    assert_eq!(
        (plan.account.as_str(), plan.account_confirmed),
        ("releaser", true)
    );
    assert_eq!(plan.namespace, stage.namespace);
    assert_eq!(
        (
            plan.sentence.images,
            plan.sentence.settings,
            plan.sentence.replicas
        ),
        (1, 0, 2)
    );
    assert_eq!(
        (plan.sentence.fixes, plan.sentence.migrations),
        (Some(1), Some(0))
    );
    let fix = &plan.fixes[0];
    assert_eq!(
        (fix.subject.as_str(), fix.release.as_deref()),
        ("keep the basket after a reload", Some("1.2.0"))
    );
    assert_eq!(keys(&plan, FindingWord::Block), Vec::<&str>::new());
    for passed in [
        "paused",
        "owner",
        "dry-run",
        "pod-admission",
        "migrations",
        "target",
    ] {
        assert!(
            keys(&plan, FindingWord::Pass).contains(&passed),
            "{passed}: {:?}",
            plan.findings
        );
    }
    assert_eq!(
        stage.object().await,
        before,
        "a plan leaves nothing in the cluster"
    );

    let operation = app.carry_out(&plan).await;
    assert_eq!(operation.state, OperationStateWord::Verified, "{operation:?}");
    assert_eq!(operation.verdict, Some(VerdictWord::Good), "{operation:?}");
    let expected = [
        "intent",
        "replanned",
        "dry-run",
        "sent",
        "accepted",
        "rolled-out",
        "manager-dropped",
        "traced",
        "verified",
    ];
    assert_eq!(steps(&operation), expected);
    the_cluster_bears_the_trace(&stage, &before, &target, &operation.id).await;
    the_timeline_shows_the_way_back(&app).await;
    the_ledger_keeps_it(&app, &operation.id).await;

    let undo = app
        .plan(TargetRequest::UndoOf {
            operation: operation.id.clone(),
        })
        .await;
    assert_eq!(
        (undo.choice.as_str(), undo.to.version.as_str()),
        ("undo", "1.2.0")
    );
    let undone = app.carry_out(&undo).await;
    assert_eq!(undone.verdict, Some(VerdictWord::Good), "{undone:?}");
    assert_eq!(undone.undo_of, Some(operation.number));
    let after = stage.object().await;
    assert_eq!(
        after["spec"]["template"], before["spec"]["template"],
        "as it was before the rollback"
    );
}

/// The template of a revision as its ReplicaSet has it, without the hash that the controller adds.
async fn template_of_revision(stage: &Stage, revision: &str) -> Value {
    let text = stage.kubectl(&["get", "replicasets", "-o", "json"]).await;
    let sets: Value = serde_json::from_str(&text).unwrap();
    let number =
        |set: &&Value| set["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == revision;
    let set = sets["items"].as_array().unwrap().iter().find(number).unwrap();
    let mut template = set["spec"]["template"].clone();
    template["metadata"]["labels"]
        .as_object_mut()
        .unwrap()
        .remove("pod-template-hash");
    template
}

async fn the_cluster_bears_the_trace(stage: &Stage, before: &Value, target: &Value, operation: &str) {
    let after = stage.object().await;
    assert_eq!(&after["spec"]["template"], target, "the target's template, whole");
    assert_eq!(
        after["spec"]["replicas"], before["spec"]["replicas"],
        "replicas are no part of a revision"
    );
    let annotations = &after["metadata"]["annotations"];
    assert_eq!(
        annotations["team.example/owner"], "money",
        "the team's own annotations stay"
    );
    let cause = "Tidemark: rollback to 1.1.0 — orders fail";
    assert_eq!(annotations["kubernetes.io/change-cause"], cause);
    let mark: Value = serde_json::from_str(annotations["tidemark.dev/operation"].as_str().unwrap()).unwrap();
    assert_eq!(mark["id"], operation);
    let managers: Vec<&Value> = after["metadata"]["managedFields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["manager"])
        .collect();
    assert!(
        !managers.contains(&&json!("tidemark")),
        "our entry is gone again: {managers:?}"
    );
    let history = stage
        .kubectl(&["rollout", "history", "deployment/checkout"])
        .await;
    let newest = history.trim().lines().last().unwrap();
    assert!(newest.starts_with('4') && newest.ends_with(cause), "{history}");
    let events = stage
        .kubectl(&[
            "get",
            "events",
            "--field-selector",
            "reason=RolledBack",
            "-o",
            "json",
        ])
        .await;
    let events: Value = serde_json::from_str(&events).unwrap();
    let event = &events["items"][0];
    assert_eq!(event["involvedObject"]["uid"], after["metadata"]["uid"]);
    let message = event["message"].as_str().unwrap();
    for words in [
        "from 1.2.0 to 1.1.0",
        "good",
        "releaser",
        "orders fail",
        operation,
    ] {
        assert!(message.contains(words), "{words} is missing in {message}");
    }
}

async fn the_timeline_shows_the_way_back(app: &App) {
    app.runs("1.1.0").await;
    let columns = app.columns().await;
    assert_eq!(columns.versions(), ["1.0.0", "1.1.0", "1.2.0", "1.1.0"]);
    let newest: &Span = columns.spans.last().unwrap();
    assert_ne!(newest.flags & ROLLBACK, 0, "{newest:?}");
    assert_eq!(
        newest.back_to,
        Some(1),
        "its arc goes to the first 1.1.0: {columns:?}"
    );
    let cell = app.cell(ENVIRONMENT).await.unwrap();
    assert!(cell.rolled_back, "{cell:?}");
    let details = app.details(cell.deployment.unwrap()).await;
    assert_eq!(details.who.map(|who| who.text), Some("releaser".to_owned()));
    assert_eq!(details.why.map(|why| why.text), Some("orders fail".to_owned()));
}

async fn the_ledger_keeps_it(app: &App, id: &str) {
    let all = commands::operation_list(&app.backend, ()).await.unwrap();
    assert!(all.chain_intact);
    let kept = all
        .operations
        .iter()
        .find(|operation| operation.id == id)
        .unwrap();
    assert_eq!(kept.verdict, Some(VerdictWord::Good));
    let request = OperationRequest { id: id.to_owned() };
    let late = commands::operation_cancel(&app.backend, request).await;
    assert!(late.is_err(), "what is over can't be cancelled: {late:?}");
}
