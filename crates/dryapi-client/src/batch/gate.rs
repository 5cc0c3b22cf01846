//! Whether rows may be sent: the batch may be stopped, or wait until the service can be reached.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dryapi_transport::Clock;
use tokio::sync::Notify;

use super::outcome::BatchEvent;
use crate::error::Error;

/// So many rows in a row that could not be sent, and the batch pauses.
const OFFLINE: u32 = 3;
/// While it is paused, a row is tried this often.
const PAUSE: Duration = Duration::from_secs(30);
/// A limit of the minute lasts no longer, where the service does not say how long.
const MINUTE: Duration = Duration::from_secs(60);
/// A day of UTC in seconds.
const DAY: u64 = 24 * 60 * 60;

type Told = Arc<dyn Fn(BatchEvent) + Send + Sync>;

/// The state of one batch.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    told: Option<Told>,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    stopped: Option<Error>,
    /// How many rows in a row could not be sent, and since when.
    unsent: u32,
    since: Option<SystemTime>,
    /// While paused: when the next is tried.
    next: Option<Instant>,
    /// When the days end whose requests are used up, by the limit's name.
    days: HashMap<&'static str, Instant>,
}

impl Gate {
    pub(super) fn new(clock: Arc<dyn Clock>, told: Option<Told>) -> Self {
        Self {
            clock,
            told,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// Waits until a row may be sent.
    ///
    /// # Errors
    /// Why the batch stopped.
    ///
    /// # Cancel safety
    /// Dropping the future delays the next try by half a minute at most.
    pub(super) async fn pass(&self) -> Result<(), Error> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            // Listening first: a change between the look and the wait is not missed.
            changed.as_mut().enable();
            let Some(until) = self.next_try()? else {
                return Ok(());
            };
            tokio::select! {
                () = &mut changed => {}
                () = self.clock.sleep_until(until) => {}
            }
        }
    }

    /// How long nothing may be sent; `None` where it may be now.
    fn next_try(&self) -> Result<Option<Instant>, Error> {
        let mut state = self.state();
        if let Some(error) = &state.stopped {
            return Err(error.clone());
        }
        let now = self.clock.now();
        if let Some(next) = state.next.filter(|next| now < *next) {
            return Ok(Some(next));
        }
        if state.next.is_some() {
            // This one is tried, and whatever becomes of it, the next in its time.
            state.next = now.checked_add(PAUSE);
        }
        Ok(None)
    }

    /// The service said something.
    pub(super) fn reached(&self) {
        let mut state = self.state();
        state.unsent = 0;
        state.since = None;
        let paused = state.next.take();
        drop(state);
        if paused.is_some() {
            self.tell(BatchEvent::Resumed);
            self.changed.notify_waiters();
        }
    }

    /// A row could not be sent.
    pub(super) fn not_reached(&self, error: &Error) {
        let mut state = self.state();
        state.unsent = state.unsent.saturating_add(1);
        let since = *state.since.get_or_insert_with(|| self.clock.wall());
        if state.unsent < OFFLINE || state.next.is_some() {
            return;
        }
        state.next = self.clock.now().checked_add(PAUSE);
        drop(state);
        let error = error.clone();
        self.tell(BatchEvent::Paused { since, error });
    }

    /// Whether nothing can be sent, and one is tried now and then.
    pub(super) fn is_paused(&self) -> bool {
        let state = self.state();
        state.next.is_some() && state.stopped.is_none()
    }

    /// Waits until the service can be reached, or the batch stops and nobody tries any more.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub(super) async fn resumed(&self) {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if !self.is_paused() {
                return;
            }
            changed.await;
        }
    }

    /// Nothing more is sent.
    pub(super) fn stop(&self, error: &Error) {
        let mut state = self.state();
        if state.stopped.is_some() {
            return;
        }
        state.stopped = Some(error.clone());
        drop(state);
        let error = error.clone();
        self.tell(BatchEvent::Stopped { error });
        self.changed.notify_waiters();
    }

    /// Waits until a limit lets somebody through again, or the batch stops.
    ///
    /// # Cancel safety
    /// Dropping the future changes nothing.
    pub(super) async fn limited(&self, limit: &'static str, wait: Option<Duration>, daily: bool) {
        let wait = wait.unwrap_or_else(|| if daily { self.to_midnight() } else { MINUTE });
        let Some(until) = self.clock.now().checked_add(wait) else {
            return;
        };
        if daily
            && self.is_news(limit, until)
            && let Some(until) = self.clock.wall().checked_add(wait)
        {
            self.tell(BatchEvent::DailyLimit { until });
        }
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.state().stopped.is_some() {
                return;
            }
            tokio::select! {
                () = &mut changed => {}
                () = self.clock.sleep_until(until) => return,
            }
        }
    }

    /// Whether nobody has heard yet that this limit is used up.
    fn is_news(&self, limit: &'static str, until: Instant) -> bool {
        let now = self.clock.now();
        let known = self.state().days.insert(limit, until);
        known.is_none_or(|known| known <= now)
    }

    /// The service counts by days of UTC.
    fn to_midnight(&self) -> Duration {
        let now = self.clock.wall().duration_since(UNIX_EPOCH);
        Duration::from_secs(DAY - now.unwrap_or_default().as_secs() % DAY)
    }

    fn tell(&self, event: BatchEvent) {
        if let Some(told) = &self.told {
            told(event);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}
