//! How often a request was handed to one of our transports behind a service. It rides in the
//! request's extensions, which their clones share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A count of one request's sends.
#[derive(Clone, Debug, Default)]
pub(super) struct Sends(Arc<AtomicUsize>);

impl Sends {
    pub(super) fn count_one(&self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }

    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}
