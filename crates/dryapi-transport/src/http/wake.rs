//! Notices that the machine slept: its monotonic clock stood still, its wall clock did not.
//!
//! A connection that was idle for a second by the monotonic clock may have been idle for a night,
//! and a paid request written to it would be one of unknown delivery.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::clock::Clock;

/// Wall time may run ahead by this much before it counts as sleep. A clock that is set costs no
/// more than new connections.
const SLACK: Duration = Duration::from_secs(1);

/// When we last looked.
#[derive(Debug)]
pub(super) struct Wake {
    last: Mutex<(Instant, SystemTime)>,
}

impl Wake {
    pub(super) fn new(clock: &dyn Clock) -> Self {
        let last = (clock.now(), clock.wall());
        Self {
            last: Mutex::new(last),
        }
    }

    /// Whether the machine slept since the last call.
    pub(super) fn slept(&self, clock: &dyn Clock) -> bool {
        let now = (clock.now(), clock.wall());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *last, now);
        let awake = now.0.saturating_duration_since(before.0);
        let passed = now.1.duration_since(before.1).unwrap_or_default();
        passed > awake.saturating_add(SLACK)
    }
}
