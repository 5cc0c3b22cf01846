//! What is answered to a delivery that is refused.

use ::axum::http::StatusCode;
use ::axum::response::{IntoResponse, Response};

use crate::error::VerifyError;

/// Why a request is no delivery, as an answer: 401, 400 or 413.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejection {
    /// 401; 400 where the signature is right and the body is no event.
    #[error(transparent)]
    Verify(#[from] VerifyError),
    /// 400: the body broke off.
    #[error("the body could not be read to its end")]
    BodyCut,
    /// 413: the body is too long.
    #[error("the body is longer than {limit} bytes")]
    BodyTooLong {
        /// The greatest length, in bytes.
        limit: usize,
    },
}

impl Rejection {
    /// The status that is answered.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Verify(VerifyError::NotAnEvent(_)) | Self::BodyCut => StatusCode::BAD_REQUEST,
            Self::Verify(_) => StatusCode::UNAUTHORIZED,
            Self::BodyTooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
