//! What containers write: lines that fit their image, their age and how they end.

use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use super::json::{list, name, number, text};
use super::pace::ImageBehaviour;
use super::request::Request;
use super::status::Refusal;

/// The log of a container of that pod, as the query asks for it.
pub(crate) fn read(
    pod: &Value,
    request: &Request,
    behaviour: impl Fn(&str) -> ImageBehaviour,
    now: DateTime<Utc>,
) -> Result<String, Refusal> {
    let container = choose(pod, request.parameter("container"))?;
    let called = text(container, "/name");
    let status = list(pod, "/status/containerStatuses")
        .iter()
        .find(|status| text(status, "/name") == called);
    let crashes = behaviour(text(container, "/image")) == ImageBehaviour::Crashes;
    let previous = request.flag("previous");
    let state = status.and_then(|status| status.get(if previous { "lastState" } else { "state" }));
    if previous && state.is_none_or(|state| state.get("terminated").is_none()) {
        return Err(Refusal::bad_request(format!(
            "previous terminated container {called:?} in pod {:?} not found",
            name(pod)
        )));
    }
    let waiting = state.map_or("ContainerCreating", |state| text(state, "/waiting/reason"));
    if !waiting.is_empty() && !crashes {
        let why = if matches!(waiting, "ImagePullBackOff" | "ErrImagePull") {
            "trying and failing to pull image"
        } else {
            waiting
        };
        return Err(Refusal::bad_request(format!(
            "container {called:?} in pod {:?} is waiting to start: {why}",
            name(pod)
        )));
    }
    let since = state
        .and_then(|state| {
            state
                .pointer("/running/startedAt")
                .or_else(|| state.pointer("/terminated/startedAt"))
        })
        .and_then(Value::as_str)
        .and_then(|time| time.parse().ok())
        .unwrap_or(now);
    let restarts = status.map_or(0, |status| number(status, "/restartCount"));
    let lines = lines(called, text(container, "/image"), since, now, crashes, restarts);
    Ok(shown(&lines, request, now))
}

fn choose<'p>(pod: &'p Value, wanted: &str) -> Result<&'p Value, Refusal> {
    let containers = list(pod, "/spec/containers");
    if !wanted.is_empty() {
        return containers
            .iter()
            .find(|container| text(container, "/name") == wanted)
            .ok_or_else(|| {
                Refusal::bad_request(format!("container {wanted} is not valid for pod {}", name(pod)))
            });
    }
    match containers {
        [one] => Ok(one),
        many => {
            let names: Vec<&str> = many.iter().map(|container| text(container, "/name")).collect();
            Err(Refusal::bad_request(format!(
                "a container name must be specified for pod {}, choose one of: [{}]",
                name(pod),
                names.join(" ")
            )))
        }
    }
}

type Line = (DateTime<Utc>, String);

fn lines(
    container: &str,
    image: &str,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    crashes: bool,
    restarts: i64,
) -> Vec<Line> {
    let version = image.rsplit_once(':').map_or("latest", |(_, tag)| tag);
    let at = |millis: i64| since + Duration::milliseconds(millis);
    let mut lines = vec![
        (
            at(4),
            format!("level=info msg=\"starting\" service={container} version={version} restarts={restarts}"),
        ),
        (
            at(38),
            "level=info msg=\"configuration read\" source=env".to_owned(),
        ),
    ];
    if crashes {
        lines.push((
            at(121),
            "level=info msg=\"connecting\" target=postgres:5432".to_owned(),
        ));
        lines.push((
            at(410),
            "level=error msg=\"schema is newer than this version\" want=57 found=58".to_owned(),
        ));
        lines.push((
            at(412),
            "panic: refusing to start: migration 58 is unknown".to_owned(),
        ));
        lines.push((
            at(412),
            format!("  at {container}::schema::check (src/schema.rs:88)"),
        ));
        lines.push((at(412), format!("  at {container}::main (src/main.rs:41)")));
        return lines;
    }
    lines.push((
        at(160),
        "level=info msg=\"listening\" address=0.0.0.0:8080".to_owned(),
    ));
    let quiet = Duration::seconds(15);
    let mut time = since + Duration::seconds(2);
    let first = now - quiet * 120;
    if time < first {
        time += quiet * i32::try_from((first - time).num_seconds() / quiet.num_seconds()).unwrap_or(0);
    }
    let mut turn = time.timestamp();
    while time < now {
        turn = turn.wrapping_mul(6_364_136_223).wrapping_add(1_442_695);
        let millis = (turn >> 7).rem_euclid(180) + 6;
        let path = ["/health", "/v1/status", "/v1/items", "/v1/items/42", "/metrics"]
            [usize::try_from((turn >> 3).rem_euclid(5)).unwrap_or(0)];
        lines.push((
            time,
            format!("level=info msg=\"request\" method=GET path={path} status=200 ms={millis}"),
        ));
        time += quiet;
    }
    lines
}

fn shown(lines: &[Line], request: &Request, now: DateTime<Utc>) -> String {
    let since = request
        .parameter("sinceSeconds")
        .parse::<i64>()
        .ok()
        .map(|seconds| now - Duration::seconds(seconds));
    let mut kept: Vec<&Line> = lines
        .iter()
        .filter(|(time, _)| since.is_none_or(|since| *time >= since))
        .collect();
    if let Ok(tail) = request.parameter("tailLines").parse::<usize>() {
        kept.drain(..kept.len().saturating_sub(tail));
    }
    let stamped = request.flag("timestamps");
    kept.into_iter()
        .map(|(time, line)| {
            let time = time.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true);
            if stamped {
                format!("{time} {line}\n")
            } else {
                format!("ts={time} {line}\n")
            }
        })
        .collect()
}
