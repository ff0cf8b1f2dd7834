//! The limits around each client: time, tries, size, and what it may do at all.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::Utc;
use http::{Method, Request, Response, StatusCode, request};
use http_body_util::BodyExt as _;
use kube::Client;
use kube::client::Body;
use tokio::time::{Instant, timeout};
use tower::{BoxError, service_fn};

use super::clock::Clock;
use super::{MUTATE_TIMEOUT, READ_TIMEOUT};
use crate::error::LayerError;

const TRIES: u32 = 3;

/// The first pause between two tries; it doubles, and a part of it is left to chance.
const PAUSE: Duration = Duration::from_millis(200);

/// No answer that we ask for comes near: lists come in pages.
const LARGEST_ANSWER: usize = 64 << 20;

/// For watches: only the clock is looked at.
pub(super) fn watching(inner: Client, clock: Arc<Clock>) -> Client {
    wrap(inner, move |inner, request| {
        let clock = clock.clone();
        async move { send(&inner, &clock, request).await }
    })
}

/// For changes: one try, within a time.
pub(super) fn mutating(inner: Client, clock: Arc<Clock>) -> Client {
    wrap(inner, move |inner, request| {
        let clock = clock.clone();
        async move {
            let answer = async {
                let (parts, body) = send(&inner, &clock, request).await?.into_parts();
                Ok(Response::from_parts(parts, Body::from(collect(body).await?)))
            };
            timeout(MUTATE_TIMEOUT, answer)
                .await
                .map_err(|_| LayerError::TimedOut(MUTATE_TIMEOUT))?
        }
    })
}

/// For reading: several tries within a time, the whole answer included; nothing that writes.
pub(super) fn reading(inner: Client, clock: Arc<Clock>) -> Client {
    wrap(inner, move |inner, request| {
        let clock = clock.clone();
        async move {
            if !only_reads(&request) {
                return Err(LayerError::WouldWrite {
                    method: request.method().to_string(),
                    path: request.uri().path().to_owned(),
                }
                .into());
            }
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let deadline = Instant::now() + READ_TIMEOUT;
            timeout(READ_TIMEOUT, tries(&inner, &clock, &parts, &body, deadline))
                .await
                .map_err(|_| LayerError::TimedOut(READ_TIMEOUT))?
        }
    })
}

fn wrap<F, A>(inner: Client, handle: F) -> Client
where
    F: Fn(Client, Request<Body>) -> A + Send + 'static,
    A: Future<Output = Result<Response<Body>, BoxError>> + Send + 'static,
{
    let namespace = inner.default_namespace().to_owned();
    Client::new(
        service_fn(move |request| handle(inner.clone(), request)),
        namespace,
    )
}

/// Reads, and the reviews, which are POSTs that store nothing.
fn only_reads(request: &Request<Body>) -> bool {
    let path = request.uri().path();
    match *request.method() {
        Method::GET | Method::HEAD => true,
        Method::POST => {
            path.starts_with("/apis/authorization.k8s.io/")
                || path.starts_with("/apis/authentication.k8s.io/")
        }
        _ => false,
    }
}

async fn tries(
    inner: &Client,
    clock: &Clock,
    parts: &request::Parts,
    body: &Bytes,
    deadline: Instant,
) -> Result<Response<Body>, BoxError> {
    let mut pause = PAUSE;
    for left in (0..TRIES).rev() {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let tried = attempt(inner, clock, request).await;
        let wait = match &tried {
            Ok(answer) if is_passing(answer.status()) => {
                retry_after(answer).unwrap_or_else(|| with_chance(pause))
            }
            Err(error) if is_passing_error(&**error) => with_chance(pause),
            Ok(_) | Err(_) => return tried,
        };
        if left == 0 || Instant::now() + wait >= deadline {
            return tried;
        }
        tokio::time::sleep(wait).await;
        pause *= 2;
    }
    unreachable!("because the last of the tries returns")
}

async fn attempt(inner: &Client, clock: &Clock, request: Request<Body>) -> Result<Response<Body>, BoxError> {
    let (parts, body) = send(inner, clock, request).await?.into_parts();
    Ok(Response::from_parts(parts, Body::from(collect(body).await?)))
}

async fn send(inner: &Client, clock: &Clock, request: Request<Body>) -> Result<Response<Body>, BoxError> {
    let sent = Utc::now();
    let response = inner.send(request).await?;
    clock.note(response.headers(), sent, Utc::now());
    Ok(response)
}

/// The whole body, within the limit.
async fn collect(mut body: Body) -> Result<Bytes, LayerError> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| LayerError::BrokenOff(error.to_string()))?;
        if let Some(data) = frame.data_ref() {
            if bytes.len() + data.len() > LARGEST_ANSWER {
                return Err(LayerError::TooLarge {
                    limit: LARGEST_ANSWER,
                });
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes.freeze())
}

fn is_passing(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT
    )
}

/// A broken connection may come back; a certificate or a plugin does not become right by asking again.
fn is_passing_error(error: &(dyn std::error::Error + 'static)) -> bool {
    if let Some(layer) = error.downcast_ref::<LayerError>() {
        return matches!(layer, LayerError::BrokenOff(_));
    }
    match error.downcast_ref::<kube::Error>() {
        Some(kube::Error::Service(inner)) => !inner.is::<LayerError>() && !crate::error::is_tls(&**inner),
        Some(kube::Error::HyperError(inner)) => !crate::error::is_tls(inner),
        Some(_) | None => false,
    }
}

/// `Retry-After` in seconds, as API servers send it.
fn retry_after(answer: &Response<Body>) -> Option<Duration> {
    let seconds = answer
        .headers()
        .get(http::header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

/// Between half of the pause and all of it, so that many clients do not come back at once.
fn with_chance(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.5..1.0))
}
