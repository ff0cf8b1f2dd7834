//! Following one resource in one scope: list, watch from there, resume, and list again when told to.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::ACCEPT;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::lines::{Lines, SILENCE, WATCH_SECONDS};
use super::list::{bad_answer, keep, list};
use super::pace::Pace;
use super::resource::Resource;
use super::{ClusterChange, Condition, Scope, Shared};
use crate::error::Error;
use crate::records::{Interner, RawMeta};

/// An API server that has just started refuses what it allows a few seconds later, when it has read its rules: so
/// many refusals in a row are waited out before they are believed, where it was allowed before.
const REFUSALS_OF_A_START: u32 = 5;

/// Silence for so long in the middle of a streaming list: this server does not do it.
const STREAMING_SILENCE: Duration = Duration::from_secs(10);

/// Why following has ended: this scope is not allowed. All other problems are waited out.
pub(super) struct NotAllowed(pub(super) Arc<Error>);

pub(super) struct Follow<R: Resource> {
    shared: Arc<Shared>,
    scope: Scope,
    interner: Interner,
    pace: Pace,
    heard: Option<DateTime<Utc>>,
    live: bool,
    resource: R,
}

/// How a stream of events ended.
enum End {
    /// Closed or cut: resume from here.
    Cut(String),
    /// Too old: list again, quietly.
    Gone,
    /// An error.
    Failed(Error),
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: Kind,
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Kind {
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}

/// A bookmark's object, or any other's metadata.
#[derive(Deserialize)]
struct Marked {
    metadata: RawMeta,
}

impl<R: Resource> Follow<R> {
    pub(super) fn new(resource: R, shared: Arc<Shared>, scope: Scope) -> Self {
        Self {
            shared,
            scope,
            interner: Interner::default(),
            pace: Pace::default(),
            heard: None,
            live: false,
            resource,
        }
    }

