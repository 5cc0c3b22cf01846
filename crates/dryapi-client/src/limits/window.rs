//! What is left of one bucket: any 60 seconds, and a day of UTC by the service's clock.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dryapi_transport::Clock;
use dryapi_types::{Limit, RateLimit, Window as Hit};

/// A minute and some: how the service's minutes are aligned is not known.
pub(crate) const MINUTE: Duration = Duration::from_secs(61);
const DAY: u64 = 86_400;

/// Now, in both times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    pub(crate) at: Instant,
    pub(crate) wall: SystemTime,
}

impl Now {
    pub(crate) fn of(clock: &dyn Clock) -> Self {
        Self {
            at: clock.now(),
            wall: clock.wall(),
        }
    }
}

/// What is left of one bucket.
#[derive(Clone, Debug, Default)]
pub(crate) struct Window {
    /// Requests in any minute, where that is known.
    minute: Option<u64>,
    /// When the requests of the last minute were answered, the last moment they can have counted.
    latest: VecDeque<Instant>,
    /// Those on their way: counted at any moment from now on.
    in_flight: u64,
    /// Where a day has a limit.
    day: Option<Day>,
    /// Nothing before: a 429 asked for it, or others used the minute up.
    refused_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Day {
    limit: u64,
    left: u64,
    ends: Instant,
}

/// What is left of a minute or a day, and when it is all there again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) limit: u64,
    pub(crate) left: u64,
    pub(crate) resets: Instant,
}

impl Window {
    /// What nobody told yet is taken from a plan.
    pub(crate) fn assume(&mut self, limit: Limit, now: Now) {
        self.minute.get_or_insert(u64::from(limit.minute));
        if let Some(day) = limit.day {
            let limit = u64::from(day);
            self.day.get_or_insert_with(|| Day {
                limit,
                left: limit,
                ends: midnight(None, now),
            });
        }
    }

    /// So many requests in any minute, whoever tells otherwise.
    pub(crate) fn allow(&mut self, minute: u64) {
        self.minute = Some(minute.max(1));
    }

    /// When the next request may be sent, where that is not now.
    pub(crate) fn wait(&mut self, now: Instant) -> Option<Instant> {
        self.settle(now);
        let day = self.day.filter(|day| day.left == 0).map(|day| day.ends);
        let minute = self.minute.filter(|limit| self.sent() >= *limit);
        let minute = minute.and_then(|limit| {
            // With a limit that became smaller, more than one must be past.
            let over = usize::try_from(self.sent() - limit).unwrap_or(usize::MAX);
            // Those on their way are waited for before their minute begins.
            self.latest.get(over).unwrap_or(&now).checked_add(MINUTE)
        });
        [day, minute, self.refused_until]
            .into_iter()
            .flatten()
            .max()
    }

    /// A request is sent.
    pub(crate) fn begin(&mut self, now: Instant) {
        self.settle(now);
        self.in_flight += 1;
        if let Some(day) = &mut self.day {
            day.left = day.left.saturating_sub(1);
        }
    }

