//! One bucket's queue: first come, first sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dryapi_transport::Clock;
use dryapi_types::RateLimit;
use tokio::sync::Notify;

use super::window::{Now, Window};
use crate::random::{Random, fraction};

/// Those who wait together do not come back together.
const JITTER: Duration = Duration::from_millis(500);

/// What is left of a bucket, and whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Lane {
    /// Held by whoever is sent next, while it waits: the lock is fair, and whoever gives up leaves
    /// the queue.
    turn: tokio::sync::Mutex<()>,
    window: Mutex<Window>,
    changed: Notify,
}

/// There is no room in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full {
    /// When there is, as far as is known.
    pub(crate) until: Option<Instant>,
    /// Whether it is the day's limit.
    pub(crate) day: bool,
}

/// A place in a bucket, from before a request is sent until it was answered.
#[derive(Debug)]
pub(crate) struct Place {
    lane: Arc<Lane>,
    clock: Arc<dyn Clock>,
}

impl Lane {
    pub(super) fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a place, at most until then.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the queue.
    pub(super) async fn enter(
        self: &Arc<Self>,
        clock: &Arc<dyn Clock>,
        random: &dyn Random,
        until: Option<Instant>,
    ) -> Result<Place, Full> {
        let late = async {
            match until {
                Some(until) => clock.sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            entered = self.wait(clock, random, until) => entered,
            () = late => Err(self.full(clock.now())),
        }
    }

    async fn wait(
        self: &Arc<Self>,
        clock: &Arc<dyn Clock>,
        random: &dyn Random,
        until: Option<Instant>,
    ) -> Result<Place, Full> {
        let _turn = self.turn.lock().await;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let now = clock.now();
            let at = {
                let mut window = self.window();
                let Some(at) = window.wait(now) else {
                    window.begin(now);
                    let (lane, clock) = (Arc::clone(self), Arc::clone(clock));
                    return Ok(Place { lane, clock });
                };
                at
            };
            // With requests on their way there may be room earlier than is known.
            let waited_for = self.window().in_flight() > 0;
            if until.is_some_and(|until| at > until) && !waited_for {
                return Err(self.full(now));
            }
            let at = at + JITTER.mul_f64(fraction(random));
            tokio::select! {
                () = clock.sleep_until(at) => {}
                () = changed => {}
            }
        }
    }

    fn full(&self, now: Instant) -> Full {
        let mut window = self.window();
        Full {
            until: window.wait(now),
            day: window.day().is_some_and(|day| day.left == 0),
        }
    }

    /// An answer said what is left.
    pub(super) fn told(&self, told: &RateLimit, now: Now) {
        self.window().told(told, now);
        self.changed.notify_waiters();
    }

    /// A 429.
    pub(super) fn refused(&self, told: &RateLimit, now: Now) {
        self.window().refused(told, now);
        self.changed.notify_waiters();
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.lane.window().end(self.clock.now());
        self.lane.changed.notify_waiters();
    }
}
