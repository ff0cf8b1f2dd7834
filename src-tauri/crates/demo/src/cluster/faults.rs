//! Scripted failures: what a real API server does at bad moments and can't be asked to do on demand.
//!
//! A documented test double: rules wait in a queue, the first that fits a request is used up by it. The
//! demo world itself never puts one there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::request::Request;

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Answered with that status before anything is done.
    Refuse {
        /// 401, 403, 429, 503 and so on.
        status: u16,
        /// Seconds for `Retry-After`.
        retry_after: Option<u32>,
    },
    /// Carried out, and then answered with that status: what a proxy's timeout looks like.
    ApplyThenAnswer {
        /// 504 and so on.
        status: u16,
    },
    /// Accepted and never answered.
    Hang,
    /// Carried out and never answered.
    ApplyThenHang,
    /// The first half of the answer's JSON, and then its end.
    Truncate,
    /// The connection breaks before anything is done.
    Reset,
    /// Carried out, and then the connection breaks.
    ApplyThenReset,
    /// Answered, but so much later.
    Delay(Duration),
    /// A watch that ends after so long.
    CutWatch(Duration),
    /// A list or a watch that answers 410.
    Expire,
}

/// Which requests a fault is for. An empty field stands for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aim {
    /// `GET`, `PATCH` and so on.
    pub method: String,
    /// Words that the path contains: `/replicasets`, `/deployments/checkout`.
    pub path: String,
    /// Words that the query contains: `watch=`, `continue=`.
    pub query: String,
    /// Words that the query must not contain: `dryRun`.
    pub not_query: String,
}

impl Aim {
    /// All requests.
    pub fn everything() -> Self {
        Self::default()
    }

    /// Requests of that method whose path contains these words; dry runs are left alone.
    pub fn at(method: &str, path: &str) -> Self {
        Self {
            method: method.into(),
            path: path.into(),
            not_query: "dryRun".into(),
            ..Self::default()
        }
    }

    /// Watches whose path contains these words.
    pub fn watches(path: &str) -> Self {
        Self {
            method: "GET".into(),
            path: path.into(),
            query: "watch=".into(),
            ..Self::default()
        }
    }

    /// Lists, without watches, whose path contains these words.
    pub fn lists(path: &str) -> Self {
        Self {
            method: "GET".into(),
            path: path.into(),
            not_query: "watch=".into(),
            ..Self::default()
        }
    }

    fn fits(&self, request: &Request, query: &str) -> bool {
        (self.method.is_empty() || self.method == request.method.as_str())
            && request.path.contains(&self.path)
            && query.contains(&self.query)
            && (self.not_query.is_empty() || !query.contains(&self.not_query))
    }
}

/// How often a rule is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// So many times.
    Exactly(u32),
    /// Until it is taken away.
    Always,
    /// For every so manieth request that fits.
    OneIn(u32),
}

#[derive(Debug)]
struct Rule {
    aim: Aim,
    fault: Fault,
    times: Times,
    seen: u32,
}

/// A request that a rule was used for, or that passed unharmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// `GET`, `PATCH` and so on.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as it came.
    pub query: String,
    /// The fault that met it.
    pub fault: Option<Fault>,
}

#[derive(Debug, Default)]
struct Book {
    rules: Vec<Rule>,
    seen: Vec<Seen>,
    recording: bool,
}

/// The queue of faults of one cluster; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    book: Arc<Mutex<Book>>,
}

impl Faults {
    /// The next request that fits meets this fault.
    pub fn once(&self, aim: Aim, fault: Fault) {
        self.push(aim, fault, Times::Exactly(1));
    }

    /// Requests that fit meet this fault, as often as said.
    pub fn push(&self, aim: Aim, fault: Fault, times: Times) {
        self.lock().rules.push(Rule {
            aim,
            fault,
            times,
            seen: 0,
        });
    }

    /// All is well again; what hangs keeps hanging.
    pub fn clear(&self) {
        self.lock().rules.clear();
    }

    /// From now on, every request is written down.
    pub fn record(&self) {
        self.lock().recording = true;
    }

    /// The requests since [`Faults::record`], oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().seen.clone()
    }

    /// The fault that this request meets, if any.
    pub(crate) fn meet(&self, request: &Request, query: &str) -> Option<Fault> {
        let mut book = self.lock();
        let fault = book
            .rules
            .iter_mut()
            .filter(|rule| rule.aim.fits(request, query))
            .find_map(Rule::use_up);
        book.rules.retain(|rule| rule.times != Times::Exactly(0));
        if book.recording {
            let seen = Seen {
                method: request.method.to_string(),
                path: request.path.clone(),
                query: query.to_owned(),
                fault: fault.clone(),
            };
            book.seen.push(seen);
        }
        fault
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rule {
    fn use_up(&mut self) -> Option<Fault> {
        self.seen += 1;
        match &mut self.times {
            Times::Exactly(0) => None,
            Times::Exactly(left) => {
                *left -= 1;
                Some(self.fault.clone())
            }
            Times::Always => Some(self.fault.clone()),
            Times::OneIn(every) => self
                .seen
                .is_multiple_of((*every).max(1))
                .then(|| self.fault.clone()),
        }
    }
}
