//! A request as the demo cluster reads it: which resource its path names, which verb it is, and what
//! its query and headers ask for.

use std::collections::BTreeMap;

use http::Method;
use serde_json::Value;

use super::kinds::Kind;
use super::status::Refusal;

/// A request whose body has been read.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: Method,
    pub path: String,
    pub query: BTreeMap<String, String>,
    /// `Content-Type`.
    pub content: String,
    /// `Accept`.
    pub accept: String,
    /// `User-Agent`.
    pub agent: String,
    pub body: Vec<u8>,
}

/// What the path of a request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub kind: &'static Kind,
    /// Empty: cluster-wide, or all namespaces.
    pub namespace: String,
    /// Empty: the collection.
    pub name: String,
    /// `log`, `scale`, `status`, or empty.
    pub subresource: String,
}

/// The form in which an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Whole objects.
    Whole,
    /// `PartialObjectMetadata`.
    Metadata,
}

impl Request {
    /// A query parameter, or an empty word.
    pub fn parameter(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }

    /// A query parameter that is on or off.
    pub fn flag(&self, key: &str) -> bool {
        matches!(self.parameter(key), "true" | "1")
    }

    /// The form that `Accept` asks for.
    pub fn form(&self) -> Form {
        if self.accept.contains("as=PartialObjectMetadata") {
            Form::Metadata
        } else {
            Form::Whole
        }
    }

    /// `fieldManager`, else what stands before the slash in the user agent.
    pub fn manager(&self) -> String {
        let named = self.parameter("fieldManager");
        if !named.is_empty() {
            return named.to_owned();
        }
        let agent = self.agent.split(['/', ' ']).next().unwrap_or("");
        if agent.is_empty() {
            "unknown".to_owned()
        } else {
            agent.to_owned()
        }
    }

    /// The body as one JSON or YAML map; an empty body is an empty map.
    pub fn object(&self) -> Result<Value, Refusal> {
        if self.body.is_empty() {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        let value: Result<Value, String> = if self.content.contains("yaml") {
            serde_yaml_ng::from_slice(&self.body).map_err(|error| error.to_string())
        } else {
            serde_json::from_slice(&self.body).map_err(|error| error.to_string())
        };
        match value {
            Ok(value) if value.is_object() => Ok(value),
            Ok(_) => Err(Refusal::bad_request(
                "the object provided is unrecognized (must be of type map)",
            )),
            Err(why) => Err(Refusal::bad_request(format!(
                "the object provided is unrecognized (must be of type map): couldn't get version/kind; json parse error: {why}"
            ))),
        }
    }

    /// Whether the write is only tried.
    pub fn dry_run(&self, options: &Value) -> Result<bool, Refusal> {
        let word = self.parameter("dryRun");
        let in_body = options
            .get("dryRun")
            .and_then(Value::as_array)
            .is_some_and(|words| !words.is_empty());
        match word {
            "" => Ok(in_body),
            "All" => Ok(true),
            other => Err(Refusal::status(
                422,
                "Invalid",
                format!(
                    "PatchOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: {other:?}: supported values: \"All\""
                ),
                None,
            )),
        }
    }

    /// The verb as access rules name it.
    pub fn verb(&self, target: &Target) -> &'static str {
        match self.method {
            Method::GET if self.flag("watch") => "watch",
            Method::GET if target.name.is_empty() => "list",
            Method::GET => "get",
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE if target.name.is_empty() => "deletecollection",
            Method::DELETE => "delete",
            _ => "",
        }
    }

    /// The resource that the path names, or `None` for discovery and the like.
    pub fn target(&self, argo_cd: bool) -> Option<Target> {
        let parts: Vec<&str> = self.path.split('/').filter(|part| !part.is_empty()).collect();
        let (group, version, rest) = match parts.as_slice() {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return None,
        };
        let (namespace, plural, rest) = match rest {
            ["namespaces", space, plural, rest @ ..] if !matches!(*plural, "status" | "finalize") => {
                (*space, *plural, rest)
            }
            [plural, rest @ ..] => ("", *plural, rest),
            [] => return None,
        };
        let kind = Kind::find(group, version, plural).filter(|kind| argo_cd || !kind.custom)?;
        let word = |place: usize| rest.get(place).map(|part| (*part).to_owned()).unwrap_or_default();
        Some(Target {
            kind,
            namespace: namespace.to_owned(),
            name: word(0),
            subresource: word(1),
        })
    }
}

/// Reads a query string.
pub(crate) fn parse_query(query: &str) -> BTreeMap<String, String> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        })
        .collect()
}

fn decode(word: &str) -> String {
    let mut bytes = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = if *first == b'%' {
            tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok())
        } else {
            None
        };
        if let Some(byte) = escaped.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
            continue;
        }
        bytes.push(if *first == b'+' { b' ' } else { *first });
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str) -> Request {
        Request {
            method: Method::GET,
            path: path.into(),
            query: BTreeMap::new(),
            content: String::new(),
            accept: String::new(),
            agent: "kubectl/v1.36.3 (linux/amd64)".into(),
            body: Vec::new(),
        }
    }

    #[test]
    fn paths_name_the_resource_as_the_api_conventions_say() {
        for (path, plural, namespace, name, subresource) in [
            ("/api/v1/namespaces", "namespaces", "", "", ""),
            ("/api/v1/namespaces/shop", "namespaces", "", "shop", ""),
            (
                "/api/v1/namespaces/shop/status",
                "namespaces",
                "",
                "shop",
                "status",
            ),
            ("/api/v1/namespaces/shop/pods/p/log", "pods", "shop", "p", "log"),
            ("/apis/apps/v1/deployments", "deployments", "", "", ""),
            (
                "/apis/apps/v1/namespaces/shop/deployments/d/scale",
                "deployments",
                "shop",
                "d",
                "scale",
            ),
        ] {
            let target = request(path).target(true).expect(path);
            assert_eq!(
                (
                    target.kind.plural,
                    target.namespace.as_str(),
                    target.name.as_str(),
                    target.subresource.as_str()
                ),
                (plural, namespace, name, subresource),
                "{path}"
            );
        }
        assert_eq!(request("/apis/argoproj.io/v1alpha1/rollouts").target(true), None);
        assert_eq!(
            request("/apis/argoproj.io/v1alpha1/applications").target(false),
            None
        );
    }

    #[test]
    fn a_query_is_decoded_and_the_manager_falls_back_to_the_user_agent() {
        let query = parse_query("labelSelector=app%3Dcart%2Ctier+in&watch=true");
        assert_eq!(query["labelSelector"], "app=cart,tier in");
        assert_eq!(request("/").manager(), "kubectl");
    }
}
