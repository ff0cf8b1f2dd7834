//! One element of the page.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use super::pointer::Point;
use super::protocol::{ELEMENT, Session};

/// How long an element may be off, moving or covered before a click on it is given up.
const READY_TO_CLICK: Duration = Duration::from_secs(15);
/// How often it is tried meanwhile.
const BEAT: Duration = Duration::from_millis(40);

/// What the driver says of an element that a person would wait for: something still lies over it (a list on its way
/// out), it has just been drawn anew, or it has not come to rest.
const NOT_YET: [&str; 4] = [
    "element click intercepted",
    "stale element reference",
    "element not interactable",
    "no such element",
];

/// How an element was found, to find it again when the page has drawn it anew.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The CSS selector.
    pub css: String,
    /// The text that it must show, or an empty one.
    pub text: String,
}

/// An element, valid as long as the page keeps it.
#[derive(Debug, Clone)]
pub struct Element {
    session: Session,
    id: String,
    origin: Option<Origin>,
}

impl Element {
    pub(super) fn of(session: &Session, value: &Value) -> Result<Self> {
        let id = value[ELEMENT]
            .as_str()
            .ok_or_else(|| anyhow!("the driver named no element: {value}"))?;
        Ok(Self {
            session: session.clone(),
            id: id.to_owned(),
            origin: None,
        })
    }

    /// The same element, which knows how it was found.
    #[must_use]
    pub(super) fn found_by(mut self, css: &str, text: &str) -> Self {
        self.origin = Some(Origin {
            css: css.to_owned(),
            text: text.to_owned(),
        });
        self
    }

    /// As an argument of a script.
    pub fn as_argument(&self) -> Value {
        json!({ ELEMENT: self.id })
    }

    /// A real click in its middle. Like a person, it waits while the element is off, or while something on its way out
    /// lies over it, and takes its successor when the page has drawn it anew.
    pub fn click(&self) -> Result<()> {
        let start = Instant::now();
        let mut element = self.clone();
        loop {
            let outcome = element.click_when_on();
            let Err(error) = outcome else { return Ok(()) };
            let text = format!("{error:#}");
            if start.elapsed() > READY_TO_CLICK || !NOT_YET.iter().any(|word| text.contains(word)) {
                return Err(error.context(format!("clicking {:?}", self.origin)));
            }
            std::thread::sleep(BEAT);
            if let Some(again) = self.find_again()? {
                element = again;
            }
        }
    }

    /// Clicks, unless it is off: the driver would click all the same, and nothing would happen.
    fn click_when_on(&self) -> Result<()> {
        let body = "const one = arguments[0].closest('button, input, [role]') ?? arguments[0];
            return one.disabled === true || one.getAttribute('aria-disabled') === 'true';";
        let request = json!({ "script": body, "args": [self.as_argument()] });
        if self.session.post("execute/sync", &request)? == true {
            return Err(anyhow!("element not interactable: it is off"));
        }
        self.post("click", &json!({})).map(|_| ())
    }

    fn find_again(&self) -> Result<Option<Self>> {
        let Some(Origin { css, text }) = &self.origin else {
            return Ok(None);
        };
        let request = json!({ "using": "css selector", "value": css });
        let found = self.session.post("elements", &request)?;
        for value in found.as_array().into_iter().flatten() {
            let element = Self::of(&self.session, value)?.found_by(css, text);
            if element.text().is_ok_and(|shown| shown.contains(text.as_str())) && element.is_shown()? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// The text that it shows. (The driver's own reading leaves out what lies in a select's button.)
    pub fn text(&self) -> Result<String> {
        let request = json!({ "script": "return arguments[0].innerText", "args": [self.as_argument()] });
        let text = self.session.post("execute/sync", &request)?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Its name for assistive technology, as WebKit computes it.
    pub fn name(&self) -> Result<String> {
        self.string("computedlabel")
    }

    /// Its role for assistive technology, as WebKit computes it.
    pub fn role(&self) -> Result<String> {
        self.string("computedrole")
    }

    /// One of its attributes.
    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        Ok(self
            .get(&format!("attribute/{name}"))?
            .as_str()
            .map(str::to_owned))
    }

    /// Whether a person could see it.
    pub fn is_shown(&self) -> Result<bool> {
        Ok(self.get("displayed")?.as_bool().unwrap_or(false))
    }

    /// Whether it can be used.
    pub fn is_enabled(&self) -> Result<bool> {
        Ok(self.get("enabled")?.as_bool().unwrap_or(false))
    }

    /// Empties a field and types into it, key by key.
    pub fn fill(&self, text: &str) -> Result<()> {
        // What is selected is overwritten. (The driver's own "clear" goes by a page that keeps the value itself.)
        let body = "arguments[0].focus(); arguments[0].select();";
        let select = json!({ "script": body, "args": [self.as_argument()] });
        self.session.post("execute/sync", &select)?;
        let keys = match text {
            "" => "\u{E003}".to_owned(),
            text => text.replace('\n', "\u{E006}"),
        };
        self.post("value", &json!({ "text": keys })).map(|_| ())
    }

    /// Its middle, in the window. (The driver itself has no place for what lies under something else.)
    pub fn middle(&self) -> Result<Point> {
        let body = "const box = arguments[0].getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];";
        let request = json!({ "script": body, "args": [self.as_argument()] });
        let place = self.session.post("execute/sync", &request)?;
        let side = |at: usize| place[at].as_f64().with_context(|| format!("no place: {place}"));
        Ok(Point {
            x: side(0)?,
            y: side(1)?,
        })
    }

    fn string(&self, path: &str) -> Result<String> {
        Ok(self.get(path)?.as_str().unwrap_or_default().to_owned())
    }

    fn get(&self, path: &str) -> Result<Value> {
        self.session.get(&format!("element/{}/{path}", self.id))
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.session.post(&format!("element/{}/{path}", self.id), body)
    }
}
