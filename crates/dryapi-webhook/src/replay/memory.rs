//! What this process handled.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use async_trait::async_trait;

use super::store::{Claim, Seen, SeenStore, StoreError};

/// How many events are remembered by default.
const CAPACITY: usize = 10_000;

/// Remembers in this process, at most so many events (10 000 unless told). When full it forgets
/// those that ended, then the one handled longest ago, but never one that is being handled.
#[derive(Debug)]
pub struct MemoryStore {
    capacity: usize,
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    by_key: HashMap<String, Entry>,
    /// The keys of handled events, in the order they were.
    handled: BTreeMap<u64, String>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    until: SystemTime,
    /// Its place in `handled`; none while it is being handled.
    handled: Option<u64>,
}

/// All places are taken by events that are being handled.
#[derive(Debug, thiserror::Error)]
#[error("more than {0} events are being handled at once")]
struct Full(usize);

impl MemoryStore {
    /// A store of at most so many events, at least one.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            entries: Mutex::default(),
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Entries) -> T) -> T {
        // nothing in here panics half-way, so what a poisoned lock guards is whole
        act(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

#[async_trait]
impl SeenStore for MemoryStore {
    async fn begin(&self, claim: &Claim, now: SystemTime) -> Result<Seen, StoreError> {
        self.with(|entries| {
            match entries.by_key.get(&claim.key) {
                Some(entry) if entry.until > now => {
                    return Ok(match entry.handled {
                        Some(_) => Seen::Duplicate,
                        None => Seen::InProgress,
                    });
                }
                _ => entries.forget(&claim.key),
            }
            entries.make_room(self.capacity, now);
            if entries.by_key.len() >= self.capacity {
                return Err(Full(self.capacity).into());
            }
            entries.put(claim, None);
            Ok(Seen::Fresh)
        })
    }

    async fn done(&self, claim: &Claim, keep_until: SystemTime) -> Result<(), StoreError> {
        self.with(|entries| {
            entries.forget(&claim.key);
            let place = entries.next;
            entries.next += 1;
            entries.handled.insert(place, claim.key.clone());
            entries.put(&Claim::new(claim.key.clone(), keep_until), Some(place));
            // a claim that had ended may have lost its place
            while entries.by_key.len() > self.capacity && entries.forget_oldest() {}
        });
        Ok(())
    }

    async fn renew(&self, claim: &Claim, until: SystemTime) -> Result<bool, StoreError> {
        self.with(|entries| {
            let own = entries.own(claim);
            if own {
                entries.put(&Claim::new(claim.key.clone(), until), None);
            }
            Ok(own)
        })
    }

    fn release(&self, claim: &Claim) {
        self.with(|entries| {
            if entries.own(claim) {
                entries.forget(&claim.key);
            }
        });
    }
}

impl Entries {
    /// Whether it is this claim that holds its key.
    fn own(&self, claim: &Claim) -> bool {
        let entry = self.by_key.get(&claim.key);
        entry.is_some_and(|entry| entry.until == claim.until && entry.handled.is_none())
    }

    fn put(&mut self, claim: &Claim, handled: Option<u64>) {
        let until = claim.until;
        self.by_key
            .insert(claim.key.clone(), Entry { until, handled });
    }

    fn forget(&mut self, key: &str) {
        if let Some(place) = self.by_key.remove(key).and_then(|entry| entry.handled) {
            self.handled.remove(&place);
        }
    }

    fn forget_oldest(&mut self) -> bool {
        let Some((_, key)) = self.handled.pop_first() else {
            return false;
        };
        self.by_key.remove(&key).is_some()
    }

    /// Looks through everything only if there are no handled events left to forget.
    fn make_room(&mut self, capacity: usize, now: SystemTime) {
        if self.by_key.len() < capacity || self.forget_oldest() {
            return;
        }
        self.by_key.retain(|_, entry| entry.until > now);
    }
}
