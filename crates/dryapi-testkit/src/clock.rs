//! Time that a test moves by hand.

mod sleep;

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use dryapi_transport::{BoxFuture, Clock};

use sleep::{Shared, Sleep};

/// Noon of 21 March 2026 UTC, in seconds since 1970: the day the Errors page was last updated.
const NOON: u64 = 1_774_094_400;

/// A clock that stands still until a test advances it. Clones share the time.
///
/// ```
/// use std::time::Duration;
/// use dryapi_testkit::HandClock;
/// use dryapi_transport::Clock;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let clock = HandClock::new();
/// let sleeper = tokio::spawn(clock.sleep(Duration::from_secs(3600)));
/// clock.wait_for_sleepers(1).await;
/// clock.advance(Duration::from_secs(3600));
/// sleeper.await?;
/// assert_eq!(clock.slept(), [Duration::from_secs(3600)]);
/// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct HandClock {
    shared: Arc<Shared>,
}

impl HandClock {
    /// A clock that starts at noon of 21 March 2026 UTC.
    #[must_use]
    pub fn new() -> Self {
        Self::at(SystemTime::UNIX_EPOCH + Duration::from_secs(NOON))
    }

    /// A clock that starts at a time of day.
    #[must_use]
    pub fn at(wall: SystemTime) -> Self {
        Self::start(wall, false)
    }

    /// A clock that moves itself to the next sleeper as soon as everybody sleeps: for tests that
    /// only want to know how long was waited ([`slept`](Self::slept)).
    ///
    /// Like a paused tokio runtime, it cannot know of work outside the runtime (sockets, threads),
    /// nor of other threads of a multi-threaded one: use it with in-memory doubles and tokio's
    /// current-thread runtime, the default of `#[tokio::test]`. The shortest sleep ends first, so
    /// a deadline that is slept on beside a short backoff does not fire.
    #[must_use]
    pub fn auto() -> Self {
        Self::start(SystemTime::UNIX_EPOCH + Duration::from_secs(NOON), true)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "an `Instant` has no other origin; its value is never looked at"
    )]
    fn start(wall: SystemTime, auto: bool) -> Self {
        Self {
            shared: Arc::new(Shared::new(Instant::now(), wall, auto)),
        }
    }

    /// Moves both times forward, in one jump, and wakes the sleepers whose time came, those due
    /// first first. A jump too far to be a time is none.
    pub fn advance(&self, by: Duration) {
        let due = self.shared.time().advance(by);
        self.shared.wake(due);
    }

    /// Moves the time of day only, as when a laptop sleeps. Nobody wakes.
    pub fn suspend(&self, by: Duration) {
        self.shared.time().suspend(by);
    }

    /// How many sleep at this moment. A sleep counts from its first poll until it is over or
    /// dropped.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.shared.time().sleepers()
    }

    /// How long until the next sleeper wakes; `None` when nobody sleeps.
    #[must_use]
    pub fn next_wake(&self) -> Option<Duration> {
        self.shared.time().next_wake()
    }

    /// Waits, without any time passing, until at least so many sleep.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub async fn wait_for_sleepers(&self, count: usize) {
        loop {
            let mut changed = pin!(self.shared.changed());
            changed.as_mut().enable();
            if self.sleepers() >= count {
                return;
            }
            changed.await;
        }
    }

    /// The sleeps that came to their end, in the order in which they did, and how long each was
    /// meant to last. Dropped ones are not among them.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        self.shared.time().slept.clone()
    }
}

