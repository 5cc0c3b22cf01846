//! How long to wait before an extra attempt nobody gave a time for.

use std::time::Duration;

/// Doubling delays with jitter.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    base: Duration,
    cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(1),
            cap: Duration::from_secs(60),
        }
    }
}

impl Backoff {
    /// The delay before extra attempt `number` (from 0): 1 s, 2 s, 4 s, … up to 60 s, each changed
    /// by up to a quarter either way so that clients that failed together do not return together.
    /// `fraction` is random, from 0 up to 1.
    pub(crate) fn delay(&self, number: u32, fraction: f64) -> Duration {
        let factor = 1_u32.checked_shl(number).unwrap_or(u32::MAX);
        let plain = self.base.saturating_mul(factor).min(self.cap);
        plain.mul_f64(0.75 + 0.5 * fraction.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_two_four_with_jitter_and_a_cap() {
        let backoff = Backoff::default();
        let seconds = |number, fraction| backoff.delay(number, fraction).as_secs_f64();
        assert_eq!(
            [seconds(0, 0.5), seconds(1, 0.5), seconds(2, 0.5)],
            [1.0, 2.0, 4.0]
        );
        assert_eq!([seconds(0, 0.0), seconds(0, 1.0)], [0.75, 1.25]);
        assert_eq!(seconds(40, 0.5), 60.0);
    }
}
