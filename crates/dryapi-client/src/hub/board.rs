//! Every job somebody waits for, what is known of it, and who is looked at when. No socket, no
//! clock, no task: news, looks and time are handed in.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryapi_types::{AnyTask, JobState, Meta, Operation, RateLimit, RequestId, Window};

use super::allowance::{Allowance, Now};
use super::entry::Entry;
use super::inbox::Listeners;
use super::news::{News, Origin};
use super::pace::{self, Teller};
use super::queue::{Queue, Slot};
use super::recent::Recent;
use super::schedule::Schedule;
use super::usual::Usual;
use super::watched::Watched;
use crate::error::{Error, ErrorKind};
use crate::ticket::JobTicket;

/// At most so many looks at once.
const AT_ONCE: usize = 8;
/// Between two looks that said nothing, at most.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
/// Jobs of others that are kept while somebody listens to the whole account.
const MOST_FOLLOWED: usize = 10_000;

/// The task that drives a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Driver(u64);

/// A look to be made.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) slot: Slot,
    pub(super) ticket: JobTicket,
}

/// What a look showed.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) news: News,
    pub(super) limit: Option<RateLimit>,
}

/// What is to be done now, and when to ask again.
#[derive(Debug)]
pub(super) struct Agenda {
    pub(super) looks: Vec<Order>,
    pub(super) wake: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct Board {
    slots: HashMap<Slot, Entry>,
    by_id: HashMap<RequestId, Slot>,
    last_slot: Slot,
    queue: Queue,
    usual: Usual,
    allowance: Allowance,
    recent: Recent,
    pub(super) listeners: Listeners,
    teller: Teller,
    schedule: Option<Schedule>,
    in_flight: usize,
    /// Jobs that are not over.
    open: usize,
    seats: usize,
    /// The task that drives this.
    driver: Option<Driver>,
    last_driver: u64,
}

impl Board {
    pub(super) fn new(teller: Teller, schedule: Option<Schedule>) -> Self {
        Self {
            slots: HashMap::new(),
            by_id: HashMap::new(),
            last_slot: 0,
            queue: Queue::default(),
            usual: Usual::default(),
            allowance: Allowance::default(),
            recent: Recent::default(),
            listeners: Listeners::default(),
            teller,
            schedule,
            in_flight: 0,
            open: 0,
            seats: 0,
            driver: None,
            last_driver: 0,
        }
    }

    /// Whether anybody waits or listens.
    pub(super) fn is_needed(&self) -> bool {
        self.seats > 0 || self.listeners.any()
    }

    /// Whether a task drives this.
    pub(super) const fn is_driven(&self) -> bool {
        self.driver.is_some()
    }

    /// A task drives this from now on.
    pub(super) fn driven(&mut self) -> Driver {
        self.last_driver += 1;
        let driver = Driver(self.last_driver);
        self.driver = Some(driver.clone());
        driver
    }

    /// A task stops driving this: with its looks, which are nobody's any more.
    pub(super) fn released(&mut self, driver: &Driver) {
        if self.driver.as_ref() != Some(driver) {
            return;
        }
        self.driver = None;
        self.in_flight = 0;
        for (slot, entry) in &mut self.slots {
            entry.in_flight = false;
            entry.queued = entry.due;
            if let Some(due) = entry.due {
                self.queue.push(due, *slot);
            }
            // Whoever waits sees to it that another task drives.
            entry.watched.wake();
        }
        self.listeners.wake();
    }

    /// Who tells of jobs beside the looks at them.
    pub(super) const fn teller(&self) -> Teller {
        self.teller
    }

    /// Somebody waits for a job.
    pub(super) fn join(
        &mut self,
        ticket: &JobTicket,
        meta: &'static Meta,
        now: Now,
    ) -> (Slot, Arc<Watched>) {
        let known = self.by_id.get(ticket.request_id()).copied();
        let slot = known.unwrap_or_else(|| self.add(ticket.clone(), meta, now));
        self.seats += 1;
        let Some(entry) = self.slots.get_mut(&slot) else {
            return (slot, Arc::default());
        };
        entry.seats += 1;
        let watched = Arc::clone(&entry.watched);
        self.plan(slot, now.at);
        (slot, watched)
    }

