//! What one call holds: the content handed over with it, what was kept of it, and what was odd.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::attachment::Attachment;
use super::spool::Spool;

/// What content belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Slot(String),
    Url(String),
}

/// Where content is.
#[derive(Debug)]
pub(super) enum Held {
    /// As it was handed over.
    Attached(Attachment),
    /// Read, and kept under a file name.
    Kept(String, Spool),
    /// Read, and gone.
    Spent,
}

/// Shared by a price that is asked on the way and by the request itself, so that nothing is read
/// or fetched twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    held: HashMap<Key, Held>,
    warnings: Vec<String>,
}

impl Contents {
    pub(super) fn put(&self, key: Key, held: Held) {
        self.state().held.insert(key, held);
    }

    /// Takes it out while it is worked on.
    pub(super) fn take(&self, key: &Key) -> Option<Held> {
        self.state().held.remove(key)
    }

    pub(super) fn warn(&self, warning: String) -> bool {
        let warnings = &mut self.state().warnings;
        let new = !warnings.contains(&warning);
        if new {
            warnings.push(warning);
        }
        new
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.state().warnings.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
