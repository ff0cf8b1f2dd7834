//! A double of an API server for tests: a function from requests to answers, under an ordinary `kube` client.
//!
//! It only stands for what a real one can't be brought to do on demand: answering 429, breaking off, never answering.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt as _, StreamBody, combinators::UnsyncBoxBody};
use kube::Client;
use kube::client::Body;
use tokio::sync::mpsc;
use tower::BoxError;

use crate::client::Clients;

/// What a double answers.
pub(crate) enum Answer {
    /// A status, headers and a body.
    Whole(u16, Vec<(&'static str, String)>, String),
    /// Lines as they come; the stream ends when the sender is dropped.
    Lines(mpsc::UnboundedReceiver<String>),
    /// A body that breaks off with an error.
    Broken(String),
    /// A connection that can't be made.
    Error(std::io::ErrorKind),
    /// Nothing, ever.
    Never,
}

impl Answer {
    pub(crate) fn json(value: serde_json::Value) -> Self {
        Self::Whole(200, Vec::new(), value.to_string())
    }

    pub(crate) fn status(code: u16, reason: &str, message: &str) -> Self {
        let body = serde_json::json!({
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code
        });
        Self::Whole(code, Vec::new(), body.to_string())
    }
}

/// A request as the double saw it: path with query, what it accepts, its body.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) target: String,
    pub(crate) accept: String,
    pub(crate) body: String,
}

/// The double, with all requests that came.
#[derive(Clone)]
pub(crate) struct Double {
    pub(crate) seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<dyn Fn(&Seen) -> Answer + Send + Sync>,
}

impl Double {
    pub(crate) fn new(answer: impl Fn(&Seen) -> Answer + Send + Sync + 'static) -> Self {
        Self {
            seen: Arc::default(),
            answer: Arc::new(answer),
        }
    }

    pub(crate) fn clients(&self) -> Clients {
        Clients::over("double", |_| self.client())
    }

    pub(crate) fn requests(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn client(&self) -> Client {
        let own = self.clone();
        let service = tower::service_fn(move |request: Request<Body>| {
            let own = own.clone();
            async move { own.handle(request).await }
        });
        Client::new(service, "default")
    }

    async fn handle(
        &self,
        request: Request<Body>,
    ) -> Result<Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError> {
        let (parts, body) = request.into_parts();
        let bytes = body.collect().await?.to_bytes();
        let header = |name| {
            parts
                .headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let seen = Seen {
            target: parts
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default(),
            accept: header(http::header::ACCEPT).to_owned(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        };
        self.seen.lock().unwrap().push(seen.clone());
        match (self.answer)(&seen) {
            Answer::Whole(code, headers, text) => {
                let mut response = Response::builder().status(StatusCode::from_u16(code).unwrap());
                for (name, value) in headers {
                    response = response.header(name, value);
                }
                let body = http_body_util::Full::from(text)
                    .map_err(|never| match never {})
                    .boxed_unsync();
                Ok(response.body(body).unwrap())
            }
            Answer::Lines(lines) => Ok(Response::new(streamed(lines, None))),
            Answer::Broken(text) => {
                let (sender, lines) = mpsc::unbounded_channel();
                sender.send(text).unwrap();
                Ok(Response::new(streamed(lines, Some("connection reset"))))
            }
            Answer::Error(kind) => Err(std::io::Error::from(kind).into()),
            Answer::Never => std::future::pending().await,
        }
    }
}

fn streamed(
    lines: mpsc::UnboundedReceiver<String>,
    end: Option<&'static str>,
) -> UnsyncBoxBody<Bytes, BoxError> {
    let frames = futures::stream::unfold((lines, end), |(mut lines, end)| async move {
        match lines.recv().await {
            Some(line) => Some((Ok(http_body::Frame::data(Bytes::from(line))), (lines, end))),
            None => end.map(|error| (Err(BoxError::from(error)), (lines, None))),
        }
    });
    StreamBody::new(frames).boxed_unsync()
}