    fn add(&mut self, ticket: JobTicket, meta: &'static Meta, now: Now) -> Slot {
        self.last_slot += 1;
        let (slot, id) = (self.last_slot, ticket.request_id().clone());
        let entry = Entry::new(ticket, meta, now);
        // What was told before anybody waited.
        if let Some(news) = self.recent.take(&id) {
            entry.watched.hear(news);
        }
        self.open += usize::from(entry.is_open());
        self.by_id.insert(id, slot);
        self.slots.insert(slot, entry);
        slot
    }

    /// Somebody stopped waiting; the last one's cost goes with them.
    pub(super) fn leave(&mut self, slot: Slot) {
        self.seats = self.seats.saturating_sub(1);
        if let Some(entry) = self.slots.get_mut(&slot) {
            entry.seats = entry.seats.saturating_sub(1);
            entry.wanted &= entry.seats > 0;
        }
        self.drop_unless_kept(slot);
    }

    fn drop_unless_kept(&mut self, slot: Slot) {
        if self.slots.get(&slot).is_some_and(|entry| !entry.is_kept())
            && let Some(entry) = self.slots.remove(&slot)
        {
            self.open -= usize::from(entry.is_open());
            self.by_id.remove(entry.ticket.request_id());
        }
    }

    /// Nobody listens to the whole account any more.
    pub(super) fn follow_none(&mut self) {
        let followed: Vec<Slot> = self.slots.keys().copied().collect();
        for slot in followed {
            if let Some(entry) = self.slots.get_mut(&slot) {
                entry.followed = false;
            }
            self.drop_unless_kept(slot);
        }
    }

    /// News that came by themselves.
    pub(super) fn hear(&mut self, id: &RequestId, news: News, now: Now) {
        let slot = match self.by_id.get(id) {
            Some(slot) => *slot,
            None if self.listeners.any() && self.slots.len() < MOST_FOLLOWED => {
                let slot = self.add(JobTicket::new(id.clone()), AnyTask::META, now);
                if let Some(entry) = self.slots.get_mut(&slot) {
                    entry.followed = true;
                }
                slot
            }
            None => return self.recent.keep(id.clone(), news),
        };
        self.take(slot, news, now.at);
    }

    fn take(&mut self, slot: Slot, news: News, now: Instant) {
        let Some(entry) = self.slots.get_mut(&slot) else {
            return;
        };
        let origin = news.origin;
        let was_open = entry.is_open();
        entry.heard = now;
        if let Some(seen) = entry.watched.hear(news) {
            self.listeners.tell(&entry.ticket, origin, &seen);
        }
        let age = entry.age(now);
        match (was_open, entry.is_open(), origin) {
            (true, false, Origin::Push) => self.usual.finished(&entry.kind, age),
            (true, false, Origin::Poll) if entry.watched.seen().status.state == JobState::Done => {
                self.usual.found(&entry.kind, age, entry.looks <= 1);
            }
            (true, true, Origin::Push | Origin::Poll) => {
                self.usual.unfinished(&entry.kind, age);
                entry.resync = None;
            }
            _ => {}
        }
        if was_open && !entry.is_open() {
            self.open -= 1;
            entry.resync = None;
            entry.followed = false;
        }
        entry.wanted &= !entry.watched.is_read();
        self.plan(slot, now);
        self.drop_unless_kept(slot);
    }

    /// Somebody needs a look now: something is missing, or their time is up. Whether one is made.
    pub(super) fn want(&mut self, slot: Slot, now: Instant) -> bool {
        let possible = self.allowance.wait(now, 0).is_none();
        let Some(entry) = self.slots.get_mut(&slot) else {
            return false;
        };
        entry.wanted = true;
        let on_its_way = entry.in_flight;
        self.plan(slot, now);
        possible || on_its_way
    }

