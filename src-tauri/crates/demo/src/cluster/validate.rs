//! Validation of what people write: the part of the API server's rules that a broken template, a
//! wrong selector or a wrong number runs into, with its words in `details.causes`.

use serde_json::Value;

use super::json::{list, map, text};
use super::kinds::Kind;
use super::status::{Cause, Refusal};

/// Refuses an object that can't be; `before` is the live one on an update.
pub(crate) fn check(kind: &Kind, object: &Value, before: Option<&Value>) -> Result<(), Refusal> {
    decode(kind, object)?;
    let mut causes = Vec::new();
    match kind.kind {
        "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" => workload(object, before, &mut causes),
        "Pod" => pod(object, before, &mut causes),
        "ConfigMap" | "Secret" => immutable_data(object, before, &mut causes),
        _ => {}
    }
    if causes.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid(kind, text(object, "/metadata/name"), &causes))
    }
}

/// What can't be decoded at all is a 400, not a 422.
fn decode(kind: &Kind, object: &Value) -> Result<(), Refusal> {
    use k8s_openapi::api::{apps::v1 as apps, core::v1 as core};
    let decoded = match (kind.group, kind.kind) {
        ("apps", "Deployment") => apps_check::<apps::Deployment>(object),
        ("", "Pod") => apps_check::<core::Pod>(object),
        ("", "ConfigMap") => apps_check::<core::ConfigMap>(object),
        ("", "Secret") => apps_check::<core::Secret>(object),
        _ => Ok(()),
    };
    decoded.map_err(|why| {
        Refusal::bad_request(format!(
            "{} in version {:?} cannot be handled as a {}: json: {why}",
            kind.kind, kind.version, kind.kind
        ))
    })
}

fn apps_check<T: serde::de::DeserializeOwned>(object: &Value) -> Result<(), serde_json::Error> {
    use serde::de::IntoDeserializer;
    T::deserialize(object.into_deserializer()).map(drop)
}

fn workload(object: &Value, before: Option<&Value>, causes: &mut Vec<Cause>) {
    non_negative(object, "replicas", causes);
    non_negative(object, "minReadySeconds", causes);
    non_negative(object, "revisionHistoryLimit", causes);
    selector(object, before, causes);
    deadline(object, causes);
    if let Some(template) = object.pointer("/spec/template") {
        let spec = template.get("spec").cloned().unwrap_or(Value::Null);
        pod_spec(&spec, "spec.template.spec", causes);
        let policy = text(&spec, "/restartPolicy");
        if !policy.is_empty() && policy != "Always" {
            causes.push(Cause::unsupported(
                "spec.template.spec.restartPolicy",
                policy,
                &["Always"],
            ));
        }
    }
    strategy(object, causes);
}

fn non_negative(object: &Value, field: &str, causes: &mut Vec<Cause>) {
    if let Some(number) = object
        .pointer(&format!("/spec/{field}"))
        .filter(|value| value.as_i64().is_some_and(|n| n < 0))
    {
        causes.push(Cause::invalid(
            format!("spec.{field}"),
            number,
            "must be greater than or equal to 0",
        ));
    }
}

fn deadline(object: &Value, causes: &mut Vec<Cause>) {
    let Some(deadline) = object
        .pointer("/spec/progressDeadlineSeconds")
        .and_then(Value::as_i64)
    else {
        return;
    };
    let ready = object
        .pointer("/spec/minReadySeconds")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    if deadline <= ready {
        causes.push(Cause::invalid(
            "spec.progressDeadlineSeconds",
            &deadline.into(),
            "must be greater than minReadySeconds",
        ));
    }
}

fn selector(object: &Value, before: Option<&Value>, causes: &mut Vec<Cause>) {
    let Some(selector) = object
        .pointer("/spec/selector")
        .filter(|selector| selector.is_object())
    else {
        causes.push(Cause::required("spec.selector", ""));
        return;
    };
    if selector.as_object().is_none_or(serde_json::Map::is_empty) {
        causes.push(Cause::invalid(
            "spec.selector",
            selector,
            "empty selector is invalid for deployment",
        ));
    }
    if before.is_some_and(|before| before.pointer("/spec/selector") != Some(selector)) {
        causes.push(Cause::invalid("spec.selector", selector, "field is immutable"));
    }
    let labels = object
        .pointer("/spec/template/metadata/labels")
        .cloned()
        .unwrap_or(Value::Null);
    if !super::select::matches_selector(selector, &labels) {
        causes.push(Cause::invalid(
            "spec.template.metadata.labels",
            &labels,
            "`selector` does not match template `labels`",
        ));
    }
}

fn strategy(object: &Value, causes: &mut Vec<Cause>) {
    let kind = text(object, "/spec/strategy/type");
    if !matches!(kind, "" | "RollingUpdate" | "Recreate") {
        causes.push(Cause::unsupported(
            "spec.strategy.type",
            kind,
            &["Recreate", "RollingUpdate"],
        ));
    }
    if kind == "Recreate"
        && object
            .pointer("/spec/strategy/rollingUpdate")
            .is_some_and(|value| !value.is_null())
    {
        causes.push(Cause {
            reason: "FieldValueForbidden",
            message: "Forbidden: may not be specified when strategy `type` is 'Recreate'".into(),
            field: "spec.strategy.rollingUpdate".into(),
        });
    }
}

