//! The languages' own tools. They are named when they are missing or too old, never installed behind one's back.

use anyhow::{Result, bail};

use crate::process;

/// `(major, minor)` of a tool's version.
type Version = (u32, u32);

/// Node 20.19 is the least that Vite 8 starts on.
const NODE: Version = (20, 19);
/// The Kubernetes modules that the tests build need Go 1.26.
const GO: Version = (1, 26);

/// Node and npm, for the window.
pub fn node() -> Result<()> {
    let hint =
        "curl -fsSL https://deb.nodesource.com/setup_22.x | sudo -E bash - && sudo apt-get install -y nodejs";
    check("Node", &["node", "--version"], NODE, hint)?;
    check("npm", &["npm", "--version"], (9, 0), hint)
}

/// Go, for the control plane of the tests.
pub fn go() -> Result<()> {
    let hint = "curl -fsSL https://go.dev/dl/go1.26.0.linux-amd64.tar.gz | sudo tar -C /usr/local -xz && \
                export PATH=$PATH:/usr/local/go/bin";
    check("Go", &["go", "version"], GO, hint)
}

fn check(name: &str, ask: &[&str; 2], least: Version, hint: &str) -> Result<()> {
    judge(name, process::answer(ask[0], &ask[1..]), least, hint)
}

/// Whether what a tool answered is enough; `None` is a tool that is not there. What to do is said with the refusal.
fn judge(name: &str, answer: Option<String>, least: Version, hint: &str) -> Result<()> {
    let (major, minor) = least;
    match answer.as_deref().map(parse) {
        Some(Some(found)) if found >= least => Ok(()),
        Some(_) => bail!(
            "{name} here says '{}'; {major}.{minor} or newer is needed. Install it, for example:\n  {hint}",
            answer.unwrap_or_default()
        ),
        None => {
            bail!("{name} is missing; {major}.{minor} or newer is needed. Install it, for example:\n  {hint}")
        }
    }
}

/// The first `N.N` in a tool's answer: `v20.20.2`, `go version go1.26.8 linux/amd64`, `10.8.2`.
fn parse(answer: &str) -> Option<Version> {
    let start = answer.find(|letter: char| letter.is_ascii_digit())?;
    let mut parts = answer[start..].split(|letter: char| !letter.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{judge, parse};

    fn refusal(answer: Option<&str>) -> Option<String> {
        let outcome = judge(
            "Go",
            answer.map(str::to_owned),
            (1, 26),
            "curl -fsSL https://go.dev",
        );
        outcome.err().map(|error| error.to_string())
    }

    #[test]
    fn a_missing_or_old_tool_is_named_with_the_command_that_installs_it() {
        assert_eq!(refusal(Some("go version go1.26.8 linux/amd64")), None, "enough");
        assert_eq!(refusal(Some("go version go2.0 linux/amd64")), None, "newer");
        for (answer, says) in [
            (None, "Go is missing; 1.26 or newer is needed"),
            (
                Some("go version go1.19.8 linux/amd64"),
                "go1.19.8 linux/amd64'; 1.26 or newer is needed",
            ),
            (Some("no version at all"), "says 'no version at all'"),
        ] {
            let refusal = refusal(answer).unwrap_or_default();
            assert!(refusal.contains(says), "{answer:?}: {refusal}");
            assert!(
                refusal.contains("curl -fsSL https://go.dev"),
                "how to install it: {refusal}"
            );
        }
    }

    #[test]
    fn versions_are_read_as_the_tools_write_them() {
        assert_eq!(parse("v20.20.2"), Some((20, 20)), "node --version");
        assert_eq!(
            parse("go version go1.26.8 linux/amd64"),
            Some((1, 26)),
            "go version"
        );
        assert_eq!(parse("11.19.1"), Some((11, 19)), "npm --version");
        assert_eq!(parse("devel"), None, "what has no version is no version");
    }
}