    /// What a look showed, or why it showed nothing.
    pub(super) fn looked(&mut self, slot: Slot, result: Result<Looked, Error>, now: Now) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let Some(entry) = self.slots.get_mut(&slot) else {
            if let Ok(looked) = &result {
                let limit = looked.limit.as_ref();
                self.allowance.answered(limit, now, self.in_flight);
            }
            return;
        };
        entry.in_flight = false;
        let watched = Arc::clone(&entry.watched);
        let answered = result.is_ok();
        match result {
            Ok(looked) => {
                entry.looks = entry.looks.saturating_add(1);
                entry.last_look = Some(now.at);
                entry.failures = 0;
                // A look that was on its way when the job ended shows less than is known: again.
                let late = entry.wanted && !looked.news.status.state.is_terminal();
                entry.wanted &= late && !entry.is_open();
                entry.not_before = late.then(|| now.at.checked_add(second(0))).flatten();
                let limit = looked.limit.as_ref();
                self.allowance.answered(limit, now, self.in_flight);
                self.take(slot, looked.news, now.at);
            }
            Err(error) => self.bear(slot, error, now),
        }
        watched.looked(answered);
    }

    /// Bears what says nothing about the job, for as long as it asks to be left alone.
    fn bear(&mut self, slot: Slot, error: Error, now: Now) {
        let Some(entry) = self.slots.get_mut(&slot) else {
            return;
        };
        let young = error.kind() == ErrorKind::NotFound && entry.is_young(now.at);
        if !error.kind().is_transient() && !young {
            entry.due = None;
            entry.watched.break_off(error);
            return;
        }
        if let Some(limit) = error.rate_limit() {
            self.allowance.refused(limit, now);
        }
        let backoff = second(entry.failures);
        entry.failures = entry.failures.saturating_add(1);
        let told = error.retry_after().unwrap_or_default();
        entry.not_before = now.at.checked_add(told.max(backoff));
        entry.watched.bear(error.clone(), entry.not_before);
        self.plan(slot, now.at);
        let daily = error.rate_limit().map(|limit| limit.window) == Some(Window::Daily);
        if daily {
            let until = self.allowance.day_ends();
            for entry in self.slots.values() {
                entry.watched.bear(error.clone(), until);
            }
        }
    }

    /// Something may have been missed: every open job is read once, those expected soonest first.
    pub(super) fn resync(&mut self, now: Instant) {
        let slots: Vec<Slot> = self.slots.keys().copied().collect();
        for slot in slots {
            let Some(entry) = self.slots.get_mut(&slot) else {
                continue;
            };
            if entry.is_open() {
                let known = entry.known(&self.usual);
                let at = pace::again_after_a_gap(&known).unwrap_or(now).max(now);
                entry.resync = Some(entry.resync.unwrap_or(at).min(at));
                self.plan(slot, now);
            }
        }
    }

    /// Who tells of jobs from now on.
    pub(super) fn tells(&mut self, teller: Teller, now: Instant) {
        if self.teller == teller {
            return;
        }
        self.teller = teller;
        let slots: Vec<Slot> = self.slots.keys().copied().collect();
        for slot in slots {
            self.plan(slot, now);
        }
    }

    /// Settles anew when a job is looked at.
    fn plan(&mut self, slot: Slot, now: Instant) {
        self.reckon(slot, now);
        self.enqueue(slot);
    }

    fn reckon(&mut self, slot: Slot, now: Instant) {
        let spare = self.allowance.spare(self.open);
        let stretch = pace::stretch(spare, self.open);
        let schedule = self.schedule.as_ref();
        let Some(entry) = self.slots.get_mut(&slot) else {
            return;
        };
        entry.plan(now, &self.usual, self.teller, schedule, stretch);
        if let Some(ends) = self.allowance.day_ends().filter(|_| spare == Some(0)) {
            entry.keep_to_reserve(&self.usual, ends, self.open);
        }
    }

