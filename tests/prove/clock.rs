//! The clock of a round, the same in every process of it.

use std::time::{Duration, Instant, SystemTime};

use dryapi_client::Clock;
use dryapi_transport::{BoxFuture, SystemClock};

/// Runs `speed` times as fast as the system's clock from the moment the round began.
#[derive(Clone, Debug)]
pub(crate) struct RoundClock {
    real: SystemClock,
    speed: u32,
    start: Instant,
    wall: SystemTime,
}

impl RoundClock {
    pub(crate) fn new(began: SystemTime, speed: u32, ahead: Duration) -> Self {
        let real = SystemClock::new();
        let since = real.wall().duration_since(began).unwrap_or_default();
        Self {
            start: real.now(),
            wall: began + since * speed + ahead,
            real,
            speed,
        }
    }

    fn passed(&self) -> Duration {
        self.real.now().saturating_duration_since(self.start) * self.speed
    }
}

impl Clock for RoundClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    fn wall(&self) -> SystemTime {
        self.wall + self.passed()
    }

    fn sleep_until(&self, until: Instant) -> BoxFuture<'static, ()> {
        let left = until.saturating_duration_since(self.now());
        self.real.sleep(left / self.speed)
    }
}
