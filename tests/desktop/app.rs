//! One running app: look for things, use them, wait, photograph.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::browser::{self, Browser};
use super::element::Element;
use super::home::Home;
use super::picture::{self, Picture};
use super::pointer::{self, Point, Wheel};
use super::protocol::Session;
use super::role::Role;
use super::{console, desk, keys};

/// How long something may take to appear before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked for meanwhile.
const BEAT: Duration = Duration::from_millis(40);

/// How to start the app.
#[derive(Debug, Clone)]
pub struct Options {
    /// What it is told, besides `--data-dir`.
    pub arguments: Vec<String>,
    /// The size of the display, which the window fills.
    pub size: (u32, u32),
    /// Further environment variables.
    pub environment: Vec<(String, String)>,
    /// Whether the window is left at the size that it opens with.
    pub own_size: bool,
    /// Whether the data folder lies on a read-only disk.
    pub read_only_data: bool,
}

impl Options {
    /// The app with nothing said: it opens on the welcome screen.
    pub fn plain() -> Self {
        Self {
            arguments: Vec::new(),
            size: (1280, 800),
            environment: Vec::new(),
            own_size: false,
            read_only_data: false,
        }
    }

    /// The demo world.
    pub fn demo() -> Self {
        Self {
            arguments: vec!["--demo".into()],
            ..Self::plain()
        }
    }

    /// A workspace file.
    pub fn workspace(file: &Path) -> Self {
        Self {
            arguments: vec!["--workspace".into(), file.display().to_string()],
            ..Self::plain()
        }
    }

    /// On a display of another size.
    #[must_use]
    pub fn sized(self, width: u32, height: u32) -> Self {
        Self {
            size: (width, height),
            ..self
        }
    }

    /// The window keeps the size that it opens with.
    #[must_use]
    pub fn at_its_own_size(self) -> Self {
        Self {
            own_size: true,
            ..self
        }
    }

    /// With the data folder on a read-only disk, in a mount namespace of the app's own.
    #[must_use]
    pub fn on_read_only_data(self) -> Self {
        Self {
            read_only_data: true,
            ..self
        }
    }

    /// With one more environment variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }
}

/// The running app. Dropping it ends every process that it brought.
#[derive(Debug)]
pub struct App {
    browser: Browser,
    home: Home,
}

impl App {
    /// Starts the app in an empty home and waits until its window can be driven.
    pub fn start(options: &Options) -> Result<Self> {
        Self::start_in(Home::new()?, options)
    }

    /// Starts the app in a home that another one has left, or that a test has furnished.
    pub fn start_in(home: Home, options: &Options) -> Result<Self> {
        let data = home.data().display().to_string();
        let mut command = vec![browser::app_program()?.display().to_string()];
        command.extend(options.arguments.iter().cloned());
        command.extend(["--data-dir".into(), data.clone()]);
        if options.read_only_data {
            command.splice(0..0, browser::read_only(data));
        }
        let browser = Browser::start(&command, options.size, &options.environment, &home)?;
        let app = Self { browser, home };
        if !options.own_size {
            app.fill_display(options.size)?;
        }
        app.until("the page to load", || {
            Ok(app.script("return document.readyState", &[])? == "complete")
        })?;
        Ok(app)
    }

    /// The home that it runs in.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The id of the app's own process.
    pub fn process(&self) -> Result<u32> {
        self.browser.app_process()
    }

    /// Closes the window as a person would not: the session ends, and all processes with it. The home is left.
    pub fn stop(self) -> Result<Home> {
        let Self { browser, home } = self;
        browser.session.close()?;
        Ok(home)
    }

    /// Waits until the app has ended by itself. The home is left for the next start.
    pub fn wait_until_ended(self) -> Result<Home> {
        let process = PathBuf::from(format!("/proc/{}/exe", self.process()?));
        self.until("the app to end", || Ok(!process.exists()))?;
        let Self { browser, home } = self;
        drop(browser);
        Ok(home)
    }

    /// Kills the app's process at once, as a power cut would. The home is left for the next start.
    pub fn kill(self) -> Result<Home> {
        let id = i32::try_from(self.browser.app_process()?)
            .ok()
            .and_then(Pid::from_raw);
        kill_process(id.ok_or_else(|| anyhow!("no process id"))?, Signal::KILL)?;
        let Self { browser, home } = self;
        drop(browser);
        Ok(home)
    }

    /// The first element that fits the CSS selector, as soon as there is one.
    pub fn find(&self, css: &str) -> Result<Element> {
        let found = self.wait_for(css, || Ok(self.find_all(css)?.into_iter().next()))?;
        Ok(found.found_by(css, ""))
    }

