//! The `Status` objects that an API server answers when it refuses, word for word.

use serde_json::{Map, Value, json};

use super::kinds::Kind;

/// A refusal: the HTTP code and the `Status` object that goes with it.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// HTTP status code.
    pub code: u16,
    /// The `Status` object, or plain text where a real server has none.
    pub body: RefusalBody,
    /// Seconds for `Retry-After`.
    pub retry_after: Option<u32>,
}

/// What stands in the body of a refusal.
#[derive(Debug, Clone)]
pub(crate) enum RefusalBody {
    /// A `Status` object.
    Status(Value),
    /// Text, for a path that no group serves.
    Text(String),
}

/// One entry of `details.causes`.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    /// `FieldValueRequired` and so on.
    pub reason: &'static str,
    /// The message without the field in front.
    pub message: String,
    /// The path of the field.
    pub field: String,
}

impl Cause {
    /// The field is missing.
    pub fn required(field: impl Into<String>, why: &str) -> Self {
        let message = if why.is_empty() {
            "Required value".to_owned()
        } else {
            format!("Required value: {why}")
        };
        Self {
            reason: "FieldValueRequired",
            message,
            field: field.into(),
        }
    }

    /// The field has a value that can't be.
    pub fn invalid(field: impl Into<String>, value: &Value, why: &str) -> Self {
        Self {
            reason: "FieldValueInvalid",
            message: format!("Invalid value: {value}: {why}"),
            field: field.into(),
        }
    }

    /// The field names what the object lacks.
    pub fn not_found(field: impl Into<String>, value: &str) -> Self {
        Self {
            reason: "FieldValueNotFound",
            message: format!("Not found: {value:?}"),
            field: field.into(),
        }
    }

    /// A second one of what must be unique.
    pub fn duplicate(field: impl Into<String>, value: &str) -> Self {
        Self {
            reason: "FieldValueDuplicate",
            message: format!("Duplicate value: {value:?}"),
            field: field.into(),
        }
    }

    /// A word that is none of the allowed ones.
    pub fn unsupported(field: impl Into<String>, value: &str, allowed: &[&str]) -> Self {
        let words: Vec<String> = allowed.iter().map(|word| format!("{word:?}")).collect();
        Self {
            reason: "FieldValueNotSupported",
            message: format!(
                "Unsupported value: {value:?}: supported values: {}",
                words.join(", ")
            ),
            field: field.into(),
        }
    }
}

impl Refusal {
    /// A `Status` of that code, reason and message, with these details.
    pub fn status(code: u16, reason: &str, message: impl Into<String>, details: Option<Value>) -> Self {
        let mut body = Map::new();
        body.insert("kind".into(), "Status".into());
        body.insert("apiVersion".into(), "v1".into());
        body.insert("metadata".into(), json!({}));
        body.insert("status".into(), "Failure".into());
        body.insert("message".into(), message.into().into());
        if !reason.is_empty() {
            body.insert("reason".into(), reason.into());
        }
        if let Some(details) = details {
            body.insert("details".into(), details);
        }
        body.insert("code".into(), code.into());
        Self {
            code,
            body: RefusalBody::Status(Value::Object(body)),
            retry_after: None,
        }
    }

    /// The path belongs to no group that is served.
    pub fn no_such_path() -> Self {
        Self {
            code: 404,
            body: RefusalBody::Text("404 page not found\n".into()),
            retry_after: None,
        }
    }

    /// The object is not there.
    pub fn not_found(kind: &Kind, name: &str) -> Self {
        let message = format!("{} {name:?} not found", kind.resource());
        Self::status(404, "NotFound", message, Some(details(kind, name)))
    }

    /// The name is taken.
    pub fn already_exists(kind: &Kind, name: &str) -> Self {
        let message = format!("{} {name:?} already exists", kind.resource());
        Self::status(409, "AlreadyExists", message, Some(details(kind, name)))
    }

    /// The resourceVersion, or a precondition, is not the live one.
    pub fn conflict(kind: &Kind, name: &str, why: &str) -> Self {
        let message = format!(
            "Operation cannot be fulfilled on {} {name:?}: {why}",
            kind.resource()
        );
        Self::status(409, "Conflict", message, Some(details(kind, name)))
    }

    /// The resourceVersion that a write carries is stale.
    pub fn stale(kind: &Kind, name: &str) -> Self {
        Self::conflict(
            kind,
            name,
            "the object has been modified; please apply your changes to the latest version and try again",
        )
    }

    /// Validation found something: 422 with one cause for each.
    pub fn invalid(kind: &Kind, name: &str, causes: &[Cause]) -> Self {
        let lines: Vec<String> = causes
            .iter()
            .map(|cause| format!("{}: {}", cause.field, cause.message))
            .collect();
        let what = if let [one] = lines.as_slice() {
            one.clone()
        } else {
            format!("[{}]", lines.join(", "))
        };
        let list: Vec<Value> = causes
            .iter()
            .map(|cause| json!({"reason": cause.reason, "message": cause.message, "field": cause.field}))
            .collect();
        let mut details = json!({"name": name, "group": kind.group, "kind": kind.kind, "causes": list});
        if kind.group.is_empty() {
            remove(&mut details, "group");
        }
        let message = format!("{} {name:?} is invalid: {what}", kind.qualified());
        Self::status(422, "Invalid", message, Some(details))
    }

    /// A JSON patch that could not be carried out, a failed `test` among them.
    pub fn patch_refused() -> Self {
        Self::status(
            422,
            "Invalid",
            "the server rejected our request due to an error in our request",
            Some(json!({})),
        )
    }

    /// The request makes no sense.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::status(400, "BadRequest", message, None)
    }

    /// The account may not.
    pub fn forbidden(kind: &Kind, name: &str, why: &str) -> Self {
        let target = if name.is_empty() {
            String::new()
        } else {
            format!(" {name:?}")
        };
        let message = format!("{}{target} is forbidden: {why}", kind.resource());
        let mut details = details(kind, name);
        if name.is_empty() {
            remove(&mut details, "name");
        }
        Self::status(403, "Forbidden", message, Some(details))
    }

    /// What was asked for lies before what the server still knows.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::status(410, "Expired", message, None)
    }

    /// That verb is not served there.
    pub fn no_such_verb() -> Self {
        Self::status(
            405,
            "MethodNotAllowed",
            "the server does not allow this method on the requested resource",
            Some(json!({})),
        )
    }

    /// That form of a body is not read.
    pub fn unsupported_media(accepted: &str) -> Self {
        Self::status(
            415,
            "UnsupportedMediaType",
            format!(
                "the body of the request was in an unknown format - accepted media types include: {accepted}"
            ),
            None,
        )
    }
}

fn details(kind: &Kind, name: &str) -> Value {
    if kind.group.is_empty() {
        json!({"name": name, "kind": kind.plural})
    } else {
        json!({"name": name, "group": kind.group, "kind": kind.plural})
    }
}

fn remove(details: &mut Value, key: &str) {
    if let Some(map) = details.as_object_mut() {
        map.remove(key);
    }
}
