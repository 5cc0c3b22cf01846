//! The sandbox's time: real time, run faster or slower or not at all, plus jumps.
//!
//! Everything that has an age (jobs, signed addresses, `Date` headers) asks this clock; it is the
//! one module that touches the real one.
#![expect(
    clippy::disallowed_methods,
    reason = "the one module that wraps the real clock"
)]

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A hundred years: no jump goes further, so that sums stay in range.
const FARTHEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// A clock that can be run at any speed and moved forward.
#[derive(Debug)]
pub(crate) struct Clock {
    base: Timestamp,
    started: Instant,
    speed: f64,
    jumped: watch::Sender<Duration>,
}

impl Clock {
    pub(crate) fn new(speed: f64) -> Self {
        let speed = if speed.is_finite() {
            speed.clamp(0.0, 1e6)
        } else {
            1.0
        };
        Self {
            base: Timestamp::now(),
            started: Instant::now(),
            speed,
            jumped: watch::Sender::new(Duration::ZERO),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let ran = Duration::try_from_secs_f64(self.started.elapsed().as_secs_f64() * self.speed)
            .unwrap_or(FARTHEST);
        let jumped = *self.jumped.borrow();
        let passed = SignedDuration::try_from(ran.saturating_add(jumped).min(FARTHEST * 2));
        self.base
            .saturating_add(passed.unwrap_or_default())
            .unwrap_or(self.base)
    }

    /// Jumps forward.
    pub(crate) fn advance(&self, by: Duration) {
        self.jumped
            .send_modify(|jumped| *jumped = jumped.saturating_add(by).min(FARTHEST));
    }

    /// Waits for a moment of this clock: as long as its speed makes it, or until a jump leaps it.
    ///
    /// # Cancel safety
    /// May be dropped and asked again.
    pub(crate) async fn sleep_until(&self, moment: Timestamp) {
        let mut jumped = self.jumped.subscribe();
        loop {
            let left = between(self.now(), moment);
            if left.is_zero() {
                return;
            }
            let jump = jumped.changed();
            // The clock itself holds the sender: it cannot be gone.
            let _ = match Duration::try_from_secs_f64(left.as_secs_f64() / self.speed) {
                Ok(real) => tokio::time::timeout(real.min(FARTHEST), jump).await.ok(),
                // It stands still.
                Err(_) => Some(jump.await),
            };
        }
    }
}

/// How long after `earlier` is `later`; nothing when it is before.
pub(crate) fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    later.duration_since(earlier).try_into().unwrap_or_default()
}

/// Waits for a task to end, but not for a client that keeps its connection open.
pub(crate) async fn grace(task: tokio::task::JoinHandle<()>) {
    let stop = task.abort_handle();
    if tokio::time::timeout(Duration::from_secs(1), task)
        .await
        .is_err()
    {
        stop.abort();
    }
}

/// A wait in real time: a connection's own, whatever the virtual clock says.
pub(crate) fn pause(time: Duration) -> tokio::time::Sleep {
    tokio::time::sleep(time)
}

/// What comes of a future in so much real time, if anything does.
pub(crate) async fn within<T>(time: Duration, future: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(time, future).await.ok()
}

/// Reads `90s`, `25h`, `1h30m`, `250ms`: numbers with units ms, s, m, h, d.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at_checked(digits)?;
        let letters = after.len()
            - after
                .trim_start_matches(|c: char| c.is_ascii_lowercase())
                .len();
        let (unit, after) = after.split_at_checked(letters)?;
        let number: u64 = number.parse().ok()?;
        let milliseconds: u64 = match unit {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        sum = sum.checked_add(Duration::from_millis(number.checked_mul(milliseconds)?))?;
        rest = after;
    }
    (!text.trim().is_empty()).then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in [
            ("25h", 90_000.0),
            ("90s", 90.0),
            ("1h30m", 5400.0),
            ("250ms", 0.25),
        ] {
            assert_eq!(
                parse_duration(text).unwrap().as_secs_f64(),
                seconds,
                "{text}"
            );
        }
        for text in [
            "",
            "5",
            "h",
            "5 h",
            "-5s",
            "1.5h",
            "5y",
            "99999999999999999999s",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_stopped_clock_only_jumps() {
        let clock = Clock::new(0.0);
        let before = clock.now();
        assert_eq!(clock.now(), before);
        clock.advance(Duration::from_secs(90_000));
        assert_eq!(between(before, clock.now()), Duration::from_secs(90_000));
        clock.advance(Duration::MAX);
        assert_eq!(between(before, clock.now()), FARTHEST);
    }

    #[tokio::test]
    async fn a_moment_comes_with_time_or_with_a_jump() {
        let fast = Clock::new(1e6);
        let hour = fast.now() + Duration::from_secs(3600);
        fast.sleep_until(hour).await;
        assert!(fast.now() >= hour);
        for speed in [0.0, 1e-3] {
            let slow = Clock::new(speed);
            let moment = slow.now() + Duration::from_secs(3600);
            let jumps = async {
                for _ in 0..2 {
                    tokio::task::yield_now().await;
                    slow.advance(Duration::from_secs(1800));
                }
            };
            tokio::join!(slow.sleep_until(moment), jumps);
            assert!(slow.now() >= moment);
        }
    }
}
