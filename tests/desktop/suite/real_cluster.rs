//! The main job on a real control plane and a real repository, from the welcome screen: the workspace is made in the
//! window from what was found, and a version is taken back; by mouse, and again by keyboard alone.

use std::time::Duration;

use anyhow::{Result, ensure};
use tests::cluster::{CONTEXT, Person, shared};
use tests::contract::Ground;
use tests::contract::ground::APP;
use tests::desktop::{App, Home, Options, Role, SHEET};
use tokio::runtime::Runtime;

/// A service that has gone through three versions in a namespace of its own, and its repository.
struct Stage {
    runtime: Runtime,
    namespace: String,
    home: Home,
}

impl Stage {
    fn set(prefix: &str) -> Result<Self> {
        let runtime = Runtime::new()?;
        let home = Home::new()?;
        let namespace = runtime.block_on(async {
            let namespace = shared().namespace(prefix).await?;
            let client = shared().client_for(Person::Admin).await?;
            let ground = Ground {
                client,
                namespace: namespace.clone(),
            };
            ground.rolled_out("1.0.0", 2).await?;
            ground.roll("1.1.0").await?;
            ground.roll("1.2.0").await?;
            anyhow::Ok(namespace)
        })?;
        repository(&home.path().join("repositories").join(APP))?;
        Ok(Self {
            runtime,
            namespace,
            home,
        })
    }

    fn options(person: Person) -> Options {
        let kubeconfig = shared().kubeconfig_for(person);
        Options::plain().with("KUBECONFIG", kubeconfig.display().to_string())
    }

    /// What `kubectl` says the Deployment object runs.
    fn image(runtime: &Runtime, namespace: &str) -> Result<String> {
        let path = "jsonpath={.spec.template.spec.containers[0].image}";
        let words = ["--namespace", namespace, "get", "deployment", APP, "-o", path];
        runtime.block_on(shared().kubectl(Person::Admin, &words))?.ok()
    }
}

fn repository(folder: &std::path::Path) -> Result<()> {
    let releases = [
        ("v1.0.0", "feat: take orders"),
        ("v1.1.0", "fix: round prices"),
        ("v1.2.0", "feat: pay by card"),
    ];
    super::repository::make(folder, &releases)?;
    let remote = ["remote", "add", "origin", "https://git.example/shop/checkout.git"];
    super::repository::git(folder, &remote)
}

fn it_is_rolled_back(app: &App, runtime: &Runtime, namespace: &str) -> Result<()> {
    app.operation_is("verified")?;
    app.see("Good: checkout runs 1.1.0 again")?;
    let image = Stage::image(runtime, namespace)?;
    ensure!(image.ends_with(":1.1.0"), "kubectl says {image}");
    assert_eq!(app.complaints()?, [""; 0], "the page has not complained");
    Ok(())
}

#[test]
fn a_workspace_is_made_in_the_window_and_a_version_taken_back_by_mouse() -> Result<()> {
    let Stage {
        runtime,
        namespace,
        home,
    } = Stage::set("window-mouse")?;
    let folder = home.path().join("repositories");
    let file = home.path().join("tidemark.toml");
    let app = App::start_in(home, &Stage::options(Person::Admin))?;
    app.by_role(Role::Button, "Add folder")?.click()?;
    app.choose_path("folder", &folder)?;
    app.see("3 version tags")?;
    app.see(CONTEXT)?;
    let go_on = app.by_role(Role::Button, "Continue with these")?;
    app.until("the suggestion", || go_on.is_enabled())?;
    go_on.click()?;
    app.see("Suggested from what was found")?;
    narrow(&app, &namespace)?;
    let save = app.by_role(Role::Button, "Save as…")?;
    app.until("the draft to be valid", || save.is_enabled())?;
    save.click()?;
    app.choose_path("Save", &file)?;
    app.until("the workspace file to be written", || Ok(file.is_file()))?;
    app.find("[role=treegrid]")?;
    let text = std::fs::read_to_string(&file)?;
    ensure!(
        text.contains(&namespace) && text.contains("https://git.example/shop/checkout.git"),
        "{text}"
    );
    let bar = app.zoom_until_bar("1.2.0, deployment healthy")?;
    app.press_at(bar.middle()?, Duration::ZERO)?;
    app.button_with("Roll back to 1.1.0")?.click()?;
    app.sheet_is_planned()?;
    app.tick_all()?;
    app.give_reason_and_name("Orders are lost", APP)?;
    app.hold_to_roll_back()?;
    it_is_rolled_back(&app, &runtime, &namespace)
}

