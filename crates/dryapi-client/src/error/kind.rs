//! The kinds of failure, named as the command line's JSON names them.

use std::fmt;

use dryapi_types::ApiErrorKind;

/// What kind of failure it was. Details come by accessor of [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// 401: the key is missing, wrong or expired.
    Unauthorized,
    /// 403: the key may not do this.
    Forbidden,
    /// 403: the account is suspended.
    AccountSuspended,
    /// 404, 405, 410: no such job, model or address.
    NotFound,
    /// 400, 409, 413, 415, 422: something in the request is wrong.
    Validation,
    /// Not enough balance.
    InsufficientBalance,
    /// A limit was hit.
    RateLimited,
    /// The service failed.
    Server,
    /// A status that means nothing here.
    UnexpectedStatus,
    /// A free answer that cannot be read.
    Decode,
    /// The network failed.
    Network,
    /// It took too long.
    Timeout,
    /// A paid request may or may not have been accepted and charged. Never sent again by itself.
    OutcomeUnknown,
    /// The job was accepted and failed.
    JobFailed,
    /// The job was not done in time; it goes on.
    WaitTimedOut,
    /// The result's address expired and no fresh one was given.
    ResultExpired,
    /// A local file could not be read, written or verified.
    File,
    /// It would have cost more than allowed; nothing was sent.
    SpendLimit,
    /// The request cannot be right; nothing was sent.
    InvalidInput,
    /// A webhook's signature is wrong.
    InvalidSignature,
    /// This machine is not set up for it; nothing was sent.
    Config,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 21] = [
        Self::Unauthorized,
        Self::Forbidden,
        Self::AccountSuspended,
        Self::NotFound,
        Self::Validation,
        Self::InsufficientBalance,
        Self::RateLimited,
        Self::Server,
        Self::UnexpectedStatus,
        Self::Decode,
        Self::Network,
        Self::Timeout,
        Self::OutcomeUnknown,
        Self::JobFailed,
        Self::WaitTimedOut,
        Self::ResultExpired,
        Self::File,
        Self::SpendLimit,
        Self::InvalidInput,
        Self::InvalidSignature,
        Self::Config,
    ];

    /// The kind's name in JSON, for instance `insufficient_balance`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::AccountSuspended => "account_suspended",
            Self::NotFound => "not_found",
            Self::Validation => "validation",
            Self::InsufficientBalance => "insufficient_balance",
            Self::RateLimited => "rate_limited",
            Self::Server => "server",
            Self::UnexpectedStatus => "unexpected_status",
            Self::Decode => "decode",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::OutcomeUnknown => "outcome_unknown",
            Self::JobFailed => "job_failed",
            Self::WaitTimedOut => "wait_timed_out",
            Self::ResultExpired => "result_expired",
            Self::File => "file",
            Self::SpendLimit => "spend_limit",
            Self::InvalidInput => "invalid_input",
            Self::InvalidSignature => "invalid_signature",
            Self::Config => "config",
        }
    }

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
