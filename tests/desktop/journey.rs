//! What a person does in the window, step by step: shared by the tests and by the pictures. Where a picture needs it
//! in two languages, a step finds things by what is the same in both.

use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use serde_json::{Value, json};

use super::app::App;
use super::element::Element;
use super::pointer::Point;

/// The sheet that lies over the window.
pub const SHEET: &str = "[role=dialog]";
/// What a hold asks.
const HELD: Duration = Duration::from_millis(1200);
/// So many Tabs reach everything in the window.
const TABS: usize = 150;

impl App {
    /// Asks the backend as any script in the window can; the error is the wire's code.
    pub fn ask(&self, command: &str, request: &Value) -> Result<Result<Value, String>> {
        let body = "const [command, request, done] = arguments;
            window.__TAURI_INTERNALS__.invoke(command, { request })
                .then((reply) => done({ reply: reply ?? null }), (error) => done({ error }));";
        let answer = self.script_async(body, &[json!(command), request.clone()])?;
        match answer.get("error") {
            None => Ok(Ok(answer["reply"].clone())),
            Some(error) => match error["code"].as_str() {
                Some(code) => Ok(Err(code.to_owned())),
                None => bail!("{command} failed without a code: {error}"),
            },
        }
    }

    /// The backend's reply to a command that it must not refuse.
    pub fn told(&self, command: &str, request: &Value) -> Result<Value> {
        self.ask(command, request)?
            .map_err(|code| anyhow!("{command} was refused: {code}"))
    }

    /// Waits until the timeline shows deployments.
    pub fn timeline_is_there(&self) -> Result<()> {
        self.find("[role=treegrid] [role=gridcell][aria-label]")
            .map(|_| ())
    }

    /// The first bar of the timeline whose name for assistive technology starts so.
    pub fn bar(&self, start: &str) -> Result<Element> {
        self.find(&format!("[role=gridcell][aria-label^=\"{start}\"]"))
    }

    /// The first button that shows this text.
    pub fn button_with(&self, text: &str) -> Result<Element> {
        self.element_with("button", text)
    }

    /// The first element of a kind that shows this text.
    pub fn element_with(&self, css: &str, text: &str) -> Result<Element> {
        self.wait_for(&format!("{css} with '{text}'"), || {
            for element in self.find_all(css)? {
                if element.text()?.contains(text) && element.is_shown()? {
                    return Ok(Some(element.found_by(css, text)));
                }
            }
            Ok(None)
        })
    }

    /// Goes to the next failure by its key and opens its details.
    pub fn open_failure_by_keys(&self) -> Result<()> {
        // A key that came before the lanes took keys was for nobody, and is pressed again.
        let reached = |patience| {
            self.press("]")?;
            self.until_within(patience, "a failure to have the focus", || {
                Ok(self.focused()?.attribute("role")?.as_deref() == Some("gridcell"))
            })
        };
        reached(Duration::from_secs(8)).or_else(|_| reached(Duration::from_secs(30)))?;
        self.press("Enter")?;
        self.find("[data-inspector] button, aside button").map(|_| ())
    }

    /// Opens the rollback sheet by its key and waits for the plan.
    pub fn open_sheet_by_key(&self) -> Result<()> {
        self.press("r")?;
        self.sheet_is_planned()
    }

    /// Opens the rollback sheet of a service in an environment by the palette.
    pub fn open_rollback_of(&self, service: &str, environment: &str) -> Result<()> {
        self.press("Control+k")?;
        self.find("[role=dialog] input")?
            .fill(&format!("{service} {environment}"))?;
        // The list still changes while answers come in; a person reads the line before choosing it, and so does this.
        let lines = "[role=dialog] [role=option]:has(svg[class*=lucide-undo])";
        let found = self.wait_for(&format!("{service} in {environment} in the palette"), || {
            for option in self.find_all(lines)? {
                let text = option.text()?;
                if text.contains(service) && text.contains(environment) {
                    return Ok(Some(option));
                }
            }
            Ok(None)
        })?;
        found.click()?;
        self.until("the palette to give way", || {
            Ok(self.find_all("[role=dialog] [role=option]")?.is_empty())
        })?;
        self.find(SHEET).map(|_| ())
    }

    /// Opens the fields for an exact range and a moment.
    pub fn open_range(&self) -> Result<()> {
        self.find("main button[aria-label^=\"Show a range\"]")?.click()?;
        self.find("[role=dialog] input").map(|_| ())
    }

    /// Pins a moment by its field, as it is written there.
    pub fn pin_moment(&self, moment: &str) -> Result<()> {
        self.open_range()?;
        let fields = self.find_all("[role=dialog] input")?;
        let field = fields
            .last()
            .ok_or_else(|| anyhow!("there is no field for a moment"))?;
        field.fill(moment)?;
        let buttons = self.find_all("[role=dialog] button")?;
        buttons
            .last()
            .ok_or_else(|| anyhow!("there is no button for a moment"))?
            .click()?;
        self.press("Escape")?;
        self.see("What ran at")
    }

    /// Waits until the sheet shows a plan: with a gesture, or blocked.
    pub fn sheet_is_planned(&self) -> Result<()> {
        self.find(&format!("{SHEET} [data-phase], {SHEET} section[role=alert]"))
            .map(|_| ())
    }

