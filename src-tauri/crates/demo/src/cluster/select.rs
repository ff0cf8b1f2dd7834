//! Label selectors and field selectors, as query words and as objects.

use serde_json::Value;

use super::json::{list, map, text};
use super::kinds::Kind;
use super::status::Refusal;

/// One requirement of a label selector.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Requirement {
    In(String, Vec<String>),
    NotIn(String, Vec<String>),
    Exists(String),
    Absent(String),
}

/// What a list or a watch asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    labels: Vec<Requirement>,
    fields: Vec<(String, String, bool)>,
}

impl Selection {
    /// Reads `labelSelector` and `fieldSelector` for objects of that kind.
    pub fn parse(kind: &Kind, labels: &str, fields: &str) -> Result<Self, Refusal> {
        Ok(Self {
            labels: parse_labels(labels)?,
            fields: parse_fields(kind, fields)?,
        })
    }

    /// Whether the object is asked for.
    pub fn takes(&self, object: &Value) -> bool {
        let labels = object.pointer("/metadata/labels").unwrap_or(&Value::Null);
        self.labels.iter().all(|requirement| requirement.holds(labels))
            && self
                .fields
                .iter()
                .all(|(path, wanted, equal)| (field(object, path) == *wanted) == *equal)
    }
}

impl Requirement {
    fn holds(&self, labels: &Value) -> bool {
        let value = |key: &str| labels.get(key).and_then(Value::as_str);
        match self {
            Self::In(key, words) => value(key).is_some_and(|there| words.iter().any(|word| word == there)),
            Self::NotIn(key, words) => value(key).is_none_or(|there| words.iter().all(|word| word != there)),
            Self::Exists(key) => value(key).is_some(),
            Self::Absent(key) => value(key).is_none(),
        }
    }
}

