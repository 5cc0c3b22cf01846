//! The machine's own clock: the one place of this crate that may look at it.

#![expect(clippy::disallowed_methods, reason = "this module is the wrapper")]

use std::time::{Instant, SystemTime};

use crate::clock::{BoxFuture, Clock};

/// The machine's own clock, waiting by tokio's timer.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemClock;

impl SystemClock {
    /// The machine's own clock.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        // Tokio's timer is made when it is first waited for, so that making the future needs no
        // runtime.
        Box::pin(async move { tokio::time::sleep_until(until.into()).await })
    }
}
