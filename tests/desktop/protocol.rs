//! The WebDriver protocol, as much of it as the tests use (W3C WebDriver, sections 8 to 17).
//!
//! A client of our own, because the ready-made ones turn on `serde_json/preserve_order`, which Cargo would then turn
//! on in the app under test too: it would no longer be the app that people get.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use ureq::Agent;

/// The name under which the protocol hands out elements.
pub const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// No single command may take longer; the longest one starts the app.
const LONGEST: Duration = Duration::from_secs(60);

/// An open session: one app, one window.
#[derive(Debug, Clone)]
pub struct Session {
    agent: Agent,
    address: String,
}

impl Session {
    /// Asks the driver at this port to start the program, and waits until it can be driven.
    pub fn open(port: u16, program: &str, arguments: &[String]) -> Result<Self> {
        let agent = agent();
        let base = format!("http://127.0.0.1:{port}/session");
        let browser = json!({ "binary": program, "args": arguments });
        let wanted = json!({ "capabilities": { "alwaysMatch": { "webkitgtk:browserOptions": browser } } });
        let answer = send(agent.post(&base), &wanted).context("the app could not be started for driving")?;
        let id = answer["sessionId"]
            .as_str()
            .ok_or_else(|| anyhow!("the driver named no session: {answer}"))?;
        Ok(Self {
            address: format!("{base}/{id}"),
            agent,
        })
    }

    /// A command that only reads.
    pub fn get(&self, path: &str) -> Result<Value> {
        let answer = self.agent.get(self.at(path)).call();
        value(
            answer.with_context(|| format!("asking the driver for {path}"))?,
            path,
        )
    }

    /// A command that does something.
    pub fn post(&self, path: &str, body: &Value) -> Result<Value> {
        send(self.agent.post(self.at(path)), body).with_context(|| format!("telling the driver to {path}"))
    }

    /// Ends the session; the driver ends the app.
    pub fn close(&self) -> Result<()> {
        let answer = self
            .agent
            .delete(&self.address)
            .call()
            .context("closing the session")?;
        value(answer, "session").map(|_| ())
    }

    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }
}

/// Whether a driver answers on this port.
pub fn answers(port: u16) -> bool {
    agent()
        .get(format!("http://127.0.0.1:{port}/status"))
        .call()
        .is_ok()
}

fn agent() -> Agent {
    let settings = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(LONGEST))
        .proxy(None);
    settings.build().new_agent()
}

fn send(request: ureq::RequestBuilder<ureq::typestate::WithBody>, body: &Value) -> Result<Value> {
    let answer = request.content_type("application/json").send(body.to_string())?;
    value(answer, "a command")
}

/// The protocol wraps each answer in `value`, and each error in `value.error` with a message.
fn value(mut answer: http::Response<ureq::Body>, what: &str) -> Result<Value> {
    let text = answer
        .body_mut()
        .with_config()
        .limit(64 * 1024 * 1024)
        .read_to_string()?;
    let mut body: Value =
        serde_json::from_str(&text).with_context(|| format!("no JSON for {what}: {text}"))?;
    let value = body["value"].take();
    match value["error"].as_str() {
        Some(error) => bail!("{error}: {}", value["message"].as_str().unwrap_or_default()),
        None => Ok(value),
    }
}
