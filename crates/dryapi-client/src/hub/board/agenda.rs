//! Who is looked at now.

use std::time::Instant;

use super::Board;
use crate::hub::pace;
use crate::hub::queue::Slot;
use crate::limits::window::Now;
use crate::ticket::JobTicket;

/// At most so many looks at once.
const AT_ONCE: usize = 8;

/// A look to be made.
#[derive(Clone, Debug)]
pub(in crate::hub) struct Order {
    pub(in crate::hub) slot: Slot,
    pub(in crate::hub) ticket: JobTicket,
}

/// What is to be done now, and when to ask again.
#[derive(Debug)]
pub(in crate::hub) struct Agenda {
    pub(in crate::hub) looks: Vec<Order>,
    pub(in crate::hub) wake: Option<Instant>,
}

impl Board {
    /// Settles anew when a job is looked at.
    pub(super) fn plan(&mut self, slot: Slot, now: Instant) {
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
    pub(in crate::hub) fn agenda(&mut self, now: Now) -> Agenda {
        if self.queue.len() > 2 * self.slots.len() + 64 {
            self.requeue();
        }
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
            if let Some(at) = self.allowance.wait(now.at) {
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

    /// Forgets those that left or are not due any more.
    pub(super) fn requeue(&mut self) {
        self.queue.clear();
        for (slot, entry) in &mut self.slots {
            (entry.ready, entry.urgent) = (false, false);
            entry.queued = entry.due;
            if let Some(due) = entry.due {
                self.queue.push(due, *slot);
            }
        }
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
}
