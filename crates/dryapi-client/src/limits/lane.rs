//! One bucket's queue: first come, first sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dryapi_transport::Clock;
use dryapi_types::{Bucket, Limit, RateLimit};
use tokio::sync::Notify;

use super::account::{Account, Asked, Taken};
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

/// How often a window is looked at again that other processes change.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long a request without a deadline is held to be on its way.
const NO_DEADLINE: Duration = Duration::from_secs(120);

/// The bucket as the account's processes count it together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared<'a> {
    pub(super) account: &'a Account,
    pub(super) bucket: Bucket,
    pub(super) assumed: Option<Limit>,
    pub(super) hold: Option<Duration>,
}

/// When there may be room, and whether that is about the day.
#[derive(Clone, Copy, Debug)]
struct Later {
    at: Instant,
    day: bool,
    /// There may be room before.
    perhaps_earlier: bool,
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
    taken: Option<Taken>,
    /// Whether the account was told what became of it.
    settled: AtomicBool,
    unused: bool,
}

impl Place {
    /// The request was answered, or will not be, perhaps with a word about limits.
    pub(crate) async fn answered(&self, told: Option<&RateLimit>) {
        if let Some(taken) = self.settle() {
            Box::pin(taken.answered(told)).await;
        }
    }

    /// The request was refused with a 429.
    pub(crate) async fn refused(&self, told: &RateLimit) {
        if let Some(taken) = self.settle() {
            Box::pin(taken.refused(told)).await;
        }
    }

    /// The request was not sent, so it does not count.
    pub(crate) async fn give_back(mut self) {
        self.unused = true;
        self.not_sent().await;
    }

    /// As [`give_back`](Self::give_back), where the place itself is dropped later.
    pub(crate) async fn not_sent(&self) {
        if let Some(taken) = self.settle() {
            Box::pin(taken.give_back()).await;
        }
    }

    /// The account's place, for whoever says first what became of it.
    fn settle(&self) -> Option<&Taken> {
        let before = self.settled.swap(true, Ordering::Relaxed);
        self.taken.as_ref().filter(|_| !before)
    }
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
        shared: Option<Shared<'_>>,
    ) -> Result<Place, Full> {
        let late = async {
            match until {
                Some(until) => clock.sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(late);
        let _turn = tokio::select! {
            biased;
            turn = self.turn.lock() => turn,
            () = &mut late => return Err(self.full(clock.now())),
        };
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let later = match self.take(clock, shared).await {
                Ok(place) => return Ok(place),
                Err(later) => later,
            };
            let now = clock.now();
            let full = Full {
                until: Some(later.at),
                day: later.day,
            };
            if until.is_some_and(|until| later.at > until) && !later.perhaps_earlier {
                return Err(full);
            }
            let mut at = later.at + JITTER.mul_f64(fraction(random));
            if shared.is_some() && later.perhaps_earlier {
                at = at.min(now + LOOK_AGAIN);
            }
            tokio::select! {
                biased;
                () = clock.sleep_until(at) => {}
                () = changed => {}
                () = &mut late => return Err(full),
            }
        }
    }

    /// Takes a place, if there is one: in the account's window, where that is known, else in this
    /// client's own.
    async fn take(
        self: &Arc<Self>,
        clock: &Arc<dyn Clock>,
        shared: Option<Shared<'_>>,
    ) -> Result<Place, Later> {
        let mut taken = None;
        let mut alone = true;
        if let Some(shared) = shared {
            let hold = shared.hold.unwrap_or(NO_DEADLINE);
            let (bucket, assumed) = (shared.bucket.as_str(), shared.assumed);
            // Boxed, since the future of every call would be large with it.
            match Box::pin(shared.account.take(bucket, assumed, hold)).await {
                Asked::Taken(place) => {
                    alone = false;
                    taken = Some(place);
                }
                Asked::Wait {
                    until,
                    day,
                    perhaps_earlier,
                } => {
                    let wait = until.duration_since(clock.wall()).unwrap_or_default();
                    return Err(Later {
                        at: clock.now() + wait,
                        day,
                        perhaps_earlier,
                    });
                }
                Asked::Unknown => {}
            }
        }
        let now = clock.now();
        let mut window = self.window();
        if alone && let Some(at) = window.wait(now) {
            return Err(Later {
                at,
                day: window.day().is_some_and(|day| day.left == 0),
                // With requests on their way there may be room earlier than is known.
                perhaps_earlier: window.in_flight() > 0,
            });
        }
        window.begin(now);
        Ok(Place {
            lane: Arc::clone(self),
            clock: Arc::clone(clock),
            taken,
            settled: AtomicBool::new(false),
            unused: false,
        })
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
        let mut window = self.lane.window();
        match self.unused {
            true => window.give_back(),
            false => window.end(self.clock.now()),
        }
        drop(window);
        self.lane.changed.notify_waiters();
        // Nobody waited for the answer: it may have been sent, so a minute begins now.
        if let Some(taken) = self.settle().cloned()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move { taken.answered(None).await });
        }
    }
}
