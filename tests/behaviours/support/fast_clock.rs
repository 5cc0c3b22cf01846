//! Real time, faster: what takes a minute takes a fraction of a second.

use std::time::{Duration, Instant, SystemTime};

use dryapi_client::Clock;
use dryapi_transport::{BoxFuture, SystemClock};

/// Runs `speed` times as fast as the system's clock.
#[derive(Clone, Debug)]
pub(crate) struct FastClock {
    real: SystemClock,
    speed: u32,
    start: (Instant, SystemTime),
}

impl FastClock {
    pub(crate) fn new(speed: u32) -> Self {
        let real = SystemClock::new();
        let start = (real.now(), real.wall());
        Self { real, speed, start }
    }

    fn passed(&self) -> Duration {
        self.real.now().saturating_duration_since(self.start.0) * self.speed
    }
}

impl Clock for FastClock {
    fn now(&self) -> Instant {
        self.start.0 + self.passed()
    }

    fn wall(&self) -> SystemTime {
        self.start.1 + self.passed()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        let left = until.saturating_duration_since(self.now());
        self.real.sleep(left / self.speed)
    }
}
