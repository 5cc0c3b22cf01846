//! One attempt that did not succeed.

use bytes::Bytes;
use dryapi_transport::TransportError;
use dryapi_types::ApiError;

use crate::error::Delivery;

/// One attempt that did not succeed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The service, or something on the way to it, answered. The body is redacted.
    Answer(ApiError, Bytes),
    /// There was no whole answer.
    Transport(TransportError),
}

impl Fault {
    /// Whether the request reached the service.
    pub(crate) fn delivery(&self) -> Delivery {
        match self {
            Self::Answer(error, _) if error.is_own_answer() => Delivery::Answered,
            Self::Transport(error) if error.provably_not_sent() => Delivery::NotSent,
            Self::Answer(..) | Self::Transport(_) => Delivery::Unknown,
        }
    }
}
