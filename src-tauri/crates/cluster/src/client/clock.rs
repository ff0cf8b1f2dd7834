//! How far the cluster's clock and this machine's are apart.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;

/// An answer that took longer says little of when the server wrote it: it counts only where none was quicker.
const PROMPT: TimeDelta = TimeDelta::seconds(1);

/// The offset that the newest prompt answer showed.
#[derive(Debug, Default)]
pub(super) struct Clock {
    shown: Mutex<Option<Shown>>,
}

#[derive(Debug, Clone, Copy)]
struct Shown {
    offset: TimeDelta,
    /// How long the answer took.
    took: TimeDelta,
}

impl Clock {
    /// Notes the `Date` of an answer to a request that was sent at `sent` and answered by `received`.
    pub(super) fn note(&self, headers: &HeaderMap, sent: DateTime<Utc>, received: DateTime<Utc>) {
        let date = headers
            .get(http::header::DATE)
            .and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) else {
            return;
        };
        let took = received - sent;
        let mut shown = self.lock();
        if shown.is_some_and(|shown| took > PROMPT.max(shown.took)) {
            return;
        }
        // The header's seconds are cut off, so half of one is the best guess for what was lost.
        let server = date.to_utc() + TimeDelta::milliseconds(500);
        let offset = server - (sent + took / 2);
        *shown = Some(Shown { offset, took });
    }

    pub(super) fn offset(&self) -> Option<TimeDelta> {
        self.lock().map(|shown| shown.offset)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn a_day_between_the_clocks_shows() {
        let clock = Clock::default();
        assert_eq!(clock.offset(), None);
        let mut headers = HeaderMap::new();
        headers.insert("date", "Sun, 08 Mar 2026 10:00:00 GMT".parse().unwrap());
        let local = Utc.with_ymd_and_hms(2026, 3, 7, 10, 0, 0).unwrap();
        clock.note(&headers, local, local + TimeDelta::seconds(1));
        assert_eq!(clock.offset(), Some(TimeDelta::days(1)));
        headers.insert("date", "yesterday".parse().unwrap());
        clock.note(&headers, local, local);
        assert_eq!(
            clock.offset(),
            Some(TimeDelta::days(1)),
            "what is no date tells nothing"
        );
    }

    #[test]
    fn a_slow_answer_does_not_move_what_a_quick_one_showed() {
        let clock = Clock::default();
        let mut headers = HeaderMap::new();
        headers.insert("date", "Sun, 08 Mar 2026 10:00:00 GMT".parse().unwrap());
        let local = Utc.with_ymd_and_hms(2026, 3, 8, 10, 0, 0).unwrap();
        let table = [
            (9, -4_000, "the first there is"),
            (5, -2_000, "a quicker one"),
            (7, -2_000, "slower than what is known"),
            (1, 0, "a prompt one"),
            (30, 0, "written when it was sent, and a long time on its way"),
        ];
        for (took, offset, why) in table {
            clock.note(&headers, local, local + TimeDelta::seconds(took));
            assert_eq!(clock.offset(), Some(TimeDelta::milliseconds(offset)), "{why}");
        }
    }
}
