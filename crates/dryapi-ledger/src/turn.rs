//! Whose turn it is to send: at most one writer at a time, and none twice.

use std::time::Duration;

use dryapi_types::{Intent, RequestId};

use crate::entry::{Entry, Why};
use crate::error::LedgerError;
use crate::evidence::EvidenceKind;
use crate::ledger::Ledger;
use crate::millis;
use crate::step::Step;

/// A call is over somewhat after its deadline.
const MARGIN: Duration = Duration::from_secs(30);

/// The right to send one wish, until somebody takes it over: which happens only while it was not
/// used, and after a minute at the earliest or when its process has ended.
///
/// Dropped unused, it is taken over by whoever begins the same wish later; say
/// [`refused`](Self::refused) to free its money at once.
#[derive(Debug)]
#[must_use = "what was prepared keeps its money until it is sent or refused"]
pub struct Turn {
    ledger: Ledger,
    entry: Entry,
}

impl Turn {
    pub(crate) const fn new(ledger: Ledger, entry: Entry) -> Self {
        Self { ledger, entry }
    }

    /// What was written down.
    #[must_use]
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The wish's name.
    #[must_use]
    pub const fn intent(&self) -> &Intent {
        &self.entry.intent
    }

    /// The request is about to be sent, and its answer is waited for so long at most. Send only
    /// after this is recorded. Said again before another attempt of the same call.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded: do not send, and begin again.
    ///
    /// # Errors
    /// [`LedgerError::NotYourTurn`] if the turn was taken over, or an id came to light: do not send.
    /// [`LedgerError::Store`] if the store does not answer: do not send.
    pub async fn sent(&self, within: Duration) -> Result<Entry, LedgerError> {
        let until = millis::later(millis::of(self.ledger.now()), within);
        let until = millis::moment(millis::later(until, MARGIN));
        let writer = self.entry.writer.clone();
        self.step(Step::Sent { writer, until }).await
    }

    /// The service gave it an id.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::SecondJob`] if the wish has another id; both are kept.
    pub async fn accepted(&self, id: impl Into<RequestId>) -> Result<Entry, LedgerError> {
        self.step(Step::Accepted(id.into())).await
    }

    /// It was answered at once: the result is there, without a job.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if it was not sent.
    pub async fn done(&self) -> Result<Entry, LedgerError> {
        self.step(Step::Done).await
    }

    /// It was provably not charged: refused by the service, or never sent. What was set aside is
    /// free again. To send it once more, begin again.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if the store does not answer.
    pub async fn refused(&self, why: Why) -> Result<Entry, LedgerError> {
        let writer = self.entry.writer.clone();
        self.step(Step::TurnedDown { writer, why }).await
    }

    /// It may have been charged: the answer did not come, or cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is recorded; record it again.
    ///
    /// # Errors
    /// [`LedgerError::Illegal`] if it was not sent.
    pub async fn unknown(&self, why: Why) -> Result<Entry, LedgerError> {
        self.step(Step::Unknown(why)).await
    }

    /// Something was seen that may help to settle it.
    ///
    /// # Cancel safety
    /// Dropping the future leaves open whether it is noted.
    ///
    /// # Errors
    /// [`LedgerError::Store`] if the store does not answer.
    pub async fn note(&self, kind: EvidenceKind, text: &str) -> Result<Entry, LedgerError> {
        self.ledger.note(&self.entry.intent, kind, text).await
    }

    async fn step(&self, step: Step) -> Result<Entry, LedgerError> {
        self.ledger.record(&self.entry.intent, step).await
    }
}
