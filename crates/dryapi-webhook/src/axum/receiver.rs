//! What a webhook's address needs to know.

use std::time::SystemTime;

use super::refusals::Refusals;
use crate::clock::Now;
use crate::replay::ReplayGuard;
use crate::verify::Verifier;

/// The longest body, in bytes. The service's own are below 1 KiB; a gateway's hold whole results.
const LIMIT: usize = 256 * 1024;

/// Receives deliveries: the state of the [`Delivery`](super::Delivery) extractor, and the maker of
/// handlers. Cheap to clone; clones share what they remember.
#[derive(Clone, Debug)]
pub struct Receiver {
    pub(super) verifier: Verifier,
    pub(super) guard: ReplayGuard,
    pub(super) limit: usize,
    pub(super) now: Now,
    pub(super) refusals: Refusals,
}

impl Receiver {
    /// A receiver of bodies up to 256 KiB whose handlers remember in this process what they
    /// handled.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self {
            verifier,
            guard: ReplayGuard::in_memory(),
            limit: LIMIT,
            now: Now::default(),
            refusals: Refusals::default(),
        }
    }

    /// With another memory of what was handled: one that several replicas share, say.
    #[must_use]
    pub fn with_guard(mut self, guard: ReplayGuard) -> Self {
        self.guard = guard;
        self
    }

    /// With another greatest length of a body, in bytes. axum's own body limit does not count here.
    #[must_use]
    pub const fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// With another clock than the system's, for the signatures' age.
    #[must_use]
    pub fn with_clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.now = Now::by(now);
        self
    }
}
