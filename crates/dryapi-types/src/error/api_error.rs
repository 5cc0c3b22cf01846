//! One refusal of the service, understood.

use std::fmt;

use super::{FieldError, RateLimit};
use crate::id::RequestId;

/// What kind of refusal it is. Source: the Errors page; 402, 403, 413 and the rest from the
/// service's own clients and gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// 401: the key is missing, wrong or expired.
    Unauthorized,
    /// 403: the key may not do this.
    Forbidden,
    /// 403 whose text says so: the account is suspended.
    AccountSuspended,
    /// 404, 405, 410: no such job, model or address.
    NotFound,
    /// 400, 409, 413, 415, 422: something in the request is wrong.
    Validation,
    /// 402, or a 422 or 403 that says so: not enough balance.
    InsufficientBalance,
    /// 429: a limit was hit.
    RateLimited,
    /// 5xx: the service failed.
    Server,
    /// Any status that means none of these.
    UnexpectedStatus,
    /// A success that cannot be read.
    Decode,
}

/// One refusal of the service, or an answer that cannot be read.
///
/// Made by [`ApiError::decode`] from any status, headers and bytes; nothing the network sends makes
/// it fail. The text is the service's own: escape it before it reaches a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// What kind of refusal.
    pub kind: ApiErrorKind,
    /// The HTTP status. It wins over `statusCode` in the body when both are errors.
    pub status: u16,
    /// What the service said, else a piece of the body, else `HTTP 502`.
    pub message: String,
    /// The fields at fault.
    pub fields: Vec<FieldError>,
    /// The service's code, for instance `insufficient_credits`.
    pub code: Option<String>,
    /// What the answer said about limits and when to come back; the window only after a 429.
    pub rate_limit: Option<Box<RateLimit>>,
    /// A complete job id found anywhere in the body.
    pub request_id: Option<RequestId>,
    /// Whether the body is the service's own error envelope: a JSON object with a text `message`
    /// and no job id anywhere. Only after such a 500 or 503 a paid request may be sent again.
    pub envelope: bool,
}

impl ApiError {
    /// A refusal of a kind, for tests and other implementations of the service.
    pub fn new(kind: ApiErrorKind, status: u16, message: impl Into<String>) -> Self {
        Self {
            kind,
            status,
            message: message.into(),
            fields: Vec::new(),
            code: None,
            rate_limit: None,
            request_id: None,
            envelope: true,
        }
    }

    /// With a field at fault.
    #[must_use]
    pub fn with_field(mut self, field: FieldError) -> Self {
        self.fields.push(field);
        self
    }

    /// With the service's code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// With the limit that was hit.
    #[must_use]
    pub fn with_rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(Box::new(limit));
        self
    }

    /// Whether the answer is the service's own: any 4xx but 408 and 425 (which proxies give), a
    /// refusal inside a success, or a body with its envelope. Otherwise something between us and the service may have answered,
    /// and the request may have been accepted all the same.
    #[must_use]
    pub fn is_own_answer(&self) -> bool {
        self.envelope
            || matches!(self.status, 400..=499) && !matches!(self.status, 408 | 425)
            || matches!(self.status, 200..=299) && self.kind != ApiErrorKind::Decode
    }

    /// Changes every text that came from the service; used to take secrets out of it.
    pub fn map_text(&mut self, change: impl Fn(&str) -> String) {
        self.message = change(&self.message);
        self.code = self.code.as_deref().map(&change);
        for field in &mut self.fields {
            field.field = change(&field.field);
            for message in &mut field.messages {
                *message = change(message);
            }
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}: {}", self.status, self.message)?;
        for field in &self.fields {
            write!(f, "; {field}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}
