//! How many looks at statuses the account has left.
//!
//! Learned from the headers of every answer and from every 429. Before the first answer there is one
//! look at a time; where answers tell nothing, the Basic plan's limit a minute is kept to (Limits
//! page: 50). One look in ten is left to whoever else asks.

use std::time::Instant;

use dryapi_types::RateLimit;

use crate::limits::window::{MINUTE, Now, Window};

const UNTOLD: u64 = 50;

/// What is left of the account's looks.
#[derive(Debug)]
pub(super) struct Allowance {
    window: Window,
    /// Whether the service answered a look yet.
    answered: bool,
}

impl Default for Allowance {
    fn default() -> Self {
        let mut window = Window::default();
        window.allow(UNTOLD);
        Self {
            window,
            answered: false,
        }
    }
}

impl Allowance {
    /// When the next look may be made, where that is not now.
    pub(super) fn wait(&mut self, now: Instant) -> Option<Instant> {
        let wait = self.window.wait(now);
        if !self.answered && self.window.in_flight() > 0 {
            return now.checked_add(MINUTE);
        }
        wait
    }

    /// A look is made.
    pub(super) fn spend(&mut self, now: Instant) {
        self.window.begin(now);
    }

    /// A look was answered, with or without a word about limits.
    pub(super) fn answered(&mut self, told: Option<&RateLimit>, now: Now) {
        self.answered = true;
        if let Some(told) = told {
            self.window.told(told, now);
            if let Some(limit) = told.minute_limit.filter(|limit| *limit > 0) {
                self.window.allow(limit - limit / 10);
            }
        }
        self.window.end(now.at);
    }

    /// A look was not answered, or nobody waits for its answer any more; perhaps it counted.
    pub(super) fn unanswered(&mut self, now: Instant) {
        self.window.end(now);
    }

    /// A look was refused with a 429.
    pub(super) fn refused(&mut self, told: &RateLimit, now: Now) {
        self.answered = true;
        self.window.end(now.at);
        self.window.refused(told, now);
    }

    /// What is left of the day beyond these many, where the day has a limit.
    pub(super) fn spare(&self, reserved: usize) -> Option<u64> {
        let reserved = u64::try_from(reserved).unwrap_or(u64::MAX);
        let day = self.window.day();
        day.map(|day| day.left.saturating_sub(reserved))
    }

    /// When the day ends, where it has a limit.
    pub(super) fn day_ends(&self) -> Option<Instant> {
        self.window.day().map(|day| day.resets)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[expect(
        clippy::disallowed_methods,
        reason = "an `Instant` has no other origin; its value is never looked at"
    )]
    fn start() -> Now {
        Now {
            at: Instant::now(),
            wall: UNIX_EPOCH + Duration::from_secs(1_774_137_540),
        }
    }

    #[test]
    fn the_first_answer_is_waited_for() {
        let (mut allowance, now) = (Allowance::default(), start());
        assert_eq!(allowance.wait(now.at), None);
        allowance.spend(now.at);
        assert!(allowance.wait(now.at).is_some());
        allowance.answered(None, now);
        allowance.spend(now.at);
        assert_eq!(allowance.wait(now.at), None);
    }

    #[test]
    fn one_look_in_ten_is_left_to_others() {
        let (mut allowance, now) = (Allowance::default(), start());
        let mut told = RateLimit::default();
        told.minute_limit = Some(10);
        for _ in 0..9 {
            assert_eq!(allowance.wait(now.at), None);
            allowance.spend(now.at);
            allowance.answered(Some(&told), now);
        }
        assert_eq!(allowance.wait(now.at), now.at.checked_add(MINUTE));
    }
}