fn pod(object: &Value, before: Option<&Value>, causes: &mut Vec<Cause>) {
    if before.is_none() {
        pod_spec(object.get("spec").unwrap_or(&Value::Null), "spec", causes);
    }
}

fn pod_spec(spec: &Value, at: &str, causes: &mut Vec<Cause>) {
    let containers = list(spec, "/containers");
    if containers.is_empty() {
        causes.push(Cause::required(format!("{at}.containers"), ""));
    }
    let volumes: Vec<&str> = list(spec, "/volumes")
        .iter()
        .map(|volume| text(volume, "/name"))
        .collect();
    let mut names: Vec<&str> = Vec::new();
    for field in ["initContainers", "containers"] {
        for (place, one) in list(spec, &format!("/{field}")).iter().enumerate() {
            container(
                one,
                &format!("{at}.{field}[{place}]"),
                &volumes,
                &mut names,
                causes,
            );
        }
    }
    let policy = text(spec, "/restartPolicy");
    if !matches!(policy, "" | "Always" | "OnFailure" | "Never") {
        causes.push(Cause::unsupported(
            format!("{at}.restartPolicy"),
            policy,
            &["Always", "OnFailure", "Never"],
        ));
    }
}

fn container<'c>(
    one: &'c Value,
    at: &str,
    volumes: &[&str],
    names: &mut Vec<&'c str>,
    causes: &mut Vec<Cause>,
) {
    let name = text(one, "/name");
    if name.is_empty() {
        causes.push(Cause::required(format!("{at}.name"), ""));
    } else if names.contains(&name) {
        causes.push(Cause::duplicate(format!("{at}.name"), name));
    }
    names.push(name);
    let image = text(one, "/image");
    if image.is_empty() {
        causes.push(Cause::required(format!("{at}.image"), ""));
    } else if image.trim() != image {
        causes.push(Cause::invalid(
            format!("{at}.image"),
            &image.into(),
            "must not have leading or trailing whitespace",
        ));
    }
    let policy = text(one, "/imagePullPolicy");
    if !matches!(policy, "" | "Always" | "IfNotPresent" | "Never") {
        causes.push(Cause::unsupported(
            format!("{at}.imagePullPolicy"),
            policy,
            &["Always", "IfNotPresent", "Never"],
        ));
    }
    for (place, variable) in list(one, "/env").iter().enumerate() {
        if text(variable, "/name").is_empty() {
            causes.push(Cause::required(format!("{at}.env[{place}].name"), ""));
        }
    }
    for (place, mount) in list(one, "/volumeMounts").iter().enumerate() {
        let volume = text(mount, "/name");
        if !volumes.contains(&volume) {
            causes.push(Cause::not_found(
                format!("{at}.volumeMounts[{place}].name"),
                volume,
            ));
        }
    }
    for (place, port) in list(one, "/ports").iter().enumerate() {
        let number = port.get("containerPort").and_then(Value::as_i64).unwrap_or(0);
        if !(1..=65535).contains(&number) {
            let field = format!("{at}.ports[{place}].containerPort");
            causes.push(Cause::invalid(
                field,
                &number.into(),
                "must be between 1 and 65535, inclusive",
            ));
        }
    }
    resources(one, at, causes);
}

fn resources(one: &Value, at: &str, causes: &mut Vec<Cause>) {
    for (name, request) in map(one, "/resources/requests").into_iter().flatten() {
        let Some(limit) = one.pointer(&format!("/resources/limits/{}", name.replace('/', "~1"))) else {
            continue;
        };
        let (Some(asked), Some(most)) = (quantity(request), quantity(limit)) else {
            continue;
        };
        if asked > most {
            let word = limit.as_str().map_or_else(|| limit.to_string(), str::to_owned);
            causes.push(Cause::invalid(
                format!("{at}.resources.requests"),
                request,
                &format!("must be less than or equal to {name} limit of {word}"),
            ));
        }
    }
}

/// A Kubernetes quantity in its base unit.
fn quantity(value: &Value) -> Option<f64> {
    let word = match value {
        Value::String(word) => word.clone(),
        other => other.to_string(),
    };
    let split = word
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(word.len());
    let number: f64 = word[..split].parse().ok()?;
    let factor = match &word[split..] {
        "" => 1.0,
        "m" => 0.001,
        "k" => 1e3,
        "M" => 1e6,
        "G" => 1e9,
        "Ki" => 1024.0,
        "Mi" => 1024.0 * 1024.0,
        "Gi" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    Some(number * factor)
}

fn immutable_data(object: &Value, before: Option<&Value>, causes: &mut Vec<Cause>) {
    let Some(before) = before else { return };
    let locked = before.get("immutable").and_then(Value::as_bool) == Some(true);
    if locked
        && (before.get("data") != object.get("data") || object.get("immutable") != before.get("immutable"))
    {
        causes.push(Cause {
            reason: "FieldValueForbidden",
            message: "Forbidden: field is immutable when `immutable` is set".into(),
            field: "data".into(),
        });
    }
    if before.get("type").is_some() && before.get("type") != object.get("type") {
        let now = object.get("type").cloned().unwrap_or(Value::Null);
        causes.push(Cause::invalid("type", &now, "field is immutable"));
    }
}
