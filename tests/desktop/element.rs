//! One element of the page.

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use super::pointer::Point;
use super::protocol::{ELEMENT, Session};

/// An element, valid as long as the page keeps it.
#[derive(Debug, Clone)]
pub struct Element {
    session: Session,
    id: String,
}

impl Element {
    pub(super) fn of(session: &Session, value: &Value) -> Result<Self> {
        let id = value[ELEMENT]
            .as_str()
            .ok_or_else(|| anyhow!("the driver named no element: {value}"))?;
        Ok(Self {
            session: session.clone(),
            id: id.to_owned(),
        })
    }

    /// As an argument of a script.
    pub fn as_argument(&self) -> Value {
        json!({ ELEMENT: self.id })
    }

    /// A real click in its middle, refused when something else lies over it.
    pub fn click(&self) -> Result<()> {
        self.post("click", &json!({})).map(|_| ())
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
        let keys = text.replace('\n', "\u{E006}");
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
