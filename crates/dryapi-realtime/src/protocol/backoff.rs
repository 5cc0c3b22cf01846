//! When to come back.

use std::sync::Arc;
use std::time::Duration;

/// Gives fractions from 0 up to 1.
pub type Random = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The first wait is 1 to 2 s, each further one twice that, the last 30 to 60 s.
const FIRST: Duration = Duration::from_secs(1);
const LAST: Duration = Duration::from_secs(30);

/// How a connection that is lost wants to be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// At once, but not twice in a row.
    AtOnce,
    /// Later and later, not before this long.
    Later(Duration),
}

/// Exponential, jittered, until a connection was healthy.
pub(super) struct Backoff {
    random: Random,
    failures: u32,
    hurried: bool,
}

impl Backoff {
    pub(super) fn new(random: Random) -> Self {
        Self {
            random,
            failures: 0,
            hurried: false,
        }
    }

    /// A connection was healthy: begin again.
    pub(super) fn reset(&mut self) {
        (self.failures, self.hurried) = (0, false);
    }

    /// How long to wait this time.
    pub(super) fn next(&mut self, again: Again) -> Duration {
        let floor = match again {
            Again::AtOnce if !self.hurried => {
                self.hurried = true;
                return Duration::ZERO;
            }
            Again::AtOnce => Duration::ZERO,
            Again::Later(floor) => floor,
        };
        let base = FIRST.saturating_mul(1 << self.failures.min(5)).min(LAST);
        self.failures = self.failures.saturating_add(1);
        let fraction = (self.random)();
        let fraction = if fraction.is_finite() {
            fraction.clamp(0.0, 1.0)
        } else {
            0.0
        };
        base.mul_f64(1.0 + fraction).max(floor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(fraction: f64, again: Again) -> Vec<u64> {
        let mut backoff = Backoff::new(Arc::new(move || fraction));
        let wait = |_| u64::try_from(backoff.next(again).as_millis()).unwrap();
        (0..7).map(wait).collect()
    }

    #[test]
    fn waits_double_from_a_second_to_a_minute() {
        let later = Again::Later(Duration::ZERO);
        let low = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
        assert_eq!(waits(0.0, later), low);
        assert_eq!(waits(1.0, later), low.map(|wait| wait * 2));
        assert_eq!(waits(f64::NAN, later), low);
    }

    #[test]
    fn only_the_first_hurry_is_granted() {
        assert_eq!(waits(0.0, Again::AtOnce)[..4], [0, 1000, 2000, 4000]);
    }

    #[test]
    fn never_earlier_than_told() {
        assert_eq!(
            waits(0.5, Again::Later(Duration::from_secs(5)))[..4],
            [5000, 5000, 6000, 12_000]
        );
    }

    #[test]
    fn health_begins_again() {
        let mut backoff = Backoff::new(Arc::new(|| 0.0));
        for _ in 0..3 {
            backoff.next(Again::AtOnce);
        }
        backoff.reset();
        assert_eq!(backoff.next(Again::AtOnce), Duration::ZERO);
        assert_eq!(backoff.next(Again::Later(Duration::ZERO)), FIRST);
    }
}
