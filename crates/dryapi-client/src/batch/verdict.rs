//! What an error of one row means for it and for the batch.

use std::time::Duration;

use dryapi_types::Window;

use crate::error::{Charge, Error, ErrorKind};

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The service could not be reached: the row is tried again.
    Offline,
    /// Something of ours was in the way: the row is tried again.
    Again,
    /// A limit is used up: the row is tried again after so long.
    Limited { wait: Option<Duration>, daily: bool },
    /// No row can do better.
    Stop,
    /// It is this row's.
    Fail,
}

/// What to do about an error of a row that is to be sent. What may have been paid for is never sent
/// again.
pub(super) fn judge(error: &Error) -> Verdict {
    if error.charge() != Charge::No {
        return Verdict::Fail;
    }
    match error.kind() {
        ErrorKind::Network => Verdict::Offline,
        ErrorKind::Timeout if error.attempts() > 0 => Verdict::Offline,
        // No turn came in time: the guard was settling another, or another process is sending it.
        ErrorKind::Timeout => Verdict::Again,
        ErrorKind::RateLimited => Verdict::Limited {
            wait: error.retry_after(),
            daily: error
                .rate_limit()
                .is_some_and(|limit| limit.window == Window::Daily),
        },
        ErrorKind::Unauthorized
        | ErrorKind::Forbidden
        | ErrorKind::AccountSuspended
        | ErrorKind::InsufficientBalance
        | ErrorKind::SpendLimit
        | ErrorKind::Config => Verdict::Stop,
        _ => Verdict::Fail,
    }
}
