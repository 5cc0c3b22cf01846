//! What came back from a receiver.

use dryapi_transport::TransportErrorKind;
use http::StatusCode;

/// The end of one attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) status: Option<u16>,
    /// Why it does not count; none of a success.
    pub(super) failure: Option<&'static str>,
}

impl Answer {
    /// Only 2xx counts. Source: Webhooks page.
    pub(super) fn status(status: StatusCode) -> Self {
        let failure = match status {
            _ if status.is_success() => None,
            _ if status.is_redirection() => Some("redirect"),
            _ => Some("status"),
        };
        Self {
            status: Some(status.as_u16()),
            failure,
        }
    }

    pub(super) const fn timeout() -> Self {
        Self::nothing("timeout")
    }

    pub(super) const fn error(kind: TransportErrorKind) -> Self {
        Self::nothing(match kind {
            TransportErrorKind::Timeout => "timeout",
            TransportErrorKind::Connect => "connect",
            TransportErrorKind::Config | TransportErrorKind::InvalidRequest => "config",
            _ => "connection",
        })
    }

    const fn nothing(failure: &'static str) -> Self {
        Self {
            status: None,
            failure: Some(failure),
        }
    }
}
