//! What a workspace file says of notes: the template that they begin with, and what in them is a link.

use std::fs;

use app::commands;
use wire::note::{DraftRequest, MarkdownRequest, NoteDraft};
use wire::workspace::{BindRepositoryRequest, TextRequest};

use crate::harness::repository::IDENTITY;
use crate::harness::{App, Repository};

/// The repository of the workspace file, which is the service's own.
struct Place {
    repository: Repository,
    app: App,
}

impl Place {
    async fn new(folder: &std::path::Path) -> Self {
        let repository = Repository::of_releases(folder);
        repository.commit("docs/release-note.md", "# For operators");
        // What is not committed is not the team's yet.
        fs::write(repository.path.join("docs/release-note.md"), "# Mine\n").unwrap();
        let app = App::start(&folder.join("data"), &[]);
        let clone = repository.path.display().to_string();
        let place = Self { repository, app };
        place.open("").await;
        let bind = BindRepositoryRequest {
            repository: IDENTITY.to_owned(),
            clone,
        };
        commands::repository_bind(&place.app.backend, bind).await.unwrap();
        place
    }

    /// Opens the workspace with these lines under `[notes]`.
    async fn open(&self, notes: &str) {
        let text = format!(
            "format = 1\nname = \"Shop\"\n[[service]]\nname = \"checkout\"\nrepository = \"{IDENTITY}\"\n[notes]\n{notes}\n"
        );
        let path = self.repository.path.join("deploy/tidemark.toml");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let path = Some(path.display().to_string());
        commands::workspace_save_text(&self.app.backend, TextRequest { text, path })
            .await
            .unwrap();
    }

    async fn draft(&self) -> NoteDraft {
        let request = DraftRequest {
            service: "checkout".to_owned(),
            version: "1.1.0".to_owned(),
            breaking: "Breaking".to_owned(),
            features: "New".to_owned(),
            fixes: "Fixed".to_owned(),
            other: "Other".to_owned(),
        };
        commands::note_draft(&self.app.backend, request).await.unwrap()
    }
}

#[tokio::test]
async fn a_draft_begins_with_the_template_as_it_is_committed() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path()).await;
    let without = place.draft().await;
    assert!(without.markdown.starts_with("## New\n"), "{}", without.markdown);
    place.open("template = \"docs/release-note.md\"").await;
    let draft = place.draft().await;
    assert_eq!(draft.markdown, format!("# For operators\n\n{}", without.markdown));
    assert!(!draft.template_missing && !without.template_missing);
}

/// Fault 52: no path in a workspace file leads out of its repository.
#[tokio::test]
async fn fault_52_a_template_outside_the_repository_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path()).await;
    fs::write(folder.path().join("secret.md"), "secret").unwrap();
    for path in [
        "../../../../../../../etc/passwd",
        "/etc/passwd",
        "../secret.md",
        "docs/../../secret.md",
        ".git/config",
        "docs/none.md",
    ] {
        place.open(&format!("template = \"{path}\"")).await;
        let draft = place.draft().await;
        assert!(
            draft.markdown.starts_with("## New\n"),
            "{path}: {}",
            draft.markdown
        );
        assert!(draft.template_missing, "{path}: it is said");
    }
}

#[tokio::test]
async fn keys_of_issues_become_links() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::new(folder.path()).await;
    let render = async || {
        let markdown = "Fixes PAY-12.".to_owned();
        commands::markdown_render(&place.app.backend, MarkdownRequest { markdown })
            .await
            .unwrap()
            .html
    };
    assert!(!render().await.contains("href"));
    place
        .open("issue-link = { pattern = 'PAY-(\\d+)', url = \"https://issues.example/$1\" }")
        .await;
    assert!(render().await.contains("href=\"https://issues.example/12\""));
}
