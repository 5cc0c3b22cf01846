//! What happened to a job.

use std::time::Duration;

use crate::job::FailureCode;
use crate::result_url::ResultUrl;

/// What happened to a job. Open: an event nobody has seen yet is [`Unknown`](Self::Unknown).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// A worker has it (`job.processing`).
    JobProcessing,
    /// It is done (`job.completed`).
    #[non_exhaustive]
    JobCompleted {
        /// Where the result lies; signed, expires. Missing where the result is inline: ask for the
        /// status then.
        result_url: Option<ResultUrl>,
        /// How long the work took, to the millisecond.
        processing_time: Option<Duration>,
    },
    /// It failed (`job.failed`).
    #[non_exhaustive]
    JobFailed {
        /// The service's code.
        code: Option<FailureCode>,
        /// The service's words.
        message: Option<String>,
    },
    /// Any other event. It is answered with success, else the service sends it ten times and then
    /// switches the account's webhooks off.
    Unknown {
        /// The service's word for it.
        name: String,
    },
}

impl EventKind {
    /// The service's word for it, as in the `X-dryAPI-Event` header.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::JobProcessing => "job.processing",
            Self::JobCompleted { .. } => "job.completed",
            Self::JobFailed { .. } => "job.failed",
            Self::Unknown { name } => name,
        }
    }

    /// Whether nothing more will happen to the job.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(self, Self::JobCompleted { .. } | Self::JobFailed { .. })
    }
}
