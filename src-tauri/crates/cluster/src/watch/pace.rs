//! How fast it is tried again: quick after a hiccup, slow against a wall, never all clusters at once.

use std::time::Duration;

/// The longest pause after errors.
const LONGEST: Duration = Duration::from_secs(30);

/// The longest pause after a watch that was cut without an error: changes must arrive within two seconds.
const LONGEST_AFTER_CUT: Duration = Duration::from_secs(1);

/// The longest pause before a right that is missing is asked for again.
const LONGEST_AFTER_REFUSAL: Duration = Duration::from_secs(60);

/// A watch that lasted so long was healthy.
const HEALTHY: Duration = Duration::from_secs(5);

/// Pauses that grow.
#[derive(Debug, Default)]
pub(super) struct Pace {
    failures: u32,
    cuts: u32,
    refusals: u32,
}

impl Pace {
    /// The pause after an error.
    pub(super) fn after_failure(&mut self) -> Duration {
        self.failures += 1;
        with_chance(doubled(Duration::from_millis(250), self.failures).min(LONGEST))
    }

    /// The pause after a missing right.
    pub(super) fn after_refusal(&mut self) -> Duration {
        self.refusals += 1;
        with_chance(doubled(Duration::from_millis(500), self.refusals).min(LONGEST_AFTER_REFUSAL))
    }

    /// How often in a row a right was missing.
    pub(super) fn refusals(&self) -> u32 {
        self.refusals
    }

    /// The right is there.
    pub(super) fn allowed(&mut self) {
        self.refusals = 0;
    }

    /// The pause after a watch ended that had `lasted`.
    pub(super) fn after_cut(&mut self, lasted: Duration) -> Duration {
        if lasted >= HEALTHY {
            *self = Self::default();
            return Duration::ZERO;
        }
        self.cuts += 1;
        with_chance(doubled(Duration::from_millis(50), self.cuts).min(LONGEST_AFTER_CUT))
    }
}

fn doubled(first: Duration, times: u32) -> Duration {
    first.saturating_mul(1 << times.min(16))
}

/// Between half of the pause and all of it.
fn with_chance(pause: Duration) -> Duration {
    pause.mul_f64(rand::random_range(0.5..1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_limit_and_a_healthy_watch_forgets_them() {
        let mut pace = Pace::default();
        let first = pace.after_failure();
        assert!(first >= Duration::from_millis(250) && first <= Duration::from_millis(500));
        for _ in 0..100 {
            assert!(pace.after_failure() <= LONGEST);
        }
        assert!(pace.after_failure() >= LONGEST / 2);
        for _ in 0..100 {
            assert!(pace.after_cut(Duration::from_secs(1)) <= LONGEST_AFTER_CUT);
        }
        assert!(
            pace.after_cut(Duration::ZERO) >= LONGEST_AFTER_CUT / 2,
            "a watch cut at once is no hot loop"
        );
        assert_eq!(pace.after_cut(Duration::from_secs(60)), Duration::ZERO);
        assert!(pace.after_failure() <= Duration::from_millis(500));
    }
}