/// The fields that can be selected by stand in every object at their own path.
fn field(object: &Value, path: &str) -> String {
    let pointer = format!("/{}", path.replace('.', "/"));
    match object.pointer(&pointer) {
        Some(Value::String(word)) => word.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

fn parse_fields(kind: &Kind, words: &str) -> Result<Vec<(String, String, bool)>, Refusal> {
    let mut fields = Vec::new();
    for word in words.split(',').filter(|word| !word.is_empty()) {
        let (path, value, equal) = if let Some((path, value)) = word.split_once("!=") {
            (path, value, false)
        } else if let Some((path, value)) = word.split_once("==").or_else(|| word.split_once('=')) {
            (path, value, true)
        } else {
            return Err(Refusal::bad_request(format!(
                "unable to find field selector: invalid selector: '{words}'; can't understand '{word}'"
            )));
        };
        if !is_selectable(kind, path.trim()) {
            return Err(Refusal::bad_request(format!(
                "Unable to find \"{}, Resource={}\" that match label selector \"\", field selector \"{words}\": field label not supported: {}",
                kind.api_version(),
                kind.plural,
                path.trim()
            )));
        }
        fields.push((path.trim().to_owned(), value.trim().to_owned(), equal));
    }
    Ok(fields)
}

/// The fields that a list of that kind can be selected by, as the API server's conversions declare them.
fn is_selectable(kind: &Kind, path: &str) -> bool {
    if matches!(path, "metadata.name" | "metadata.namespace") {
        return true;
    }
    let about = |prefix: &str| {
        path.strip_prefix(prefix).is_some_and(|field| {
            matches!(
                field,
                "kind" | "namespace" | "name" | "uid" | "apiVersion" | "resourceVersion" | "fieldPath"
            )
        })
    };
    match kind.plural {
        "events" if kind.is_new_event() => {
            about("regarding.") || matches!(path, "reason" | "type" | "reportingController")
        }
        "events" => {
            about("involvedObject.") || matches!(path, "reason" | "type" | "reportingComponent" | "source")
        }
        "pods" => matches!(
            path,
            "spec.nodeName"
                | "spec.restartPolicy"
                | "spec.schedulerName"
                | "spec.serviceAccountName"
                | "spec.hostNetwork"
                | "status.phase"
                | "status.podIP"
                | "status.podIPs"
                | "status.nominatedNodeName"
        ),
        "secrets" => path == "type",
        "replicasets" => path == "status.replicas",
        "nodes" => path == "spec.unschedulable",
        "namespaces" => path == "status.phase",
        "jobs" => path == "status.successful",
        _ => false,
    }
}

fn parse_labels(words: &str) -> Result<Vec<Requirement>, Refusal> {
    split_outside_brackets(words)
        .into_iter()
        .map(|word| parse_label(word.trim()))
        .collect()
}

fn split_outside_brackets(words: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in words.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&words[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&words[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn parse_label(word: &str) -> Result<Requirement, Refusal> {
    let set = |words: &str| -> Vec<String> {
        words
            .trim_matches(['(', ')', ' '])
            .split(',')
            .map(|one| one.trim().to_owned())
            .collect()
    };
    let key = |word: &str| word.trim().to_owned();
    if let Some((name, words)) = word.split_once(" notin ") {
        return Ok(Requirement::NotIn(key(name), set(words)));
    }
    if let Some((name, words)) = word.split_once(" in ") {
        return Ok(Requirement::In(key(name), set(words)));
    }
    if let Some((name, value)) = word.split_once("!=") {
        return Ok(Requirement::NotIn(key(name), vec![key(value)]));
    }
    if let Some((name, value)) = word.split_once("==").or_else(|| word.split_once('=')) {
        return Ok(Requirement::In(key(name), vec![key(value)]));
    }
    if let Some(name) = word.strip_prefix('!') {
        return Ok(Requirement::Absent(key(name)));
    }
    if word.contains(char::is_whitespace) {
        return Err(Refusal::bad_request(format!(
            "unable to parse requirement: {word:?}"
        )));
    }
    Ok(Requirement::Exists(key(word)))
}

/// Whether labels match a `LabelSelector` object.
pub(crate) fn matches_selector(selector: &Value, labels: &Value) -> bool {
    let plain = map(selector, "/matchLabels")
        .is_none_or(|wanted| wanted.iter().all(|(key, value)| labels.get(key) == Some(value)));
    plain
        && list(selector, "/matchExpressions")
            .iter()
            .all(|expression| expression_holds(expression, labels))
}

fn expression_holds(expression: &Value, labels: &Value) -> bool {
    let key = text(expression, "/key").to_owned();
    let words: Vec<String> = list(expression, "/values")
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    match text(expression, "/operator") {
        "In" => Requirement::In(key, words),
        "NotIn" => Requirement::NotIn(key, words),
        "Exists" => Requirement::Exists(key),
        _ => Requirement::Absent(key),
    }
    .holds(labels)
}

/// Whether labels match the plain map that a Service selects by.
pub(crate) fn matches_map(selector: &Value, labels: &Value) -> bool {
    selector.as_object().is_some_and(|wanted| {
        !wanted.is_empty() && wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn label_words_mean_what_the_api_documentation_says() {
        let object = json!({"metadata": {"labels": {"app": "cart", "tier": "web"}}});
        for (words, expected) in [
            ("app=cart", true),
            ("app==cart,tier!=db", true),
            ("app in (cart, pay)", true),
            ("app notin (cart)", false),
            ("tier", true),
            ("!tier", false),
            ("!gone,app", true),
            ("", true),
        ] {
            let selection = Selection::parse(Kind::named("pods"), words, "").expect(words);
            assert_eq!(selection.takes(&object), expected, "{words}");
        }
    }

    #[test]
    fn field_words_compare_with_the_field_of_that_path() {
        let event = json!({"metadata": {"name": "e"}, "involvedObject": {"kind": "Pod", "uid": "u"}});
        let takes = |words| {
            Selection::parse(Kind::named("events"), "", words)
                .expect("it is well formed")
                .takes(&event)
        };
        assert!(takes("involvedObject.kind=Pod,involvedObject.uid=u"));
        assert!(!takes("involvedObject.kind=Node"));
        assert!(takes("involvedObject.kind!=Node"));
    }
}
