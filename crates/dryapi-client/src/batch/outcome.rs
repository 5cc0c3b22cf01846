//! What comes out of a batch.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use dryapi_types::{Intent, RequestId, Task, Usd};

use crate::error::Error;
use crate::job::Completed;

/// What came of one row.
#[non_exhaustive]
pub struct BatchOutcome<T: Task> {
    /// Which row of the input, from 0.
    pub index: u64,
    /// Its id.
    pub id: String,
    /// The wish it is recorded as, where there is one.
    pub intent: Option<Intent>,
    /// Its job, where one is known.
    pub request_id: Option<RequestId>,
    /// What it was expected to cost, in US dollars, where that is known.
    pub estimate: Option<Usd>,
    /// Whether a run before had sent it, so that nothing was paid for it in this one.
    pub recorded: bool,
    /// What came of it.
    pub result: BatchResult<T>,
}

/// What came of a row.
#[non_exhaustive]
pub enum BatchResult<T: Task> {
    /// The job is done, and its result was delivered, where that was asked for.
    Done(Arc<Completed<T>>),
    /// It was done in a run before, and its result is where it was wanted: nothing was sent.
    Before,
    /// It failed. [`Error::charge`] says whether it may have been charged.
    Failed(Error),
    /// It was not sent, and nothing was charged for it: the batch stopped for this reason.
    Unsent(Error),
}

/// Something that happened to a batch as a whole.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum BatchEvent {
    /// The service cannot be reached: one row is tried every 30 seconds until it can.
    Paused {
        /// Since when, by the client's clock.
        since: SystemTime,
        /// Why.
        error: Error,
    },
    /// It can be reached again.
    Resumed,
    /// The day's requests are used up; the rows wait.
    DailyLimit {
        /// Until when, by the client's clock.
        until: SystemTime,
    },
    /// Nothing more is sent; what runs is waited for.
    Stopped {
        /// Why.
        error: Error,
    },
}

impl<T: Task> fmt::Debug for BatchOutcome<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchOutcome")
            .field("index", &self.index)
            .field("id", &self.id)
            .field("request_id", &self.request_id)
            .field("result", &self.result)
            .finish_non_exhaustive()
    }
}

impl<T: Task> fmt::Debug for BatchResult<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(done) => f.debug_tuple("Done").field(done.ticket()).finish(),
            Self::Before => f.write_str("Before"),
            Self::Failed(error) => f.debug_tuple("Failed").field(error).finish(),
            Self::Unsent(error) => f.debug_tuple("Unsent").field(error).finish(),
        }
    }
}
