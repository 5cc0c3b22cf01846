//! The kinds of failure, in one table: what is named, explained and counted on anywhere is read
//! from it, the error catalogue (`dryapi-cli`'s `docs/errors.md`) too.

use std::fmt;

use dryapi_types::ApiErrorKind;

use super::verdict::Charge;

/// Each kind with its cause, its name in JSON, whether it may have cost money, and what to do about
/// it: the Errors page's solutions, in our words.
macro_rules! kinds {
    ($($(#[doc = $cause:literal])+ $kind:ident = $name:literal, $charge:ident, $help:literal;)+) => {
        /// What kind of failure it was. Details come by accessor of [`Error`](crate::Error).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $($(#[doc = $cause])+ $kind,)+
        }

        impl ErrorKind {
            /// Every kind.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// The kind's name in JSON, for instance `insufficient_balance`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// What happened, in a sentence.
            #[must_use]
            pub const fn cause(self) -> &'static str {
                match self {
                    $(Self::$kind => concat!($($cause),+).trim_ascii_start(),)+
                }
            }

            /// What to do about it: the Errors page's solution, in our words.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self {
                    $(Self::$kind => $help,)+
                }
            }

            /// The most that a paid call which ends so can have cost. What this one did is said by
            /// [`Error::charge`](crate::Error::charge): an error of any kind that names a job, or
            /// that followed an attempt whose outcome is unknown, may have cost money.
            #[must_use]
            pub const fn charge(self) -> Charge {
                match self {
                    $(Self::$kind => Charge::$charge,)+
                }
            }
        }
    };
}

kinds! {
    /// 401: the key is missing, wrong or expired.
    Unauthorized = "unauthorized", No,
        "Check the API key: it goes into DRYAPI_API_KEY and is sent as `Authorization: Bearer`. \
         Keys are made and revoked on the dashboard.";
    /// 403: the key may not do this.
    Forbidden = "forbidden", No,
        "The key is known but may not do this; check its permissions.";
    /// 403: the account is suspended.
    AccountSuspended = "account_suspended", No,
        "Write to support@dryapi.dev.";
    /// 404, 405, 410: no such job, model or address.
    NotFound = "not_found", No,
        "Check the request id or the model's slug (`dryapi models` lists them). If nothing is \
         found at all, check the base URL.";
    /// 400, 409, 413, 415, 422: something in the request is wrong.
    Validation = "validation", No,
        "Correct the fields named; `dryapi models show SLUG` lists a model's limits.";
    /// 402, or a 422 about the balance: there is not enough of it.
    InsufficientBalance = "insufficient_balance", No,
        "Top up the balance on the dashboard, then send it again.";
    /// 429, or no place in time in the client's own queue: a limit was hit.
    RateLimited = "rate_limited", No,
        "Wait until the limit resets: a minute's limit after a minute, a day's at 00:00 UTC.";
    /// 5xx: the service failed.
    Server = "server", Maybe,
        "A free call may be tried again in a moment. A paid one may have been booked: compare the \
         balance before sending it again. If it persists, look at status.dryapi.dev or ask support.";
    /// A status that the service does not answer with, a redirect for instance.
    UnexpectedStatus = "unexpected_status", Maybe,
        "This is not what the service answers; check the base URL, and any proxy on the way.";
    /// A free answer that cannot be read.
    Decode = "decode", No,
        "The answer could not be read; check the base URL, then report it.";
    /// The network failed before the request was sent, or in a free call.
    Network = "network", No,
        "Check the connection, the base URL and any proxy, then try again.";
    /// It took too long before the request was sent, or in a free call.
    Timeout = "timeout", No,
        "Try again, or allow more time.";
    /// A paid request may or may not have been accepted and charged. Never sent again by itself.
    OutcomeUnknown = "outcome_unknown", Maybe,
        "It may have been accepted and charged, so it is not sent again by itself. Compare the \
         balance before sending it again.";
    /// The job was accepted and failed.
    JobFailed = "job_failed", Maybe,
        "The service could not do this job; its code says why.";
    /// The job was not done in time; it goes on.
    WaitTimedOut = "wait_timed_out", Yes,
        "The job goes on and is billed; wait for it again by its id.";
    /// The result's address expired and no fresh one was given.
    ResultExpired = "result_expired", Yes,
        "Read the job's status again for a fresh address.";
    /// A local file could not be read, written or verified.
    File = "file", Yes,
        "Check the path, its permissions and the free space.";
    /// It would have cost more than allowed; nothing was sent.
    SpendLimit = "spend_limit", No,
        "Raise the limit, or ask for less; a day's limit is fresh at 00:00 UTC.";
    /// The request cannot be right; nothing was sent.
    InvalidInput = "invalid_input", No,
        "Correct what is named; nothing was sent.";
    /// A webhook's signature is wrong.
    InvalidSignature = "invalid_signature", No,
        "Check the webhook secret; do not trust this delivery.";
    /// This machine is not set up for it; nothing was sent.
    Config = "config", No,
        "Correct the setting named; nothing was sent.";
}

impl ErrorKind {
    /// Whether the same call may succeed later.
    pub(crate) const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::RateLimited | Self::Server | Self::Decode | Self::Network | Self::Timeout
        )
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<ApiErrorKind> for ErrorKind {
    fn from(kind: ApiErrorKind) -> Self {
        match kind {
            ApiErrorKind::Unauthorized => Self::Unauthorized,
            ApiErrorKind::Forbidden => Self::Forbidden,
            ApiErrorKind::AccountSuspended => Self::AccountSuspended,
            ApiErrorKind::NotFound => Self::NotFound,
            ApiErrorKind::Validation => Self::Validation,
            ApiErrorKind::InsufficientBalance => Self::InsufficientBalance,
            ApiErrorKind::RateLimited => Self::RateLimited,
            ApiErrorKind::Server => Self::Server,
            ApiErrorKind::Decode => Self::Decode,
            _ => Self::UnexpectedStatus,
        }
    }
}