    fn enqueue(&mut self, slot: Slot) {
        let Some(entry) = self.slots.get_mut(&slot) else {
            return;
        };
        if entry.ready {
            // One that becomes urgent among those that are due moves ahead of them.
            if entry.wanted && !std::mem::replace(&mut entry.urgent, true) {
                self.queue.push_ready(0, entry.accepted, slot);
            }
        } else if let Some(due) = entry.due
            && entry.queued.is_none_or(|queued| due < queued)
        {
            entry.queued = Some(due);
            self.queue.push(due, slot);
        }
    }

    /// The looks to be made now, and when to ask again.
    pub(super) fn agenda(&mut self, now: Now) -> Agenda {
        while let Some((at, slot)) = self.queue.pop_due(now.at) {
            let Some(entry) = self.slots.get_mut(&slot) else {
                continue;
            };
            if entry.queued != Some(at) {
                continue;
            }
            entry.queued = None;
            self.make_ready(slot, now.at);
        }
        let mut looks = Vec::new();
        let mut wake = None;
        while self.queue.has_ready() {
            if self.in_flight >= AT_ONCE {
                break;
            }
            if let Some(at) = self.allowance.wait(now.at, self.in_flight) {
                wake = Some(at);
                break;
            }
            let Some(slot) = self.queue.pop_ready() else {
                break;
            };
            looks.extend(self.order(slot, now.at));
        }
        let next = self.queue.next();
        let wake = match (wake, next) {
            (Some(wake), Some(next)) => Some(wake.min(next)),
            (wake, next) => wake.or(next),
        };
        Agenda { looks, wake }
    }

    /// Moves a job among those that are due, unless it is not due any more.
    fn make_ready(&mut self, slot: Slot, now: Instant) {
        let Some(entry) = self.slots.get_mut(&slot) else {
            return;
        };
        let Some(due) = entry.due.filter(|_| !entry.in_flight) else {
            return;
        };
        if due > now {
            entry.queued = Some(due);
            return self.queue.push(due, slot);
        }
        entry.ready = true;
        entry.urgent = entry.wanted;
        let class = u8::from(!entry.wanted);
        let expected = entry.expected(&self.usual);
        self.queue.push_ready(class, expected, slot);
    }

    /// The look at a job whose turn it is, unless it is not due any more.
    fn order(&mut self, slot: Slot, now: Instant) -> Option<Order> {
        let entry = self.slots.get_mut(&slot)?;
        if !std::mem::take(&mut entry.ready) {
            return None;
        }
        // What was learned since may say that it is too early.
        self.reckon(slot, now);
        let entry = self.slots.get_mut(&slot)?;
        let due = entry.due.filter(|_| !entry.in_flight)?;
        if due > now {
            self.enqueue(slot);
            return None;
        }
        if self.allowance.spare(self.open) == Some(0) {
            entry.reserve_spent = self.allowance.day_ends();
        }
        entry.in_flight = true;
        entry.queued = None;
        self.in_flight += 1;
        self.allowance.spend(now);
        Some(Order {
            slot,
            ticket: entry.ticket.clone(),
        })
    }

    /// A look outside the board was answered: it counts, and what it showed is news.
    pub(super) fn looked_outside(
        &mut self,
        id: &RequestId,
        looked: Result<Looked, &RateLimit>,
        now: Now,
    ) {
        self.allowance.spend(now.at);
        match looked {
            Ok(looked) => {
                let limit = looked.limit.as_ref();
                self.allowance.answered(limit, now, self.in_flight);
                if self.by_id.contains_key(id) {
                    self.hear(id, looked.news, now);
                }
            }
            Err(limit) => self.allowance.refused(limit, now),
        }
    }
}

/// 1 s, 2 s, 4 s and so on.
fn second(failures: u32) -> Duration {
    Duration::from_secs(1_u64 << failures.min(16)).min(LONGEST_BACKOFF)
}

#[cfg(test)]
mod tests;
