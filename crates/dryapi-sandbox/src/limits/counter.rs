//! One bucket of one account.

use std::collections::VecDeque;
use std::time::Duration;

use dryapi_types::Limit;
use jiff::Timestamp;

use crate::clock::between;

/// What a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Window {
    Minute,
    Day,
}

/// A limit, and how much of it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) limit: Limit,
    pub(crate) minute_left: u32,
    pub(crate) day_left: Option<u32>,
}

/// A limit that is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub(crate) window: Window,
    pub(crate) usage: Usage,
    /// When to come back, in seconds.
    pub(crate) retry_after: u64,
}

/// What was used.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// The requests of the last minute.
    latest: VecDeque<Timestamp>,
    /// The UTC day `today` counts, in days since 1970.
    day: i64,
    today: u32,
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: i64 = 86_400;

/// The day's limit a fault declares used up where there is none: the service's gateway has this
/// one for a key.
const GATEWAY_DAY: u32 = 20_000;

impl Counter {
    pub(super) fn count(&mut self, limit: Limit, now: Timestamp) -> Result<Usage, Exceeded> {
        let before = self.usage(limit, now);
        // The day first: who is told to wait a minute would wait in vain.
        if before.day_left == Some(0) {
            return Err(self.refuse(limit, now, Window::Day));
        }
        if before.minute_left == 0 {
            return Err(self.refuse(limit, now, Window::Minute));
        }
        self.latest.push_back(now);
        self.today = self.today.saturating_add(1);
        Ok(self.usage(limit, now))
    }

    /// The refusal for a limit that is used up, or is said to be.
    pub(super) fn refuse(&mut self, limit: Limit, now: Timestamp, window: Window) -> Exceeded {
        let mut usage = self.usage(limit, now);
        let retry_after = match window {
            Window::Minute => {
                usage.minute_left = 0;
                MINUTE.as_secs()
            }
            Window::Day => {
                usage.limit.day = Some(limit.day.unwrap_or(GATEWAY_DAY));
                usage.day_left = Some(0);
                let left = DAY - now.as_second().rem_euclid(DAY);
                left.unsigned_abs()
            }
        };
        Exceeded {
            window,
            usage,
            retry_after,
        }
    }

    fn usage(&mut self, limit: Limit, now: Timestamp) -> Usage {
        while let Some(first) = self.latest.front()
            && between(*first, now) >= MINUTE
        {
            self.latest.pop_front();
        }
        let day = now.as_second().div_euclid(DAY);
        if day != self.day {
            (self.day, self.today) = (day, 0);
        }
        let used = u32::try_from(self.latest.len()).unwrap_or(u32::MAX);
        Usage {
            limit,
            minute_left: limit.minute.saturating_sub(used),
            day_left: limit.day.map(|day| day.saturating_sub(self.today)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit::new(2, Some(5));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn no_sixty_seconds_hold_more_than_the_minutes_limit() {
        let mut counter = Counter::default();
        let mut count = |seconds| counter.count(LIMIT, at(seconds)).map_err(|e| e.retry_after);
        assert_eq!(count(0).map(|usage| usage.minute_left), Ok(1));
        assert_eq!(count(50).map(|usage| usage.minute_left), Ok(0));
        assert_eq!(count(59), Err(60));
        assert_eq!(count(60).map(|usage| usage.minute_left), Ok(0));
        assert_eq!(count(109), Err(60));
        assert_eq!(count(110).map(|usage| usage.day_left), Ok(Some(1)));
    }

    #[test]
    fn days_begin_at_midnight_utc() {
        let mut counter = Counter::default();
        for minute in 0..5 {
            assert!(counter.count(LIMIT, at(minute * 60)).is_ok());
        }
        let refused = counter.count(LIMIT, at(43_200)).unwrap_err();
        assert_eq!((refused.window, refused.retry_after), (Window::Day, 43_200));
        assert_eq!(refused.usage.minute_left, 2);
        let last = counter.count(LIMIT, at(86_399)).unwrap_err();
        assert_eq!(last.retry_after, 1);
        assert_eq!(counter.count(LIMIT, at(86_400)).unwrap().day_left, Some(4));
    }

    #[test]
    fn a_day_without_a_limit_can_be_declared_over() {
        let refused = Counter::default().refuse(Limit::new(300, None), at(86_000), Window::Day);
        assert_eq!(refused.usage.limit.day, Some(GATEWAY_DAY));
        assert_eq!(
            (refused.usage.day_left, refused.retry_after),
            (Some(0), 400)
        );
    }
}
