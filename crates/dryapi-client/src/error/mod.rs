//! What can go wrong, in the shape a program decides on and a person reads at 3 a.m.

mod builder;
mod kind;
mod verdict;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use dryapi_types::{
    ApiError, ApiErrorKind, Failure, FieldError, Intent, InvalidRequest, RateLimit, RequestId,
};

use crate::ticket::JobTicket;
pub use builder::ErrorBuilder;
pub use kind::ErrorKind;
pub use verdict::{Charge, Delivery};

/// Any failure of this crate: one pointer wide, cheap to clone.
///
/// `Display` is one line: operation, status, the service's words, the fields at fault, request id,
/// attempts, and why there was no further retry. It holds no key and no signed address; text that
/// came from the service is as the service sent it, so escape it before it reaches a terminal.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) kind: ErrorKind,
    pub(crate) operation: &'static str,
    pub(crate) message: String,
    pub(crate) intent: Option<Intent>,
    pub(crate) status: Option<u16>,
    pub(crate) fields: Vec<FieldError>,
    pub(crate) code: Option<String>,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) failure: Option<Failure>,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) job: Option<JobTicket>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) attempts: u32,
    pub(crate) delivery: Delivery,
    pub(crate) charge: Charge,
    pub(crate) no_retry_reason: Option<Cow<'static, str>>,
    pub(crate) raw_body: Option<Bytes>,
    pub(crate) source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(
        kind: ErrorKind,
        operation: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self(Arc::new(Inner {
            kind,
            operation,
            message: message.into(),
            intent: None,
            status: None,
            fields: Vec::new(),
            code: None,
            rate_limit: None,
            failure: None,
            request_id: None,
            job: None,
            retry_after: None,
            attempts: 0,
            delivery: Delivery::NotSent,
            charge: Charge::No,
            no_retry_reason: None,
            raw_body: None,
            source: None,
        }))
    }

    /// This machine is not set up for it.
    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, "", message)
    }

    /// Changes an error that is being made.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    pub(crate) fn caused_by(self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.with(|inner| inner.source = Some(Arc::new(source)))
    }

    /// A local file could not be read or written.
    pub(crate) fn file(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::new(ErrorKind::File, "", format!("{}: {source}", what.into())).caused_by(source)
    }

    pub(crate) fn invalid(error: InvalidRequest) -> Self {
        Self::new(
            ErrorKind::InvalidInput,
            error.operation,
            "the request cannot be right as it is",
        )
        .with(|inner| inner.fields = error.fields)
    }

    pub(crate) fn refused(operation: &'static str, error: ApiError, raw_body: Bytes) -> Self {
        let mut made = Self::new(ErrorKind::from(error.kind), operation, error.message);
        let inner = Arc::make_mut(&mut made.0);
        inner.status = Some(error.status);
        inner.fields = error.fields;
        inner.code = error.code;
        let limited = error.kind == ApiErrorKind::RateLimited;
        inner.rate_limit = error.rate_limit.filter(|_| limited).map(|limit| *limit);
        inner.request_id = error.request_id;
        inner.raw_body = Some(raw_body);
        made
    }

    /// What kind of failure.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The API's name of the operation, for instance `txt2img`; empty where there was none.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The intent of a paid call.
    #[must_use]
    pub fn intent(&self) -> Option<&Intent> {
        self.0.intent.as_ref()
    }

    /// The HTTP status; `None` when nothing was answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// What the service said, or what happened.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The fields at fault.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The service's code, or the failed job's.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What a 429 said about the limit.
    #[must_use]
    pub fn rate_limit(&self) -> Option<&RateLimit> {
        self.0.rate_limit.as_ref()
    }

    /// Why a job failed.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        self.0.failure.as_ref()
    }

    /// The id of the job concerned, where one is known.
    #[must_use]
    pub fn request_id(&self) -> Option<&RequestId> {
        self.0
            .job
            .as_ref()
            .map(JobTicket::request_id)
            .or(self.0.request_id.as_ref())
    }

    /// The job concerned, where one is known: [`Client::resume`](crate::Client::resume) picks it up.
    ///
    /// It was accepted, goes on and is billed in spite of this error, but for two kinds: after
    /// `JobFailed` it is over, and whether it is refunded is nowhere stated; `NotFound` of a job
    /// that was picked up by its bare id says that there is no such job.
    #[must_use]
    pub fn job(&self) -> Option<&JobTicket> {
        self.0.job.as_ref()
    }

    /// When to try again, counted from the error.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// How many times the request was handed to the transport.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the request reached the service, over all attempts.
    #[must_use]
    pub fn delivery(&self) -> Delivery {
        self.0.delivery
    }

    /// Whether it may have cost money. "May I send it again?" is `charge() == Charge::No`.
    #[must_use]
    pub fn charge(&self) -> Charge {
        self.0.charge
    }

    /// Whether the same call later may succeed and cannot pay twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.charge == Charge::No && self.0.kind.is_transient()
    }

    /// Why there was no further retry.
    #[must_use]
    pub fn no_retry_reason(&self) -> Option<&str> {
        self.0.no_retry_reason.as_deref()
    }

    /// The answer's body as it came (up to 64 KiB, without the key), where there was one.
    #[must_use]
    pub fn raw_body(&self) -> Option<&[u8]> {
        self.0.raw_body.as_deref()
    }

    /// What to do about it: the Errors page's solution for this kind, in our words.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.0.kind.help()
    }
}

/// The fields a line names; [`Error::fields`] has them all.
const SHOWN: usize = 8;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if !inner.operation.is_empty() {
            write!(f, "{}: ", inner.operation)?;
        }
        if let Some(status) = inner.status {
            write!(f, "HTTP {status}: ")?;
        }
        f.write_str(&inner.message)?;
        if inner.kind == ErrorKind::OutcomeUnknown {
            f.write_str("; it may have been accepted and charged")?;
        }
        for field in inner.fields.iter().take(SHOWN) {
            write!(f, "; {field}")?;
        }
        if let Some(more @ 1..) = inner.fields.len().checked_sub(SHOWN) {
            write!(f, "; and {more} more fields")?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (job {id})")?;
        }
        if inner.attempts > 1 {
            write!(f, " after {} attempts", inner.attempts)?;
        }
        if let Some(reason) = &inner.no_retry_reason {
            write!(f, "; not sent again: {reason}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("delivery", &self.0.delivery)
            .field("charge", &self.0.charge)
            .field("error", &self.to_string())
            .field("intent", &self.0.intent)
            .field("retry_after", &self.0.retry_after)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
