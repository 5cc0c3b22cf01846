//! Deliveries that are not over: which attempt is due next, and which must wait for another.
//!
//! A job's first attempts go one after another, so that where nothing fails its events arrive in
//! their order; what is tried again goes by its own time, and jobs do not wait for each other.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::letter::{Delivery, Lane};
use crate::key::Key;

/// Every open delivery, by a number of its own.
#[derive(Debug, Default)]
pub(super) struct Queue {
    open: BTreeMap<u64, Delivery>,
    /// Those that only wait for their time. The others are under way or in a lane.
    waiting: BTreeSet<(Timestamp, u64)>,
    /// Behind a job's first attempt that is not over.
    lanes: BTreeMap<Lane, VecDeque<u64>>,
    last: u64,
}

impl Queue {
    /// How many may be open.
    pub(super) const MOST: usize = 10_000;

    pub(super) fn is_full(&self) -> bool {
        self.open.len() >= Self::MOST
    }

    pub(super) fn add(&mut self, delivery: Delivery) {
        self.last += 1;
        let number = self.last;
        match self.lanes.entry(delivery.letter.lane()) {
            Entry::Occupied(mut lane) => lane.get_mut().push_back(number),
            Entry::Vacant(lane) => {
                lane.insert(VecDeque::new());
                self.waiting.insert((delivery.due, number));
            }
        }
        self.open.insert(number, delivery);
    }

    /// When the next attempt is due.
    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.waiting.first().map(|(due, _)| *due)
    }

    /// The attempt that has been due longest. It is under way until [`attempted`](Self::attempted).
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<(u64, Delivery)> {
        let (due, number) = *self.waiting.first()?;
        if due > now {
            return None;
        }
        self.waiting.pop_first();
        Some((number, self.open.get(&number)?.clone()))
    }

    /// A delivery that is under way, unless it was taken out meanwhile.
    pub(super) fn get(&self, number: u64) -> Option<&Delivery> {
        self.open.get(&number)
    }

    /// One attempt is over; the next is due then, or there is none.
    pub(super) fn attempted(&mut self, number: u64, next: Option<Timestamp>) {
        let Some(delivery) = self.open.get_mut(&number) else {
            return;
        };
        let first = (delivery.attempt == 1).then(|| delivery.letter.lane());
        match next {
            Some(due) => {
                delivery.attempt += 1;
                delivery.due = due;
                self.waiting.insert((due, number));
            }
            None => {
                self.open.remove(&number);
            }
        }
        if let Some(lane) = first {
            self.release(&lane);
        }
    }

    fn release(&mut self, lane: &Lane) {
        let Some(behind) = self.lanes.get_mut(lane) else {
            return;
        };
        let next = behind.pop_front();
        match next.and_then(|number| Some((self.open.get(&number)?.due, number))) {
            Some(next) => {
                self.waiting.insert(next);
            }
            None => {
                self.lanes.remove(lane);
            }
        }
    }

    /// Takes out the deliveries of an account, or all, but those that are under way.
    pub(super) fn take_waiting(&mut self, key: Option<&Key>) -> Vec<Delivery> {
        let waiting = self.waiting.iter().map(|(_, number)| *number);
        let behind = self.lanes.values().flatten().copied();
        let numbers: BTreeSet<u64> = waiting.chain(behind).collect();
        self.take(key, |number| numbers.contains(&number))
    }

    /// Takes out all deliveries of an account, or all there are.
    pub(super) fn clear(&mut self, key: Option<&Key>) {
        self.take(key, |_| true);
    }

    fn take(&mut self, key: Option<&Key>, which: impl Fn(u64) -> bool) -> Vec<Delivery> {
        let gone = |owner: &Key| key.is_none_or(|key| key == owner);
        let all = std::mem::take(&mut self.open).into_iter();
        let (taken, kept): (BTreeMap<_, _>, _) =
            all.partition(|(number, delivery)| which(*number) && gone(&delivery.letter.key));
        self.open = kept;
        self.waiting
            .retain(|(_, number)| self.open.contains_key(number));
        self.lanes.retain(|(owner, _), _| !gone(owner));
        taken.into_values().collect()
    }
}