    /// Ticks every box of the sheet with the pointer.
    pub fn tick_all(&self) -> Result<()> {
        for label in self.find_all(&format!("{SHEET} label:has(input[type=checkbox]:not(:checked))"))? {
            label.click()?;
        }
        self.until("every box to be ticked", || {
            let left = format!("{SHEET} input[type=checkbox]:not(:checked)");
            Ok(self.find_all(&left)?.is_empty())
        })
    }

    /// Fills the reason, and the name where the level asks for it.
    pub fn give_reason_and_name(&self, reason: &str, name: &str) -> Result<()> {
        let fields = self.find_all(&format!("{SHEET} input:not([type=checkbox])"))?;
        for (field, text) in fields.iter().zip([reason, name]) {
            field.fill(text)?;
        }
        Ok(())
    }

    /// The button of the gesture, as soon as it can be used.
    pub fn gesture(&self) -> Result<Element> {
        self.find(&format!("{SHEET} button[data-phase]:not([aria-disabled])"))
    }

    /// Holds the button of the gesture for as long as it asks: until the sheet goes on, as a person does who watches it
    /// fill.
    pub fn hold_to_roll_back(&self) -> Result<()> {
        let middle = self.gesture()?.middle()?;
        self.press_and_hold_at(middle)?;
        std::thread::sleep(HELD);
        let went_on = self.until("the sheet to go on from the gesture", || {
            Ok(self.find_all(&format!("{SHEET} button[data-phase]"))?.is_empty())
        });
        self.let_go_at(middle)?;
        went_on
    }

    /// The newest operation as the backend has it.
    pub fn newest_operation(&self) -> Result<Value> {
        let operations = self.told("operation_list", &Value::Null)?;
        Ok(operations["operations"][0].clone())
    }

    /// Waits until the newest operation is in this state.
    pub fn operation_is(&self, state: &str) -> Result<()> {
        self.operation_has("state", state)
    }

    /// Waits until a field of the newest operation says this.
    pub fn operation_has(&self, field: &str, word: &str) -> Result<()> {
        let what = format!("the operation's {field} to be {word}");
        self.until_within(Duration::from_secs(60), &what, || {
            Ok(self.newest_operation()?[field] == word)
        })
    }

    /// Confirms by keyboard: the button of the gesture is pressed twice, as slowly as a person does it.
    pub fn press_twice_to_roll_back(&self) -> Result<()> {
        self.gesture()?;
        self.tab_to("button[data-phase]")?;
        self.press("Enter")?;
        self.find(&format!("{SHEET} button[data-phase=armed]"))?;
        std::thread::sleep(Duration::from_millis(400));
        self.press("Enter")
    }

    /// Waits until the sheet counts down.
    pub fn countdown(&self) -> Result<()> {
        self.until("the countdown", || {
            let gesture = self.find_all(&format!("{SHEET} button[data-phase]"))?;
            Ok(gesture.is_empty() && !self.find_all(&format!("{SHEET} svg.lucide-square"))?.is_empty())
        })
    }

    /// The middle of a bar's cell, once it rests: cells are made anew when the lanes change.
    pub fn place_of_bar(&self, start: &str) -> Result<Point> {
        let css = format!("[role=gridcell][aria-label^=\"{start}\"]");
        let mut last = None;
        self.wait_for(&format!("the bar {start} to rest"), || {
            let place = self.find(&css)?.middle()?;
            let rests = last == Some((place.x, place.y));
            last = Some((place.x, place.y));
            Ok(rests.then_some(place))
        })
    }

    /// Zooms in, step by step, until a bar is wide enough to be there by its own name.
    pub fn zoom_until_bar(&self, start: &str) -> Result<Element> {
        let css = format!("[role=gridcell][aria-label^=\"{start}\"]");
        self.wait_for(&format!("the bar {start}"), || {
            let found = self.find_all(&css)?.into_iter().next();
            if found.is_none() {
                self.press("+")?;
            }
            Ok(found)
        })
    }

    /// Presses Tab until what has the focus fits the CSS selector; the way round by keyboard alone.
    pub fn tab_to(&self, css: &str) -> Result<()> {
        for _ in 0..TABS {
            if self.focus_fits(css)? {
                return Ok(());
            }
            self.press("Tab")?;
        }
        bail!("{TABS} times Tab did not reach {css}")
    }

    /// Presses Tab until a button that shows this text has the focus.
    pub fn tab_to_button(&self, text: &str) -> Result<()> {
        for _ in 0..TABS {
            let focused = self.focused()?;
            if focused.text()?.contains(text) && self.focus_fits("button, [role=button]")? {
                return Ok(());
            }
            self.press("Tab")?;
        }
        bail!("{TABS} times Tab did not reach the button '{text}'")
    }

    /// Presses Tab until what has the focus is named so, as a radio button is.
    pub fn tab_to_one_named(&self, names: &[&str]) -> Result<()> {
        for _ in 0..TABS {
            if names.contains(&self.focused()?.name()?.as_str()) {
                return Ok(());
            }
            self.press("Tab")?;
        }
        bail!("{TABS} times Tab did not reach any of {names:?}")
    }

    fn focus_fits(&self, css: &str) -> Result<bool> {
        let fits = self.script(
            "return document.activeElement.matches(arguments[0])",
            &[json!(css)],
        )?;
        Ok(fits == json!(true))
    }
}
