//! Whether rows may be sent: the batch may be stopped, or wait until the service can be reached.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use dryapi_transport::Clock;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

use super::outcome::BatchEvent;
use crate::error::Error;

/// So many rows in a row that could not be sent, and the batch pauses.
const OFFLINE: u32 = 3;
/// How long until another is tried.
const PAUSE: Duration = Duration::from_secs(30);

type Told = Arc<dyn Fn(BatchEvent) + Send + Sync>;

/// The state of one batch.
pub(super) struct Gate {
    clock: Arc<dyn Clock>,
    told: Option<Told>,
    state: Mutex<State>,
    /// Whose turn it is to try, while nothing can be sent.
    turn: Arc<Turn<()>>,
}

#[derive(Debug, Default)]
struct State {
    unsent: u32,
    since: Option<SystemTime>,
    stopped: Option<Error>,
    daily: Option<SystemTime>,
}

/// The right to send a row; while the service cannot be reached, only one has it.
#[derive(Debug)]
pub(super) struct Leave(#[expect(dead_code, reason = "held")] Option<OwnedMutexGuard<()>>);

impl Gate {
    pub(super) fn new(clock: Arc<dyn Clock>, told: Option<Told>) -> Self {
        Self {
            clock,
            told,
            state: Mutex::default(),
            turn: Arc::default(),
        }
    }

    /// Waits until a row may be sent.
    ///
    /// # Errors
    /// Why the batch stopped.
    pub(super) async fn pass(&self) -> Result<Leave, Error> {
        if !self.is_paused()? {
            return Ok(Leave(None));
        }
        let turn = Arc::clone(&self.turn).lock_owned().await;
        if !self.is_paused()? {
            return Ok(Leave(None));
        }
        self.clock.sleep(PAUSE).await;
        self.is_paused()?;
        Ok(Leave(Some(turn)))
    }

    /// The service said something.
    pub(super) fn reached(&self) {
        let mut state = self.state();
        state.unsent = 0;
        let paused = state.since.take();
        drop(state);
        if paused.is_some() {
            self.tell(BatchEvent::Resumed);
        }
    }

    /// A row could not be sent.
    pub(super) fn not_reached(&self, error: &Error) {
        let mut state = self.state();
        state.unsent += 1;
        if state.unsent < OFFLINE || state.since.is_some() {
            return;
        }
        let since = self.clock.wall();
        state.since = Some(since);
        drop(state);
        let error = error.clone();
        self.tell(BatchEvent::Paused { since, error });
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
    }

    /// Waits for a day's limit to be reset.
    pub(super) async fn wait_for_reset(&self, wait: Duration) {
        if let Some(until) = self.news_of_reset(wait) {
            self.tell(BatchEvent::DailyLimit { until });
        }
        self.clock.sleep(wait).await;
    }

    /// When the limit is reset, where nobody has heard of it.
    fn news_of_reset(&self, wait: Duration) -> Option<SystemTime> {
        let until = self.clock.wall().checked_add(wait)?;
        let mut state = self.state();
        let known = state.daily.and_then(|known| known.checked_add(PAUSE));
        if known.is_some_and(|known| until <= known) {
            return None;
        }
        state.daily = Some(until);
        Some(until)
    }

    fn is_paused(&self) -> Result<bool, Error> {
        let state = self.state();
        match &state.stopped {
            Some(error) => Err(error.clone()),
            None => Ok(state.since.is_some()),
        }
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