    /// All elements that fit the CSS selector now.
    pub fn find_all(&self, css: &str) -> Result<Vec<Element>> {
        let found = self
            .session()
            .post("elements", &json!({ "using": "css selector", "value": css }))?;
        found
            .as_array()
            .into_iter()
            .flatten()
            .map(|value| Element::of(self.session(), value))
            .collect()
    }

    /// The element with this role and exactly this accessible name, as soon as it is shown.
    pub fn by_role(&self, role: Role, name: &str) -> Result<Element> {
        self.by_role_where(role, &format!("'{name}'"), |found| found == name)
    }

    /// The first element with this role whose accessible name starts so, as soon as it is shown.
    pub fn by_role_starting(&self, role: Role, start: &str) -> Result<Element> {
        self.by_role_where(role, &format!("starting '{start}'"), |found| {
            found.starts_with(start)
        })
    }

    /// Waits until this text is shown somewhere in the page.
    pub fn see(&self, text: &str) -> Result<()> {
        self.until(&format!("the text '{text}'"), || {
            Ok(self.page_text()?.contains(text))
        })
    }

    /// All text that the page shows.
    pub fn page_text(&self) -> Result<String> {
        Ok(self
            .script("return document.body.innerText", &[])?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// The element that has the focus.
    pub fn focused(&self) -> Result<Element> {
        Element::of(self.session(), &self.session().get("element/active")?)
    }

    /// Presses a chord such as `Control+k`, `Shift+ArrowLeft` or `r`.
    pub fn press(&self, chord: &str) -> Result<()> {
        self.hold(chord, Duration::ZERO)
    }

    /// Presses a chord and keeps it down for a time.
    pub fn hold(&self, chord: &str, time: Duration) -> Result<()> {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.act(&keys::press(&keys::chord(chord)?, milliseconds))
    }

    /// Types text into whatever has the focus.
    pub fn write(&self, text: &str) -> Result<()> {
        self.act(&keys::write(text))
    }

    /// Presses the pointer at a place for a time.
    pub fn press_at(&self, place: Point, time: Duration) -> Result<()> {
        self.act(&pointer::press(place, time))
    }

    /// Presses the pointer at a place and keeps it down until [`Self::let_go_at`].
    pub fn press_and_hold_at(&self, place: Point) -> Result<()> {
        self.act(&pointer::press_and_hold(place))
    }

    /// Moves the pointer to a place and lets go there.
    pub fn let_go_at(&self, place: Point) -> Result<()> {
        self.act(&pointer::let_go(place))
    }

    /// Moves the pointer to a place.
    pub fn hover(&self, place: Point) -> Result<()> {
        self.act(&pointer::hover(place))
    }

    /// Drags from one place to another.
    pub fn drag(&self, from: Point, to: Point) -> Result<()> {
        self.act(&pointer::drag(from, to))
    }

    /// Turns the wheel over a place by some notches.
    pub fn wheel(&self, place: Point, turn: Wheel, notches: u32) -> Result<()> {
        pointer::wheel(self.browser.display_name(), place, turn, notches, None)
    }

    /// Turns the wheel while Control is down, which zooms.
    pub fn wheel_with_control(&self, place: Point, turn: Wheel, notches: u32) -> Result<()> {
        pointer::wheel(self.browser.display_name(), place, turn, notches, Some("ctrl"))
    }

    /// Runs JavaScript in the page: the body of a function, which gets `arguments` and may `return`.
    pub fn script(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.session()
            .post("execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// The same for a script that answers later: its last argument is the function to answer with.
    pub fn script_async(&self, body: &str, arguments: &[Value]) -> Result<Value> {
        self.session()
            .post("execute/async", &json!({ "script": body, "args": arguments }))
    }

    /// What the page has complained about since the app's first start in this home: breaches of its content security
    /// policy, uncaught errors, and what it wrote as an error on its console.
    pub fn complaints(&self) -> Result<Vec<String>> {
        Ok(console::complaints(&self.home.app_log()?))
    }

    /// Starts the program a second time on the same data, display and bus, as a person does who has lost the window,
    /// and waits until it has ended.
    pub fn start_again(&self, arguments: &[&str]) -> Result<ExitStatus> {
        let mut command = Command::new(browser::app_program()?);
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(self.home.data())
            .envs(self.home.environment())
            .envs(self.browser.own_environment())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut second = command.spawn().context("starting the program a second time")?;
        let mut ended = None;
        let waited = self.until("the second start to end", || {
            ended = second.try_wait()?;
            Ok(ended.is_some())
        });
        if waited.is_err() {
            second.kill()?;
            second.wait()?;
        }
        waited?;
        ended.ok_or_else(|| anyhow!("the second start has no end"))
    }

    /// Answers a dialog of the desktop's own, found by a part of its title, with a path.
    pub fn choose_path(&self, title: &str, path: &Path) -> Result<()> {
        pointer::choose_path(self.browser.display_name(), title, path)
    }

    /// Asks the window to close, as the cross in its frame does.
    pub fn ask_to_close(&self) -> Result<()> {
        desk::ask_to_close(self.browser.display_name())
    }

    /// Whether the window is on the display.
    pub fn is_on_display(&self) -> Result<bool> {
        desk::is_there(self.browser.display_name())
    }

    /// Loads the page again, as a person would with the menu of a browser.
    pub fn reload(&self) -> Result<()> {
        self.session().post("refresh", &json!({})).map(|_| ())
    }

    /// Writes a picture of the whole display, which the window fills, as PNG.
    pub fn photograph(&self, file: &Path) -> Result<()> {
        picture::take(&self.home.display(), None)?.write(file)
    }

    /// Takes a picture of the upper left part of the display: of a window that is smaller than it.
    pub fn picture(&self, size: (u32, u32)) -> Result<Picture> {
        picture::take(&self.home.display(), Some(size))
    }

    /// Gives the window another size, and waits until the page has it, at a zoom in percent.
    pub fn resize(&self, (width, height): (u32, u32), zoom: u32) -> Result<()> {
        self.fill_display((width, height))?;
        let wanted = json!([width * 100 / zoom, height * 100 / zoom]);
        self.until("the window to have its new size", || {
            Ok(self.script("return [innerWidth, innerHeight]", &[])? == wanted)
        })
    }

    /// Waits until something is so.
    pub fn until(&self, what: &str, so: impl FnMut() -> Result<bool>) -> Result<()> {
        self.until_within(PATIENCE, what, so)
    }

    /// Waits until something is so that takes its time, as a rollout does.
    pub fn until_within(
        &self,
        patience: Duration,
        what: &str,
        mut so: impl FnMut() -> Result<bool>,
    ) -> Result<()> {
        self.wait_within(patience, what, || Ok(so()?.then_some(())))
    }

    /// Waits for something to be there, and says what was on screen when it did not come.
    pub fn wait_for<T>(&self, what: &str, look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        self.wait_within(PATIENCE, what, look)
    }

    fn wait_within<T>(
        &self,
        patience: Duration,
        what: &str,
        mut look: impl FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            // The page may change between two commands; only what lasts is an error.
            let outcome = look();
            match outcome {
                Ok(Some(found)) => return Ok(found),
                Ok(None) | Err(_) if start.elapsed() < patience => std::thread::sleep(BEAT),
                Ok(None) => bail!("waited {} s for {what}; {}", patience.as_secs(), self.evidence()),
                Err(error) => return Err(error.context(format!("waiting for {what}; {}", self.evidence()))),
            }
        }
    }

    fn by_role_where(&self, role: Role, wanted: &str, fits: impl Fn(&str) -> bool) -> Result<Element> {
        let look = || {
            for element in self.find_all(role.candidates())? {
                if fits(&element.name()?) && element.is_shown()? {
                    return Ok(Some(element));
                }
            }
            Ok(None)
        };
        self.wait_for(&format!("{role:?} {wanted}"), look)
    }

    /// Without a window manager the window keeps the size it asked for; make it the display's.
    fn fill_display(&self, (width, height): (u32, u32)) -> Result<()> {
        let rect = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.session().post("window/rect", &rect).map(|_| ())
    }

    /// A picture and the text of the page, for whoever reads why a test failed.
    fn evidence(&self) -> String {
        let text = self.page_text().unwrap_or_default();
        let seen: String = text.chars().take(600).collect();
        let complaints = self.complaints().unwrap_or_default();
        let seen = if complaints.is_empty() {
            seen
        } else {
            format!("{seen}; complaints: {complaints:?}")
        };
        let file = evidence_file();
        match self.photograph(&file) {
            Ok(()) => format!("picture: {}; the page says: {seen}", file.display()),
            Err(error) => format!("no picture: {error:#}; the page says: {seen}"),
        }
    }

    fn act(&self, actions: &Value) -> Result<()> {
        self.session().post("actions", actions).map(|_| ())
    }

    fn session(&self) -> &Session {
        &self.browser.session
    }
}

/// `desktop-failures/THREAD.png` beside what Cargo has built; a test's thread has the test's name.
fn evidence_file() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let target = own.ancestors().find(|folder| folder.ends_with("target"));
    let folder = target
        .map_or_else(std::env::temp_dir, Path::to_path_buf)
        .join("desktop-failures");
    let name = std::thread::current().name().unwrap_or("main").replace("::", "-");
    folder.join(format!("{name}.png"))
}
