//! Where a row stands before it is sent.

use crate::error::Error;
use crate::ticket::JobTicket;

/// Where a row stands.
#[derive(Debug)]
pub(super) enum Standing {
    /// It is to be sent, under this name where it is written down.
    Send(Option<String>),
    /// It was sent before.
    #[cfg(feature = "ledger")]
    Before(Box<dryapi_ledger::Entry>, Before),
}

/// What came of a row that was sent before.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "ledger"),
    expect(dead_code, reason = "nothing is known")
)]
pub(super) enum Before {
    /// This is its job.
    Job(JobTicket),
    /// Its result is where it was wanted.
    Settled,
    /// It has no result.
    Over(Error),
}
