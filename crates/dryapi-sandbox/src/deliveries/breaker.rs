//! The circuit breaker of an account's webhooks. Source: Webhooks page.

/// How many deliveries in a row may end as failed before the account's webhooks are off.
const MOST_FAILED: u32 = 10;

/// Whether an account's events are sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Breaker {
    failed: u32,
    off: bool,
}

impl Breaker {
    pub(super) const fn switched(on: bool) -> Self {
        Self {
            failed: 0,
            off: !on,
        }
    }

    pub(super) const fn is_off(self) -> bool {
        self.off
    }

    pub(super) const fn delivered(&mut self) {
        self.failed = 0;
    }

    /// A delivery was given up.
    pub(super) const fn failed(&mut self) {
        self.failed = self.failed.saturating_add(1);
        if self.failed >= MOST_FAILED {
            self.off = true;
        }
    }
}