impl Default for HandClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for HandClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.shared.time();
        f.debug_struct("HandClock")
            .field("wall", &time.wall)
            .field("sleepers", &time.sleepers())
            .finish_non_exhaustive()
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        self.shared.time().now
    }

    fn wall(&self) -> SystemTime {
        self.shared.time().wall
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        Box::pin(Sleep::until(&self.shared, until))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[tokio::test]
    async fn time_stands_still_until_it_is_advanced() {
        let clock = HandClock::at(SystemTime::UNIX_EPOCH);
        let (now, wall) = (clock.now(), clock.wall());
        let sleeper = tokio::spawn(clock.sleep(seconds(10)));
        clock.wait_for_sleepers(1).await;
        assert_eq!(clock.next_wake(), Some(seconds(10)));

        clock.advance(seconds(9));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        assert_eq!(clock.next_wake(), Some(seconds(1)));

        clock.clone().advance(seconds(1));
        sleeper.await.unwrap();
        assert_eq!(clock.now(), now + seconds(10));
        assert_eq!(clock.wall(), wall + seconds(10));
        assert_eq!((clock.sleepers(), clock.slept()), (0, vec![seconds(10)]));
    }

    #[tokio::test]
    async fn sleepers_wake_in_the_order_of_their_times() {
        let clock = HandClock::new();
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for length in [30, 10, 20, 10] {
            let (clock, order) = (clock.clone(), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                clock.sleep(seconds(length)).await;
                order.lock().unwrap().push(length);
            }));
        }
        clock.wait_for_sleepers(4).await;
        clock.advance(seconds(60));
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [10, 10, 20, 30]);
    }

    #[tokio::test]
    async fn a_dropped_sleep_is_no_sleeper_and_was_not_slept() {
        let clock = HandClock::new();
        let sleeper = tokio::spawn(clock.sleep(seconds(5)));
        clock.wait_for_sleepers(1).await;
        sleeper.abort();
        assert!(sleeper.await.unwrap_err().is_cancelled());
        clock.advance(seconds(5));
        assert_eq!((clock.sleepers(), clock.slept()), (0, vec![]));
    }

    #[tokio::test]
    async fn a_moment_that_passed_is_over_at_once_and_no_jump_overflows() {
        let clock = HandClock::new();
        let start = clock.now();
        clock.advance(seconds(1));
        clock.sleep_until(start).await;
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), start + seconds(1));
    }

    #[test]
    fn a_laptop_that_slept_only_moves_the_time_of_day() {
        let clock = HandClock::new();
        let (now, wall) = (clock.now(), clock.wall());
        clock.suspend(seconds(3600));
        assert_eq!((clock.now(), clock.wall()), (now, wall + seconds(3600)));
    }

    #[tokio::test]
    async fn an_automatic_clock_ends_the_shortest_sleep_first() {
        let clock = HandClock::auto();
        let start = clock.now();
        for backoff in [1, 2, 4] {
            let (deadline, backoff) = (clock.sleep(seconds(60)), clock.sleep(seconds(backoff)));
            tokio::select! {
                biased;
                () = deadline => unreachable!("the deadline is later"),
                () = backoff => {}
            }
        }
        assert_eq!(clock.slept(), [1, 2, 4].map(seconds));
        assert_eq!(clock.now(), start + seconds(7));
    }

    #[tokio::test]
    async fn an_automatic_clock_lets_others_work_before_it_jumps() {
        let clock = HandClock::auto();
        let (ask, asked) = tokio::sync::oneshot::channel();
        let (answer, answered) = tokio::sync::oneshot::channel();
        tokio::spawn(async move { answer.send(asked.await) });
        tokio::spawn(async move { ask.send(7) });
        tokio::select! {
            biased;
            () = clock.sleep(seconds(1)) => unreachable!("there was work to do"),
            answer = answered => assert_eq!(answer, Ok(Ok(7))),
        }
        assert_eq!((clock.sleepers(), clock.slept()), (0, vec![]));
    }

    #[tokio::test]
    async fn an_automatic_clock_serves_many_tasks() {
        let clock = HandClock::auto();
        let start = clock.now();
        let sleepy = |length: u64| {
            let clock = clock.clone();
            tokio::spawn(async move {
                for _ in 0..3 {
                    clock.sleep(seconds(length)).await;
                }
            })
        };
        for task in [sleepy(3), sleepy(1), sleepy(5)] {
            task.await.unwrap();
        }
        assert_eq!(clock.slept().len(), 9);
        assert_eq!(clock.now(), start + seconds(15));
    }
}
