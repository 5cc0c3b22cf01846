//! Seeing what happens to paid work, also when nobody waits for it any more.

use std::fmt::Debug;
use std::time::Duration;

use dryapi_types::{Intent, RequestId};

use crate::error::Error;

/// Something that happened to a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A paid request is handed to the transport: from here on it goes to its end.
    Sending {
        /// The API's name of the operation.
        operation: &'static str,
        /// What it is paid for.
        intent: Intent,
        /// Which attempt, from 1.
        attempt: u32,
    },
    /// The service accepted a job: its id, whether or not anybody still waits for it.
    Accepted {
        /// The API's name of the operation.
        operation: &'static str,
        /// What it is paid for.
        intent: Intent,
        /// The job's id.
        request_id: RequestId,
    },
    /// A call is sent again after a wait.
    Retrying {
        /// The API's name of the operation.
        operation: &'static str,
        /// What it is paid for, where it is paid.
        intent: Option<Intent>,
        /// Which attempt failed, from 1.
        attempt: u32,
        /// How long until the next.
        wait: Duration,
    },
    /// Something about a request is odd, and it is sent all the same: a file outside the published
    /// limits.
    Warning {
        /// The API's name of the operation.
        operation: &'static str,
        /// What is odd.
        message: String,
    },
    /// The ledger could not be written, and the call goes on: what becomes of it is not recorded.
    Unrecorded {
        /// The API's name of the operation.
        operation: &'static str,
        /// Why, and what to do about it.
        message: String,
    },
    /// An attempt of a paid call ended without an id; told even if nobody waits any more.
    Failed {
        /// The attempt's error.
        error: Error,
    },
}

/// Told of everything that happens to calls. Called from the task that learned it: be quick.
pub trait Observer: Debug + Send + Sync + 'static {
    /// Something happened.
    fn on_event(&self, event: &Event);
}

/// Tells nobody.
#[derive(Debug)]
pub(crate) struct Nobody;

impl Observer for Nobody {
    fn on_event(&self, _event: &Event) {}
}
