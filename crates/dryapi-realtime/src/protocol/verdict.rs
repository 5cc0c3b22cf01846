//! What an error, a refusal or a close means for the connection.

use std::time::Duration;

use super::backoff::Again;
use super::codes::{Class, class, meaning};
use crate::error::Error;
use crate::signal::Loss;

/// What becomes of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is made again.
    Again(Again),
    /// The channel was refused.
    Refused,
    /// The connection was, for good, with this code.
    Rejected(u16),
}

const LATER: Verdict = Verdict::Again(Again::Later(Duration::ZERO));

/// A code that means the same wherever it stands; `None` for others.
const fn of_code(code: u16) -> Option<Verdict> {
    match class(code) {
        Class::Unauthorized => Some(Verdict::Refused),
        Class::Stop => Some(Verdict::Rejected(code)),
        Class::Later => Some(Verdict::Again(Again::Later(Duration::from_secs(1)))),
        Class::AtOnce => Some(Verdict::Again(Again::AtOnce)),
        Class::Other => None,
    }
}

/// A `pusher:subscription_error` with a status (HTTP's or Pusher's) or without.
pub(super) fn of_refusal(status: Option<u16>) -> Verdict {
    match status {
        // The server could not tell: it is busy, or what it asks is down.
        Some(408 | 425 | 429 | 500..=599) => LATER,
        status => status.and_then(of_code).unwrap_or(Verdict::Refused),
    }
}

/// A `pusher:error`. Where a subscription is `pending`, any is its answer: some servers refuse a
/// channel that way, without naming it. `None`: it changes nothing.
pub(super) fn of_error(code: Option<u16>, pending: bool) -> Option<Verdict> {
    let verdict = code.and_then(of_code);
    verdict.or(pending.then_some(Verdict::Refused))
}

/// A close, with a code or without.
pub(super) fn of_close(code: Option<u16>) -> Verdict {
    code.and_then(of_code).unwrap_or(LATER)
}

/// The channel was refused.
pub(super) fn refused(why: Loss) -> Error {
    let (code, message) = words(why);
    let unsaid = || "no reason was given".to_owned();
    Error::Refused {
        code,
        message: message.unwrap_or_else(unsaid),
    }
}

/// The connection was refused for good.
pub(super) fn rejected(code: u16, why: Loss) -> Error {
    let message = words(why).1.unwrap_or_else(|| meaning(code).to_owned());
    Error::Rejected { code, message }
}

fn words(why: Loss) -> (Option<u16>, Option<String>) {
    match why {
        Loss::Told { code, message } => (code, Some(message).filter(|text| !text.is_empty())),
        Loss::Closed { code, reason } => (code, Some(reason).filter(|text| !text.is_empty())),
        other => (None, Some(other.to_string())),
    }
}
