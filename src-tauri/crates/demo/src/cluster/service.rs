//! The demo cluster as a `tower::Service` of HTTP requests: what an ordinary `kube::Client` stands on.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::StreamExt;
use http::header::{CONTENT_TYPE, DATE, HeaderValue, RETRY_AFTER};
use http::{Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use kube::client::Body;
use serde_json::Value;

use super::Inner;
use super::access::Account;
use super::faults::Fault;
use super::handler::{self, Reply};
use super::request::{Request, parse_query};
use super::status::{Refusal, RefusalBody};

type Error = Box<dyn std::error::Error + Send + Sync>;
type Answer = Response<UnsyncBoxBody<Bytes, Error>>;

/// The connection was broken, as a fault asked for.
#[derive(Debug, thiserror::Error)]
#[error("connection reset by peer (the demo cluster was told to)")]
pub(crate) struct ConnectionReset;

/// The cluster, as one account reaches it.
#[derive(Clone)]
pub(crate) struct ApiService {
    pub inner: Arc<Inner>,
    pub account: Arc<Account>,
}

impl tower::Service<http::Request<Body>> for ApiService {
    type Response = Answer;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let service = self.clone();
        Box::pin(async move { service.answer(request).await })
    }
}

impl ApiService {
    async fn answer(&self, request: http::Request<Body>) -> Result<Answer, Error> {
        let (parts, body) = request.into_parts();
        let header = |name: &str| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or("")
                .to_owned()
        };
        let query = parts.uri.query().unwrap_or("").to_owned();
        let request = Request {
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: parse_query(&query),
            content: header("content-type"),
            accept: header("accept"),
            agent: header("user-agent"),
            body: body.collect_bytes().await?.to_vec(),
        };
        match self.inner.faults.meet(&request, &query) {
            None => Ok(self.carry_out(&request, None)),
            Some(fault) => self.fail(&request, fault).await,
        }
    }

    async fn fail(&self, request: &Request, fault: Fault) -> Result<Answer, Error> {
        match fault {
            Fault::Refuse { status, retry_after } => Ok(self.refuse(scripted(status, retry_after))),
            Fault::ApplyThenAnswer { status } => {
                drop(self.carry_out(request, None));
                Ok(self.refuse(scripted(status, None)))
            }
            Fault::Hang => std::future::pending().await,
            Fault::ApplyThenHang => {
                drop(self.carry_out(request, None));
                std::future::pending().await
            }
            Fault::Truncate => {
                let (parts, body) = self.carry_out(request, None).into_parts();
                let whole = body.collect().await?.to_bytes();
                let half = whole.slice(..whole.len() / 2);
                Ok(Response::from_parts(parts, full(half)))
            }
            Fault::Reset => Err(Box::new(ConnectionReset)),
            Fault::ApplyThenReset => {
                drop(self.carry_out(request, None));
                Err(Box::new(ConnectionReset))
            }
            Fault::Delay(time) => {
                tokio::time::sleep(time).await;
                Ok(self.carry_out(request, None))
            }
            Fault::CutWatch(time) => Ok(self.carry_out(request, Some(time))),
            Fault::Expire => Ok(self.refuse(Refusal::expired(
                "The resourceVersion for the provided list is too old.",
            ))),
        }
    }

    fn carry_out(&self, request: &Request, cut: Option<std::time::Duration>) -> Answer {
        let before = self.inner.lock().revision();
        let reply = handler::handle(&self.inner, &self.account, request, cut);
        self.inner.announce(before);
        match reply {
            Ok(Reply::Object(code, object)) => self.object(code, &object),
            Ok(Reply::Text(text)) => self.respond(200, "text/plain", full(Bytes::from(text))),
            Ok(Reply::Watch(lines)) => {
                let frames = lines.map(|line| line.map(Frame::data).map_err(Error::from));
                self.respond(
                    200,
                    "application/json",
                    UnsyncBoxBody::new(StreamBody::new(frames)),
                )
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn object(&self, code: u16, object: &Value) -> Answer {
        self.respond(code, "application/json", full(Bytes::from(object.to_string())))
    }

    fn refuse(&self, refusal: Refusal) -> Answer {
        let mut answer = match &refusal.body {
            RefusalBody::Status(status) => self.object(refusal.code, status),
            RefusalBody::Text(text) => self.respond(
                refusal.code,
                "text/plain; charset=utf-8",
                full(Bytes::from(text.clone())),
            ),
        };
        if let Some(seconds) = refusal.retry_after {
            answer
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    fn respond(&self, code: u16, content: &'static str, body: UnsyncBoxBody<Bytes, Error>) -> Answer {
        let mut answer = Response::new(body);
        *answer.status_mut() = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        answer
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(content));
        let date = self.inner.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&date) {
            answer.headers_mut().insert(DATE, date);
        }
        answer
    }
}

fn full(bytes: Bytes) -> UnsyncBoxBody<Bytes, Error> {
    UnsyncBoxBody::new(Full::new(bytes).map_err(|never: Infallible| match never {}))
}

/// The `Status` that a server gives with that code when it says no more.
fn scripted(status: u16, retry_after: Option<u32>) -> Refusal {
    let (reason, message) = match status {
        401 => ("Unauthorized", "Unauthorized"),
        403 => ("Forbidden", "forbidden: the demo cluster was told to refuse"),
        404 => ("NotFound", "the server could not find the requested resource"),
        409 => (
            "Conflict",
            "Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again",
        ),
        410 => ("Expired", "The resourceVersion for the provided list is too old."),
        429 => ("TooManyRequests", "too many requests, please try again later"),
        500 => ("InternalError", "Internal error occurred"),
        503 => ("ServiceUnavailable", "apiserver is shutting down"),
        504 => (
            "Timeout",
            "Timeout: request did not complete within the allotted time",
        ),
        _ => ("", "the demo cluster was told to fail"),
    };
    let mut refusal = Refusal::status(status, reason, message, None);
    refusal.retry_after = retry_after;
    refusal
}
