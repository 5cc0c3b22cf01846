//! Errors made by hand, for tests of code that handles them.

use std::time::Duration;

use dryapi_types::{FieldError, Intent, RateLimit, RequestId};

use super::{Charge, Delivery, Error, ErrorKind};
use crate::ticket::JobTicket;

/// Makes an [`Error`] as a test wants it. What is not set is as in an error of a request that was
/// never sent.
///
/// ```
/// use dryapi_client::{Charge, Delivery, Error, ErrorKind};
/// let error = Error::builder(ErrorKind::OutcomeUnknown, "txt2img")
///     .message("the connection closed after the request was sent")
///     .delivery(Delivery::Unknown)
///     .charge(Charge::Maybe)
///     .attempts(1)
///     .build();
/// assert!(!error.is_retryable());
/// ```
#[derive(Clone, Debug)]
#[must_use = "call build() to have the error"]
pub struct ErrorBuilder(Error);

impl Error {
    /// Starts an error of a kind about an operation, by the API's name of it.
    pub fn builder(kind: ErrorKind, operation: &'static str) -> ErrorBuilder {
        ErrorBuilder(Self::new(kind, operation, kind.as_str()))
    }
}

impl ErrorBuilder {
    /// What the service said, or what happened.
    pub fn message(self, message: impl Into<String>) -> Self {
        Self(self.0.with(|inner| inner.message = message.into()))
    }

    /// The HTTP status.
    pub fn status(self, status: u16) -> Self {
        Self(self.0.with(|inner| inner.status = Some(status)))
    }

    /// One more field at fault.
    pub fn field(self, field: FieldError) -> Self {
        Self(self.0.with(|inner| inner.fields.push(field)))
    }

    /// The service's code.
    pub fn code(self, code: impl Into<String>) -> Self {
        Self(self.0.with(|inner| inner.code = Some(code.into())))
    }

    /// The intent of a paid call.
    pub fn intent(self, intent: Intent) -> Self {
        Self(self.0.with(|inner| inner.intent = Some(intent)))
    }

    /// The id of the job concerned.
    pub fn request_id(self, id: impl Into<RequestId>) -> Self {
        Self(self.0.with(|inner| inner.request_id = Some(id.into())))
    }

    /// The job that goes on.
    pub fn job(self, ticket: JobTicket) -> Self {
        Self(self.0.with(|inner| inner.job = Some(ticket)))
    }

    /// What a 429 said about the limit.
    pub fn rate_limit(self, limit: RateLimit) -> Self {
        Self(self.0.with(|inner| inner.rate_limit = Some(limit)))
    }

    /// When to try again.
    pub fn retry_after(self, wait: Duration) -> Self {
        Self(self.0.with(|inner| inner.retry_after = Some(wait)))
    }

    /// How many times the request was handed to the transport.
    pub fn attempts(self, attempts: u32) -> Self {
        Self(self.0.with(|inner| inner.attempts = attempts))
    }

    /// Whether the request reached the service.
    pub fn delivery(self, delivery: Delivery) -> Self {
        Self(self.0.with(|inner| inner.delivery = delivery))
    }

    /// Whether it may have cost money.
    pub fn charge(self, charge: Charge) -> Self {
        Self(self.0.with(|inner| inner.charge = charge))
    }

    /// Why there was no further retry.
    pub fn no_retry_reason(self, reason: impl Into<String>) -> Self {
        Self(
            self.0
                .with(|inner| inner.no_retry_reason = Some(reason.into().into())),
        )
    }

    /// The error.
    #[must_use]
    pub fn build(self) -> Error {
        self.0
    }
}
