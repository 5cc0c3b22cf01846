//! Why a job failed.

use std::fmt;

use crate::lenient::{self, Object, take};

/// Why a job failed, as its status or a webhook says. Open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureCode {
    /// No worker answered in time (`WORKER_TIMEOUT`).
    WorkerTimeout,
    /// The work itself failed (`PROCESSING_ERROR`).
    ProcessingError,
    /// The source may only be seen by adults (`AGE_RESTRICTED`).
    AgeRestricted,
    /// The input is longer than the model reads (`CONTEXT_LENGTH_EXCEEDED`).
    ContextLengthExceeded,
    /// The input cannot be used (`INVALID_INPUT`).
    InvalidInput,
    /// The service does not know (`UNKNOWN_ERROR`).
    UnknownError,
    /// Any other text.
    Unknown(String),
}

impl FailureCode {
    /// The service's word for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::WorkerTimeout => "WORKER_TIMEOUT",
            Self::ProcessingError => "PROCESSING_ERROR",
            Self::AgeRestricted => "AGE_RESTRICTED",
            Self::ContextLengthExceeded => "CONTEXT_LENGTH_EXCEEDED",
            Self::InvalidInput => "INVALID_INPUT",
            Self::UnknownError => "UNKNOWN_ERROR",
            Self::Unknown(text) => text,
        }
    }
}

impl From<&str> for FailureCode {
    fn from(text: &str) -> Self {
        match text {
            "WORKER_TIMEOUT" => Self::WorkerTimeout,
            "PROCESSING_ERROR" => Self::ProcessingError,
            "AGE_RESTRICTED" => Self::AgeRestricted,
            "CONTEXT_LENGTH_EXCEEDED" => Self::ContextLengthExceeded,
            "INVALID_INPUT" => Self::InvalidInput,
            "UNKNOWN_ERROR" => Self::UnknownError,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What is known about a failed job. Both may be missing: an `error` status may carry no reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The service's code.
    pub code: Option<FailureCode>,
    /// The service's words.
    pub message: Option<String>,
}

impl Failure {
    /// A failure with a code and words, as far as they are known.
    #[must_use]
    pub const fn new(code: Option<FailureCode>, message: Option<String>) -> Self {
        Self { code, message }
    }
}

/// `error_code` and `error_message`, else `error` as an object of both or as text.
pub(super) fn failure(data: &mut Object) -> Failure {
    let code = take(data, "error_code", lenient::text);
    let message = take(data, "error_message", lenient::text);
    let error = data.remove("error").unwrap_or_default();
    let inner = |key: &str| error.get(key).and_then(lenient::text);
    let code = code
        .or_else(|| inner("code"))
        .or_else(|| inner("error_code"));
    let message = message
        .or_else(|| inner("message"))
        .or_else(|| inner("error_message"))
        .or_else(|| lenient::text(&error))
        .or_else(|| error.is_object().then(|| error.to_string()));
    Failure {
        code: code.as_deref().map(FailureCode::from),
        message,
    }
}
