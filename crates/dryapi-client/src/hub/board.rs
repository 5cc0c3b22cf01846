//! Every job somebody waits for, what is known of it, and who is looked at when. No socket, no
//! clock, no task: news, looks and time are handed in.

mod agenda;
mod looked;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use dryapi_types::{AnyTask, Meta, Operation, RequestId};

pub(super) use self::agenda::Order;
pub(super) use self::looked::Looked;
use super::allowance::Allowance;
use super::entry::Entry;
use super::inbox::Listeners;
use super::news::{News, Origin};
use super::pace::{self, Teller};
use super::queue::{Queue, Slot};
use super::recent::{Known, Recent};
use super::schedule::Schedule;
use super::usual::Usual;
use super::watched::Watched;
use crate::error::Error;
use crate::limits::window::Now;
use crate::ticket::JobTicket;

/// Jobs of others that are kept while somebody listens to the whole account.
const MOST_FOLLOWED: usize = 10_000;

/// The task that drives a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Driver(u64);

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
    /// Jobs that are kept for those who listen to the whole account.
    followed: usize,
    /// The refusal of the day's looks, until the day ends.
    refusal: Option<(Error, Instant)>,
    seats: usize,
    /// Why the push channel was refused, and when it is tried again.
    pub(super) push_refusal: Option<(Error, Instant)>,
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
            followed: 0,
            refusal: None,
            seats: 0,
            push_refusal: None,
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
    pub(super) fn released(&mut self, driver: &Driver, now: Instant) {
        if self.driver.as_ref() != Some(driver) {
            return;
        }
        self.driver = None;
        for _ in 0..std::mem::take(&mut self.in_flight) {
            self.allowance.unanswered(now);
        }
        for entry in self.slots.values_mut() {
            entry.in_flight = false;
            // Whoever waits sees to it that another task drives.
            entry.watched.wake();
        }
        self.requeue();
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
        let mut entry = Entry::new(ticket, meta, now);
        // What was told before anybody waited, or while somebody did.
        if let Some(known) = self.recent.take(&id) {
            entry.looks = known.looks;
            entry.watched.restore(known.standing);
        }
        self.refusal = self.refusal.take().filter(|(_, until)| *until > now.at);
        self.refusal
            .iter()
            .for_each(|refusal| entry.refused(refusal));
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
            let id = entry.ticket.request_id();
            self.by_id.remove(id);
            let known = Known {
                standing: entry.watched.standing(),
                looks: entry.looks,
            };
            self.recent.keep(id, known);
        }
    }

    /// Nobody listens to the whole account any more.
    pub(super) fn follow_none(&mut self) {
        if self.followed == 0 {
            return;
        }
        let slots: Vec<Slot> = self.slots.keys().copied().collect();
        slots.into_iter().for_each(|slot| self.unfollow(slot));
    }

    fn unfollow(&mut self, slot: Slot) {
        if let Some(entry) = self.slots.get_mut(&slot) {
            let followed = std::mem::take(&mut entry.followed);
            self.followed -= usize::from(followed);
        }
        self.drop_unless_kept(slot);
    }

    /// News that came by themselves.
    pub(super) fn hear(&mut self, id: &RequestId, news: News, now: Now) {
        let slot = match self.by_id.get(id) {
            Some(slot) => *slot,
            None if self.listeners.any() && self.followed < MOST_FOLLOWED => {
                let slot = self.add(JobTicket::new(id.clone()), AnyTask::META, now);
                if let Some(entry) = self.slots.get_mut(&slot) {
                    entry.followed = true;
                    self.followed += 1;
                }
                slot
            }
            None => return self.recent.hear(id, news),
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
            (true, false, Origin::Push) if entry.is_ours() => {
                self.usual.finished(&entry.kind, age);
            }
            (true, false, Origin::Poll) if entry.is_done() && entry.teaches(&self.usual, now) => {
                self.usual.found(&entry.kind, age, entry.looks.count <= 1);
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
        }
        entry.wanted &= !entry.watched.is_read();
        let over = !entry.is_open();
        self.plan(slot, now);
        if over {
            self.unfollow(slot);
        }
    }

    /// Somebody needs a look now: something is missing, or their time is up. Whether one is made.
    pub(super) fn want(&mut self, slot: Slot, now: Instant) -> bool {
        let allowed = self.allowance.wait(now).is_none();
        let Some(entry) = self.slots.get_mut(&slot) else {
            return false;
        };
        entry.wanted = true;
        self.plan(slot, now);
        self.slots.get(&slot).is_some_and(|entry| {
            entry.in_flight || allowed && entry.due.is_some_and(|due| due <= now)
        })
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
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod edge_cases;
