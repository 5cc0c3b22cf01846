//! What is left of one bucket: any 60 seconds, and a day of UTC. No store, no clock.
//!
//! All processes of an account share this value, so every moment in it is of the time of day, and
//! a request of a process that died ends by itself.

use std::time::{Duration, SystemTime};

use dryapi_types::{Limit, RateLimit, Window as Hit};
use serde::{Deserialize, Serialize};

use super::left::{LearnedFrom, Left, Wait};
use crate::millis::{self, later};

/// A minute and some, in milliseconds: how the service's minutes are aligned is not known, and the
/// clocks of an account's machines differ a little.
const MINUTE: u64 = 61_000;
const DAY: u64 = 86_400_000;
/// A day's limit is reset at midnight: one absurd answer must not keep all processes away for longer.
const LONGEST: Duration = Duration::from_secs(25 * 3600);
/// With no limit known, no more requests than these are remembered.
const MOST: usize = 1024;

/// What is left of one bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Window {
    /// Requests in any minute, where that is known.
    #[serde(default)]
    minute: Option<u64>,
    /// Where a day has a limit.
    #[serde(default)]
    day: Option<Day>,
    /// Nothing before: a 429 asked for it.
    #[serde(default)]
    refused_until: Option<u64>,
    /// When a request was last answered.
    #[serde(default)]
    answered: u64,
    /// Who told the limits.
    #[serde(default)]
    pub(super) from: Option<LearnedFrom>,
    /// Those of the last minute, and those on their way.
    #[serde(default)]
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Day {
    limit: u64,
    left: u64,
    ends: u64,
}

/// One request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// 0: another program's.
    #[serde(rename = "i")]
    id: u64,
    /// When it began.
    #[serde(rename = "b")]
    since: u64,
    /// The last moment at which it can have counted; that of one on its way is ahead.
    #[serde(rename = "c")]
    counts: u64,
    /// Whether it is on its way.
    #[serde(rename = "o", default, skip_serializing_if = "std::ops::Not::not")]
    open: bool,
}

impl Window {
    /// What nobody told yet is taken from a plan.
    pub(super) fn assume(&mut self, limit: Limit, now: u64) {
        if self.from.is_some() {
            return;
        }
        self.from = Some(LearnedFrom::Plan);
        self.minute.get_or_insert(u64::from(limit.minute));
        if let (Some(limit), None) = (limit.day.map(u64::from), self.day) {
            // Those that began before anybody counted, count.
            let today = now - now % DAY;
            let sent = self.places.iter().filter(|place| place.since >= today);
            let sent = u64::try_from(sent.count()).unwrap_or(limit);
            self.day = Some(Day {
                limit,
                left: limit.saturating_sub(sent),
                ends: midnight(None, now),
            });
        }
    }

    /// Why the next request may not be sent now, where it may not.
    pub(super) fn wait(&mut self, now: u64) -> Option<Wait> {
        self.settle(now);
        let day = self.day.filter(|day| day.left == 0).map(|day| day.ends);
        let full = self.minute.filter(|limit| self.sent() >= *limit);
        let minute = full.and_then(|limit| {
            let mut counts: Vec<u64> = self.places.iter().map(|place| place.counts).collect();
            counts.sort_unstable();
            // With a limit that became smaller, more than one must be past.
            let over = usize::try_from(self.sent() - limit).unwrap_or(usize::MAX);
            counts.get(over).map(|at| at.saturating_add(MINUTE))
        });
        let until = day.max(minute).max(self.refused_until)?;
        let firm = day.max(self.refused_until).is_some_and(|at| at == until);
        Some(Wait {
            until: millis::moment(until),
            day: day == Some(until),
            perhaps_earlier: !firm && self.open() > 0,
        })
    }

    /// A request is sent, and counts at some moment from now on, at most so long ahead.
    pub(super) fn enter(&mut self, id: u64, now: u64, hold: Duration) {
        self.settle(now);
        if self.minute.is_none() && self.places.len() >= MOST {
            self.places.remove(0);
        }
        self.places.push(Place {
            id,
            since: now,
            counts: later(now, hold),
            open: true,
        });
        if let Some(day) = &mut self.day {
            day.left = day.left.saturating_sub(1);
        }
    }

    /// A request was answered, perhaps with a word about limits.
    pub(super) fn answered(&mut self, id: u64, told: Option<&RateLimit>, now: u64) {
        self.settle(now);
        let since = self.close(id, now);
        if let Some(told) = told {
            self.told(told, since, now);
        }
        self.answered = self.answered.max(now);
    }

    /// A request was refused with a 429.
    pub(super) fn refused(&mut self, id: u64, told: &RateLimit, now: u64) {
        self.settle(now);
        self.close(id, now);
        self.answered = self.answered.max(now);
        self.from = Some(LearnedFrom::Refusal);
        if let Some(limit) = told.minute_limit.filter(|limit| *limit > 0) {
            self.minute = Some(limit);
        }
        let wait = told.wait(millis::moment(now));
        let wait = wait.clamp(Duration::from_secs(1), LONGEST);
        let until = later(now, wait);
        if told.window == Hit::Daily {
            let limit = told.daily_limit.or(self.day.map(|day| day.limit));
            self.day = Some(Day {
                limit: limit.unwrap_or(u64::MAX),
                left: 0,
                ends: until,
            });
        } else {
            self.refused_until = self.refused_until.max(Some(until));
        }
    }