/// The cluster is shared with other tests: keeps the one namespace, with a short look at what comes of it.
fn narrow(app: &App, namespace: &str) -> Result<()> {
    app.by_role(Role::Radio, "Text")?.click()?;
    let area = app.find("main textarea")?;
    area.fill(&narrowed(namespace))?;
    is_typed(app, namespace)?;
    app.by_role(Role::Radio, "Form")?.click()?;
    app.see("Nothing wrong")
}

/// The same by keyboard.
fn narrow_by_keys(app: &App, namespace: &str) -> Result<()> {
    app.tab_to_one_named(&["Form", "Text"])?;
    app.press("ArrowRight")?;
    app.press("Space")?;
    app.find("main textarea:not([readonly])")?;
    app.tab_to("main textarea")?;
    app.press("Control+a")?;
    app.write(&narrowed(namespace))?;
    is_typed(app, namespace)?;
    app.tab_to_one_named(&["Form", "Text"])?;
    app.press("ArrowLeft")?;
    app.press("Space")?;
    app.find("main textarea[readonly]")?;
    app.see("Nothing wrong")
}

fn is_typed(app: &App, namespace: &str) -> Result<()> {
    app.until("the text to be read", || {
        let text = app.script("return document.querySelector('main textarea').value", &[])?;
        Ok(text.as_str() == Some(narrowed(namespace).as_str()))
    })
}

fn narrowed(namespace: &str) -> String {
    format!(
        "format = 1\nname = \"Shop\"\n\n[[environment]]\nname = \"prod\"\ntier = \"production\"\ncluster = \"{CONTEXT}\"\n\
         namespaces = [\"{namespace}\"]\nverify = {{ window = \"2s\" }}\n\n[[service]]\nname = \"{APP}\"\n\
         repository = \"https://git.example/shop/checkout.git\"\n"
    )
}

#[test]
fn a_version_is_taken_back_by_keyboard_alone() -> Result<()> {
    let Stage {
        runtime,
        namespace,
        home,
    } = Stage::set("window-keys")?;
    let folder = home.path().join("repositories");
    let file = home.path().join("tidemark.toml");
    let app = App::start_in(home, &Stage::options(Person::Admin))?;
    app.by_role(Role::Button, "Add folder")?;
    app.tab_to_button("Add folder")?;
    app.press("Enter")?;
    app.choose_path("folder", &folder)?;
    app.see("3 version tags")?;
    app.see(CONTEXT)?;
    let go_on = app.by_role(Role::Button, "Continue with these")?;
    app.until("the suggestion", || go_on.is_enabled())?;
    app.tab_to_button("Continue with these")?;
    app.press("Enter")?;
    app.see("Suggested from what was found")?;
    narrow_by_keys(&app, &namespace)?;
    let save = app.by_role(Role::Button, "Save as…")?;
    app.until("the draft to be valid", || save.is_enabled())?;
    app.tab_to_button("Save as…")?;
    app.press("Enter")?;
    app.choose_path("Save", &file)?;
    app.until("the workspace file to be written", || Ok(file.is_file()))?;
    app.find("[role=treegrid]")?;
    app.zoom_until_bar("1.2.0, deployment healthy")?;
    app.tab_to("[role=treegrid] [tabindex=\"0\"]")?;
    app.press("ArrowDown")?;
    app.press("End")?;
    app.press("Enter")?;
    app.button_with("Roll back to 1.1.0")?;
    app.open_sheet_by_key()?;
    while !app
        .find_all(&format!("{SHEET} input[type=checkbox]:not(:checked)"))?
        .is_empty()
    {
        app.tab_to("input[type=checkbox]:not(:checked)")?;
        app.press("Space")?;
    }
    app.tab_to("input:not([type=checkbox])")?;
    app.write("Orders are lost")?;
    app.press_twice_to_roll_back()?;
    it_is_rolled_back(&app, &runtime, &namespace)
}
