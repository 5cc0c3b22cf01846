//! What goes wrong with a ledger.

use dryapi_types::{Intent, RequestId};

use crate::state::State;

/// Why a store could not answer. Its text says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What kind of thing keeps a store from answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Another process holds it, or too many write at once: try again.
    Busy,
    /// It may be read, not written.
    ReadOnly,
    /// The disk is full.
    Full,
    /// It may not be opened by this user.
    Permission,
    /// It is damaged.
    Corrupt,
    /// It is a file of something else.
    NotALedger,
    /// A newer version of this program wrote it.
    TooNew,
    /// It lies on a network file system, whose locks cannot be relied on.
    NetworkFileSystem,
    /// Anything else.
    Other,
}

impl StoreError {
    /// An error with a text that says what to do.
    pub fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// With what caused it.
    #[must_use]
    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of error it is.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

/// Why the ledger did not record something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The store did not answer. For a step before sending: do not send.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nothing is recorded under that name.
    #[error("nothing is recorded under the intent {0}")]
    NoEntry(Intent),
    /// What was to be recorded does not follow from what is known.
    #[error("{intent} is {from} and cannot become {to}")]
    Illegal {
        /// The wish.
        intent: Intent,
        /// What is recorded.
        from: State,
        /// What was to be recorded.
        to: State,
    },
    /// It is not this writer's turn any more. Do not send; begin again to see where it stands.
    #[error("{0} was taken over by another process: it must not be sent here")]
    NotYourTurn(Intent),
    /// A second id for one wish: two jobs may have been paid for. Both ids are kept, the second as
    /// evidence.
    #[error("{intent} is already job {recorded}, now it is said to be {given}: two may be paid")]
    SecondJob {
        /// The wish.
        intent: Intent,
        /// The id that is recorded.
        recorded: RequestId,
        /// The id that was given.
        given: RequestId,
    },
}