    /// A request was provably never sent: it does not count.
    pub(super) fn give_back(&mut self, id: u64, now: u64) {
        self.settle(now);
        let Some(index) = self.places.iter().position(|place| place.id == id) else {
            return;
        };
        let place = self.places.remove(index);
        if let Some(day) = &mut self.day {
            let today = place.since >= day.ends.saturating_sub(DAY);
            day.left = (day.left + u64::from(today)).min(day.limit);
        }
    }

    /// What is left of the minute, where it has a limit.
    pub(super) fn minute(&mut self, now: u64) -> Option<Left> {
        self.settle(now);
        let limit = self.minute?;
        let last = self.places.iter().map(|place| place.counts).max();
        let resets = last.map(|last| last.saturating_add(MINUTE));
        let left = limit.saturating_sub(self.sent());
        Some(Left {
            limit,
            left: if self.refused_until.is_some() {
                0
            } else {
                left
            },
            resets: millis::moment(self.refused_until.max(resets).unwrap_or(now)),
        })
    }

    /// What is left of the day, where it has a limit.
    pub(super) fn day(&mut self, now: u64) -> Option<Left> {
        self.settle(now);
        self.day.map(|day| Left {
            limit: day.limit,
            left: day.left,
            resets: millis::moment(day.ends),
        })
    }

    /// An answer said what is left. Those still on their way were perhaps not counted yet.
    fn told(&mut self, told: &RateLimit, since: Option<u64>, now: u64) {
        let open = self.open();
        if let Some(limit) = told.minute_limit.filter(|limit| *limit > 0) {
            self.minute = Some(limit);
            self.from = Some(LearnedFrom::Header);
            let used = limit.saturating_sub(told.minute_left.unwrap_or(limit));
            // Other programs of the account asked, too: perhaps just now.
            for _ in self.sent()..used {
                self.places.push(Place {
                    id: 0,
                    since: now,
                    counts: now,
                    open: false,
                });
            }
        }
        if let Some(left) = told.daily_left {
            self.from = Some(LearnedFrom::Header);
            // Answers overtake each other: what is told is the truth only to a request that was
            // alone. Otherwise it may lower the count, not raise it; and it lowers it where
            // somebody else asked, for those on their way are off the count already.
            let alone = open == 0 && since.is_some_and(|since| since > self.answered);
            let ends = midnight(told.date, now);
            let today = |day: &Day| day.ends.abs_diff(ends) < DAY / 2;
            let known = self.day.filter(|day| !alone && today(day));
            let known = known.map(|day| day.left);
            let told_left = match known {
                Some(known) if known <= left => known,
                _ => left.saturating_sub(open),
            };
            self.day = Some(Day {
                limit: told.daily_limit.unwrap_or(left),
                left: told_left,
                ends,
            });
        }
    }

    /// A request is on its way no more. Says when it began.
    fn close(&mut self, id: u64, now: u64) -> Option<u64> {
        let place = self.places.iter_mut().find(|place| place.id == id)?;
        place.open = false;
        place.counts = place.counts.min(now);
        Some(place.since)
    }

    fn open(&self) -> u64 {
        let open = self.places.iter().filter(|place| place.open);
        u64::try_from(open.count()).unwrap_or(u64::MAX)
    }

    fn sent(&self) -> u64 {
        u64::try_from(self.places.len()).unwrap_or(u64::MAX)
    }

    /// Lets go of what is past.
    fn settle(&mut self, now: u64) {
        for place in self.places.iter_mut().filter(|place| place.counts <= now) {
            place.open = false;
        }
        self.turn_day(now);
        self.places
            .retain(|place| now < place.counts.saturating_add(MINUTE));
        self.refused_until = self.refused_until.filter(|until| *until > now);
    }

    /// Begins another day where the last one is over.
    fn turn_day(&mut self, now: u64) {
        let Some(day) = self.day.filter(|day| day.ends <= now) else {
            return;
        };
        // A limit that nobody told is known again when the next refusal comes.
        let known = day.limit < u64::MAX;
        let past = (now - day.ends) / DAY;
        // One that was on its way at midnight may count on either day.
        let late = self.places.iter().filter(|place| place.counts >= day.ends);
        let late = u64::try_from(late.count()).unwrap_or(u64::MAX);
        self.day = known.then(|| Day {
            left: day.limit.saturating_sub(if past == 0 { late } else { 0 }),
            ends: day.ends + DAY * (1 + past),
            ..day
        });
    }
}

/// When the service's day ends: by its own clock where it told it, else by ours.
fn midnight(date: Option<SystemTime>, now: u64) -> u64 {
    let theirs = date.map_or(now, millis::of);
    now.saturating_add(DAY - theirs % DAY)
}

#[cfg(test)]
mod tests;
