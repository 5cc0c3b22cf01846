//! The service's delivery desk, without a socket: what is sent when, tried again, given up, and
//! what a fault does to it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::answer::Answer;
use super::attempts::{Attempts, DeliveryAttempt};
use super::breaker::Breaker;
use super::letter::{Delivery, Lane, Letter};
use super::queue::Queue;
use super::retry::delay_before;
use crate::key::Key;
use crate::world::Mishap;

/// How late a late delivery is, in virtual time.
const LATE: Duration = Duration::from_secs(600);

/// Everything about deliveries but the sending.
#[derive(Debug, Default)]
pub(super) struct Desk {
    queue: Queue,
    breakers: BTreeMap<Key, Breaker>,
    /// Of an account not seen yet.
    usual: Breaker,
    /// What waits for its job's end to go first.
    held: BTreeMap<Lane, Delivery>,
    attempts: Attempts,
}

impl Desk {
    /// Takes an event to be sent, at the moment it happened. Faults concern a job's last one.
    pub(super) fn announce(&mut self, letter: Letter, at: Timestamp, mishap: Option<Mishap>) {
        let ends = letter.event.kind.is_terminal();
        let lane = letter.lane();
        let mut delivery = Delivery::new(Arc::new(letter), at);
        delivery.fault = mishap.map(Mishap::name);
        if self.breaker(&lane.0).is_off() {
            self.note_none(&delivery, "disabled");
            return;
        }
        match mishap {
            Some(Mishap::Reordered) if ends => {
                let held = self.held.remove(&lane);
                self.add(delivery);
                if let Some(held) = held {
                    self.add(Delivery { due: at, ..held });
                }
            }
            Some(Mishap::Reordered) if self.held.len() < Queue::MOST => {
                self.held.insert(lane, delivery);
            }
            Some(Mishap::Lost) if ends => {
                // The service does not know.
                self.breaker(&lane.0).delivered();
                self.note_none(&delivery, "lost");
            }
            Some(Mishap::Late) if ends => {
                delivery.due = at.saturating_add(LATE).unwrap_or(at);
                self.add(delivery);
            }
            Some(Mishap::Twice) if ends => {
                let copy = Delivery {
                    copy: true,
                    ..delivery.clone()
                };
                self.add(delivery);
                self.add(copy);
            }
            _ => {
                delivery.fault = None;
                self.add(delivery);
            }
        }
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        self.queue.next_due()
    }

    /// A letter whose time has come, to be sent now; its answer goes to
    /// [`answered`](Self::answered) with the number.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<(u64, Arc<Letter>)> {
        let (number, delivery) = self.queue.take_due(now)?;
        Some((number, delivery.letter))
    }

    /// Notes the end of an attempt. What was forgotten meanwhile stays so.
    pub(super) fn answered(&mut self, number: u64, answer: Answer) {
        let Some(delivery) = self.queue.get(number).cloned() else {
            return;
        };
        let failed = answer.failure.is_some();
        let off = self.breaker(&delivery.letter.key).is_off();
        // Counted from when it was due: a jump over several attempts makes them all, each at its
        // own moment.
        let next = delay_before(delivery.attempt + 1)
            .and_then(|delay| delivery.due.saturating_add(delay).ok())
            .filter(|_| failed && !delivery.copy && !off);
        self.attempts.push(DeliveryAttempt {
            attempt: delivery.attempt,
            status: answer.status,
            failure: answer.failure.map(str::to_owned),
            next_at: next.map(|next| next.to_string()),
            ..DeliveryAttempt::none(
                &delivery,
                match (failed, next) {
                    (false, _) => "delivered",
                    (true, Some(_)) => "retrying",
                    (true, None) if off => "disabled",
                    (true, None) => "failed",
                },
            )
        });
        self.queue.attempted(number, next);
        let key = &delivery.letter.key;
        match (failed, next) {
            _ if delivery.copy || off => {}
            (false, _) => self.breaker(key).delivered(),
            (true, Some(_)) => {}
            (true, None) => {
                self.breaker(key).failed();
                if self.breaker(key).is_off() {
                    self.give_up(Some(key));
                }
            }
        }
    }

    /// Switches the webhooks of an account on or off, or of all.
    pub(super) fn switch(&mut self, key: Option<&Key>, on: bool) {
        match key {
            Some(key) => {
                self.breakers.insert(key.clone(), Breaker::switched(on));
            }
            None => {
                self.breakers.clear();
                self.usual = Breaker::switched(on);
            }
        }
        if !on {
            self.give_up(key);
        }
    }

    /// A fresh account for a key, or for all.
    pub(super) fn reset(&mut self, key: Option<&Key>) {
        self.queue.clear(key);
        self.take_held(key);
        self.attempts.forget(key);
        self.switch(key, true);
    }

    pub(super) fn list(&self, key: Option<&Key>) -> Vec<DeliveryAttempt> {
        self.attempts.list(key)
    }

    fn breaker(&mut self, key: &Key) -> &mut Breaker {
        let usual = self.usual;
        self.breakers.entry(key.clone()).or_insert(usual)
    }

    fn add(&mut self, delivery: Delivery) {
        if self.queue.is_full() {
            self.note_none(&delivery, "dropped");
        } else {
            self.queue.add(delivery);
        }
    }

    /// Nothing that waits is sent any more.
    fn give_up(&mut self, key: Option<&Key>) {
        let mut waiting = self.queue.take_waiting(key);
        waiting.append(&mut self.take_held(key));
        for delivery in waiting {
            self.note_none(&delivery, "disabled");
        }
    }

    fn take_held(&mut self, key: Option<&Key>) -> Vec<Delivery> {
        let held = std::mem::take(&mut self.held).into_iter();
        let (taken, kept): (BTreeMap<_, _>, _) =
            held.partition(|((owner, _), _)| key.is_none_or(|key| key == owner));
        self.held = kept;
        taken.into_values().collect()
    }

    fn note_none(&mut self, delivery: &Delivery, outcome: &str) {
        self.attempts.push(DeliveryAttempt::none(delivery, outcome));
    }
}

#[cfg(test)]
mod tests;
