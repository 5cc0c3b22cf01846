//! Where it is remembered what was handled.

use std::fmt::Debug;
use std::time::SystemTime;

use async_trait::async_trait;

/// Why a store could not answer.
pub type StoreError = Box<dyn std::error::Error + Send + Sync>;

/// The right to handle one event, until a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// Names the event: its delivery id, else what happened to which job.
    pub key: String,
    /// When the claim ends by itself. Together with `key` it tells this claim from an earlier one.
    pub until: SystemTime,
}

impl Claim {
    /// A claim of an event until a moment.
    pub fn new(key: impl Into<String>, until: SystemTime) -> Self {
        Self {
            key: key.into(),
            until,
        }
    }
}

/// What a store knows about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Seen {
    /// Nothing: the claim is recorded, and its owner may handle the event.
    Fresh,
    /// Another claim that has not ended holds it.
    InProgress,
    /// It was handled.
    Duplicate,
}

/// Remembers which events were handled. The crate's page shows one over a single SQL table.
///
/// # Cancel safety
/// Dropping a future leaves open whether its step was recorded. A claim whose owner is gone ends by
/// itself.
#[async_trait]
pub trait SeenStore: Debug + Send + Sync + 'static {
    /// Records a claim, in one atomic step, unless the key is done or claimed until after `now`.
    ///
    /// # Errors
    /// Whatever keeps the store from answering; the event is not handled then, and comes again.
    async fn begin(&self, claim: &Claim, now: SystemTime) -> Result<Seen, StoreError>;

    /// Records that the claimed event was handled, until a moment when it may be forgotten.
    ///
    /// # Errors
    /// Whatever keeps the store from remembering; the event may be handled again then.
    async fn done(&self, claim: &Claim, keep_until: SystemTime) -> Result<(), StoreError>;

    /// Moves the end of a claim that is still this one, in one atomic step: its event is still being
    /// handled. Says whether it was; afterwards the claim's end is `until`.
    ///
    /// # Errors
    /// Whatever keeps the store from answering; the claim may end as it would have.
    async fn renew(&self, claim: &Claim, until: SystemTime) -> Result<bool, StoreError>;

    /// Gives a claim back: its event was not handled. Called on drop, so it cannot wait: do it in
    /// the background, or do nothing, and the claim ends by itself. Must not touch a later claim
    /// of the same key.
    fn release(&self, _claim: &Claim) {}
}
