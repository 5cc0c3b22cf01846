//! How many looks at statuses the account has left: this minute and this day, in the service's time.
//!
//! Learned from the headers of every answer and from every 429. Before the first answer there is one
//! look at a time; where answers tell nothing, the Basic plan's limit a minute is kept to (Limits
//! page: 50).

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dryapi_types::{RateLimit, Window};

/// A minute and some: how the service's minutes are aligned is not known.
const MINUTE: Duration = Duration::from_secs(61);
const DAY: u64 = 86_400;
const UNTOLD: u64 = 50;

/// Now, in both times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) at: Instant,
    pub(super) wall: SystemTime,
}

/// What is left of the account's looks.
#[derive(Debug)]
pub(super) struct Allowance {
    /// Looks a minute.
    minute: u64,
    /// Whether the service answered a look yet.
    answered: bool,
    /// The looks of the last minute.
    latest: VecDeque<Instant>,
    /// Where a day has a limit.
    day: Option<Day>,
    /// No look before.
    refused_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Day {
    limit: u64,
    left: u64,
    ends: Instant,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            minute: UNTOLD,
            answered: false,
            latest: VecDeque::new(),
            day: None,
            refused_until: None,
        }
    }
}

impl Allowance {
    /// When the next look may be made, where that is not now. `in_flight` are not yet answered.
    pub(super) fn wait(&mut self, now: Instant, in_flight: usize) -> Option<Instant> {
        self.settle(now);
        let far = || now.checked_add(MINUTE);
        if !self.answered && in_flight > 0 {
            return far();
        }
        let day = self.day.filter(|day| day.left == 0).map(|day| day.ends);
        let full = u64::try_from(self.latest.len()).unwrap_or(u64::MAX) >= self.minute;
        let first = self.latest.front().filter(|_| full);
        let minute = first.and_then(|first| first.checked_add(MINUTE));
        let refused = self.refused_until;
        [day, minute, refused].into_iter().flatten().max()
    }

    /// A look is made.
    pub(super) fn spend(&mut self, now: Instant) {
        self.settle(now);
        self.latest.push_back(now);
        if let Some(day) = &mut self.day {
            day.left = day.left.saturating_sub(1);
        }
    }

    /// A look was answered, with or without a word about limits.
    pub(super) fn answered(&mut self, told: Option<&RateLimit>, now: Now, in_flight: usize) {
        self.answered = true;
        let Some(told) = told else { return };
        let in_flight = u64::try_from(in_flight).unwrap_or(u64::MAX);
        if let Some(limit) = told.minute_limit.filter(|limit| *limit > 0) {
            // One in ten is left to whoever else asks.
            self.minute = (limit - limit / 10).max(1);
        }
        if told.minute_left.is_some_and(|left| left <= in_flight) {
            // Others of the account asked, too.
            self.refuse(now.at.checked_add(MINUTE));
        }
        if let Some(left) = told.daily_left {
            self.day = Some(Day {
                limit: told.daily_limit.unwrap_or(left),
                left: left.saturating_sub(in_flight),
                ends: midnight(told.date, now),
            });
        }
    }

    /// A look was refused with a 429.
    pub(super) fn refused(&mut self, told: &RateLimit, now: Now) {
        self.answered(None, now, 0);
        let wait = told.wait(now.wall).max(Duration::from_secs(1));
        let until = now.at.checked_add(wait);
        if told.window == Window::Daily {
            let ends = until.unwrap_or_else(|| midnight(told.date, now));
            let limit = told.daily_limit.or(self.day.map(|day| day.limit));
            self.day = Some(Day {
                limit: limit.unwrap_or(u64::MAX),
                left: 0,
                ends,
            });
        } else {
            self.refuse(until);
        }
    }

    /// What is left of the day beyond these many, where the day has a limit.
    pub(super) fn spare(&self, reserved: usize) -> Option<u64> {
        let reserved = u64::try_from(reserved).unwrap_or(u64::MAX);
        self.day.map(|day| day.left.saturating_sub(reserved))
    }

    /// When the day ends, where it has a limit.
    pub(super) fn day_ends(&self) -> Option<Instant> {
        self.day.map(|day| day.ends)
    }

    fn refuse(&mut self, until: Option<Instant>) {
        self.refused_until = self.refused_until.max(until);
    }

