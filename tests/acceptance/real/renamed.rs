//! Services and environments that are renamed keep their history (history.md: what was seen once is never lost).

use app::commands;
use serde_json::json;
use tests::cluster::{Person, until};
use tests::contract::ground::APP;
use wire::note::{NoteRequest, NoteSave, NoteState};
use wire::settings::PathRequest;
use wire::workspace::{SaveRequest, TierWord};

use crate::harness::{App, Care, Stage};

/// The versions of a lane, lowest first, and their rows in the ledger.
type Ran = Vec<(String, f64)>;

async fn ran(app: &App, lane: u32) -> Ran {
    let spans = app.columns().await.spans.into_iter();
    let its = spans.filter(|span| span.lane == lane);
    let mut ran: Ran = its.map(|span| (span.version, span.id)).collect();
    // Two rollouts within a second may stand the other way round.
    ran.sort_by(|a, b| a.0.cmp(&b.0));
    ran
}

/// Waits until a lane shows exactly these versions.
async fn shows(app: &App, lane: u32, versions: &[&str]) -> Ran {
    let mut last = Ran::new();
    let waited = until("the lane", async || {
        last = ran(app, lane).await;
        let shown = last.iter().map(|(version, _)| version.as_str());
        Ok(shown.eq(versions.iter().copied()).then(|| last.clone()))
    });
    let waited = waited.await;
    waited.unwrap_or_else(|error| panic!("{error} shows {versions:?}: {last:?}"))
}

/// Three versions, of which only the ledger still knows the first.
async fn opened() -> (Stage, App) {
    let stage = Stage::running("renamed", &["1.0.0"]).await;
    let keep_one = json!({"spec": {"revisionHistoryLimit": 1}});
    stage.ground.merge(keep_one).await.unwrap();
    let app = stage.open(Person::Releaser, Care::of(TierWord::Staging)).await;
    app.runs("1.0.0").await;
    for version in ["1.1.0", "1.2.0"] {
        stage.ground.roll(version).await.unwrap();
        app.runs(version).await;
    }
    until("revision 1 is pruned", async || {
        let sets = stage.kubectl(&["get", "replicasets", "-o", "name"]).await;
        Ok((sets.lines().count() == 2).then_some(()))
    })
    .await
    .unwrap();
    (stage, app)
}

impl Stage {
    /// The file as somebody else changed it: environments with their namespaces, and the service's name.
    async fn changed(&self, app: &App, environments: &[(&str, &str)], service: &str) {
        let mut text = "format = 1\nname = \"Shop\"\n".to_owned();
        for (name, namespace) in environments {
            text += &format!(
                "[[environment]]\nname = \"{name}\"\ntier = \"staging\"\ncluster = \"one\"\nnamespaces = [\"{namespace}\"]\n"
            );
        }
        text += &format!("[[service]]\nname = \"{service}\"\n");
        for (name, _) in environments {
            text += &format!(
                "[[service.workload]]\nenvironment = \"{name}\"\nkind = \"Deployment\"\nname = \"{APP}\"\n"
            );
        }
        std::fs::write(self.workspace_file(), text).unwrap();
        let path = self.workspace_file().display().to_string();
        commands::workspace_open(&app.backend, PathRequest { path })
            .await
            .unwrap();
    }
}

const ALL: [&str; 3] = ["1.0.0", "1.1.0", "1.2.0"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_environment_renamed_in_the_editor_keeps_its_history() {
    let (stage, app) = opened().await;
    let before = shows(&app, 0, &ALL).await;
    let mut draft = commands::workspace_draft(&app.backend, ())
        .await
        .unwrap()
        .draft
        .unwrap();
    draft.environments[0].name = "production".to_owned();
    let request = SaveRequest {
        draft,
        text: None,
        path: Some(stage.workspace_file().display().to_string()),
    };
    commands::workspace_save(&app.backend, request).await.unwrap();
    let running = app.runs_in("production", "1.2.0").await;
    assert_eq!(shows(&app, 0, &ALL).await, before, "in the rows that it had");
    assert_eq!(running, before[2].1);
    let oldest = app.details(before[0].1).await;
    assert_eq!(oldest.environment, "production");
    let targets = app.details(running).await.rollback.targets;
    let offered: Vec<_> = targets.iter().map(|one| one.version.as_str()).collect();
    assert_eq!(
        offered,
        ["1.1.0", "1.0.0"],
        "what only the ledger knows can be gone back to"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_person_renamed_in_the_file_keeps_its_history() {
    let (stage, app) = opened().await;
    let before = shows(&app, 0, &ALL).await;
    let note = NoteSave {
        service: APP.to_owned(),
        version: "1.0.0".to_owned(),
        markdown: "The first".to_owned(),
        state: NoteState::Final,
    };
    commands::note_save(&app.backend, note).await.unwrap();

    let both = [("prod", "elsewhere"), ("live", stage.namespace.as_str())];
    stage.changed(&app, &both, APP).await;
    shows(&app, 1, &ALL[1..]).await;
    assert_eq!(
        ran(&app, 0).await,
        before,
        "the old name is still in the file: nothing moves"
    );

    stage.changed(&app, &both[1..], APP).await;
    assert_eq!(
        shows(&app, 0, &ALL).await,
        before,
        "what was told under both names is one"
    );

    stage.changed(&app, &both[1..], "basket").await;
    assert_eq!(shows(&app, 0, &ALL).await, before, "the service's name as well");
    let request = NoteRequest {
        service: "basket".to_owned(),
        version: "1.0.0".to_owned(),
    };
    let note = commands::note_get(&app.backend, request).await.unwrap();
    assert_eq!(note.markdown, "The first", "with its notes");
}
