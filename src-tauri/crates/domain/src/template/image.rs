//! Image references, taken apart: `registry/repository:tag@digest`.
//!
//! The grammar is the one of the distribution project. Lacks on purpose: the defaults of Docker Hub
//! (`docker.io/library/…`); what was written is kept as it was written.

use std::fmt;

/// The parts of an image reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ImageReference {
    /// The registry's host and port, if one is written.
    pub registry: Option<String>,
    /// The path of the repository without the registry: `harbor/payments`.
    pub repository: String,
    /// The tag, if one is written.
    pub tag: Option<String>,
    /// The digest, if one is written: `sha256:…`.
    pub digest: Option<String>,
}

/// A text that is no image reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no image reference: write registry/repository:tag or registry/repository@sha256:…")]
pub struct ImageReferenceError {
    /// The text.
    pub text: String,
}

impl ImageReference {
    /// Takes a reference apart.
    pub fn parse(text: &str) -> Result<Self, ImageReferenceError> {
        let error = || ImageReferenceError {
            text: text.to_owned(),
        };
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) if digest.contains(':') => (name, Some(digest.to_owned())),
            Some(_) => return Err(error()),
            None => (text, None),
        };
        let (name, tag) = split_tag(name);
        let (registry, repository) = split_registry(name);
        let valid = !repository.is_empty()
            && repository.split('/').all(is_component)
            && tag.as_deref().is_none_or(is_tag);
        if !valid {
            return Err(error());
        }
        Ok(Self {
            registry,
            repository: repository.to_owned(),
            tag,
            digest,
        })
    }

    /// The last segment of the repository: `payments` of `harbor/payments`.
    pub fn last_segment(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or(&self.repository)
    }

    /// Registry and repository without tag and digest.
    pub fn name(&self) -> String {
        match &self.registry {
            Some(registry) => format!("{registry}/{}", self.repository),
            None => self.repository.clone(),
        }
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

fn split_tag(name: &str) -> (&str, Option<String>) {
    match name.rsplit_once(':') {
        // A colon before the last slash belongs to the registry's port.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag.to_owned())),
        Some(_) | None => (name, None),
    }
}

fn split_registry(name: &str) -> (Option<String>, &str) {
    match name.split_once('/') {
        Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => {
            (Some(host.to_owned()), rest)
        }
        Some(_) | None => (None, name),
    }
}

fn is_component(part: &str) -> bool {
    !part.is_empty()
        && part
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte))
}

fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && !tag.starts_with(['.', '-'])
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart_as_the_distribution_grammar_says() {
        type Parts = (
            Option<&'static str>,
            &'static str,
            Option<&'static str>,
            Option<&'static str>,
        );
        let table: &[(&str, Parts)] = &[
            ("nginx", (None, "nginx", None, None)),
            ("nginx:1.27", (None, "nginx", Some("1.27"), None)),
            (
                "shop/payments:2.4.1",
                (None, "shop/payments", Some("2.4.1"), None),
            ),
            ("localhost/app", (Some("localhost"), "app", None, None)),
            ("localhost:5000/app", (Some("localhost:5000"), "app", None, None)),
            (
                "r.example:5000/a/b:v1",
                (Some("r.example:5000"), "a/b", Some("v1"), None),
            ),
            (
                "r.example/a@sha256:0f",
                (Some("r.example"), "a", None, Some("sha256:0f")),
            ),
            (
                "r.example/a:v1@sha256:0f",
                (Some("r.example"), "a", Some("v1"), Some("sha256:0f")),
            ),
        ];
        for (text, (registry, repository, tag, digest)) in table {
            let parsed = ImageReference::parse(text).unwrap();
            assert_eq!(
                (
                    parsed.registry.as_deref(),
                    &*parsed.repository,
                    parsed.tag.as_deref(),
                    parsed.digest.as_deref()
                ),
                (*registry, *repository, *tag, *digest),
                "{text}"
            );
            assert_eq!(parsed.to_string(), *text, "it is written back as it came");
        }
    }

    #[test]
    fn what_no_registry_would_take_is_refused() {
        for text in [
            "",
            "UPPER/case",
            "a b",
            "a:",
            "a:-x",
            "a@sha256",
            "r.example/",
            "a//b",
            "a:b:c",
        ] {
            assert!(ImageReference::parse(text).is_err(), "{text}");
        }
    }
}