    /// A request was answered, or will not be.
    pub(crate) fn end(&mut self, now: Instant) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.latest.push_back(now);
    }

    /// A request was not sent after all.
    pub(crate) fn give_back(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(day) = &mut self.day {
            day.left = (day.left + 1).min(day.limit);
        }
    }

    /// How many are on their way.
    pub(crate) const fn in_flight(&self) -> u64 {
        self.in_flight
    }

    /// The answer to a request that is still held to be on its way said what is left; others on
    /// their way were perhaps not counted yet.
    pub(crate) fn told(&mut self, told: &RateLimit, now: Now) {
        let in_flight = self.in_flight.saturating_sub(1);
        if let Some(limit) = told.minute_limit.filter(|limit| *limit > 0) {
            self.allow(limit);
        }
        let elsewhere = told.minute_left.is_some_and(|left| left <= in_flight);
        if elsewhere && told.retry_after.is_none() {
            // Others of the account asked, too.
            let used = self.minute.is_none_or(|limit| self.sent() < limit);
            self.refuse(now.at.checked_add(MINUTE).filter(|_| used));
        }
        // Whoever tells of the minute alone has no limit a day, or none any more.
        let minute_alone = told.minute_limit.is_some() && told.daily_left.is_none();
        if minute_alone || told.daily_limit == Some(0) {
            self.day = None;
        } else if let Some(left) = told.daily_left {
            self.day = Some(Day {
                // A limit that nobody told is known again when the next answer tells what is left.
                limit: told
                    .daily_limit
                    .or(self.day.map(|day| day.limit))
                    .unwrap_or(u64::MAX),
                left: left.saturating_sub(in_flight),
                ends: midnight(told.date, now),
            });
        }
    }

    /// A request was refused with a 429.
    pub(crate) fn refused(&mut self, told: &RateLimit, now: Now) {
        let wait = told.wait(now.wall).max(Duration::from_secs(1));
        let until = now.at.checked_add(wait);
        if told.window == Hit::Daily {
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

    /// What is left of the minute, where it has a limit.
    pub(crate) fn minute(&mut self, now: Instant) -> Option<Left> {
        self.settle(now);
        let limit = self.minute?;
        let refused = self.refused_until;
        let first = self.latest.back().and_then(|last| last.checked_add(MINUTE));
        Some(Left {
            limit,
            left: if refused.is_some() {
                0
            } else {
                limit.saturating_sub(self.sent())
            },
            resets: refused.max(first).unwrap_or(now),
        })
    }

    /// What is left of the day, where it has a limit.
    pub(crate) fn day(&self) -> Option<Left> {
        self.day.map(|day| Left {
            limit: day.limit,
            left: day.left,
            resets: day.ends,
        })
    }

    fn sent(&self) -> u64 {
        let latest = u64::try_from(self.latest.len()).unwrap_or(u64::MAX);
        latest.saturating_add(self.in_flight)
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

    fn spend(window: &mut Window, at: Instant) {
        window.begin(at);
        window.end(at);
    }

    fn after(now: Now, seconds: u64) -> Instant {
        now.at + Duration::from_secs(seconds)
    }

    #[test]
    fn nothing_waits_before_anything_is_known() {
        let (mut window, now) = (Window::default(), start());
        for _ in 0..1000 {
            assert_eq!(window.wait(now.at), None);
            spend(&mut window, now.at);
        }
        window.told(&told(3, None), now);
        assert_eq!(window.wait(now.at), Some(after(now, 61)));
    }

    #[test]
    fn any_minute_holds_what_was_told() {
        let (mut window, now) = (Window::default(), start());
        window.assume(Limit::new(3, None), now);
        for seconds in [0, 10, 20] {
            assert_eq!(window.wait(after(now, seconds)), None);
            spend(&mut window, after(now, seconds));
        }
        assert_eq!(window.wait(after(now, 30)), Some(after(now, 61)));
        assert_eq!(window.wait(after(now, 61)), None);
        spend(&mut window, after(now, 61));
        assert_eq!(window.wait(after(now, 62)), Some(after(now, 71)));
    }

    #[test]
    fn a_minute_begins_when_it_was_answered() {
        let (mut window, now) = (Window::default(), start());
        window.assume(Limit::new(1, None), now);
        window.begin(now.at);
        assert!(
            window.wait(after(now, 300)).is_some(),
            "a long upload still counts"
        );
        window.end(after(now, 300));
        assert_eq!(window.wait(after(now, 300)), Some(after(now, 361)));
    }

    #[test]
    fn what_others_sent_counts() {
        let (mut window, now) = (Window::default(), start());
        let mut limit = told(10, None);
        limit.minute_left = Some(0);
        window.told(&limit, now);
        assert_eq!(window.wait(now.at), Some(after(now, 61)));
    }

    #[test]
    fn a_day_ends_at_the_services_midnight() {
        let (mut window, now) = (Window::default(), start());
        let mut limit = told(50, Some((200, 2)));
        window.told(&limit, now);
        assert_eq!(window.day().unwrap().resets, after(now, 60));
        limit.date = Some(now.wall - Duration::from_secs(3600));
        window.begin(now.at);
        window.begin(now.at);
        window.told(&limit, now);
        assert_eq!(window.day().unwrap().left, 1, "one more is on its way");
        window.begin(now.at);
        assert_eq!(window.wait(now.at), Some(after(now, 3660)));
        assert_eq!(window.wait(after(now, 3660)), None);
        assert_eq!(window.day().unwrap().left, 200);
    }

    #[test]
    fn a_plan_that_was_bought_has_no_day() {
        for bought in [told(300, None), told(300, Some((0, 0)))] {
            let (mut window, now) = (Window::default(), start());
            window.told(&told(3, Some((100, 0))), now);
            assert!(window.wait(now.at).is_some());
            window.told(&bought, now);
            assert_eq!(window.wait(now.at), None);
        }
    }

    #[test]
    fn a_refusal_is_believed() {
        let (mut window, now) = (Window::default(), start());
        let mut limit = RateLimit::default();
        window.refused(&limit, now);
        assert_eq!(window.wait(now.at), Some(after(now, 60)));
        limit.window = Hit::Daily;
        limit.retry_after = Some(dryapi_types::RetryAfter::In(Duration::from_secs(500)));
        window.refused(&limit, now);
        assert_eq!(window.wait(now.at), Some(after(now, 500)));
        assert_eq!(window.wait(after(now, 500)), None);
    }
}
