//! The names of the suites.

use anyhow::{Result, bail};

/// A part of the tests that can be asked for by name. The order is the one they run in: cheap failures first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// The window's types, lint and unit tests.
    Ui,
    /// Formatting, lints, unit tests, and the freshness of what is generated.
    Rust,
    /// The demo world.
    Demo,
    /// The real control plane.
    Cluster,
    /// The built app, driven as a person would.
    Desktop,
}

impl Suite {
    const ALL: [Self; 5] = [Self::Ui, Self::Rust, Self::Demo, Self::Cluster, Self::Desktop];

    fn name(self) -> &'static str {
        match self {
            Self::Ui => "ui",
            Self::Rust => "rust",
            Self::Demo => "demo",
            Self::Cluster => "cluster",
            Self::Desktop => "desktop",
        }
    }

    /// The suites named, in the order in which they run; all of them without a name.
    pub fn parse(names: &[String]) -> Result<Vec<Self>> {
        if let Some(odd) = names
            .iter()
            .find(|name| Self::ALL.iter().all(|suite| suite.name() != name.as_str()))
        {
            let known = Self::ALL.map(Self::name).join(", ");
            bail!("there is no suite '{odd}'; choose from: {known}");
        }
        let asked = |suite: &Self| names.is_empty() || names.iter().any(|name| name == suite.name());
        Ok(Self::ALL.into_iter().filter(asked).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Suite;

    #[test]
    fn no_name_means_all_and_an_unknown_one_is_refused() {
        assert_eq!(Suite::parse(&[]).unwrap().len(), 5, "all suites");
        let named = Suite::parse(&["demo".into(), "ui".into()]).unwrap();
        assert_eq!(
            named,
            [Suite::Ui, Suite::Demo],
            "cheap first, however they were named"
        );
        let refusal = Suite::parse(&["uii".into()]).unwrap_err().to_string();
        assert!(
            refusal.contains("'uii'"),
            "the refusal names what was wrong: {refusal}"
        );
    }
}