    /// Lets go of what is past.
    fn settle(&mut self, now: Instant) {
        while let Some(first) = self.latest.front() {
            if now.saturating_duration_since(*first) < MINUTE {
                break;
            }
            self.latest.pop_front();
        }
        self.refused_until = self.refused_until.filter(|until| *until > now);
        if let Some(day) = self.day.filter(|day| day.ends <= now) {
            // A limit that nobody told is known again when the next refusal comes.
            let known = day.limit < u64::MAX;
            let next = day.ends.checked_add(Duration::from_secs(DAY));
            self.day = next.filter(|_| known).map(|ends| Day {
                left: day.limit,
                ends,
                ..day
            });
        }
    }
}

/// When the service's day ends: by its own clock where it told it, else by ours.
fn midnight(date: Option<SystemTime>, now: Now) -> Instant {
    let theirs = date.unwrap_or(now.wall);
    let seconds = theirs.duration_since(UNIX_EPOCH).unwrap_or_default();
    let left = DAY - seconds.as_secs() % DAY;
    now.at
        .checked_add(Duration::from_secs(left))
        .unwrap_or(now.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-03-21 23:59:00 UTC.
    const LATE: u64 = 1_774_137_540;

    #[expect(
        clippy::disallowed_methods,
        reason = "an `Instant` has no other origin; its value is never looked at"
    )]
    fn start() -> Now {
        Now {
            at: Instant::now(),
            wall: UNIX_EPOCH + Duration::from_secs(LATE),
        }
    }

    fn told(minute: u64, daily: Option<(u64, u64)>) -> RateLimit {
        let mut told = RateLimit::default();
        told.minute_limit = Some(minute);
        told.daily_limit = daily.map(|(limit, _)| limit);
        told.daily_left = daily.map(|(_, left)| left);
        told
    }

    fn after(now: Now, seconds: u64) -> Instant {
        now.at + Duration::from_secs(seconds)
    }

    #[test]
    fn the_first_answer_is_waited_for() {
        let (mut allowance, now) = (Allowance::default(), start());
        assert_eq!(allowance.wait(now.at, 0), None);
        allowance.spend(now.at);
        assert!(allowance.wait(now.at, 1).is_some());
        allowance.answered(None, now, 0);
        assert_eq!(allowance.wait(now.at, 1), None);
    }

    #[test]
    fn a_minute_holds_what_was_told_less_a_tenth() {
        let (mut allowance, now) = (Allowance::default(), start());
        allowance.answered(Some(&told(10, None)), now, 0);
        for _ in 0..9 {
            assert_eq!(allowance.wait(now.at, 0), None);
            allowance.spend(now.at);
        }
        assert_eq!(allowance.wait(now.at, 0), Some(after(now, 61)));
        assert_eq!(allowance.wait(after(now, 61), 0), None);
    }

    #[test]
    fn a_day_ends_at_the_services_midnight() {
        let (mut allowance, now) = (Allowance::default(), start());
        let mut limit = told(50, Some((200, 2)));
        allowance.answered(Some(&limit), now, 0);
        assert_eq!(allowance.day_ends(), Some(after(now, 60)));
        limit.date = Some(now.wall - Duration::from_secs(3600));
        allowance.answered(Some(&limit), now, 1);
        assert_eq!(allowance.spare(0), Some(1), "one is on its way");
        allowance.spend(now.at);
        assert_eq!(allowance.wait(now.at, 0), Some(after(now, 3660)));
        assert_eq!(allowance.wait(after(now, 3660), 0), None);
        assert_eq!(allowance.spare(50), Some(150));
    }

    #[test]
    fn a_refusal_is_believed() {
        let (mut allowance, now) = (Allowance::default(), start());
        let mut limit = RateLimit::default();
        allowance.refused(&limit, now);
        assert_eq!(allowance.wait(now.at, 0), Some(after(now, 60)));
        limit.window = Window::Daily;
        limit.retry_after = Some(dryapi_types::RetryAfter::In(Duration::from_secs(500)));
        allowance.refused(&limit, now);
        assert_eq!(allowance.wait(now.at, 0), Some(after(now, 500)));
        assert_eq!(allowance.wait(after(now, 500), 0), None);
    }
}
