//! One watched job, as the hub's board keeps it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_types::{JobState, Meta};

use super::pace::{self, Known, Teller};
use super::schedule::Schedule;
use super::usual::{Kind, Usual};
use super::watched::Watched;
use crate::deadline;
use crate::error::Error;
use crate::limits::window::Now;
use crate::ticket::JobTicket;

/// A job this young may not be found yet.
const YOUNG: Duration = Duration::from_secs(60);
/// Where the kind of task is not known.
const USUAL: Duration = Duration::from_secs(5);

/// The looks at a job.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Looks {
    /// When the last was answered.
    pub(super) last: Option<Instant>,
    /// How many were.
    pub(super) count: u32,
    /// How many in a row said nothing about the job.
    pub(super) failures: u32,
    /// No look before.
    pub(super) not_before: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) watched: Arc<Watched>,
    pub(super) ticket: JobTicket,
    pub(super) kind: Kind,
    /// How many wait for it.
    pub(super) seats: u32,
    /// Whether it is kept for those who listen to the whole account.
    pub(super) followed: bool,
    pub(super) accepted: Instant,
    /// Whether we know when it was accepted.
    ours: bool,
    pub(super) heard: Instant,
    pub(super) looks: Looks,
    pub(super) in_flight: bool,
    /// Somebody waits for a look, whatever the schedule.
    pub(super) wanted: bool,
    /// How many of those looks showed less than is known.
    pub(super) late: u32,
    /// Whether something may have been missed: read it then.
    pub(super) resync: Option<Instant>,
    /// The end of the day whose reserved look was spent.
    pub(super) reserve_spent: Option<Instant>,
    /// When to look; none where nothing more is to be seen.
    pub(super) due: Option<Instant>,
    /// The moment it stands in the queue for.
    pub(super) queued: Option<Instant>,
    /// Whether it stands among those that are due.
    pub(super) ready: bool,
    /// Whether it stands at their front.
    pub(super) urgent: bool,
    usual: Duration,
    bound: Duration,
}

impl Entry {
    pub(super) fn new(ticket: JobTicket, meta: &'static Meta, now: Now) -> Self {
        let accepted = ticket.accepted_at().map(|at| {
            let age = now.wall.duration_since(at).unwrap_or_default();
            now.at.checked_sub(age).unwrap_or(now.at)
        });
        let kind = Kind {
            task: ticket.operation(),
            model: ticket.model().map(Arc::from),
        };
        Self {
            watched: Arc::default(),
            kind,
            seats: 0,
            followed: false,
            accepted: accepted.unwrap_or(now.at),
            ours: accepted.is_some(),
            ticket,
            heard: accepted.unwrap_or(now.at),
            looks: Looks::default(),
            in_flight: false,
            wanted: false,
            late: 0,
            resync: None,
            reserve_spent: None,
            due: None,
            queued: None,
            ready: false,
            urgent: false,
            usual: meta.task.map_or(USUAL, |task| task.usual),
            // Those behind the first wait for what it learns no longer than half a wait.
            bound: deadline::wait(meta) / 2,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        !self.watched.is_over()
    }

    /// Whether we know when it was accepted, so that its age is one.
    pub(super) const fn is_ours(&self) -> bool {
        self.ours
    }

    pub(super) fn is_done(&self) -> bool {
        self.watched.seen().status.state == JobState::Done
    }

    pub(super) fn is_kept(&self) -> bool {
        self.seats > 0 || self.followed
    }

    /// Whether a 404 says nothing yet.
    pub(super) fn is_young(&self, now: Instant) -> bool {
        self.ours && self.age(now) < YOUNG
    }

    pub(super) fn age(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.accepted)
    }

    pub(super) fn known(&self, usual: &Usual) -> Known {
        Known {
            accepted: self.accepted,
            heard: self.heard,
            last_look: self.looks.last,
            looks: self.looks.count,
            expected: usual.expected(&self.kind, self.usual, self.bound),
            usual: self.usual,
            most: self.bound * 2,
        }
    }

    /// When it is probably done.
    pub(super) fn expected(&self, usual: &Usual) -> Instant {
        let after = self.known(usual).expected.after;
        self.accepted.checked_add(after).unwrap_or(self.accepted)
    }

    /// Nobody may look before the day ends.
    pub(super) fn refused(&self, (error, until): &(Error, Instant)) {
        let ticket = self.ticket.clone();
        let error = error.clone().with(|inner| inner.job = Some(ticket));
        self.watched.bear(error, Some(*until));
    }

    /// Whether being found done by its first look tells how long it took: not of one that was
    /// picked up late.
    pub(super) fn teaches(&self, usual: &Usual, now: Instant) -> bool {
        let fresh = self.age(now) <= self.known(usual).expected.after * 2;
        self.ours && (self.looks.count > 1 || fresh)
    }

    /// Settles when to look next.
    pub(super) fn plan(
        &mut self,
        now: Instant,
        usual: &Usual,
        teller: Teller,
        schedule: Option<&Schedule>,
        stretch: f64,
    ) {
        let resumed = !self.ours && !self.followed && self.looks.last.is_none();
        self.due = if self.wanted {
            Some(now)
        } else if !self.is_open() {
            None
        } else if resumed || self.looks.failures > 0 {
            // A job picked up again may long be done; a look that said nothing is made again.
            Some(now)
        } else {
            let known = self.known(usual);
            let next = pace::next(&known, teller, schedule);
            let from = self.looks.last.unwrap_or(self.accepted);
            let next = next.and_then(|at| {
                let wait = at.saturating_duration_since(from).mul_f64(stretch);
                from.checked_add(wait)
                    .filter(|_| stretch > 1.0)
                    .or(Some(at))
            });
            match (next, self.resync) {
                (Some(next), Some(resync)) => Some(next.min(resync)),
                (next, resync) => next.or(resync),
            }
        };
        self.due = self.due.max(self.due.and(self.looks.not_before));
    }

    /// Only the looks that each open job is sure of are left of a day: this job's comes when it
    /// helps most.
    pub(super) fn keep_to_reserve(&mut self, usual: &Usual, day_ends: Instant, open: usize) {
        const HALF_A_DAY: Duration = Duration::from_secs(43_200);
        if self.wanted || self.due.is_none() {
            return;
        }
        let spent = self
            .reserve_spent
            .is_some_and(|ends| day_ends.saturating_duration_since(ends) < HALF_A_DAY);
        let at = if spent {
            Some(day_ends)
        } else {
            pace::reserved(&self.known(usual), day_ends, open)
        };
        self.due = at.max(self.looks.not_before);
    }
}
