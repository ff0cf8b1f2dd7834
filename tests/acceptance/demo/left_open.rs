//! What a start without a file opens.

use std::path::Path;

use app::{AtStart, commands};
use wire::settings::AppState;
use wire::workspace::{SaveRequest, TierWord};

use crate::harness::stage::draft;
use crate::harness::{App, Care, Repository};

/// Starts as the program does without a file, and tells what is open then.
async fn start(data: &Path) -> (App, AppState) {
    let app = App::start(data, &[]);
    app.backend.open_at_start(AtStart::Last);
    let state = commands::app_state(&app.backend, ()).await.unwrap();
    (app, state)
}

#[tokio::test]
async fn the_workspace_that_was_left_open_is_open_again_until_it_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::of_releases(folder.path());
    let (data, file) = (folder.path().join("data"), folder.path().join("tidemark.toml"));
    let (app, state) = start(&data).await;
    assert!(state.workspace.is_none() && state.start_problem.is_none());
    let request = SaveRequest {
        draft: draft(
            "shop",
            &repository.path.display().to_string(),
            None,
            Care::of(TierWord::Staging),
        ),
        text: None,
        path: Some(file.display().to_string()),
    };
    commands::workspace_save(&app.backend, request).await.unwrap();
    drop(app);

    let (app, state) = start(&data).await;
    let path = state.workspace.and_then(|workspace| workspace.path);
    assert_eq!(path, Some(file.display().to_string()));
    drop(app);

    std::fs::rename(&file, folder.path().join("elsewhere.toml")).unwrap();
    let (app, state) = start(&data).await;
    assert!(state.workspace.is_none());
    let problem = state.start_problem.unwrap();
    assert_eq!(
        problem.parameters["path"],
        file.display().to_string(),
        "{problem:?}"
    );
    drop(app);

    std::fs::rename(folder.path().join("elsewhere.toml"), &file).unwrap();
    let (app, state) = start(&data).await;
    assert!(state.workspace.is_some(), "it is back");
    commands::workspace_close(&app.backend, ()).await.unwrap();
    drop(app);
    let (_app, state) = start(&data).await;
    assert!(state.workspace.is_none(), "it was closed");
}
