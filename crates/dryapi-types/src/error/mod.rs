//! What the service says when it refuses. Source: the Errors page, its description, its clients.

mod api_error;
mod decode;
mod field;
mod rate_limit;
mod recover;
mod snippet;

pub use api_error::{ApiError, ApiErrorKind};
pub use field::{FieldError, InvalidRequest};
pub use rate_limit::{RateLimit, RetryAfter, Window};
pub(crate) use recover::request_id_in;
