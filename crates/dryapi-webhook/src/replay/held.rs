//! What this process is handling at this moment.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// The keys of the events that are being handled. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Held(Arc<Mutex<HashSet<String>>>);

impl Held {
    /// Takes a key, until what is given is dropped; nothing if somebody has it.
    pub(super) fn take(&self, key: &str) -> Option<Hold> {
        let fresh = self.with(|keys| keys.insert(key.to_owned()));
        fresh.then(|| Hold {
            held: self.clone(),
            key: key.to_owned(),
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashSet<String>) -> T) -> T {
        // nothing in here panics half-way, so what a poisoned lock guards is whole
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A key that nobody else in this process has.
#[derive(Debug)]
pub(super) struct Hold {
    held: Held,
    key: String,
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.held.with(|keys| keys.remove(&self.key));
    }
}
