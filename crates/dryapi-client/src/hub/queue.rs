//! Who is looked at next: by time until they are due, then by who waits for it and who is expected
//! soonest.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// A job's place on the board.
pub(super) type Slot = u64;

#[derive(Debug, Default)]
pub(super) struct Queue {
    later: BinaryHeap<Reverse<(Instant, Slot)>>,
    ready: BinaryHeap<Reverse<(u8, Instant, Slot)>>,
}

impl Queue {
    pub(super) fn push(&mut self, at: Instant, slot: Slot) {
        self.later.push(Reverse((at, slot)));
    }

    /// The next whose time came, with the time it stood there for.
    pub(super) fn pop_due(&mut self, now: Instant) -> Option<(Instant, Slot)> {
        let Reverse((at, _)) = self.later.peek()?;
        if *at > now {
            return None;
        }
        self.later.pop().map(|Reverse(due)| due)
    }

    /// When the next is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.later.peek().map(|Reverse((at, _))| *at)
    }

    /// Puts one among those that are due; lower classes first, then those expected soonest.
    pub(super) fn push_ready(&mut self, class: u8, expected: Instant, slot: Slot) {
        self.ready.push(Reverse((class, expected, slot)));
    }

    pub(super) fn pop_ready(&mut self) -> Option<Slot> {
        self.ready.pop().map(|Reverse((_, _, slot))| slot)
    }

    /// How many stand there, those that are not due any more included.
    pub(super) fn len(&self) -> usize {
        self.later.len() + self.ready.len()
    }

    pub(super) fn clear(&mut self) {
        self.later.clear();
        self.ready.clear();
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }
}
