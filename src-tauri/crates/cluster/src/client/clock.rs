//! How far the cluster's clock and this machine's are apart.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;

const UNKNOWN: i64 = i64::MIN;

/// The offset that the newest answer showed.
#[derive(Debug)]
pub(super) struct Clock {
    milliseconds: AtomicI64,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            milliseconds: AtomicI64::new(UNKNOWN),
        }
    }
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
        // The header's seconds are cut off, so half of one is the best guess for what was lost.
        let server = date.to_utc() + TimeDelta::milliseconds(500);
        let offset = server - (sent + (received - sent) / 2);
        self.milliseconds
            .store(offset.num_milliseconds(), Ordering::Relaxed);
    }

    pub(super) fn offset(&self) -> Option<TimeDelta> {
        match self.milliseconds.load(Ordering::Relaxed) {
            UNKNOWN => None,
            milliseconds => Some(TimeDelta::milliseconds(milliseconds)),
        }
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
}
