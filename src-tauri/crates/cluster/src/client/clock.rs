//! How far the cluster's clock and this machine's are apart, and when the cluster answered last.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;

/// What all answers together allow. Each bounds the offset: the server wrote its `Date`, whose seconds are cut off,
/// between the sending and the receiving.
#[derive(Debug, Default)]
pub(super) struct Clock {
    known: Mutex<Option<Known>>,
    answered: Mutex<Option<DateTime<Utc>>>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    least: TimeDelta,
    most: TimeDelta,
    /// What is said; it moves no further than an answer asks, so that two times told one after the other keep their order.
    offset: TimeDelta,
}

impl Known {
    fn of(least: TimeDelta, most: TimeDelta) -> Self {
        Self {
            least,
            most,
            offset: least + (most - least) / 2,
        }
        .settled()
    }

    /// `None` where no offset fits both: one of the clocks was set.
    fn and(self, least: TimeDelta, most: TimeDelta) -> Option<Self> {
        let (least, most) = (self.least.max(least), self.most.min(most));
        let both = Self {
            least,
            most,
            offset: self.offset,
        };
        (least <= most).then(|| both.settled())
    }

    /// Clocks that may be the same are taken to be.
    fn settled(self) -> Self {
        let from = if self.least <= TimeDelta::zero() && TimeDelta::zero() <= self.most {
            TimeDelta::zero()
        } else {
            self.offset
        };
        Self {
            offset: from.clamp(self.least, self.most),
            ..self
        }
    }
}

impl Clock {
    /// Notes the `Date` of an answer to a request that was sent at `sent` and answered by `received`.
    pub(super) fn note(&self, headers: &HeaderMap, sent: DateTime<Utc>, received: DateTime<Utc>) {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) = Some(received);
        let date = headers
            .get(http::header::DATE)
            .and_then(|date| date.to_str().ok());
        let Some(date) = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) else {
            return;
        };
        let date = date.to_utc();
        let (least, most) = (date - received, date + TimeDelta::seconds(1) - sent);
        let mut known = self.lock();
        *known = known
            .and_then(|known| known.and(least, most))
            .or_else(|| Some(Known::of(least, most)));
    }

    /// When the newest answer came, by this machine's clock.
    pub(super) fn answered(&self) -> Option<DateTime<Utc>> {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn offset(&self) -> Option<TimeDelta> {
        self.lock().map(|known| known.offset)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    /// An answer with the `Date` 10:00:00, to a request that was sent and answered at these milliseconds after it.
    fn note(clock: &Clock, sent: i64, received: i64) {
        let mut headers = HeaderMap::new();
        headers.insert("date", "Sun, 08 Mar 2026 10:00:00 GMT".parse().unwrap());
        let date = Utc.with_ymd_and_hms(2026, 3, 8, 10, 0, 0).unwrap();
        let at = |milliseconds| date + TimeDelta::milliseconds(milliseconds);
        clock.note(&headers, at(sent), at(received));
    }

    fn offset(clock: &Clock) -> i64 {
        clock.offset().unwrap().num_milliseconds()
    }

    #[test]
    fn a_day_between_the_clocks_shows() {
        const DAY: i64 = 86_400_000;
        let clock = Clock::default();
        assert_eq!(clock.offset(), None);
        note(&clock, -DAY, -DAY + 1_000);
        assert_eq!(offset(&clock), DAY);
        let mut headers = HeaderMap::new();
        headers.insert("date", "yesterday".parse().unwrap());
        clock.note(&headers, Utc::now(), Utc::now());
        assert_eq!(offset(&clock), DAY, "what is no date tells nothing");
        assert!(
            clock.answered() > Some(Utc::now() - TimeDelta::minutes(1)),
            "it is an answer"
        );
    }

    #[test]
    fn clocks_that_may_be_the_same_are_the_same() {
        let clock = Clock::default();
        for (sent, received) in [(900, 910), (5, 20), (400, 3_000), (999, 1_000)] {
            note(&clock, sent, received);
            assert_eq!(offset(&clock), 0, "the seconds of a Date are cut off");
        }
    }

    #[test]
    fn each_answer_moves_it_no_further_than_it_must() {
        let clock = Clock::default();
        let table = [
            (-10_000, -9_000, 10_000, "9,000 to 11,000: the middle"),
            (
                -40_000,
                -5_000,
                10_000,
                "5,000 to 41,000: a slow answer tells little",
            ),
            (-9_200, -9_100, 10_000, "9,100 to 10,200: still within"),
            (-8_800, -8_700, 9_800, "8,700 to 9,800: moved to its most"),
            (-9_900, -9_750, 9_800, "9,750 to 10,900: still within"),
            (
                -8_000,
                -7_900,
                8_450,
                "7,900 to 9,000: nothing fits any more, one of the clocks was set",
            ),
        ];
        for (sent, received, expected, why) in table {
            note(&clock, sent, received);
            assert_eq!(offset(&clock), expected, "{why}");
        }
    }

    #[test]
    fn a_clock_that_was_set_shows_with_the_next_answer() {
        let clock = Clock::default();
        note(&clock, 100, 120);
        assert_eq!(offset(&clock), 0);
        note(&clock, -3_600_000, -3_600_000);
        assert_eq!(offset(&clock), 3_600_500);
    }
}