    /// Follows until it is not allowed; waits for the right in a single namespace.
    pub(super) async fn run(mut self) -> NotAllowed {
        let mut from = None;
        loop {
            let begun = Instant::now();
            let end = match self.go(from.take()).await {
                Ok(end) => end,
                Err(error) => End::Failed(error),
            };
            match end {
                End::Cut(version) => {
                    from = Some(version);
                    tokio::time::sleep(self.pace.after_cut(begun.elapsed())).await;
                }
                End::Gone => tokio::time::sleep(self.pace.after_cut(begun.elapsed())).await,
                End::Failed(Error::Gone { .. }) => {
                    tokio::time::sleep(self.pace.after_cut(begun.elapsed())).await
                }
                End::Failed(error @ Error::Forbidden { .. }) => {
                    let pause = self.pace.after_refusal();
                    let transient = self.heard.is_some() && self.pace.refusals() <= REFUSALS_OF_A_START;
                    if transient {
                        self.fail(error, pause).await;
                    } else if self.scope == Scope::Everywhere {
                        return NotAllowed(Arc::new(error));
                    } else {
                        self.refuse(Arc::new(error), pause).await;
                    }
                    tokio::time::sleep(pause).await;
                }
                End::Failed(error) => {
                    let pause = self.pace.after_failure();
                    self.fail(error, pause).await;
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// One list, if there is nothing to resume from, and one stream of events.
    async fn go(&mut self, from: Option<String>) -> Result<End, Error> {
        let from = match from {
            Some(version) => version,
            None if self.streams().await => match self.stream_initially().await? {
                Some(end) => return Ok(end),
                None => list(self.resource, &self.shared, &self.scope, &mut self.interner).await?,
            },
            None => list(self.resource, &self.shared, &self.scope, &mut self.interner).await?,
        };
        self.heard = Some(Utc::now());
        let mut lines = Lines::open(&self.shared, &self.what("watching"), self.request(&from, false)).await?;
        self.become_live().await;
        self.events(&mut lines, from).await
    }

    /// A streaming list that goes over into the watch. `None`: the server does not do it after all.
    async fn stream_initially(&mut self) -> Result<Option<End>, Error> {
        let what = self.what("listing");
        let mut lines = match Lines::open(&self.shared, &what, self.request("", true)).await {
            Ok(lines) => lines,
            Err(Error::Invalid { .. } | Error::NotFound { .. } | Error::ServerFailed { code: 400, .. }) => {
                self.shared.streaming_refused.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        lines.expect_within(STREAMING_SILENCE);
        let mut records = Vec::new();
        while let Some(text) = lines.next().await {
            let line: Line<'_> = self.parse(text)?;
            match line.kind {
                Kind::Added | Kind::Modified => {
                    let folded = self
                        .resource
                        .fold(line.object.get(), &mut self.interner)
                        .map_err(|detail| bad_answer(&self.shared, &what, detail))?;
                    records.extend(keep::<R>(&self.shared, &self.scope, folded).await);
                }
                Kind::Bookmark => {
                    let meta = self.parse::<Marked>(line.object.get())?.metadata;
                    if meta
                        .annotations
                        .is_some_and(|all| all.initial_events_end.is_some())
                    {
                        self.shared
                            .tell(self.resource.replaced(self.scope.clone(), records))
                            .await;
                        self.become_live().await;
                        lines.expect_within(SILENCE);
                        return self.events(&mut lines, meta.resource_version).await.map(Some);
                    }
                }
                Kind::Error => return self.error_event(line.object.get()).map(Some),
                // Nothing is deleted while the list streams.
                Kind::Deleted => {}
            }
        }
        self.shared.streaming_refused.store(true, Ordering::Relaxed);
        Ok(None)
    }

    /// Events until the stream ends.
    async fn events(&mut self, lines: &mut Lines, mut version: String) -> Result<End, Error> {
        while let Some(text) = lines.next().await {
            let line: Line<'_> = self.parse(text)?;
            self.heard = Some(Utc::now());
            if let Kind::Error = line.kind {
                return self.error_event(line.object.get());
            }
            version = self.parse::<Marked>(line.object.get())?.metadata.resource_version;
            if let Kind::Bookmark = line.kind {
                continue;
            }
            let folded = self
                .resource
                .fold(line.object.get(), &mut self.interner)
                .map_err(|detail| bad_answer(&self.shared, &self.what("watching"), detail))?;
            let Some(uid) = folded.as_ref().map(|folded| folded.uid.clone()) else {
                continue;
            };
            if let Kind::Deleted = line.kind {
                self.shared
                    .tell(self.resource.gone(self.scope.clone(), uid))
                    .await;
            } else if let Some(record) = keep::<R>(&self.shared, &self.scope, folded).await {
                self.shared
                    .tell(self.resource.changed(self.scope.clone(), record))
                    .await;
            }
        }
        Ok(End::Cut(version))
    }

    fn error_event(&self, object: &str) -> Result<End, Error> {
        let status: kube::core::Status = self.parse(object)?;
        if status.code == 410 {
            return Ok(End::Gone);
        }
        let error = kube::Error::Api(status.boxed());
        Ok(End::Failed(
            self.shared.clients.error(&self.what("watching"), error),
        ))
    }

    fn parse<'a, T: Deserialize<'a>>(&self, text: &'a str) -> Result<T, Error> {
        serde_json::from_str(text).map_err(|error| {
            bad_answer(
                &self.shared,
                &self.what("watching"),
                crate::client::shape_error(&error),
            )
        })
    }

    fn request(&self, from: &str, initial: bool) -> http::Request<Vec<u8>> {
        let mut target = format!(
            "{}?watch=true&allowWatchBookmarks=true&timeoutSeconds={WATCH_SECONDS}&resourceVersion={from}",
            self.resource.path(&self.scope)
        );
        if initial {
            target.push_str("&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
        }
        http::Request::get(target)
            .header(ACCEPT, self.resource.accept().1)
            .body(Vec::new())
            .expect("because names of namespaces and resource versions make a valid path")
    }

    /// Whether the server's version has streaming lists (on by default since 1.32, off in 1.33, on since 1.34; a
    /// server that has them switched off refuses them by name).
    async fn streams(&self) -> bool {
        #[derive(Deserialize)]
        struct Version {
            major: String,
            minor: String,
        }
        if self.shared.streaming_refused.load(Ordering::Relaxed) {
            return false;
        }
        let ask = || async {
            let version: Version = self
                .shared
                .clients
                .get("asking for the version", "/version")
                .await?;
            let minor = version.minor.trim_end_matches('+').parse::<u32>().unwrap_or(0);
            Ok::<_, Error>(version.major == "1" && minor >= 32)
        };
        // Without an answer the list will fail as well, and say why.
        self.shared
            .streams
            .get_or_try_init(ask)
            .await
            .copied()
            .unwrap_or(false)
    }

    fn what(&self, doing: &str) -> String {
        format!("{doing} {} in {}", self.resource.watched(), self.scope)
    }

    async fn become_live(&mut self) {
        self.heard = Some(Utc::now());
        self.pace.allowed();
        if !self.live {
            self.live = true;
            self.tell(Condition::Live).await;
        }
    }

    async fn refuse(&mut self, problem: Arc<Error>, pause: Duration) {
        self.live = false;
        let next_try = Utc::now() + pause;
        self.tell(Condition::Refused { problem, next_try }).await;
    }

    async fn fail(&mut self, error: Error, pause: Duration) {
        let problem = Arc::new(error);
        self.live = false;
        let next_try = Utc::now() + pause;
        let condition = match self.heard {
            Some(since) => Condition::Stale {
                since,
                problem,
                next_try,
            },
            None => Condition::Refused { problem, next_try },
        };
        self.tell(condition).await;
    }

    async fn tell(&self, condition: Condition) {
        self.shared
            .tell(ClusterChange::Condition {
                watched: self.resource.watched(),
                scope: self.scope.clone(),
                condition,
            })
            .await;
    }
}
