//! Running two sides in turn, and what the samples say.

use std::time::{Duration, Instant};

use anyhow::Result;

/// What each round of both sides yielded.
#[derive(Debug)]
pub struct Pair<T> {
    pub ours: Vec<T>,
    pub theirs: Vec<T>,
}

/// Runs both sides once unmeasured, so that files are in memory for both, and then in turn.
pub fn in_turn<T>(
    rounds: usize,
    mut ours: impl FnMut() -> Result<T>,
    mut theirs: impl FnMut() -> Result<T>,
) -> Result<Pair<T>> {
    ours()?;
    theirs()?;
    let mut pair = Pair {
        ours: Vec::with_capacity(rounds),
        theirs: Vec::with_capacity(rounds),
    };
    for _ in 0..rounds {
        pair.ours.push(ours()?);
        pair.theirs.push(theirs()?);
    }
    Ok(pair)
}

/// How long the work takes by the clock on the wall. What it yields is dropped after the clock has stopped.
pub fn time<T>(work: impl FnOnce() -> Result<T>) -> Result<Duration> {
    let start = Instant::now();
    let yielded = work()?;
    let elapsed = start.elapsed();
    drop(yielded);
    Ok(elapsed)
}

/// Some numbers of one kind.
#[derive(Debug, Clone)]
pub struct Samples {
    sorted: Vec<f64>,
}

impl Samples {
    /// Milliseconds.
    pub fn milliseconds(durations: &[Duration]) -> Self {
        Self::new(durations.iter().map(|one| one.as_secs_f64() * 1e3))
    }

    /// # Panics
    /// Without a number there is no median: every benchmark has at least one round.
    pub fn new(numbers: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        assert!(!sorted.is_empty(), "every benchmark has at least one round");
        sorted.sort_by(f64::total_cmp);
        Self { sorted }
    }

    /// The middle one, or the mean of the two in the middle.
    pub fn median(&self) -> f64 {
        let middle = self.sorted.len() / 2;
        if self.sorted.len().is_multiple_of(2) {
            f64::midpoint(self.sorted[middle - 1], self.sorted[middle])
        } else {
            self.sorted[middle]
        }
    }

    /// The least and the greatest.
    pub fn spread(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_what_was_measured() {
        assert!((Samples::new([9.0, 1.0, 2.0]).median() - 2.0).abs() < f64::EPSILON);
        assert!((Samples::new([4.0, 1.0, 2.0, 100.0]).median() - 3.0).abs() < f64::EPSILON);
        assert_eq!(Samples::new([4.0, 1.0, 2.0]).spread(), (1.0, 4.0));
    }

    #[test]
    fn both_sides_run_in_turn_after_one_unmeasured_round() {
        let order = std::cell::RefCell::new(String::new());
        let side = |name: char| {
            order.borrow_mut().push(name);
            Ok(())
        };
        let pair = in_turn(2, || side('a'), || side('b')).unwrap();
        assert_eq!(order.into_inner(), "ababab");
        assert_eq!((pair.ours.len(), pair.theirs.len()), (2, 2));
    }
}
